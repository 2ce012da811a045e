//! What is late in a period, and with whom: the lines a leader reads first.

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use super::{Late, LateWhat};
use crate::Result;
use crate::appraisal::open_rows;
use crate::clock;
use crate::decisions::{overdue_questions, petitions};
use crate::ids::PeriodId;
use crate::periods::{Stage, find, is_over};
use crate::policy::{Action, Subject};
use crate::sheets::SheetState;
use crate::store::Tx;
use crate::store::entities::{assessments, periods};

/// Everything late in a period, unit by unit in the order of the board; empty when all is in time. A constant number of
/// statements, however many units.
pub async fn late(tx: &Tx, id: PeriodId) -> Result<Vec<Late>> {
    tx.allow(Action::ViewBoard, Subject::Tenant)?;
    let period = find(tx, id).await?;
    let sheets = tx.scoped::<assessments::Entity>().filter(assessments::Column::PeriodId.eq(id));
    let sheets = sheets.order_by_asc(assessments::Column::UnitCode).all(tx.conn()).await?;
    match period.stage()? {
        Stage::SelfAssessment => unsent(tx, &period, &sheets),
        Stage::Appraisal => in_appraisal(tx, &period, &sheets).await,
        _ => Ok(Vec::new()),
    }
}

/// Sheets not sent although the unit's own limit has passed.
fn unsent(tx: &Tx, period: &periods::Model, sheets: &[assessments::Model]) -> Result<Vec<Late>> {
    let mut late = Vec::new();
    for sheet in sheets {
        let limit = sheet.due(period.self_deadline);
        let open = sheet.state()? != SheetState::Submitted;
        if open && is_over(limit, tx.now()) {
            late.push(line(LateWhat::Sheet, sheet, (1, limit)));
        }
    }
    Ok(late)
}

/// Questions a unit has not answered by their day; and, once their days have passed, indicators the council has not decided
/// and petitions it has not answered.
async fn in_appraisal(tx: &Tx, period: &periods::Model, sheets: &[assessments::Model]) -> Result<Vec<Late>> {
    let ids: Vec<_> = sheets.iter().map(|sheet| sheet.id).collect();
    let asked = overdue_questions(tx, &ids).await?;
    let decide_by = period.appraise_until.map(clock::last_second).filter(|limit| is_over(*limit, tx.now()));
    let open = if decide_by.is_some() { open_rows(tx, period.id).await? } else { Vec::new() };
    let answer_by = period.petition_until.filter(|limit| is_over(*limit, tx.now()));
    let waiting = petitions::unanswered_of(tx, &ids).await?;
    let mut late = Vec::new();
    for sheet in sheets {
        if let Some((count, due)) = asked.get(&sheet.id) {
            late.push(line(LateWhat::Answers, sheet, (*count, clock::last_second(*due))));
        }
        let undecided = open.iter().find(|(name, _)| *name == sheet.unit_name);
        if let (Some(limit), Some((_, count))) = (decide_by, undecided) {
            late.push(line(LateWhat::Decisions, sheet, (*count, limit)));
        }
        if let (Some(limit), Some(count)) = (answer_by, waiting.get(&sheet.id)) {
            late.push(line(LateWhat::Petitions, sheet, (*count, limit)));
        }
    }
    Ok(late)
}

fn line(what: LateWhat, sheet: &assessments::Model, (count, since): (u32, time::OffsetDateTime)) -> Late {
    Late { what, sheet: sheet.id, unit_name: sheet.unit_name.clone(), count, since }
}
