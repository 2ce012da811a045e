//! `/lam-viec/phieu/{sheet}/mo-lai`: the managing agency lets a unit correct named indicators while the council is at work.

use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use leptos::prelude::*;
use tenants::assessments::{self, Reopen};
use tenants::desk::{self, Sheet, SheetRow};
use tenants::ids::AssessmentId;
use tenants::{Error, Problem, paths};
use tower_sessions::Session;

use crate::caller::Signed;
use crate::components::{Breadcrumb, Button, ButtonKind, Field, Lead, ProblemList, TextArea};
use crate::days::day_of;
use crate::render::Page;
use crate::session::{FlashKind, set_flash};
use crate::text::t;
use crate::{App, Result};

/// The form as typed, with what to mend.
#[derive(Clone, Default)]
struct Typed {
    codes: Vec<String>,
    until: String,
    reason: String,
    problems: Vec<Problem>,
}

/// `GET /lam-viec/phieu/{sheet}/mo-lai`
pub async fn show(State(app): State<App>, signed: Signed, Path(id): Path<AssessmentId>) -> Result<Html<String>> {
    let today = app.today();
    let week = tenants::calendar::Calendar::default().after(today, 5);
    page(&app, &signed, id, Typed { until: week.to_string(), ..Typed::default() }).await
}

/// `POST /lam-viec/phieu/{sheet}/mo-lai`
pub async fn save(
    State(app): State<App>,
    signed: Signed,
    session: Session,
    Path(id): Path<AssessmentId>,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let mut typed = Typed::default();
    for (name, value) in form {
        match name.as_str() {
            "code" => typed.codes.push(value),
            "until" => typed.until = value,
            "reason" => typed.reason = value,
            _ => {}
        }
    }
    match reopen(&app, &signed, id, &typed).await {
        Ok(()) => {
            set_flash(&session, FlashKind::Done, t("reopen-done")).await?;
            Ok(Redirect::to(&paths::appraise(id)).into_response())
        }
        Err(Error::Invalid(problems)) => {
            let again = page(&app, &signed, id, Typed { problems, ..typed }).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

async fn reopen(app: &App, signed: &Signed, id: AssessmentId, typed: &Typed) -> tenants::Result<()> {
    let until = day_of(&typed.until).map(tenants::clock::last_second);
    let until = until.ok_or_else(|| Error::Invalid(vec![Problem::new("until", &t("period-bad-date"))]))?;
    let tx = app.db.begin(&signed.caller).await?;
    let wanted = Reopen { codes: typed.codes.clone(), until, reason: typed.reason.clone() };
    assessments::reopen(&tx, id, &wanted).await?;
    tx.commit().await
}

async fn page(app: &App, signed: &Signed, id: AssessmentId, typed: Typed) -> Result<Html<String>> {
    let tx = app.db.read(&signed.caller).await?;
    let sheet = desk::sheet(&tx, id).await?;
    if !sheet.head.can.reopen {
        return Err(Error::Forbidden.into());
    }
    Page::new(t("reopen")).staff(app, signed, || view! { <ReopenPage sheet typed/> }).await
}

#[component]
fn ReopenPage(sheet: Sheet, typed: Typed) -> impl IntoView {
    let Sheet { head, rows, .. } = sheet;
    let id = head.id;
    let Typed { codes, until, reason, problems } = typed;
    let row = |row: SheetRow| {
        let checked = codes.contains(&row.code);
        view! {
            <li><label class="choice"><input type="checkbox" name="code" value=row.code.clone() checked=checked/>{format!("{} {}", row.code, row.name)}</label></li>
        }
    };
    let rows = rows.into_iter().map(row).collect_view();
    let other: Vec<Problem> = problems.iter().filter(|problem| problem.field == "codes").cloned().collect();
    let steps =
        vec![(paths::appraisals::PATH.into(), t("nav-appraisal")), (paths::appraise(id), head.unit_name.clone())];
    view! {
        <Breadcrumb label=t("breadcrumb") steps/>
        <Lead title=format!("{} · {}", t("reopen"), head.unit_name) about=t("reopen-about")/>
        <form class="card card-padded form" method="post" action=paths::sheet_reopen(id)>
            <ProblemList problems=other/>
            <fieldset class="plain">
                <legend>{t("reopen-codes")}</legend>
                <ul class="exempt-units" role="list">{rows}</ul>
            </fieldset>
            <Field name="until" label=t("reopen-until") problems=problems.clone()><input id="until" name="until" type="date" required value=until/></Field>
            <Field name="reason" label=t("reason") problems=problems><TextArea id="reason" name="reason" rows=2 required=true maxlength=2000 text=reason/></Field>
            <div><Button kind=ButtonKind::Primary>{t("reopen-send")}</Button></div>
        </form>
    }
}
