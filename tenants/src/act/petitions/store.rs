//! Announcing the provisional result, petitioning, answering.

use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter};
use serde_json::json;
use time::OffsetDateTime;

use crate::appraisal::{check_words, open_rows, to_judge};
use crate::audit::{self, Event};
use crate::calendar::{self, legal};
use crate::decisions::petitions::{in_time, of_sheet};
use crate::ids::{AssessmentId, PeriodId, PetitionId};
use crate::notices::{Kind, News, To, tell};
use crate::periods::{self, Stage};
use crate::policy::{Action, Subject};
use crate::seats::{self, SeatKind};
use crate::sheets::{self, visible};
use crate::store::entities::{assessments, periods as periods_table, petition_answers, petitions};
use crate::store::{Tx, new_row};
use crate::{Error, Problem, Result, clock, paths};

/// Shows every unit its provisional result from now on, and takes petitions until a moment. `Err(Conflict)` while
/// anything is undecided, or when it was announced already.
pub async fn announce(tx: &Tx, id: PeriodId, until: OffsetDateTime) -> Result<()> {
    tx.allow(Action::Conclude, Subject::Tenant)?;
    let period = periods::find(tx, id).await?;
    seats::require(tx, id, &[SeatKind::Chair]).await?;
    if period.stage()? != Stage::Appraisal || period.provisional_at.is_some() {
        let told = "Kết quả tạm thời chỉ được thông báo một lần, khi kỳ đang ở giai đoạn thẩm định.";
        return Err(Error::Conflict(told.into()));
    }
    let open: u32 = open_rows(tx, id).await?.iter().map(|(_, count)| count).sum();
    if open > 0 {
        let open = engine::number::trim(open.into());
        let told = format!("Còn {open} chỉ số chưa quyết định hoặc cần xem lại; chưa thể thông báo kết quả tạm thời.");
        return Err(Error::Conflict(told));
    }
    if until <= tx.now() {
        return Err(Error::Invalid(vec![Problem::new("until", "Hạn kiến nghị phải ở tương lai.")]));
    }
    legal::refuse("until", period.dates(tx).limit(clock::day(until)))?;
    calendar::refuse_day_off(tx, "until", until).await?;
    let written = tx
        .update_many::<periods_table::Entity>()
        .col_expr(periods_table::Column::ProvisionalAt, Expr::value(tx.now()))
        .col_expr(periods_table::Column::PetitionUntil, Expr::value(until))
        .filter(periods_table::Column::Id.eq(id))
        .filter(periods_table::Column::ProvisionalAt.is_null())
        .exec(tx.conn())
        .await?;
    if written.rows_affected == 0 {
        return Err(Error::Stale);
    }
    let sheets = tx.scoped::<assessments::Entity>().filter(assessments::Column::PeriodId.eq(id));
    for sheet in sheets.all(tx.conn()).await? {
        let detail =
            [("period", period.name.clone()), ("unit", sheet.unit_name.clone()), ("until", clock::wall_clock(until))];
        let link = paths::sheet_discussion(sheet.id);
        let news = News { kind: Kind::Provisional, link, detail: &detail, occasion: None };
        tell(tx, To::Unit(sheet.unit_id), news).await?;
    }
    let detail = json!({ "until": until.to_string() });
    audit::record(tx, Event { action: "period.provisional", subject: ("period", id.to_string()), detail }).await
}

/// The unit's head objects to a provisional score, once for each indicator.
pub async fn make(tx: &Tx, sheet: AssessmentId, code: &str, text: &str) -> Result<()> {
    let loaded = visible(tx, sheet).await?;
    tx.allow(Action::Petition, sheets::subject(&loaded.sheet, &loaded.period))?;
    loaded.rules.set().indicator(code).ok_or(Error::NotFound)?;
    if loaded.period.stage()? != Stage::Appraisal || !in_time(tx, &loaded.sheet, &loaded.period) {
        return Err(Error::Conflict("Ngoài thời gian kiến nghị về kết quả tạm thời.".into()));
    }
    check_words(text)?;
    let event = Event {
        action: "petition.make",
        subject: ("sheet", sheet.to_string()),
        detail: json!({ "code": code, "text": text.trim() }),
    };
    if audit::repeats(tx, &event).await? {
        return Ok(());
    }
    if of_sheet(tx, sheet).await?.contains_key(code) {
        return Err(Error::Conflict("Đơn vị đã kiến nghị về chỉ số này; mỗi chỉ số kiến nghị một lần.".into()));
    }
    tx.insert(petitions::ActiveModel {
        id: Set(PetitionId::new()),
        assessment_id: Set(sheet),
        code: Set(code.into()),
        text: Set(text.trim().into()),
        made_by: Set(tx.caller().account.ok_or(Error::Forbidden)?),
        made_name: Set(tx.caller().name.clone()),
        made_at: Set(tx.now()),
        ..new_row(tx)
    })
    .await?;
    let detail = [
        ("period", loaded.period.name.clone()),
        ("unit", loaded.sheet.unit_name.clone()),
        ("code", code.to_owned()),
        ("text", text.trim().to_owned()),
    ];
    let link = format!("{}#c{code}", paths::appraise(sheet));
    let news = News { kind: Kind::Petition, link, detail: &detail, occasion: None };
    seats::tell_seated(tx, loaded.period.id, &[SeatKind::Chair, SeatKind::Secretary], news).await?;
    audit::record(tx, event).await
}

/// The council's answer. A changed score is a decision of its own, made before or after.
pub async fn answer(tx: &Tx, sheet: AssessmentId, code: &str, text: &str) -> Result<()> {
    let loaded = to_judge(tx, sheet, code).await?;
    check_words(text)?;
    let event = Event {
        action: "petition.answer",
        subject: ("sheet", sheet.to_string()),
        detail: json!({ "code": code, "text": text.trim() }),
    };
    if audit::repeats(tx, &event).await? {
        return Ok(());
    }
    let petition = of_sheet(tx, sheet).await?.remove(code);
    let Some(petition) = petition.filter(|petition| petition.answer.is_none()) else {
        return Err(Error::Conflict("Không có kiến nghị nào ở chỉ số này đang chờ trả lời.".into()));
    };
    tx.insert(petition_answers::ActiveModel {
        petition_id: Set(petition.id),
        text: Set(text.trim().into()),
        answered_name: Set(tx.caller().name.clone()),
        answered_at: Set(tx.now()),
        ..new_row(tx)
    })
    .await?;
    let detail = [
        ("period", loaded.period.name.clone()),
        ("unit", loaded.sheet.unit_name.clone()),
        ("code", petition.code.clone()),
        ("text", text.trim().to_owned()),
    ];
    let link = format!("{}#c{}", paths::sheet_discussion(sheet), petition.code);
    let news = News { kind: Kind::PetitionAnswered, link, detail: &detail, occasion: None };
    tell(tx, To::Unit(loaded.sheet.unit_id), news).await?;
    audit::record(tx, event).await
}
