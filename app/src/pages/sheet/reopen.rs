//! `/lam-viec/phieu/{sheet}/mo-lai`: the managing agency lets a unit correct named indicators while the council is at work.

use axum::Form;
use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use leptos::prelude::*;
use tenants::assessments::{self, Reopen};
use tenants::desk::{self, Sheet, SheetRow};
use tenants::ids::AssessmentId;
use tenants::store::Tx;
use tenants::{Error, Problem, paths};

use crate::caller::Signed;
use crate::components::{Breadcrumb, Button, ButtonKind, Field, Lead, TextArea};
use crate::days::day_of;
use crate::form::Submission;
use crate::render::Page;
use crate::text::t;
use crate::{App, Result};

/// `GET /lam-viec/phieu/{sheet}/mo-lai`
pub async fn show(State(app): State<App>, signed: Signed, Path(id): Path<AssessmentId>) -> Result<Html<String>> {
    let today = app.today();
    let week = tenants::calendar::Calendar::default().after(today, 5);
    page(&app, &signed, id, week.to_string()).await
}

/// `POST /lam-viec/phieu/{sheet}/mo-lai`
pub async fn save(
    submission: Submission,
    Path(id): Path<AssessmentId>,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Redirect> {
    let all = |wanted: &'static str| form.iter().filter(move |(name, _)| name == wanted).map(|(_, text)| text.clone());
    let until = all("until").next().and_then(|day| day_of(&day)).map(tenants::clock::last_second);
    let until = until.ok_or_else(|| Error::Invalid(vec![Problem::new("until", &t("period-bad-date"))]))?;
    let wanted = Reopen { codes: all("code").collect(), until, reason: all("reason").next().unwrap_or_default() };
    let act = async |tx: &Tx| assessments::reopen(tx, id, &wanted).await.map(drop);
    submission.submit(t("reopen-done"), &paths::appraise(id), act).await
}

async fn page(app: &App, signed: &Signed, id: AssessmentId, until: String) -> Result<Html<String>> {
    let tx = app.db.read(&signed.caller).await?;
    let sheet = desk::sheet(&tx, id).await?;
    if !sheet.head.can.reopen {
        return Err(Error::Forbidden.into());
    }
    Page::new(t("reopen")).staff(app, signed, || view! { <ReopenPage sheet until/> }).await
}

#[component]
fn ReopenPage(sheet: Sheet, until: String) -> impl IntoView {
    let Sheet { head, rows, .. } = sheet;
    let id = head.id;
    let row = |row: SheetRow| {
        view! {
            <li><label class="choice"><input type="checkbox" name="code" value=row.code.clone()/>{format!("{} {}", row.code, row.name)}</label></li>
        }
    };
    let rows = rows.into_iter().map(row).collect_view();
    let steps =
        vec![(paths::appraisals::PATH.into(), t("nav-appraisal")), (paths::appraise(id), head.unit_name.clone())];
    view! {
        <Breadcrumb label=t("breadcrumb") steps/>
        <Lead title=format!("{} · {}", t("reopen"), head.unit_name) about=t("reopen-about")/>
        <form class="card card-padded form" method="post" action=paths::sheet_reopen(id)>
            <fieldset class="plain">
                <legend>{t("reopen-codes")}</legend>
                <ul class="exempt-units" role="list">{rows}</ul>
            </fieldset>
            <Field name="until" label=t("reopen-until")><input id="until" name="until" type="date" required value=until/></Field>
            <Field name="reason" label=t("reason")><TextArea id="reason" name="reason" rows=2 required=true maxlength=2000/></Field>
            <div><Button kind=ButtonKind::Primary>{t("reopen-send")}</Button></div>
        </form>
    }
}
