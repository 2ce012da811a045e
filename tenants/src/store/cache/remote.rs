//! The cache in Redis. When Redis does not answer it is left alone for a moment, so that a request waits once for
//! a dead server, not at every step.
//!
//! A value carries a checksum over its key and itself: what somebody else wrote, what was cut or swapped, is a miss. A key
//! whose last change did not reach Redis is not read from it until one does.

use std::future::Future;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use bytes::Bytes;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{AsyncCommands, FromRedisValue, RedisResult, Value};
use sha2::{Digest, Sha256};

use super::memory::Memory;
use crate::{Error, Result};

/// Longest wait for an answer.
const TIMEOUT: Duration = Duration::from_millis(500);
/// How long a silent Redis is left alone, in milliseconds.
const PAUSE: i64 = 2_000;
/// Bytes of SHA-256 before each value.
const CHECKSUM: usize = 16;
/// Longest life of a value, and how long a change that did not arrive is remembered.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

#[derive(Clone)]
pub struct Remote {
    connection: ConnectionManager,
    /// Renders that run here are shared here; across replicas each renders once.
    flights: moka::future::Cache<String, Bytes>,
    /// Counts while Redis is away.
    stand_in: Memory,
    /// Unix milliseconds until which nothing is asked.
    away_until: Arc<AtomicI64>,
    /// Keys whose last change did not arrive: Redis may still hold what was before.
    doubtful: moka::sync::Cache<String, ()>,
}

/// A connection that is made when it is first needed, and again whenever it broke.
fn connection(url: &str) -> Result<ConnectionManager> {
    let client = redis::Client::open(url).map_err(Error::internal)?;
    let config = ConnectionManagerConfig::new()
        .set_connection_timeout(Some(TIMEOUT))
        .set_response_timeout(Some(TIMEOUT))
        .set_number_of_retries(1);
    ConnectionManager::new_lazy_with_config(client, config).map_err(Error::internal)
}

/// Everything of ours in a Redis that others may use too.
fn key_of(key: &str) -> String {
    format!("thuoc:{key}")
}

/// The value as it is stored.
fn seal(key: &str, value: &[u8]) -> Vec<u8> {
    [&checksum(key, value), value].concat()
}

/// The value, if it is what was stored under this key.
fn unseal(key: &str, stored: Vec<u8>) -> Option<Bytes> {
    let (sum, value) = stored.split_at_checked(CHECKSUM)?;
    let is_ours = *sum == checksum(key, value);
    is_ours.then(|| Bytes::from(stored).slice(CHECKSUM..))
}

fn checksum(key: &str, value: &[u8]) -> [u8; CHECKSUM] {
    let whole = Sha256::new().chain_update(key.len().to_le_bytes()).chain_update(key).chain_update(value).finalize();
    let mut sum = [0; CHECKSUM];
    sum.copy_from_slice(&whole[..CHECKSUM]);
    sum
}

impl Remote {
    pub fn new(url: &str) -> Result<Remote> {
        let flights = moka::future::Cache::builder().max_capacity(1000).time_to_live(Duration::from_secs(1));
        Ok(Remote {
            connection: connection(url)?,
            flights: flights.build(),
            stand_in: Memory::new(),
            away_until: Arc::default(),
            doubtful: moka::sync::Cache::builder().max_capacity(100_000).time_to_live(LONGEST).build(),
        })
    }

    pub async fn get(&self, key: &str) -> Option<Bytes> {
        if self.doubtful.contains_key(key) {
            return None;
        }
        // Asked for as whatever it is: a key of another type is rubbish like any other.
        let found = self.ask(async |redis| redis.get::<_, Value>(key_of(key)).await).await?;
        let value = match found {
            Value::Nil => return None,
            Value::BulkString(stored) => unseal(key, stored),
            _ => None,
        };
        if value.is_none() {
            tracing::warn!(key, "what lies in redis is not what was stored; it is made anew");
        }
        value
    }

    pub async fn set(&self, key: &str, value: Bytes, ttl: Duration) {
        let (sealed, ttl) = (seal(key, &value), ttl.min(LONGEST).as_secs().max(1));
        let written = self.ask::<()>(async |redis| redis.set_ex(key_of(key), sealed.as_slice(), ttl).await).await;
        self.arrived(key, written.is_some());
    }

    /// Keeps the value unless there is one: what was written meanwhile is newer than what was read before.
    pub async fn fill(&self, key: &str, value: Bytes, ttl: Duration) {
        if self.doubtful.contains_key(key) {
            return self.set(key, value, ttl).await;
        }
        let mut set = redis::cmd("SET");
        set.arg(key_of(key)).arg(seal(key, &value)).arg("NX").arg("EX").arg(ttl.min(LONGEST).as_secs().max(1));
        self.ask::<Value>(async |redis| set.query_async(redis).await).await;
    }

    pub async fn remove(&self, key: &str) {
        self.flights.invalidate(key).await;
        self.stand_in.remove(key).await;
        let removed = self.ask::<()>(async |redis| redis.del(key_of(key)).await).await;
        self.arrived(key, removed.is_some());
    }

    fn arrived(&self, key: &str, yes: bool) {
        match yes {
            true => self.doubtful.invalidate(key),
            false => self.doubtful.insert(key.to_owned(), ()),
        }
    }

    pub async fn add(&self, key: &str, by: i64, window: Duration) -> i64 {
        let seconds = i64::try_from(window.as_secs().max(1)).unwrap_or(i64::MAX);
        let mut pipe = redis::pipe();
        pipe.atomic().cmd("SET").arg(key_of(key)).arg(0).arg("NX").arg("EX").arg(seconds).ignore();
        pipe.incr(key_of(key), by).ttl(key_of(key));
        let counted: Option<(i64, i64)> = self.ask(async |redis| pipe.query_async(redis).await).await;
        match counted {
            Some((value, left)) if (0..=seconds).contains(&left) => value,
            // No counter of ours: it would never, or too late, forget itself.
            Some(_) => self.count_anew(key, by, window).await,
            None => {
                self.ask::<()>(async |redis| redis.del(key_of(key)).await).await;
                self.stand_in.add(key, by, window).await
            }
        }
    }

    async fn count_anew(&self, key: &str, by: i64, window: Duration) -> i64 {
        self.ask::<()>(async |redis| redis.set_ex(key_of(key), by, window.as_secs().max(1)).await).await;
        by
    }

    pub async fn get_or_make<E, F>(&self, key: &str, ttl: Duration, make: F) -> std::result::Result<Bytes, Arc<E>>
    where
        E: Send + Sync + 'static,
        F: Future<Output = std::result::Result<Bytes, E>>,
    {
        let fly = async {
            if let Some(found) = self.get(key).await {
                return Ok(found);
            }
            let made = make.await?;
            self.set(key, made.clone(), ttl).await;
            Ok(made)
        };
        self.flights.try_get_with(key.into(), fly).await
    }

    pub async fn ping(&self) -> bool {
        let mut connection = self.connection.clone();
        redis::cmd("PING").query_async::<String>(&mut connection).await.is_ok()
    }

    /// `None` when Redis fails, for whatever reason.
    async fn ask<T: FromRedisValue>(
        &self,
        act: impl AsyncFnOnce(&mut ConnectionManager) -> RedisResult<T>,
    ) -> Option<T> {
        let now = elapsed();
        if now < self.away_until.load(Ordering::Relaxed) {
            return None;
        }
        match act(&mut self.connection.clone()).await {
            Ok(answer) => Some(answer),
            Err(cause) => {
                if cause.is_io_error() {
                    let until = elapsed() + PAUSE;
                    if now >= self.away_until.swap(until, Ordering::Relaxed) {
                        tracing::warn!(%cause, "redis does not answer; going on without it");
                    }
                } else {
                    tracing::warn!(%cause, "redis answered with an error; going on without it");
                }
                None
            }
        }
    }
}

/// Milliseconds since the first call: no clock that somebody may set.
fn elapsed() -> i64 {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    i64::try_from(START.elapsed().as_millis()).unwrap_or(i64::MAX)
}
