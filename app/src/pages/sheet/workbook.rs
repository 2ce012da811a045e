//! `/lam-viec/phieu/{sheet}/bieu`: the scorecard as an Excel workbook: taken away, sent in, looked at, written.

use std::collections::HashMap;

use axum::body::Bytes;
use axum::extract::{Multipart, Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{Html, IntoResponse, Redirect, Response};
use leptos::prelude::*;
use rust_decimal::Decimal;
use tenants::ids::AssessmentId;
use tenants::indicator_sets::{self, Work, sandbox};
use tenants::sheets::SheetHead;
use tenants::workbook::{self, CellChange, Choice, Conflict, Filled, Moved, Outcome, RowChange};
use tenants::{Error, Problem, paths};
use tower_sessions::Session;

use crate::caller::Signed;
use crate::components::{
    Breadcrumb, Button, ButtonKind, Fact, Field, Lead, ProblemList, StatFacts, Table, Tag, TagKind,
};
use crate::file_names::safe_name;
use crate::render::Page;
use crate::session::{FlashKind, set_flash};
use crate::site::encode;
use crate::text::{t, t_with};
use crate::{App, AppError, Result, format, spelling};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// `GET /lam-viec/phieu/{sheet}/bieu.xlsx`
pub async fn download(State(app): State<App>, signed: Signed, Path(id): Path<AssessmentId>) -> Result<Response> {
    let tx = app.db.read(&signed.caller).await?;
    let blank = workbook::blank(&tx, id).await?;
    drop(tx);
    let name = format!("Phiếu {} {}.xlsx", safe_name(&blank.head.unit_name), blank.head.period.year);
    let bytes = tokio::task::spawn_blocking(move || workbook::write(&blank)).await.map_err(AppError::internal)??;
    let disposition = format!("attachment; filename*=UTF-8''{}", encode(&name));
    Ok(([(CONTENT_TYPE, XLSX.to_owned()), (CONTENT_DISPOSITION, disposition)], bytes).into_response())
}

/// `GET /lam-viec/phieu/{sheet}/bieu`
pub async fn show(State(app): State<App>, signed: Signed, Path(id): Path<AssessmentId>) -> Result<Html<String>> {
    page(&app, &signed, id, Vec::new()).await
}

/// What the forms of this page send.
#[derive(Default)]
struct Sent {
    file: Option<Bytes>,
    /// What a workbook seen before changes, as it was shown.
    filled: Option<Filled>,
    choices: HashMap<String, Choice>,
}

/// `POST /lam-viec/phieu/{sheet}/bieu`: shows what a workbook would change, and writes nothing.
pub async fn preview(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<AssessmentId>,
    form: Multipart,
) -> Result<Response> {
    let sent = match receive(form).await? {
        Ok(sent) => sent,
        Err(problem) => return refused(&app, &signed, id, vec![problem]).await,
    };
    let filled = match (sent.file, sent.filled) {
        (Some(file), _) => unpacked(&app, &signed, id, &file).await,
        (None, Some(filled)) => Ok(filled),
        (None, None) => Err(Error::Invalid(vec![Problem::new("file", &t("workbook-no-file"))])),
    };
    let seen = match filled {
        Ok(filled) => workbook::preview(app.db.begin(&signed.caller).await?, id, filled, &sent.choices).await,
        Err(error) => Err(error),
    };
    match seen {
        Ok(outcome) => shown(&app, &signed, outcome).await,
        Err(Error::Invalid(problems)) => refused(&app, &signed, id, problems).await,
        Err(error) => Err(error.into()),
    }
}

/// `POST /lam-viec/phieu/{sheet}/bieu/ghi`: writes what was shown. Where something moved meanwhile, it is shown again.
pub async fn write(
    State(app): State<App>,
    signed: Signed,
    session: Session,
    Path(id): Path<AssessmentId>,
    form: Multipart,
) -> Result<Response> {
    let sent = match receive(form).await? {
        Ok(sent) => sent,
        Err(problem) => return refused(&app, &signed, id, vec![problem]).await,
    };
    let filled = sent.filled.ok_or(AppError::Malformed)?;
    let outcome = workbook::take_in(app.db.begin(&signed.caller).await?, id, filled, &sent.choices).await?;
    if !outcome.written {
        return shown(&app, &signed, outcome).await;
    }
    let count = outcome.rows.len();
    set_flash(&session, FlashKind::Done, t_with("workbook-written", [("count", count.into())])).await?;
    Ok(Redirect::to(&paths::sheet(id)).into_response())
}

/// The file's answers, read in the worker; only for those who may write here.
async fn unpacked(app: &App, signed: &Signed, id: AssessmentId, file: &[u8]) -> tenants::Result<Filled> {
    workbook::may_send(&app.db.read(&signed.caller).await?, id).await?;
    let _turn = indicator_sets::turn(&app.cache, signed.caller.tenant, Work::Check).await?;
    sandbox::workbook(&app.worker, file).await
}

/// The inner error is a file larger than this page takes.
async fn receive(mut form: Multipart) -> Result<Result<Sent, Problem>> {
    let mut sent = Sent::default();
    let mut seen: HashMap<String, String> = HashMap::new();
    let mut chosen: Vec<(String, String)> = Vec::new();
    while let Some(field) = form.next_field().await.map_err(|_| AppError::Malformed)? {
        let name = field.name().unwrap_or_default().to_owned();
        let Ok(bytes) = field.bytes().await else {
            return Ok(Err(Problem::new("file", &t("workbook-too-large"))));
        };
        if name == "file" {
            sent.file = Some(bytes).filter(|bytes| !bytes.is_empty());
            continue;
        }
        if name == "filled" {
            sent.filled = Some(spelling::json(&bytes)?);
            continue;
        }
        let text = spelling::text(&bytes)?;
        if let Some(key) = name.strip_prefix("seen:") {
            seen.insert(key.to_owned(), text);
        } else if let Some(key) = name.strip_prefix("choice:") {
            chosen.push((key.to_owned(), text));
        }
    }
    for (key, choice) in chosen {
        let choice = match choice.as_str() {
            "desk" => Choice::Desk,
            _ => Choice::Workbook { seen: seen.remove(&key).unwrap_or_default() },
        };
        sent.choices.insert(key, choice);
    }
    Ok(Ok(sent))
}

async fn refused(app: &App, signed: &Signed, id: AssessmentId, problems: Vec<Problem>) -> Result<Response> {
    let again = page(app, signed, id, problems).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response())
}

async fn page(app: &App, signed: &Signed, id: AssessmentId, problems: Vec<Problem>) -> Result<Html<String>> {
    let tx = app.db.read(&signed.caller).await?;
    let head = workbook::blank(&tx, id).await?.head;
    drop(tx);
    Page::new(t("workbook")).staff(app, signed, || view! { <WorkbookPage head problems/> }).await
}

async fn shown(app: &App, signed: &Signed, outcome: Outcome) -> Result<Response> {
    let status = if outcome.is_clean() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let filled = serde_json::to_string(&outcome.filled).map_err(AppError::internal)?;
    let page = Page::new(t("workbook-preview"));
    let page = page.staff(app, signed, || view! { <PreviewPage outcome filled/> }).await?;
    Ok((status, page).into_response())
}

#[component]
fn Way(head: SheetHead) -> impl IntoView {
    let sheet = paths::sheet(head.id);
    view! { <Breadcrumb label=t("breadcrumb") steps=vec![(paths::start::PATH.into(), t("nav-desk")), (sheet, head.unit_name)]/> }
}

#[component]
fn WorkbookPage(head: SheetHead, problems: Vec<Problem>) -> impl IntoView {
    let (id, write) = (head.id, head.can.write);
    view! {
        <Way head=head.clone()/>
        <Lead title=format!("{} · {}", t("workbook"), head.period.name) about=t("workbook-about")/>
        <section class="card card-padded stack">
            <h2>{t("workbook-take")}</h2>
            <p class="muted">{t("workbook-take-about")}</p>
            <div><a class="button" href=paths::sheet_workbook_file(id)>{t("workbook-download")}</a></div>
        </section>
        {if write {
            view! { <SendForm id problems/> }.into_any()
        } else {
            view! { <p class="notice notice-gold">{t("workbook-read-only")}</p> }.into_any()
        }}
    }
}

#[component]
fn SendForm(id: AssessmentId, problems: Vec<Problem>) -> impl IntoView {
    view! {
        <form class="card card-padded stack" method="post" enctype="multipart/form-data" action=paths::sheet_workbook(id)>
            <h2>{t("workbook-send")}</h2>
            <ProblemList problems/>
            <Field name="file" label=t("workbook-file") hint=t("workbook-file-hint")>
                <input id="file" name="file" type="file" required accept=".xlsx"/>
            </Field>
            <div><Button kind=ButtonKind::Primary>{t("workbook-look")}</Button></div>
        </form>
    }
}

#[component]
fn PreviewPage(outcome: Outcome, filled: String) -> impl IntoView {
    let id = outcome.head.id;
    let (empty, wrong) = (outcome.is_empty() && outcome.problems.is_empty(), !outcome.problems.is_empty());
    let undecided = outcome.conflicts.iter().any(|conflict| conflict.choice.is_none());
    let cells = outcome.facts.len() + outcome.rows.iter().map(|row| row.cells.len()).sum::<usize>();
    let points = |points: Decimal| format::points(points, 2);
    let facts = vec![
        Fact { label: t("workbook-cells"), value: cells.to_string() },
        Fact {
            label: t("self-points"),
            value: format!("{} → {}", points(outcome.before.points), points(outcome.after.points)),
        },
        Fact {
            label: t("sheet-ready"),
            value: format!("{} → {}/{}", outcome.before.ready, outcome.after.ready, outcome.after.total),
        },
    ];
    let rows = outcome.rows.into_iter().map(|row| view! { <ChangedRow row/> }).collect_view();
    let conflicts = outcome.conflicts.into_iter().map(|conflict| view! { <ConflictCard conflict/> }).collect_view();
    view! {
        <Way head=outcome.head/>
        <Lead title=t("workbook-preview") about=t("workbook-preview-about")/>
        {empty.then(|| view! { <p class="notice notice-green">{t("workbook-nothing")}</p> })}
        <CellProblems problems=outcome.problems/>
        {(!empty).then(|| view! { <StatFacts facts/> })}
        <form class="stack" method="post" enctype="multipart/form-data" action=paths::sheet_workbook_write(id)>
            <input type="hidden" name="filled" value=filled/>
            {conflicts}
            <SharedFigures facts=outcome.facts/>
            {rows}
            <MovedRows moved=outcome.moved/>
            {(!empty && !wrong).then(|| view! {
                <div class="card card-padded next-step">
                    <p>{t(if undecided { "workbook-choose-first" } else { "workbook-write-about" })}</p>
                    <Button kind=ButtonKind::Primary>{t("workbook-write")}</Button>
                </div>
            })}
        </form>
        {(wrong || empty).then(|| view! { <SendForm id problems=Vec::new()/> })}
    }
}

/// What cannot be taken in, by cell.
#[component]
fn CellProblems(problems: Vec<Problem>) -> impl IntoView {
    let line = |problem: Problem| {
        let at = problem.field.clone();
        let cell =
            (!at.is_empty()).then(|| view! { <strong>{t_with("workbook-cell", [("at", at.into())])}</strong>": " });
        view! { <li>{cell}{problem.message}</li> }
    };
    (!problems.is_empty()).then(|| {
        view! {
            <div class="notice notice-red" role="alert">
                <p>{t_with("workbook-problems", [("count", problems.len().into())])}</p>
                <ul>{problems.into_iter().map(line).collect_view()}</ul>
            </div>
        }
    })
}

/// Both sides, and which one is to stand.
#[component]
fn ConflictCard(conflict: Conflict) -> impl IntoView {
    let [choice, seen] = ["choice", "seen"].map(|part| format!("{part}:{}", conflict.key));
    let (of_workbook, of_desk) =
        (matches!(conflict.choice, Some(Choice::Workbook { .. })), matches!(conflict.choice, Some(Choice::Desk)));
    let told = match conflict.by {
        Some(by) => t_with("workbook-conflict-by", [("by", by.into())]),
        None => t("workbook-conflict"),
    };
    let line = |cell: CellChange| {
        view! {
            <tr>
                <td>{cell.label}<small class="muted block">{cell.at}</small></td>
                <td class="said">{or_dash(cell.old)}</td>
                <td class="said">{or_dash(cell.new)}</td>
            </tr>
        }
    };
    view! {
        <fieldset class="card card-padded stack conflict">
            <legend><h2>{conflict.title.clone()}</h2></legend>
            <p class="notice notice-gold">{told}</p>
            <Table label=conflict.title>
                <thead><tr><th>{t("workbook-answer")}</th><th>{t("workbook-on-desk")}</th><th>{t("workbook-in-file")}</th></tr></thead>
                <tbody>{conflict.cells.into_iter().map(line).collect_view()}</tbody>
            </Table>
            <input type="hidden" name=seen value=conflict.seen/>
            <div class="choices">
                <label class="choice"><input type="radio" name=choice.clone() value="desk" required checked=of_desk/>{t("workbook-keep-desk")}</label>
                <label class="choice"><input type="radio" name=choice value="workbook" checked=of_workbook/>{t("workbook-use-file")}</label>
            </div>
        </fieldset>
    }
}

#[component]
fn SharedFigures(facts: Vec<CellChange>) -> impl IntoView {
    (!facts.is_empty()).then(|| {
        view! {
            <section class="card card-padded stack">
                <h2>{t("workbook-shared")}</h2>
                <dl class="changes">{facts.into_iter().map(change).collect_view()}</dl>
            </section>
        }
    })
}

/// "Số cuộc họp (F17): 3 → 4"
fn change(cell: CellChange) -> impl IntoView {
    view! {
        <div>
            <dt>{cell.label}" "<small class="muted">{cell.at}</small></dt>
            <dd class="said"><del>{or_dash(cell.old)}</del>" → "<ins>{or_dash(cell.new)}</ins></dd>
        </div>
    }
}

fn or_dash(text: String) -> String {
    if text.is_empty() { "–".into() } else { text }
}

fn points(points: Option<Decimal>) -> String {
    points.map_or_else(|| "–".to_owned(), |points| format::points(points, points.scale()))
}

#[component]
fn ChangedRow(row: RowChange) -> impl IntoView {
    let kind = if row.state.is_ready() { TagKind::Green } else { TagKind::Gold };
    let maximum = engine::number::trim(row.maximum);
    let warnings = row.warnings.into_iter().map(|text| view! { <li>{text}</li> }).collect_view();
    let warned = !warnings.is_empty();
    view! {
        <section class="card card-padded stack" data-code=row.code.clone()>
            <div class="section-head">
                <h2>{format!("{} {}", row.code, row.name)}</h2>
                <Tag kind text=t(&format!("desk-row-{}", row.state.as_str()))/>
                <strong class="num push">{points(row.old_points)}" → "{points(row.new_points)}<span class="muted">"/"{maximum}</span></strong>
            </div>
            <dl class="changes">{row.cells.into_iter().map(change).collect_view()}</dl>
            {warned.then(|| view! { <ul class="notice notice-gold warn-list">{warnings}</ul> })}
        </section>
    }
}

/// Indicators that nobody wrote at, whose points a shared figure moves.
#[component]
fn MovedRows(moved: Vec<Moved>) -> impl IntoView {
    let line = |row: Moved| view! { <li>{format!("{} {}: {} → {}", row.code, row.name, points(row.old_points), points(row.new_points))}</li> };
    (!moved.is_empty()).then(|| {
        view! {
            <section class="card card-padded stack">
                <h2>{t("workbook-moved")}</h2>
                <ul>{moved.into_iter().map(line).collect_view()}</ul>
            </section>
        }
    })
}
