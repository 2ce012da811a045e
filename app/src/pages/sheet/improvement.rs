//! `/lam-viec/phieu/{sheet}/cai-thien`: what the unit's result says it could do better, what that would bring, and what it
//! plans to do.

use std::collections::BTreeMap;

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use leptos::prelude::*;
use serde::Deserialize;
use tenants::ids::{AssessmentId, TaskId};
use tenants::improvement::{self, Cause, Improvement, NewTask, Outcome, Standing, Task, WhatIf};
use tenants::sheets::Field as Figure;
use tenants::{Error, Problem, paths};

use crate::caller::Signed;
use crate::components::{
    Breadcrumb, Button, Fact, Field, FigureField, Lead, ProblemList, StatFacts, Table, Tag, TagKind, TextArea, figure,
};
use crate::days::optional_day;
use crate::form::Submission;
use crate::render::Page;
use crate::text::{t, t_with};
use crate::{App, Result, format};

/// What the page is asked for: an indicator to try, and its figures as `f-` and their names.
pub type Asked = BTreeMap<String, String>;

/// `GET /lam-viec/phieu/{sheet}/cai-thien`
pub async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<AssessmentId>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>> {
    page(&app, &signed, id, asked, Vec::new()).await
}

#[derive(Deserialize)]
pub struct TypedTask {
    code: String,
    text: String,
    #[serde(default)]
    owner: String,
    #[serde(default)]
    due: String,
}

/// `POST /lam-viec/phieu/{sheet}/viec`
pub async fn add(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<AssessmentId>,
    Form(typed): Form<TypedTask>,
) -> Result<Response> {
    match plan(&app, &signed, id, &typed).await {
        Ok(()) => Ok(Redirect::to(&format!("{}#viec", paths::sheet_improvement(id))).into_response()),
        Err(Error::Invalid(problems)) => {
            let typed = [("code", typed.code), ("text", typed.text), ("owner", typed.owner), ("due", typed.due)];
            let asked = typed.map(|(name, text)| (format!("t-{name}"), text)).into();
            let again = page(&app, &signed, id, asked, problems).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

async fn plan(app: &App, signed: &Signed, id: AssessmentId, typed: &TypedTask) -> tenants::Result<()> {
    let due = optional_day("due", &typed.due)?;
    let new = NewTask { code: typed.code.clone(), text: typed.text.clone(), owner: typed.owner.clone(), due };
    let tx = app.db.begin(&signed.caller).await?;
    improvement::add(&tx, id, &new).await?;
    tx.commit().await
}

#[derive(Deserialize)]
pub struct Finished {
    done: bool,
}

/// `POST /lam-viec/phieu/{sheet}/viec/{task}`
pub async fn finish(
    submission: Submission,
    Path((id, task)): Path<(AssessmentId, TaskId)>,
    Form(finished): Form<Finished>,
) -> Result<Redirect> {
    submission.act(async |tx| improvement::finish(tx, id, task, finished.done).await).await?;
    Ok(Redirect::to(&format!("{}#viec", paths::sheet_improvement(id))))
}

async fn page(
    app: &App,
    signed: &Signed,
    id: AssessmentId,
    asked: Asked,
    problems: Vec<Problem>,
) -> Result<Html<String>> {
    let tx = app.db.read(&signed.caller).await?;
    let view = improvement::improvement(&tx, id).await?;
    let figures: BTreeMap<String, String> =
        asked.iter().filter_map(|(name, text)| Some((name.strip_prefix("f-")?.to_owned(), text.clone()))).collect();
    let tried = match asked.get("chi-so") {
        Some(code) => Some(attempt(&tx, id, code, figures).await?),
        None => None,
    };
    drop(tx);
    let title = format!("{} · {}", t("improve"), view.head.unit_name);
    Page::new(title).staff(app, signed, || view! { <Improve view tried asked problems/> }).await
}

/// Figures tried, as typed, with what is wrong with them.
struct Tried {
    what: WhatIf,
    typed: BTreeMap<String, String>,
    problems: Vec<Problem>,
}

async fn attempt(
    tx: &tenants::store::Tx,
    id: AssessmentId,
    code: &str,
    typed: BTreeMap<String, String>,
) -> Result<Tried> {
    match improvement::what_if(tx, id, code, &typed).await {
        Ok(what) => Ok(Tried { what, typed, problems: Vec::new() }),
        Err(Error::Invalid(problems)) => {
            let what = improvement::what_if(tx, id, code, &BTreeMap::new()).await?;
            Ok(Tried { what, typed, problems })
        }
        Err(error) => Err(error.into()),
    }
}

#[component]
fn Improve(view: Improvement, tried: Option<Tried>, asked: Asked, problems: Vec<Problem>) -> impl IntoView {
    let Improvement {
        head,
        appraised,
        to_sign,
        points,
        applicable_maximum,
        index,
        rank,
        ranked,
        median_index,
        best_index,
        ..
    } = view;
    let id = head.id;
    let (own, about) = match (appraised, head.signature.is_some()) {
        (true, _) => ("appraised-points", None),
        (false, true) if to_sign => ("sheet-points-draft", Some("improve-to-sign")),
        (false, true) => ("self-points", Some("improve-not-yet")),
        (false, false) => ("sheet-points-draft", Some("improve-not-signed")),
    };
    let place = rank.map(|rank| format!("{rank}/{ranked}"));
    let mut facts = vec![Fact {
        label: t(own),
        value: format!("{}/{}", format::points(points, 2), engine::number::trim(applicable_maximum)),
    }];
    facts.extend(index.map(|index| Fact { label: t("index"), value: format::percent(Some(index), 2) }));
    facts.extend(place.map(|value| Fact { label: t("improve-place"), value }));
    facts.extend(median_index.map(|index| Fact { label: t("improve-median"), value: format::percent(Some(index), 2) }));
    facts.extend(best_index.map(|index| Fact { label: t("improve-best"), value: format::percent(Some(index), 2) }));
    let rows = view.rows.clone();
    let steps = vec![(paths::start::PATH.into(), t("nav-desk")), (paths::sheet(id), head.unit_name.clone())];
    view! {
        <Breadcrumb label=t("breadcrumb") steps/>
        <Lead title=format!("{} · {}", t("improve"), head.unit_name) about=head.period.name/>
        {about.map(|about| view! { <p class="notice notice-gold">{t(about)}</p> })}
        <StatFacts facts/>
        <Lifts id lifts=view.lifts rows=rows.clone()/>
        {tried.map(|tried| view! { <TryFigures id tried/> })}
        <Lost lost=view.lost/>
        <Standings id rows=rows.clone() appraised/>
        <Tasks id tasks=view.tasks rows may_plan=view.may_plan asked problems/>
    }
}

fn try_address(id: AssessmentId, code: &str) -> String {
    format!("{}?chi-so={code}#thu", paths::sheet_improvement(id))
}

/// The few indicators worth most.
#[component]
fn Lifts(id: AssessmentId, lifts: Vec<(String, rust_decimal::Decimal)>, rows: Vec<Standing>) -> impl IntoView {
    let line = |(code, gain): (String, rust_decimal::Decimal)| {
        let row = rows.iter().find(|row| row.code == code);
        let name = row.map(|row| row.name.clone()).unwrap_or_default();
        let lost = row.map(|row| format::points(row.lost(), 2)).unwrap_or_default();
        let told = t_with("improve-lift", [("points", lost.into()), ("gain", format::points(gain, 2).into())]);
        let try_it = try_address(id, &code);
        view! {
            <li class="card card-padded">
                <h3>{format!("{code} {name}")}</h3>
                <p>{told}</p>
                <a class="button" href=try_it>{t("improve-try")}</a>
            </li>
        }
    };
    let any = !lifts.is_empty();
    any.then(|| {
        view! {
            <section class="stack">
                <h2>{t("improve-lifts")}</h2>
                <ul class="lifts" role="list">{lifts.into_iter().map(line).collect_view()}</ul>
            </section>
        }
    })
}

/// Other figures through the formula in force; nothing is stored.
#[component]
fn TryFigures(id: AssessmentId, tried: Tried) -> impl IntoView {
    let Tried { what, typed, problems } = tried;
    let other: Vec<Problem> = problems.iter().filter(|problem| problem.field == "decision").cloned().collect();
    let line = |field: Figure| {
        let value = typed.get(&field.name).cloned().unwrap_or_else(|| field.value.clone());
        let id = format!("thu-{}", field.name);
        view! { <FigureField id field value problems=problems.clone()/> }
    };
    let fields = what.fields.into_iter().map(line).collect_view();
    let outcome = what.outcome.map(|outcome| view! { <Outcome outcome/> });
    view! {
        <section class="card card-padded stack" id="thu">
            <h2>{t_with("improve-if", [("indicator", format!("{} {}", what.code, what.name).into())])}</h2>
            <p class="muted">{t("improve-if-about")}</p>
            <ProblemList problems=other/>
            <form class="form" method="get" action=format!("{}#thu", paths::sheet_improvement(id))>
                <input type="hidden" name="chi-so" value=what.code/>
                <div class="form-columns">{fields}</div>
                <div><Button>{t("improve-score")}</Button></div>
            </form>
            {outcome}
        </section>
    }
}

#[component]
fn Outcome(outcome: Outcome) -> impl IntoView {
    let Outcome { changes, points, index, rank } = outcome;
    let moved = |from: String, to: String| format!("{from} → {to}");
    let place = |rank: Option<u32>| rank.map_or_else(|| "–".to_owned(), |rank| rank.to_string());
    let mut facts = vec![
        Fact { label: t("points"), value: moved(format::points(points.0, 2), format::points(points.1, 2)) },
        Fact { label: t("index"), value: moved(format::percent(index.0, 2), format::percent(index.1, 2)) },
    ];
    if rank.0.is_some() {
        facts.push(Fact { label: t("improve-place"), value: moved(place(rank.0), place(rank.1)) });
    }
    let changes: Vec<String> =
        changes.iter().map(|one| format!("{}: {} → {}", one.label, figure(&one.from), figure(&one.to))).collect();
    view! {
        <p>{changes.join("; ")}</p>
        <StatFacts facts/>
    }
}

/// Points lost by cause.
#[component]
fn Lost(lost: Vec<(Cause, rust_decimal::Decimal)>) -> impl IntoView {
    let most = lost.iter().map(|(_, points)| *points).max();
    let line = move |(cause, points): (Cause, rust_decimal::Decimal)| {
        let cause = match cause {
            Cause::Figures => t("improve-cause-figures"),
            Cause::Unscored => t("improve-cause-unscored"),
            Cause::Council(code) => {
                t_with("improve-cause-council", [("reason", t(&format!("reason-{}", code.as_str())).into())])
            }
        };
        let most = most.unwrap_or_default().to_string();
        let value = points.to_string();
        view! {
            <tr>
                <td>{cause.clone()}</td>
                <td data-label=""><meter min="0" max=most value=value aria-label=cause></meter></td>
                <td class="num"><strong>{format::points(points, 2)}</strong></td>
            </tr>
        }
    };
    let any = !lost.is_empty();
    any.then(|| {
        view! {
            <section class="stack">
                <h2>{t("improve-lost")}</h2>
                <Table label=t("improve-lost")>
                    <thead><tr><th>{t("improve-cause")}</th><th></th><th class="num">{t("improve-lost-points")}</th></tr></thead>
                    <tbody>{lost.into_iter().map(line).collect_view()}</tbody>
                </Table>
            </section>
        }
    })
}

/// Strong and weak, indicator by indicator: the furthest behind the middle first.
#[component]
fn Standings(id: AssessmentId, rows: Vec<Standing>, appraised: bool) -> impl IntoView {
    let mut rows = rows;
    rows.sort_by_key(|row| row.points - row.median.unwrap_or(row.maximum));
    let line = move |row: Standing| {
        let behind = row.median.map(|median| row.points - median);
        let mark = behind.map(|behind| {
            let (kind, key) = match behind {
                zero if zero.is_zero() => (TagKind::Quiet, "improve-middle"),
                less if less.is_sign_negative() => (TagKind::Gold, "improve-behind"),
                _ => (TagKind::Green, "improve-ahead"),
            };
            view! { <Tag kind text=t(key)/> }
        });
        let figure = |points: Option<rust_decimal::Decimal>| {
            points.map_or_else(|| "–".into(), |points| format::points(points, 2))
        };
        let (median, best) = (figure(row.median), figure(row.best));
        view! {
            <tr>
                <td class="code">{row.code.clone()}</td>
                <td><a href=try_address(id, &row.code)>{row.name}</a>" "{mark}</td>
                <td class="num nowrap"><strong>{format::points(row.points, 2)}</strong><span class="muted">"/"{engine::number::trim(row.maximum)}</span></td>
                {appraised.then(|| view! { <td class="num" data-label=t("improve-median-points")>{median}</td><td class="num" data-label=t("improve-best-points")>{best}</td> })}
            </tr>
        }
    };
    view! {
        <section class="stack">
            <h2>{t("improve-standings")}</h2>
            <Table label=t("improve-standings")>
                <thead>
                    <tr>
                        <th>{t("code")}</th>
                        <th>{t("indicator")}</th>
                        <th class="num">{t("points")}</th>
                        {appraised.then(|| view! { <th class="num">{t("improve-median-points")}</th><th class="num">{t("improve-best-points")}</th> })}
                    </tr>
                </thead>
                <tbody>{rows.into_iter().map(line).collect_view()}</tbody>
            </Table>
        </section>
    }
}

#[component]
fn Tasks(
    id: AssessmentId,
    tasks: Vec<Task>,
    rows: Vec<Standing>,
    may_plan: bool,
    asked: Asked,
    problems: Vec<Problem>,
) -> impl IntoView {
    let line = |task: Task| {
        let done = task.done_at.is_some();
        let about = [task.owner, task.due.map(format::date).unwrap_or_default()];
        let about: Vec<String> = about.into_iter().filter(|part| !part.is_empty()).collect();
        let label = t(if done { "improve-task-again" } else { "improve-task-done" });
        view! {
            <li class:replaced=done class="task">
                <span class="code">{task.code}</span>
                <div class="said">{task.text}{(!about.is_empty()).then(|| view! { <small class="muted block">{about.join(" · ")}</small> })}</div>
                {may_plan.then(|| view! {
                    <form method="post" action=paths::sheet_task(id, task.id)>
                        <input type="hidden" name="done" value=(!done).to_string()/>
                        <Button>{label}</Button>
                    </form>
                })}
            </li>
        }
    };
    let [text, owner, due] = ["t-text", "t-owner", "t-due"].map(|name| asked.get(name).cloned().unwrap_or_default());
    let chosen = asked.get("t-code").or(asked.get("chi-so")).cloned().unwrap_or_default();
    let mut rows = rows;
    rows.sort_by_key(|row| std::cmp::Reverse(row.lost()));
    let option = move |row: Standing| {
        let selected = row.code == chosen;
        view! { <option value=row.code.clone() selected=selected>{format!("{} {}", row.code, row.name)}</option> }
    };
    let none = tasks.is_empty();
    view! {
        <section class="stack" id="viec">
            <h2>{t("improve-tasks")}</h2>
            {none.then(|| view! { <p class="muted">{t("improve-tasks-none")}</p> })}
            <ul class="tasks" role="list">{tasks.into_iter().map(line).collect_view()}</ul>
            {may_plan.then(|| view! {
                <form class="card card-padded form" method="post" action=paths::sheet_tasks(id)>
                    <Field name="code" label=t("indicator") problems=problems.clone()><select id="code" name="code">{rows.into_iter().map(option).collect_view()}</select></Field>
                    <Field name="text" label=t("improve-task") problems=problems.clone()><TextArea id="text" name="text" rows=2 required=true maxlength=1000 text/></Field>
                    <div class="form-columns">
                        <Field name="owner" label=t("improve-task-owner") problems=problems.clone()><input id="owner" name="owner" maxlength="200" value=owner/></Field>
                        <Field name="due" label=t("improve-task-due") problems><input id="due" name="due" type="date" value=due/></Field>
                    </div>
                    <div><Button>{t("improve-task-add")}</Button></div>
                </form>
            })}
        </section>
    }
}
