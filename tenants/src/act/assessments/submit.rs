//! Signing off a sheet, and sending it back.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter};
use serde_json::json;

use super::Sign;
use crate::audit::{self, Event};
use crate::caller::Role;
use crate::ids::AssessmentId;
use crate::notices::{Kind, News, To, tell};
use crate::periods::{self, Stage};
use crate::points::to_stored;
use crate::policy::Action;
use crate::sheets::{
    self, Before, Loaded, SheetState, due, is_open, keep_signed, keep_signed_again, refresh_rows,
    refuse_when_out_of_time, visible_to_change,
};
use crate::store::Tx;
use crate::store::entities::assessments;
use crate::{Error, Problem, Result, paths, ranking};

/// The head signs and sends the sheet, handed in by the clerks or not; self scores are frozen. `Err(Invalid)` lists every gap, `field` being the
/// indicator's code; a score above zero needs evidence or an explanation.
/// `Err(Stale)` when anything differs from what the page of the signature showed.
///
/// Once it is sent, the head signs what was re-opened and changed; until then the council goes by what was signed before.
pub async fn submit(tx: &Tx, id: AssessmentId, sign: &Sign) -> Result<()> {
    let mut loaded = visible_to_change(tx, id).await?;
    tx.allow(Action::Submit, sheets::subject(&loaded.sheet, &loaded.period))?;
    if loaded.sheet.is_signed() && !loaded.sheet.to_sign()?.is_empty() {
        return sign_again(tx, &loaded, sign).await;
    }
    refuse_when_out_of_time(tx, &loaded)?;
    if !loaded.sheet.state()?.is_with_unit() {
        return Err(Error::Conflict("Phiếu đã nộp.".into()));
    }
    check_signature(&loaded, sign)?;
    let gaps = gaps(&loaded)?;
    if !gaps.is_empty() {
        return Err(Error::Invalid(gaps));
    }
    let all: BTreeSet<String> = loaded.rules.set().indicators().map(|indicator| indicator.code.clone()).collect();
    refresh_rows(tx, &mut loaded, &all).await?;
    freeze(tx, &loaded, &sign.name).await?;
    if loaded.period.stage()? == Stage::Appraisal {
        // In the time given to the unit alone: the ranking no longer says that it sent nothing.
        ranking::refresh(tx, loaded.period.id).await?;
    }
    let detail = json!({ "signed": sign.name.trim(), "unit": loaded.sheet.unit_name, "shown": sign.shown });
    audit::record(tx, Event { action: "sheet.submit", subject: ("sheet", id.to_string()), detail }).await
}

/// What is signed is what was shown.
fn check_signature(loaded: &Loaded, sign: &Sign) -> Result<()> {
    if sign.name.trim().is_empty() {
        return Err(Error::Invalid(vec![Problem::new("signed_name", "Hãy ghi họ tên, chức vụ người ký.")]));
    }
    if sign.shown != loaded.shown()? {
        return Err(Error::Stale);
    }
    Ok(())
}

/// The second signature, under the rows that were re-opened and changed. The moment of submission stays what it was.
async fn sign_again(tx: &Tx, loaded: &Loaded, sign: &Sign) -> Result<()> {
    if !loaded.may_be_signed_again()? {
        let told = "Đã hết thời hạn mở lại; điểm lãnh đạo đã ký trước đó được giữ nguyên.";
        return Err(Error::Conflict(told.into()));
    }
    check_signature(loaded, sign)?;
    let waiting = loaded.to_sign()?;
    let is_waiting = |problem: &Problem| waiting.iter().any(|(code, _)| *code == problem.field);
    let gaps: Vec<Problem> = gaps(loaded)?.into_iter().filter(is_waiting).collect();
    if !gaps.is_empty() {
        return Err(Error::Invalid(gaps));
    }
    let codes: Vec<&String> = waiting.iter().map(|(code, _)| code).collect();
    let sheet = &loaded.sheet;
    let written = tx
        .update_many::<assessments::Entity>()
        .col_expr(assessments::Column::ToSign, Expr::value(Option::<serde_json::Value>::None))
        .col_expr(assessments::Column::SignedName, Expr::value(sign.name.trim()))
        .col_expr(assessments::Column::SelfPoints, Expr::value(loaded.signed_sum(&codes)))
        .col_expr(assessments::Column::Revision, Expr::value(sheet.revision + 1))
        .col_expr(assessments::Column::UpdatedAt, Expr::value(tx.now()))
        .filter(assessments::Column::Id.eq(sheet.id))
        .filter(assessments::Column::Revision.eq(sheet.revision))
        .exec(tx.conn())
        .await?;
    if written.rows_affected == 0 {
        return Err(Error::Stale);
    }
    keep_signed_again(tx, sheet.id, &codes).await?;
    let detail = json!({ "signed": sign.name.trim(), "unit": sheet.unit_name, "codes": codes, "shown": sign.shown });
    audit::record(tx, Event { action: "sheet.sign_again", subject: ("sheet", sheet.id.to_string()), detail }).await
}

/// After a re-opened indicator was saved: what changes points or a claim that the head signed waits for the head's second
/// signature, who is told of the first of them. `before` is what stood.
pub(super) async fn await_signature(
    tx: &Tx,
    loaded: &mut Loaded,
    before: &BTreeMap<String, Before>,
    codes: &BTreeSet<String>,
) -> Result<()> {
    let known = loaded.sheet.to_sign()?;
    let mut waiting = known.clone();
    for code in codes {
        let signed = known.get(code).or(before.get(code)).cloned().unwrap_or_default();
        if loaded.as_it_stands(code) == signed {
            waiting.remove(code);
        } else {
            waiting.insert(code.clone(), signed);
        }
    }
    if waiting == known {
        return Ok(());
    }
    let kept = (!waiting.is_empty()).then(|| json!(waiting));
    tx.update_many::<assessments::Entity>()
        .col_expr(assessments::Column::ToSign, Expr::value(kept.clone()))
        .col_expr(assessments::Column::UpdatedAt, Expr::value(tx.now()))
        .filter(assessments::Column::Id.eq(loaded.sheet.id))
        .exec(tx.conn())
        .await?;
    loaded.sheet.to_sign = kept;
    if known.is_empty() {
        tell_head(tx, loaded, &waiting.into_keys().collect::<Vec<_>>()).await?;
    }
    Ok(())
}

async fn tell_head(tx: &Tx, loaded: &Loaded, codes: &[String]) -> Result<()> {
    let (sheet, period) = (&loaded.sheet, &loaded.period);
    let detail = [("period", period.name.clone()), ("unit", sheet.unit_name.clone()), ("codes", codes.join(", "))];
    let link = paths::sheet_signing(sheet.id);
    let news = News { kind: Kind::ToSign, link, detail: &detail, occasion: None };
    tell(tx, To::OfUnit(Role::UnitApprover, sheet.unit_id), news).await
}

/// What keeps a sheet from being submitted, by indicator.
pub(super) fn gaps(loaded: &Loaded) -> Result<Vec<Problem>> {
    let answers = loaded.answers()?;
    let mut gaps = Vec::new();
    for indicator in loaded.rules.set().indicators() {
        let score = loaded.score(&indicator.code, &answers)?;
        let message = match loaded.row_state(&indicator.code, &score) {
            crate::sheets::RowState::Empty => "chưa nhập số liệu",
            crate::sheets::RowState::Incomplete => "số liệu chưa đủ hoặc chưa đúng",
            crate::sheets::RowState::Unproven => "thiếu tài liệu kiểm chứng hoặc giải trình",
            crate::sheets::RowState::Unexplained => "điểm tự chấm khác điểm theo công thức, thiếu giải trình",
            crate::sheets::RowState::Unconfirmed => "số liệu lấy từ năm trước, chưa xác nhận",
            crate::sheets::RowState::Done | crate::sheets::RowState::Claimed => continue,
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

/// Returns a submitted sheet to its unit, with a reason, while units may still write.
pub async fn send_back(tx: &Tx, id: AssessmentId, reason: &str) -> Result<()> {
    let (sheet, period) = sheets::find_sheet(tx, id).await?;
    tx.allow(Action::SendBack, sheets::subject(&sheet, &period))?;
    if reason.trim().is_empty() {
        return Err(Error::Invalid(vec![Problem::new("reason", "Hãy ghi lý do trả lại.")]));
    }
    if period.stage()? != Stage::SelfAssessment || sheet.state()? != SheetState::Submitted {
        return Err(Error::Conflict("Chỉ trả lại phiếu đã nộp khi kỳ còn ở giai đoạn tự đánh giá.".into()));
    }
    unsign(tx, &sheet, SheetState::Returned, Some(reason.trim())).await?;
    let told = [("reason", reason.trim().to_owned())];
    sheets::tell_unit(tx, (&sheet, &period), Kind::SentBack, &told).await?;
    let detail = json!({ "reason": reason.trim(), "unit": sheet.unit_name });
    audit::record(tx, Event { action: "sheet.send_back", subject: ("sheet", id.to_string()), detail }).await
}

/// The head takes a submitted sheet back to go on with it, as long as the unit may still write.
pub async fn withdraw(tx: &Tx, id: AssessmentId) -> Result<()> {
    let loaded = visible_to_change(tx, id).await?;
    tx.allow(Action::Submit, sheets::subject(&loaded.sheet, &loaded.period))?;
    if !is_open(tx, &loaded)? {
        return Err(Error::Closed { until: Some(due(&loaded)) });
    }
    if loaded.period.stage()? != Stage::SelfAssessment {
        return Err(Error::Conflict("Hội đồng đang thẩm định; phiếu đã nộp không rút lại được nữa.".into()));
    }
    if loaded.sheet.state()? != SheetState::Submitted {
        return Err(Error::Conflict("Chỉ rút được phiếu đã nộp.".into()));
    }
    unsign(tx, &loaded.sheet, SheetState::Drafting, None).await?;
    sheets::tell_unit(tx, (&loaded.sheet, &loaded.period), Kind::Withdrawn, &[]).await?;
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
