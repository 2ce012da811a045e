//! Turns of a period that are out of the ordinary: a draft discarded, a result returned by the People's Committee; and the
//! settings where the decision is silent.

use std::collections::HashMap;

use axum::Form;
use axum::extract::Path;
use axum::response::Redirect;
use leptos::prelude::*;
use serde::Deserialize;
use tenants::ids::PeriodId;
use tenants::periods::{PeriodHead, Settings, Stage};
use tenants::{paths, year};

use crate::Result;
use crate::components::{Button, TextArea};
use crate::form::Submission;
use crate::text::t;

/// `POST /lam-viec/ky/{period}/xoa`
pub async fn discard(submission: Submission, Path(id): Path<PeriodId>) -> Result<Redirect> {
    submission.submit(t("period-discarded"), paths::years::PATH, async |tx| year::discard(tx, id).await).await
}

#[derive(Deserialize)]
pub struct Opinion {
    opinion: String,
}

/// `POST /lam-viec/ky/{period}/thu-hoi`
pub async fn take_back(
    submission: Submission,
    Path(id): Path<PeriodId>,
    Form(form): Form<Opinion>,
) -> Result<Redirect> {
    submission
        .submit(t("period-taken-back"), &paths::year(id), async |tx| year::take_back(tx, id, &form.opinion).await)
        .await
}

/// `POST /lam-viec/ky/{period}/quy-dinh`: a setting is on when its box is ticked.
pub async fn settle(
    submission: Submission,
    Path(id): Path<PeriodId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Redirect> {
    let is_on = |name: &str| form.contains_key(name);
    let settings = Settings {
        rank_unsubmitted: is_on("rank_unsubmitted"),
        needs_provisional: is_on("needs_provisional"),
        weekly_list: is_on("weekly_list"),
    };
    submission.submit(t("plan-saved"), &paths::year_plan(id), async |tx| year::set(tx, id, settings).await).await
}

/// Folded, and asked once more, because it cannot be undone.
#[component]
pub fn DiscardForm(id: PeriodId) -> impl IntoView {
    view! {
        <details class="inline-form">
            <summary>{t("period-discard")}</summary>
            <form class="form" method="post" action=paths::year_discard(id)>
                <p>{t("period-discard-about")}</p>
                <div><Button>{t("period-discard-sure")}</Button></div>
            </form>
        </details>
    }
}

#[component]
pub fn TakeBackForm(id: PeriodId) -> impl IntoView {
    view! {
        <details class="inline-form">
            <summary>{t("period-take-back")}</summary>
            <form class="form wide-form" method="post" action=paths::year_take_back(id)>
                <p>{t("period-take-back-about")}</p>
                <div class="field">
                    <label for="opinion">{t("period-take-back-opinion")}</label>
                    <TextArea id="opinion" name="opinion" rows=3 required=true maxlength=2000/>
                </div>
                <div><Button>{t("period-take-back")}</Button></div>
            </form>
        </details>
    }
}

/// Where the decision is silent, the authority says.
#[component]
pub fn SettingsForm(period: PeriodHead, may: bool) -> impl IntoView {
    let settings = period.settings;
    let closed = !may || period.stage >= Stage::Concluded;
    let rows = [
        ("rank_unsubmitted", settings.rank_unsubmitted, closed || period.stage == Stage::Appraisal),
        ("needs_provisional", settings.needs_provisional, closed),
        ("weekly_list", settings.weekly_list, closed),
    ];
    let row = |(name, on, fixed): (&'static str, bool, bool)| {
        // A box that cannot be changed is not sent: its value is.
        let kept = (fixed && on).then(|| view! { <input type="hidden" name=name value="1"/> });
        view! {
            <label class="choice" for=name>
                <input type="checkbox" id=name name=name value="1" checked=on disabled=fixed/>
                <span>{t(&format!("setting-{}", name.replace('_', "-")))}</span>
            </label>
            {kept}
        }
    };
    view! {
        <form class="card card-padded form wide-form" method="post" action=paths::year_settings(period.id)>
            <h2>{t("settings")}</h2>
            <p class="muted">{t("settings-about")}</p>
            {rows.map(row).into_iter().collect_view()}
            {(!closed).then(|| view! { <div><Button>{t("save")}</Button></div> })}
        </form>
    }
}
