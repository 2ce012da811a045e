//! Keeping the ranking: refreshed in the transaction that changes a score, read through the cache by generation,
//! verified against a calculation from scratch.

use std::collections::HashMap;
use std::time::Duration;

use engine::run::Rules;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use super::calculate::{Figures, Standing, calculate};
use super::{GroupRanking, RankingLine, kept};
use crate::cache::Cache;
use crate::decisions;
use crate::decisions::official::{self, Decisions};
use crate::ids::{AssessmentId, PeriodId};
use crate::policy::{Action, Subject};
use crate::{indicator_sets, periods};

use crate::store::Tx;
use crate::store::entities::{assessments, ranking_groups, rankings};
use crate::{Error, Result};

const KEPT: Duration = Duration::from_secs(600);

/// A group of a period with its ranking, calculated.
pub(crate) struct Calculated {
    pub group: ranking_groups::Model,
    pub lines: Vec<RankingLine>,
    standings: Vec<Standing>,
}

impl Calculated {
    fn rows(&self, tx: &Tx) -> Result<Vec<rankings::Model>> {
        let of_sheet = self.standings.iter().map(|standing| (standing.assessment, standing)).collect();
        self.lines.iter().map(|line| kept::row(tx, &self.group, line, &of_sheet)).collect()
    }
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
        let mine = sheets.iter().filter(|sheet| sheet.group_id == group.id);
        let standings: Vec<Standing> =
            mine.map(|sheet| standing(sheet, figures(&rules, &decisions, sheet.id))).collect();
        let lines = calculate(&rules.set().policy, &standings);
        calculated.push(Calculated { group, lines, standings });
    }
    Ok(calculated)
}

fn figures(rules: &Rules, decisions: &Decisions, sheet: AssessmentId) -> Figures {
    Figures::of(&rules.set().policy, &official::scorecard(rules, decisions.get(&sheet)))
}

fn standing(sheet: &assessments::Model, figures: Figures) -> Standing {
    let (assessment, unit_name) = (sheet.id, sheet.unit_name.clone());
    Standing { assessment, unit_name, ranked: sheet.ranked, self_assessed: sheet.is_signed(), figures }
}

async fn groups(tx: &Tx, period: PeriodId) -> Result<Vec<ranking_groups::Model>> {
    let in_order = tx.scoped::<ranking_groups::Entity>().filter(ranking_groups::Column::PeriodId.eq(period));
    Ok(in_order.order_by_asc(ranking_groups::Column::Position).all(tx.conn()).await?)
}

/// Ranks a whole period anew. Called by every act that changes more than decisions: its stage, its rules.
pub(crate) async fn refresh(tx: &Tx, period: PeriodId) -> Result<()> {
    let kept = kept::of_period(tx, period).await?;
    let mut rows = Vec::new();
    for calculated in from_scratch(tx, period).await? {
        rows.extend(calculated.rows(tx)?);
    }
    kept::keep(tx, period, kept, rows).await
}

/// Ranks a group after decisions on some of its sheets: only these are scored, the others are compared as they are kept,
/// and only rows that moved are written.
pub(crate) async fn refresh_sheets(
    tx: &Tx,
    group: &ranking_groups::Model,
    rules: &Rules,
    changed: &[AssessmentId],
) -> Result<()> {
    let sheets = tx.scoped::<assessments::Entity>().filter(assessments::Column::GroupId.eq(group.id));
    let sheets = sheets.order_by_asc(assessments::Column::UnitCode).all(tx.conn()).await?;
    let kept = kept::of_group(tx, group).await?;
    let places = rules.set().policy.round;
    let known = |id: AssessmentId| {
        let row = kept.get(&id).filter(|_| !changed.contains(&id))?;
        kept::figures(row, places)
    };
    let unknown: Vec<AssessmentId> = sheets.iter().map(|sheet| sheet.id).filter(|id| known(*id).is_none()).collect();
    let decisions = official::decisions(tx, &unknown).await?;
    let of_sheet = |sheet: &assessments::Model| {
        standing(sheet, known(sheet.id).unwrap_or_else(|| figures(rules, &decisions, sheet.id)))
    };
    let standings: Vec<Standing> = sheets.iter().map(of_sheet).collect();
    let lines = calculate(&rules.set().policy, &standings);
    let rows = Calculated { group: group.clone(), lines, standings }.rows(tx)?;
    kept::keep(tx, group.period_id, kept, rows).await
}

/// The provisional ranking. Cached under its generation, so a cached answer is never of the past.
pub async fn read(tx: &Tx, cache: &Cache, period: PeriodId) -> Result<Vec<GroupRanking>> {
    tx.allow(Action::ViewBoard, Subject::Tenant)?;
    decisions::refuse_blind(tx, period).await?;
    let generation = periods::find(tx, period).await?.ranking_generation;
    let key = format!("ranking:{}:{period}:{generation}", tx.tenant());
    let cached = cache.get(&key).await.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    if let Some(ranking) = cached {
        return Ok(ranking);
    }
    let ranking = current(tx, period).await?;
    let bytes = serde_json::to_vec(&ranking).map_err(Error::internal)?;
    cache.set(&key, bytes.into(), KEPT).await;
    Ok(ranking)
}

/// The provisional ranking as it stands, past the cache: for a document that is about this very moment.
pub(crate) async fn current(tx: &Tx, period: PeriodId) -> Result<Vec<GroupRanking>> {
    let sheets = tx.scoped::<assessments::Entity>().filter(assessments::Column::PeriodId.eq(period));
    let sheets = sheets.all(tx.conn()).await?;
    let sheets: HashMap<AssessmentId, &assessments::Model> = sheets.iter().map(|sheet| (sheet.id, sheet)).collect();
    let rows = kept::of_period(tx, period).await?;
    let mut ranking = Vec::new();
    for group in groups(tx, period).await? {
        let places = indicator_sets::rules(tx, group.version_id).await?.set().policy.round;
        let mine = rows.values().filter(|row| row.group_id == group.id);
        let mut lines: Vec<RankingLine> = mine.filter_map(|row| kept::line(row, &sheets, places)).collect();
        lines.sort_by(RankingLine::in_order);
        ranking.push(GroupRanking { slug: group.slug, name: group.name, rows: lines });
    }
    Ok(ranking)
}

/// Compares the stored ranking, row by row and to the last stored digit, with one calculated from scratch; `Err(Internal)`
/// says where they part.
pub async fn verify(tx: &Tx, period: PeriodId) -> Result<()> {
    tx.allow(Action::ViewBoard, Subject::Tenant)?;
    let mut kept = kept::of_period(tx, period).await?;
    for calculated in from_scratch(tx, period).await? {
        for fresh in calculated.rows(tx)? {
            let row = kept.remove(&fresh.assessment_id);
            if !row.is_some_and(|row| kept::is_same(row, &fresh)) {
                let slug = &calculated.group.slug;
                return Err(Error::internal(format!("ranking of group {slug} differs from its scores")));
            }
        }
    }
    match kept.is_empty() {
        true => Ok(()),
        false => Err(Error::internal("a ranking is kept for sheets that are no more")),
    }
}
