//! `/lam-viec/bo-chi-so`: the authority's indicator sets, and the workshop of each draft.

mod bench;
pub mod code;
pub mod compare;
mod form;
pub mod health;
pub mod issue;
pub mod new;
mod panel;
mod proof;
mod shapes;
pub mod simulate;
pub mod table;
mod tree;
pub mod upstream;

pub use simulate::Effects;

use axum::Form;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{Html, IntoResponse, Redirect, Response};
use leptos::prelude::*;
use serde::Deserialize;
use tenants::ids::VersionId;
use tenants::indicator_sets::{self, SetHead};
use tenants::paths;
use tenants::policy::{self, Action, Subject};

use crate::caller::Signed;
use crate::components::{Button, EmptyState, Lead, Table};
use crate::form::Submission;
use crate::render::Page;
use crate::text::{t, t_with};
use crate::{App, Result};

/// `GET /lam-viec/bo-chi-so`
pub async fn list(State(app): State<App>, signed: Signed) -> Result<Html<String>> {
    let tx = app.db.read(&signed.caller).await?;
    let sets = indicator_sets::list(&tx).await?;
    let may = |action| policy::allows(&signed.caller, action, Subject::Tenant);
    let (edit, manage) = (may(Action::EditSet), may(Action::ManageMembers));
    let four_eyes = indicator_sets::four_eyes(&tx).await?;
    drop(tx);
    Page::new(t("nav-sets")).staff(&app, &signed, || view! { <Sets sets edit manage four_eyes/> }).await
}

#[derive(Deserialize)]
pub struct FourEyes {
    #[serde(default)]
    wanted: String,
}

/// `POST /lam-viec/bo-chi-so/hai-nguoi`: whether issuing needs a second person.
pub async fn four_eyes(submission: Submission, Form(form): Form<FourEyes>) -> Result<Redirect> {
    submission
        .submit(t("four-eyes-saved"), paths::sets::PATH, async |tx| {
            indicator_sets::want_four_eyes(tx, form.wanted == "on").await
        })
        .await
}

/// `GET /lam-viec/phien-ban/{version}`: the canonical script, to be kept in git.
pub async fn download(State(app): State<App>, signed: Signed, Path(id): Path<VersionId>) -> Result<Response> {
    let tx = app.db.read(&signed.caller).await?;
    let (head, set) = indicator_sets::version(&tx, id).await?;
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '-' };
    let slug: String = set.slug.chars().map(plain).collect();
    let name = format!("attachment; filename=\"{slug}-{}.rhai\"", head.number);
    let kind = "text/plain; charset=utf-8".to_owned();
    Ok(([(CONTENT_TYPE, kind), (CONTENT_DISPOSITION, name)], engine::print(&set)).into_response())
}

#[component]
fn Sets(sets: Vec<SetHead>, edit: bool, manage: bool, four_eyes: bool) -> impl IntoView {
    let add =
        move || edit.then(|| view! { <a class="button button-primary" href=paths::set_new::PATH>{t("set-new")}</a> });
    let row = |set: SetHead| {
        let newest = set.versions.first().map(|version| {
            let told = [("number", version.number.into()), ("decision", version.decision_number.clone().into())];
            t_with("set-newest", told)
        });
        view! {
            <tr>
                <td><a href=paths::set(set.id)><strong>{set.name}</strong></a></td>
                <td>{newest.unwrap_or_else(|| t("set-not-issued"))}</td>
                <td class="num">{set.draft_revision}</td>
            </tr>
        }
    };
    let body = if sets.is_empty() {
        view! { <EmptyState title=t("set-none") text=t("set-none-text")>{add()}</EmptyState> }.into_any()
    } else {
        view! {
            <Table label=t("nav-sets")>
                <thead><tr><th>{t("set-name")}</th><th>{t("set-version")}</th><th class="num">{t("set-draft")}</th></tr></thead>
                <tbody>{sets.into_iter().map(row).collect_view()}</tbody>
            </Table>
        }
        .into_any()
    };
    view! {
        <Lead title=t("nav-sets") about=t("nav-sets-about")>{add()}</Lead>
        {body}
        {manage.then(|| view! {
            <form class="card card-padded row" method="post" action=paths::sets_four_eyes::PATH>
                <label class="choice"><input type="checkbox" name="wanted" checked=four_eyes/>{t("four-eyes")}</label>
                <Button>{t("save")}</Button>
            </form>
        })}
        {(!manage && four_eyes).then(|| view! { <p class="muted">{t("four-eyes-on")}</p> })}
    }
}
