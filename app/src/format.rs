//! Figures, dates and times as Vietnamese people write them: 1.234,5 · 91,18% · 30/01/2026 21:04.

use engine::number;
use rust_decimal::Decimal;
use time::{Date, OffsetDateTime};

pub use tenants::clock::VIETNAM as HANOI;

/// With a fixed number of decimal places: 298,40.
pub fn points(value: Decimal, places: u32) -> String {
    number::format(value, places)
}

/// Points of what can be had: 294,92/340. `None` is the dash that stands for "not yet".
pub fn of_maximum(points: Option<Decimal>, maximum: Decimal) -> String {
    let shown = points.map_or_else(|| "–".to_owned(), |points| self::points(points, points.scale()));
    format!("{shown}/{}", number::trim(maximum))
}

/// A percentage with its sign: 91,18%. `None` is the dash that stands for "not yet".
pub fn percent(value: Option<Decimal>, places: u32) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{}%", number::format(value, places)))
}

/// A difference with its sign, true minus included: +2,04 · −0,35.
pub fn difference(value: Decimal, places: u32) -> String {
    let sign = if value.is_sign_negative() && !value.is_zero() { "−" } else { "+" };
    format!("{sign}{}", number::format(value.abs(), places))
}

/// A whole count: 1.234.
pub fn count(value: i64) -> String {
    number::format(Decimal::from(value), 0)
}

/// 30/01/2026
pub fn date(date: Date) -> String {
    format!("{:02}/{:02}/{}", date.day(), u8::from(date.month()), date.year())
}

/// The day in Viet Nam: 30/01/2026.
pub fn day(moment: OffsetDateTime) -> String {
    date(day_of(moment))
}

/// The day it is in Viet Nam.
pub fn day_of(moment: OffsetDateTime) -> Date {
    moment.to_offset(HANOI).date()
}

/// 30/01/2026 21:04
pub fn moment(moment: OffsetDateTime) -> String {
    format!("{} {}", day(moment), clock(moment))
}

/// 21:04
pub fn clock(moment: OffsetDateTime) -> String {
    let local = moment.to_offset(HANOI);
    format!("{:02}:{:02}", local.hour(), local.minute())
}

/// A size as file lists show it: 812 KB, 1,4 MB.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} KB", bytes / 1_000),
        _ => format!("{} MB", number::format(Decimal::new(i64::try_from(bytes / 100_000).unwrap_or(i64::MAX), 1), 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn figures_are_written_the_vietnamese_way() {
        assert_eq!(points(Decimal::new(12345, 1), 2), "1.234,50");
        assert_eq!(of_maximum(Some(Decimal::new(29492, 2)), Decimal::from(340)), "294,92/340");
        assert_eq!(of_maximum(None, Decimal::new(150, 1)), "–/15");
        assert_eq!(percent(Some(Decimal::new(9118, 2)), 2), "91,18%");
        assert_eq!(percent(None, 2), "–");
        assert_eq!(difference(Decimal::new(-35, 2), 2), "−0,35");
        assert_eq!(difference(Decimal::ZERO, 2), "+0,00");
        assert_eq!(count(11_000), "11.000");
        assert_eq!(size(1_449_000), "1,4 MB");
    }

    #[test]
    fn times_are_those_of_viet_nam() {
        assert_eq!(moment(datetime!(2026-01-30 17:30 UTC)), "31/01/2026 00:30");
    }
}
