//! The hand-over between clerks and head: `/lam-viec/phieu/{sheet}/trinh-lanh-dao`, `…/rut-trinh`, `…/tra-chuyen-vien`.

use axum::Form;
use axum::extract::Path;
use axum::response::Redirect;
use leptos::prelude::*;
use serde::Deserialize;
use tenants::assessments::{self, HandIn};
use tenants::ids::AssessmentId;
use tenants::paths;
use tenants::sheets::Review;
use tenants::store::Tx;

use crate::components::{Button, ButtonKind, Field, TextArea};
use crate::form::Submission;
use crate::text::{t, t_with};
use crate::{Result, format};

#[derive(Deserialize)]
pub struct Handed {
    #[serde(default)]
    note: String,
    /// Ticked where something is missing.
    despite: Option<String>,
}

/// `POST /lam-viec/phieu/{sheet}/trinh-lanh-dao`
pub async fn hand_in(
    submission: Submission,
    Path(id): Path<AssessmentId>,
    Form(form): Form<Handed>,
) -> Result<Redirect> {
    let wanted = HandIn { note: form.note, despite_gaps: form.despite.is_some() };
    let act = async |tx: &Tx| assessments::hand_in(tx, id, &wanted).await;
    submission.submit(t("review-handed-in-flash"), &paths::sheet(id), act).await
}

/// `POST /lam-viec/phieu/{sheet}/rut-trinh`
pub async fn take_back(submission: Submission, Path(id): Path<AssessmentId>) -> Result<Redirect> {
    submission
        .submit(t("review-taken-back-flash"), &paths::sheet(id), async |tx| assessments::take_back(tx, id).await)
        .await
}

#[derive(Deserialize)]
pub struct Reason {
    #[serde(default)]
    reason: String,
}

/// `POST /lam-viec/phieu/{sheet}/tra-chuyen-vien`
pub async fn hand_back(
    submission: Submission,
    Path(id): Path<AssessmentId>,
    Form(form): Form<Reason>,
) -> Result<Redirect> {
    submission
        .submit(t("review-handed-back-flash"), &paths::sheet(id), async |tx| {
            assessments::hand_back(tx, id, &form.reason).await
        })
        .await
}

/// The clerks' form. Where something is missing they say that they know.
#[component]
pub fn HandInForm(id: AssessmentId, missing: usize) -> impl IntoView {
    let despite = (missing > 0).then(|| {
        view! {
            <label class="choice" for="despite">
                <input type="checkbox" id="despite" name="despite" value="1" required/>
                {t_with("review-despite", [("count", missing.into())])}
            </label>
        }
    });
    view! {
        <form class="card card-padded form" method="post" action=paths::sheet_hand_in(id)>
            <h2>{t("review-hand-in")}</h2>
            <p class="muted">{t("review-hand-in-about")}</p>
            <Field name="note" label=t("review-note")>
                <TextArea id="note" name="note" rows=2 maxlength=2000/>
            </Field>
            {despite}
            <div><Button kind=ButtonKind::Primary>{t("review-hand-in")}</Button></div>
        </form>
    }
}

#[component]
pub fn TakeBackForm(id: AssessmentId) -> impl IntoView {
    view! {
        <form class="card card-padded next-step" method="post" action=paths::sheet_take_back(id)>
            <p>{t("review-take-back-about")}</p>
            <Button>{t("review-take-back")}</Button>
        </form>
    }
}

/// The head's form.
#[component]
pub fn HandBackForm(id: AssessmentId) -> impl IntoView {
    view! {
        <details class="card card-padded">
            <summary>{t("review-hand-back")}</summary>
            <form class="form" method="post" action=paths::sheet_hand_back(id)>
                <p class="muted">{t("review-hand-back-about")}</p>
                <Field name="reason" label=t("reason")>
                    <TextArea id="reason" name="reason" rows=3 required=true maxlength=2000/>
                </Field>
                <div><Button>{t("review-hand-back")}</Button></div>
            </form>
        </details>
    }
}

/// Every step so far.
#[component]
pub fn Steps(reviews: Vec<Review>) -> impl IntoView {
    let line = |step: Review| {
        let told = t_with(
            &format!("review-{}", step.act.as_str().replace('_', "-")),
            [("by", step.by.into()), ("at", format::moment(step.at).into())],
        );
        let note = (!step.note.is_empty()).then(|| view! { <span class="block muted said">{step.note}</span> });
        view! { <li>{told}{note}</li> }
    };
    (!reviews.is_empty()).then(|| {
        view! {
            <details class="card card-padded">
                <summary>{t_with("review-steps", [("count", reviews.len().into())])}</summary>
                <ul class="missing">{reviews.into_iter().map(line).collect_view()}</ul>
            </details>
        }
    })
}
