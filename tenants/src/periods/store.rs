//! A period's life: created with its units enrolled, opened, appraised. Concluding is the council's, publishing the publisher's.

use std::collections::HashMap;

use engine::ENGINE_VERSION;
use engine::run::Version;
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, QueryFilter, QueryOrder, sea_query::Expr};
use serde_json::json;
use time::{Date, Duration, OffsetDateTime};

use super::settings::leave_out_unsubmitted;
use super::{Deadlines, NewGroup, NewPeriod, PeriodHead, Settings, Stage, is_over};
use crate::assessments::SheetState;
use crate::audit::{self, Event};
use crate::calendar::legal;
use crate::council;
use crate::ids::{AssessmentId, GroupId, PeriodId, UnitId};
use crate::indicator_sets;
use crate::notices::{Kind, News, To, tell};
use crate::policy::{Action, Subject};
use crate::ranking;
use crate::store::entities::{assessments, periods, ranking_groups};
use crate::store::{Tx, new_row};
use crate::units::{self, UnitHead};
use crate::{Error, Problem, Result};

/// All periods of the tenant, newest year first.
pub async fn list(tx: &Tx) -> Result<Vec<PeriodHead>> {
    let newest = tx.scoped::<periods::Entity>().order_by_desc(periods::Column::Year);
    let rows = newest.order_by_desc(periods::Column::CreatedAt).all(tx.conn()).await?;
    rows.iter().map(periods::Model::head).collect()
}

/// The period of a group, and the group's name.
pub async fn of_group(tx: &Tx, group: GroupId) -> Result<(PeriodHead, String)> {
    tx.allow(Action::ViewBoard, Subject::Tenant)?;
    let group = crate::simulation::group(tx, group).await?;
    Ok((find(tx, group.period_id).await?.head()?, group.name))
}

/// A period in draft; its units are enrolled, their names frozen. `Err(Invalid)` names what to mend.
pub async fn create(tx: &Tx, new: NewPeriod) -> Result<PeriodId> {
    tx.allow(Action::ManagePeriod, Subject::Tenant)?;
    let known = units::list(tx).await?;
    check(&new, &known, today(tx))?;
    if new.self_deadline <= tx.now() {
        let told = "Hạn tự đánh giá đã qua; hãy chọn một ngày trong tương lai.";
        return Err(Error::Invalid(vec![Problem::new("self_deadline", told)]));
    }
    let same_year = tx.scoped::<periods::Entity>().filter(periods::Column::Year.eq(new.year));
    if same_year.one(tx.conn()).await?.is_some() {
        let told = "Năm này đã có kỳ đánh giá; mỗi năm một kỳ để kết quả công bố không lẫn nhau.";
        return Err(Error::Invalid(vec![Problem::new("year", told)]));
    }
    let id = PeriodId::new();
    let settings = Settings::default();
    tx.insert(periods::ActiveModel {
        id: Set(id),
        year: Set(new.year),
        name: Set(new.name.trim().into()),
        stage: Set(Stage::Draft.as_str().into()),
        self_deadline: Set(new.self_deadline),
        publish_deadline: Set(new.publish_deadline),
        managing_unit_id: Set(new.managing_unit),
        is_sample: Set(new.is_sample),
        ranking_generation: Set(0),
        revision: Set(1),
        created_at: Set(tx.now()),
        created_by: Set(tx.caller().name.clone()),
        provisional_at: Set(None),
        petition_until: Set(None),
        self_from: Set(None),
        appraise_until: Set(None),
        conclude_until: Set(None),
        submit_until: Set(None),
        guidance_name: Set(None),
        guidance_sha256: Set(None),
        guidance_link: Set(None),
        submitted_on: Set(None),
        submitted_number: Set(None),
        rank_unsubmitted: Set(settings.rank_unsubmitted),
        needs_provisional: Set(settings.needs_provisional),
        weekly_list: Set(settings.weekly_list),
        engine: Set(ENGINE_VERSION.into()),
        ..new_row(tx)
    })
    .await?;
    for (position, group) in new.groups.iter().enumerate() {
        add_group(tx, id, position, group, &known).await?;
    }
    let detail =
        json!({ "year": new.year, "name": new.name, "units": new.groups.iter().map(|g| g.units.len()).sum::<usize>() });
    audit::record(tx, Event { action: "period.create", subject: ("period", id.to_string()), detail }).await?;
    Ok(id)
}

/// The day it is, by the clock everybody's deadlines run on.
pub(crate) fn today(tx: &Tx) -> Date {
    tx.now().to_offset(crate::VIETNAM).date()
}

fn check(new: &NewPeriod, known: &[UnitHead], today: Date) -> Result<()> {
    let mut problems = Vec::new();
    if new.name.trim().is_empty() {
        problems.push(Problem::new("name", "Hãy đặt tên kỳ đánh giá."));
    }
    if !(2000..=2100).contains(&new.year) {
        problems.push(Problem::new("year", "Năm đánh giá phải trong khoảng 2000 đến 2100."));
    }
    let dates = legal::Year { year: new.year, today, publish_by: None, council: None, submitted: None };
    check_deadlines(&mut problems, dates, (new.self_deadline, new.publish_deadline));
    if new.groups.is_empty() {
        problems.push(Problem::new("groups", "Hãy chọn ít nhất một bộ chỉ số và các đơn vị được đánh giá."));
    }
    let mut seen = HashMap::new();
    for group in &new.groups {
        if group.units.is_empty() {
            problems.push(Problem::new("groups", &format!("Nhóm “{}” chưa có đơn vị nào.", group.name)));
        }
        for unit in &group.units {
            if !known.iter().any(|known| known.id == *unit) {
                return Err(Error::NotFound);
            }
            if seen.insert(*unit, &group.name).is_some() {
                problems.push(Problem::new("groups", "Một đơn vị chỉ được thuộc một nhóm xếp hạng trong kỳ."));
            }
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

/// The two deadlines of a period, new or moved.
fn check_deadlines(problems: &mut Vec<Problem>, dates: legal::Year, to: (OffsetDateTime, OffsetDateTime)) {
    let day = |at: OffsetDateTime| at.to_offset(crate::VIETNAM).date();
    legal::add(problems, "self_deadline", dates.self_deadline(day(to.0)));
    legal::add(problems, "publish_deadline", dates.publish_deadline(day(to.1)));
    if to.1 <= to.0 {
        problems.push(Problem::new("publish_deadline", "Hạn công bố phải sau hạn tự đánh giá."));
    }
}

async fn add_group(tx: &Tx, period: PeriodId, position: usize, new: &NewGroup, known: &[UnitHead]) -> Result<()> {
    indicator_sets::find_version(tx, new.version).await?;
    let id = GroupId::new();
    tx.insert(ranking_groups::ActiveModel {
        id: Set(id),
        period_id: Set(period),
        slug: Set(new.slug.clone()),
        name: Set(new.name.trim().into()),
        version_id: Set(new.version),
        position: Set(i32::try_from(position).map_err(Error::internal)?),
        ..new_row(tx)
    })
    .await?;
    let units = new.units.iter().filter_map(|unit| known.iter().find(|known| known.id == *unit));
    let sheets = units.map(|unit| enrolled(tx, period, id, unit)).collect();
    tx.insert_many(sheets).await
}

/// A unit's sheet as it stands before anything is entered; the name is the unit's of this day.
pub(super) fn enrolled(tx: &Tx, period: PeriodId, group: GroupId, unit: &UnitHead) -> assessments::ActiveModel {
    assessments::ActiveModel {
        id: Set(AssessmentId::new()),
        period_id: Set(period),
        group_id: Set(group),
        unit_id: Set(unit.id),
        unit_name: Set(unit.name.clone()),
        unit_code: Set(unit.official_code.clone()),
        parent_name: Set(None),
        ranked: Set(true),
        state: Set(SheetState::NotStarted.as_str().into()),
        late: Set(false),
        extended_to: Set(None),
        submitted_at: Set(None),
        submitted_by: Set(None),
        signed_name: Set(None),
        return_reason: Set(None),
        self_points: Set(None),
        self_maximum: Set(None),
        revision: Set(1),
        updated_at: Set(tx.now()),
        ..new_row(tx)
    }
}

/// Draft → self-assessment: units may write from now on.
pub async fn open(tx: &Tx, id: PeriodId) -> Result<()> {
    tx.allow(Action::ManagePeriod, Subject::Tenant)?;
    let period = find(tx, id).await?;
    if is_over(period.self_deadline, tx.now()) {
        return Err(Error::Conflict("Hạn tự đánh giá đã qua; hãy đặt lại hạn trước khi mở kỳ.".into()));
    }
    move_to(tx, &period, Stage::Draft, Stage::SelfAssessment).await?;
    let sheets = tx.scoped::<assessments::Entity>().filter(assessments::Column::PeriodId.eq(id));
    for sheet in sheets.all(tx.conn()).await? {
        tell_unit(tx, (&sheet, &period), Kind::Opened, &[]).await?;
    }
    Ok(())
}

/// Tells a unit something about its sheet: the period and the unit are always named.
pub(crate) async fn tell_unit(
    tx: &Tx,
    (sheet, period): (&assessments::Model, &periods::Model),
    kind: Kind,
    more: &[(&str, String)],
) -> Result<()> {
    let named = [("period", period.name.clone()), ("unit", sheet.unit_name.clone())];
    let detail: Vec<(&str, String)> = named.into_iter().chain(more.iter().cloned()).collect();
    let link = format!("/lam-viec/phieu/{}", sheet.id);
    tell(tx, To::Unit(sheet.unit_id), News { kind, link, detail: &detail, occasion: None }).await
}

/// Self-assessment → appraisal. Sheets not sent by now are marked so, but for units that were given more time; the council
/// may still score them.
pub async fn start_appraisal(tx: &Tx, id: PeriodId) -> Result<()> {
    tx.allow(Action::ManagePeriod, Subject::Tenant)?;
    let period = find(tx, id).await?;
    council::require_complete(tx, id).await?;
    move_to(tx, &period, Stage::SelfAssessment, Stage::Appraisal).await?;
    tx.update_many::<assessments::Entity>()
        .col_expr(assessments::Column::State, Expr::value(SheetState::NotSubmitted.as_str()))
        .col_expr(assessments::Column::UpdatedAt, Expr::value(tx.now()))
        .filter(assessments::Column::PeriodId.eq(id))
        .filter(assessments::Column::State.ne(SheetState::Submitted.as_str()))
        .filter(out_of_time(tx))
        .exec(tx.conn())
        .await?;
    leave_out_unsubmitted(tx, &period).await?;
    ranking::refresh(tx, id).await
}

/// Sheets of units without time of their own beyond this moment.
fn out_of_time(tx: &Tx) -> Condition {
    use assessments::Column;
    // The last second counts in full.
    Condition::any().add(Column::ExtendedTo.is_null()).add(Column::ExtendedTo.lte(tx.now() - Duration::SECOND))
}

/// Marks a sheet whose unit let its own time run out as not sent, as the council takes it up.
pub(crate) async fn lapse(tx: &Tx, sheet: &assessments::Model, period: &periods::Model) -> Result<()> {
    tx.update_many::<assessments::Entity>()
        .col_expr(assessments::Column::State, Expr::value(SheetState::NotSubmitted.as_str()))
        .col_expr(assessments::Column::UpdatedAt, Expr::value(tx.now()))
        .filter(assessments::Column::Id.eq(sheet.id))
        .filter(assessments::Column::SubmittedAt.is_null())
        .exec(tx.conn())
        .await?;
    leave_out_unsubmitted(tx, period).await
}

/// Moves the stage and records it. `Err(Conflict)` when the period stands elsewhere, `Err(Stale)` when it just moved.
pub(crate) async fn move_to(tx: &Tx, period: &periods::Model, from: Stage, to: Stage) -> Result<()> {
    if period.stage != from.as_str() {
        return Err(Error::Conflict("Kỳ đánh giá không ở giai đoạn phù hợp cho việc này.".into()));
    }
    // Nothing is scored before units may write: a draft opens under the engine of the day.
    let engine = if to == Stage::SelfAssessment { ENGINE_VERSION } else { period.engine.as_str() };
    let written = tx
        .update_many::<periods::Entity>()
        .col_expr(periods::Column::Stage, Expr::value(to.as_str()))
        .col_expr(periods::Column::Engine, Expr::value(engine))
        .col_expr(periods::Column::Revision, Expr::value(period.revision + 1))
        .filter(periods::Column::Id.eq(period.id))
        .filter(periods::Column::Revision.eq(period.revision))
        .exec(tx.conn())
        .await?;
    if written.rows_affected == 0 {
        return Err(Error::Stale);
    }
    let detail = json!({ "from": from, "to": to });
    audit::record(tx, Event { action: "period.stage", subject: ("period", period.id.to_string()), detail }).await
}

/// Moves the deadlines of a period for every unit, with a reason; before the appraisal only. Units hear of it at once, and
/// reminders follow the new day.
pub async fn reschedule(tx: &Tx, id: PeriodId, to: &Deadlines, reason: &str) -> Result<()> {
    tx.allow(Action::ManagePeriod, Subject::Tenant)?;
    let period = find(tx, id).await?;
    if period.stage()? > Stage::SelfAssessment {
        return Err(Error::Conflict("Chỉ đổi hạn trước giai đoạn thẩm định.".into()));
    }
    let mut problems = Vec::new();
    if to.self_deadline <= tx.now() {
        problems.push(Problem::new("self_deadline", "Hạn tự đánh giá đã qua; hãy chọn một ngày trong tương lai."));
    }
    if period.self_from.is_some_and(|from| to.self_deadline <= from) {
        let told = "Hạn tự đánh giá phải sau ngày bắt đầu tự đánh giá; đổi ngày bắt đầu ở Kế hoạch của kỳ.";
        problems.push(Problem::new("self_deadline", told));
    }
    check_deadlines(&mut problems, period.dates(tx), (to.self_deadline, to.publish_deadline));
    if reason.trim().is_empty() {
        problems.push(Problem::new("reason", "Hãy ghi lý do đổi hạn."));
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let written = tx
        .update_many::<periods::Entity>()
        .col_expr(periods::Column::SelfDeadline, Expr::value(to.self_deadline))
        .col_expr(periods::Column::PublishDeadline, Expr::value(to.publish_deadline))
        .col_expr(periods::Column::Revision, Expr::value(period.revision + 1))
        .filter(periods::Column::Id.eq(id))
        .filter(periods::Column::Revision.eq(period.revision))
        .exec(tx.conn())
        .await?;
    if written.rows_affected == 0 {
        return Err(Error::Stale);
    }
    if period.stage()? == Stage::SelfAssessment && period.self_deadline != to.self_deadline {
        let told = [("due", crate::wall_clock(to.self_deadline)), ("reason", reason.trim().to_owned())];
        let sheets = tx.scoped::<assessments::Entity>().filter(assessments::Column::PeriodId.eq(id));
        for sheet in sheets.all(tx.conn()).await? {
            tell_unit(tx, (&sheet, &period), Kind::Moved, &told).await?;
        }
    }
    let detail = json!({
        "self": to.self_deadline.to_string(), "publish": to.publish_deadline.to_string(), "reason": reason.trim(),
    });
    audit::record(tx, Event { action: "period.reschedule", subject: ("period", id.to_string()), detail }).await
}

pub(crate) async fn find(tx: &Tx, id: PeriodId) -> Result<periods::Model> {
    let found = tx.scoped::<periods::Entity>().filter(periods::Column::Id.eq(id)).one(tx.conn()).await?;
    found.ok_or(Error::NotFound)
}

pub(crate) async fn find_sheet(tx: &Tx, id: AssessmentId) -> Result<(assessments::Model, periods::Model)> {
    let found = tx.scoped::<assessments::Entity>().filter(assessments::Column::Id.eq(id)).one(tx.conn()).await?;
    let sheet = found.ok_or(Error::NotFound)?;
    let period = find(tx, sheet.period_id).await?;
    Ok((sheet, period))
}

/// The sheet as the permission table sees it.
pub(crate) fn subject(sheet: &assessments::Model, period: &periods::Model) -> Subject {
    let managing = period.managing_unit_id.is_some_and(|unit: UnitId| unit == sheet.unit_id);
    Subject::Sheet { unit: sheet.unit_id, managing }
}

impl periods::Model {
    /// The days its acts are measured by, but for those of its council.
    pub(crate) fn dates(&self, tx: &Tx) -> legal::Year {
        let publish_by = Some(self.publish_deadline.to_offset(crate::VIETNAM).date());
        legal::Year { year: self.year, today: today(tx), publish_by, council: None, submitted: self.submitted_on }
    }

    pub(crate) fn stage(&self) -> Result<Stage> {
        Stage::parse(&self.stage).ok_or_else(|| Error::internal(format!("unknown stage {}", self.stage)))
    }

    /// The engine that calculates its scores.
    pub(crate) fn engine(&self) -> Result<Version> {
        Version::parse(&self.engine).ok_or_else(|| Error::internal(format!("unknown engine {}", self.engine)))
    }

    pub(crate) fn head(&self) -> Result<PeriodHead> {
        Ok(PeriodHead {
            id: self.id,
            year: self.year,
            name: self.name.clone(),
            stage: self.stage()?,
            self_deadline: self.self_deadline,
            publish_deadline: self.publish_deadline,
            is_sample: self.is_sample,
            petition_until: self.petition_until,
            self_from: self.self_from,
            appraise_until: self.appraise_until,
            conclude_until: self.conclude_until,
            submit_until: self.submit_until,
            guidance: self.guidance_name.clone(),
            submitted_on: self.submitted_on,
            submitted_number: self.submitted_number.clone(),
            settings: self.settings(),
        })
    }
}
