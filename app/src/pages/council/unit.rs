//! `/lam-viec/tham-dinh/{sheet}`: one unit before the council: what it claims, what proves it, what is decided.

use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use leptos::prelude::*;
use serde::Deserialize;
use tenants::appraisal::{self, AppraisalRow, AppraisalSection, AppraisalSheet, Decide};
use tenants::decisions::{Decision, ReasonCode};
use tenants::ids::{AssessmentId, GroupId};
use tenants::{Error, Problem, paths, petitions};
use tower_sessions::Session;

use crate::caller::Signed;
use crate::components::{Breadcrumb, Button, ButtonKind, Fact, Lead, StatFacts};
use crate::days::day_of;
use crate::pages::council::row::{Refused, RowCard, Typed};
use crate::render::Page;
use crate::session::{FlashKind, set_flash};
use crate::text::{t, t_with};
use crate::{App, AppError, Result, format};

/// `GET /lam-viec/tham-dinh/{sheet}`
pub async fn show(State(app): State<App>, signed: Signed, Path(id): Path<AssessmentId>) -> Result<Html<String>> {
    page(&app, &signed, id, None).await
}

/// `POST /lam-viec/tham-dinh/{sheet}/chi-so/{code}`
pub async fn decide(
    State(app): State<App>,
    signed: Signed,
    Path((id, code)): Path<(AssessmentId, String)>,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let decision = Decision::parse(&typed.decision).ok_or(AppError::Malformed)?;
    let input = Decide {
        code: code.clone(),
        decision,
        points: typed.points.clone(),
        reason: typed.reason.clone(),
        reason_code: ReasonCode::parse(&typed.reason_code),
        figures: typed.figures(),
        revision: typed.revision.parse().map_err(|_| AppError::Malformed)?,
    };
    let tx = app.db.begin(&signed.caller).await?;
    let problems = match appraisal::decide(&tx, id, &input).await {
        Ok(_) => {
            tx.commit().await?;
            return Ok(Redirect::to(&onward(&typed.back, id, &code)).into_response());
        }
        Err(Error::Invalid(problems)) => problems,
        Err(Error::Stale) => vec![Problem::new("decision", &t("appraise-stale"))],
        Err(error) => return Err(error.into()),
    };
    drop(tx);
    let group = typed.back.parse().ok();
    let refused = Refused { sheet: id, code, typed, problems };
    let again = match group {
        Some(group) => crate::pages::council::indicator::page(&app, &signed, group, refused).await?,
        None => page(&app, &signed, id, Some(refused)).await?,
    };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response())
}

/// `POST /lam-viec/tham-dinh/{sheet}/cong-nhan`
pub async fn accept(
    State(app): State<App>,
    signed: Signed,
    session: Session,
    Path(id): Path<AssessmentId>,
) -> Result<Redirect> {
    let tx = app.db.begin(&signed.caller).await?;
    let count = appraisal::accept_agreeing(&tx, id).await?;
    tx.commit().await?;
    set_flash(&session, FlashKind::Done, t_with("appraise-accepted", [("count", count.into())])).await?;
    Ok(Redirect::to(&paths::appraise(id)))
}

/// Where a decision leads: on the unit's page back to the row, on the indicator's to the next unit to decide.
fn onward(group: &str, sheet: AssessmentId, code: &str) -> String {
    match group.parse::<GroupId>() {
        Ok(group) => format!("{}?sau={sheet}", paths::appraise_indicator(group, code)),
        Err(_) => back("", sheet, code),
    }
}

/// Where the other forms on a row lead back to.
fn back(group: &str, sheet: AssessmentId, code: &str) -> String {
    match group.parse::<GroupId>() {
        Ok(group) => format!("{}?tai={sheet}#c{sheet}", paths::appraise_indicator(group, code)),
        Err(_) => format!("{}#c{code}", paths::appraise(sheet)),
    }
}

#[derive(Deserialize)]
pub struct Question {
    text: String,
    due: String,
    #[serde(default)]
    back: String,
}

/// `POST /lam-viec/tham-dinh/{sheet}/chi-so/{code}/hoi`
pub async fn ask(
    State(app): State<App>,
    signed: Signed,
    session: Session,
    Path((id, code)): Path<(AssessmentId, String)>,
    Form(question): Form<Question>,
) -> Result<Redirect> {
    let tx = app.db.begin(&signed.caller).await?;
    let due = day_of(&question.due);
    let due = due.ok_or_else(|| Error::Invalid(vec![Problem::new("due", &t("period-bad-date"))]))?;
    appraisal::ask(&tx, id, &code, &question.text, due).await?;
    tx.commit().await?;
    set_flash(&session, FlashKind::Done, t("appraise-asked")).await?;
    Ok(Redirect::to(&back(&question.back, id, &code)))
}

#[derive(Deserialize)]
pub struct Answered {
    text: String,
    #[serde(default)]
    back: String,
}

/// `POST /lam-viec/tham-dinh/{sheet}/chi-so/{code}/kien-nghi`: the council's answer to a petition.
pub async fn answer(
    State(app): State<App>,
    signed: Signed,
    session: Session,
    Path((id, code)): Path<(AssessmentId, String)>,
    Form(answered): Form<Answered>,
) -> Result<Redirect> {
    let tx = app.db.begin(&signed.caller).await?;
    petitions::answer(&tx, id, &code, &answered.text).await?;
    tx.commit().await?;
    set_flash(&session, FlashKind::Done, t("petition-answered")).await?;
    Ok(Redirect::to(&back(&answered.back, id, &code)))
}

async fn page(app: &App, signed: &Signed, id: AssessmentId, refused: Option<Refused>) -> Result<Html<String>> {
    let tx = app.db.read(&signed.caller).await?;
    let sheet = appraisal::sheet(&tx, id).await?;
    Page::new(sheet.head.unit_name.clone()).staff(app, signed, || view! { <Appraisal sheet refused/> }).await
}

#[component]
fn Appraisal(sheet: AppraisalSheet, refused: Option<Refused>) -> impl IntoView {
    let AppraisalSheet { head, sections, points, applicable_maximum, index, decided, total, closed } = sheet;
    let id = head.id;
    let rows = || sections.iter().flat_map(|section| &section.rows);
    let in_bulk = rows().filter(|row| row.bulk).count();
    let again = rows().filter(|row| row.decided.as_ref().is_some_and(|decided| decided.stale)).count();
    let again = (again > 0).then(|| Fact { label: t("decision-stale"), value: again.to_string() });
    let facts = [Some(Fact { label: t("appraise-decided"), value: format!("{decided}/{total}") }), again].into_iter();
    let figures = [
        Fact { label: t("appraised-points"), value: format::of_maximum(Some(points), applicable_maximum) },
        Fact { label: t("index"), value: format::percent(index, 2) },
    ];
    let facts: Vec<Fact> = facts.flatten().chain(figures).collect();
    let about = format!("{} · {}", head.group_name, head.period.name);
    let refused = refused.map(std::sync::Arc::new);
    let tags = crate::components::head_tags(&head);
    let section = |section: AppraisalSection| view! { <SectionRows id section refused=refused.clone()/> };
    view! {
        <Breadcrumb label=t("breadcrumb") steps=vec![(paths::appraisals::PATH.into(), t("nav-appraisal"))]/>
        <Lead title=head.unit_name about>
            {tags}
            {head.can.reopen.then(|| view! { <a class="button" href=paths::sheet_reopen(id)>{t("reopen")}</a> })}
            <a class="button" href=paths::sheet_archive(id)>{t("archive")}</a>
            {(in_bulk > 0).then(|| view! {
                <form method="post" action=paths::appraise_accept(id) title=t("appraise-accept-about")>
                    <Button kind=ButtonKind::Plain>{t_with("appraise-accept-all", [("count", in_bulk.into())])}</Button>
                </form>
            })}
        </Lead>
        {closed.map(|closed| view! { <p class="notice notice-gold">{t(&format!("closed-{}", closed.as_str()))}</p> })}
        {(!head.set_note.is_empty()).then(|| view! { <p class="muted">{head.set_note}</p> })}
        <StatFacts facts/>
        <nav class="section-links" aria-label=t("main-indexes")>
            {sections.iter().map(|section| view! { <SectionLink section=section.clone()/> }).collect_view()}
        </nav>
        {sections.into_iter().map(section).collect_view()}
    }
}

#[component]
fn SectionLink(section: AppraisalSection) -> impl IntoView {
    view! {
        <a href=format!("#m{}", section.code)>
            {format!("{} {}", section.code, section.name)}
            <small>{format!("{}/{}", section.decided, section.rows.len())}</small>
        </a>
    }
}

#[component]
fn SectionRows(id: AssessmentId, section: AppraisalSection, refused: Option<std::sync::Arc<Refused>>) -> impl IntoView {
    let row = |row: AppraisalRow| {
        let refused = refused.clone().filter(|refused| refused.code == row.code);
        view! { <RowCard sheet=id row refused/> }
    };
    view! {
        <section class="stack" id=format!("m{}", section.code)>
            <h2>{format!("{}. {}", section.code, section.name)}</h2>
            {section.rows.into_iter().map(row).collect_view()}
        </section>
    }
}
