//! `/lam-viec/phieu/{sheet}/ky`: the scorecard at one glance for the head, and below it the signature.

use std::collections::HashMap;

use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use leptos::prelude::*;
use rust_decimal::Decimal;
use serde::Deserialize;
use tenants::assessments::{self, Sign};
use tenants::desk::{self, SectionGlance, Sheet, SheetRow, Signing, Since, share};
use tenants::ids::AssessmentId;
use tenants::sheets::{Review, ReviewAct, SheetHead, SheetState};
use tenants::{Error, Problem, paths};
use tower_sessions::Session;

use crate::caller::Signed;
use crate::components::{Breadcrumb, Button, ButtonKind, Fact, Field, Lead, StatFacts, Table, head_tags};
use crate::pages::sheet::desk::due;
use crate::pages::sheet::review::HandBackForm;
use crate::render::Page;
use crate::session::{FlashKind, set_flash};
use crate::text::{t, t_with};
use crate::{App, Result, format};

/// `GET /lam-viec/phieu/{sheet}/ky`
pub async fn show(State(app): State<App>, signed: Signed, Path(id): Path<AssessmentId>) -> Result<Html<String>> {
    page(&app, &signed, id, None, Vec::new()).await
}

#[derive(Deserialize)]
pub struct Signature {
    signed_name: String,
    /// Names what the page showed.
    #[serde(default)]
    shown: String,
}

/// `POST /lam-viec/phieu/{sheet}/trinh`
pub async fn submit(
    State(app): State<App>,
    signed: Signed,
    session: Session,
    Path(id): Path<AssessmentId>,
    Form(signature): Form<Signature>,
) -> Result<Response> {
    let sign = Sign { name: signature.signed_name.clone(), shown: signature.shown };
    let tx = app.db.begin(&signed.caller).await?;
    match assessments::submit(&tx, id, &sign).await {
        Ok(()) => {
            tx.commit().await?;
            set_flash(&session, FlashKind::Done, t("sheet-submitted-flash")).await?;
            Ok(Redirect::to(&paths::sheet(id)).into_response())
        }
        Err(Error::Invalid(problems)) => {
            drop(tx);
            let again = page(&app, &signed, id, Some(signature.signed_name), problems).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// The page with what was wrong with an attempt to sign, under the name typed.
async fn page(
    app: &App,
    signed: &Signed,
    id: AssessmentId,
    typed: Option<String>,
    problems: Vec<Problem>,
) -> Result<Html<String>> {
    let tx = app.db.read(&signed.caller).await?;
    let sheet = desk::sheet(&tx, id).await?;
    let due = due(&sheet.head, tx.now());
    let signer = typed.unwrap_or_else(|| signed.caller.name.clone());
    let title = format!("{} · {}", t("sign"), sheet.head.unit_name);
    Page::new(title).staff(app, signed, || view! { <SigningPage sheet due signer problems/> }).await
}

#[component]
fn SigningPage(sheet: Sheet, due: String, signer: String, problems: Vec<Problem>) -> impl IntoView {
    let signing = Signing::of(&sheet);
    let Sheet { head, rows, reviews, to_sign, to_sign_sum, shown, .. } = sheet;
    let (id, tags) = (head.id, head_tags(&head));
    let row_of = |code: &str| rows.iter().find(|row| row.code == code).cloned();
    let again: Vec<_> = to_sign.into_iter().filter_map(|(code, was)| Some((row_of(&code)?, was))).collect();
    let mains: HashMap<String, String> = rows.iter().map(|row| (row.code.clone(), row.section.clone())).collect();
    let steps = vec![(paths::start::PATH.into(), t("nav-desk")), (paths::sheet(id), head.unit_name.clone())];
    let of_all =
        |points: Decimal| format!("{}/{}", format::points(points, 2), engine::number::trim(signing.totals.maximum));
    let signed = head.signature.clone().filter(|_| to_sign_sum.is_some());
    let before = signed.as_ref().and_then(|one| one.points);
    let before = before.map(|points| Fact { label: t("sheet-points-signed"), value: of_all(points) });
    let own = match to_sign_sum {
        Some(sum) => Fact { label: t("sign-again-sum"), value: of_all(sum) },
        None => Fact { label: t("self-points"), value: of_all(signing.totals.points) },
    };
    let figures = [
        own,
        Fact { label: t("sign-index"), value: format::percent(signing.index, 2) },
        Fact { label: t("sheet-ready"), value: format!("{}/{}", signing.totals.ready, signing.totals.total) },
        Fact { label: t("sign-documents"), value: signing.documents.to_string() },
    ];
    let facts: Vec<Fact> = before.into_iter().chain(figures).collect();
    let title = if signed.is_some() { t("sign-again-title") } else { t("sign") };
    let is_second = signed.is_some();
    let year = signing.since.as_ref().map(|since| since.year);
    view! {
        <Breadcrumb label=t("breadcrumb") steps/>
        <Lead title=format!("{title} · {}", head.period.name) about=format!("{} · {due}", head.unit_name)>
            {tags}
            <a class="button" href=paths::sheet(id)>{t("sign-whole")}</a>
        </Lead>
        {handed_in(&head, reviews).map(|step| view! { <p class="notice said">{handed_in_words(step)}</p> })}
        {(head.can.submit && !is_second).then(|| view! { <Verdict ready=signing.missing.is_empty()/> })}
        <Again id rows=again/>
        <StatFacts facts/>
        <Rows id key="sign-missing" rows=signing.missing note=Note::State open=true/>
        <Rows id key="sign-warned" rows=signing.warned note=Note::Warnings open=false/>
        <Rows id key="sign-explained" rows=signing.explained_only note=Note::Points open=false/>
        <Rows id key="sign-claimed" rows=signing.claimed note=Note::Claim open=false/>
        <SinceLastYear id since=signing.since/>
        <Glances id sections=signing.sections year/>
        {head.can.submit.then(|| view! { <SignForm id signer shown signed=signed.clone() problems=problems.clone() mains/> })}
        {head.can.hand_back.then(|| view! { <HandBackForm id/> })}
        {(!head.can.submit).then(|| view! { <p class="notice notice-gold">{t("sign-not-now")}</p> })}
    }
}

/// The clerks' last word, while the head is at it.
fn handed_in(head: &SheetHead, mut reviews: Vec<Review>) -> Option<Review> {
    let last = reviews.pop().filter(|step| step.act == ReviewAct::HandedIn);
    last.filter(|_| head.state == SheetState::InternalReview)
}

fn handed_in_words(step: Review) -> String {
    let told = t_with("sign-handed-in", [("by", step.by.into()), ("at", format::moment(step.at).into())]);
    if step.note.is_empty() { told } else { format!("{told} “{}”", step.note) }
}

/// Whether it can be signed, before anything else.
#[component]
fn Verdict(ready: bool) -> impl IntoView {
    if ready {
        view! { <p class="notice notice-green">{t("sheet-nothing-missing")}</p> }
    } else {
        view! { <p class="notice notice-red">{t("sign-not-ready")}</p> }
    }
}

/// What stands beside an indicator in a list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Note {
    State,
    Warnings,
    Points,
    Claim,
}

impl Note {
    fn of(self, row: &SheetRow) -> Vec<String> {
        match self {
            Note::State => vec![t(&format!("desk-row-{}", row.state.as_str()))],
            Note::Warnings => row.warnings.clone(),
            Note::Points => row.points.map(|points| of_maximum(points, row.maximum)).into_iter().collect(),
            Note::Claim => row.claim.iter().map(|claim| claim.reason.clone()).collect(),
        }
    }
}

fn of_maximum(points: Decimal, maximum: Decimal) -> String {
    format!("{}/{}", format::points(points, points.scale()), engine::number::trim(maximum))
}

/// What was re-opened and changed: the points signed before beside those to sign now.
#[component]
fn Again(id: AssessmentId, rows: Vec<(SheetRow, Option<Decimal>)>) -> impl IntoView {
    let line = move |(row, was): (SheetRow, Option<Decimal>)| {
        let points =
            |points: Option<Decimal>| points.map_or_else(|| "–".to_owned(), |one| of_maximum(one, row.maximum));
        let moved = format!("{} → {}", points(was), points(row.points));
        view! { <li>{to_desk(id, &row)}<strong class="block">{moved}</strong></li> }
    };
    (!rows.is_empty()).then(|| {
        view! {
            <section class="notice notice-gold">
                <p>{t("sign-again")}</p>
                <ul class="missing">{rows.into_iter().map(line).collect_view()}</ul>
            </section>
        }
    })
}

/// A list that unfolds; nothing where there is none.
#[component]
fn Rows(id: AssessmentId, key: &'static str, rows: Vec<SheetRow>, note: Note, open: bool) -> impl IntoView {
    let count = rows.len();
    let line = move |row: SheetRow| {
        let told = note.of(&row).into_iter().map(|text| view! { <span class="block muted said">{text}</span> });
        let told = told.collect_view();
        view! { <li>{to_desk(id, &row)}{told}</li> }
    };
    (count > 0).then(|| {
        view! {
            <details class="card card-padded" open=open>
                <summary>{t_with(key, [("count", count.into())])}</summary>
                <ul class="missing">{rows.into_iter().map(line).collect_view()}</ul>
            </details>
        }
    })
}

fn to_desk(id: AssessmentId, row: &SheetRow) -> impl IntoView + use<> {
    let address = format!("{}#c{}", paths::desk(id, &row.section), row.code);
    view! { <a href=address>{format!("{} {}", row.code, row.name)}</a> }
}

#[component]
fn SinceLastYear(id: AssessmentId, since: Option<Since>) -> impl IntoView {
    let since = since?;
    let year = since.year.to_string();
    let (up, down): (Vec<_>, Vec<_>) = since.moved.into_iter().partition(|(_, by)| by.is_sign_positive());
    let told = t_with(
        "sign-since",
        [
            ("year", year.clone().into()),
            ("comparable", since.comparable.into()),
            ("up", up.len().into()),
            ("down", down.len().into()),
        ],
    );
    let line = move |(row, by): (SheetRow, Decimal)| {
        let class = if by.is_sign_positive() { "num up" } else { "num down" };
        let before = format::percent(row.last.and_then(|last| share(last.points, last.maximum)), 2);
        let now = format::percent(row.points.and_then(|points| share(points, row.maximum)), 2);
        view! { <li>{to_desk(id, &row)}<span class="block"><span class="muted">{format!("{before} → {now} ")}</span><strong class=class>{format::difference(by, 2)}</strong></span></li> }
    };
    // What fell is what a head asks about.
    let lines = down.into_iter().chain(up).map(line).collect_view();
    Some(view! {
        <details class="card card-padded">
            <summary>{told}</summary>
            <ul class="missing">{lines}</ul>
        </details>
    })
}

#[component]
fn Glances(id: AssessmentId, sections: Vec<SectionGlance>, year: Option<i32>) -> impl IntoView {
    let compared = sections.iter().any(|one| one.last.is_some());
    let year = year.map(|year| t_with("sign-year", [("year", year.to_string().into())])).unwrap_or_default();
    let label = year.clone();
    let line = move |one: SectionGlance| {
        let totals = &one.section.totals;
        let last = format::percent(one.last, 0);
        view! {
            <tr>
                <td><a href=paths::desk(id, &one.section.code)>{format!("{}. {}", one.section.code, one.section.name)}</a></td>
                <td class="num nowrap"><strong>{format::points(totals.points, 2)}</strong><span class="muted">"/"{engine::number::trim(totals.maximum)}</span></td>
                <td class="num">{format::percent(one.percent, 0)}</td>
                {compared.then(|| view! { <td class="num" data-label=label.clone()>{last}</td> })}
            </tr>
        }
    };
    view! {
        <Table label=t("sign-sections")>
            <thead>
                <tr>
                    <th>{t("sign-section")}</th>
                    <th class="num">{t("points")}</th>
                    <th class="num">"%"</th>
                    {compared.then(|| view! { <th class="num">{year}</th> })}
                </tr>
            </thead>
            <tbody>{sections.into_iter().map(line).collect_view()}</tbody>
        </Table>
    }
}

#[component]
fn SignForm(
    id: AssessmentId,
    signer: String,
    /// Names what is shown here: the signature is for it.
    shown: String,
    /// The signature the sheet carries, where indicators of it are signed a second time.
    signed: Option<tenants::sheets::Signature>,
    problems: Vec<Problem>,
    /// Main index by indicator.
    mains: HashMap<String, String>,
) -> impl IntoView {
    let gaps: Vec<Problem> = problems.iter().filter(|problem| mains.contains_key(&problem.field)).cloned().collect();
    let gap = |problem: Problem| {
        let main = mains.get(&problem.field).cloned().unwrap_or_default();
        view! { <li><a href=format!("{}#c{}", paths::desk(id, &main), problem.field)>{problem.field.clone()}</a>" "{problem.message}</li> }
    };
    let (title, about, button) = match signed {
        None => (t("sheet-sign"), t("sheet-sign-explain"), t("sheet-submit")),
        Some(signature) => {
            let told = [("name", signature.name.into()), ("at", format::moment(signature.at).into())];
            (t("sign-again-title"), t_with("sign-again-about", told), t("sign-again-do"))
        }
    };
    view! {
        <form class="card card-padded form sign" method="post" action=paths::sheet_submit(id)>
            <h2>{title}</h2>
            <p class="muted">{about}</p>
            <input type="hidden" name="shown" value=shown/>
            {(!gaps.is_empty()).then(|| view! {
                <div class="notice notice-red" role="alert">
                    <p>{t("sheet-gaps")}</p>
                    <ul>{gaps.into_iter().map(gap).collect_view()}</ul>
                </div>
            })}
            <Field name="signed_name" label=t("sheet-signed-name") problems=problems.clone()>
                <input id="signed_name" name="signed_name" value=signer required maxlength="200"/>
            </Field>
            <div><Button kind=ButtonKind::Primary>{button}</Button></div>
        </form>
    }
}
