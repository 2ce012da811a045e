//! Lists of sheets: a unit's own, and all of a period for the council.

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use std::collections::BTreeMap;
use time::OffsetDateTime;

use super::SheetLine;
use super::counts::Counts;
use super::signed::Before;
use super::state::SheetState;
use crate::points::from_stored;
use crate::store::Tx;
use crate::store::entities::assessments;
use crate::{Error, Result, indicator_sets, periods};

/// The sheets of the caller's own units in periods that have opened, newest period first.
pub async fn mine(tx: &Tx) -> Result<Vec<SheetLine>> {
    let own = tx.scoped::<assessments::Entity>().filter(assessments::Column::UnitId.is_in(tx.caller().own_units()));
    lines(tx, own.all(tx.conn()).await?).await
}

impl assessments::Model {
    /// The last second for this unit: the deadline of the period, or its own extension where that is later.
    pub(crate) fn due(&self, deadline: OffsetDateTime) -> OffsetDateTime {
        self.extended_to.map_or(deadline, |extension| extension.max(deadline))
    }

    /// How far it is at a moment: what was not sent in the time given to the unit was not sent, whether or not somebody has
    /// looked at it since.
    pub(crate) fn state_at(&self, stage: periods::Stage, now: OffsetDateTime) -> Result<SheetState> {
        let state = self.state()?;
        let open = self.extended_to.is_some_and(|until| !periods::is_over(until, now));
        let lapsed = stage == periods::Stage::Appraisal && state.is_with_unit() && !open;
        Ok(if lapsed { SheetState::NotSubmitted } else { state })
    }

    /// What the head signed of indicators that were re-opened and changed since, by code.
    pub(crate) fn to_sign(&self) -> Result<BTreeMap<String, Before>> {
        let waiting = self.to_sign.clone().map(serde_json::from_value).transpose().map_err(Error::internal)?;
        Ok(waiting.unwrap_or_default())
    }

    /// Whether the head has signed and sent it. What nobody signed is a draft: no self score to anybody outside the unit.
    pub(crate) fn is_signed(&self) -> bool {
        self.submitted_at.is_some()
    }
}

/// Sheets as list lines, newest period first, then by unit code.
pub(crate) async fn lines(tx: &Tx, mut sheets: Vec<assessments::Model>) -> Result<Vec<SheetLine>> {
    sheets.sort_by(|a, b| a.unit_code.cmp(&b.unit_code));
    let ids: Vec<_> = sheets.iter().map(|sheet| sheet.id).collect();
    let counts = Counts::of(tx, &ids).await?;
    let known = periods::list(tx).await?;
    let groups = indicator_sets::rules_of_groups(tx, sheets.iter().map(|sheet| sheet.group_id)).await?;
    let mut lines = Vec::new();
    for period in known.into_iter().filter(|period| period.stage != periods::Stage::Draft) {
        for sheet in sheets.iter().filter(|sheet| sheet.period_id == period.id) {
            let (group, rules) = groups.get(&sheet.group_id).ok_or(Error::NotFound)?;
            lines.push(SheetLine {
                id: sheet.id,
                unit_name: sheet.unit_name.clone(),
                group: sheet.group_id,
                group_name: group.name.clone(),
                state: sheet.state_at(period.stage, tx.now())?,
                due: sheet.due(period.self_deadline),
                ready: counts.ready(sheet.id),
                decided: counts.decided(sheet.id),
                total: u32::try_from(rules.set().indicators().count()).map_err(Error::internal)?,
                self_points: sheet.self_points.map(|points| from_stored(points, rules.set().policy.round)),
                maximum: rules.set().total,
                period: period.clone(),
            });
        }
    }
    Ok(lines)
}

/// All sheets of periods at a stage.
pub(crate) async fn at_stage(tx: &Tx, stage: periods::Stage) -> Result<Vec<assessments::Model>> {
    let open = periods::list(tx).await?.into_iter().filter(|period| period.stage == stage).map(|period| period.id);
    let sheets = tx.scoped::<assessments::Entity>().filter(assessments::Column::PeriodId.is_in(open));
    Ok(sheets.order_by_asc(assessments::Column::UnitCode).all(tx.conn()).await?)
}
