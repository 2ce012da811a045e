//! Re-opening ("mở lại") named indicators of a submitted sheet, so that the unit corrects them while the council is at
//! work. A decision already made on one of them is to be seen again once the unit has changed it.

use std::collections::HashMap;

use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter, QueryOrder};
use serde_json::json;
use time::{Duration, OffsetDateTime};

use super::desk::visible_to_change;
use super::read::Which;
use crate::audit::{self, Event};
use crate::calendar;
use crate::ids::AssessmentId;
use crate::notices::Kind;
use crate::periods::{self, Stage};
use crate::policy::Action;
use crate::store::entities::reopenings;
use crate::store::{Tx, new_row};
use crate::{Error, Problem, Result};

/// Indicators to re-open, until a moment (inclusive), for a reason the unit reads.
#[derive(Clone, Debug)]
pub struct Reopen {
    pub codes: Vec<String>,
    pub until: OffsetDateTime,
    pub reason: String,
}

/// Until when each re-opened indicator of each sheet is open, those already closed left out.
pub(super) async fn reopened(tx: &Tx, which: Which) -> Result<HashMap<AssessmentId, HashMap<String, OffsetDateTime>>> {
    let of_sheets = tx.scoped::<reopenings::Entity>().filter(which.named_by(tx, reopenings::Column::AssessmentId));
    // The last second counts in full.
    let live = reopenings::Column::Until.gt(tx.now() - Duration::SECOND);
    let live = of_sheets.filter(live).all(tx.conn()).await?;
    let mut open: HashMap<AssessmentId, HashMap<String, OffsetDateTime>> = HashMap::new();
    for reopening in live {
        let codes: Vec<String> = serde_json::from_value(reopening.codes).map_err(Error::internal)?;
        let of_sheet = open.entry(reopening.assessment_id).or_default();
        for code in codes {
            let until = of_sheet.entry(code).or_insert(reopening.until);
            *until = reopening.until.max(*until);
        }
    }
    Ok(open)
}

/// Every re-opening of an indicator, oldest first, those closed again too.
pub(crate) async fn reopenings_of(tx: &Tx, sheet: AssessmentId, code: &str) -> Result<Vec<reopenings::Model>> {
    let of_sheet = tx.scoped::<reopenings::Entity>().filter(reopenings::Column::AssessmentId.eq(sheet));
    let mut all = of_sheet.order_by_asc(reopenings::Column::ReopenedAt).all(tx.conn()).await?;
    all.retain(|one| one.codes.as_array().is_some_and(|codes| codes.iter().any(|known| known == code)));
    Ok(all)
}

/// Lets the unit correct these indicators until a moment. Only while the council is at work; before that the whole sheet
/// is sent back instead.
pub async fn reopen(tx: &Tx, id: AssessmentId, wanted: &Reopen) -> Result<()> {
    let loaded = visible_to_change(tx, id).await?;
    tx.allow(Action::SendBack, periods::subject(&loaded.sheet, &loaded.period))?;
    if loaded.period.stage()? != Stage::Appraisal {
        let told = "Chỉ mở lại chỉ số khi kỳ đang ở giai đoạn thẩm định; trước đó hãy trả lại cả phiếu.";
        return Err(Error::Conflict(told.into()));
    }
    let mut problems = Vec::new();
    if wanted.codes.is_empty() {
        problems.push(Problem::new("codes", "Hãy chọn ít nhất một chỉ số."));
    }
    if wanted.until <= tx.now() {
        problems.push(Problem::new("until", "Hạn mở lại phải ở tương lai."));
    }
    if wanted.reason.trim().is_empty() || wanted.reason.chars().count() > 2_000 {
        problems.push(Problem::new("reason", "Hãy ghi lý do mở lại, tối đa 2.000 ký tự."));
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    calendar::refuse_day_off(tx, "until", wanted.until).await?;
    for code in &wanted.codes {
        loaded.rules.set().indicator(code).ok_or(Error::NotFound)?;
    }
    let detail = json!({ "codes": wanted.codes, "until": wanted.until.to_string(), "reason": wanted.reason.trim() });
    let event = Event { action: "sheet.reopen", subject: ("sheet", id.to_string()), detail };
    if audit::repeats(tx, &event).await? {
        return Ok(());
    }
    tx.insert(reopenings::ActiveModel {
        id: Set(uuid::Uuid::now_v7()),
        assessment_id: Set(id),
        codes: Set(json!(wanted.codes)),
        until: Set(wanted.until),
        reason: Set(wanted.reason.trim().into()),
        reopened_by: Set(tx.caller().name.clone()),
        reopened_at: Set(tx.now()),
        ..new_row(tx)
    })
    .await?;
    let told = [
        ("codes", wanted.codes.join(", ")),
        ("due", crate::wall_clock(wanted.until)),
        ("reason", wanted.reason.trim().to_owned()),
    ];
    periods::tell_unit(tx, (&loaded.sheet, &loaded.period), Kind::Reopened, &told).await?;
    audit::record(tx, event).await
}
