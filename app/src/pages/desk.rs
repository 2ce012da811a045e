//! `/lam-viec`: where a signed-in person starts: who they are here, and the doors to their work.

use axum::extract::State;
use axum::response::Html;
use islands::connection::ConnectionNotice;
use leptos::prelude::*;

use crate::caller::Signed;
use crate::components::nav::{self, Item};
use crate::components::{Button, ButtonKind, Lead};
use crate::render::Page;
use crate::text::{t, t_with, texts};
use crate::{App, Result};

pub async fn show(State(app): State<App>, signed: Signed) -> Result<Html<String>> {
    let doors: Vec<_> = nav::items_for(&signed.caller).filter(|item| item.href != "/lam-viec").collect();
    let name = signed.caller.name.clone();
    Page::new(t("nav-desk")).staff(&app, &signed, || view! { <Desk name doors/> }).await
}

#[component]
fn Desk(name: String, doors: Vec<&'static Item>) -> impl IntoView {
    let door = |item: &Item| {
        view! {
            <li>
                <a class="card duty" href=item.href>
                    <strong>{t(item.key)}</strong>
                    <span class="muted">{t(&format!("{}-about", item.key))}</span>
                </a>
            </li>
        }
    };
    view! {
        <Lead title=t_with("desk-welcome", [("name", name.into())]) about=t("desk-about")/>
        <ul class="duties" role="list">{doors.into_iter().map(door).collect_view()}</ul>
        <form method="post" action="/lam-viec/dang-xuat-moi-noi">
            <Button kind=ButtonKind::Quiet>{t("sign-out-everywhere")}</Button>
        </form>
        <ConnectionNotice texts=texts("connection-")/>
    }
}
