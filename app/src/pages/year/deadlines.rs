//! The deadlines of a period, moved for everybody: `POST /lam-viec/ky/{period}/han`.

use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;
use serde::Deserialize;
use tenants::ids::PeriodId;
use tenants::periods::PeriodHead;
use tenants::policy::{self, Action, Subject};
use tenants::year::{self, Deadlines};
use tenants::{Error, Problem, paths};
use tower_sessions::Session;

use crate::caller::Signed;
use crate::components::{Button, Field};
use crate::days::day_of;
use crate::session::{FlashKind, set_flash};
use crate::text::t;
use crate::{App, Result, format};

/// The form as sent.
#[derive(Clone, Deserialize)]
pub struct Typed {
    self_deadline: String,
    publish_deadline: String,
    reason: String,
}

/// A change that was refused: shown again as typed, with what to mend.
#[derive(Clone)]
pub struct Refused {
    typed: Typed,
    problems: Vec<Problem>,
}

/// `POST /lam-viec/ky/{period}/han`
pub async fn change(
    State(app): State<App>,
    signed: Signed,
    session: Session,
    Path(id): Path<PeriodId>,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    match reschedule(&app, &signed, id, &typed).await {
        Ok(()) => {
            set_flash(&session, FlashKind::Done, t("period-rescheduled")).await?;
            Ok(Redirect::to(&paths::year(id)).into_response())
        }
        Err(Error::Invalid(problems)) => {
            let again = crate::pages::year::board::page(&app, &signed, id, Some(Refused { typed, problems })).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

async fn reschedule(app: &App, signed: &Signed, id: PeriodId, typed: &Typed) -> tenants::Result<()> {
    policy::allow(&signed.caller, Action::ManagePeriod, Subject::Tenant)?;
    let tx = app.db.begin(&signed.caller).await?;
    let day = |field: &str, text: &str| {
        let day = day_of(text).map(tenants::clock::last_second);
        day.ok_or_else(|| Error::Invalid(vec![Problem::new(field, &t("period-bad-date"))]))
    };
    let deadlines = Deadlines {
        self_deadline: day("self_deadline", &typed.self_deadline)?,
        publish_deadline: day("publish_deadline", &typed.publish_deadline)?,
    };
    year::reschedule(&tx, id, &deadlines, &typed.reason).await?;
    tx.commit().await
}

/// Folded until the deadlines have to move.
#[component]
pub fn ScheduleForm(period: PeriodHead, refused: Option<Refused>) -> impl IntoView {
    let day = |moment: time::OffsetDateTime| moment.to_offset(format::HANOI).date().to_string();
    let open = refused.is_some();
    let (typed, problems) = match refused {
        Some(refused) => (refused.typed, refused.problems),
        None => {
            let (own, publish) = (day(period.self_deadline), day(period.publish_deadline));
            (Typed { self_deadline: own, publish_deadline: publish, reason: String::new() }, Vec::new())
        }
    };
    let why = problems.iter().filter(|problem| problem.field == "reason");
    let why = why.map(|problem| view! { <p class="field-problem">{problem.message.clone()}</p> }).collect_view();
    view! {
        <details class="inline-form" open=open>
            <summary>{t("period-reschedule")}</summary>
            <form class="decide-form" method="post" action=paths::year_deadlines(period.id)>
                <Field name="self_deadline" label=t("period-self-deadline") problems=problems.clone()>
                    <input id="self_deadline" name="self_deadline" type="date" required value=typed.self_deadline/>
                </Field>
                <Field name="publish_deadline" label=t("period-publish-deadline") problems>
                    <input id="publish_deadline" name="publish_deadline" type="date" required value=typed.publish_deadline/>
                </Field>
                <div class="field grow">
                    <label for="schedule-reason">{t("reason")}</label>
                    <input id="schedule-reason" name="reason" value=typed.reason required maxlength="500"/>
                    {why}
                </div>
                <Button>{t("save")}</Button>
            </form>
        </details>
    }
}
