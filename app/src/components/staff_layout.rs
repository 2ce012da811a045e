//! The frame of staff pages: tenant and person on top, navigation by role at the side.

use leptos::prelude::*;
use tenants::ids::TenantId;
use tenants::tenant::TenantHead;
use tenants::{Caller, paths};

use super::public_layout::{Brand, LanguageLink};
use super::{Button, ButtonKind, nav};
use crate::caller::Signed;
use crate::text::t;

#[component]
pub fn StaffLayout(
    signed: Signed,
    tenant: TenantHead,
    /// All authorities the person works for.
    seats: Vec<TenantHead>,
    /// Notices not read yet.
    unread: u64,
    wide: bool,
    children: Children,
) -> impl IntoView {
    let here = tenant.id;
    let class = if wide { "staff staff-wide" } else { "staff" };
    let line = if tenant.is_sample { t("sample-data") } else { t("product-line") };
    view! {
        <a class="skip" href="#noi-dung">{t("skip-to-content")}</a>
        <div class=class>
            <header class="staff-bar">
                <Brand href=paths::start::PATH.to_owned() name=tenant.name line/>
                <Seats seats here/>
                <Who caller=signed.caller.clone() unread/>
            </header>
            <StaffNav caller=signed.caller path=signed.path/>
            <main id="noi-dung" class="staff-main">
                <div class="staff-in">{children()}</div>
            </main>
        </div>
    }
}

/// The way to another authority, for those who work for several.
#[component]
fn Seats(seats: Vec<TenantHead>, here: TenantId) -> impl IntoView {
    (seats.len() > 1).then(|| {
        let option = |seat: TenantHead| view! { <option value=seat.id.to_string() selected=seat.id == here>{seat.name}</option> };
        view! {
            <form class="seats" method="post" action=paths::authority::PATH>
                <label class="visually-hidden" for="co-quan">{t("seats")}</label>
                <select id="co-quan" name="tenant">{seats.into_iter().map(option).collect_view()}</select>
                <Button>{t("seats-change")}</Button>
            </form>
        }
    })
}

/// The person with their roles in words, and the way out.
#[component]
fn Who(caller: Caller, unread: u64) -> impl IntoView {
    let mut roles: Vec<_> = caller.grants.iter().map(|grant| grant.role).collect();
    roles.sort();
    roles.dedup();
    let roles: Vec<_> = roles.into_iter().map(|role| t(&format!("role-{}", role.as_str()))).collect();
    view! {
        <div class="who">
            <span class="who-name">
                {caller.name}
                <small>{roles.join(" · ")}</small>
            </span>
            <a class="bell" href=paths::inbox::PATH>
                {t("inbox")}
                {(unread > 0).then(|| view! { <b class="count">{unread}<span class="visually-hidden">{t("inbox-unread")}</span></b> })}
            </a>
            <LanguageLink/>
            <form method="post" action=paths::sign_out::PATH>
                <Button kind=ButtonKind::Plain>{t("sign-out")}</Button>
            </form>
        </div>
    }
}

#[component]
fn StaffNav(caller: Caller, path: String) -> impl IntoView {
    let here = nav::current(&path);
    let link = |item: &'static nav::Item| {
        let current = (here == Some(item.href)).then_some("page");
        view! {
            <li>
                <a href=item.href aria-current=current>
                    {t(item.key)}
                </a>
            </li>
        }
    };
    view! {
        <nav class="staff-nav" aria-label=t("main-navigation")>
            <ul>{nav::items_for(&caller).map(link).collect_view()}</ul>
        </nav>
    }
}
