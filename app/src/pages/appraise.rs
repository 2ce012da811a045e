//! `/lam-viec/tham-dinh/{sheet}`: one unit before the council: what it claims, what proves it, what is decided.

use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use leptos::prelude::*;
use serde::Deserialize;
use tenants::appraisal::{self, AppraisalRow, AppraisalSection, AppraisalSheet, Decide, Decided, Decision};
use tenants::ids::AssessmentId;
use tenants::{Error, Problem};
use tower_sessions::Session;

use super::evidence::EvidenceList;
use crate::caller::Signed;
use crate::components::{Breadcrumb, Button, ButtonKind, Fact, Lead, StatFacts, Tag, TagKind};
use crate::format;
use crate::render::Page;
use crate::session::{FlashKind, set_flash};
use crate::text::{t, t_with};
use crate::{App, AppError, Result};

/// `GET /lam-viec/tham-dinh/{sheet}`
pub async fn show(State(app): State<App>, signed: Signed, Path(id): Path<AssessmentId>) -> Result<Html<String>> {
    page(&app, &signed, id, None).await
}

/// A decision as the form sends it.
#[derive(Clone, Debug, Deserialize)]
pub struct Typed {
    decision: String,
    #[serde(default)]
    points: String,
    #[serde(default)]
    reason: String,
    revision: i64,
}

/// A decision that was refused: shown again with what to mend.
struct Refused {
    code: String,
    typed: Typed,
    problems: Vec<Problem>,
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
        revision: typed.revision,
    };
    let tx = app.db.begin(&signed.caller).await?;
    let problems = match appraisal::decide(&tx, id, &input).await {
        Ok(_) => {
            tx.commit().await?;
            return Ok(Redirect::to(&format!("/lam-viec/tham-dinh/{id}#c{code}")).into_response());
        }
        Err(Error::Invalid(problems)) => problems,
        Err(Error::Stale) => vec![Problem::new("decision", &t("appraise-stale"))],
        Err(error) => return Err(error.into()),
    };
    drop(tx);
    let again = page(&app, &signed, id, Some(Refused { code, typed, problems })).await?;
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
    Ok(Redirect::to(&format!("/lam-viec/tham-dinh/{id}")))
}

async fn page(app: &App, signed: &Signed, id: AssessmentId, refused: Option<Refused>) -> Result<Html<String>> {
    let tx = app.db.read(&signed.caller).await?;
    let sheet = appraisal::sheet(&tx, id).await?;
    Page::new(sheet.head.unit_name.clone()).staff(app, signed, || view! { <Appraisal sheet refused/> }).await
}

#[component]
fn Appraisal(sheet: AppraisalSheet, refused: Option<Refused>) -> impl IntoView {
    let AppraisalSheet { head, sections, points, applicable_maximum, index, decided, total, recused } = sheet;
    let id = head.id;
    let may = head.can.appraise;
    let facts = vec![
        Fact { label: t("appraise-decided"), value: format!("{decided}/{total}") },
        Fact { label: t("appraised-points"), value: format::points(points, points.scale()) },
        Fact { label: t("applicable-maximum"), value: format::points(applicable_maximum, applicable_maximum.scale()) },
        Fact { label: t("index"), value: format::percent(index, 2) },
    ];
    let about = format!("{} · {}", head.group_name, head.period.name);
    let refused = refused.map(std::sync::Arc::new);
    let section = |section: AppraisalSection| view! { <SectionRows id may section refused=refused.clone()/> };
    view! {
        <Breadcrumb label=t("breadcrumb") steps=vec![("/lam-viec/tham-dinh".into(), t("nav-appraisal"))]/>
        <Lead title=head.unit_name about>
            {(may && decided < total).then(|| view! {
                <form method="post" action=format!("/lam-viec/tham-dinh/{id}/cong-nhan")>
                    <Button kind=ButtonKind::Plain>{t("appraise-accept-all")}</Button>
                </form>
            })}
        </Lead>
        {recused.then(|| view! { <p class="notice notice-gold">{t("appraise-recused")}</p> })}
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
fn SectionRows(
    id: AssessmentId,
    may: bool,
    section: AppraisalSection,
    refused: Option<std::sync::Arc<Refused>>,
) -> impl IntoView {
    let row = |row: AppraisalRow| {
        let refused = refused.clone().filter(|refused| refused.code == row.code);
        view! { <RowCard id may row refused/> }
    };
    view! {
        <section class="stack" id=format!("m{}", section.code)>
            <h2>{format!("{}. {}", section.code, section.name)}</h2>
            {section.rows.into_iter().map(row).collect_view()}
        </section>
    }
}

#[component]
fn RowCard(id: AssessmentId, may: bool, row: AppraisalRow, refused: Option<std::sync::Arc<Refused>>) -> impl IntoView {
    let own = row.self_points.map_or_else(|| "–".to_owned(), |points| format::points(points, points.scale()));
    let told = row.score.explanation.clone().map(|told| told.text).unwrap_or_default();
    let claim = row.claim.clone().map(|claim| {
        let ground = t(&format!("claim-{}", claim.ground.as_str()));
        view! { <p class="notice notice-gold">{t_with("appraise-claim", [("ground", ground.into()), ("reason", claim.reason.into())])}</p> }
    });
    let explanation = (!row.explanation.is_empty()).then(|| {
        view! { <p><span class="muted">{t("explanation")}": "</span>{row.explanation.clone()}</p> }
    });
    let warnings =
        row.score.warnings.iter().map(|text| view! { <p class="notice notice-gold">{text.clone()}</p> }).collect_view();
    view! {
        <article class="card card-padded appraise-row" id=format!("c{}", row.code)>
            <header class="indicator-head">
                <span class="code">{row.code.clone()}</span>
                <h3>{row.name.clone()}</h3>
                <div class="indicator-points">
                    <span class="muted">{t("self-points")}</span>
                    <b>{own}</b><span class="muted">"/"{engine::number::trim(row.maximum)}</span>
                </div>
            </header>
            <div class="indicator-body">
                {(!told.is_empty()).then(|| view! { <p class="why">{told}</p> })}
                {warnings}
                {claim}
                {explanation}
                <EvidenceList items=row.evidence.clone()/>
                <Standing decided=row.decided.clone() maximum=row.maximum/>
                {may.then(|| view! { <DecideForm id row=row.clone() refused/> })}
                <History history=row.history/>
            </div>
        </article>
    }
}

#[component]
fn Standing(decided: Option<Decided>, maximum: rust_decimal::Decimal) -> impl IntoView {
    let Some(decided) = decided else {
        return view! { <p><Tag kind=TagKind::Quiet text=t("decision-none")/></p> }.into_any();
    };
    let kind = match decided.decision {
        Decision::Accept => TagKind::Green,
        Decision::Adjust => TagKind::Gold,
        Decision::NotApplicable => TagKind::Plain,
    };
    let points = decided
        .points
        .map(|points| format!("{}/{}", format::points(points, points.scale()), engine::number::trim(maximum)));
    view! {
        <p class="standing">
            <Tag kind text=t(&format!("decision-{}", decided.decision.as_str()))/>
            {points.map(|points| view! { <b>{points}</b> })}
            {decided.stale.then(|| view! { <Tag kind=TagKind::Red text=t("decision-stale")/> })}
            <span class="muted">{format!("{} · {}", decided.by, format::moment(decided.at))}</span>
            {(!decided.reason.is_empty()).then(|| view! { <span class="block">{decided.reason}</span> })}
        </p>
    }
    .into_any()
}

#[component]
fn DecideForm(id: AssessmentId, row: AppraisalRow, refused: Option<std::sync::Arc<Refused>>) -> impl IntoView {
    let typed = refused.as_ref().map(|refused| refused.typed.clone());
    let problems = refused.as_ref().map(|refused| refused.problems.clone()).unwrap_or_default();
    let may_accept = row.claim.is_none() && row.self_points.is_some();
    let suggested = if may_accept {
        Decision::Accept
    } else if row.claim.is_some() {
        Decision::NotApplicable
    } else {
        Decision::Adjust
    };
    let chosen = typed.as_ref().and_then(|typed| Decision::parse(&typed.decision)).unwrap_or(suggested);
    let offered = Decision::ALL.into_iter().filter(|decision| match decision {
        Decision::Accept => may_accept,
        Decision::Adjust => true,
        Decision::NotApplicable => row.may_be_not_applicable,
    });
    let option = |decision: Decision| {
        let name = format!("d-{}-{}", row.code, decision.as_str());
        view! {
            <label class="choice" for=name.clone()>
                <input type="radio" id=name.clone() name="decision" value=decision.as_str() checked=decision == chosen/>
                {t(&format!("decision-{}", decision.as_str()))}
            </label>
        }
    };
    let (points, reason) = typed.map(|typed| (typed.points, typed.reason)).unwrap_or_default();
    let [points_id, reason_id] = ["points", "reason"].map(|name| format!("{name}-{}", row.code));
    let at = |field: &str| {
        problems
            .iter()
            .filter(|problem| problem.field == field)
            .map(|problem| view! { <p class="field-problem">{problem.message.clone()}</p> })
            .collect_view()
    };
    view! {
        <details class="decide" open=row.decided.is_none() || refused.is_some()>
            <summary>{if row.decided.is_some() { t("decide-again") } else { t("decide") }}</summary>
            <form class="decide-form" method="post" action=format!("/lam-viec/tham-dinh/{id}/chi-so/{}#c{}", row.code, row.code)>
                <input type="hidden" name="revision" value=row.revision/>
                <fieldset class="choices">
                    <legend class="visually-hidden">{t("decide")}</legend>
                    {offered.map(option).collect_view()}
                    {at("decision")}
                </fieldset>
                <div class="field">
                    <label for=points_id.clone()>{t("appraised-points")}</label>
                    <input id=points_id class="num" name="points" inputmode="decimal" value=points/>
                    {at("points")}
                </div>
                <div class="field grow">
                    <label for=reason_id.clone()>{t("decide-reason")}</label>
                    <input id=reason_id name="reason" value=reason maxlength="2000"/>
                    {at("reason")}
                </div>
                <Button>{t("decide-save")}</Button>
            </form>
        </details>
    }
}

#[component]
fn History(history: Vec<Decided>) -> impl IntoView {
    if history.len() < 2 {
        return ().into_any();
    }
    let line = |decided: Decided| {
        let points = decided.points.map(|points| format::points(points, points.scale())).unwrap_or_default();
        let what = t(&format!("decision-{}", decided.decision.as_str()));
        view! { <li>{format!("{} · {what} {points} · {} {}", format::moment(decided.at), decided.by, decided.reason)}</li> }
    };
    view! {
        <details>
            <summary>{t("decision-history")}</summary>
            <ul class="muted">{history.into_iter().map(line).collect_view()}</ul>
        </details>
    }
    .into_any()
}
