//! `/lam-viec/bo-chi-so`: the authority's indicator sets: draft as code, check, issue, versions.

use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{Html, IntoResponse, Redirect, Response};
use leptos::prelude::*;
use serde::Deserialize;
use tenants::ids::{SetId, VersionId};
use tenants::indicator_sets::{self, Checked, Draft, Issue, SetHead, VersionHead};
use tenants::policy::{self, Action, Subject};
use tenants::{Error, Problem};
use tower_sessions::Session;

use super::periods::day_of;
use crate::caller::Signed;
use crate::components::{Breadcrumb, Button, ButtonKind, Field, Lead, ProblemList, Table};
use crate::format;
use crate::render::Page;
use crate::session::{FlashKind, set_flash};
use crate::text::{t, t_with};
use crate::{App, Result};

/// `GET /lam-viec/bo-chi-so`
pub async fn list(State(app): State<App>, signed: Signed) -> Result<Html<String>> {
    let tx = app.db.read(&signed.caller).await?;
    let sets = indicator_sets::list(&tx).await?;
    Page::new(t("nav-sets")).staff(&app, &signed, || view! { <Sets sets/> }).await
}

/// `GET /lam-viec/bo-chi-so/{set}`
pub async fn show(State(app): State<App>, signed: Signed, Path(id): Path<SetId>) -> Result<Html<String>> {
    let tx = app.db.read(&signed.caller).await?;
    let draft = indicator_sets::draft(&tx, id).await?;
    drop(tx);
    page(&app, &signed, draft, None, Vec::new()).await
}

#[derive(Deserialize)]
pub struct Typed {
    source: String,
    revision: i64,
    /// "check" or "save".
    act: String,
}

/// `POST /lam-viec/bo-chi-so/{set}`: checks what is typed, or saves it. What was typed always comes back.
pub async fn write(
    State(app): State<App>,
    signed: Signed,
    session: Session,
    Path(id): Path<SetId>,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    // Before a worker is started for it.
    app.db.read(&signed.caller).await?.allow(Action::EditSet, Subject::Tenant)?;
    let source = typed.source.replace("\r\n", "\n");
    let mut draft = Draft { set_id: id, source, revision: typed.revision };
    if typed.act == "save" {
        let tx = app.db.begin(&signed.caller).await?;
        match indicator_sets::save_draft(&tx, &draft).await {
            Ok(revision) => {
                tx.commit().await?;
                draft.revision = revision;
                set_flash(&session, FlashKind::Done, t("set-saved")).await?;
                return Ok(Redirect::to(&format!("/lam-viec/bo-chi-so/{id}")).into_response());
            }
            Err(Error::Stale) => {
                drop(tx);
                let stale = vec![Problem::new("source", &t("set-stale"))];
                return Ok((StatusCode::CONFLICT, page(&app, &signed, draft, None, stale).await?).into_response());
            }
            Err(error) => return Err(error.into()),
        }
    }
    let checked = indicator_sets::check(&app.worker, &draft.source).await?;
    Ok(page(&app, &signed, draft, Some(checked), Vec::new()).await?.into_response())
}

#[derive(Deserialize)]
pub struct IssueForm {
    revision: i64,
    decision_number: String,
    decision_date: String,
}

/// `POST /lam-viec/bo-chi-so/{set}/ban-hanh`
pub async fn issue(
    State(app): State<App>,
    signed: Signed,
    session: Session,
    Path(set_id): Path<SetId>,
    Form(form): Form<IssueForm>,
) -> Result<Response> {
    let tx = app.db.begin(&signed.caller).await?;
    let issued = match day_of(&form.decision_date) {
        None => Err(Error::Invalid(vec![Problem::new("decision_date", &t("period-bad-date"))])),
        Some(decision_date) => {
            let issue = Issue { set_id, revision: form.revision, decision_number: form.decision_number, decision_date };
            indicator_sets::issue(&tx, &app.worker, &issue).await
        }
    };
    match issued {
        Ok(_) => {
            tx.commit().await?;
            set_flash(&session, FlashKind::Done, t("set-issued")).await?;
            Ok(Redirect::to(&format!("/lam-viec/bo-chi-so/{set_id}")).into_response())
        }
        Err(Error::Invalid(problems)) => {
            let draft = indicator_sets::draft(&tx, set_id).await?;
            drop(tx);
            let again = page(&app, &signed, draft, None, problems).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /lam-viec/phien-ban/{version}`: the canonical script, to be kept in git.
pub async fn download(State(app): State<App>, signed: Signed, Path(id): Path<VersionId>) -> Result<Response> {
    let tx = app.db.read(&signed.caller).await?;
    let (head, set) = indicator_sets::version(&tx, id).await?;
    let name = format!("attachment; filename=\"{}-{}.rhai\"", set.slug, head.number);
    let kind = "text/plain; charset=utf-8".to_owned();
    Ok(([(CONTENT_TYPE, kind), (CONTENT_DISPOSITION, name)], engine::print(&set)).into_response())
}

async fn page(
    app: &App,
    signed: &Signed,
    draft: Draft,
    checked: Option<Checked>,
    problems: Vec<Problem>,
) -> Result<Html<String>> {
    let tx = app.db.read(&signed.caller).await?;
    let sets = indicator_sets::list(&tx).await?;
    let set = sets.into_iter().find(|set| set.id == draft.set_id).ok_or(Error::NotFound)?;
    let may = policy::allows(&signed.caller, Action::EditSet, Subject::Tenant);
    Page::new(set.name.clone()).staff(app, signed, || view! { <SetPage set draft checked problems may/> }).await
}

#[component]
fn Sets(sets: Vec<SetHead>) -> impl IntoView {
    let row = |set: SetHead| {
        let newest = set.versions.first().map(|version| {
            t_with(
                "set-newest",
                [("number", version.number.into()), ("decision", version.decision_number.clone().into())],
            )
        });
        view! {
            <tr>
                <td><a href=format!("/lam-viec/bo-chi-so/{}", set.id)><strong>{set.name}</strong></a></td>
                <td>{newest.unwrap_or_else(|| t("set-not-issued"))}</td>
                <td class="num">{set.draft_revision}</td>
            </tr>
        }
    };
    view! {
        <Lead title=t("nav-sets") about=t("nav-sets-about")/>
        <Table label=t("nav-sets")>
            <thead><tr><th>{t("set-name")}</th><th>{t("set-version")}</th><th class="num">{t("set-draft")}</th></tr></thead>
            <tbody>{sets.into_iter().map(row).collect_view()}</tbody>
        </Table>
    }
}

#[component]
fn SetPage(set: SetHead, draft: Draft, checked: Option<Checked>, problems: Vec<Problem>, may: bool) -> impl IntoView {
    let id = set.id;
    view! {
        <Breadcrumb label=t("breadcrumb") steps=vec![("/lam-viec/bo-chi-so".into(), t("nav-sets"))]/>
        <Lead title=set.name.clone() about=t_with("set-about", [("revision", draft.revision.into())])/>
        <ProblemList problems/>
        {checked.map(|checked| view! { <CheckResult checked/> })}
        <form class="stack" method="post" action=format!("/lam-viec/bo-chi-so/{id}")>
            <input type="hidden" name="revision" value=draft.revision/>
            <label for="source">{t("set-source")}</label>
            <textarea id="source" class="code-editor" name="source" rows="28" spellcheck="false" readonly=!may>{draft.source}</textarea>
            <div class="actions">
                {may.then(|| view! { <Button kind=ButtonKind::Primary name="act" value="check">{t("set-check")}</Button> })}
                {may.then(|| view! { <Button name="act" value="save">{t("set-save")}</Button> })}
            </div>
        </form>
        {may.then(|| view! { <IssueSection id revision=draft.revision/> })}
        <Versions versions=set.versions/>
    }
}

#[component]
fn CheckResult(checked: Checked) -> impl IntoView {
    let clean = checked.is_clean();
    let class = if clean { "notice notice-green" } else { "notice notice-red" };
    let head = if clean { t_with("set-clean", [("cases", checked.case_count.into())]) } else { t("set-not-clean") };
    let found = checked.diagnostics.into_iter().map(|found| {
        let place = t_with("set-place", [("line", found.line.into()), ("column", found.column.into())]);
        let about = found.indicator.map(|code| format!("[{code}] ")).unwrap_or_default();
        view! { <li><span class="muted">{place}</span>" "{about}{found.message}</li> }
    });
    let failed = checked.failed_cases.into_iter().map(|case| view! { <li>{case}</li> });
    view! {
        <div class=class role="status">
            <p>{head}</p>
            <ul>{found.collect_view()}{failed.collect_view()}</ul>
        </div>
    }
}

#[component]
fn IssueSection(id: SetId, revision: i64) -> impl IntoView {
    view! {
        <details class="card card-padded">
            <summary>{t("set-issue")}</summary>
            <form class="form" method="post" action=format!("/lam-viec/bo-chi-so/{id}/ban-hanh")>
                <p class="muted">{t("set-issue-explain")}</p>
                <input type="hidden" name="revision" value=revision/>
                <Field name="decision_number" label=t("decision-number")>
                    <input id="decision_number" name="decision_number" required maxlength="100"/>
                </Field>
                <Field name="decision_date" label=t("decision-date")>
                    <input id="decision_date" name="decision_date" type="date" required/>
                </Field>
                <div><Button kind=ButtonKind::Primary>{t("set-issue")}</Button></div>
            </form>
        </details>
    }
}

#[component]
fn Versions(versions: Vec<VersionHead>) -> impl IntoView {
    let row = |version: VersionHead| {
        view! {
            <tr>
                <td class="num">{version.number}</td>
                <td>{format!("{} · {}", version.decision_number, format::date(version.decision_date))}</td>
                <td class="wide-only"><code>{version.content_hash.chars().take(12).collect::<String>()}</code></td>
                <td>{format::moment(version.issued_at)}</td>
                <td><a href=format!("/lam-viec/phien-ban/{}", version.id)>{t("set-download")}</a></td>
            </tr>
        }
    };
    view! {
        <section class="stack">
            <h2>{t("set-versions")}</h2>
            <Table label=t("set-versions")>
                <thead>
                    <tr>
                        <th class="num">{t("set-version")}</th>
                        <th>{t("set-decision")}</th>
                        <th class="wide-only">{t("set-hash")}</th>
                        <th>{t("set-issued-at")}</th>
                        <th></th>
                    </tr>
                </thead>
                <tbody>{versions.into_iter().map(row).collect_view()}</tbody>
            </Table>
        </section>
    }
}
