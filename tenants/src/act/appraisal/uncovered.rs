//! Who cannot judge what was given to them, because they come from the unit; and what a member reads about the own part.

use engine::IndicatorSet;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use super::duty::duties;
use super::{Duty, Gap, OwnPart};
use crate::decisions::{Part, closed};
use crate::ids::PeriodId;
use crate::policy::{Action, Subject};
use crate::seats::{self, Seat};
use crate::store::Tx;
use crate::store::entities::{assessments, ranking_groups};
use crate::{Result, indicator_sets, periods, sheets};

/// What waits for a substitute, by unit. The managing agency's sheet is the chair's in any case.
pub async fn gaps(tx: &Tx, id: PeriodId) -> Result<Vec<Gap>> {
    tx.allow(Action::ViewBoard, Subject::Tenant)?;
    let period = periods::find(tx, id).await?;
    let mut judges = seats::seats(tx, id).await?;
    judges.retain(|seat| seat.ended.is_none() && seat.kind.judges());
    let duties = duties(tx, id).await?;
    let groups = tx.scoped::<ranking_groups::Entity>().filter(ranking_groups::Column::PeriodId.eq(id));
    let mut gaps = Vec::new();
    for group in groups.order_by_asc(ranking_groups::Column::Position).all(tx.conn()).await? {
        let rules = indicator_sets::rules(tx, group.version_id).await?;
        let given: Vec<&Duty> = duties.iter().filter(|duty| duty.group == group.id).collect();
        let sheets = tx.scoped::<assessments::Entity>().filter(assessments::Column::GroupId.eq(group.id));
        for sheet in sheets.order_by_asc(assessments::Column::UnitCode).all(tx.conn()).await? {
            let managing = matches!(sheets::subject(&sheet, &period), Subject::Sheet { managing: true, .. });
            let gap = if managing { None } else { gap(&sheet, &given, &judges, rules.set()) };
            gaps.extend(gap);
        }
    }
    Ok(gaps)
}

/// The parts of a sheet that were given to nobody but the unit's own people.
fn gap(sheet: &assessments::Model, given: &[&Duty], judges: &[Seat], set: &IndicatorSet) -> Option<Gap> {
    let own: Vec<&Seat> = judges.iter().filter(|seat| seat.unit == Some(sheet.unit_id)).collect();
    let here: Vec<_> = given.iter().filter(|duty| duty.sheet.is_none_or(|one| one == sheet.id)).collect();
    let is_own = |duty: &Duty| own.iter().any(|seat| seat.account == duty.account);
    let missing = |code: &str| {
        let mut covering = here.iter().filter(|duty| duty.part.covers(set, code)).peekable();
        covering.peek().is_some() && covering.all(|duty| is_own(duty))
    };
    let mut parts = Vec::new();
    for main in set.main_indexes() {
        let codes: Vec<&String> = main.indicators.iter().map(|leaf| &leaf.code).filter(|code| missing(code)).collect();
        match codes.len() == main.indicators.len() {
            true => parts.push(Part::Main(main.code.clone())),
            false => parts.extend(codes.into_iter().map(|code| Part::Indicator(code.clone()))),
        }
    }
    (!parts.is_empty()).then(|| Gap {
        group: sheet.group_id,
        sheet: sheet.id,
        unit_name: sheet.unit_name.clone(),
        members: own.iter().map(|seat| seat.name.clone()).collect(),
        parts,
    })
}

/// What the caller was given in a period, and which units are closed to them. Empty for those whose role does not judge.
pub async fn own_part(tx: &Tx, id: PeriodId) -> Result<OwnPart> {
    tx.allow(Action::ViewBoard, Subject::Tenant)?;
    let period = periods::find(tx, id).await?;
    let mut duties = duties(tx, id).await?;
    duties.retain(|duty| tx.caller().account == Some(duty.account));
    let sheets = tx.scoped::<assessments::Entity>().filter(assessments::Column::PeriodId.eq(id));
    let mut own = OwnPart { duties, closed: Vec::new() };
    for sheet in sheets.order_by_asc(assessments::Column::UnitCode).all(tx.conn()).await? {
        let closed = closed(tx, &sheet, &period).await?;
        own.closed.extend(closed.map(|closed| (sheet.unit_name, closed)));
    }
    Ok(own)
}
