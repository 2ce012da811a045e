//! The progress board: every group and unit of a period, and what can be done next.

use std::collections::HashMap;

use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};

use super::store::find;
use super::{Board, BoardGroup, BoardUnit, PeriodCan, Stage};
use crate::assessments::{RowState, SheetState};
use crate::council;
use crate::ids::{AssessmentId, PeriodId};
use crate::indicator_sets;
use crate::points::from_stored;
use crate::policy::{self, Action, Subject};
use crate::store::Tx;
use crate::store::entities::{appraisals, assessment_rows, assessments, periods, ranking_groups};
use crate::{Error, Result};

/// The whole board of a period.
pub async fn board(tx: &Tx, id: PeriodId) -> Result<Board> {
    tx.allow(Action::ViewBoard, Subject::Tenant)?;
    let period = find(tx, id).await?;
    let counts = Counts::of_period(tx, id).await?;
    let in_order = tx.scoped::<ranking_groups::Entity>().filter(ranking_groups::Column::PeriodId.eq(id));
    let groups = in_order.order_by_asc(ranking_groups::Column::Position).all(tx.conn()).await?;
    let sheets = tx.scoped::<assessments::Entity>().filter(assessments::Column::PeriodId.eq(id));
    let sheets = sheets.order_by_asc(assessments::Column::UnitCode).all(tx.conn()).await?;
    let (stage, mut shown) = (period.stage()?, Vec::new());
    for group in groups {
        shown.push(board_group(tx, (group, stage), &sheets, &counts).await?);
    }
    Ok(Board { can: can(tx, &period).await?, period: period.head()?, groups: shown })
}

async fn board_group(
    tx: &Tx,
    (group, stage): (ranking_groups::Model, Stage),
    sheets: &[assessments::Model],
    counts: &Counts,
) -> Result<BoardGroup> {
    let version = indicator_sets::find_version(tx, group.version_id).await?;
    let rules = indicator_sets::rules_of(&version)?;
    let total = u32::try_from(rules.set().indicators().count()).map_err(Error::internal)?;
    let mine = sheets.iter().filter(|sheet| sheet.group_id == group.id);
    Ok(BoardGroup {
        id: group.id,
        version: version.id,
        slug: group.slug,
        name: group.name,
        set_name: rules.set().name.clone(),
        version_number: version.number,
        units: mine
            .map(|sheet| board_unit(sheet, sheet.state_at(stage, tx.now())?, (rules.set(), total), counts))
            .collect::<Result<_>>()?,
    })
}

fn board_unit(
    sheet: &assessments::Model,
    state: SheetState,
    (set, total): (&engine::IndicatorSet, u32),
    counts: &Counts,
) -> Result<BoardUnit> {
    Ok(BoardUnit {
        assessment: sheet.id,
        unit_name: sheet.unit_name.clone(),
        state,
        late: sheet.late,
        entered: counts.ready(sheet.id),
        total,
        decided: counts.decided(sheet.id),
        self_points: sheet.self_points.map(|points| from_stored(points, set.policy.round)),
        maximum: set.total,
        extended_to: sheet.extended_to,
    })
}

async fn can(tx: &Tx, period: &periods::Model) -> Result<PeriodCan> {
    let stage = period.stage()?;
    let may = |action| policy::allows(tx.caller(), action, Subject::Tenant);
    let manages = may(Action::ManagePeriod);
    let concludes =
        stage == Stage::Appraisal && may(Action::Conclude) && council::seated(tx, period.id).await?.presides();
    Ok(PeriodCan {
        open: manages && stage == Stage::Draft,
        start_appraisal: manages && stage == Stage::SelfAssessment,
        announce: concludes && period.provisional_at.is_none(),
        conclude: concludes,
        publish: may(Action::Publish) && stage == Stage::Concluded,
        extend: manages && stage == Stage::SelfAssessment,
        enrol: manages && stage <= Stage::SelfAssessment,
        discard: manages && stage == Stage::Draft,
        take_back: manages && stage == Stage::Concluded,
    })
}

/// How many rows of each sheet are ready to submit and how many indicators are decided.
pub(crate) struct Counts {
    ready: HashMap<AssessmentId, u32>,
    decided: HashMap<AssessmentId, u32>,
}

#[derive(FromQueryResult)]
struct Count {
    assessment_id: AssessmentId,
    count: i64,
}

impl Counts {
    pub(crate) async fn of_period(tx: &Tx, period: PeriodId) -> Result<Counts> {
        let sheets = tx.scoped::<assessments::Entity>().filter(assessments::Column::PeriodId.eq(period));
        let ids: Vec<AssessmentId> = sheets.all(tx.conn()).await?.into_iter().map(|sheet| sheet.id).collect();
        Counts::of(tx, &ids).await
    }

    pub(crate) async fn of(tx: &Tx, sheets: &[AssessmentId]) -> Result<Counts> {
        let states = [RowState::Done, RowState::Claimed].map(RowState::as_str);
        let ready = tx
            .scoped::<assessment_rows::Entity>()
            .select_only()
            .column(assessment_rows::Column::AssessmentId)
            .column_as(Expr::col(assessment_rows::Column::Code).count(), "count")
            .filter(assessment_rows::Column::AssessmentId.is_in(sheets.iter().copied()))
            .filter(assessment_rows::Column::State.is_in(states))
            .group_by(assessment_rows::Column::AssessmentId)
            .into_model::<Count>()
            .all(tx.conn())
            .await?;
        let decided = tx
            .scoped::<appraisals::Entity>()
            .select_only()
            .column(appraisals::Column::AssessmentId)
            .column_as(Expr::col(appraisals::Column::Code).count_distinct(), "count")
            .filter(appraisals::Column::AssessmentId.is_in(sheets.iter().copied()))
            .group_by(appraisals::Column::AssessmentId)
            .into_model::<Count>()
            .all(tx.conn())
            .await?;
        Ok(Counts { ready: by_sheet(ready), decided: by_sheet(decided) })
    }

    pub(crate) fn ready(&self, sheet: AssessmentId) -> u32 {
        self.ready.get(&sheet).copied().unwrap_or(0)
    }

    pub(crate) fn decided(&self, sheet: AssessmentId) -> u32 {
        self.decided.get(&sheet).copied().unwrap_or(0)
    }
}

fn by_sheet(counts: Vec<Count>) -> HashMap<AssessmentId, u32> {
    counts.into_iter().map(|row| (row.assessment_id, u32::try_from(row.count).unwrap_or(0))).collect()
}

impl assessments::Model {
    pub(crate) fn state(&self) -> Result<SheetState> {
        SheetState::parse(&self.state).ok_or_else(|| Error::internal(format!("unknown sheet state {}", self.state)))
    }
}
