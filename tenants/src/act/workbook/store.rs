//! Downloading a sheet's workbook, seeing what one that was sent in would do, and taking it in.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use engine::Answers;
use serde_json::json;

use super::compare::{Desk, Plan, Planned};
use super::{Blank, BlankRow, BlankSection, Choice, Filled, Locked, Moved, Outcome, RowChange, Slot};
use crate::assessments;
use crate::audit::{self, Event};
use crate::desk::{self, Row, last_year, warnings};
use crate::ids::AssessmentId;
use crate::sheets::{self, Colleague, Field, Loaded};

use crate::policy::Action;
use crate::store::Tx;
use crate::{Error, Problem, Result};

/// A sheet as a workbook shows it. For the people of its unit; what a colleague fills in is locked.
pub async fn blank(tx: &Tx, id: AssessmentId) -> Result<Blank> {
    let loaded = sheets::visible(tx, id).await?;
    tx.allow(Action::Plan, sheets::subject(&loaded.sheet, &loaded.period))?;
    let (clerks, _) = sheets::among_colleagues(tx, &loaded).await?;
    let last = last_year(tx, &loaded).await?;
    let (answers, account) = (loaded.answers()?, tx.caller().account);
    let mut facts: BTreeMap<String, (Field, Option<String>)> = BTreeMap::new();
    let mut sections = Vec::new();
    for main in loaded.rules.set().main_indexes() {
        let mut rows = Vec::new();
        for indicator in &main.indicators {
            let row = desk::build_row(&loaded, indicator, &answers)?;
            let last = last.as_ref().and_then(|last| last.rows.get(&row.code)).cloned();
            for field in row.fields.iter().filter(|field| field.shared) {
                let then = last.as_ref().and_then(|last| last.values.get(&field.name)).cloned();
                facts.entry(field.name.clone()).or_insert_with(|| (field.clone(), then));
            }
            let other = |clerk: &&Colleague| Some(clerk.account) != account;
            let locked = match clerks.get(&row.code).filter(other) {
                _ if row.exempt => Some(Locked::Exempt),
                colleague => colleague.map(|clerk| Locked::Colleague(clerk.name.clone())),
            };
            let unconfirmed = row.state == sheets::RowState::Unconfirmed;
            rows.push(BlankRow { row, last, unconfirmed, locked });
        }
        sections.push(BlankSection { code: main.code.clone(), name: main.name.clone(), rows });
    }
    let in_order = loaded.rules.set().facts.iter().filter_map(|fact| facts.remove(&fact.name));
    Ok(Blank {
        head: sheets::head(tx, &loaded)?,
        rules: loaded.content_hash.clone(),
        facts: in_order.collect(),
        sections,
        last_year: last.map(|last| last.year),
    })
}

/// Asked before a workbook is unpacked: whether the caller is one of the sheet's clerks.
pub async fn may_send(tx: &Tx, id: AssessmentId) -> Result<()> {
    let (sheet, period) = sheets::find_sheet(tx, id).await?;
    tx.allow(Action::SaveAnswer, sheets::subject(&sheet, &period))
}

/// What a workbook would do. The transaction ends here and writes nothing, whatever the workbook says.
pub async fn preview(tx: Tx, id: AssessmentId, filled: Filled, choices: &HashMap<String, Choice>) -> Result<Outcome> {
    try_out(&tx, id, filled, choices).await
}

/// Writes what a workbook changes, all of it or nothing; `written` says which.
/// `Err(Closed)` after the deadline, `Err(Conflict)` once the sheet is out of the clerks' hands, `Err(Invalid)` for a
/// workbook of another sheet.
pub async fn take_in(tx: Tx, id: AssessmentId, filled: Filled, choices: &HashMap<String, Choice>) -> Result<Outcome> {
    let mut outcome = try_out(&tx, id, filled, choices).await?;
    if outcome.is_clean() && !outcome.is_empty() {
        let codes: Vec<&String> = outcome.rows.iter().map(|row| &row.code).collect();
        let cells = outcome.facts.len() + outcome.rows.iter().map(|row| row.cells.len()).sum::<usize>();
        let detail = json!({ "codes": codes, "cells": cells });
        audit::record(&tx, Event { action: "sheet.workbook", subject: ("sheet", id.to_string()), detail }).await?;
        tx.commit().await?;
        outcome.written = true;
    }
    Ok(outcome)
}

/// Saves answer by answer, as the desk does, and tells what came of it. What is refused is a problem at its cell.
async fn try_out(tx: &Tx, id: AssessmentId, filled: Filled, choices: &HashMap<String, Choice>) -> Result<Outcome> {
    let before = sheets::visible_to_change(tx, id).await?;
    tx.allow(Action::SaveAnswer, sheets::subject(&before.sheet, &before.period))?;
    if before.reopened.is_empty() {
        sheets::refuse_when_sheet_closed(tx, &before)?;
    }
    refuse_foreign(&before, &filled)?;
    let (clerks, _) = sheets::among_colleagues(tx, &before).await?;
    let desk = Desk { loaded: &before, clerks: &clerks, account: tx.caller().account };
    let mut plan = desk.plan(&filled, choices);
    let mut scored = BTreeSet::new();
    for planned in &plan.answers {
        match assessments::save_answer(tx, id, &planned.answer).await {
            Ok(saved) => scored.extend(saved.rows.into_iter().map(|row| row.code)),
            Err(Error::Invalid(problems)) => plan.problems.extend(problems.into_iter().map(|one| placed(planned, one))),
            Err(Error::Conflict(told)) => plan.problems.push(Problem::new(&place(planned, ""), &told)),
            Err(error) => return Err(error),
        }
    }
    outcome(tx, &before, plan, &scored, filled).await
}

/// The cell of a save that a problem is about.
fn placed(planned: &Planned, problem: Problem) -> Problem {
    Problem { field: place(planned, &problem.field), message: problem.message }
}

fn place(planned: &Planned, field: &str) -> String {
    let first = || planned.cells.first().map(|cell| cell.at.clone()).unwrap_or_default();
    planned.places.get(field).cloned().unwrap_or_else(first)
}

fn refuse_foreign(loaded: &Loaded, filled: &Filled) -> Result<()> {
    let told = if filled.sheet != loaded.sheet.id.to_string() {
        let (title, unit, period) = (&filled.title, &loaded.sheet.unit_name, &loaded.period.name);
        format!("Đây là biểu của “{title}”, không phải của “{unit}, {period}”. Hãy chọn đúng tệp.")
    } else if filled.rules != loaded.content_hash {
        "Bộ chỉ số của kỳ đã đổi từ khi tải biểu này; hãy tải biểu mới rồi chép số liệu sang.".to_owned()
    } else {
        return Ok(());
    };
    Err(Error::Invalid(vec![Problem::new("file", &told)]))
}

async fn outcome(tx: &Tx, before: &Loaded, plan: Plan, scored: &BTreeSet<String>, filled: Filled) -> Result<Outcome> {
    let after = Loaded::read(tx, before.sheet.id).await?;
    let (then, now) = (before.answers()?, after.answers()?);
    let last = last_year(tx, &after).await?;
    let uses = after.uses();
    let mut rows = Vec::new();
    for planned in plan.answers.iter().filter(|planned| !planned.cells.is_empty()) {
        let (old, new) = (row(before, &planned.answer.code, &then)?, row(&after, &planned.answer.code, &now)?);
        let indicator = after.rules.set().indicator(&new.code).ok_or(Error::NotFound)?;
        rows.push(RowChange {
            warnings: warnings(&after, indicator, &new.score, &uses, last.as_ref())?,
            code: new.code,
            name: new.name,
            cells: planned.cells.clone(),
            maximum: new.maximum,
            old_points: old.score.points,
            new_points: new.score.points,
            state: new.state,
        });
    }
    let mut moved = Vec::new();
    for code in scored.iter().filter(|code| rows.iter().all(|row| row.code != **code)) {
        let (old, new) = (row(before, code, &then)?, row(&after, code, &now)?);
        if old.score.points != new.score.points {
            let (old_points, new_points) = (old.score.points, new.score.points);
            moved.push(Moved { code: code.clone(), name: new.name, old_points, new_points });
        }
    }
    Ok(Outcome {
        head: sheets::head(tx, before)?,
        facts: plan.facts,
        rows,
        moved,
        conflicts: plan.conflicts,
        problems: plan.problems,
        before: before.sections(&then)?.1,
        after: after.sections(&now)?.1,
        filled: only(filled, &plan.touched),
        written: false,
    })
}

fn row(loaded: &Loaded, code: &str, answers: &Answers) -> Result<Row> {
    let indicator = loaded.rules.set().indicator(code).ok_or(Error::NotFound)?;
    desk::build_row(loaded, indicator, answers)
}

/// The workbook with nothing left in it but the indicators and shared figures it changes.
fn only(mut filled: Filled, touched: &[Slot]) -> Filled {
    let codes: BTreeSet<&str> = touched.iter().filter_map(Slot::code).collect();
    let kept = |slot: &Slot| touched.contains(slot) || slot.code().is_some_and(|code| codes.contains(code));
    filled.cells.retain(|slot, _| kept(slot));
    filled.was.retain(|slot, _| kept(slot));
    filled.revisions.retain(|code, _| codes.contains(code.as_str()));
    filled
}
