//! Days as people type them.

use tenants::{Error, Problem};
use time::{Date, Month};

use crate::text::t;

/// A day as `<input type="date">` sends it, or as people here write it: 2025-12-31, 31/12/2025, 31-12-2025, 31.12.2025.
pub fn day_of(text: &str) -> Option<Date> {
    let parts: Vec<&str> = text.split(['-', '/', '.']).map(str::trim).collect();
    let [first, month, last] = parts.as_slice() else { return None };
    let (year, day) = if first.len() == 4 { (first, last) } else { (last, first) };
    let number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse::<u16>().ok())?;
    let (year, month, day) = (number(year).filter(|year| *year > 999)?, number(month)?, number(day)?);
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    Date::from_calendar_date(i32::from(year), month, u8::try_from(day).ok()?).ok()
}

/// A day that may be left out. `Err(Invalid)` for what is no day: it is never dropped in silence.
pub fn optional_day(field: &str, text: &str) -> tenants::Result<Option<Date>> {
    let day = day_of(text);
    if day.is_none() && !text.trim().is_empty() {
        return Err(Error::Invalid(vec![Problem::new(field, &t("period-bad-date"))]));
    }
    Ok(day)
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn days_are_read_as_browsers_send_and_people_write_them() {
        for text in ["2025-12-31", "31/12/2025", " 31/12/2025 ", "31-12-2025", "31.12.2025", "31 / 12 / 2025"] {
            assert_eq!(day_of(text), Some(date!(2025 - 12 - 31)), "{text}");
        }
        assert_eq!(day_of("1/2/2025"), Some(date!(2025 - 02 - 01)));
        for text in
            ["", "31/13/2025", "30/02/2025", "12/31/2025", "31/12/25", "+1/2/2025", "2025", "a/b/c", "1/2/2025/3"]
        {
            assert_eq!(day_of(text), None, "{text}");
        }
        assert_eq!(optional_day("on", " ").ok(), Some(None));
        assert!(optional_day("on", "31/13/2025").is_err());
    }
}
