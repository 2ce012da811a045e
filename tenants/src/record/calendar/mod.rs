//! Working days: Monday to Friday, without the days off an authority has named. What somebody has to do by a day is never
//! asked for on a day nobody works.

use std::collections::BTreeMap;

use time::{Date, Duration, Weekday};

/// Longest run of days off looked over in search of a working day.
const LONGEST: u16 = 366;

/// An authority's days off, by day, with their names ("Tết Nguyên đán").
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    pub off: BTreeMap<Date, String>,
}

impl Calendar {
    pub fn is_working(&self, day: Date) -> bool {
        !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) && !self.off.contains_key(&day)
    }

    /// The day itself, or the next one somebody works on.
    pub fn working(&self, day: Date) -> Date {
        let later = (0..LONGEST).map(|count| day.saturating_add(Duration::days(count.into())));
        later.into_iter().find(|later| self.is_working(*later)).unwrap_or(day)
    }

    /// So many working days after a day.
    pub fn after(&self, day: Date, count: u16) -> Date {
        (0..count).fold(day, |day, _| self.working(day.saturating_add(Duration::DAY)))
    }
}

#[cfg(feature = "store")]
pub(crate) mod legal;
#[cfg(feature = "store")]
mod store;
#[cfg(feature = "store")]
pub(crate) use store::refuse_day_off;
#[cfg(feature = "store")]
pub use store::{add, calendar, remove};

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn days_off_are_passed_over() {
        let tet = [date!(2026 - 02 - 16), date!(2026 - 02 - 17), date!(2026 - 02 - 18)];
        let calendar = Calendar { off: tet.map(|day| (day, "Tết".to_owned())).into() };
        assert!(calendar.is_working(date!(2026 - 02 - 13)) && !calendar.is_working(date!(2026 - 02 - 14)));
        assert_eq!(calendar.working(date!(2026 - 02 - 14)), date!(2026 - 02 - 19), "a weekend, then Tết");
        assert_eq!(calendar.after(date!(2026 - 02 - 13), 2), date!(2026 - 02 - 20));
        assert_eq!(calendar.after(date!(2026 - 02 - 13), 0), date!(2026 - 02 - 13));
    }
}
