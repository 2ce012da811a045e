//! Moments and days as they are said: one country, one clock on the wall.

use time::{Date, OffsetDateTime, UtcOffset};

/// The clock on the wall of every Vietnamese office; the country has one time zone and no summer time.
pub(crate) const VIETNAM: UtcOffset = match UtcOffset::from_hms(7, 0, 0) {
    Ok(offset) => offset,
    Err(_) => UtcOffset::UTC,
};

/// "30/01/2026 23:59", as notices say a moment.
pub(crate) fn wall_clock(at: OffsetDateTime) -> String {
    let (date, hour, minute) =
        (at.to_offset(VIETNAM).date(), at.to_offset(VIETNAM).hour(), at.to_offset(VIETNAM).minute());
    format!("{} {hour:02}:{minute:02}", wall_day(date))
}

/// "30/01/2026".
pub(crate) fn wall_day(day: Date) -> String {
    format!("{:02}/{:02}/{}", day.day(), u8::from(day.month()), day.year())
}
