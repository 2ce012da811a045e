//! The deadlines of a period, moved for everybody: `POST /lam-viec/ky/{period}/han`.

use axum::Form;
use axum::extract::Path;
use axum::response::Redirect;
use leptos::prelude::*;
use serde::Deserialize;
use tenants::ids::PeriodId;
use tenants::periods::PeriodHead;
use tenants::policy::Action;
use tenants::store::Tx;
use tenants::year::{self, Deadlines};
use tenants::{Error, Problem, paths};

use crate::components::{Button, Field};
use crate::days::day_of;
use crate::form::Submission;
use crate::text::t;
use crate::{Result, format};

/// The form as sent.
#[derive(Deserialize)]
pub struct Typed {
    self_deadline: String,
    publish_deadline: String,
    reason: String,
}

/// `POST /lam-viec/ky/{period}/han`
pub async fn change(submission: Submission, Path(id): Path<PeriodId>, Form(typed): Form<Typed>) -> Result<Redirect> {
    submission.allow(Action::ManagePeriod)?;
    let day = |field: &str, text: &str| {
        let day = day_of(text).map(tenants::clock::last_second);
        day.ok_or_else(|| Error::Invalid(vec![Problem::new(field, &t("period-bad-date"))]))
    };
    let deadlines = Deadlines {
        self_deadline: day("self_deadline", &typed.self_deadline)?,
        publish_deadline: day("publish_deadline", &typed.publish_deadline)?,
    };
    let act = async |tx: &Tx| year::reschedule(tx, id, &deadlines, &typed.reason).await.map(drop);
    submission.submit(t("period-rescheduled"), &paths::year(id), act).await
}

/// Folded until the deadlines have to move.
#[component]
pub fn ScheduleForm(period: PeriodHead) -> impl IntoView {
    let day = |moment: time::OffsetDateTime| moment.to_offset(format::HANOI).date().to_string();
    let (own, publish) = (day(period.self_deadline), day(period.publish_deadline));
    view! {
        <details class="inline-form">
            <summary>{t("period-reschedule")}</summary>
            <form class="decide-form" method="post" action=paths::year_deadlines(period.id)>
                <Field name="self_deadline" label=t("period-self-deadline")>
                    <input id="self_deadline" name="self_deadline" type="date" required value=own/>
                </Field>
                <Field name="publish_deadline" label=t("period-publish-deadline")>
                    <input id="publish_deadline" name="publish_deadline" type="date" required value=publish/>
                </Field>
                <div class="field grow">
                    <label for="schedule-reason">{t("reason")}</label>
                    <input id="schedule-reason" name="reason" required maxlength="500"/>
                </div>
                <Button>{t("save")}</Button>
            </form>
        </details>
    }
}
