//! Questions of the council and the unit's answers, indicator by indicator. Both are kept as they were said.

use std::collections::HashMap;

use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter, QueryOrder};
use serde_json::json;
use time::Date;

use super::Talk;
use super::store::to_judge;
use crate::assessments::{Loaded, visible};
use crate::audit::{self, Event};
use crate::calendar;
use crate::ids::AssessmentId;
use crate::notices::{Kind, News, To, tell};
use crate::periods::{self, Stage};
use crate::policy::Action;
use crate::store::entities::talks;
use crate::store::{Tx, new_row};
use crate::{Error, Problem, Result};

/// Longest question or answer, in characters.
const LONGEST: usize = 4_000;

/// What was said about the indicators of a sheet, oldest first, by code.
pub(super) type Talks = HashMap<String, Vec<talks::Model>>;

pub(super) async fn talks(tx: &Tx, sheet: AssessmentId) -> Result<Talks> {
    Ok(talks_of(tx, &[sheet]).await?.remove(&sheet).unwrap_or_default())
}

/// The same for some sheets at once.
pub(super) async fn talks_of(tx: &Tx, sheets: &[AssessmentId]) -> Result<HashMap<AssessmentId, Talks>> {
    let of_sheets = tx.scoped::<talks::Entity>().filter(talks::Column::AssessmentId.is_in(sheets.iter().copied()));
    let oldest = of_sheets.order_by_asc(talks::Column::SaidAt).order_by_asc(talks::Column::Id).all(tx.conn()).await?;
    let mut all: HashMap<AssessmentId, Talks> = HashMap::new();
    for said in oldest {
        all.entry(said.assessment_id).or_default().entry(said.code.clone()).or_default().push(said);
    }
    Ok(all)
}

impl talks::Model {
    pub(super) fn shown(&self) -> Talk {
        Talk {
            is_question: self.is_question,
            text: self.text.clone(),
            due: self.due_on,
            by: self.said_name.clone(),
            at: self.said_at,
        }
    }
}

/// A question stays open until the unit answers or its day has passed.
pub(super) fn is_open(talks: &[talks::Model], today: Date) -> bool {
    talks.last().is_some_and(|last| last.is_question && last.due_on.is_none_or(|due| today <= due))
}

/// Questions whose day has passed without an answer: how many of each sheet, and the earliest day.
pub(crate) async fn overdue_questions(tx: &Tx, sheets: &[AssessmentId]) -> Result<HashMap<AssessmentId, (u32, Date)>> {
    let today = tx.now().to_offset(crate::VIETNAM).date();
    let mut overdue: HashMap<AssessmentId, (u32, Date)> = HashMap::new();
    for (sheet, talks) in talks_of(tx, sheets).await? {
        let last = talks.values().filter_map(|said| said.last()).filter(|last| last.is_question);
        for due in last.filter_map(|last| last.due_on).filter(|due| *due < today) {
            let (count, earliest) = overdue.entry(sheet).or_insert((0, due));
            *count += 1;
            *earliest = due.min(*earliest);
        }
    }
    Ok(overdue)
}

/// Asks the unit to explain or to add evidence until a day.
pub async fn ask(tx: &Tx, id: AssessmentId, code: &str, text: &str, due: Date) -> Result<()> {
    let loaded = to_judge(tx, id, code).await?;
    if due < tx.now().to_offset(crate::VIETNAM).date() {
        return Err(Error::Invalid(vec![Problem::new("due", "Hạn trả lời không thể ở quá khứ.")]));
    }
    let day = due.with_time(time::Time::MIDNIGHT).assume_offset(crate::VIETNAM);
    calendar::refuse_day_off(tx, "due", day).await?;
    let detail = json!({ "code": code, "text": text.trim(), "due": due });
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
    let link = format!("/lam-viec/phieu/{id}/hoi-dong#c{code}");
    let news = News { kind: Kind::Question, link, detail: &detail, occasion: None };
    tell(tx, To::Unit(loaded.sheet.unit_id), news).await?;
    audit::record(tx, event).await
}

/// The unit's answer. It may add evidence beside it; its self score stays as it was signed.
pub async fn reply(tx: &Tx, id: AssessmentId, code: &str, text: &str) -> Result<()> {
    let loaded = visible(tx, id).await?;
    tx.allow(Action::Reply, periods::subject(&loaded.sheet, &loaded.period))?;
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
    let link = format!("/lam-viec/tham-dinh/{id}#c{code}");
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
