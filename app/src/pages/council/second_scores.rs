//! `/lam-viec/cham-lai`: rows a member scores a second time, without seeing what was decided; and the chair's draw.

use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use leptos::prelude::*;
use serde::Deserialize;
use tenants::ids::{PeriodId, SampleId};
use tenants::samples::{self, Agreement, Draw, Pair, Per, SampleLine, SampleRow, SecondScore};
use tenants::{Error, Problem, paths};
use tower_sessions::Session;

use crate::caller::Signed;
use crate::components::{
    Breadcrumb, Button, ButtonKind, EmptyState, EvidenceList, Fact, Field, Lead, StatFacts, Table, Tag, TagKind,
    TextArea,
};
use crate::pages::council::row::{Claimed, Talks};
use crate::render::Page;
use crate::session::{FlashKind, set_flash};
use crate::text::{t, t_with};
use crate::{App, AppError, Result, format};

/// `GET /lam-viec/cham-lai`
pub async fn list(State(app): State<App>, signed: Signed) -> Result<Html<String>> {
    let tx = app.db.read(&signed.caller).await?;
    let lines = samples::mine(&tx).await?;
    drop(tx);
    Page::new(t("sample-mine"))
        .staff(&app, &signed, || {
            view! {
                <Breadcrumb label=t("breadcrumb") steps=vec![(paths::appraisals::PATH.into(), t("nav-appraisal"))]/>
                <Lead title=t("sample-mine") about=t("sample-mine-about")/>
                <Lines lines/>
            }
        })
        .await
}

#[component]
fn Lines(lines: Vec<SampleLine>) -> impl IntoView {
    if lines.is_empty() {
        return view! { <EmptyState title=t("sample-none") text=t("sample-none-text")/> }.into_any();
    }
    let row = |line: SampleLine| {
        let name = format!("{} · {}", line.code, line.unit_name);
        let (kind, key) =
            if line.scored { (TagKind::Green, "sample-scored") } else { (TagKind::Gold, "sample-waiting") };
        let name = match line.scored {
            true => view! { {name} }.into_any(),
            false => view! { <a href=paths::second_score(line.id)>{name}</a> }.into_any(),
        };
        view! { <tr><td>{name}</td><td><Tag kind text=t(key)/></td></tr> }
    };
    view! {
        <Table label=t("sample-mine")>
            <thead><tr><th>{t("sample-row")}</th><th>{t("state")}</th></tr></thead>
            <tbody>{lines.into_iter().map(row).collect_view()}</tbody>
        </Table>
    }
    .into_any()
}

/// A second score as typed.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    points: String,
    not_applicable: String,
    reason: String,
}

/// `GET /lam-viec/cham-lai/{sample}`
pub async fn show(State(app): State<App>, signed: Signed, Path(id): Path<SampleId>) -> Result<Html<String>> {
    page(&app, &signed, id, Typed::default(), Vec::new()).await
}

/// `POST /lam-viec/cham-lai/{sample}`
pub async fn score(
    State(app): State<App>,
    signed: Signed,
    session: Session,
    Path(id): Path<SampleId>,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let score = SecondScore {
        points: typed.points.clone(),
        not_applicable: !typed.not_applicable.is_empty(),
        reason: typed.reason.clone(),
    };
    let tx = app.db.begin(&signed.caller).await?;
    match samples::score(&tx, id, &score).await {
        Ok(()) => {
            tx.commit().await?;
            set_flash(&session, FlashKind::Done, t("sample-kept")).await?;
            Ok(Redirect::to(paths::second_scores::PATH).into_response())
        }
        Err(Error::Invalid(problems)) => {
            drop(tx);
            let again = page(&app, &signed, id, typed, problems).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

async fn page(app: &App, signed: &Signed, id: SampleId, typed: Typed, problems: Vec<Problem>) -> Result<Html<String>> {
    let tx = app.db.read(&signed.caller).await?;
    let sample = samples::row(&tx, id).await?;
    drop(tx);
    let title = format!("{} {}", sample.line.code, sample.row.name);
    Page::new(title.clone()).staff(app, signed, || view! { <Sample sample title typed problems/> }).await
}

#[component]
fn Sample(sample: SampleRow, title: String, typed: Typed, problems: Vec<Problem>) -> impl IntoView {
    let SampleRow { line, sheet, row } = sample;
    let own = row.self_points.map_or_else(|| "–".to_owned(), |points| format::points(points, points.scale()));
    let maximum = engine::number::trim(row.maximum);
    let may_not = row.may_be_not_applicable;
    let guidance = row.guidance.clone();
    view! {
        <Breadcrumb label=t("breadcrumb") steps=vec![(paths::second_scores::PATH.into(), t("sample-mine"))]/>
        <Lead title about=line.unit_name/>
        <p class="notice notice-gold">{t("sample-blind")}</p>
        <article class="card card-padded appraise-row stack">
            {(!guidance.is_empty()).then(|| view! { <p class="muted">{guidance}</p> })}
            <p><span class="muted">{t("self-points")}": "</span><b>{own}</b><span class="muted">{paths::portal(&maximum)}</span></p>
            <Claimed sheet row=row.clone()/>
            <EvidenceList items=row.evidence/>
            <Talks talks=row.talks/>
            <form class="form" method="post" action=paths::second_score(line.id)>
                <Field name="points" label=t_with("sample-points", [("maximum", maximum.into())]) problems=problems.clone()>
                    <input id="points" name="points" class="num" inputmode="decimal" value=typed.points/>
                </Field>
                {may_not.then(|| view! {
                    <label class="choice" for="not_applicable">
                        <input type="checkbox" id="not_applicable" name="not_applicable" value="1" checked=!typed.not_applicable.is_empty()/>
                        {t("decision-not_applicable")}
                    </label>
                })}
                <Field name="reason" label=t("sample-reason") problems>
                    <TextArea id="reason" name="reason" rows=3 maxlength=2000 text=typed.reason/>
                </Field>
                <div><Button kind=ButtonKind::Primary>{t("sample-keep")}</Button></div>
            </form>
        </article>
    }
}

/// A draw as typed.
#[derive(Deserialize)]
pub struct TypedDraw {
    per: String,
    count: String,
    #[serde(default)]
    drawn: usize,
}

/// `POST /lam-viec/ky/{period}/cham-lai`
pub async fn draw(
    State(app): State<App>,
    signed: Signed,
    session: Session,
    Path(id): Path<PeriodId>,
    Form(form): Form<TypedDraw>,
) -> Result<Redirect> {
    let per = Per::parse(&form.per).ok_or(AppError::Malformed)?;
    let tx = app.db.begin(&signed.caller).await?;
    let draw = Draw { per, count: form.count.trim().parse().unwrap_or_default(), drawn: form.drawn };
    let drawn = samples::draw(&tx, id, &draw).await?;
    tx.commit().await?;
    let told = t_with("sample-drawn", [("rows", drawn.rows.into()), ("without", drawn.without.into())]);
    set_flash(&session, FlashKind::Done, told).await?;
    Ok(Redirect::to(&format!("{}#cham-lai", paths::differences(id))))
}

/// On the page of differences: what two members made of the same rows, and the form that draws more.
#[component]
pub fn Twice(id: PeriodId, agreement: Agreement, may: bool) -> impl IntoView {
    let Agreement { pairs, drawn, waiting, equal, mean_gap } = agreement;
    if drawn == 0 && !may {
        return ().into_any();
    }
    let count = pairs.len();
    let facts = vec![
        Fact { label: t("sample-scored"), value: format!("{count}/{}", count + usize::try_from(waiting).unwrap_or(0)) },
        Fact { label: t("sample-equal"), value: format!("{equal}/{count}") },
        Fact { label: t("sample-gap"), value: format::percent(mean_gap, 1) },
    ];
    view! {
        <section class="stack" id="cham-lai">
            <h2>{t("sample")}</h2>
            <p class="muted">{t("sample-about")}</p>
            {(drawn > 0).then(|| view! { <StatFacts facts/> })}
            {(count > 0).then(|| view! { <Pairs pairs/> })}
            {may.then(|| view! { <DrawForm id drawn/> })}
        </section>
    }
    .into_any()
}

#[component]
fn Pairs(pairs: Vec<Pair>) -> impl IntoView {
    let points = |points: Option<rust_decimal::Decimal>| {
        points.map_or_else(|| t("decision-not_applicable"), |points| format::points(points, points.scale()))
    };
    let row = move |pair: Pair| {
        let gap = format::percent(Some(pair.gap()), 1);
        view! {
            <tr>
                <td>
                    <a href=format!("{}#c{}", paths::appraise(pair.sheet), pair.code)>{format!("{} · {}", pair.code, pair.unit_name)}</a>
                    {(!pair.reason.is_empty()).then(|| view! { <small class="muted block">{pair.reason}</small> })}
                </td>
                <td class="num" data-label=t("sample-first")>{points(pair.first)}<small class="muted block">{pair.first_by}</small></td>
                <td class="num" data-label=t("sample-second")>{points(pair.second)}<small class="muted block">{pair.second_by}</small></td>
                <td class="num"><strong>{gap}</strong></td>
            </tr>
        }
    };
    view! {
        <Table label=t("sample")>
            <thead>
                <tr>
                    <th>{t("sample-row")}</th>
                    <th class="num">{t("sample-first")}</th>
                    <th class="num">{t("sample-second")}</th>
                    <th class="num">{t("sample-difference")}</th>
                </tr>
            </thead>
            <tbody>{pairs.into_iter().map(row).collect_view()}</tbody>
        </Table>
    }
}

#[component]
fn DrawForm(id: PeriodId, drawn: usize) -> impl IntoView {
    let per = |per: Per| view! { <option value=per.as_str()>{t(&format!("sample-per-{}", per.as_str()))}</option> };
    view! {
        <form class="card card-padded next-step" method="post" action=paths::second_scores_draw(id)>
            <p>{t("sample-draw-explain")}</p>
            <input type="hidden" name="drawn" value=drawn.to_string()/>
            <Field name="count" label=t("sample-count")>
                <input id="count" name="count" class="num" type="number" min="1" max=samples::MOST.to_string() value="1" required/>
            </Field>
            <Field name="per" label=t("sample-per")>
                <select id="per" name="per">{Per::ALL.into_iter().map(per).collect_view()}</select>
            </Field>
            <Button>{t("sample-draw")}</Button>
        </form>
    }
}
