//! Between the clerks and their head: handed in, taken back, handed back with a reason. Each step is appended.

use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter};
use serde_json::json;

use super::submit::gaps;
use crate::audit::{self, Event};
use crate::caller::Role;
use crate::ids::AssessmentId;
use crate::notices::{Kind, News, To, tell};
use crate::policy::Action;
use crate::sheets::{
    self, Loaded, ReviewAct, SheetState, refuse_when_out_of_time, refuse_when_sheet_closed, visible_to_change,
};
use crate::store::entities::{assessments, reviews};
use crate::store::{Tx, new_row};
use crate::{Error, Problem, Result, paths};

/// Longest note, in characters.
const LONGEST: usize = 2_000;

/// What the clerks hand in with.
#[derive(Clone, Debug, Default)]
pub struct HandIn {
    /// A word to the head; may be empty.
    pub note: String,
    /// The head is to look at it although something is missing.
    pub despite_gaps: bool,
}

/// The clerks hand the sheet to their head; nobody writes in it from now on. `Err(Invalid)` lists every gap by the
/// indicator's code, unless the clerk has seen them and hands it in all the same.
pub async fn hand_in(tx: &Tx, id: AssessmentId, wanted: &HandIn) -> Result<()> {
    let loaded = visible_to_change(tx, id).await?;
    tx.allow(Action::SaveAnswer, sheets::subject(&loaded.sheet, &loaded.period))?;
    refuse_when_sheet_closed(tx, &loaded)?;
    if loaded.sheet.state()? == SheetState::NotStarted {
        return Err(Error::Conflict("Phiếu chưa có số liệu nào để trình lãnh đạo.".into()));
    }
    let missing = gaps(&loaded)?;
    if !missing.is_empty() && !wanted.despite_gaps {
        return Err(Error::Invalid(missing));
    }
    let (act, to) = (ReviewAct::HandedIn, SheetState::InternalReview);
    take(tx, &loaded, Step { action: "sheet.hand_in", act, note: &wanted.note, to }).await?;
    let detail = [("by", tx.caller().name.clone()), ("count", missing.len().to_string())];
    tell_those(tx, &loaded, (Role::UnitApprover, Kind::HandedIn, paths::sheet_signing(loaded.sheet.id)), &detail).await
}

/// The clerks take the sheet back to go on with it, as long as the head has not signed.
pub async fn take_back(tx: &Tx, id: AssessmentId) -> Result<()> {
    let loaded = in_review(tx, id, Action::SaveAnswer).await?;
    let (act, to) = (ReviewAct::TakenBack, SheetState::Drafting);
    take(tx, &loaded, Step { action: "sheet.take_back", act, note: "", to }).await
}

/// The head hands the sheet back to the clerks, who read why.
pub async fn hand_back(tx: &Tx, id: AssessmentId, reason: &str) -> Result<()> {
    let loaded = in_review(tx, id, Action::Submit).await?;
    if reason.trim().is_empty() {
        return Err(Error::Invalid(vec![Problem::new(
            "reason",
            "Hãy ghi lý do trả lại để chuyên viên biết cần sửa gì.",
        )]));
    }
    let (act, to) = (ReviewAct::HandedBack, SheetState::Drafting);
    take(tx, &loaded, Step { action: "sheet.hand_back", act, note: reason, to }).await?;
    let detail = [("by", tx.caller().name.clone()), ("reason", reason.trim().to_owned())];
    tell_those(tx, &loaded, (Role::UnitEditor, Kind::HandedBack, paths::sheet(loaded.sheet.id)), &detail).await
}

async fn in_review(tx: &Tx, id: AssessmentId, action: Action) -> Result<Loaded> {
    let loaded = visible_to_change(tx, id).await?;
    tx.allow(action, sheets::subject(&loaded.sheet, &loaded.period))?;
    refuse_when_out_of_time(tx, &loaded)?;
    if loaded.sheet.state()? != SheetState::InternalReview {
        return Err(Error::Conflict("Phiếu không ở bước trình lãnh đạo; hãy tải lại trang.".into()));
    }
    Ok(loaded)
}

struct Step<'a> {
    /// In the audit log.
    action: &'static str,
    act: ReviewAct,
    note: &'a str,
    to: SheetState,
}

/// Moves the sheet and appends the step. `Err(Stale)` when the sheet moved meanwhile.
async fn take(tx: &Tx, loaded: &Loaded, step: Step<'_>) -> Result<()> {
    let (sheet, note) = (&loaded.sheet, step.note.trim());
    if note.chars().count() > LONGEST {
        let field = if step.act == ReviewAct::HandedBack { "reason" } else { "note" };
        return Err(Error::Invalid(vec![Problem::new(field, "Nội dung tối đa 2.000 ký tự; hãy rút gọn.")]));
    }
    let written = tx
        .update_many::<assessments::Entity>()
        .col_expr(assessments::Column::State, Expr::value(step.to.as_str()))
        .col_expr(assessments::Column::Revision, Expr::value(sheet.revision + 1))
        .col_expr(assessments::Column::UpdatedAt, Expr::value(tx.now()))
        .filter(assessments::Column::Id.eq(sheet.id))
        .filter(assessments::Column::Revision.eq(sheet.revision))
        .exec(tx.conn())
        .await?;
    if written.rows_affected == 0 {
        return Err(Error::Stale);
    }
    tx.insert(reviews::ActiveModel {
        id: Set(uuid::Uuid::now_v7()),
        assessment_id: Set(sheet.id),
        act: Set(step.act.as_str().into()),
        note: Set(note.into()),
        done_by: Set(tx.caller().account.ok_or(Error::Forbidden)?),
        done_name: Set(tx.caller().name.clone()),
        done_at: Set(tx.now()),
        ..new_row(tx)
    })
    .await?;
    let detail = json!({ "note": note, "unit": sheet.unit_name });
    audit::record(tx, Event { action: step.action, subject: ("sheet", sheet.id.to_string()), detail }).await
}

/// Tells those of the unit whose turn it is.
async fn tell_those(
    tx: &Tx,
    loaded: &Loaded,
    (role, kind, link): (Role, Kind, String),
    more: &[(&str, String)],
) -> Result<()> {
    let (sheet, period) = (&loaded.sheet, &loaded.period);
    let named = [("period", period.name.clone()), ("unit", sheet.unit_name.clone())];
    let detail: Vec<(&str, String)> = named.into_iter().chain(more.iter().cloned()).collect();
    tell(tx, To::OfUnit(role, sheet.unit_id), News { kind, link, detail: &detail, occasion: None }).await
}
