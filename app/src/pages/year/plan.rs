//! `/lam-viec/ky/{period}/ke-hoach`: the dates of a period, its guidance, the days nobody works, and the submission of its
//! result.

use axum::Form;
use axum::extract::{Multipart, Path, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use leptos::prelude::*;
use serde::Deserialize;
use tenants::calendar::{self, Calendar};
use tenants::files::MAX_FILE;
use tenants::ids::PeriodId;
use tenants::periods::{self, PeriodHead, Progress, Stage, timeline};
use tenants::policy::{self, Action, Subject};
use tenants::store::Tx;
use tenants::year::{self, Guidance, GuidanceCopy, NewPlan};
use tenants::{Error, Problem, paths};
use time::Date;

use crate::caller::Signed;
use crate::components::{Breadcrumb, Button, ButtonKind, Field, Lead};
use crate::days::day_of;
use crate::download::serve_file;
use crate::form::Submission;
use crate::multipart::{allowed, receive_file, receive_text, whole};
use crate::pages::year::settings::SettingsForm;
use crate::render::{self, Page};
use crate::text::{t, t_with};
use crate::{App, AppError, Result, format};

/// The dates as typed.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    self_from: String,
    appraise_until: String,
    conclude_until: String,
    submit_until: String,
}

/// `GET /lam-viec/ky/{period}/ke-hoach`
pub async fn show(State(app): State<App>, signed: Signed, Path(id): Path<PeriodId>) -> Result<Html<String>> {
    page(&app, &signed, id).await
}

/// `POST /lam-viec/ky/{period}/ke-hoach`
pub async fn save(submission: Submission, Path(id): Path<PeriodId>, Form(typed): Form<Typed>) -> Result<Redirect> {
    submission.submit(t("plan-saved"), &paths::year_plan(id), async |tx| year::plan(tx, id, &read(&typed)?).await).await
}

fn read(typed: &Typed) -> tenants::Result<NewPlan> {
    let mut problems = Vec::new();
    let mut day = |field: &str, text: &str| {
        let day = day_of(text);
        if day.is_none() && !text.trim().is_empty() {
            problems.push(Problem::new(field, &t("period-bad-date")));
        }
        day
    };
    let begin = |day: Date| day.with_time(time::Time::MIDNIGHT).assume_offset(format::HANOI);
    let plan = NewPlan {
        self_from: day("self_from", &typed.self_from).map(begin),
        appraise_until: day("appraise_until", &typed.appraise_until),
        conclude_until: day("conclude_until", &typed.conclude_until),
        submit_until: day("submit_until", &typed.submit_until),
    };
    if problems.is_empty() { Ok(plan) } else { Err(Error::Invalid(problems)) }
}

/// `POST /lam-viec/ky/{period}/huong-dan`: a file, or the address of a document published elsewhere.
pub async fn guide(submission: Submission, Path(id): Path<PeriodId>, form: Multipart) -> Result<Redirect> {
    let (app, signed) = (&submission.app, &submission.signed);
    let form = allowed(signed, Action::ManagePeriod, form).await?;
    let link = paths::year_plan(id);
    let (file, title, url) = whole(form, async |form| {
        let (mut file, mut title, mut url) = (None, String::new(), String::new());
        while let Some(field) = form.next_field().await.map_err(|_| AppError::Malformed)? {
            match field.name().unwrap_or_default() {
                "guidance" => file = receive_file(app, signed, field, (MAX_FILE, &link)).await?,
                "title" => title = receive_text(field).await?,
                "url" => url = receive_text(field).await?,
                _ => {}
            }
        }
        Ok((file, title, url))
    })
    .await?;
    let guidance = match &file {
        Some(received) => Guidance::File(received.file.clone()),
        None => Guidance::Link { title, url },
    };
    // Tried before the file is stored: what is refused leaves nothing behind.
    submission.attempt(async |tx| year::guide(tx, id, &guidance).await).await?;
    if let Some(received) = file {
        received.store(app, signed).await?;
    }
    submission.submit(t("plan-guided"), &link, async |tx| year::guide(tx, id, &guidance).await).await
}

/// `GET /lam-viec/ky/{period}/huong-dan`
pub async fn guidance(State(app): State<App>, signed: Signed, Path(id): Path<PeriodId>) -> Result<Response> {
    let tx = app.db.read(&signed.caller).await?;
    let copy = year::guidance(&tx, id).await?;
    drop(tx);
    match copy {
        GuidanceCopy::Link(url) => Ok(Redirect::to(&url).into_response()),
        GuidanceCopy::File { sha256, name, media_type } => {
            serve_file(&app, &signed, &sha256, &name, Some(&media_type), None).await
        }
    }
}

#[derive(Deserialize)]
pub struct Submitted {
    submitted_number: String,
    submitted_on: String,
}

/// `POST /lam-viec/ky/{period}/trinh`
pub async fn submitted(
    submission: Submission,
    Path(id): Path<PeriodId>,
    Form(form): Form<Submitted>,
) -> Result<Redirect> {
    let on = day_of(&form.submitted_on);
    let on = on.ok_or_else(|| Error::Invalid(vec![Problem::new("submitted_on", &t("period-bad-date"))]))?;
    submission
        .submit(t("plan-submitted"), &paths::year_plan(id), async |tx| {
            year::submitted(tx, id, &form.submitted_number, on).await
        })
        .await
}

#[derive(Deserialize)]
pub struct DayOff {
    day: String,
    /// Empty: the day is worked again.
    #[serde(default)]
    day_name: String,
}

/// `POST /lam-viec/ky/{period}/ngay-nghi`
pub async fn add_day(submission: Submission, Path(id): Path<PeriodId>, Form(form): Form<DayOff>) -> Result<Redirect> {
    day_off(&submission, id, &form, true).await
}

/// `POST /lam-viec/ky/{period}/ngay-nghi/bo`
pub async fn remove_day(
    submission: Submission,
    Path(id): Path<PeriodId>,
    Form(form): Form<DayOff>,
) -> Result<Redirect> {
    day_off(&submission, id, &form, false).await
}

async fn day_off(submission: &Submission, id: PeriodId, form: &DayOff, add: bool) -> Result<Redirect> {
    let day = day_of(&form.day);
    let day = day.ok_or_else(|| Error::Invalid(vec![Problem::new("day", &t("period-bad-date"))]))?;
    let act = async |tx: &Tx| {
        year::head(tx, id).await?;
        match add {
            true => calendar::add(tx, day, &form.day_name).await,
            false => calendar::remove(tx, day).await,
        }
    };
    submission.submit(t("plan-saved"), &paths::year_plan(id), act).await
}

async fn page(app: &App, signed: &Signed, id: PeriodId) -> Result<Html<String>> {
    policy::allow(&signed.caller, Action::ViewBoard, Subject::Tenant)?;
    let tx = app.db.read(&signed.caller).await?;
    let (period, days) = (year::head(&tx, id).await?, calendar::calendar(&tx).await?);
    drop(tx);
    let may = policy::allows(&signed.caller, Action::ManagePeriod, Subject::Tenant);
    Page::new(t("plan")).staff(app, signed, || view! { <Plan period days may/> }).await
}

#[component]
fn Plan(period: PeriodHead, days: Calendar, may: bool) -> impl IntoView {
    let id = period.id;
    let steps = vec![(paths::years::PATH.into(), t("nav-periods")), (paths::year(id), period.name.clone())];
    let concluded = period.stage == Stage::Concluded;
    view! {
        <Breadcrumb label=t("breadcrumb") steps/>
        <Lead title=t("plan") about=t("plan-about")/>
        <Timeline period=period.clone()/>
        {(may && period.stage < Stage::Published).then(|| view! { <Dates period=period.clone()/> })}
        <GuidanceForm period=period.clone() may/>
        <SettingsForm period=period.clone() may/>
        {(may && concluded).then(|| view! { <SubmissionForm period/> })}
        <DaysOff id days may/>
    }
}

/// The steps of the year, where it is now, and what is late.
#[component]
pub fn Timeline(period: PeriodHead) -> impl IntoView {
    let milestones = timeline(&period, render::now());
    let line = |milestone: periods::Milestone| {
        let (class, mark) = match milestone.progress {
            Progress::Past => ("past", Some(t("step-past"))),
            Progress::Now => ("now", Some(t("step-now"))),
            Progress::Next => ("next", None),
        };
        let until = milestone.until.map(|until| match milestone.step {
            periods::Step::Guidance => t_with("step-before", [("at", format::moment(until).into())]),
            _ => t_with("step-until", [("at", format::moment(until).into())]),
        });
        let current = (milestone.progress == Progress::Now).then_some("step");
        view! {
            <li class=class class:late=milestone.late aria-current=current>
                <strong>{t(&format!("step-{}", milestone.step.as_str()))}</strong>
                {mark.map(|mark| view! { <span class="visually-hidden">{mark}</span> })}
                <small class="muted">{until}{milestone.late.then(|| view! { " "<span class="late-mark">{t("step-late")}</span> })}</small>
            </li>
        }
    };
    view! { <ol class="timeline" aria-label=t("plan")>{milestones.into_iter().map(line).collect_view()}</ol> }
}

#[component]
fn Dates(period: PeriodHead) -> impl IntoView {
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let fields = [
        ("self_from", day(period.self_from.map(|from| from.to_offset(format::HANOI).date()))),
        ("appraise_until", day(period.appraise_until)),
        ("conclude_until", day(period.conclude_until)),
        ("submit_until", day(period.submit_until)),
    ];
    let field = |(name, value): (&'static str, String)| {
        view! { <Field name label=t(&format!("plan-{name}"))><input id=name name=name type="date" value=value/></Field> }
    };
    view! {
        <form class="card card-padded form wide-form" method="post" action=paths::year_plan(period.id)>
            <h2>{t("plan-dates")}</h2>
            <p class="muted">{t("plan-dates-about")}</p>
            <div class="form-columns">{fields.map(field).into_iter().collect_view()}</div>
            <div><Button kind=ButtonKind::Primary>{t("save")}</Button></div>
        </form>
    }
}

#[component]
fn GuidanceForm(period: PeriodHead, may: bool) -> impl IntoView {
    let address = paths::year_guidance(period.id);
    let here = match period.guidance {
        Some(name) => view! { <p><a href=address.clone()>{name}</a></p> }.into_any(),
        None => view! { <p class="muted">{t("plan-guidance-none")}</p> }.into_any(),
    };
    view! {
        <section class="card card-padded stack">
            <h2>{t("plan-guidance")}</h2>
            {here}
            {may.then(|| view! {
                <form class="form wide-form" method="post" enctype="multipart/form-data" action=address>
                    <Field name="guidance" label=t("plan-guidance-file")><input id="guidance" name="guidance" type="file" accept=".pdf,.doc,.docx"/></Field>
                    <div class="form-columns">
                        <Field name="title" label=t("plan-guidance-title")><input id="title" name="title" maxlength="300"/></Field>
                        <Field name="url" label=t("plan-guidance-url")><input id="url" name="url" type="url" maxlength="1000"/></Field>
                    </div>
                    <div><Button>{t("plan-guidance-save")}</Button></div>
                </form>
            })}
        </section>
    }
}

#[component]
fn SubmissionForm(period: PeriodHead) -> impl IntoView {
    let today = render::today();
    let on = period.submitted_on.unwrap_or(today).to_string();
    let number = period.submitted_number.unwrap_or_default();
    view! {
        <form class="card card-padded form wide-form" method="post" action=paths::year_submitted(period.id)>
            <h2>{t("plan-submission")}</h2>
            <div class="form-columns">
                <Field name="submitted_number" label=t("plan-submitted-number")><input id="submitted_number" name="submitted_number" required maxlength="100" value=number/></Field>
                <Field name="submitted_on" label=t("plan-submitted-on")><input id="submitted_on" name="submitted_on" type="date" required value=on/></Field>
            </div>
            <div><Button>{t("save")}</Button></div>
        </form>
    }
}

#[component]
fn DaysOff(id: PeriodId, days: Calendar, may: bool) -> impl IntoView {
    let none = days.off.is_empty();
    let line = |(day, name): (Date, String)| {
        let label = t_with("plan-day-remove", [("day", format::date(day).into())]);
        view! {
            <li>
                <span>{format!("{} · {name}", format::date(day))}</span>
                {may.then(|| view! {
                    <form method="post" action=paths::year_days_off_remove(id)>
                        <input type="hidden" name="day" value=day.to_string()/>
                        <button class="button button-quiet" type="submit" aria-label=label>{t("desk-remove")}</button>
                    </form>
                })}
            </li>
        }
    };
    view! {
        <section class="card card-padded stack">
            <h2>{t("plan-days")}</h2>
            <p class="muted">{t("plan-days-about")}</p>
            {none.then(|| view! { <p class="muted">{t("plan-days-none")}</p> })}
            <ul class="days-off" role="list">{days.off.into_iter().map(line).collect_view()}</ul>
            {may.then(|| view! {
                <form class="form wide-form" method="post" action=paths::year_days_off(id)>
                    <div class="form-columns">
                        <Field name="day" label=t("plan-day")><input id="day" name="day" type="date" required/></Field>
                        <Field name="day_name" label=t("plan-day-name")><input id="day_name" name="day_name" required maxlength="200"/></Field>
                    </div>
                    <div><Button>{t("plan-day-add")}</Button></div>
                </form>
            })}
        </section>
    }
}
