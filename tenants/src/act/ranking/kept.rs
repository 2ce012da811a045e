//! The rows a ranking is kept as: one a sheet, each under the generation that last changed it.

use std::collections::HashMap;

use rust_decimal::Decimal;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter};

use super::{Figures, RankingLine, Standing};
use crate::ids::{AssessmentId, PeriodId};
use crate::periods;
use crate::points::{from_stored, to_stored};
use crate::store::entities::{assessments, periods as periods_table, ranking_groups, rankings};
use crate::store::{Tx, new_row};
use crate::{Error, Result};

/// Kept rows by sheet.
pub(super) type Kept = HashMap<AssessmentId, rankings::Model>;

pub(super) async fn of_period(tx: &Tx, period: PeriodId) -> Result<Kept> {
    let rows = tx.scoped::<rankings::Entity>().filter(rankings::Column::PeriodId.eq(period)).all(tx.conn()).await?;
    Ok(rows.into_iter().map(|row| (row.assessment_id, row)).collect())
}

pub(super) async fn of_group(tx: &Tx, group: &ranking_groups::Model) -> Result<Kept> {
    let of_group = tx.scoped::<rankings::Entity>().filter(rankings::Column::PeriodId.eq(group.period_id));
    let rows = of_group.filter(rankings::Column::GroupId.eq(group.id)).all(tx.conn()).await?;
    Ok(rows.into_iter().map(|row| (row.assessment_id, row)).collect())
}

/// The figures of a kept row; `None` for one kept before ties were.
pub(super) fn figures(row: &rankings::Model, places: u32) -> Option<Figures> {
    let ties: Vec<Option<Decimal>> = serde_json::from_str(row.ties.as_deref()?).ok()?;
    Some(Figures {
        points: from_stored(row.points, places),
        applicable_maximum: from_stored(row.applicable_maximum, places),
        index: row.index_value.map(|index| from_stored(index, places)),
        ties,
        pending: u32::try_from(row.pending).unwrap_or(0),
    })
}

/// Whether a kept row says what a fresh one does, whenever it was written. One kept before ties were has none.
pub(super) fn is_same(kept: rankings::Model, fresh: &rankings::Model) -> bool {
    let ties = kept.ties.clone().or_else(|| fresh.ties.clone());
    rankings::Model { generation: fresh.generation, ties, ..kept } == *fresh
}

/// A line and its figures as a row, the generation left open.
pub(super) fn row(
    tx: &Tx,
    group: &ranking_groups::Model,
    line: &RankingLine,
    standings: &HashMap<AssessmentId, &Standing>,
) -> Result<rankings::Model> {
    let ties: &[Option<Decimal>] =
        standings.get(&line.assessment).map_or(&[], |standing| standing.figures.ties.as_slice());
    Ok(rankings::Model {
        tenant_id: tx.tenant(),
        period_id: group.period_id,
        generation: 0,
        group_id: group.id,
        assessment_id: line.assessment,
        points: to_stored(line.points),
        applicable_maximum: to_stored(line.applicable_maximum),
        index_value: line.index.map(to_stored),
        rank: line.rank.and_then(|rank| i32::try_from(rank).ok()),
        pending: i32::try_from(line.pending).unwrap_or(i32::MAX),
        ties: Some(serde_json::to_string(ties).map_err(Error::internal)?),
    })
}

/// A kept row as a line; `None` for a sheet that is no more.
pub(super) fn line(
    row: &rankings::Model,
    sheets: &HashMap<AssessmentId, &assessments::Model>,
    places: u32,
) -> Option<RankingLine> {
    let sheet = sheets.get(&row.assessment_id)?;
    Some(RankingLine {
        assessment: row.assessment_id,
        unit_name: sheet.unit_name.clone(),
        points: from_stored(row.points, places),
        applicable_maximum: from_stored(row.applicable_maximum, places),
        index: row.index_value.map(|index| from_stored(index, places)),
        rank: row.rank.and_then(|rank| u32::try_from(rank).ok()),
        ranked: sheet.ranked,
        self_assessed: sheet.is_signed(),
        pending: u32::try_from(row.pending).unwrap_or(0),
    })
}

/// Writes the rows that differ from what is kept and flips the period to its next generation. What is kept and not among
/// `fresh` goes.
pub(super) async fn keep(tx: &Tx, period: PeriodId, mut kept: Kept, fresh: Vec<rankings::Model>) -> Result<()> {
    // Never a number that was there before, not even after a backup was restored: cached rankings are known by it.
    let by_clock = i64::try_from(tx.now().unix_timestamp_nanos() / 1000).unwrap_or_default();
    let generation = by_clock.max(periods::find(tx, period).await?.ranking_generation + 1);
    let mut gone = Vec::new();
    let mut rows = Vec::new();
    for row in fresh {
        let was = kept.remove(&row.assessment_id);
        let same = was.as_ref().is_some_and(|was| rankings::Model { generation: 0, ..was.clone() } == row);
        if !same {
            gone.extend(was.map(|was| was.assessment_id));
            rows.push(written(tx, row, generation));
        }
    }
    gone.extend(kept.into_keys());
    if !gone.is_empty() {
        let old = tx.delete_many::<rankings::Entity>().filter(rankings::Column::PeriodId.eq(period));
        old.filter(rankings::Column::AssessmentId.is_in(gone)).exec(tx.conn()).await?;
    }
    tx.insert_many(rows).await?;
    tx.update_aside::<periods_table::Entity>()
        .col_expr(periods_table::Column::RankingGeneration, Expr::value(generation))
        .filter(periods_table::Column::Id.eq(period))
        .exec(tx.conn())
        .await?;
    Ok(())
}

fn written(tx: &Tx, row: rankings::Model, generation: i64) -> rankings::ActiveModel {
    rankings::ActiveModel {
        period_id: Set(row.period_id),
        generation: Set(generation),
        group_id: Set(row.group_id),
        assessment_id: Set(row.assessment_id),
        points: Set(row.points),
        applicable_maximum: Set(row.applicable_maximum),
        index_value: Set(row.index_value),
        rank: Set(row.rank),
        pending: Set(row.pending),
        ties: Set(row.ties),
        ..new_row(tx)
    }
}
