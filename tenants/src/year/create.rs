//! A year created with its units enrolled, opened, appraised, its deadlines moved. Concluding is the council's, publishing the publisher's.

use std::collections::HashMap;

use engine::ENGINE_VERSION;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter};
use serde_json::json;
use time::{Date, OffsetDateTime};

use super::{Deadlines, NewGroup, NewPeriod};
use crate::audit::{self, Event};
use crate::calendar::legal;
use crate::clock;
use crate::ids::{AssessmentId, GroupId, PeriodId};
use crate::notices::Kind;
use crate::periods::{Settings, Stage, find, is_over, move_to, today};
use crate::policy::{Action, Subject};
use crate::sheets::{SheetState, leave_out_unsubmitted, out_of_time, tell_unit};
use crate::store::entities::{assessments, periods, ranking_groups};
use crate::store::{Tx, new_row};
use crate::units::{self, UnitHead};
use crate::{Error, Problem, Result, indicator_sets, ranking, seats};

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
    let day = |at: OffsetDateTime| clock::day(at);
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

/// Self-assessment → appraisal. Sheets not sent by now are marked so, but for units that were given more time; the council
/// may still score them.
pub async fn start_appraisal(tx: &Tx, id: PeriodId) -> Result<()> {
    tx.allow(Action::ManagePeriod, Subject::Tenant)?;
    let period = find(tx, id).await?;
    seats::require_complete(tx, id).await?;
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
        let told = [("due", clock::wall_clock(to.self_deadline)), ("reason", reason.trim().to_owned())];
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
