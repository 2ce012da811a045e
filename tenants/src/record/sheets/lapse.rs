//! Sheets that were not sent in time.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, QueryFilter};
use time::Duration;

use super::state::SheetState;
use crate::Result;
use crate::store::Tx;
use crate::store::entities::{assessments, periods};

/// Sheets of units without time of their own beyond this moment.
pub(crate) fn out_of_time(tx: &Tx) -> Condition {
    use assessments::Column;
    // The last second counts in full.
    Condition::any().add(Column::ExtendedTo.is_null()).add(Column::ExtendedTo.lte(tx.now() - Duration::SECOND))
}

/// Marks a sheet whose unit let its own time run out as not sent, as the council takes it up.
pub(crate) async fn lapse(tx: &Tx, sheet: &assessments::Model, period: &periods::Model) -> Result<()> {
    tx.update_many::<assessments::Entity>()
        .col_expr(assessments::Column::State, Expr::value(SheetState::NotSubmitted.as_str()))
        .col_expr(assessments::Column::UpdatedAt, Expr::value(tx.now()))
        .filter(assessments::Column::Id.eq(sheet.id))
        .filter(assessments::Column::SubmittedAt.is_null())
        .exec(tx.conn())
        .await?;
    leave_out_unsubmitted(tx, period).await
}

/// As the appraisal begins: units that sent nothing leave the ranking where the period says so. They are appraised all the
/// same.
pub(crate) async fn leave_out_unsubmitted(tx: &Tx, period: &periods::Model) -> Result<()> {
    if period.rank_unsubmitted {
        return Ok(());
    }
    tx.update_many::<assessments::Entity>()
        .col_expr(assessments::Column::Ranked, Expr::value(false))
        .filter(assessments::Column::PeriodId.eq(period.id))
        .filter(assessments::Column::State.eq(SheetState::NotSubmitted.as_str()))
        .exec(tx.conn())
        .await?;
    Ok(())
}
