//! The cache in Redis. When Redis does not answer it is left alone for a moment, so that a request waits once for
//! a dead server, not at every step.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{AsyncCommands, FromRedisValue, RedisResult};
use time::OffsetDateTime;

use super::memory::Memory;
use crate::{Error, Result};

/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_millis(500);
/// How long a silent Redis is left alone, in milliseconds.
const PAUSE: i64 = 2_000;

#[derive(Clone)]
pub struct Remote {
    connection: ConnectionManager,
    /// Renders that run here are shared here; across replicas each renders once.
    flights: moka::future::Cache<String, Bytes>,
    /// Counts while Redis is away.
    stand_in: Memory,
    /// Unix milliseconds until which nothing is asked.
    away_until: Arc<AtomicI64>,
}

/// A connection that is made when it is first needed, and again whenever it broke.
pub(crate) fn connection(url: &str) -> Result<ConnectionManager> {
    let client = redis::Client::open(url).map_err(Error::internal)?;
    let config = ConnectionManagerConfig::new()
        .set_connection_timeout(Some(PATIENCE))
        .set_response_timeout(Some(PATIENCE))
        .set_number_of_retries(1);
    ConnectionManager::new_lazy_with_config(client, config).map_err(Error::internal)
}

/// Everything of ours in a Redis that others may use too.
pub(crate) fn key_of(key: &str) -> String {
    format!("thuoc:{key}")
}

impl Remote {
    pub fn new(url: &str) -> Result<Remote> {
        let flights = moka::future::Cache::builder().max_capacity(1000).time_to_live(Duration::from_secs(1));
        Ok(Remote {
            connection: connection(url)?,
            flights: flights.build(),
            stand_in: Memory::new(),
            away_until: Arc::default(),
        })
    }

    pub async fn get(&self, key: &str) -> Option<Bytes> {
        let found = self.ask(async |redis| redis.get::<_, Option<Vec<u8>>>(key_of(key)).await).await;
        found.flatten().map(Bytes::from)
    }

    pub async fn set(&self, key: &str, value: Bytes, ttl: Duration) {
        self.ask::<()>(async |redis| redis.set_ex(key_of(key), value.as_ref(), ttl.as_secs().max(1)).await).await;
    }

    pub async fn remove(&self, key: &str) {
        self.flights.invalidate(key).await;
        self.stand_in.remove(key).await;
        self.ask::<()>(async |redis| redis.del(key_of(key)).await).await;
    }

    pub async fn add(&self, key: &str, by: i64, window: Duration) -> i64 {
        let mut pipe = redis::pipe();
        pipe.atomic().cmd("SET").arg(key_of(key)).arg(0).arg("NX").arg("EX").arg(window.as_secs().max(1)).ignore();
        pipe.incr(key_of(key), by);
        let counted: Option<(i64,)> = self.ask(async |redis| pipe.query_async(redis).await).await;
        match counted {
            Some((value,)) => value,
            None => self.stand_in.add(key, by, window).await,
        }
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
        let now = unix_millis();
        if now < self.away_until.load(Ordering::Relaxed) {
            return None;
        }
        match act(&mut self.connection.clone()).await {
            Ok(answer) => Some(answer),
            Err(cause) => {
                if cause.is_io_error() {
                    let until = unix_millis() + PAUSE;
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

fn unix_millis() -> i64 {
    let now = OffsetDateTime::now_utc();
    now.unix_timestamp() * 1000 + i64::from(now.millisecond())
}
