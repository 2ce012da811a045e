//! Moments and days as they are said: one country, one clock on the wall.

use time::{Date, OffsetDateTime, Time, UtcOffset};

/// The clock on the wall of every Vietnamese office; the country has one time zone and no summer time.
pub const VIETNAM: UtcOffset = match UtcOffset::from_hms(7, 0, 0) {
    Ok(offset) => offset,
    Err(_) => UtcOffset::UTC,
};

const LAST: Time = match Time::from_hms(23, 59, 59) {
    Ok(last) => last,
    Err(_) => Time::MIDNIGHT,
};

/// The day it is in Viet Nam.
pub fn day(at: OffsetDateTime) -> Date {
    at.to_offset(VIETNAM).date()
}

/// Midnight, with which a day begins.
pub fn first_second(day: Date) -> OffsetDateTime {
    day.with_time(Time::MIDNIGHT).assume_offset(VIETNAM)
}

/// What a limit given as a day means.
pub fn last_second(day: Date) -> OffsetDateTime {
    day.with_time(LAST).assume_offset(VIETNAM)
}

/// "30/01/2026 23:59", as notices say a moment.
pub fn wall_clock(at: OffsetDateTime) -> String {
    let local = at.to_offset(VIETNAM);
    format!("{} {:02}:{:02}", wall_day(local.date()), local.hour(), local.minute())
}

/// "30/01/2026".
pub fn wall_day(day: Date) -> String {
    format!("{:02}/{:02}/{}", day.day(), u8::from(day.month()), day.year())
}
