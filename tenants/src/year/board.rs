//! The progress board: every group and unit of a period, and what can be done next.

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use super::renewal::is_renewable;
use super::{Board, BoardGroup, BoardUnit, PeriodCan};
use crate::ids::PeriodId;
use crate::periods::{Stage, find};
use crate::points::from_stored;
use crate::policy::{self, Action, Subject};
use crate::sheets::{Counts, SheetState};
use crate::store::Tx;
use crate::store::entities::{assessments, periods, ranking_groups};
use crate::{Error, Result, indicator_sets, seats};

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
    let can = can(tx, &period).await?;
    Ok(Board { can, period: period.head()?, groups: shown, engine: period.engine })
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
        stage == Stage::Appraisal && may(Action::Conclude) && seats::seated(tx, period.id).await?.presides();
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
        renew_engine: manages && is_renewable(period)?,
    })
}
