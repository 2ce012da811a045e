//! Questions of the council and the unit's answers, indicator by indicator. Both are kept as they were said.

use sea_orm::ActiveValue::Set;
use serde_json::json;
use time::Date;

use super::store::to_judge;
use crate::audit::{self, Event};
use crate::calendar::{self, legal};
use crate::decisions::talks;
use crate::ids::AssessmentId;
use crate::notices::{Kind, News, To, tell};
use crate::periods::Stage;
use crate::policy::Action;
use crate::sheets::{self, Loaded, visible};
use crate::store::entities::talks;
use crate::store::{Tx, new_row};
use crate::{Error, Problem, Result, clock, paths};

/// Longest question or answer, in characters.
const LONGEST: usize = 4_000;

/// Asks the unit to explain or to add evidence until a day.
pub async fn ask(tx: &Tx, id: AssessmentId, code: &str, text: &str, due: Date) -> Result<()> {
    let loaded = to_judge(tx, id, code).await?;
    if due < clock::day(tx.now()) {
        return Err(Error::Invalid(vec![Problem::new("due", "Hạn trả lời không thể ở quá khứ.")]));
    }
    legal::refuse("due", loaded.period.dates(tx).limit(due))?;
    let day = clock::first_second(due);
    calendar::refuse_day_off(tx, "due", day).await?;
    let detail = json!({ "code": code, "text": text.trim(), "due": due.to_string() });
    let event = Event { action: "appraisal.ask", subject: ("sheet", id.to_string()), detail };
    if audit::repeats(tx, &event).await? {
        return Ok(());
    }
    say(tx, &loaded, code, text, Some(due)).await?;
    let told = [
        ("code", code.to_owned()),
        ("text", text.trim().to_owned()),
        ("due", format!("{:02}/{:02}/{}", due.day(), u8::from(due.month()), due.year())),
    ];
    let named = [("period", loaded.period.name.clone()), ("unit", loaded.sheet.unit_name.clone())];
    let detail: Vec<_> = named.into_iter().chain(told).collect();
    let link = format!("{}#c{code}", paths::sheet_discussion(id));
    let news = News { kind: Kind::Question, link, detail: &detail, occasion: None };
    tell(tx, To::Unit(loaded.sheet.unit_id), news).await?;
    audit::record(tx, event).await
}

/// The unit's answer. It may add evidence beside it; its self score stays as it was signed.
pub async fn reply(tx: &Tx, id: AssessmentId, code: &str, text: &str) -> Result<()> {
    let loaded = visible(tx, id).await?;
    tx.allow(Action::Reply, sheets::subject(&loaded.sheet, &loaded.period))?;
    if loaded.period.stage()? != Stage::Appraisal {
        return Err(Error::Conflict("Chỉ trả lời khi kỳ đang ở giai đoạn thẩm định.".into()));
    }
    let past = talks(tx, id).await?;
    let question = past.get(code).into_iter().flatten().rev().find(|said| said.is_question);
    let Some(asker) = question.map(|question| question.said_by) else {
        return Err(Error::Conflict("Hội đồng chưa có yêu cầu nào ở chỉ số này.".into()));
    };
    let event = Event {
        action: "appraisal.reply",
        subject: ("sheet", id.to_string()),
        detail: json!({ "code": code, "text": text.trim() }),
    };
    if audit::repeats(tx, &event).await? {
        return Ok(());
    }
    say(tx, &loaded, code, text, None).await?;
    let detail = [
        ("period", loaded.period.name.clone()),
        ("unit", loaded.sheet.unit_name.clone()),
        ("code", code.to_owned()),
        ("text", text.trim().to_owned()),
    ];
    let link = format!("{}#c{code}", paths::appraise(id));
    tell(tx, To::Account(asker), News { kind: Kind::Reply, link, detail: &detail, occasion: None }).await?;
    audit::record(tx, event).await
}

async fn say(tx: &Tx, loaded: &Loaded, code: &str, text: &str, due: Option<Date>) -> Result<()> {
    loaded.rules.set().indicator(code).ok_or(Error::NotFound)?;
    check_words(text)?;
    tx.insert(talks::ActiveModel {
        id: Set(uuid::Uuid::now_v7()),
        assessment_id: Set(loaded.sheet.id),
        code: Set(code.into()),
        is_question: Set(due.is_some()),
        text: Set(text.trim().into()),
        due_on: Set(due),
        said_by: Set(tx.caller().account.ok_or(Error::Forbidden)?),
        said_name: Set(tx.caller().name.clone()),
        said_at: Set(tx.now()),
        ..new_row(tx)
    })
    .await
}

/// `Err(Invalid)` for nothing, or for more than a page.
pub(crate) fn check_words(text: &str) -> Result<()> {
    let refuse = |message: &str| Err(Error::Invalid(vec![Problem::new("text", message)]));
    match text.trim().chars().count() {
        0 => refuse("Hãy ghi nội dung."),
        length if length > LONGEST => refuse("Nội dung dài quá 4.000 ký tự; hãy rút gọn hoặc đính kèm thành tài liệu."),
        _ => Ok(()),
    }
}
