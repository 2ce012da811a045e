//! More time for one unit, in the stage that goes on: for the self-assessment, or for its petitions.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter};
use serde_json::json;
use time::OffsetDateTime;

use crate::audit::{self, Event};
use crate::calendar::{self, legal};
use crate::clock;
use crate::ids::AssessmentId;
use crate::notices::Kind;
use crate::periods::Stage;
use crate::policy::Action;
use crate::sheets::{find_sheet, subject, tell_unit};
use crate::store::Tx;
use crate::store::entities::assessments;
use crate::{Error, Problem, Result};

/// Gives one unit more time, with a reason. The new limit must lie after the common one, in the future, on a working day.
pub async fn extend(tx: &Tx, sheet: AssessmentId, until: OffsetDateTime, reason: &str) -> Result<()> {
    let (sheet, period) = find_sheet(tx, sheet).await?;
    tx.allow(Action::Extend, subject(&sheet, &period))?;
    let (column, common, what) = match (period.stage()?, period.petition_until) {
        (Stage::SelfAssessment, _) => (assessments::Column::ExtendedTo, period.self_deadline, "tự đánh giá"),
        (Stage::Appraisal, Some(common)) => (assessments::Column::PetitionUntil, common, "kiến nghị"),
        _ => {
            let told =
                "Chỉ gia hạn ở giai đoạn tự đánh giá, hoặc gia hạn kiến nghị sau khi thông báo kết quả tạm thời.";
            return Err(Error::Conflict(told.into()));
        }
    };
    let mut problems = Vec::new();
    if until <= common || until <= tx.now() {
        problems.push(Problem::new("until", "Hạn mới phải sau hạn chung của kỳ và sau thời điểm hiện tại."));
    }
    legal::add(&mut problems, "until", period.dates(tx).limit(clock::day(until)));
    if reason.trim().is_empty() {
        problems.push(Problem::new("reason", "Hãy ghi lý do gia hạn."));
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    calendar::refuse_day_off(tx, "until", until).await?;
    let detail = json!({ "until": until.to_string(), "stage": what, "reason": reason.trim(), "unit": sheet.unit_name });
    let event = Event { action: "sheet.extend", subject: ("sheet", sheet.id.to_string()), detail };
    if audit::repeats(tx, &event).await? {
        return Ok(());
    }
    tx.update_many::<assessments::Entity>()
        .col_expr(column, Expr::value(until))
        .filter(assessments::Column::Id.eq(sheet.id))
        .exec(tx.conn())
        .await?;
    let told = [("until", clock::wall_clock(until)), ("reason", reason.trim().to_owned())];
    tell_unit(tx, (&sheet, &period), Kind::Extended, &told).await?;
    audit::record(tx, event).await
}
