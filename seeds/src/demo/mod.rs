//! The demo province: Điện Biên's real units and tables, sample figures, one published year and one in progress.
//!
//! Everything is made through the use cases, as people would, on a clock that is moved to the right days.

mod answers;
mod district;
mod figures;
mod people;
mod province;
mod units;
mod year;

use tenants::clock::VIETNAM;
use time::{Date, Month, OffsetDateTime, Time};

use tenants::Result;
use tenants::files::blobs::BlobStore;
use tenants::indicator_sets::sandbox::WorkerCommand;
use tenants::store::{Db, operator};

pub use people::{PASSWORD, SHOWN, Shown};

/// Address of the demo province's portal.
pub const SLUG: &str = "dien-bien";

/// Loads the demo province; does nothing when it is there already. Answers whether it loaded anything.
pub async fn load(db: &Db, blobs: &BlobStore, worker: &WorkerCommand) -> Result<bool> {
    if operator::tenant_by_slug(db, SLUG).await?.is_some() {
        return Ok(false);
    }
    let loaded = load_all(db, blobs, worker).await;
    db.clock.release();
    loaded.map(|()| true)
}

async fn load_all(db: &Db, blobs: &BlobStore, worker: &WorkerCommand) -> Result<()> {
    let province = province::load(db, blobs, worker).await?;
    district::load(db, blobs, worker, province).await
}

/// A moment in Vietnam.
fn vietnam(year: i32, month: Month, day: u8, hour: u8) -> OffsetDateTime {
    let date = Date::from_calendar_date(year, month, day).unwrap_or(Date::MIN);
    let time = Time::from_hms(hour, 0, 0).unwrap_or(Time::MIDNIGHT);
    date.with_time(time).assume_offset(VIETNAM)
}
