//! Keeping the days off.

use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter};
use serde_json::json;
use time::{Date, OffsetDateTime};

use super::Calendar;
use crate::audit::{self, Event};
use crate::clock;
use crate::policy::{Action, Subject};
use crate::store::entities::days_off;
use crate::store::{Tx, new_row};
use crate::{Error, Problem, Result};

/// The authority's calendar. Anybody who works there may know it.
pub async fn calendar(tx: &Tx) -> Result<Calendar> {
    let all = tx.scoped::<days_off::Entity>().all(tx.conn()).await?;
    Ok(Calendar { off: all.into_iter().map(|off| (off.day, off.name)).collect() })
}

/// Names a day nobody works. `Err(Invalid)` for a day that has its name already: it is taken off first.
pub async fn add(tx: &Tx, day: Date, name: &str) -> Result<()> {
    tx.allow(Action::ManagePeriod, Subject::Tenant)?;
    let length = name.trim().chars().count();
    if length == 0 || length > 200 {
        return Err(Error::Invalid(vec![Problem::new("day_name", "Hãy ghi tên ngày nghỉ, tối đa 200 ký tự.")]));
    }
    let row = days_off::ActiveModel { day: Set(day), name: Set(name.trim().into()), ..new_row(tx) };
    let known = tx.scoped::<days_off::Entity>().filter(days_off::Column::Day.eq(day)).one(tx.conn()).await?;
    if let Some(known) = known {
        let told = format!("Ngày này đã là ngày nghỉ ({}); gỡ ra trước nếu muốn đổi tên.", known.name);
        return Err(Error::Invalid(vec![Problem::new("day", &told)]));
    }
    tx.insert(row).await?;
    record(tx, "calendar.add", json!({ "day": day.to_string(), "name": name.trim() })).await
}

pub async fn remove(tx: &Tx, day: Date) -> Result<()> {
    tx.allow(Action::ManagePeriod, Subject::Tenant)?;
    if tx.delete_vouched(tx.delete_many::<days_off::Entity>().filter(days_off::Column::Day.eq(day))).await? == 0 {
        return Err(Error::NotFound);
    }
    record(tx, "calendar.remove", json!({ "day": day.to_string() })).await
}

async fn record(tx: &Tx, action: &'static str, detail: serde_json::Value) -> Result<()> {
    audit::record(tx, Event { action, subject: ("tenant", tx.tenant().to_string()), detail }).await
}

/// `Err(Invalid)` naming the next working day where `until` falls on a day nobody works.
pub(crate) async fn refuse_day_off(tx: &Tx, field: &str, until: OffsetDateTime) -> Result<()> {
    let (calendar, day) = (calendar(tx).await?, clock::day(until));
    if calendar.is_working(day) {
        return Ok(());
    }
    let next = calendar.working(day);
    let told = format!("{} là ngày nghỉ; ngày làm việc tiếp theo là {}.", clock::wall_day(day), clock::wall_day(next));
    Err(Error::Invalid(vec![Problem::new(field, &told)]))
}
