//! `/dang-nhap` and `/dang-xuat`.

use std::net::SocketAddr;

use axum::Form;
use axum::extract::{ConnectInfo, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use leptos::prelude::*;
use serde::Deserialize;
use tenants::store::sign_in::{self, SignIn};
use tower_sessions::Session;

use crate::caller::Signed;
use crate::components::{Button, ButtonKind, Field, Lead};
use crate::render::Page;
use crate::session::{self, Flash, FlashKind};
use crate::site::safe_target;
use crate::text::t;
use crate::{App, Config, Result};

#[derive(Deserialize)]
pub struct Next {
    /// Where the person wanted to go.
    tiep: Option<String>,
}

#[derive(Deserialize)]
pub struct Credentials {
    login: String,
    password: String,
    tiep: Option<String>,
}

/// `GET /dang-nhap`
pub async fn show(State(app): State<App>, session: Session, Query(next): Query<Next>) -> Result<Html<String>> {
    let flash = session::take_flash(&session).await?;
    Ok(page(&app, flash, String::new(), next.tiep))
}

/// `POST /dang-nhap`
pub async fn submit(
    State(app): State<App>,
    session: Session,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Form(form): Form<Credentials>,
) -> Result<Response> {
    let address = address(&app.config, peer, &headers);
    let refused = |key| {
        let flash = Flash { kind: FlashKind::Problem, text: t(key), kept: None };
        let again = page(&app, Some(flash), form.login.clone(), form.tiep.clone());
        Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response())
    };
    let account = match sign_in::sign_in(&app.db, &app.cache, &form.login, &form.password, &address).await? {
        SignIn::Welcome(account) => account,
        SignIn::Refused => return refused("sign-in-refused"),
        SignIn::Throttled => return refused("sign-in-throttled"),
    };
    let Some(tenant) = sign_in::tenants_of(&app.db, account).await?.into_iter().next() else {
        return refused("sign-in-no-role");
    };
    session::sign_in(&session, account, tenant.id).await?;
    Ok(Redirect::to(safe_target(form.tiep.as_deref())).into_response())
}

/// `POST /dang-xuat`
pub async fn leave(session: Session) -> Result<Redirect> {
    session::sign_out(&session).await?;
    Ok(Redirect::to("/dang-nhap"))
}

/// `POST /lam-viec/dang-xuat-moi-noi`: ends every session of the account, this one too.
pub async fn leave_everywhere(State(app): State<App>, session: Session, signed: Signed) -> Result<Redirect> {
    if let Some(account) = signed.caller.account {
        app.sessions.delete_all_of(account).await?;
    }
    leave(session).await
}

/// Whose failures are counted together. A proxy's own address would lock everybody out at once.
fn address(config: &Config, peer: SocketAddr, headers: &HeaderMap) -> String {
    let forwarded = headers
        .get_all("x-forwarded-for")
        .iter()
        .next_back()
        .filter(|_| config.trust_proxy)
        .and_then(|value| value.to_str().ok());
    let last = forwarded.and_then(|list| list.rsplit(',').next()).map(|address| address.trim().to_owned());
    last.unwrap_or_else(|| peer.ip().to_string())
}

fn page(app: &App, flash: Option<Flash>, login: String, tiep: Option<String>) -> Html<String> {
    Page::new(t("sign-in-title")).entrance(app, None, || view! { <SignInForm flash login tiep/> })
}

#[component]
fn SignInForm(flash: Option<Flash>, login: String, tiep: Option<String>) -> impl IntoView {
    let flash = flash.map(|flash| view! { <crate::components::Flash flash/> });
    let tiep = tiep.map(|tiep| view! { <input type="hidden" name="tiep" value=tiep/> });
    view! {
        <div class="sign-in">
            <Lead title=t("sign-in-title") about=t("sign-in-about")/>
            {flash}
            <form class="card form" method="post" action="/dang-nhap">
                {tiep}
                <Field name="login" label=t("sign-in-login")>
                    <input id="login" name="login" value=login autocomplete="username" autocapitalize="none" required maxlength="200"/>
                </Field>
                <Field name="password" label=t("sign-in-password")>
                    <input id="password" name="password" type="password" autocomplete="current-password" required maxlength="1000"/>
                </Field>
                <Button kind=ButtonKind::Primary>{t("sign-in-submit")}</Button>
            </form>
        </div>
    }
}
