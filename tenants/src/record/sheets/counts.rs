//! How far sheets are.

use std::collections::HashMap;

use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, FromQueryResult, QueryFilter, QuerySelect};

use super::state::{RowState, SheetState};
use crate::ids::{AssessmentId, PeriodId};
use crate::store::Tx;
use crate::store::entities::{appraisals, assessment_rows, assessments};
use crate::{Error, Result};

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
