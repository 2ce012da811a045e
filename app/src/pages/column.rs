//! `/lam-viec/tham-dinh/nhom/{group}/{code}`: one indicator across all units of a group.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use leptos::prelude::*;
use tenants::appraisal::{self, Column, ColumnRow};
use tenants::ids::GroupId;
use tower_sessions::Session;

use super::judging::{Refused, RowCard};
use crate::caller::Signed;
use crate::components::{Breadcrumb, Button, Lead};
use crate::render::Page;
use crate::session::{FlashKind, set_flash};
use crate::text::{t, t_with};
use crate::{App, Result};

/// `GET /lam-viec/tham-dinh/nhom/{group}`: the first indicator.
pub async fn first(State(app): State<App>, signed: Signed, Path(group): Path<GroupId>) -> Result<Html<String>> {
    open(&app, &signed, group, None, None).await
}

/// `GET /lam-viec/tham-dinh/nhom/{group}/{code}`
pub async fn show(
    State(app): State<App>,
    signed: Signed,
    Path((group, code)): Path<(GroupId, String)>,
) -> Result<Html<String>> {
    open(&app, &signed, group, Some(&code), None).await
}

/// The page with a decision that was refused.
pub async fn page(app: &App, signed: &Signed, group: GroupId, refused: Option<Refused>) -> Result<Html<String>> {
    let code = refused.as_ref().map(|refused| refused.code.clone());
    open(app, signed, group, code.as_deref(), refused).await
}

async fn open(
    app: &App,
    signed: &Signed,
    group: GroupId,
    code: Option<&str>,
    refused: Option<Refused>,
) -> Result<Html<String>> {
    let tx = app.db.read(&signed.caller).await?;
    let column = appraisal::column(&tx, group, code).await?;
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
    Ok(Redirect::to(&format!("/lam-viec/tham-dinh/nhom/{group}/{code}")))
}

#[component]
fn ColumnPage(column: Column, refused: Option<Arc<Refused>>) -> impl IntoView {
    let Column { period, group, group_name, code, name, codes, rows } = column;
    let link = |(other, open): (String, u32)| {
        let current = (other == code).then_some("page");
        let open = (open > 0).then(|| view! { <small>{open}</small> });
        view! { <a href=format!("/lam-viec/tham-dinh/nhom/{group}/{other}") aria-current=current>{other.clone()}{open}</a> }
    };
    let links = codes.into_iter().map(link).collect_view();
    let may = rows.iter().any(|row| row.row.may && row.row.decided.is_none());
    let maximum = rows.first().map(|row| engine::number::trim(row.row.maximum)).unwrap_or_default();
    let guidance = rows.first().map(|row| row.row.guidance.clone()).unwrap_or_default();
    let about = format!("{group_name} · {} · {}", period.name, t_with("column-maximum", [("maximum", maximum.into())]));
    let action = format!("/lam-viec/tham-dinh/nhom/{group}/{code}");
    let card = |row: ColumnRow| {
        let refused = refused.clone().filter(|refused| refused.sheet == row.sheet);
        view! { <RowCard sheet=row.sheet group=Some(group) anchor=row.sheet.to_string() title=row.unit_name closed=row.closed row=row.row refused/> }
    };
    view! {
        <Breadcrumb label=t("breadcrumb") steps=vec![("/lam-viec/tham-dinh".into(), t("nav-appraisal"))]/>
        <Lead title=format!("{code} {name}") about>
            {may.then(|| view! { <form method="post" action=action><Button>{t("column-accept")}</Button></form> })}
        </Lead>
        <nav class="section-links column-links" aria-label=t("column-indicators")>{links}</nav>
        {(!guidance.is_empty()).then(|| view! { <p class="muted">{guidance}</p> })}
        {rows.into_iter().map(card).collect_view()}
    }
}
