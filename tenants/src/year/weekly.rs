//! The weekly list for those who run the year: how far a period is, and how much is late. It goes out on the first working
//! day of a week, once; its link leads to the board, where every name stands.

use sea_orm::{ColumnTrait, QueryFilter};
use time::{Date, Duration, OffsetDateTime, Time};

use super::remind::told;
use crate::appraisal::open_rows;
use crate::calendar::{self, Calendar};
use crate::caller::Role;
use crate::decisions::petitions;
use crate::notices::{Kind, News, To, tell};
use crate::periods::{Stage, timeline};
use crate::seats::{self, SeatKind};
use crate::sheets::SheetState;
use crate::store::Tx;
use crate::store::entities::{assessments, periods};
use crate::{Result, clock, paths};

/// Tells the manager, the chair and the secretary of every running period that wants it, where the week has begun and they have not been told.
pub(super) async fn list(tx: &Tx) -> Result<()> {
    let running = [Stage::SelfAssessment, Stage::Appraisal, Stage::Concluded].map(Stage::as_str);
    let wanted = tx.scoped::<periods::Entity>().filter(periods::Column::Stage.is_in(running));
    let wanted = wanted.filter(periods::Column::WeeklyList.eq(true)).all(tx.conn()).await?;
    if wanted.is_empty() {
        return Ok(());
    }
    let Some(monday) = begun(&calendar::calendar(tx).await?, tx.now()) else { return Ok(()) };
    let occasion = |period: &periods::Model| format!("week:{}:{monday}", period.id);
    let known = told(tx, wanted.iter().map(occasion).collect()).await?;
    for period in wanted.iter().filter(|period| !known.contains(&occasion(period))) {
        let detail = detail(tx, period).await?;
        let news = || News {
            kind: Kind::Weekly,
            link: paths::year(period.id),
            detail: &detail,
            occasion: Some(occasion(period)),
        };
        tell(tx, To::Role(Role::PeriodManager), news()).await?;
        seats::tell_seated(tx, period.id, &[SeatKind::Chair, SeatKind::Secretary], news()).await?;
    }
    Ok(())
}

/// The Monday of the week, once its first working day has come and it is seven o'clock.
fn begun(calendar: &Calendar, now: OffsetDateTime) -> Option<Date> {
    let local = now.to_offset(clock::VIETNAM);
    let monday = local.date() - Duration::days(local.weekday().number_days_from_monday().into());
    let first = calendar.working(monday);
    let seven = Time::from_hms(7, 0, 0).unwrap_or(Time::MIDNIGHT);
    (local >= first.with_time(seven).assume_offset(clock::VIETNAM) && first < monday + Duration::WEEK).then_some(monday)
}

/// What the list says, in figures; which of them matter depends on the stage.
async fn detail(tx: &Tx, period: &periods::Model) -> Result<Vec<(&'static str, String)>> {
    let sheets = tx.scoped::<assessments::Entity>().filter(assessments::Column::PeriodId.eq(period.id));
    let sheets = sheets.all(tx.conn()).await?;
    let sent = sheets.iter().filter(|sheet| sheet.submitted_at.is_some()).count();
    let mut idle = 0;
    for sheet in &sheets {
        idle += usize::from(sheet.state()? == SheetState::NotStarted);
    }
    let (mut open, mut waiting) = (0, 0);
    if period.stage()? == Stage::Appraisal {
        open = open_rows(tx, period.id).await?.iter().map(|(_, count)| count).sum();
        waiting = petitions::unanswered(tx, period.id).await?;
    }
    let late = timeline(&period.head()?, tx.now()).iter().filter(|step| step.late).count();
    Ok(vec![
        ("period", period.name.clone()),
        ("stage", period.stage.clone()),
        ("units", sheets.len().to_string()),
        ("sent", sent.to_string()),
        ("idle", idle.to_string()),
        ("open", open.to_string()),
        ("petitions", waiting.to_string()),
        ("late", if late == 0 { "none".into() } else { late.to_string() }),
        ("due", clock::wall_clock(period.self_deadline)),
    ])
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime};

    use super::*;

    #[test]
    fn the_list_waits_for_the_first_working_day_of_the_week() {
        let plain = Calendar::default();
        assert_eq!(begun(&plain, datetime!(2026-01-12 06:59:59 +7)), None, "Monday, before seven");
        assert_eq!(begun(&plain, datetime!(2026-01-12 07:00 +7)), Some(date!(2026 - 01 - 12)));
        assert_eq!(begun(&plain, datetime!(2026-01-18 23:00 +7)), Some(date!(2026 - 01 - 12)), "Sunday of that week");
        let off = Calendar { off: [(date!(2026 - 01 - 12), "Nghỉ bù".to_owned())].into() };
        assert_eq!(begun(&off, datetime!(2026-01-12 09:00 +7)), None);
        assert_eq!(begun(&off, datetime!(2026-01-13 07:00 +7)), Some(date!(2026 - 01 - 12)));
        let tet = [16, 17, 18, 19, 20].map(|day| date!(2026 - 02 - 01).replace_day(day));
        let tet = Calendar { off: tet.into_iter().flatten().map(|day| (day, "Tết".to_owned())).collect() };
        assert_eq!(begun(&tet, datetime!(2026-02-21 09:00 +7)), None, "a week nobody works");
    }
}
