//! `/moi`: an invitation, or a link for a forgotten password. Opened as often as one likes; a password chosen uses it up.

use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use leptos::prelude::*;
use serde::Deserialize;
use tenants::accounts::{self, Purpose, Shown};
use tenants::{Error, Problem, paths};
use tower_sessions::Session;

use super::choose::PasswordFields;
use crate::components::{Button, ButtonKind, Lead};
use crate::render::Page;
use crate::text::{t, t_with};
use crate::{App, Result, format, session};

#[derive(Deserialize)]
pub struct Opened {
    /// The token; in the query, which is not logged.
    #[serde(default)]
    ma: String,
}

#[derive(Deserialize)]
pub struct Chosen {
    ma: String,
    password: String,
    again: String,
}

/// `GET /moi?ma=…`
pub async fn show(State(app): State<App>, Query(opened): Query<Opened>) -> Result<Response> {
    page(&app, &opened.ma, Vec::new()).await
}

/// `POST /moi`: chooses the password and goes to work.
pub async fn choose(State(app): State<App>, session: Session, Form(chosen): Form<Chosen>) -> Result<Response> {
    if chosen.password != chosen.again {
        return page(&app, &chosen.ma, vec![Problem::new("again", &t("password-differs"))]).await;
    }
    match accounts::redeem(&app.db, &chosen.ma, &chosen.password).await {
        Ok((account, tenant)) => {
            session::sign_in(&session, account, tenant, app.now()).await?;
            Ok(Redirect::to(paths::start::PATH).into_response())
        }
        Err(Error::Invalid(problems)) => page(&app, &chosen.ma, problems).await,
        Err(Error::NotFound) => Ok(over(&app)),
        Err(error) => Err(error.into()),
    }
}

async fn page(app: &App, token: &str, problems: Vec<Problem>) -> Result<Response> {
    let Some(shown) = accounts::look(&app.db, token).await? else { return Ok(over(app)) };
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let title = title(shown.purpose);
    let token = token.to_owned();
    let page = Page::new(title).entrance(app, None, || view! { <LinkForm shown token problems/> });
    Ok((status, page).into_response())
}

/// Unknown, used, or too late: not told apart.
fn over(app: &App) -> Response {
    let page: Html<String> = Page::new(t("link-over")).entrance(app, None, || {
        view! {
            <div class="sign-in">
                <Lead title=t("link-over") about=t("link-over-about")/>
                <a class="button" href=paths::sign_in::PATH>{t("sign-in-title")}</a>
            </div>
        }
    });
    (StatusCode::NOT_FOUND, page).into_response()
}

fn title(purpose: Purpose) -> String {
    match purpose {
        Purpose::Invitation => t("link-invitation"),
        Purpose::Reset => t("link-reset"),
    }
}

#[component]
fn LinkForm(shown: Shown, token: String, problems: Vec<Problem>) -> impl IntoView {
    let values = [("name", shown.name.into()), ("authority", shown.authority.into())];
    let about = t_with("link-about", values);
    view! {
        <div class="sign-in">
            <Lead title=title(shown.purpose) about/>
            <form class="card form" method="post" action=paths::link::PATH>
                <input type="hidden" name="ma" value=token/>
                <p class="muted">{t_with("link-login", [("login", shown.login.clone().into())])}</p>
                <input type="hidden" autocomplete="username" value=shown.login/>
                <PasswordFields problems/>
                <Button kind=ButtonKind::Primary>{t("link-submit")}</Button>
                <p class="field-hint">{t_with("link-until", [("until", format::moment(shown.expires_at).into())])}</p>
            </form>
        </div>
    }
}
