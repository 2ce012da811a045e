//! Re-opening ("mở lại") named indicators of a submitted sheet, so that the unit corrects them while the council is at
//! work. A decision already made on one of them is to be seen again once the unit has changed it.

use sea_orm::ActiveValue::Set;
use serde_json::json;
use time::OffsetDateTime;

use crate::audit::{self, Event};
use crate::calendar::{self, legal};
use crate::clock;
use crate::ids::AssessmentId;
use crate::notices::Kind;
use crate::periods::Stage;
use crate::policy::Action;
use crate::sheets::{self, visible_to_change};
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

/// Lets the unit correct these indicators until a moment. Only while the council is at work; before that the whole sheet
/// is sent back instead.
pub async fn reopen(tx: &Tx, id: AssessmentId, wanted: &Reopen) -> Result<()> {
    let loaded = visible_to_change(tx, id).await?;
    tx.allow(Action::SendBack, sheets::subject(&loaded.sheet, &loaded.period))?;
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
    let last = clock::day(wanted.until);
    legal::add(&mut problems, "until", loaded.period.dates(tx).limit(last));
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
        ("due", clock::wall_clock(wanted.until)),
        ("reason", wanted.reason.trim().to_owned()),
    ];
    sheets::tell_unit(tx, (&loaded.sheet, &loaded.period), Kind::Reopened, &told).await?;
    audit::record(tx, event).await
}
