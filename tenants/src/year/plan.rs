//! The plan of a period: its dates beside the two deadlines, its guidance ("hướng dẫn chấm điểm"), and its submission to
//! the People's Committee ("tờ trình").

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter};
use serde_json::json;
use time::{Date, OffsetDateTime};

use crate::audit::{self, Event};
use crate::calendar::legal;
use crate::clock;
use crate::files::{StoredFile, keep_file};
use crate::ids::PeriodId;
use crate::periods::{PeriodHead, Stage, find};
use crate::policy::{Action, Subject};
use crate::store::Tx;
use crate::store::entities::{evidence_files, periods};
use crate::{Error, Problem, Result, seats, web};

/// Dates to plan by; `None` leaves a step without one.
#[derive(Clone, Debug, Default)]
pub struct NewPlan {
    /// First moment at which units may write.
    pub self_from: Option<OffsetDateTime>,
    pub appraise_until: Option<Date>,
    pub conclude_until: Option<Date>,
    pub submit_until: Option<Date>,
}

/// The guidance of a year: a file of the store, or a document published elsewhere.
#[derive(Clone, Debug)]
pub enum Guidance {
    File(StoredFile),
    Link { title: String, url: String },
}

/// The guidance as it is opened.
#[derive(Clone, Debug)]
pub enum GuidanceCopy {
    File { sha256: String, name: String, media_type: String },
    Link(String),
}

/// The head of a period, for anybody at work in the authority.
pub async fn head(tx: &Tx, id: PeriodId) -> Result<PeriodHead> {
    tx.allow(Action::ViewSets, Subject::Tenant)?;
    find(tx, id).await?.head()
}

/// Sets the dates of a period. `Err(Invalid)` where they are not in order.
pub async fn plan(tx: &Tx, id: PeriodId, plan: &NewPlan) -> Result<()> {
    use periods::Column;
    tx.allow(Action::ManagePeriod, Subject::Tenant)?;
    let period = find(tx, id).await?;
    if period.stage()? > Stage::Concluded {
        return Err(Error::Conflict("Kỳ đã công bố; kế hoạch không đổi được nữa.".into()));
    }
    check(plan, &period, period.dates(tx))?;
    tx.update_many::<periods::Entity>()
        .col_expr(Column::SelfFrom, Expr::value(plan.self_from))
        .col_expr(Column::AppraiseUntil, Expr::value(plan.appraise_until))
        .col_expr(Column::ConcludeUntil, Expr::value(plan.conclude_until))
        .col_expr(Column::SubmitUntil, Expr::value(plan.submit_until))
        .col_expr(Column::Revision, Expr::value(period.revision + 1))
        .filter(Column::Id.eq(id))
        .exec(tx.conn())
        .await?;
    let day = |day: Option<Date>| day.map(|day| day.to_string());
    let detail = json!({
        "self_from": plan.self_from.map(|from| from.to_string()), "appraise_until": day(plan.appraise_until),
        "conclude_until": day(plan.conclude_until), "submit_until": day(plan.submit_until),
    });
    audit::record(tx, Event { action: "period.plan", subject: ("period", id.to_string()), detail }).await
}

/// Every date after the one before it; those not set are passed over.
fn check(plan: &NewPlan, period: &periods::Model, dates: legal::Year) -> Result<()> {
    let mut problems = Vec::new();
    if plan.self_from.is_some_and(|from| from >= period.self_deadline) {
        problems.push(Problem::new("self_from", "Ngày bắt đầu tự đánh giá phải trước hạn tự đánh giá."));
    }
    let day = |at: OffsetDateTime| clock::day(at);
    legal::add(&mut problems, "self_from", plan.self_from.and_then(|from| dates.self_from(day(from))));
    let mut last = day(period.self_deadline);
    let steps = [
        ("appraise_until", plan.appraise_until),
        ("conclude_until", plan.conclude_until),
        ("submit_until", plan.submit_until),
    ];
    for (field, step) in steps {
        let Some(step) = step else { continue };
        if step < last || step > day(period.publish_deadline) {
            problems.push(Problem::new(field, "Ngày phải sau bước trước và không quá hạn công bố."));
        }
        last = step;
    }
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

/// Puts the guidance of the year where everybody finds it; another one takes its place.
pub async fn guide(tx: &Tx, id: PeriodId, guidance: &Guidance) -> Result<()> {
    use periods::Column;
    tx.allow(Action::ManagePeriod, Subject::Tenant)?;
    find(tx, id).await?;
    let (name, sha256, link) = match guidance {
        Guidance::File(file) => {
            keep_file(tx, file).await?;
            (file.name.clone(), Some(file.sha256.clone()), None)
        }
        Guidance::Link { title, url } => {
            if title.trim().is_empty() {
                let told = "Hãy chọn tệp, hoặc ghi tên và địa chỉ của văn bản.";
                return Err(Error::Invalid(vec![Problem::new("guidance", told)]));
            }
            let address = web::address(url).ok_or_else(|| Error::Invalid(vec![web::wrong("guidance")]))?;
            (title.trim().to_owned(), None, Some(address))
        }
    };
    tx.update_many::<periods::Entity>()
        .col_expr(Column::GuidanceName, Expr::value(name.as_str()))
        .col_expr(Column::GuidanceSha256, Expr::value(sha256.clone()))
        .col_expr(Column::GuidanceLink, Expr::value(link.clone()))
        .filter(Column::Id.eq(id))
        .exec(tx.conn())
        .await?;
    let detail = json!({ "name": name, "sha256": sha256, "link": link });
    audit::record(tx, Event { action: "period.guide", subject: ("period", id.to_string()), detail }).await
}

/// The guidance, for anybody at work in the authority. `Err(NotFound)` where there is none.
pub async fn guidance(tx: &Tx, id: PeriodId) -> Result<GuidanceCopy> {
    tx.allow(Action::ViewSets, Subject::Tenant)?;
    let period = find(tx, id).await?;
    if let Some(link) = period.guidance_link {
        return Ok(GuidanceCopy::Link(link));
    }
    let sha256 = period.guidance_sha256.ok_or(Error::NotFound)?;
    let file = tx.scoped::<evidence_files::Entity>().filter(evidence_files::Column::Sha256.eq(sha256.as_str()));
    let media_type = file.one(tx.conn()).await?.ok_or(Error::NotFound)?.media_type;
    Ok(GuidanceCopy::File { sha256, name: period.guidance_name.unwrap_or_default(), media_type })
}

/// Notes that the concluded result went to the People's Committee.
pub async fn submitted(tx: &Tx, id: PeriodId, number: &str, on: Date) -> Result<()> {
    use periods::Column;
    tx.allow(Action::ManagePeriod, Subject::Tenant)?;
    let period = find(tx, id).await?;
    if period.stage()? != Stage::Concluded {
        return Err(Error::Conflict("Chỉ trình kết quả sau khi Hội đồng kết luận và trước khi công bố.".into()));
    }
    if number.trim().is_empty() || number.chars().count() > 100 {
        return Err(Error::Invalid(vec![Problem::new("submitted_number", "Hãy ghi số tờ trình, tối đa 100 ký tự.")]));
    }
    legal::refuse("submitted_on", seats::dates(tx, &period).await?.submission(on))?;
    tx.update_many::<periods::Entity>()
        .col_expr(Column::SubmittedOn, Expr::value(on))
        .col_expr(Column::SubmittedNumber, Expr::value(number.trim()))
        .filter(Column::Id.eq(id))
        .exec(tx.conn())
        .await?;
    let detail = json!({ "number": number.trim(), "on": on.to_string() });
    audit::record(tx, Event { action: "period.submitted", subject: ("period", id.to_string()), detail }).await
}
