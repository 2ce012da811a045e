//! Which days the acts of a year's assessment may carry. Every act with a date asks here; what is asked is the decision's
//! order of things (2001/QĐ-UBND IV.1): the year ends, units assess themselves until 30/01, the council is set up and sits,
//! its result goes to the People's Committee, which publishes it; what happened is not dated ahead, and nothing that waits
//! for an answer ends after the day the result is due.

use time::{Date, Month};

use crate::clock::wall_day;
use crate::{Error, Problem, Result};

/// The days a period's acts are measured by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Year {
    pub year: i32,
    pub today: Date,
    /// Last day for publishing.
    pub publish_by: Option<Date>,
    /// The first and the newest decision on the council.
    pub council: Option<(Date, Date)>,
    /// When the result went to the People's Committee.
    pub submitted: Option<Date>,
}

/// What is wrong with a day; `None` where nothing is.
pub(crate) type Wrong = Option<String>;

impl Year {
    fn first(self) -> Option<Date> {
        Date::from_calendar_date(self.year, Month::January, 1).ok()
    }

    fn last(self) -> Option<Date> {
        Date::from_calendar_date(self.year, Month::December, 31).ok()
    }

    /// The self-assessment covers the whole year, so it ends after it.
    pub fn self_deadline(self, day: Date) -> Wrong {
        let last = self.last().filter(|last| day <= *last)?;
        Some(format!("Hạn tự đánh giá phải sau ngày {}, khi năm {} đã kết thúc.", wall_day(last), self.year))
    }

    /// Units may begin within the year that is assessed, not before.
    pub fn self_from(self, day: Date) -> Wrong {
        let first = self.first().filter(|first| day < *first)?;
        Some(format!("Ngày bắt đầu tự đánh giá không thể trước ngày {}, đầu năm được đánh giá.", wall_day(first)))
    }

    /// A year that is done again from old papers may take its time; a slip of the pen does not.
    pub fn publish_deadline(self, day: Date) -> Wrong {
        let limit = Date::from_calendar_date(self.year.saturating_add(10), Month::December, 31).ok()?;
        (day > limit).then(|| format!("Hạn công bố không thể sau ngày {}; hãy xem lại năm.", wall_day(limit)))
    }

    /// A council is set up for the year, in it or after it; a later decision follows the earlier one.
    pub fn council_decision(self, day: Date) -> Wrong {
        let first = self.first().filter(|first| day < *first);
        let first = first.map(|first| {
            let (first, year) = (wall_day(first), self.year);
            format!("Quyết định thành lập Hội đồng đánh giá năm {year} không thể ban hành trước ngày {first}.")
        });
        let earlier = self.council.filter(|(_, newest)| day < *newest);
        let earlier = earlier.map(|(_, earlier)| {
            format!("Quyết định kiện toàn không thể trước quyết định đang có hiệu lực, ngày {}.", wall_day(earlier))
        });
        self.ahead("Ngày quyết định", day).or(first).or(earlier)
    }

    /// The council sits once it has been decided on.
    pub fn session(self, day: Date) -> Wrong {
        self.ahead("Ngày họp", day).or_else(|| self.before_council("Hội đồng không thể họp", day))
    }

    /// The result goes to the People's Committee after the year and after the council was decided on.
    pub fn submission(self, day: Date) -> Wrong {
        let what = "Kết quả không thể được trình";
        self.ahead("Ngày trình", day).or_else(|| self.within(what, day)).or_else(|| self.before_council(what, day))
    }

    /// The People's Committee publishes after the year, after the council was decided on and after it got the result.
    pub fn publication(self, day: Date) -> Wrong {
        let what = "Kết quả không thể được công bố";
        let submitted = self.submitted.filter(|submitted| day < *submitted);
        let submitted = submitted.map(|submitted| format!("{what} trước ngày trình, {}.", wall_day(submitted)));
        let order = self.within(what, day).or_else(|| self.before_council(what, day)).or(submitted);
        self.ahead("Ngày quyết định", day).or(order)
    }

    /// Whatever a unit is given time for (an extension, a question, a re-opening, a petition) ends before publication.
    pub fn limit(self, day: Date) -> Wrong {
        let publish_by = self.publish_by.filter(|publish_by| day > *publish_by)?;
        Some(format!("Hạn này sau hạn công bố của kỳ, ngày {}; hãy chọn ngày sớm hơn.", wall_day(publish_by)))
    }

    fn ahead(self, what: &str, day: Date) -> Wrong {
        (day > self.today).then(|| format!("{what} không thể ở tương lai."))
    }

    fn within(self, what: &str, day: Date) -> Wrong {
        let last = self.last().filter(|last| day <= *last)?;
        Some(format!("{what} trước khi năm {} kết thúc, ngày {}.", self.year, wall_day(last)))
    }

    fn before_council(self, what: &str, day: Date) -> Wrong {
        let (council, _) = self.council.filter(|(first, _)| day < *first)?;
        Some(format!("{what} trước ngày có quyết định thành lập Hội đồng, {}.", wall_day(council)))
    }
}

/// Adds what is wrong to the problems of a form.
pub(crate) fn add(problems: &mut Vec<Problem>, field: &str, wrong: Wrong) {
    problems.extend(wrong.map(|told| Problem::new(field, &told)));
}

/// The same for an act with nothing else to mend.
pub(crate) fn refuse(field: &str, wrong: Wrong) -> Result<()> {
    wrong.map_or(Ok(()), |told| Err(Error::Invalid(vec![Problem::new(field, &told)])))
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    fn year() -> Year {
        Year {
            year: 2025,
            today: date!(2026 - 03 - 20),
            publish_by: Some(date!(2026 - 03 - 31)),
            council: Some((date!(2026 - 01 - 15), date!(2026 - 02 - 01))),
            submitted: Some(date!(2026 - 03 - 10)),
        }
    }

    fn check(rule: fn(Year, Date) -> Wrong, wrong: &[Date], right: &[Date]) {
        for day in wrong {
            assert!(rule(year(), *day).is_some(), "{day} should be refused");
        }
        for day in right {
            assert_eq!(rule(year(), *day), None, "{day}");
        }
    }

    #[test]
    fn each_act_has_its_place_in_the_year() {
        check(Year::self_deadline, &[date!(2025 - 06 - 30), date!(2025 - 12 - 31)], &[date!(2026 - 01 - 01)]);
        check(Year::self_from, &[date!(2024 - 12 - 31)], &[date!(2025 - 01 - 01), date!(2026 - 01 - 02)]);
        check(Year::publish_deadline, &[date!(2206 - 03 - 31)], &[date!(2026 - 03 - 31), date!(2035 - 12 - 31)]);
        check(
            Year::council_decision,
            &[date!(2020 - 01 - 01), date!(2026 - 01 - 31), date!(2026 - 03 - 21)],
            &[date!(2026 - 02 - 01), date!(2026 - 03 - 20)],
        );
        check(Year::session, &[date!(2026 - 01 - 14), date!(2026 - 03 - 21)], &[date!(2026 - 01 - 15)]);
        check(
            Year::submission,
            &[date!(2020 - 01 - 01), date!(2025 - 12 - 31), date!(2026 - 01 - 14), date!(2026 - 03 - 21)],
            &[date!(2026 - 03 - 01)],
        );
        check(
            Year::publication,
            &[date!(2020 - 01 - 01), date!(2026 - 03 - 09), date!(2026 - 03 - 21)],
            &[date!(2026 - 03 - 10), date!(2026 - 03 - 20)],
        );
        check(Year::limit, &[date!(2026 - 04 - 01)], &[date!(2026 - 03 - 31)]);
    }

    #[test]
    fn the_first_decision_on_a_council_falls_in_its_year_or_after() {
        let first = Year { council: None, ..year() };
        assert!(first.council_decision(date!(2024 - 12 - 31)).is_some());
        assert_eq!(first.council_decision(date!(2025 - 12 - 20)), None);
    }
}
