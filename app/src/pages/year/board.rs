//! `/lam-viec/ky/{id}`: the progress board of a period and the next step of its life.

use std::collections::HashMap;

use axum::Form;
use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use leptos::prelude::*;
use serde::Deserialize;
use tenants::ids::PeriodId;
use tenants::periods::Stage;
use tenants::policy::{self, Action, Subject};
use tenants::ranking::{self, GroupRanking, RankingLine};
use tenants::seats::{self, Lacking};
use tenants::sheets::SheetState;
use tenants::year::{self, Board, BoardGroup, BoardUnit};
use tenants::{Error, Problem, appraisal, paths, petitions};

use crate::caller::Signed;
use crate::components::{
    Breadcrumb, Button, ButtonKind, Fact, Lead, Progress, StatFacts, Table, Tag, TagKind, sheet_tag, stage_tag,
};
use crate::days::day_of;
use crate::form::Submission;
use crate::pages::council::seats::CouncilStep;
use crate::pages::year::deadlines::ScheduleForm;
use crate::pages::year::engine::OlderEngine;
use crate::pages::year::extension::{ExtendForm, SendBackForm};
use crate::pages::year::late::LateList;
use crate::pages::year::plan::Timeline;
use crate::pages::year::settings::{DiscardForm, TakeBackForm};
use crate::render::{self, Page};
use crate::text::{t, t_with};
use crate::{App, Result, format};

/// `GET /lam-viec/ky/{id}`
pub async fn show(State(app): State<App>, signed: Signed, Path(id): Path<PeriodId>) -> Result<Html<String>> {
    page(&app, &signed, id).await
}

async fn page(app: &App, signed: &Signed, id: PeriodId) -> Result<Html<String>> {
    let tx = app.db.read(&signed.caller).await?;
    let board = year::board(&tx, id).await?;
    let late = year::late(&tx, id).await?;
    let open = if board.can.conclude { appraisal::open_rows(&tx, id).await? } else { Vec::new() };
    let lacking = if board.can.start_appraisal { seats::lacking(&tx, id).await? } else { None };
    let rules = policy::allows(&signed.caller, Action::Simulate, Subject::Tenant);
    Page::new(board.period.name.clone())
        .staff(app, signed, || view! { <BoardPage board late open lacking rules/> })
        .await
}

/// `POST /lam-viec/ky/{id}/mo`
pub async fn open(submission: Submission, Path(id): Path<PeriodId>) -> Result<Redirect> {
    submission.submit(t("period-opened"), &paths::year(id), async |tx| year::open(tx, id).await).await
}

/// `POST /lam-viec/ky/{id}/tham-dinh`
pub async fn start_appraisal(
    submission: Submission,
    Path(id): Path<PeriodId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Redirect> {
    submission.allow(Action::ManagePeriod)?;
    submission
        .submit(t("period-appraisal-started"), &paths::year(id), async |tx| {
            let board = year::board(tx, id).await?;
            if board.period.self_deadline > tx.now() && !form.contains_key("early") {
                return Err(Error::Conflict(t("period-early-refused")));
            }
            year::start_appraisal(tx, id).await?;
            Ok(())
        })
        .await
}

/// `POST /lam-viec/ky/{id}/ket-luan`
pub async fn conclude(submission: Submission, Path(id): Path<PeriodId>) -> Result<Redirect> {
    submission.submit(t("period-concluded"), &paths::year(id), async |tx| appraisal::conclude(tx, id).await).await
}

#[derive(Deserialize)]
pub struct Announcement {
    until: String,
}

/// `POST /lam-viec/ky/{id}/tam-thoi`: every unit may read its provisional result from now on.
pub async fn announce(
    submission: Submission,
    Path(id): Path<PeriodId>,
    Form(form): Form<Announcement>,
) -> Result<Redirect> {
    submission.allow(Action::Conclude)?;
    submission
        .submit(t("period-announced"), &paths::year(id), async |tx| {
            let day = day_of(&form.until);
            let until = day.ok_or_else(|| Error::Invalid(vec![Problem::new("until", &t("period-bad-date"))]))?;
            petitions::announce(tx, id, tenants::clock::last_second(until)).await?;
            Ok(())
        })
        .await
}

/// `GET /lam-viec/ky/{id}/xep-hang`
pub async fn ranking(State(app): State<App>, signed: Signed, Path(id): Path<PeriodId>) -> Result<Html<String>> {
    let tx = app.db.read(&signed.caller).await?;
    let board = year::board(&tx, id).await?;
    let groups = ranking::read(&tx, &app.cache, id).await?;
    let title = t("period-ranking");
    Page::new(title.clone())
        .staff(&app, &signed, || {
            let steps = vec![(paths::year(id), board.period.name)];
            view! {
                <Breadcrumb label=t("breadcrumb") steps/>
                <Lead title about=t("period-ranking-about")/>
                {groups.into_iter().map(|group| view! { <RankingTable group/> }).collect_view()}
            }
        })
        .await
}

#[component]
fn BoardPage(
    board: Board,
    late: Vec<year::Late>,
    open: Vec<(String, u32)>,
    lacking: Option<Lacking>,
    rules: bool,
) -> impl IntoView {
    let period = board.period.clone();
    let about = t_with(
        "period-about",
        [
            ("self", format::moment(period.self_deadline).into()),
            ("publish", format::day(period.publish_deadline).into()),
        ],
    );
    let (id, stage) = (period.id, period.stage);
    let now = render::now();
    let early = period.self_deadline > now;
    let extended = given_time(&board, now);
    let can = board.can;
    view! {
        <Breadcrumb label=t("breadcrumb") steps=vec![(paths::years::PATH.into(), t("nav-periods"))]/>
        <Lead title=period.name.clone() about>
            {stage_tag(stage)}
            <a class="button" href=paths::year_plan(id)>{t("plan")}</a>
            {can.enrol.then(|| view! { <a class="button" href=paths::year_units(id)>{t("enrol")}</a> })}
            <a class="button" href=paths::sessions(id)>{t("minutes")}</a>
            {(stage >= Stage::SelfAssessment).then(|| view! { <a class="button" href=paths::year_data_review(id)>{t("scan")}</a> })}
            <a class="button" href=paths::council(id)>{t("council")}</a>
            <a class="button" href=paths::assignments(id)>{t("duties")}</a>
            {(stage >= Stage::Appraisal).then(|| view! { <a class="button" href=paths::differences(id)>{t("consistency")}</a> })}
            {rules.then(|| view! { <a class="button" href=paths::year_rules(id)>{t("period-rules")}</a> })}
        </Lead>
        <Timeline period=period.clone()/>
        <LateList late/>
        {can.renew_engine.then(|| view! { <OlderEngine id engine=board.engine/> })}
        {period.petition_until.map(|until| view! { <p class="notice notice-gold">{t_with("period-provisional", [("until", format::moment(until).into())])}</p> })}
        {(can.open || can.extend).then(|| view! { <ScheduleForm period=period.clone()/> })}
        <NextStep id can open lacking early extended/>
        {can.discard.then(|| view! { <DiscardForm id/> })}
        {can.take_back.then(|| view! { <TakeBackForm id/> })}
        {board.groups.into_iter().map(|group| view! { <GroupBoard id stage group extend=can.extend/> }).collect_view()}
    }
}

#[component]
fn NextStep(
    id: PeriodId,
    can: year::PeriodCan,
    open: Vec<(String, u32)>,
    lacking: Option<Lacking>,
    early: bool,
    /// Units that still have time by an extension of their own.
    extended: Vec<String>,
) -> impl IntoView {
    let step = |action: String, label: &'static str, explain: &'static str, before: bool| {
        view! {
            <form class="card card-padded next-step" method="post" action=action>
                <p>{t(explain)}</p>
                {before.then(|| view! { <Before early extended=extended.clone()/> })}
                <Button kind=ButtonKind::Primary>{t(label)}</Button>
            </form>
        }
    };
    let undecided: u32 = open.iter().map(|(_, count)| count).sum();
    view! {
        {can.open.then(|| step(paths::year_open(id), "period-open", "period-open-explain", false))}
        {lacking.map(|lacking| view! { <CouncilStep id lacking/> })}
        {(can.start_appraisal && lacking.is_none()).then(|| step(paths::year_start_appraisal(id), "period-start-appraisal", "period-start-appraisal-explain", true))}
        {(can.announce && undecided == 0).then(|| view! { <AnnounceForm id/> })}
        {(can.conclude && undecided == 0).then(|| step(paths::year_conclude(id), "period-conclude", "period-conclude-explain", false))}
        {(can.conclude && undecided > 0).then(|| view! { <StillOpen open undecided/> })}
        {can.publish.then(|| view! {
            <div class="card card-padded next-step">
                <p>{t("period-publish-explain")}</p>
                <a class="button button-primary" href=paths::year_publish(id)>{t("period-publish")}</a>
            </div>
        })}
    }
}

/// The provisional result goes to all units at one moment.
#[component]
fn AnnounceForm(id: PeriodId) -> impl IntoView {
    let today = render::today();
    let until = tenants::calendar::Calendar::default().after(today, 5);
    view! {
        <form class="card card-padded next-step" method="post" action=paths::year_announce(id)>
            <p>{t("period-announce-explain")}</p>
            <div class="field">
                <label for="until">{t("period-petition-until")}</label>
                <input id="until" name="until" type="date" required min=today.to_string() value=until.to_string()/>
            </div>
            <Button kind=ButtonKind::Primary>{t("period-announce")}</Button>
        </form>
    }
}

/// Units that were given time beyond now.
fn given_time(board: &Board, now: time::OffsetDateTime) -> Vec<String> {
    let units = board.groups.iter().flat_map(|group| &group.units);
    let waiting = units.filter(|unit| unit.self_points.is_none() && unit.extended_to.is_some_and(|until| until > now));
    waiting.map(|unit| unit.unit_name.clone()).collect()
}

/// What to know before the appraisal begins: units with time of their own keep it, and the common time is ended early only
/// on purpose.
#[component]
fn Before(early: bool, extended: Vec<String>) -> impl IntoView {
    let kept = t_with("period-early-extended", [("units", extended.join(", ").into())]);
    view! {
        {(!extended.is_empty()).then(|| view! { <p class="muted">{kept}</p> })}
        {early.then(|| view! {
            <label class="choice" for="early">
                <input type="checkbox" id="early" name="early" value="1" required/>
                {t("period-early")}
            </label>
        })}
    }
}

#[component]
fn StillOpen(open: Vec<(String, u32)>, undecided: u32) -> impl IntoView {
    let line = |(unit, count): (String, u32)| view! { <li>{t_with("period-open-unit", [("unit", unit.into()), ("count", count.into())])}</li> };
    view! {
        <details class="notice notice-gold">
            <summary>{t_with("period-still-open", [("count", engine::number::trim(undecided.into()).into())])}</summary>
            <ul>{open.into_iter().map(line).collect_view()}</ul>
        </details>
    }
}

#[component]
fn GroupBoard(id: PeriodId, stage: Stage, group: BoardGroup, extend: bool) -> impl IntoView {
    let mut counts: HashMap<SheetState, usize> = HashMap::new();
    for unit in &group.units {
        *counts.entry(unit.state).or_default() += 1;
    }
    let all = group.units.len();
    let sent = |state| counts.get(&state).copied().unwrap_or(0);
    let fact = |key: &str, value: usize| Fact { label: t(key), value: format!("{value}/{all}") };
    let appraised = group.units.iter().filter(|unit| unit.decided == unit.total).count();
    let facts_sent = group.units.iter().filter(|unit| unit.self_points.is_some()).count();
    let mut facts = vec![fact("board-submitted", facts_sent)];
    if stage > Stage::SelfAssessment {
        facts.push(fact("sheet-not_submitted", all - facts_sent));
        facts.push(fact("board-appraised", appraised));
    } else {
        facts.push(fact("board-drafting", sent(SheetState::Drafting) + sent(SheetState::Returned)));
        facts.push(fact("board-in-review", sent(SheetState::InternalReview)));
        facts.push(fact("board-not-started", sent(SheetState::NotStarted)));
    }
    let set = t_with("board-set", [("name", group.set_name.into()), ("version", group.version_number.into())]);
    let unit = move |unit: BoardUnit| view! { <UnitRow id stage unit extend/> };
    view! {
        <section class="stack">
            <div class="section-head">
                <h2>{group.name.clone()}</h2>
                <small class="muted">{set}</small>
                <a href=paths::exemptions(group.id)>{t("exempt")}</a>
                {(stage >= Stage::Appraisal).then(|| view! {
                    <a href=paths::appraise_group(group.id)>{t("column")}</a>
                    <a href=paths::year_ranking(id)>{t("period-ranking")}</a>
                })}
            </div>
            <StatFacts facts/>
            <Table label=group.name blocks=true>
                <thead>
                    <tr>
                        <th>{t("unit")}</th>
                        <th>{t("state")}</th>
                        <th>{t("board-progress")}</th>
                        <th class="num">{t("self-points")}</th>
                        <th></th>
                    </tr>
                </thead>
                <tbody>{group.units.into_iter().map(unit).collect_view()}</tbody>
            </Table>
        </section>
    }
}

#[component]
fn UnitRow(id: PeriodId, stage: Stage, unit: BoardUnit, extend: bool) -> impl IntoView {
    let (done, key) =
        if stage >= Stage::Appraisal { (unit.decided, "board-decided") } else { (unit.entered, "board-entered") };
    let text = t_with(key, [("done", done.into()), ("total", unit.total.into())]);
    let size = |count: u32| usize::try_from(count).unwrap_or(0);
    let extended = unit.extended_to.map(|until| t_with("board-extended", [("until", format::moment(until).into())]));
    let points = format::of_maximum(unit.self_points, unit.maximum);
    let unsent = unit.state == SheetState::Concluded && unit.self_points.is_none();
    let unsent = unsent.then(|| view! { <Tag kind=TagKind::Red text=t("unit-not-self-assessed")/> });
    view! {
        <tr id=format!("p{}", unit.assessment)>
            <td>
                <a href=paths::sheet(unit.assessment)>{unit.unit_name.clone()}</a>
                {extended.map(|extended| view! { <small class="muted block">{extended}</small> })}
            </td>
            <td>{sheet_tag(unit.state, unit.late)}{unsent}</td>
            <td><Progress done=size(done) of=size(unit.total) text/></td>
            <td class="num" data-label=t("self-points")>{points}</td>
            <td>
                {(extend && unit.state != SheetState::Submitted).then(|| view! { <ExtendForm id sheet=unit.assessment unit=unit.unit_name.clone()/> })}
                {(extend && unit.state == SheetState::Submitted).then(|| view! { <SendBackForm id sheet=unit.assessment unit=unit.unit_name.clone()/> })}
            </td>
        </tr>
    }
}

/// The ranking of one group.
#[component]
pub fn RankingTable(group: GroupRanking) -> impl IntoView {
    let row = |line: RankingLine| {
        let pending = (line.pending > 0).then(|| t_with("ranking-pending", [("count", line.pending.into())]));
        let outside = (!line.ranked).then(|| t("rank-outside"));
        let unsent = (!line.self_assessed).then(|| t("unit-not-self-assessed"));
        let note: Vec<String> = outside.into_iter().chain(unsent).chain(pending).collect();
        view! {
            <tr>
                <td class="rank">{line.rank.map_or_else(|| "–".to_owned(), |rank| rank.to_string())}</td>
                <td>
                    <a href=paths::appraise(line.assessment)>{line.unit_name}</a>
                    {(!note.is_empty()).then(|| view! { <small class="muted block">{note.join(" · ")}</small> })}
                </td>
                <td class="num" data-label=t("points")>{format::of_maximum(Some(line.points), line.applicable_maximum)}</td>
                <td class="num"><strong>{format::percent(line.index, 2)}</strong></td>
            </tr>
        }
    };
    view! {
        <section class="stack">
            <h2>{group.name.clone()}</h2>
            <Table label=group.name>
                <thead>
                    <tr>
                        <th>{t("rank")}</th>
                        <th>{t("unit")}</th>
                        <th class="num">{t("points")}</th>
                        <th class="num">{t("index")}</th>
                    </tr>
                </thead>
                <tbody>{group.rows.into_iter().map(row).collect_view()}</tbody>
            </Table>
        </section>
    }
}
