//! More time for one unit, or its sheet returned: what the manager does to one line of the board.

use axum::Form;
use axum::extract::Path;
use axum::response::Redirect;
use leptos::prelude::*;
use serde::Deserialize;
use tenants::ids::{AssessmentId, PeriodId};
use tenants::{Error, Problem, assessments, paths, year};

use crate::Result;
use crate::components::Button;
use crate::days::day_of;
use crate::form::Submission;
use crate::text::{t, t_with};

#[derive(Deserialize)]
pub struct Extension {
    sheet: AssessmentId,
    until: String,
    reason: String,
}

/// `POST /lam-viec/ky/{id}/gia-han`
pub async fn extend(submission: Submission, Path(id): Path<PeriodId>, Form(form): Form<Extension>) -> Result<Redirect> {
    let day = day_of(&form.until);
    let until = day.ok_or_else(|| Error::Invalid(vec![Problem::new("until", &t("period-bad-date"))]))?;
    submission
        .submit(t("period-extended"), &format!("{}#p{}", paths::year(id), form.sheet), async |tx| {
            year::extend(tx, form.sheet, tenants::clock::last_second(until), &form.reason).await
        })
        .await
}

#[derive(Deserialize)]
pub struct SendBack {
    sheet: AssessmentId,
    reason: String,
}

/// `POST /lam-viec/ky/{id}/tra-lai`
pub async fn send_back(
    submission: Submission,
    Path(id): Path<PeriodId>,
    Form(form): Form<SendBack>,
) -> Result<Redirect> {
    submission
        .submit(t("period-sent-back"), &format!("{}#p{}", paths::year(id), form.sheet), async |tx| {
            assessments::send_back(tx, form.sheet, &form.reason).await
        })
        .await
}

#[component]
pub fn ExtendForm(id: PeriodId, sheet: AssessmentId, unit: String) -> impl IntoView {
    let [until, reason] = ["until", "reason"].map(|name| format!("{name}-{sheet}"));
    view! {
        <details class="inline-form">
            <summary aria-label=t_with("extend-for", [("unit", unit.into())])>{t("extend")}</summary>
            <form class="form" method="post" action=paths::year_extend(id)>
                <input type="hidden" name="sheet" value=sheet.to_string()/>
                <div class="field">
                    <label for=until.clone()>{t("extend-until")}</label>
                    <input id=until type="date" name="until" required/>
                </div>
                <div class="field">
                    <label for=reason.clone()>{t("reason")}</label>
                    <input id=reason name="reason" required maxlength="500"/>
                </div>
                <Button>{t("extend")}</Button>
            </form>
        </details>
    }
}

#[component]
pub fn SendBackForm(id: PeriodId, sheet: AssessmentId, unit: String) -> impl IntoView {
    let reason = format!("reason-{sheet}");
    view! {
        <details class="inline-form">
            <summary aria-label=t_with("send-back-for", [("unit", unit.into())])>{t("send-back")}</summary>
            <form class="form" method="post" action=paths::year_send_back(id)>
                <input type="hidden" name="sheet" value=sheet.to_string()/>
                <div class="field">
                    <label for=reason.clone()>{t("reason")}</label>
                    <input id=reason name="reason" required maxlength="500"/>
                </div>
                <Button>{t("send-back")}</Button>
            </form>
        </details>
    }
}
