//! `/lam-viec/ky/{period}/hoi-dong`: the council of a period: the decision that set it up, who sits in it, who did.

mod view;

use axum::Form;
use axum::extract::{Multipart, Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use leptos::prelude::*;
use serde::Deserialize;
use tenants::council::{self, End, NewDecision, NewSeat};
use tenants::files::MAX_FILE;
use tenants::ids::{CouncilDecisionId, PeriodId, SeatId};
use tenants::policy::{self, Action, Subject};
use tenants::seats::{self, SeatKind};
use tenants::store::Tx;
use tenants::{Error, Problem, paths};
use tower_sessions::Session;

use self::view::CouncilPage;
pub use self::view::CouncilStep;
use crate::caller::Signed;
use crate::days::day_of;
use crate::download::serve_file;
use crate::form::Submission;
use crate::multipart::{allowed, receive_file, receive_text, whole};
use crate::render::Page;
use crate::session::{FlashKind, set_flash};
use crate::text::{t, t_with};
use crate::uploads::Received;
use crate::{App, AppError, Result};

/// Whatever was typed into one of the page's forms.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    number: String,
    date: String,
    account: String,
    kind: String,
    field: String,
    /// The seat that ends.
    seat: String,
    on: String,
    reason: String,
    successor: String,
}

/// A form that was refused: what was typed, and what to mend.
#[derive(Clone, Default)]
struct Refused {
    typed: Typed,
    problems: Vec<Problem>,
}

/// `GET /lam-viec/ky/{period}/hoi-dong`
pub async fn show(State(app): State<App>, signed: Signed, Path(id): Path<PeriodId>) -> Result<Html<String>> {
    page(&app, &signed, id, Refused::default()).await
}

/// `POST /lam-viec/ky/{period}/hoi-dong/quyet-dinh`
pub async fn decide(
    State(app): State<App>,
    signed: Signed,
    session: Session,
    Path(id): Path<PeriodId>,
    form: Multipart,
) -> Result<Response> {
    let form = allowed(&signed, Action::ManagePeriod, form).await?;
    let link = paths::council(id);
    let (typed, file, mut problems) = whole(form, async |form| {
        let (mut typed, mut file, mut problems) = (Typed::default(), None, Vec::new());
        while let Some(field) = form.next_field().await.map_err(|_| AppError::Malformed)? {
            match field.name().unwrap_or_default() {
                "number" => typed.number = receive_text(field).await?,
                "date" => typed.date = receive_text(field).await?,
                "file" => match receive_file(&app, &signed, field, (MAX_FILE, &link)).await {
                    Ok(received) => file = received,
                    Err(AppError::Domain(Error::Invalid(wrong))) => problems = wrong,
                    Err(error) => return Err(error),
                },
                _ => {}
            }
        }
        Ok((typed, file, problems))
    })
    .await?;
    let date = day_of(&typed.date);
    if date.is_none() {
        problems.push(Problem::new("date", &t("period-bad-date")));
    }
    let done = match date.filter(|_| problems.is_empty()) {
        Some(date) => record(&app, &signed, id, (&typed.number, date), file).await,
        None => Err(Error::Invalid(problems)),
    };
    answer(&app, &signed, &session, id, done, typed, t("council-decided")).await
}

async fn record(
    app: &App,
    signed: &Signed,
    id: PeriodId,
    (number, date): (&str, time::Date),
    received: Option<Received>,
) -> tenants::Result<()> {
    let file = received.as_ref().map(|received| received.file.clone());
    let new = NewDecision { number: number.into(), date, file };
    if let Some(received) = received {
        // Tried before the file is stored: what is refused leaves nothing behind.
        council::record_decision(&app.db.begin(&signed.caller).await?, id, &new).await?;
        received.store(app, signed).await?;
    }
    let tx = app.db.begin(&signed.caller).await?;
    council::record_decision(&tx, id, &new).await?;
    tx.commit().await
}

/// `GET /lam-viec/ky/{period}/hoi-dong/quyet-dinh/{decision}`
pub async fn decision(
    State(app): State<App>,
    signed: Signed,
    Path((_, id)): Path<(PeriodId, CouncilDecisionId)>,
) -> Result<Response> {
    let tx = app.db.read(&signed.caller).await?;
    let copy = seats::decision_file(&tx, id).await?;
    drop(tx);
    serve_file(&app, &signed, &copy.sha256, &copy.name, Some(&copy.media_type), None).await
}

/// `POST /lam-viec/ky/{period}/hoi-dong`
pub async fn seat(
    State(app): State<App>,
    signed: Signed,
    session: Session,
    Path(id): Path<PeriodId>,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    policy::allow(&signed.caller, Action::ManagePeriod, Subject::Tenant)?;
    let tx = app.db.begin(&signed.caller).await?;
    let done = match (typed.account.parse(), SeatKind::parse(&typed.kind)) {
        (Ok(account), Some(kind)) => {
            council::seat(&tx, id, &NewSeat { account, kind, field: typed.field.clone() }).await.map(drop)
        }
        _ => Err(Error::Invalid(vec![Problem::new("account", &t("council-choose"))])),
    };
    let done = match done {
        Ok(()) => tx.commit().await,
        Err(error) => Err(error),
    };
    answer(&app, &signed, &session, id, done, typed, t("council-seated")).await
}

/// `POST /lam-viec/ky/{period}/hoi-dong/bo`: out of the draft.
pub async fn withdraw(submission: Submission, Path(id): Path<PeriodId>, Form(typed): Form<Typed>) -> Result<Redirect> {
    let seat = typed.seat.parse().map_err(|_| AppError::Malformed)?;
    let act = async |tx: &Tx| council::withdraw(tx, id, seat).await;
    submission.submit(t("council-withdrawn"), &paths::council(id), act).await
}

/// `POST /lam-viec/ky/{period}/hoi-dong/thoi`
pub async fn end(submission: Submission, Path(id): Path<PeriodId>, Form(typed): Form<Typed>) -> Result<Redirect> {
    let seat: SeatId = typed.seat.parse().map_err(|_| AppError::Malformed)?;
    submission.allow(Action::ManagePeriod)?;
    let on = day_of(&typed.on);
    let on = on.ok_or_else(|| Error::Invalid(vec![Problem::new("on", &t("period-bad-date"))]))?;
    let end = End { on, reason: typed.reason, successor: typed.successor.parse().ok() };
    let act = async |tx: &Tx| council::end(tx, id, seat, &end).await;
    submission.submit(t("council-ended"), &paths::council(id), act).await
}

/// `POST /lam-viec/ky/{period}/hoi-dong/ky-truoc`
pub async fn take_over(submission: Submission, Path(id): Path<PeriodId>) -> Result<Redirect> {
    let taken = submission.act(async |tx| council::take_over(tx, id).await).await?;
    let told = match taken.left_out.is_empty() {
        true => t_with("council-taken", [("count", taken.seats.into())]),
        false => {
            let names = taken.left_out.join(", ");
            t_with("council-taken-partly", [("count", taken.seats.into()), ("names", names.into())])
        }
    };
    submission.done(told, &paths::council(id)).await
}

/// Back to the page: done, or once more with what to mend.
async fn answer(
    app: &App,
    signed: &Signed,
    session: &Session,
    id: PeriodId,
    done: tenants::Result<()>,
    typed: Typed,
    told: String,
) -> Result<Response> {
    match done {
        Ok(()) => {
            set_flash(session, FlashKind::Done, told).await?;
            Ok(Redirect::to(&paths::council(id)).into_response())
        }
        Err(Error::Invalid(problems)) => {
            let again = page(app, signed, id, Refused { typed, problems }).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

async fn page(app: &App, signed: &Signed, id: PeriodId, refused: Refused) -> Result<Html<String>> {
    let tx = app.db.read(&signed.caller).await?;
    let council = seats::read(&tx, id).await?;
    let lacking = seats::lacking(&tx, id).await?;
    drop(tx);
    Page::new(t("council")).staff(app, signed, || view! { <CouncilPage council lacking refused/> }).await
}
