//! How fast passwords may be guessed: failures slow down whoever makes them, by account and address together, and nobody
//! else. Nothing is locked: at a place an account is known at, the right password is always looked at.
//!
//! After the first failures each further attempt needs a turn, and turns come ever more slowly. A stranger without a turn is
//! told when to come again; somebody at a known place waits for it, which takes two seconds at the most.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;

use super::places::{Known, Place};
use super::sha256_hex;
use crate::cache::Cache;

/// Failures are remembered so long from the first.
const WINDOW: Duration = Duration::from_secs(3600);
/// Longest wait for a turn at a known place.
const LONGEST_KNOWN: Duration = Duration::from_secs(2);
/// How many may wait for their turns at one known place.
const WAITING: usize = 20;

/// What failures are counted by, and how many are free.
#[derive(Clone, Copy, Debug)]
enum Of {
    /// An account from one place.
    Pair,
    /// An account from wherever it is not known: guesses spread over many addresses.
    Account,
    /// An address for whatever account: one password tried on everybody. A whole office may stand behind it.
    Address,
}

impl Of {
    fn free(self) -> i64 {
        match self {
            Of::Pair => 5,
            Of::Account => 50,
            Of::Address => 100,
        }
    }

    /// Longest wait for a turn. The more people may be meant by it, the shorter.
    fn longest(self) -> Duration {
        Duration::from_secs(match self {
            Of::Pair => 300,
            Of::Account => 60,
            Of::Address => 10,
        })
    }
}

/// An attempt that has been counted as a failure until it is [forgiven](Attempt::forgive).
pub(super) struct Attempt {
    counted: Vec<String>,
    pair: String,
    /// Held while somebody at a known place is looked at.
    _turn: Option<tokio::sync::OwnedSemaphorePermit>,
}

/// What becomes of an attempt before its password is looked at.
pub(super) enum Turn {
    Now(Attempt),
    /// Come again after so long. `first`: nobody was told so for this turn yet.
    Later {
        wait: Duration,
        first: bool,
    },
}

/// Counts an attempt, before anything else: many at the same moment all count.
pub(super) async fn turn(cache: &Cache, login: &str, place: Place<'_>, known: Known) -> Turn {
    let here = match known {
        Known::Device => place.device_key().unwrap_or_default(),
        _ => place.address.to_owned(),
    };
    let pair = key(Of::Pair, &format!("{login}\n{here}"));
    match known {
        Known::Not => stranger(cache, login, place, pair).await,
        _ => acquaintance(cache, pair).await,
    }
}

async fn stranger(cache: &Cache, login: &str, place: Place<'_>, pair: String) -> Turn {
    let all = [
        (Of::Pair, pair.clone()),
        (Of::Account, key(Of::Account, login)),
        (Of::Address, key(Of::Address, place.address)),
    ];
    let mut counted = Vec::new();
    for (of, key) in all {
        let failures = cache.add(&key, 1, WINDOW).await;
        counted.push(key.clone());
        let Some(wait) = delay(failures - of.free(), of.longest()) else { continue };
        let asked = cache.add(&format!("{key}:turn"), 1, wait).await;
        if asked > 1 {
            uncount(cache, &counted).await;
            return Turn::Later { wait, first: asked == 2 };
        }
    }
    Turn::Now(Attempt { counted, pair, _turn: None })
}

async fn acquaintance(cache: &Cache, pair: String) -> Turn {
    let failures = cache.add(&pair, 1, WINDOW).await;
    let counted = vec![pair.clone()];
    let Some(wait) = delay(failures - Of::Pair.free(), LONGEST_KNOWN) else {
        return Turn::Now(Attempt { counted, pair, _turn: None });
    };
    let line = line(&pair);
    // Those in front are looked at one after the other; so many at one moment are no one person.
    if Arc::strong_count(&line) > WAITING {
        uncount(cache, &counted).await;
        return Turn::Later { wait: LONGEST_KNOWN, first: false };
    }
    let turn = Arc::clone(&line).acquire_owned().await.ok();
    tokio::time::sleep(wait).await;
    Turn::Now(Attempt { counted, pair, _turn: turn })
}

impl Attempt {
    /// The password was right: what was counted for this attempt, and what failed before it here, is forgotten.
    pub async fn forgive(self, cache: &Cache) {
        uncount(cache, &self.counted).await;
        cache.remove(&self.pair).await;
        cache.remove(&format!("{}:turn", self.pair)).await;
    }

    /// Nobody had time to look at the password.
    pub async fn unmade(self, cache: &Cache) {
        uncount(cache, &self.counted).await;
    }
}

async fn uncount(cache: &Cache, keys: &[String]) {
    for key in keys {
        cache.add(key, -1, WINDOW).await;
    }
}

/// One second, then twice as long each time; `None` while failures are free.
fn delay(over: i64, longest: Duration) -> Option<Duration> {
    let doublings = u32::try_from(over.checked_sub(1).filter(|doublings| *doublings >= 0)?).unwrap_or(u32::MAX);
    Some(Duration::from_secs(1u64.checked_shl(doublings.min(20)).unwrap_or(u64::MAX)).min(longest))
}

fn key(of: Of, about: &str) -> String {
    format!("sign-in:{of:?}:{}", sha256_hex(about.as_bytes()))
}

/// One at a time for each pair, in this process; pairs nobody waits for are dropped.
fn line(pair: &str) -> Arc<Semaphore> {
    static LINES: LazyLock<Mutex<HashMap<String, Arc<Semaphore>>>> = LazyLock::new(Mutex::default);
    let mut lines = LINES.lock().unwrap_or_else(PoisonError::into_inner);
    if lines.len() > 1000 {
        lines.retain(|_, line| Arc::strong_count(line) > 1);
    }
    Arc::clone(lines.entry(pair.to_owned()).or_insert_with(|| Arc::new(Semaphore::new(1))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_come_ever_more_slowly_up_to_a_limit() {
        let seconds = |over| delay(over, Of::Pair.longest()).map(|wait| wait.as_secs());
        assert_eq!(
            [-3, 0, 1, 2, 5, 9, 10, i64::MAX].map(seconds),
            [None, None, Some(1), Some(2), Some(16), Some(256), Some(300), Some(300)]
        );
    }
}
