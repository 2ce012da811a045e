//! Reminders: thirty, seven and one day before a unit's deadline, and once it has passed.
//!
//! Nothing is planned ahead: each run looks at the deadlines as they are, so a moved deadline leaves no old reminder behind.

use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};
use std::collections::HashSet;
use time::OffsetDateTime;

use super::weekly;
use crate::notices::{Kind, News, To, tell};
use crate::periods::{Stage, is_over};
use crate::policy::{Action, Subject};
use crate::sheets::SheetState;
use crate::store::Tx;
use crate::store::entities::{assessments, notices, periods};
use crate::{Result, clock, paths};

/// Days before a deadline on which units are reminded, most urgent first.
const DAYS: [i64; 3] = [1, 7, 30];

/// Tells every unit whose deadline is near or past, once for each of the marks; and once a week those who run the year.
pub async fn remind(tx: &Tx) -> Result<()> {
    tx.allow(Action::Deliver, Subject::Tenant)?;
    let running = tx.scoped::<periods::Entity>();
    let stages = [Stage::SelfAssessment, Stage::Appraisal].map(Stage::as_str);
    let running = running.filter(periods::Column::Stage.is_in(stages)).all(tx.conn()).await?;
    for period in running {
        let sheets = tx.scoped::<assessments::Entity>().filter(assessments::Column::PeriodId.eq(period.id));
        // Once the council is at work, units with time of their own are all that is left.
        let sheets = match period.stage()? {
            Stage::Appraisal => sheets.filter(assessments::Column::ExtendedTo.is_not_null()),
            _ => sheets,
        };
        let mut due = Vec::new();
        for sheet in sheets.all(tx.conn()).await? {
            if let Some(mark) =
                mark(limit(&period, &sheet), tx.now()).filter(|_| sheet.state().is_ok_and(SheetState::is_with_unit))
            {
                due.push((occasion(&period, &sheet, mark), mark, sheet));
            }
        }
        let told = told(tx, due.iter().map(|(occasion, ..)| occasion.clone()).collect()).await?;
        for (occasion, mark, sheet) in due.into_iter().filter(|(occasion, ..)| !told.contains(occasion)) {
            remind_unit(tx, &period, &sheet, mark, occasion).await?;
        }
    }
    weekly::list(tx).await
}

fn limit(period: &periods::Model, sheet: &assessments::Model) -> OffsetDateTime {
    sheet.due(period.self_deadline)
}

fn occasion(period: &periods::Model, sheet: &assessments::Model, mark: i64) -> String {
    format!("due:{}:{}:{mark}", sheet.id, limit(period, sheet).unix_timestamp())
}

/// Which of these have been told already: a round a minute must not write what it wrote before.
pub(super) async fn told(tx: &Tx, occasions: Vec<String>) -> Result<HashSet<String>> {
    let known = tx.scoped::<notices::Entity>().filter(notices::Column::Occasion.is_in(occasions));
    let known = known.select_only().column(notices::Column::Occasion).into_tuple::<String>();
    Ok(known.all(tx.conn()).await?.into_iter().collect())
}

async fn remind_unit(
    tx: &Tx,
    period: &periods::Model,
    sheet: &assessments::Model,
    mark: i64,
    occasion: String,
) -> Result<()> {
    let kind = if mark < 0 { Kind::Overdue } else { Kind::Deadline };
    let until = clock::wall_clock(limit(period, sheet));
    let detail = [("period", period.name.clone()), ("unit", sheet.unit_name.clone()), ("due", until)];
    let link = paths::sheet(sheet.id);
    tell(tx, To::Unit(sheet.unit_id), News { kind, link, detail: &detail, occasion: Some(occasion) }).await
}

/// Which mark has been reached: days left, or −1 once the deadline has passed; `None` before the first.
fn mark(due: OffsetDateTime, now: OffsetDateTime) -> Option<i64> {
    if is_over(due, now) {
        return Some(-1);
    }
    let left = (clock::day(due) - clock::day(now)).whole_days();
    DAYS.into_iter().find(|days| left <= *days)
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn each_mark_is_reached_on_its_day() {
        let due = datetime!(2026-01-30 23:59:59 +7);
        assert_eq!(mark(due, datetime!(2025-12-30 23:00 +7)), None);
        assert_eq!(mark(due, datetime!(2025-12-31 00:00 +7)), Some(30));
        assert_eq!(mark(due, datetime!(2026-01-23 08:00 +7)), Some(7));
        assert_eq!(mark(due, datetime!(2026-01-30 23:59:59 +7)), Some(1));
        assert_eq!(mark(due, datetime!(2026-01-31 00:00 +7)), Some(-1));
    }
}
