//! `/lam-viec/ky/{period}/phien-hop`: sessions of the council; `/lam-viec/ky/phien-hop/{session}`: one of them, its votes, and
//! its minutes as a Word file.

mod form;

use axum::Form;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{Html, IntoResponse, Redirect, Response};
use leptos::prelude::*;
use tenants::ids::{CouncilSessionId, PeriodId};
use tenants::minutes::{self, Session as Sitting, SessionHead, Vote, Written};
use tenants::{decisions, paths};

use tower_sessions::Session;

use self::form::{MinutesForm, Typed};
use crate::caller::Signed;
use crate::components::{Breadcrumb, Button, EmptyState, Field, Lead, Table, Tag, TagKind, TextArea};
use crate::refused_form::Kept;
use crate::render::Page;
use crate::session::{self, Flash, FlashKind, set_flash};
use crate::site::encode;
use crate::text::{t, t_with};
use crate::typed::Fields;
use crate::{App, AppError, Result, documents, format, refill};

/// `GET /lam-viec/ky/{period}/phien-hop`
pub async fn list(State(app): State<App>, signed: Signed, Path(id): Path<PeriodId>) -> Result<Html<String>> {
    page(&app, &signed, id).await
}

/// `POST /lam-viec/ky/{period}/phien-hop`
pub async fn open(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<PeriodId>,
    Form(typed): Form<Typed>,
) -> Result<Redirect> {
    let tx = app.db.begin(&signed.caller).await?;
    let written = typed.read()?;
    let expected = minutes::expected(&tx, id).await?;
    let (present, absent) = expected.attendance(&typed.away(), (&written.present, &written.absent));
    let session = minutes::open(&tx, id, &Written { present, absent, ..written }).await?;
    tx.commit().await?;
    Ok(Redirect::to(&paths::session(session)))
}

async fn page(app: &App, signed: &Signed, id: PeriodId) -> Result<Html<String>> {
    let tx = app.db.read(&signed.caller).await?;
    let (period, sessions) = minutes::list(&tx, id).await?;
    let (may, expected) = (minutes::may_write(&tx, id).await?, minutes::expected(&tx, id).await?);
    drop(tx);
    let steps = vec![(paths::years::PATH.into(), t("nav-periods")), (paths::year(id), period.name)];
    let action = paths::sessions(id);
    let typed = Typed::of_session(&expected);
    Page::new(t("minutes"))
        .staff(app, signed, || {
            view! {
                <Breadcrumb label=t("breadcrumb") steps/>
                <Lead title=t("minutes") about=t("minutes-about")/>
                <Sessions sessions/>
                {may.then(|| view! {
                    <section class="stack">
                        <h2>{t("minutes-new")}</h2>
                        <MinutesForm action typed problems=Vec::new() expected/>
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
                <td class="nowrap"><a href=paths::session(session.id)>{format::date(session.held_on)}</a></td>
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
    sitting(&app, &signed, id).await
}

/// `POST /lam-viec/ky/phien-hop/{session}`
pub async fn write(
    State(app): State<App>,
    signed: Signed,
    session: Session,
    Path(id): Path<CouncilSessionId>,
    Form(typed): Form<Typed>,
) -> Result<Redirect> {
    let revision = typed.revision.parse().map_err(|_| AppError::Malformed)?;
    let tx = app.db.begin(&signed.caller).await?;
    minutes::write(&tx, id, &typed.read()?, revision).await?;
    tx.commit().await?;
    match typed.vote() {
        vote if vote.is_empty() => set_flash(&session, FlashKind::Done, t("minutes-saved")).await?,
        vote => keep(&session, id, "minutes-saved-vote-open", vote).await?,
    }
    Ok(Redirect::to(&paths::session(id)))
}

/// Done, and what else stood in the form stands there again: it has not been written down yet.
async fn keep(session: &Session, id: CouncilSessionId, key: &str, fields: Fields) -> Result<()> {
    let kept = Kept { action: paths::session(id), fields, ..Kept::default() };
    session::leave(session, Flash { kind: FlashKind::Attention, text: t(key), kept: Some(kept) }).await
}

/// `POST /lam-viec/ky/phien-hop/{session}/bieu-quyet`: the form is that of the minutes, whose text comes back as it was
/// typed.
pub async fn vote(
    State(app): State<App>,
    signed: Signed,
    session: Session,
    Path(id): Path<CouncilSessionId>,
    Form(typed): Form<Typed>,
) -> Result<Redirect> {
    let tx = app.db.begin(&signed.caller).await?;
    minutes::vote(&tx, id, &typed.cast()?).await?;
    let stored = minutes::session(&tx, id).await?.written;
    tx.commit().await?;
    let page = paths::session(id);
    if typed.says(&stored) {
        set_flash(&session, FlashKind::Done, t("vote-recorded")).await?;
        return Ok(Redirect::to(&format!("{page}#bieu-quyet")));
    }
    keep(&session, id, "vote-recorded-minutes-open", typed.texts()).await?;
    Ok(Redirect::to(&format!("{page}#{}", refill::ANCHOR)))
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
    Ok(Redirect::to(&paths::session(id)))
}

/// `GET /lam-viec/ky/phien-hop/{session}/bien-ban.docx`
pub async fn document(State(app): State<App>, signed: Signed, Path(id): Path<CouncilSessionId>) -> Result<Response> {
    let tx = app.db.read(&signed.caller).await?;
    let session = minutes::session(&tx, id).await?;
    decisions::refuse_blind(&tx, session.period.id).await?;
    let record = minutes::record(&tx, session.period.id).await?;
    let authority = tenants::tenant::head(&tx).await?.name;
    drop(tx);
    let name = format!("Bien ban hop Hoi dong {}.docx", session.written.held_on);
    let bytes = documents::minutes(&authority, &session, &record).map_err(AppError::internal)?;
    let disposition = format!("attachment; filename*=UTF-8''{}", encode(&name));
    Ok(([(CONTENT_TYPE, documents::DOCX.to_owned()), (CONTENT_DISPOSITION, disposition)], bytes).into_response())
}

async fn sitting(app: &App, signed: &Signed, id: CouncilSessionId) -> Result<Html<String>> {
    let tx = app.db.read(&signed.caller).await?;
    let session = minutes::session(&tx, id).await?;
    drop(tx);
    let title = t_with("minutes-of", [("day", format::date(session.written.held_on).into())]);
    Page::new(title.clone()).staff(app, signed, || view! { <SittingPage session title/> }).await
}

#[component]
fn SittingPage(session: Sitting, title: String) -> impl IntoView {
    let Sitting {
        id,
        period,
        written,
        votes,
        revision,
        written_by,
        written_at,
        sealed_at,
        sealed_by,
        may_write,
        may_seal,
    } = session;
    let steps = vec![
        (paths::years::PATH.into(), t("nav-periods")),
        (paths::year(period.id), period.name),
        (paths::sessions(period.id), t("minutes")),
    ];
    let about = t_with("minutes-written", [("by", written_by.into()), ("at", format::moment(written_at).into())]);
    let sealed = sealed_at.map(|at| {
        let told = [("by", sealed_by.unwrap_or_default().into()), ("at", format::moment(at).into())];
        view! { <p class="notice notice-green">{t_with("minutes-sealed-by", told)}</p> }
    });
    let form = Typed::of(&written, revision);
    let body = match may_write {
        true => view! { <MinutesForm action=paths::session(id) typed=form problems=Vec::new()/> }.into_any(),
        false => view! { <Text written/> }.into_any(),
    };
    view! {
        <Breadcrumb label=t("breadcrumb") steps/>
        <Lead title about>
            <a class="button" href=paths::session_minutes(id)>{t("minutes-document")}</a>
            {may_seal.then(|| view! {
                <form method="post" action=paths::session_seal(id)><Button>{t("minutes-seal")}</Button></form>
            })}
        </Lead>
        {sealed}
        {body}
        <Votes id votes may_write/>
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
fn Votes(id: CouncilSessionId, votes: Vec<Vote>, may_write: bool) -> impl IntoView {
    let row = |vote: Vote| {
        let (kind, key) =
            if vote.is_carried() { (TagKind::Green, "vote-carried") } else { (TagKind::Red, "vote-lost") };
        view! {
            <tr>
                <td>{vote.question}</td>
                <td class="num" data-label=t("vote-in_favour")>{vote.in_favour}</td>
                <td class="num" data-label=t("vote-against")>{vote.against}</td>
                <td class="num" data-label=t("vote-abstained")>{vote.abstained}</td>
                <td><Tag kind text=t(key)/></td>
            </tr>
        }
    };
    let none = votes.is_empty();
    let count = |name: &'static str| {
        view! { <Field name label=t(&format!("vote-{name}"))><input id=name name=name form=form::ID class="num" inputmode="numeric"/></Field> }
    };
    view! {
        <section class="stack" id="bieu-quyet">
            <h2>{t("minutes-votes")}</h2>
            {none.then(|| view! { <p class="muted">{t("vote-none")}</p> })}
            {(!none).then(|| view! {
                <Table label=t("minutes-votes")>
                    <thead><tr><th>{t("vote-question")}</th><th class="num">{t("vote-in_favour")}</th><th class="num">{t("vote-against")}</th><th class="num">{t("vote-abstained")}</th><th>{t("vote-outcome")}</th></tr></thead>
                    <tbody>{votes.into_iter().map(row).collect_view()}</tbody>
                </Table>
            })}
            {may_write.then(|| view! {
                <div class="card card-padded form">
                    <Field name="question" label=t("vote-question")><TextArea id="question" name="question" form=form::ID rows=2 maxlength=2000/></Field>
                    <div class="form-columns">
                        {count("in_favour")}
                        {count("against")}
                        {count("abstained")}
                    </div>
                    <p class="muted">{t("vote-about")}</p>
                    // Part of the form of the minutes: what is being written there is sent along and not lost.
                    <div><button class="button" type="submit" form=form::ID formaction=paths::session_vote(id)>{t("vote-add")}</button></div>
                </div>
            })}
        </section>
    }
}
