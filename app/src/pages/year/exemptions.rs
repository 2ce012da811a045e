//! `/lam-viec/ky/nhom/{group}/khong-danh-gia`: the matrix unit by indicator of what is not assessed: what the managing agency
//! has fixed, what units claim, what the council has decided.

use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use leptos::prelude::*;
use rust_decimal::Decimal;
use tenants::assessments::{self, Cell, ClaimedBy, Exemption, Matrix, MatrixColumn, MatrixUnit, Verdict};
use tenants::ids::{AssessmentId, GroupId};
use tenants::sheets::{Claim, ClaimGround};
use tenants::{Error, Problem, paths};
use tower_sessions::Session;

use crate::caller::Signed;
use crate::components::{Breadcrumb, Button, ButtonKind, EmptyState, Field, Lead, ProblemList, TextArea};
use crate::render::Page;
use crate::session::{FlashKind, set_flash};
use crate::text::{t, t_with};
use crate::{App, Result};

/// `GET /lam-viec/ky/nhom/{group}/khong-danh-gia`
pub async fn show(State(app): State<App>, signed: Signed, Path(group): Path<GroupId>) -> Result<Html<String>> {
    page(&app, &signed, group, Typed::default(), Vec::new()).await
}

/// The form as sent. Whole rows and columns may be chosen beside single cells.
#[derive(Clone, Default)]
struct Typed {
    cells: Vec<String>,
    rows: Vec<String>,
    columns: Vec<String>,
    ground: Option<ClaimGround>,
    reason: String,
    lift: bool,
}

impl Typed {
    fn read(form: Vec<(String, String)>) -> Typed {
        let mut typed = Typed::default();
        for (name, value) in form {
            match name.as_str() {
                "cell" => typed.cells.push(value),
                "row" => typed.rows.push(value),
                "column" => typed.columns.push(value),
                "ground" => typed.ground = ClaimGround::parse(&value),
                "reason" => typed.reason = value,
                "act" => typed.lift = value == "lift",
                _ => {}
            }
        }
        typed
    }

    /// The cells meant, of units that can still be changed.
    fn chosen(&self, matrix: &Matrix) -> Vec<(AssessmentId, String)> {
        let mut chosen = Vec::new();
        for unit in matrix.units.iter() {
            let whole_row = self.rows.contains(&unit.sheet.to_string());
            for column in &matrix.indicators {
                let named = self.cells.contains(&cell_name(unit.sheet, &column.code));
                let among = whole_row || self.columns.contains(&column.code);
                if named || (among && unit.open) {
                    chosen.push((unit.sheet, column.code.clone()));
                }
            }
        }
        chosen
    }
}

fn cell_name(sheet: AssessmentId, code: &str) -> String {
    format!("{sheet}:{code}")
}

/// `POST /lam-viec/ky/nhom/{group}/khong-danh-gia`: exempts the chosen cells, or takes that back.
pub async fn save(
    State(app): State<App>,
    signed: Signed,
    session: Session,
    Path(group): Path<GroupId>,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let typed = Typed::read(form);
    let tx = app.db.begin(&signed.caller).await?;
    let matrix = assessments::matrix(&tx, group).await?;
    let ground = typed.ground.unwrap_or(ClaimGround::NoFunction);
    let claim = (!typed.lift).then(|| Claim { ground, reason: typed.reason.clone() });
    let wanted = Exemption { group, cells: typed.chosen(&matrix), claim };
    match assessments::exempt(&tx, &wanted).await {
        Ok(changed) => {
            tx.commit().await?;
            set_flash(&session, FlashKind::Done, t_with("exempt-saved", [("count", changed.into())])).await?;
            Ok(Redirect::to(&paths::exemptions(group)).into_response())
        }
        Err(Error::Invalid(problems)) => {
            drop(tx);
            let again = page(&app, &signed, group, typed, problems).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

async fn page(
    app: &App,
    signed: &Signed,
    group: GroupId,
    typed: Typed,
    problems: Vec<Problem>,
) -> Result<Html<String>> {
    let tx = app.db.read(&signed.caller).await?;
    let matrix = assessments::matrix(&tx, group).await?;
    drop(tx);
    Page::new(t("exempt")).wide().staff(app, signed, || view! { <MatrixPage matrix typed problems/> }).await
}

#[component]
fn MatrixPage(matrix: Matrix, typed: Typed, problems: Vec<Problem>) -> impl IntoView {
    let (period, group, may) = (matrix.period.clone(), matrix.group, matrix.may);
    let steps = vec![(paths::years::PATH.into(), t("nav-periods")), (paths::year(period.id), period.name.clone())];
    let head = view! {
        <Breadcrumb label=t("breadcrumb") steps/>
        <Lead title=format!("{} · {}", t("exempt"), matrix.group_name) about=t("exempt-about")/>
    };
    if matrix.indicators.is_empty() {
        return view! { {head}<EmptyState title=t("exempt-none") text=t("exempt-none-text")/> }.into_any();
    }
    view! {
        {head}
        <Legend/>
        <form class="stack" method="post" action=paths::exemptions(group)>
            <ProblemList problems=problems.clone()/>
            <Grid matrix typed=typed.clone()/>
            {may.then(|| view! { <ClaimFields typed problems/> })}
        </form>
    }
    .into_any()
}

/// What the marks mean.
#[component]
fn Legend() -> impl IntoView {
    let line = |mark: &'static str, class: &'static str, key: &str| view! { <li><span class=class>{mark}</span>" "{t(key)}</li> };
    view! {
        <ul class="matrix-legend muted" role="list">
            {line("CQ", "mark", "exempt-by-authority")}
            {line("ĐV", "mark", "exempt-by-unit")}
            {line("0", "mark", "exempt-by-rule")}
            {line("¹", "mark", "claim-no_function")}
            {line("²", "mark", "claim-not_this_year")}
            {line("✓", "mark mark-approved", "exempt-approved")}
            {line("✗", "mark mark-rejected", "exempt-rejected")}
        </ul>
    }
}

#[component]
fn Grid(matrix: Matrix, typed: Typed) -> impl IntoView {
    let Matrix { indicators, units, may, .. } = matrix;
    let columns = typed.columns.clone();
    let heading = |column: MatrixColumn| {
        let checked = columns.contains(&column.code);
        let label = t_with("exempt-whole-column", [("code", column.code.clone().into())]);
        let name = format!("{} {} · {}", column.code, column.name, engine::number::trim(column.maximum));
        view! {
            <th scope="col" title=name>
                <span class="matrix-code">{column.code.clone()}</span>
                {may.then(|| view! { <input type="checkbox" name="column" value=column.code checked=checked aria-label=label/> })}
            </th>
        }
    };
    let headings = indicators.iter().cloned().map(heading).collect_view();
    let line = |unit: MatrixUnit| view! { <Line unit indicators=indicators.clone() may typed=typed.clone()/> };
    view! {
        <div class="card table matrix" role="region" aria-label=t("exempt") tabindex="0">
            <table>
                <thead>
                    <tr>
                        <th scope="col" class="matrix-corner">{t("unit")}</th>
                        {headings}
                        <th scope="col" class="num">{t("exempt-excluded")}</th>
                    </tr>
                </thead>
                <tbody>{units.into_iter().map(line).collect_view()}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Line(unit: MatrixUnit, indicators: Vec<MatrixColumn>, may: bool, typed: Typed) -> impl IntoView {
    let MatrixUnit { sheet, unit_name, open, cells } = unit;
    let editable = may && open;
    let whole = typed.rows.contains(&sheet.to_string());
    let label = t_with("exempt-whole-row", [("unit", unit_name.clone().into())]);
    let out = indicators.iter().zip(&cells).filter(|(_, cell)| cell.verdict == Some(Verdict::Approved));
    let out: Decimal = out.map(|(column, _)| column.maximum).sum();
    let annex = paths::sheet_not_assessed(sheet);
    let shown = indicators.into_iter().zip(cells).map(|(column, cell)| {
        let name = cell_name(sheet, &column.code);
        let checked = typed.cells.contains(&name);
        view! { <CellView name cell checked editable label=format!("{unit_name}, {}", column.code)/> }
    });
    let shown = shown.collect_view();
    view! {
        <tr>
            <th scope="row">
                <span class="matrix-unit">
                    {editable.then(|| view! { <input type="checkbox" name="row" value=sheet.to_string() checked=whole aria-label=label/> })}
                    <a href=annex>{unit_name.clone()}</a>
                </span>
                {(!open).then(|| view! { <small class="muted block">{t("exempt-closed")}</small> })}
            </th>
            {shown}
            <td class="num">{engine::number::trim(out)}</td>
        </tr>
    }
}

#[component]
fn CellView(
    /// Of the checkbox.
    name: String,
    cell: Cell,
    checked: bool,
    editable: bool,
    label: String,
) -> impl IntoView {
    let told = told(&cell);
    let said = if told.is_empty() { label } else { format!("{label}: {told}") };
    let title = (!told.is_empty()).then_some(told.clone());
    let by = cell.by.map(|by| match by {
        ClaimedBy::Authority => "CQ",
        ClaimedBy::Unit => "ĐV",
        ClaimedBy::Rule => "0",
    });
    let ground = cell.claim.as_ref().map(|claim| match claim.ground {
        ClaimGround::NoFunction => "¹",
        ClaimGround::NotThisYear => "²",
    });
    let verdict = cell.verdict.map(|verdict| match verdict {
        Verdict::Approved => view! { <span class="mark mark-approved" aria-hidden="true">"✓"</span> },
        Verdict::Rejected => view! { <span class="mark mark-rejected" aria-hidden="true">"✗"</span> },
    });
    let draft = cell.draft.then_some("?");
    let mark = by.map(|by| view! { <span class="mark" aria-hidden="true">{by}{ground}{draft}</span> });
    let box_or_words = match editable {
        true => view! { <input type="checkbox" name="cell" value=name checked=checked aria-label=said/> }.into_any(),
        false => view! { <span class="visually-hidden">{told}</span> }.into_any(),
    };
    view! { <td title=title><label class="matrix-cell">{box_or_words}{mark}{verdict}</label></td> }
}

/// The cell in words.
fn told(cell: &Cell) -> String {
    let by = cell.by.map(|by| match by {
        ClaimedBy::Authority => t("exempt-by-authority"),
        ClaimedBy::Unit => t("exempt-by-unit"),
        ClaimedBy::Rule => t("exempt-by-rule"),
    });
    let by = by.map(|by| if cell.draft { format!("{by} ({})", t("not-signed")) } else { by });
    let claim = cell.claim.as_ref();
    let claim = claim.map(|claim| format!("{}. {}", t(&format!("claim-{}", claim.ground.as_str())), claim.reason));
    let verdict = cell.verdict.map(|verdict| match verdict {
        Verdict::Approved => t("exempt-approved"),
        Verdict::Rejected => t("exempt-rejected"),
    });
    by.into_iter().chain(claim).chain(verdict).collect::<Vec<_>>().join("; ")
}

/// The ground and the reason, for all chosen cells.
#[component]
fn ClaimFields(typed: Typed, problems: Vec<Problem>) -> impl IntoView {
    let ground = typed.ground;
    let option = move |one: ClaimGround| {
        view! { <option value=one.as_str() selected=ground == Some(one)>{t(&format!("claim-{}", one.as_str()))}</option> }
    };
    view! {
        <div class="card card-padded stack">
            <h2>{t("exempt-chosen")}</h2>
            <p class="muted">{t("exempt-chosen-about")}</p>
            <Field name="ground" label=t("exempt-ground")><select id="ground" name="ground">{ClaimGround::ALL.into_iter().map(option).collect_view()}</select></Field>
            <Field name="reason" label=t("reason") problems=problems><TextArea id="reason" name="reason" rows=2 maxlength=2000 text=typed.reason/></Field>
            <div class="actions">
                <Button kind=ButtonKind::Primary name="act" value="exempt">{t("exempt-save")}</Button>
                <Button name="act" value="lift">{t("exempt-lift")}</Button>
            </div>
        </div>
    }
}
