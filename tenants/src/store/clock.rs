//! What time it is: the database's time, so that servers whose own clocks differ agree on every deadline.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use time::{Duration, OffsetDateTime};

/// The database's clock as this process knows it: its own, corrected by what the database last said. Tests stop it.
#[derive(Clone, Debug, Default)]
pub struct Clock(Arc<Mutex<Reading>>);

#[derive(Debug, Default)]
struct Reading {
    fixed: Option<OffsetDateTime>,
    /// How far the database is ahead of this process, in whole seconds: less is how long the answer took.
    ahead: Duration,
}

impl Clock {
    /// Microseconds are what both databases keep. A reading never ends in zero: SQLite
    /// keeps times as text without trailing zeros, and such texts sort by time only when all are equally long.
    pub fn now(&self) -> OffsetDateTime {
        let reading = self.reading();
        reading.fixed.unwrap_or_else(|| kept(own() + reading.ahead))
    }

    /// Stops at a moment.
    pub fn set(&self, now: OffsetDateTime) {
        self.reading().fixed = Some(now);
    }

    /// Goes on with real time.
    pub fn release(&self) {
        self.reading().fixed = None;
    }

    /// What the database has just said; answers the moment as it is kept.
    pub(super) fn told(&self, database: OffsetDateTime) -> OffsetDateTime {
        let mut reading = self.reading();
        reading.ahead = Duration::seconds((database - own()).whole_seconds());
        reading.fixed.unwrap_or_else(|| kept(database))
    }

    /// A moment of this process's own clock in the database's time.
    pub fn of_process(&self, moment: OffsetDateTime) -> OffsetDateTime {
        moment + self.reading().ahead
    }

    /// A moment of the database's time by this process's own clock.
    pub fn to_process(&self, moment: OffsetDateTime) -> OffsetDateTime {
        moment - self.reading().ahead
    }

    fn reading(&self) -> MutexGuard<'_, Reading> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// This process's own clock, which is only ever read to be corrected.
#[expect(clippy::disallowed_methods, reason = "the one place where it is corrected")]
fn own() -> OffsetDateTime {
    OffsetDateTime::now_utc()
}

fn kept(now: OffsetDateTime) -> OffsetDateTime {
    let micros = now.microsecond();
    let micros = if micros.is_multiple_of(10) { micros + 1 } else { micros };
    now.replace_microsecond(micros).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_goes_by_the_clock_of_its_database() {
        let (slow, fast) = (Clock::default(), Clock::default());
        // Both processes stand here; their database is a day ahead of the one, and of the other as far behind.
        slow.told(own() + Duration::DAY);
        fast.told(own() - Duration::DAY);
        let here = own();
        assert!((slow.now() - here - Duration::DAY).abs() < Duration::MINUTE);
        assert!((fast.now() - here + Duration::DAY).abs() < Duration::MINUTE);
        assert_eq!(slow.to_process(slow.of_process(here)), here);
    }
}
