//! `/lam-viec/ky/{period}/phien-hop`: sessions of the council; `/lam-viec/ky/phien-hop/{session}`: one of them, its votes, and
//! its minutes as a Word file.

mod form;

use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{Html, IntoResponse, Redirect, Response};
use leptos::prelude::*;
use serde::Deserialize;
use tenants::ids::{CouncilSessionId, PeriodId};
use tenants::minutes::{self, Session as Sitting, SessionHead, Vote, Written};
use tenants::{Error, Problem, samples};
use tower_sessions::Session;

use self::form::{MinutesForm, Typed};
use crate::caller::Signed;
use crate::components::{Breadcrumb, Button, EmptyState, Field, Lead, Table, Tag, TagKind, TextArea};
use crate::documents;
use crate::format;
use crate::render::Page;
use crate::session::{FlashKind, set_flash};
use crate::site::encode;
use crate::text::{t, t_with};
use crate::{App, AppError, Result};

/// `GET /lam-viec/ky/{period}/phien-hop`
pub async fn list(State(app): State<App>, signed: Signed, Path(id): Path<PeriodId>) -> Result<Html<String>> {
    page(&app, &signed, id, None, Vec::new()).await
}

/// `POST /lam-viec/ky/{period}/phien-hop`
pub async fn open(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<PeriodId>,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let tx = app.db.begin(&signed.caller).await?;
    let opened = match typed.read() {
        Ok(written) => {
            let expected = minutes::expected(&tx, id).await?;
            let (present, absent) = expected.attendance(&typed.away(), (&written.present, &written.absent));
            minutes::open(&tx, id, &Written { present, absent, ..written }).await
        }
        Err(error) => Err(error),
    };
    match opened {
        Ok(session) => {
            tx.commit().await?;
            Ok(Redirect::to(&format!("/lam-viec/ky/phien-hop/{session}")).into_response())
        }
        Err(Error::Invalid(problems)) => {
            drop(tx);
            let again = page(&app, &signed, id, Some(typed), problems).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

async fn page(
    app: &App,
    signed: &Signed,
    id: PeriodId,
    typed: Option<Typed>,
    problems: Vec<Problem>,
) -> Result<Html<String>> {
    let tx = app.db.read(&signed.caller).await?;
    let (period, sessions) = minutes::list(&tx, id).await?;
    let (may, expected) = (minutes::may_write(&tx, id).await?, minutes::expected(&tx, id).await?);
    drop(tx);
    let steps = vec![("/lam-viec/ky".into(), t("nav-periods")), (format!("/lam-viec/ky/{id}"), period.name)];
    let action = format!("/lam-viec/ky/{id}/phien-hop");
    let typed = typed.unwrap_or_else(|| Typed::of_session(&expected));
    Page::new(t("minutes"))
        .staff(app, signed, || {
            view! {
                <Breadcrumb label=t("breadcrumb") steps/>
                <Lead title=t("minutes") about=t("minutes-about")/>
                <Sessions sessions/>
                {may.then(|| view! {
                    <section class="stack">
                        <h2>{t("minutes-new")}</h2>
                        <MinutesForm action typed problems expected/>
                    </section>
                })}
            }
        })
        .await
}

#[component]
fn Sessions(sessions: Vec<SessionHead>) -> impl IntoView {
    if sessions.is_empty() {
        return view! { <EmptyState title=t("minutes-none") text=t("minutes-none-text")/> }.into_any();
    }
    let row = |session: SessionHead| {
        let (kind, key) =
            if session.sealed { (TagKind::Green, "minutes-sealed") } else { (TagKind::Gold, "minutes-writing") };
        view! {
            <tr>
                <td class="nowrap"><a href=format!("/lam-viec/ky/phien-hop/{}", session.id)>{format::date(session.held_on)}</a></td>
                <td>{session.place}</td>
                <td class="num">{session.votes}</td>
                <td><Tag kind text=t(key)/></td>
            </tr>
        }
    };
    view! {
        <Table label=t("minutes")>
            <thead><tr><th>{t("minutes-held-on")}</th><th>{t("minutes-place")}</th><th class="num">{t("minutes-votes")}</th><th>{t("state")}</th></tr></thead>
            <tbody>{sessions.into_iter().map(row).collect_view()}</tbody>
        </Table>
    }
    .into_any()
}

/// `GET /lam-viec/ky/phien-hop/{session}`
pub async fn show(State(app): State<App>, signed: Signed, Path(id): Path<CouncilSessionId>) -> Result<Html<String>> {
    sitting(&app, &signed, id, None, TypedVote::default(), Vec::new()).await
}

/// `POST /lam-viec/ky/phien-hop/{session}`
pub async fn write(
    State(app): State<App>,
    signed: Signed,
    session: Session,
    Path(id): Path<CouncilSessionId>,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let revision = typed.revision.parse().map_err(|_| AppError::Malformed)?;
    let tx = app.db.begin(&signed.caller).await?;
    let done = match typed.read() {
        Ok(written) => minutes::write(&tx, id, &written, revision).await,
        Err(error) => Err(error),
    };
    let problems = match done {
        Ok(()) => {
            tx.commit().await?;
            set_flash(&session, FlashKind::Done, t("minutes-saved")).await?;
            return Ok(Redirect::to(&format!("/lam-viec/ky/phien-hop/{id}")).into_response());
        }
        Err(Error::Invalid(problems)) => problems,
        Err(Error::Stale) => vec![Problem::new("held_on", &t("minutes-stale"))],
        Err(error) => return Err(error.into()),
    };
    drop(tx);
    let again = sitting(&app, &signed, id, Some(typed), TypedVote::default(), problems).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response())
}

/// A vote as typed.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct TypedVote {
    question: String,
    in_favour: String,
    against: String,
    abstained: String,
}

/// `POST /lam-viec/ky/phien-hop/{session}/bieu-quyet`
pub async fn vote(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<CouncilSessionId>,
    Form(typed): Form<TypedVote>,
) -> Result<Response> {
    let mut problems = Vec::new();
    let mut count = |field: &str, text: &str| match text.trim() {
        "" => 0,
        text => text.parse().unwrap_or_else(|_| {
            problems.push(Problem::new(field, &t("vote-bad-count")));
            0
        }),
    };
    let cast = Vote {
        question: typed.question.clone(),
        in_favour: count("in_favour", &typed.in_favour),
        against: count("against", &typed.against),
        abstained: count("abstained", &typed.abstained),
    };
    if !problems.is_empty() {
        let again = sitting(&app, &signed, id, None, typed, problems).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response());
    }
    let tx = app.db.begin(&signed.caller).await?;
    match minutes::vote(&tx, id, &cast).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(Redirect::to(&format!("/lam-viec/ky/phien-hop/{id}#bieu-quyet")).into_response())
        }
        Err(Error::Invalid(problems)) => {
            drop(tx);
            let again = sitting(&app, &signed, id, None, typed, problems).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /lam-viec/ky/phien-hop/{session}/khoa`
pub async fn seal(
    State(app): State<App>,
    signed: Signed,
    session: Session,
    Path(id): Path<CouncilSessionId>,
) -> Result<Redirect> {
    let tx = app.db.begin(&signed.caller).await?;
    minutes::seal(&tx, id).await?;
    tx.commit().await?;
    set_flash(&session, FlashKind::Done, t("minutes-sealed-flash")).await?;
    Ok(Redirect::to(&format!("/lam-viec/ky/phien-hop/{id}")))
}

/// `GET /lam-viec/ky/phien-hop/{session}/bien-ban.docx`
pub async fn document(State(app): State<App>, signed: Signed, Path(id): Path<CouncilSessionId>) -> Result<Response> {
    let tx = app.db.read(&signed.caller).await?;
    let session = minutes::session(&tx, id).await?;
    samples::refuse_blind(&tx, session.period.id).await?;
    let record = minutes::record(&tx, session.period.id).await?;
    let authority = tenants::tenant::head(&tx).await?.name;
    drop(tx);
    let name = format!("Bien ban hop Hoi dong {}.docx", session.written.held_on);
    let bytes = documents::minutes(&authority, &session, &record).map_err(AppError::internal)?;
    let disposition = format!("attachment; filename*=UTF-8''{}", encode(&name));
    Ok(([(CONTENT_TYPE, documents::DOCX.to_owned()), (CONTENT_DISPOSITION, disposition)], bytes).into_response())
}

async fn sitting(
    app: &App,
    signed: &Signed,
    id: CouncilSessionId,
    typed: Option<Typed>,
    voted: TypedVote,
    problems: Vec<Problem>,
) -> Result<Html<String>> {
    let tx = app.db.read(&signed.caller).await?;
    let session = minutes::session(&tx, id).await?;
    drop(tx);
    let title = t_with("minutes-of", [("day", format::date(session.written.held_on).into())]);
    Page::new(title.clone()).staff(app, signed, || view! { <SittingPage session title typed voted problems/> }).await
}

#[component]
fn SittingPage(
    session: Sitting,
    title: String,
    typed: Option<Typed>,
    voted: TypedVote,
    problems: Vec<Problem>,
) -> impl IntoView {
    let Sitting { id, period, written, votes, revision, written_by, written_at, sealed_at, sealed_by, may_write } =
        session;
    let steps = vec![
        ("/lam-viec/ky".into(), t("nav-periods")),
        (format!("/lam-viec/ky/{}", period.id), period.name),
        (format!("/lam-viec/ky/{}/phien-hop", period.id), t("minutes")),
    ];
    let about = t_with("minutes-written", [("by", written_by.into()), ("at", format::moment(written_at).into())]);
    let sealed = sealed_at.map(|at| {
        let told = [("by", sealed_by.unwrap_or_default().into()), ("at", format::moment(at).into())];
        view! { <p class="notice notice-green">{t_with("minutes-sealed-by", told)}</p> }
    });
    let form = typed.unwrap_or_else(|| Typed::of(&written, revision));
    let body = match may_write {
        true => {
            view! { <MinutesForm action=format!("/lam-viec/ky/phien-hop/{id}") typed=form problems=problems.clone()/> }
                .into_any()
        }
        false => view! { <Text written/> }.into_any(),
    };
    view! {
        <Breadcrumb label=t("breadcrumb") steps/>
        <Lead title about>
            <a class="button" href=format!("/lam-viec/ky/phien-hop/{id}/bien-ban.docx")>{t("minutes-document")}</a>
            {may_write.then(|| view! {
                <form method="post" action=format!("/lam-viec/ky/phien-hop/{id}/khoa")><Button>{t("minutes-seal")}</Button></form>
            })}
        </Lead>
        {sealed}
        {body}
        <Votes id votes voted may_write problems/>
    }
}

/// Sealed minutes, or those another person writes.
#[component]
fn Text(written: Written) -> impl IntoView {
    let part = |key: &str, text: String| {
        (!text.is_empty()).then(|| view! { <section><h2>{t(key)}</h2><p class="said">{text}</p></section> })
    };
    view! {
        <div class="card card-padded stack">
            {part("minutes-place", written.place)}
            {part("minutes-chair", written.chair)}
            {part("minutes-secretary", written.secretary)}
            {part("minutes-present", written.present)}
            {part("minutes-absent", written.absent)}
            {part("minutes-proceedings", written.proceedings)}
            {part("minutes-conclusion", written.conclusion)}
        </div>
    }
}

#[component]
fn Votes(
    id: CouncilSessionId,
    votes: Vec<Vote>,
    voted: TypedVote,
    may_write: bool,
    problems: Vec<Problem>,
) -> impl IntoView {
    let row = |vote: Vote| {
        let (kind, key) =
            if vote.is_carried() { (TagKind::Green, "vote-carried") } else { (TagKind::Red, "vote-lost") };
        view! {
            <tr>
                <td>{vote.question}</td>
                <td class="num">{vote.in_favour}</td>
                <td class="num">{vote.against}</td>
                <td class="num">{vote.abstained}</td>
                <td><Tag kind text=t(key)/></td>
            </tr>
        }
    };
    let none = votes.is_empty();
    let count = |name: &'static str, text: String| {
        let problems = problems.clone();
        view! { <Field name label=t(&format!("vote-{name}")) problems><input id=name name=name class="num" inputmode="numeric" value=text/></Field> }
    };
    view! {
        <section class="stack" id="bieu-quyet">
            <h2>{t("minutes-votes")}</h2>
            {none.then(|| view! { <p class="muted">{t("vote-none")}</p> })}
            {(!none).then(|| view! {
                <Table label=t("minutes-votes") blocks=true>
                    <thead><tr><th>{t("vote-question")}</th><th class="num">{t("vote-in_favour")}</th><th class="num">{t("vote-against")}</th><th class="num">{t("vote-abstained")}</th><th>{t("vote-outcome")}</th></tr></thead>
                    <tbody>{votes.into_iter().map(row).collect_view()}</tbody>
                </Table>
            })}
            {may_write.then(|| view! {
                <form class="card card-padded form" method="post" action=format!("/lam-viec/ky/phien-hop/{id}/bieu-quyet")>
                    <Field name="question" label=t("vote-question") problems=problems.clone()><TextArea id="question" name="question" rows=2 required=true maxlength=2000 text=voted.question/></Field>
                    <div class="form-columns">
                        {count("in_favour", voted.in_favour)}
                        {count("against", voted.against)}
                        {count("abstained", voted.abstained)}
                    </div>
                    <p class="muted">{t("vote-about")}</p>
                    <div><Button>{t("vote-add")}</Button></div>
                </form>
            })}
        </section>
    }
}
