//! `/lam-viec/mat-khau`: one's own password, changed by who knows the old one.

use std::net::SocketAddr;

use axum::Form;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;
use serde::Deserialize;
use tenants::accounts::{self, Changed};
use tenants::store::sign_in::Place;
use tenants::{Error, Problem, paths};
use tower_sessions::Session;

use super::choose::PasswordFields;
use super::sign_in::address;
use crate::caller::Signed;
use crate::components::{Button, ButtonKind, Field, Lead};
use crate::render::Page;
use crate::session::{self, FlashKind};
use crate::text::{t, t_with};
use crate::{App, Result};

#[derive(Deserialize)]
pub struct Typed {
    old: String,
    password: String,
    again: String,
}

/// `GET /lam-viec/mat-khau`
pub async fn show(State(app): State<App>, signed: Signed) -> Result<Response> {
    page(&app, &signed, Vec::new()).await
}

/// `POST /lam-viec/mat-khau`: other sessions end, this one stays.
pub async fn change(
    State(app): State<App>,
    signed: Signed,
    session: Session,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    if typed.password != typed.again {
        return page(&app, &signed, vec![Problem::new("again", &t("password-differs"))]).await;
    }
    let address = address(&app.config, peer, &headers);
    let place = Place { address: &address, device: None };
    let (both, key) = ((typed.old.as_str(), typed.password.as_str()), session::key(&session));
    let changed = accounts::change_password(&app.db, &app.cache, &signed.caller, both, place, key.as_deref()).await;
    let problem = match changed {
        Ok(Changed::Yes) => {
            session::set_flash(&session, FlashKind::Done, t("password-changed")).await?;
            return Ok(Redirect::to(paths::start::PATH).into_response());
        }
        Ok(Changed::Refused) => Problem::new("old", &t("password-old-wrong")),
        Ok(Changed::Throttled { wait }) => {
            let seconds = wait.as_secs().max(1);
            Problem::new("old", &t_with("sign-in-throttled", [("seconds", seconds.into())]))
        }
        Err(Error::Invalid(problems)) => return page(&app, &signed, problems).await,
        Err(error) => return Err(error.into()),
    };
    page(&app, &signed, vec![problem]).await
}

async fn page(app: &App, signed: &Signed, problems: Vec<Problem>) -> Result<Response> {
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = Page::new(t("password-title")).staff(app, signed, || view! { <PasswordForm problems/> }).await?;
    Ok((status, page).into_response())
}

#[component]
fn PasswordForm(problems: Vec<Problem>) -> impl IntoView {
    view! {
        <Lead title=t("password-title") about=t("password-about")/>
        <form class="card form" method="post" action=paths::password::PATH>
            <Field name="old" label=t("password-old") problems=problems.clone()>
                <input id="old" name="old" type="password" autocomplete="current-password" required maxlength="1000"/>
            </Field>
            <PasswordFields problems/>
            <Button kind=ButtonKind::Primary>{t("password-submit")}</Button>
        </form>
    }
}
