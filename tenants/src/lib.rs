//! The business: who may do what, and what is stored.
//!
//! One folder per noun: `mod.rs` holds the types a page shows and the pure rules, `store.rs` the use cases.
//! Use cases are free functions that take a [`store::Tx`] first; a `Tx` exists only for a [`caller::Caller`],
//! and the tenant is read from the caller, never passed.
//! Without the feature `store` only types and pure rules remain, which the browser shares with the server.

pub mod appraisal;
pub mod assessments;
pub mod calendar;
pub mod caller;
pub mod council;
pub mod dates;
pub mod error;
pub mod evidence;
pub mod ids;
pub mod improvement;
pub mod indicator_sets;
pub mod members;
pub mod minutes;
pub mod notices;
pub mod periods;
pub mod petitions;
pub mod points;
pub mod policy;
pub mod publication;
pub mod ranking;
pub mod samples;
pub mod simulation;
pub mod tenant;
pub mod units;
#[cfg(feature = "store")]
pub mod workbook;

#[cfg(feature = "store")]
mod apart;
#[cfg(feature = "store")]
pub mod audit;
#[cfg(feature = "store")]
pub mod cache;
#[cfg(feature = "store")]
mod collation;
#[cfg(feature = "store")]
pub mod history;
#[cfg(feature = "store")]
pub mod integrity;
#[cfg(feature = "store")]
mod spreadsheet;
#[cfg(feature = "store")]
pub mod store;
#[cfg(feature = "testing")]
pub mod testing;

pub use caller::Caller;
pub use error::{Error, Problem, Result};

/// The clock on the wall of every Vietnamese office; the country has one time zone and no summer time.
#[cfg(feature = "store")]
pub(crate) const VIETNAM: time::UtcOffset = match time::UtcOffset::from_hms(7, 0, 0) {
    Ok(offset) => offset,
    Err(_) => time::UtcOffset::UTC,
};

/// "30/01/2026 23:59", as notices say a moment.
#[cfg(feature = "store")]
pub(crate) fn wall_clock(at: time::OffsetDateTime) -> String {
    let (date, hour, minute) =
        (at.to_offset(VIETNAM).date(), at.to_offset(VIETNAM).hour(), at.to_offset(VIETNAM).minute());
    format!("{} {hour:02}:{minute:02}", wall_day(date))
}

/// "30/01/2026".
#[cfg(feature = "store")]
pub(crate) fn wall_day(day: time::Date) -> String {
    format!("{:02}/{:02}/{}", day.day(), u8::from(day.month()), day.year())
}
