//! Keeping the ranking: refreshed in the transaction that changes a score, read through the cache by generation,
//! verified against a calculation from scratch.

use std::collections::HashMap;
use std::time::Duration;

use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter, QueryOrder};

use super::calculate::{Standing, calculate};
use super::{GroupRanking, RankingLine};
use crate::appraisal::official;
use crate::cache::Cache;
use crate::ids::{AssessmentId, PeriodId};
use crate::indicator_sets;
use crate::periods;
use crate::points::{from_stored, to_stored};
use crate::policy::{Action, Subject};
use crate::store::entities::{assessments, periods as periods_table, ranking_groups, rankings};
use crate::store::{Tx, new_row};
use crate::{Error, Result};

const KEPT: Duration = Duration::from_secs(600);

/// A group of a period with its ranking, calculated.
pub(crate) struct Calculated {
    pub group: ranking_groups::Model,
    pub lines: Vec<RankingLine>,
}

/// Every group's ranking from the standing decisions.
pub(crate) async fn from_scratch(tx: &Tx, period: PeriodId) -> Result<Vec<Calculated>> {
    let sheets = tx.scoped::<assessments::Entity>().filter(assessments::Column::PeriodId.eq(period));
    let sheets = sheets.order_by_asc(assessments::Column::UnitCode).all(tx.conn()).await?;
    let ids: Vec<AssessmentId> = sheets.iter().map(|sheet| sheet.id).collect();
    let decisions = official::decisions(tx, &ids).await?;
    let mut calculated = Vec::new();
    for group in groups(tx, period).await? {
        let rules = indicator_sets::rules(tx, group.version_id).await?;
        let mine = sheets.iter().filter(|sheet| sheet.group_id == group.id && sheet.ranked);
        let standings: Vec<Standing> = mine
            .map(|sheet| Standing {
                assessment: sheet.id,
                unit_name: sheet.unit_name.clone(),
                card: official::scorecard(&rules, decisions.get(&sheet.id)),
            })
            .collect();
        calculated.push(Calculated { group, lines: calculate(&rules.set().policy, &standings) });
    }
    Ok(calculated)
}

async fn groups(tx: &Tx, period: PeriodId) -> Result<Vec<ranking_groups::Model>> {
    let in_order = tx.scoped::<ranking_groups::Entity>().filter(ranking_groups::Column::PeriodId.eq(period));
    Ok(in_order.order_by_asc(ranking_groups::Column::Position).all(tx.conn()).await?)
}

/// Writes a new generation and flips the period to it. Called by every act that changes an appraised score.
pub(crate) async fn refresh(tx: &Tx, period: PeriodId) -> Result<()> {
    let generation = periods::find(tx, period).await?.ranking_generation + 1;
    let mut rows = Vec::new();
    for calculated in from_scratch(tx, period).await? {
        let group = calculated.group.id;
        rows.extend(calculated.lines.iter().map(|line| rankings::ActiveModel {
            period_id: Set(period),
            generation: Set(generation),
            group_id: Set(group),
            assessment_id: Set(line.assessment),
            points: Set(to_stored(line.points)),
            applicable_maximum: Set(to_stored(line.applicable_maximum)),
            index_value: Set(line.index.map(to_stored)),
            rank: Set(line.rank.and_then(|rank| i32::try_from(rank).ok())),
            pending: Set(i32::try_from(line.pending).unwrap_or(i32::MAX)),
            ..new_row(tx)
        }));
    }
    tx.insert_many(rows).await?;
    tx.update_many::<periods_table::Entity>()
        .col_expr(periods_table::Column::RankingGeneration, Expr::value(generation))
        .filter(periods_table::Column::Id.eq(period))
        .exec(tx.conn())
        .await?;
    let old = tx.delete_many::<rankings::Entity>().filter(rankings::Column::PeriodId.eq(period));
    old.filter(rankings::Column::Generation.lt(generation)).exec(tx.conn()).await?;
    Ok(())
}

/// The provisional ranking. Cached under its generation, so a cached answer is never of the past.
pub async fn read(tx: &Tx, cache: &Cache, period: PeriodId) -> Result<Vec<GroupRanking>> {
    tx.allow(Action::ViewBoard, Subject::Tenant)?;
    let generation = periods::find(tx, period).await?.ranking_generation;
    let key = format!("ranking:{}:{period}:{generation}", tx.tenant());
    let cached = cache.get(&key).await.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    if let Some(ranking) = cached {
        return Ok(ranking);
    }
    let ranking = stored(tx, period, generation).await?;
    let bytes = serde_json::to_vec(&ranking).map_err(Error::internal)?;
    cache.set(&key, bytes.into(), KEPT).await;
    Ok(ranking)
}

/// The provisional ranking as it stands, past the cache: for a document that is about this very moment.
pub(crate) async fn current(tx: &Tx, period: PeriodId) -> Result<Vec<GroupRanking>> {
    stored(tx, period, periods::find(tx, period).await?.ranking_generation).await
}

async fn stored(tx: &Tx, period: PeriodId, generation: i64) -> Result<Vec<GroupRanking>> {
    let sheets = tx.scoped::<assessments::Entity>().filter(assessments::Column::PeriodId.eq(period));
    let sheets = sheets.all(tx.conn()).await?;
    let sheets: HashMap<AssessmentId, &assessments::Model> = sheets.iter().map(|sheet| (sheet.id, sheet)).collect();
    let current = tx.scoped::<rankings::Entity>().filter(rankings::Column::PeriodId.eq(period));
    let rows = current.filter(rankings::Column::Generation.eq(generation)).all(tx.conn()).await?;
    let mut ranking = Vec::new();
    for group in groups(tx, period).await? {
        let places = indicator_sets::rules(tx, group.version_id).await?.set().policy.round;
        let mine = rows.iter().filter(|row| row.group_id == group.id);
        let mut lines: Vec<RankingLine> = mine.filter_map(|row| line(row, &sheets, places)).collect();
        lines.sort_by_key(|line| (line.rank.unwrap_or(u32::MAX), line.unit_name.clone()));
        ranking.push(GroupRanking { slug: group.slug, name: group.name, rows: lines });
    }
    Ok(ranking)
}

fn line(
    row: &rankings::Model,
    sheets: &HashMap<AssessmentId, &assessments::Model>,
    places: u32,
) -> Option<RankingLine> {
    Some(RankingLine {
        assessment: row.assessment_id,
        unit_name: sheets.get(&row.assessment_id)?.unit_name.clone(),
        points: from_stored(row.points, places),
        applicable_maximum: from_stored(row.applicable_maximum, places),
        index: row.index_value.map(|index| from_stored(index, places)),
        rank: row.rank.and_then(|rank| u32::try_from(rank).ok()),
        pending: u32::try_from(row.pending).unwrap_or(0),
    })
}

/// Compares the stored ranking with one calculated from scratch; `Err(Internal)` says where they part.
pub async fn verify(tx: &Tx, period: PeriodId) -> Result<()> {
    tx.allow(Action::ViewBoard, Subject::Tenant)?;
    let generation = periods::find(tx, period).await?.ranking_generation;
    let kept = stored(tx, period, generation).await?;
    let fresh = from_scratch(tx, period).await?;
    for (kept, fresh) in kept.iter().zip(&fresh) {
        let mut lines = fresh.lines.clone();
        lines.sort_by_key(|line| (line.rank.unwrap_or(u32::MAX), line.unit_name.clone()));
        if kept.rows != lines {
            return Err(Error::internal(format!("ranking of group {} differs from its scores", kept.slug)));
        }
    }
    Ok(())
}
