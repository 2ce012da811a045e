//! `/lam-viec/bo-chi-so/{set}/ban-hanh`: putting the draft in force, the versions so far, sharing them.

use axum::body::Body;
use axum::extract::{Multipart, Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{Html, IntoResponse, Redirect, Response};
use leptos::prelude::*;
use tenants::ids::{SetId, VersionId};
use tenants::indicator_sets::{self, Issue, Issued, Proposal, VersionHead};
use tenants::policy::Action;
use tenants::store::Tx;
use tenants::{Error, Problem, files, paths};
use tower_sessions::Session;

use super::bench::{Bench, BenchHead, Findings, Tab};
use crate::caller::Signed;
use crate::components::{Button, ButtonKind, Field, Table, Tag, TagKind};
use crate::days::day_of;
use crate::form::Submission;
use crate::multipart::{allowed, receive_file, receive_text, whole};
use crate::render::Page;
use crate::session::{FlashKind, set_flash};
use crate::site::encode;
use crate::text::{t, t_with};
use crate::uploads::Received;
use crate::{App, AppError, Result, format};

/// `GET /lam-viec/bo-chi-so/{set}/ban-hanh`
pub async fn show(State(app): State<App>, signed: Signed, Path(id): Path<SetId>) -> Result<Html<String>> {
    let bench = Bench::open(&app, &signed, id).await?;
    page(&app, &signed, bench, Sent::default()).await
}

async fn page(app: &App, signed: &Signed, bench: Bench, sent: Sent) -> Result<Html<String>> {
    let tx = app.db.read(&signed.caller).await?;
    let proposal = indicator_sets::proposal(&tx, bench.id()).await?;
    let four_eyes = indicator_sets::four_eyes(&tx).await?;
    let shared = indicator_sets::shared_by_us(&tx).await?;
    drop(tx);
    let title = bench.head.name.clone();
    Page::new(title).staff(app, signed, || view! { <IssuePage bench proposal four_eyes shared sent/> }).await
}

#[derive(Default)]
struct Sent {
    revision: i64,
    number: String,
    /// As typed.
    date: String,
}

/// `POST /lam-viec/bo-chi-so/{set}/ban-hanh`
pub async fn issue(
    State(app): State<App>,
    signed: Signed,
    session: Session,
    Path(set_id): Path<SetId>,
    form: Multipart,
) -> Result<Response> {
    let form = allowed(&signed, Action::IssueSet, form).await?;
    let (sent, received) = whole(form, async |form| receive(&app, &signed, form).await).await?;
    // Looked at before the transaction, in its turn: inside it the outcome is known.
    look_first(&app, &signed, set_id).await?;
    let issued = match day_of(&sent.date) {
        None => Err(Error::Invalid(vec![Problem::new("decision_date", &t("period-bad-date"))])),
        Some(decision_date) => {
            let file = received.as_ref().map(|received| received.file.clone());
            let decision_number = sent.number.clone();
            let issue = Issue { set_id, revision: sent.revision, decision_number, decision_date, file };
            store_and_issue(&app, &signed, &issue, received).await
        }
    };
    let problems = match issued {
        Ok(issued) => {
            let key = if matches!(issued, Issued::Proposed) { "set-proposed" } else { "set-issued" };
            set_flash(&session, FlashKind::Done, t(key)).await?;
            return Ok(Redirect::to(&paths::set_issue(set_id)).into_response());
        }
        Err(Error::Invalid(problems)) => problems,
        Err(Error::Stale) => vec![Problem::new("", &t("set-stale-table"))],
        Err(error) => return Err(error.into()),
    };
    let bench = Bench::open(&app, &signed, set_id).await?.with(problems);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&app, &signed, bench, sent).await?).into_response())
}

async fn look_first(app: &App, signed: &Signed, id: SetId) -> Result<()> {
    let tx = app.db.read(&signed.caller).await?;
    let draft = indicator_sets::draft(&tx, id).await?;
    drop(tx);
    indicator_sets::look_rationed(&app.cache, signed.caller.tenant, &app.worker, &draft.source).await?;
    Ok(())
}

async fn store_and_issue(
    app: &App,
    signed: &Signed,
    issue: &Issue,
    received: Option<Received>,
) -> tenants::Result<Issued> {
    if let Some(received) = received {
        // Tried before the file is stored: what is refused leaves nothing behind.
        indicator_sets::issue(&app.db.begin(&signed.caller).await?, &app.worker, issue).await?;
        received.store(app, signed).await?;
    }
    let tx = app.db.begin(&signed.caller).await?;
    let issued = indicator_sets::issue(&tx, &app.worker, issue).await?;
    tx.commit().await?;
    Ok(issued)
}

async fn receive(app: &App, signed: &Signed, form: &mut Multipart) -> Result<(Sent, Option<Received>)> {
    let (mut sent, mut received) = (Sent::default(), None);
    while let Some(field) = form.next_field().await.map_err(|_| AppError::Malformed)? {
        match field.name().unwrap_or_default() {
            "file" => received = receive_file(app, signed, field, (files::MAX_FILE, paths::sets::PATH)).await?,
            "revision" => sent.revision = receive_text(field).await?.parse().unwrap_or_default(),
            "decision_number" => sent.number = receive_text(field).await?,
            "decision_date" => sent.date = receive_text(field).await?,
            _ => drop(receive_text(field).await?),
        }
    }
    Ok((sent, received))
}

/// `POST /lam-viec/bo-chi-so/{set}/phe-duyet`: the second person.
pub async fn approve(submission: Submission, Path(id): Path<SetId>) -> Result<Redirect> {
    let app = &submission.app;
    look_first(app, &submission.signed, id).await?;
    let act = async |tx: &Tx| indicator_sets::approve(tx, &app.worker, id).await.map(drop);
    submission.submit(t("set-issued"), &paths::set_issue(id), act).await
}

/// `POST /lam-viec/bo-chi-so/{set}/rut`: takes a proposal back, or turns it down.
pub async fn withdraw(submission: Submission, Path(id): Path<SetId>) -> Result<Redirect> {
    submission
        .submit(t("set-withdrawn"), &paths::set_issue(id), async |tx| indicator_sets::withdraw(tx, id).await)
        .await
}

/// `POST /lam-viec/phien-ban/{version}/chia-se`
pub async fn share(submission: Submission, Path(id): Path<VersionId>) -> Result<Redirect> {
    let of = submission.act(async |tx| {
        indicator_sets::share(tx, id).await?;
        Ok(indicator_sets::version(tx, id).await?.0.set_id)
    });
    let set = of.await?;
    submission.done(t("set-shared"), &paths::set_issue(set)).await
}

/// `GET /lam-viec/phien-ban/{version}/quyet-dinh`: the signed decision.
pub async fn decision(State(app): State<App>, signed: Signed, Path(id): Path<VersionId>) -> Result<Response> {
    let tx = app.db.read(&signed.caller).await?;
    let (sha256, name) = indicator_sets::decision_file(&tx, id).await?;
    drop(tx);
    files::refuse_infected(&app.db.read(&signed.caller).await?, &sha256).await?;
    let bytes = app.blobs.get(signed.caller.tenant, &sha256, None).await?;
    let disposition = format!("attachment; filename*=UTF-8''{}", encode(&name));
    let headers = [(CONTENT_TYPE, "application/octet-stream".to_owned()), (CONTENT_DISPOSITION, disposition)];
    Ok((headers, Body::from_stream(bytes)).into_response())
}

#[component]
fn IssuePage(
    bench: Bench,
    proposal: Option<Proposal>,
    four_eyes: bool,
    shared: Vec<VersionId>,
    sent: Sent,
) -> impl IntoView {
    let (id, may, clean) = (bench.id(), bench.may, bench.checked.is_clean() && bench.set.is_some());
    let (checked, path, revision) = (bench.checked.clone(), bench.path(paths::set), bench.draft.revision);
    let versions = bench.head.versions.clone();
    let action = bench.path(paths::set_issue);
    let running = bench.may_simulate.then(|| bench.in_use.first()).flatten().map(|(text, period)| {
        let href = paths::year_rules(*period);
        view! { <p>{text.clone()}". "<a href=href>{t("set-change-running")}</a></p> }
    });
    let waiting = proposal.map(|proposal| view! { <Waiting id proposal may revision/> });
    let form = if !may {
        ().into_any()
    } else if clean {
        view! { <IssueForm action revision four_eyes sent/> }.into_any()
    } else {
        view! {
            <section class="card card-padded stack">
                <h2>{t("set-not-clean")}</h2>
                <Findings checked path/>
            </section>
        }
        .into_any()
    };
    view! {
        <BenchHead bench tab=Tab::Issue/>
        {running}
        {waiting}
        {form}
        <Versions versions shared may/>
    }
}

#[component]
fn Waiting(id: SetId, proposal: Proposal, may: bool, revision: i64) -> impl IntoView {
    let told = t_with(
        "set-waiting",
        [
            ("by", proposal.by.into()),
            ("at", format::moment(proposal.at).into()),
            ("number", proposal.decision_number.into()),
            ("date", format::date(proposal.decision_date).into()),
        ],
    );
    let current = proposal.revision == revision;
    let stale = (!current).then(|| view! { <p class="wrong">{t("set-waiting-stale")}</p> });
    let own = proposal.own.then(|| view! { <p class="muted">{t("set-waiting-own")}</p> });
    view! {
        <section class="card card-padded stack">
            <h2>{t("set-waiting-title")}</h2>
            <p>{told}</p>
            {stale}
            {own}
            <div class="row">
                {(may && current && !proposal.own).then(|| view! {
                    <form method="post" action=paths::set_approve(id)><Button kind=ButtonKind::Primary>{t("set-approve")}</Button></form>
                })}
                {may.then(|| view! { <form method="post" action=paths::set_withdraw(id)><Button>{t("set-withdraw")}</Button></form> })}
            </div>
        </section>
    }
}

#[component]
fn IssueForm(action: String, revision: i64, four_eyes: bool, sent: Sent) -> impl IntoView {
    let button = if four_eyes { t("set-propose") } else { t("set-issue") };
    view! {
        <form class="card card-padded form" method="post" action=action enctype="multipart/form-data">
            <h2>{t("set-issue")}</h2>
            <p class="muted">{t("set-issue-explain")}</p>
            {four_eyes.then(|| view! { <p>{t("four-eyes-on")}</p> })}
            <input type="hidden" name="revision" value=revision/>
            <Field name="decision_number" label=t("decision-number")>
                <input id="decision_number" name="decision_number" value=sent.number required maxlength="100"/>
            </Field>
            <Field name="decision_date" label=t("decision-date")>
                <input id="decision_date" name="decision_date" type="date" value=sent.date required/>
            </Field>
            <Field name="file" label=t("decision-file") hint=t("decision-file-hint")>
                <input id="file" name="file" type="file" required/>
            </Field>
            <div><Button kind=ButtonKind::Primary>{button}</Button></div>
        </form>
    }
}

#[component]
fn Versions(versions: Vec<VersionHead>, shared: Vec<VersionId>, may: bool) -> impl IntoView {
    let row = move |version: VersionHead| {
        let (id, is_shared) = (version.id, shared.contains(&version.id));
        let file = version.decision_file.clone();
        let file = file.map(|name| view! { <a href=paths::version_decision(id)>{name}</a> });
        let share = if is_shared {
            view! { <Tag kind=TagKind::Green text=t("set-is-shared")/> }.into_any()
        } else if may {
            view! { <form method="post" action=paths::version_share(id)><button class="button button-quiet">{t("set-share")}</button></form> }.into_any()
        } else {
            ().into_any()
        };
        view! {
            <tr>
                <td class="num">{version.number}</td>
                <td>{format!("{} · {}", version.decision_number, format::date(version.decision_date))}<small class="block">{file}</small></td>
                <td data-label=t("set-hash")><code>{version.content_hash.chars().take(12).collect::<String>()}</code></td>
                <td>{format!("{}, {}", version.issued_by, format::moment(version.issued_at))}</td>
                <td><a href=paths::version(id)>{t("set-download")}</a></td>
                <td>{share}</td>
            </tr>
        }
    };
    let none = versions.is_empty().then(|| view! { <p class="muted">{t("set-not-issued")}</p> });
    view! {
        <section class="stack">
            <h2>{t("set-versions")}</h2>
            {none}
            <Table label=t("set-versions")>
                <thead>
                    <tr>
                        <th class="num">{t("set-version")}</th>
                        <th>{t("set-decision")}</th>
                        <th>{t("set-hash")}</th>
                        <th>{t("set-issued-at")}</th>
                        <th></th>
                        <th></th>
                    </tr>
                </thead>
                <tbody>{versions.into_iter().map(row).collect_view()}</tbody>
            </Table>
        </section>
    }
}
