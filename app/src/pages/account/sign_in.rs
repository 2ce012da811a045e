//! `/dang-nhap` and `/dang-xuat`.

use std::net::SocketAddr;

use axum::Form;
use axum::extract::{ConnectInfo, Query, State};
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use leptos::prelude::*;
use serde::Deserialize;
use tenants::paths;
use tenants::store::sign_in::{self, Place, SignIn};
use tower_sessions::Session;

use crate::caller::Signed;
use crate::components::{Button, ButtonKind, Field, Lead};
use crate::refused_form::Waiting;
use crate::render::Page;
use crate::session::{self, Flash, FlashKind};
use crate::site::safe_target;
use crate::text::{t, t_with};
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
    /// A form sent after its session had ended.
    waiting: Option<String>,
}

/// `GET /dang-nhap`
pub async fn show(State(app): State<App>, session: Session, Query(next): Query<Next>) -> Result<Html<String>> {
    let flash = session::take_flash(&session).await?;
    Ok(page(&app, flash, Asked { tiep: next.tiep, ..Asked::default() }))
}

/// In place of an act whose session has ended: signing in here gives back what was typed.
pub fn ended(app: &App, back: &str, waiting: Option<Waiting>) -> Html<String> {
    let text = t(if waiting.is_some() { "sign-in-ended" } else { "sign-in-ended-lost" });
    let flash = Flash { kind: FlashKind::Attention, text, kept: None };
    let waiting = waiting.map(|waiting| waiting.write());
    page(app, Some(flash), Asked { tiep: Some(back.to_owned()), waiting, ..Asked::default() })
}

/// `POST /dang-nhap`
pub async fn submit(
    State(app): State<App>,
    session: Session,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    cookies: CookieJar,
    Form(form): Form<Credentials>,
) -> Result<Response> {
    let address = address(&app.config, peer, &headers);
    let place = Place { address: &address, device: cookies.get(DEVICE).map(Cookie::value) };
    let again = |status: StatusCode, text| {
        let flash = Flash { kind: FlashKind::Problem, text, kept: None };
        let asked = Asked { login: form.login.clone(), tiep: form.tiep.clone(), waiting: form.waiting.clone() };
        (status, page(&app, Some(flash), asked)).into_response()
    };
    let (account, device) = match sign_in::sign_in(&app.db, &app.cache, &form.login, &form.password, place).await? {
        SignIn::Welcome { account, device } => (account, device),
        SignIn::Refused => return Ok(again(StatusCode::UNPROCESSABLE_ENTITY, t("sign-in-refused"))),
        SignIn::Throttled { wait } => {
            let seconds = wait.as_secs().max(1);
            let text = t_with("sign-in-throttled", [("seconds", seconds.into())]);
            let mut answer = again(StatusCode::TOO_MANY_REQUESTS, text);
            answer.headers_mut().insert(RETRY_AFTER, seconds.into());
            return Ok(answer);
        }
    };
    let Some(tenant) = sign_in::tenants_of(&app.db, account).await?.into_iter().next() else {
        return Ok(again(StatusCode::UNPROCESSABLE_ENTITY, t("sign-in-no-role")));
    };
    session::sign_in(&session, account, tenant.id, app.now()).await?;
    let target = match form.waiting.as_deref().and_then(Waiting::read) {
        Some(waiting) => waiting.resume(&session, account).await?,
        None => form.tiep.unwrap_or_default(),
    };
    let known = cookies.add(remembered(&app.config, device)).add(session::last_cookie(&app, account));
    Ok((known, Redirect::to(safe_target(Some(&target)))).into_response())
}

/// The cookie a browser is known by when it comes again, so that others' failures never keep its person out. It signs nobody in.
const DEVICE: &str = "thuoc-noi";

fn remembered(config: &Config, token: String) -> Cookie<'static> {
    let mut cookie = Cookie::new(DEVICE, token);
    cookie.set_path(paths::sign_in::PATH);
    cookie.set_same_site(SameSite::Lax);
    cookie.set_http_only(true);
    cookie.set_secure(config.https());
    cookie.set_max_age(time::Duration::days(180));
    cookie
}

/// `POST /dang-xuat`
pub async fn leave(
    State(app): State<App>,
    session: Session,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Result<Redirect> {
    let seat = session::seat(&session).await?;
    session::sign_out(&session).await?;
    if let Some(seat) = seat {
        sign_in::signed_out(&app.db, seat.account, false, &address(&app.config, peer, &headers)).await?;
    }
    Ok(Redirect::to(paths::sign_in::PATH))
}

/// `POST /lam-viec/dang-xuat-moi-noi`: ends every session of the account, this one too.
pub async fn leave_everywhere(
    State(app): State<App>,
    session: Session,
    signed: Signed,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Result<Redirect> {
    if let Some(account) = signed.caller.account {
        app.sessions.delete_all_of(account).await?;
        sign_in::signed_out(&app.db, account, true, &address(&app.config, peer, &headers)).await?;
    }
    session::sign_out(&session).await?;
    Ok(Redirect::to(paths::sign_in::PATH))
}

/// Whose failures are counted together. A proxy's own address would lock everybody out at once.
pub(super) fn address(config: &Config, peer: SocketAddr, headers: &HeaderMap) -> String {
    let forwarded = headers
        .get_all("x-forwarded-for")
        .iter()
        .next_back()
        .filter(|_| config.trust_proxy)
        .and_then(|value| value.to_str().ok());
    let last = forwarded.and_then(|list| list.rsplit(',').next()).map(|address| address.trim().to_owned());
    last.unwrap_or_else(|| peer.ip().to_string())
}

/// What the form holds when it is shown.
#[derive(Clone, Default)]
struct Asked {
    login: String,
    tiep: Option<String>,
    waiting: Option<String>,
}

fn page(app: &App, flash: Option<Flash>, asked: Asked) -> Html<String> {
    Page::new(t("sign-in-title")).entrance(app, None, || view! { <SignInForm flash asked/> })
}

#[component]
fn SignInForm(flash: Option<Flash>, asked: Asked) -> impl IntoView {
    let Asked { login, tiep, waiting } = asked;
    let waiting = waiting.map(|waiting| view! { <input type="hidden" name="waiting" value=waiting/> });
    let flash = flash.map(|flash| view! { <crate::components::Flash flash/> });
    let tiep = tiep.map(|tiep| view! { <input type="hidden" name="tiep" value=tiep/> });
    view! {
        <div class="sign-in">
            <Lead title=t("sign-in-title") about=t("sign-in-about")/>
            {flash}
            <form class="card form" method="post" action=paths::sign_in::PATH>
                {tiep}
                {waiting}
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
