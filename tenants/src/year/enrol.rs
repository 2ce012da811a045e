//! Which units take part in a period. A draft is arranged freely; once it is open, units may join and may stop or start
//! being ranked, and nobody's work is taken away.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

use super::create::enrolled;
use super::{EnrolledUnit, Enrolment, Place};
use crate::audit::{self, Event};
use crate::ids::{AssessmentId, PeriodId, UnitId};
use crate::notices::Kind;
use crate::periods::{Stage, find};
use crate::policy::{Action, Subject};
use crate::sheets::tell_unit;
use crate::store::Tx;
use crate::store::entities::{
    assessment_facts, assessment_rows, assessments, council_seats, duties, periods, ranking_groups, row_clerks,
};
use crate::{Error, Problem, Result, units};

/// Every unit of the authority and its place in the period.
pub async fn enrolment(tx: &Tx, id: PeriodId) -> Result<Enrolment> {
    tx.allow(Action::ManagePeriod, Subject::Tenant)?;
    let period = find(tx, id).await?.head()?;
    let places = places(tx, id).await?;
    let unit =
        |unit: units::UnitHead| EnrolledUnit { place: places.get(&unit.id).copied(), unit: unit.id, name: unit.name };
    let units = units::list(tx).await?.into_iter().map(unit).collect();
    let groups = groups(tx, id).await?.into_iter().map(|group| (group.id, group.name)).collect();
    Ok(Enrolment { period, groups, units })
}

/// Gives units their places. Units not named keep theirs; `None` takes a unit out, in a draft only. `Err(Invalid)` names
/// the units or groups to mend; `Err(Conflict)` once the council is at work.
pub async fn enrol(tx: &Tx, id: PeriodId, wanted: &BTreeMap<UnitId, Option<Place>>) -> Result<()> {
    tx.allow(Action::ManagePeriod, Subject::Tenant)?;
    let period = find(tx, id).await?;
    let stage = period.stage()?;
    if stage > Stage::SelfAssessment {
        return Err(Error::Conflict("Kỳ đã sang thẩm định; danh sách đơn vị không đổi được nữa.".into()));
    }
    let (known, was, groups) = (units::list(tx).await?, places(tx, id).await?, groups(tx, id).await?);
    let after = arrange(&was, wanted);
    let is_group = |place: &Place| groups.iter().any(|group| group.id == place.group);
    if !wanted.keys().all(|unit| known.iter().any(|known| known.id == *unit)) || !after.values().all(is_group) {
        return Err(Error::NotFound);
    }
    let moved = moved(&was, &after);
    let mut problems = Vec::new();
    for unit in moved.iter().filter(|_| stage > Stage::Draft) {
        if was.get(unit).map(|place| place.group) == after.get(unit).map(|place| place.group) || !was.contains_key(unit)
        {
            continue;
        }
        let name = known.iter().find(|known| known.id == *unit).map_or("", |known| known.name.as_str());
        let told = format!("Kỳ đã mở: “{name}” không rút ra hoặc chuyển nhóm được; có thể bỏ xếp hạng.");
        problems.push(Problem::new(&unit.to_string(), &told));
    }
    for group in groups.iter().filter(|group| !after.values().any(|place| place.group == group.id)) {
        problems.push(Problem::new("groups", &format!("Nhóm “{}” chưa có đơn vị nào.", group.name)));
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    if moved.is_empty() {
        return Ok(());
    }
    for unit in &moved {
        let head = known.iter().find(|known| known.id == *unit).ok_or(Error::NotFound)?;
        write(tx, &period, head, was.get(unit), after.get(unit)).await?;
    }
    let name = |unit: &UnitId| known.iter().find(|known| known.id == *unit).map(|known| known.name.clone());
    let changes: BTreeMap<_, _> = moved.iter().filter_map(|unit| Some((name(unit)?, after.get(unit)))).collect();
    let detail = json!({ "units": changes });
    audit::record(tx, Event { action: "period.enrol", subject: ("period", id.to_string()), detail }).await
}

fn arrange(was: &BTreeMap<UnitId, Place>, wanted: &BTreeMap<UnitId, Option<Place>>) -> BTreeMap<UnitId, Place> {
    let mut after = was.clone();
    for (unit, place) in wanted {
        match place {
            Some(place) => after.insert(*unit, *place),
            None => after.remove(unit),
        };
    }
    after
}

fn moved(was: &BTreeMap<UnitId, Place>, after: &BTreeMap<UnitId, Place>) -> BTreeSet<UnitId> {
    was.keys().chain(after.keys()).filter(|unit| was.get(unit) != after.get(unit)).copied().collect()
}

async fn write(
    tx: &Tx,
    period: &periods::Model,
    unit: &units::UnitHead,
    was: Option<&Place>,
    now: Option<&Place>,
) -> Result<()> {
    use assessments::Column;
    match (was, now) {
        (None, Some(place)) => {
            let mut row = enrolled(tx, period.id, place.group, unit);
            row.ranked = sea_orm::ActiveValue::Set(place.ranked);
            tx.insert(row).await?;
            if period.stage()? > Stage::Draft {
                let joined = tx.scoped::<assessments::Entity>().filter(Column::PeriodId.eq(period.id));
                let joined = joined.filter(Column::UnitId.eq(unit.id)).one(tx.conn()).await?.ok_or(Error::NotFound)?;
                tell_unit(tx, (&joined, period), Kind::Opened, &[]).await?;
            }
            Ok(())
        }
        (Some(was), Some(place)) => {
            if was.group != place.group {
                // Another set: what was marked as not assessed belonged to the old one.
                empty(tx, period.id, Some(unit.id)).await?;
            }
            tx.update_many::<assessments::Entity>()
                .col_expr(Column::GroupId, Expr::value(place.group))
                .col_expr(Column::Ranked, Expr::value(place.ranked))
                .filter(Column::PeriodId.eq(period.id))
                .filter(Column::UnitId.eq(unit.id))
                .exec(tx.conn())
                .await?;
            Ok(())
        }
        (_, None) => {
            let gone = empty(tx, period.id, Some(unit.id)).await?;
            gone.iter().for_each(|sheet| tx.no_longer_vouch::<assessments::Entity>(&[&sheet.to_string()]));
            let out = tx.delete_many::<assessments::Entity>().filter(Column::PeriodId.eq(period.id));
            out.filter(Column::UnitId.eq(unit.id)).exec(tx.conn()).await?;
            Ok(())
        }
    }
}

/// Takes what a draft's sheets hold: rows marked as not assessed, and who of the unit is to fill them in. One unit's, or all;
/// answers which sheets these are.
async fn empty(tx: &Tx, period: PeriodId, unit: Option<UnitId>) -> Result<Vec<AssessmentId>> {
    let sheets =
        tx.scoped::<assessments::Entity>().filter(assessments::Column::PeriodId.eq(period)).all(tx.conn()).await?;
    let mine = sheets.iter().filter(|sheet| unit.is_none_or(|unit| sheet.unit_id == unit));
    let ids: Vec<AssessmentId> = mine.map(|sheet| sheet.id).collect();
    for sheet in ids.iter().map(ToString::to_string) {
        tx.no_longer_vouch::<assessment_rows::Entity>(&[&sheet]);
        tx.no_longer_vouch::<assessment_facts::Entity>(&[&sheet]);
    }
    let rows = assessment_rows::Column::AssessmentId.is_in(ids.iter().copied());
    tx.delete_many::<assessment_rows::Entity>().filter(rows).exec(tx.conn()).await?;
    let facts = assessment_facts::Column::AssessmentId.is_in(ids.iter().copied());
    tx.delete_many::<assessment_facts::Entity>().filter(facts).exec(tx.conn()).await?;
    let clerks = row_clerks::Column::AssessmentId.is_in(ids.iter().copied());
    tx.delete_vouched(tx.delete_many::<row_clerks::Entity>().filter(clerks)).await?;
    Ok(ids)
}

/// Removes a draft: nobody has worked in it. What the log says of it stays. `Err(Conflict)` once it is open.
pub async fn discard(tx: &Tx, id: PeriodId) -> Result<()> {
    tx.allow(Action::ManagePeriod, Subject::Tenant)?;
    let period = find(tx, id).await?;
    if period.stage()? != Stage::Draft {
        return Err(Error::Conflict("Chỉ xóa được kỳ chưa mở.".into()));
    }
    let gone = empty(tx, id, None).await?;
    gone.iter().for_each(|sheet| tx.no_longer_vouch::<assessments::Entity>(&[&sheet.to_string()]));
    tx.no_longer_vouch::<periods::Entity>(&[&id.to_string()]);
    tx.delete_vouched(tx.delete_many::<duties::Entity>().filter(duties::Column::PeriodId.eq(id))).await?;
    let seats =
        tx.scoped::<council_seats::Entity>().filter(council_seats::Column::PeriodId.eq(id)).all(tx.conn()).await?;
    seats.iter().for_each(|seat| tx.no_longer_vouch::<council_seats::Entity>(&[&seat.id.to_string()]));
    tx.delete_many::<council_seats::Entity>().filter(council_seats::Column::PeriodId.eq(id)).exec(tx.conn()).await?;
    let sheets = tx.delete_many::<assessments::Entity>().filter(assessments::Column::PeriodId.eq(id));
    sheets.exec(tx.conn()).await?;
    let groups = tx.delete_many::<ranking_groups::Entity>().filter(ranking_groups::Column::PeriodId.eq(id));
    tx.delete_vouched(groups).await?;
    tx.delete_many::<periods::Entity>().filter(periods::Column::Id.eq(id)).exec(tx.conn()).await?;
    let detail = json!({ "year": period.year, "name": period.name });
    audit::record(tx, Event { action: "period.discard", subject: ("period", id.to_string()), detail }).await
}

async fn places(tx: &Tx, id: PeriodId) -> Result<BTreeMap<UnitId, Place>> {
    let sheets = tx.scoped::<assessments::Entity>().filter(assessments::Column::PeriodId.eq(id));
    let place = |sheet: assessments::Model| (sheet.unit_id, Place { group: sheet.group_id, ranked: sheet.ranked });
    Ok(sheets.all(tx.conn()).await?.into_iter().map(place).collect())
}

async fn groups(tx: &Tx, id: PeriodId) -> Result<Vec<ranking_groups::Model>> {
    let of_period = tx.scoped::<ranking_groups::Entity>().filter(ranking_groups::Column::PeriodId.eq(id));
    Ok(of_period.order_by_asc(ranking_groups::Column::Position).all(tx.conn()).await?)
}
