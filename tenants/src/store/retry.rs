//! Doing again what the database gave up to let something else go on: a deadlock, a serialisation failure, a lock that did
//! not come in time. Nothing was written then, so the same work is simply begun anew (`app/src/again.rs`); work in the
//! background comes round again by itself.

use std::time::Duration;

/// How often something is tried in all.
pub const TRIES: u32 = 5;

/// How long to wait before the next attempt: longer each time, and never the same for two who met.
pub fn pause(attempt: u32) -> Duration {
    let longest = 20u64 << attempt.min(5);
    Duration::from_millis(longest / 2 + rand::random_range(0..=longest / 2))
}
