//! Signing off a sheet, and sending it back.

use std::collections::BTreeSet;

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter};
use serde_json::json;

use super::SheetState;
use super::answer::refuse_when_out_of_time;
use super::desk::{due, is_open, visible_to_change};
use super::loaded::Loaded;
use super::rows::{keep_signed, refresh_rows};
use crate::audit::{self, Event};
use crate::ids::AssessmentId;
use crate::notices::Kind;
use crate::periods::{self, Stage};
use crate::points::to_stored;
use crate::policy::Action;
use crate::store::Tx;
use crate::store::entities::assessments;
use crate::{Error, Problem, Result};

/// The head signs and sends the sheet, handed in by the clerks or not; self scores are frozen. `Err(Invalid)` lists every gap, `field` being the
/// indicator's code; a score above zero needs evidence or an explanation.
pub async fn submit(tx: &Tx, id: AssessmentId, signed_name: &str) -> Result<()> {
    let mut loaded = visible_to_change(tx, id).await?;
    tx.allow(Action::Submit, periods::subject(&loaded.sheet, &loaded.period))?;
    refuse_when_out_of_time(tx, &loaded)?;
    if !loaded.sheet.state()?.is_with_unit() {
        return Err(Error::Conflict("Phiếu đã nộp.".into()));
    }
    if signed_name.trim().is_empty() {
        return Err(Error::Invalid(vec![Problem::new("signed_name", "Hãy ghi họ tên, chức vụ người ký.")]));
    }
    let gaps = gaps(&loaded)?;
    if !gaps.is_empty() {
        return Err(Error::Invalid(gaps));
    }
    let all: BTreeSet<String> = loaded.rules.set().indicators().map(|indicator| indicator.code.clone()).collect();
    refresh_rows(tx, &mut loaded, &all).await?;
    freeze(tx, &loaded, signed_name).await?;
    let detail = json!({ "signed": signed_name.trim(), "unit": loaded.sheet.unit_name });
    audit::record(tx, Event { action: "sheet.submit", subject: ("sheet", id.to_string()), detail }).await
}

/// What keeps a sheet from being submitted, by indicator.
pub(super) fn gaps(loaded: &Loaded) -> Result<Vec<Problem>> {
    let answers = loaded.answers()?;
    let mut gaps = Vec::new();
    for indicator in loaded.rules.set().indicators() {
        let score = loaded.score(&indicator.code, &answers)?;
        let message = match loaded.row_state(&indicator.code, &score) {
            super::RowState::Empty => "chưa nhập số liệu",
            super::RowState::Incomplete => "số liệu chưa đủ hoặc chưa đúng",
            super::RowState::Unproven => "thiếu tài liệu kiểm chứng hoặc giải trình",
            super::RowState::Unexplained => "điểm tự chấm khác điểm theo công thức, thiếu giải trình",
            super::RowState::Unconfirmed => "số liệu lấy từ năm trước, chưa xác nhận",
            super::RowState::Done | super::RowState::Claimed => continue,
        };
        gaps.push(Problem::new(&indicator.code, message));
    }
    Ok(gaps)
}

async fn freeze(tx: &Tx, loaded: &Loaded, signed_name: &str) -> Result<()> {
    let (_, totals) = loaded.sections(&loaded.answers()?)?;
    let sheet = &loaded.sheet;
    let written = tx
        .update_many::<assessments::Entity>()
        .col_expr(assessments::Column::State, Expr::value(SheetState::Submitted.as_str()))
        .col_expr(assessments::Column::SubmittedAt, Expr::value(tx.now()))
        .col_expr(assessments::Column::SubmittedBy, Expr::value(tx.caller().name.as_str()))
        .col_expr(assessments::Column::SignedName, Expr::value(signed_name.trim()))
        .col_expr(assessments::Column::Late, Expr::value(periods::is_over(loaded.period.self_deadline, tx.now())))
        .col_expr(assessments::Column::ReturnReason, Expr::value(Option::<String>::None))
        .col_expr(assessments::Column::SelfPoints, Expr::value(to_stored(totals.points)))
        .col_expr(assessments::Column::SelfMaximum, Expr::value(to_stored(totals.maximum)))
        .col_expr(assessments::Column::Revision, Expr::value(sheet.revision + 1))
        .col_expr(assessments::Column::UpdatedAt, Expr::value(tx.now()))
        .filter(assessments::Column::Id.eq(sheet.id))
        .filter(assessments::Column::Revision.eq(sheet.revision))
        .exec(tx.conn())
        .await?;
    if written.rows_affected == 0 {
        return Err(Error::Stale);
    }
    keep_signed(tx, sheet.id, true).await
}

/// After a re-opened indicator was corrected: what the sheet claims in all is what its rows say.
pub(super) async fn keep_sums(tx: &Tx, loaded: &Loaded) -> Result<()> {
    let (_, totals) = loaded.stored_sections()?;
    tx.update_many::<assessments::Entity>()
        .col_expr(assessments::Column::SelfPoints, Expr::value(to_stored(totals.points)))
        .col_expr(assessments::Column::UpdatedAt, Expr::value(tx.now()))
        .filter(assessments::Column::Id.eq(loaded.sheet.id))
        .filter(assessments::Column::SubmittedAt.is_not_null())
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Returns a submitted sheet to its unit, with a reason, while units may still write.
pub async fn send_back(tx: &Tx, id: AssessmentId, reason: &str) -> Result<()> {
    let (sheet, period) = periods::find_sheet(tx, id).await?;
    tx.allow(Action::SendBack, periods::subject(&sheet, &period))?;
    if reason.trim().is_empty() {
        return Err(Error::Invalid(vec![Problem::new("reason", "Hãy ghi lý do trả lại.")]));
    }
    if period.stage()? != Stage::SelfAssessment || sheet.state()? != SheetState::Submitted {
        return Err(Error::Conflict("Chỉ trả lại phiếu đã nộp khi kỳ còn ở giai đoạn tự đánh giá.".into()));
    }
    unsign(tx, &sheet, SheetState::Returned, Some(reason.trim())).await?;
    let told = [("reason", reason.trim().to_owned())];
    periods::tell_unit(tx, (&sheet, &period), Kind::SentBack, &told).await?;
    let detail = json!({ "reason": reason.trim(), "unit": sheet.unit_name });
    audit::record(tx, Event { action: "sheet.send_back", subject: ("sheet", id.to_string()), detail }).await
}

/// The head takes a submitted sheet back to go on with it, as long as the unit may still write.
pub async fn withdraw(tx: &Tx, id: AssessmentId) -> Result<()> {
    let loaded = visible_to_change(tx, id).await?;
    tx.allow(Action::Submit, periods::subject(&loaded.sheet, &loaded.period))?;
    if !is_open(tx, &loaded)? {
        return Err(Error::Closed { until: Some(due(&loaded)) });
    }
    if loaded.sheet.state()? != SheetState::Submitted {
        return Err(Error::Conflict("Chỉ rút được phiếu đã nộp.".into()));
    }
    unsign(tx, &loaded.sheet, SheetState::Drafting, None).await?;
    periods::tell_unit(tx, (&loaded.sheet, &loaded.period), Kind::Withdrawn, &[]).await?;
    let detail = json!({ "unit": loaded.sheet.unit_name });
    audit::record(tx, Event { action: "sheet.withdraw", subject: ("sheet", id.to_string()), detail }).await
}

/// Back to the unit's desk. `Err(Stale)` when the sheet moved meanwhile.
async fn unsign(tx: &Tx, sheet: &assessments::Model, state: SheetState, reason: Option<&str>) -> Result<()> {
    let written = tx
        .update_many::<assessments::Entity>()
        .col_expr(assessments::Column::State, Expr::value(state.as_str()))
        .col_expr(assessments::Column::ReturnReason, Expr::value(reason))
        // It is no longer what the head signed.
        .col_expr(assessments::Column::SubmittedAt, Expr::value(Option::<time::OffsetDateTime>::None))
        .col_expr(assessments::Column::SignedName, Expr::value(Option::<String>::None))
        .col_expr(assessments::Column::SelfPoints, Expr::value(Option::<i64>::None))
        .col_expr(assessments::Column::Revision, Expr::value(sheet.revision + 1))
        .col_expr(assessments::Column::UpdatedAt, Expr::value(tx.now()))
        .filter(assessments::Column::Id.eq(sheet.id))
        .filter(assessments::Column::Revision.eq(sheet.revision))
        .exec(tx.conn())
        .await?;
    if written.rows_affected == 0 {
        return Err(Error::Stale);
    }
    keep_signed(tx, sheet.id, false).await
}
