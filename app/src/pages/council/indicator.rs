//! `/lam-viec/tham-dinh/nhom/{group}/{code}`: one indicator across all units of a group, a page of units at a time.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::{Html, Redirect};
use leptos::prelude::*;
use serde::Deserialize;
use tenants::appraisal::{self, AppraisalRow, Column, ColumnRow, Spot};
use tenants::ids::{AssessmentId, GroupId};
use tenants::paths;
use tower_sessions::Session;

use crate::caller::Signed;
use crate::components::{Breadcrumb, Button, Lead, Progress, Tag, TagKind};
use crate::pages::council::row::{Refused, RowBody, decision_kind};
use crate::render::Page;
use crate::session::{FlashKind, set_flash};
use crate::text::{t, t_with};
use crate::{App, Result, format};

/// Where on the page somebody wants to look.
#[derive(Deserialize)]
pub struct Where {
    /// From 1.
    #[serde(default)]
    trang: usize,
    /// The next unit to decide after this one.
    sau: Option<AssessmentId>,
    /// This unit.
    tai: Option<AssessmentId>,
}

impl Where {
    fn spot(&self) -> Spot {
        let at = self.tai.map(Spot::At).or(self.sau.map(Spot::After));
        at.unwrap_or(Spot::Page(self.trang.saturating_sub(1)))
    }
}

/// `GET /lam-viec/tham-dinh/nhom/{group}`: the first indicator.
pub async fn first(
    State(app): State<App>,
    signed: Signed,
    Path(group): Path<GroupId>,
    Query(place): Query<Where>,
) -> Result<Html<String>> {
    open(&app, &signed, (group, None), place.spot(), None).await
}

/// `GET /lam-viec/tham-dinh/nhom/{group}/{code}`
pub async fn show(
    State(app): State<App>,
    signed: Signed,
    Path((group, code)): Path<(GroupId, String)>,
    Query(place): Query<Where>,
) -> Result<Html<String>> {
    open(&app, &signed, (group, Some(&code)), place.spot(), None).await
}

/// The page with a decision that was refused.
pub async fn page(app: &App, signed: &Signed, group: GroupId, refused: Refused) -> Result<Html<String>> {
    let (code, sheet) = (refused.code.clone(), refused.sheet);
    open(app, signed, (group, Some(&code)), Spot::At(sheet), Some(refused)).await
}

async fn open(
    app: &App,
    signed: &Signed,
    (group, code): (GroupId, Option<&str>),
    spot: Spot,
    refused: Option<Refused>,
) -> Result<Html<String>> {
    let tx = app.db.read(&signed.caller).await?;
    let column = appraisal::column(&tx, group, code, spot).await?;
    drop(tx);
    let title = format!("{} {}", column.code, column.name);
    Page::new(title).staff(app, signed, || view! { <ColumnPage column refused=refused.map(Arc::new)/> }).await
}

/// `POST /lam-viec/tham-dinh/nhom/{group}/{code}`: accepts every unit's row that proves itself.
pub async fn accept(
    State(app): State<App>,
    signed: Signed,
    session: Session,
    Path((group, code)): Path<(GroupId, String)>,
) -> Result<Redirect> {
    let tx = app.db.begin(&signed.caller).await?;
    let count = appraisal::accept_column(&tx, group, &code).await?;
    tx.commit().await?;
    set_flash(&session, FlashKind::Done, t_with("column-accepted", [("count", count.into())])).await?;
    Ok(Redirect::to(&paths::appraise_indicator(group, &code)))
}

#[component]
fn ColumnPage(column: Column, refused: Option<Arc<Refused>>) -> impl IntoView {
    let Column { period, group, group_name, code, name, codes, rows, units, open, in_bulk, page, pages, focus } =
        column;
    let link = |(other, open): (String, u32)| {
        let current = (other == code).then_some("page");
        let open = (open > 0).then(|| view! { <small>{open}</small> });
        view! { <a href=paths::appraise_indicator(group, &other) aria-current=current>{other.clone()}{open}</a> }
    };
    let links = codes.into_iter().map(link).collect_view();
    let maximum = rows.first().map(|row| engine::number::trim(row.row.maximum)).unwrap_or_default();
    let guidance = rows.first().map(|row| row.row.guidance.clone()).unwrap_or_default();
    let about = format!("{group_name} · {} · {}", period.name, t_with("column-maximum", [("maximum", maximum.into())]));
    let action = paths::appraise_indicator(group, &code);
    let last = rows.last().map(|row| row.sheet);
    let pager = Pager { action: action.clone(), page, pages, last: last.filter(|_| open > 0) };
    let card = |row: ColumnRow| {
        let refused = refused.clone().filter(|refused| refused.sheet == row.sheet);
        let focus = focus == Some(row.sheet);
        view! { <UnitCard group focus row refused/> }
    };
    view! {
        <Breadcrumb label=t("breadcrumb") steps=vec![(paths::appraisals::PATH.into(), t("nav-appraisal"))]/>
        <Lead title=format!("{code} {name}") about>
            {(in_bulk > 0).then(|| view! {
                <form method="post" action=action title=t("appraise-accept-about")>
                    <Button>{t_with("column-accept", [("count", in_bulk.into())])}</Button>
                </form>
            })}
        </Lead>
        <nav class="section-links column-links" aria-label=t("column-indicators")>{links}</nav>
        {(!guidance.is_empty()).then(|| view! { <p class="muted">{guidance}</p> })}
        <div class="column-head">
            <Progress done=units - open of=units text=t_with("column-settled", [("done", (units - open).into()), ("total", units.into())])/>
            {pager.view()}
        </div>
        {rows.into_iter().map(card).collect_view()}
        {(pages > 1).then(|| pager.view())}
    }
}

/// The pages of a column, and the way to what is still to be decided.
struct Pager {
    action: String,
    page: usize,
    pages: usize,
    /// The last unit of the page, while anything is open.
    last: Option<AssessmentId>,
}

impl Pager {
    fn view(&self) -> AnyView {
        let link = |at: usize| {
            let current = (at == self.page).then_some("page");
            let name = t_with("column-page", [("page", (at + 1).into())]);
            view! { <a href=format!("{}?trang={}", self.action, at + 1) aria-current=current aria-label=name>{at + 1}</a> }
        };
        let pages = (self.pages > 1).then(|| {
            view! { <nav class="section-links column-links" aria-label=t("column-pages")>{(0..self.pages).map(link).collect_view()}</nav> }
        });
        let next = self.last.filter(|_| self.pages > 1);
        let next = next.map(|last| {
            view! { <a class="button" href=format!("{}?sau={last}", self.action)>{t("column-next")}</a> }
        });
        view! { <div class="column-pager">{pages}{next}</div> }.into_any()
    }
}

/// A unit as one line that opens: the keyboard goes from line to line, and a closed line holds nothing to step through.
#[component]
fn UnitCard(group: GroupId, focus: bool, row: ColumnRow, refused: Option<Arc<Refused>>) -> impl IntoView {
    let ColumnRow { sheet, unit_name, unsent, closed, row } = row;
    let barred = closed.is_some();
    let own = row.self_points.map_or_else(|| "–".to_owned(), |points| format::points(points, points.scale()));
    let documents = row.evidence.len();
    let open = focus || refused.is_some();
    view! {
        <details class="card unit-row appraise-row" id=format!("c{sheet}") open=open>
            <summary autofocus=focus>
                <strong>{unit_name}</strong>
                <span class="unit-state">
                    {unsent.then(|| view! { <Tag kind=TagKind::Red text=t("sheet-not_submitted")/> })}
                    {barred.then(|| view! { <Tag kind=TagKind::Quiet text=t("column-closed")/> })}
                    <span class="muted">{t_with("column-documents", [("count", documents.into())])}</span>
                    <RowState row=row.clone()/>
                    <b class="num">{own}<span class="muted">"/"{engine::number::trim(row.maximum)}</span></b>
                </span>
            </summary>
            <RowBody sheet group=Some(group) anchor=sheet.to_string() closed row refused/>
        </details>
    }
}

/// What is to be done about a row, in one tag or two.
#[component]
fn RowState(row: AppraisalRow) -> impl IntoView {
    let waits = row.petition.as_ref().is_some_and(|petition| petition.answer.is_none());
    let (kind, text) = match &row.decided {
        Some(decided) if decided.stale => (TagKind::Red, t("decision-stale")),
        Some(decided) => {
            let points = decided.points.map(|points| format!(" {}", format::points(points, points.scale())));
            let what = t(&format!("decision-{}", decided.decision.as_str()));
            (decision_kind(decided.decision), format!("{what}{}", points.unwrap_or_default()))
        }
        None => (TagKind::Quiet, t("decision-none")),
    };
    view! {
        {waits.then(|| view! { <Tag kind=TagKind::Red text=t("petition-waits")/> })}
        {row.is_asked.then(|| view! { <Tag kind=TagKind::Gold text=t("column-asked")/> })}
        {row.claim.is_some().then(|| view! { <Tag kind=TagKind::Gold text=t("column-claimed")/> })}
        <Tag kind text/>
    }
}
