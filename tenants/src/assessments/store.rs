//! Lists of sheets: a unit's own, and all of a period for the council.

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use super::SheetLine;
use crate::indicator_sets;
use crate::periods::{self, Counts};
use crate::points::from_stored;
use crate::store::Tx;
use crate::store::entities::assessments;
use crate::{Error, Result};

/// The sheets of the caller's own units in periods that have opened, newest period first.
pub async fn mine(tx: &Tx) -> Result<Vec<SheetLine>> {
    let own = tx.scoped::<assessments::Entity>().filter(assessments::Column::UnitId.is_in(tx.caller().own_units()));
    lines(tx, own.all(tx.conn()).await?).await
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
                state: sheet.state()?,
                due: sheet.extended_to.map_or(period.self_deadline, |until| until.max(period.self_deadline)),
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
