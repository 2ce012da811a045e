//! From a component to a page. Data is loaded before rendering, so a page is one synchronous pass.
//!
//! The scripts of the islands are added only when the page holds an island; public pages hold none.

use std::sync::Arc;

use axum::response::Html;
use hydration_context::SsrSharedContext;
use leptos::prelude::*;
use tenants::tenant::TenantHead;
use time::{Date, OffsetDateTime};

use crate::caller::Signed;
use crate::components::public_layout::{PublicLayout, PublicNav};
use crate::components::staff_layout::StaffLayout;
use crate::components::{Flash, ProblemList, Refused, WhatWasTyped};
use crate::error::Told;
use crate::page_cache::Portal;
use crate::text::{Lang, t};
use crate::typed::Fields;
use crate::{App, Result, format, refill, session};

/// A page to be rendered: `Page::new(t("periods-title")).staff(&app, &signed, || view! { … }).await`.
pub struct Page {
    title: String,
    wide: bool,
    script: Option<&'static str>,
}

impl Page {
    /// `title` is what the browser's tab says before the tenant's name.
    pub fn new(title: impl Into<String>) -> Page {
        Page { title: title.into(), wide: false, script: None }
    }

    /// For desks that use the whole width.
    pub fn wide(self) -> Page {
        Page { wide: true, ..self }
    }

    /// For pages with a script of their own beside the islands'; they work without it too.
    pub fn script(self, name: &'static str) -> Page {
        Page { script: Some(name), ..self }
    }

    /// A piece of a page, for a script that replaces the same piece.
    pub fn fragment<V: IntoView>(app: &App, view: impl FnOnce() -> V) -> Html<String> {
        Html(to_html(app, view))
    }

    /// A page for a signed-in person: top bar, navigation by role, the waiting message.
    pub async fn staff<V: IntoView>(
        self,
        app: &App,
        signed: &Signed,
        view: impl FnOnce() -> V,
    ) -> Result<Html<String>> {
        let tenant = app.tenant_head(&signed.caller).await?;
        let seats = app.seats(&signed.caller).await?;
        let unread = app.unread(&signed.caller).await?;
        let refused = signed.flash.clone().filter(|flash| flash.kept.is_some());
        let body = to_html(app, || {
            let flash = signed.flash.clone().filter(|flash| flash.kept.is_none()).map(|flash| view! { <Flash flash/> });
            let (signed, tenant) = (signed.clone(), tenant.clone());
            let content = view().into_any();
            view! { <StaffLayout signed tenant seats unread wide=self.wide>{flash}{content}</StaffLayout> }
        });
        let scripts: Vec<_> = ["staff.js"].into_iter().chain(self.script).collect();
        let body = refused.map_or_else(|| body.clone(), |flash| give_back(app, body.clone(), flash));
        Ok(document(app, &self.title, &tenant.name, &["public.css", "staff.css"], &scripts, body))
    }

    /// A citizens' page of a tenant's portal.
    pub fn portal<V: IntoView>(self, app: &App, portal: &Portal, path: &str, view: impl FnOnce() -> V) -> Html<String> {
        let tenant = &portal.tenant;
        let nav = PublicNav::of(portal, path);
        let name = tenant.name.clone();
        self.outside(app, Some(tenant), nav, &name, view)
    }

    /// A page that belongs to no tenant: the entrance, signing in, errors.
    pub fn entrance<V: IntoView>(
        self,
        app: &App,
        flash: Option<session::Flash>,
        view: impl FnOnce() -> V,
    ) -> Html<String> {
        let with_flash = || {
            let flash = flash.map(|flash| view! { <Flash flash/> });
            (flash, view())
        };
        self.outside(app, None, PublicNav::default(), &t("product-name"), with_flash)
    }

    fn outside<V: IntoView>(
        self,
        app: &App,
        tenant: Option<&TenantHead>,
        nav: PublicNav,
        site: &str,
        view: impl FnOnce() -> V,
    ) -> Html<String> {
        let tenant = tenant.cloned();
        let body = to_html(app, || {
            let content = view().into_any();
            view! { <PublicLayout tenant nav>{content}</PublicLayout> }
        });
        document(app, &self.title, site, &["public.css"], self.script.as_slice(), body)
    }
}

/// The page that stands where another could not, with what was typed and the way back to where it was typed.
pub fn error_page(app: &App, told: Told, typed: Fields, back: Option<String>) -> Html<String> {
    let Told { title, message, problems, .. } = told;
    let heading = title.clone();
    let (home, to_home) = (back.is_none(), t("error-home"));
    Page::new(title).entrance(app, None, || {
        view! {
            <section class="empty">
                <h1>{heading}</h1>
                <p>{message}</p>
                <ProblemList problems/>
                <WhatWasTyped typed/>
                <p>
                    {back.map(|back| view! { <a class="button" href=back>{t("error-back")}</a> })}
                    {home.then(|| view! { <a class="button" href="/">{to_home}</a> })}
                </p>
            </section>
        }
    })
}

/// The page with the form that was refused as it was sent.
fn give_back(app: &App, page: String, flash: session::Flash) -> String {
    let Some(kept) = flash.kept.clone() else { return page };
    let notice = |problems: Vec<tenants::Problem>, apart: Option<&str>| {
        to_html(
            app,
            || view! { <Refused flash=flash.clone() problems apart=apart.map(str::to_owned) files=kept.files/> },
        )
    };
    let words = refill::Words {
        notice: &notice,
        problem: &|told| to_html(app, || view! { <p class="field-problem">{told.to_owned()}</p> }),
        rest: &|| to_html(app, || view! { <WhatWasTyped typed=kept.fields.clone()/> }),
    };
    refill::fill(page, &kept, &words)
}

/// When a page is made, by the database's clock.
#[derive(Clone, Copy)]
struct Moment(OffsetDateTime);

/// What time it is, for a component: the same for all of a page.
pub fn now() -> OffsetDateTime {
    expect_context::<Moment>().0
}

/// The day it is in Viet Nam, for a component.
pub fn today() -> Date {
    format::day_of(now())
}

/// Renders once, with the moment, and the context that islands need to describe themselves to the browser.
fn to_html<V: IntoView>(app: &App, view: impl FnOnce() -> V) -> String {
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
    let html = owner.with(|| {
        provide_context(Moment(app.now()));
        view().into_any().to_html()
    });
    owner.unset_with_forced_cleanup();
    html
}

fn document(app: &App, title: &str, site: &str, styles: &[&str], scripts: &[&str], body: String) -> Html<String> {
    let assets = &app.assets;
    let own: Vec<_> = scripts.iter().map(|name| assets.address(name).to_owned()).collect();
    let own = own.into_iter().map(|src| view! { <script type="module" src=src></script> }).collect_view();
    // As inner HTML: a text child would leave the renderer's marker in the tab's title.
    let title = escape(&format!("{title} · {site}"));
    let styles: Vec<_> = styles.iter().map(|name| assets.address(name).to_owned()).collect();
    let fonts: Vec<_> = FONTS.iter().map(|name| assets.address(name).to_owned()).collect();
    let icon = assets.address("icon.svg").to_owned();
    let scripts = body.contains("<leptos-island").then(|| island_scripts(app));
    let html = to_html(app, || {
        view! {
            <html lang=Lang::current().code()>
                <head>
                    <meta charset="utf-8"/>
                    <meta name="viewport" content="width=device-width, initial-scale=1"/>
                    <title inner_html=title></title>
                    {fonts.into_iter().map(preload_font).collect_view()}
                    {styles.into_iter().map(|href| view! { <link rel="stylesheet" href=href/> }).collect_view()}
                    <link rel="icon" href=icon type="image/svg+xml"/>
                    {scripts}
                    {own}
                </head>
                <body inner_html=body></body>
            </html>
        }
    });
    Html(format!("<!DOCTYPE html>{html}"))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Read on every page above the fold; the other weights come when they are needed.
const FONTS: [&str; 2] = ["latin-400.woff2", "vietnamese-400.woff2"];

fn preload_font(href: String) -> impl IntoView {
    view! { <link rel="preload" href=href r#as="font" r#type="font/woff2" crossorigin="anonymous"/> }
}

fn island_scripts(app: &App) -> impl IntoView + use<> {
    let script = app.assets.address("islands.js").to_owned();
    let wasm = app.assets.address("islands.wasm").to_owned();
    view! {
        <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous"/>
        <script type="module" src=script></script>
    }
}
