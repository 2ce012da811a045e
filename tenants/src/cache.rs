//! The cache: in process, or Redis. Nothing lives only here; every Redis failure is a miss, logged now and then.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use redis::AsyncCommands;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};

use crate::{Error, Result};

/// Longest wait for Redis before an answer counts as a miss.
const PATIENCE: Duration = Duration::from_millis(500);

#[derive(Clone)]
pub enum Cache {
    Memory(Memory),
    Redis(Remote),
}

#[derive(Clone)]
pub struct Memory {
    entries: moka::future::Cache<String, Entry>,
    counters: moka::future::Cache<String, Counter>,
}

type Entry = (Bytes, Duration);
type Counter = (Arc<AtomicI64>, Duration);

#[derive(Clone)]
pub struct Remote {
    connection: ConnectionManager,
    /// Renders that run here are shared here; across replicas each renders once.
    flights: moka::future::Cache<String, Bytes>,
}

/// Entries live as long as their own time to live says.
struct OwnTime;

impl<V> moka::Expiry<String, (V, Duration)> for OwnTime {
    fn expire_after_create(&self, _: &String, value: &(V, Duration), _: std::time::Instant) -> Option<Duration> {
        Some(value.1)
    }
}

impl Cache {
    /// In process, at most 64 MiB of values.
    pub fn memory() -> Cache {
        let weigh = |key: &String, entry: &Entry| u32::try_from(key.len() + entry.0.len()).unwrap_or(u32::MAX);
        let entries = moka::future::Cache::builder().max_capacity(64 << 20).weigher(weigh).expire_after(OwnTime);
        let counters = moka::future::Cache::builder().max_capacity(100_000).expire_after(OwnTime);
        Cache::Memory(Memory { entries: entries.build(), counters: counters.build() })
    }

    /// Redis at `url`. Connects lazily: an absent Redis does not keep the application from starting.
    pub fn redis(url: &str) -> Result<Cache> {
        let client = redis::Client::open(url).map_err(Error::internal)?;
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE))
            .set_number_of_retries(1);
        let connection = ConnectionManager::new_lazy_with_config(client, config).map_err(Error::internal)?;
        let flights = moka::future::Cache::builder().max_capacity(1000).time_to_live(Duration::from_secs(1));
        Ok(Cache::Redis(Remote { connection, flights: flights.build() }))
    }

    pub async fn get(&self, key: &str) -> Option<Bytes> {
        match self {
            Cache::Memory(memory) => memory.entries.get(key).await.map(|entry| entry.0),
            Cache::Redis(remote) => {
                let found: Option<Vec<u8>> = or_miss(remote.connection.clone().get(key).await)?;
                found.map(Bytes::from)
            }
        }
    }

    pub async fn set(&self, key: &str, value: Bytes, ttl: Duration) {
        match self {
            Cache::Memory(memory) => memory.entries.insert(key.into(), (value, ttl)).await,
            Cache::Redis(remote) => {
                let mut connection = remote.connection.clone();
                or_miss::<()>(connection.set_ex(key, value.as_ref(), ttl.as_secs().max(1)).await);
            }
        }
    }

    pub async fn remove(&self, key: &str) {
        match self {
            Cache::Memory(memory) => {
                memory.entries.invalidate(key).await;
                memory.counters.invalidate(key).await;
            }
            Cache::Redis(remote) => {
                or_miss::<()>(remote.connection.clone().del(key).await);
            }
        }
    }

    /// Adds one to a counter that forgets itself after `window` and answers its value; 0 when Redis is away.
    pub async fn increment(&self, key: &str, window: Duration) -> u64 {
        match self {
            Cache::Memory(memory) => {
                let fresh = async { (Arc::new(AtomicI64::new(0)), window) };
                let counter = memory.counters.get_with(key.into(), fresh).await.0;
                u64::try_from(counter.fetch_add(1, Ordering::Relaxed) + 1).unwrap_or(0)
            }
            Cache::Redis(remote) => {
                let mut pipe = redis::pipe();
                pipe.atomic().incr(key, 1).expire(key, i64::try_from(window.as_secs()).unwrap_or(i64::MAX)).ignore();
                let counted: Option<(u64,)> = or_miss(pipe.query_async(&mut remote.connection.clone()).await);
                counted.map_or(0, |counted| counted.0)
            }
        }
    }

    /// A counter's value.
    pub async fn count(&self, key: &str) -> u64 {
        match self {
            Cache::Memory(memory) => {
                let counter = memory.counters.get(key).await;
                counter.and_then(|counter| u64::try_from(counter.0.load(Ordering::Relaxed)).ok()).unwrap_or(0)
            }
            Cache::Redis(remote) => {
                let found: Option<Option<u64>> = or_miss(remote.connection.clone().get(key).await);
                found.flatten().unwrap_or(0)
            }
        }
    }

    /// The cached value, or the one `make` gives, made once however many ask at the same time.
    pub async fn get_or_make<E, F>(&self, key: &str, ttl: Duration, make: F) -> std::result::Result<Bytes, Arc<E>>
    where
        E: Send + Sync + 'static,
        F: Future<Output = std::result::Result<Bytes, E>>,
    {
        match self {
            Cache::Memory(memory) => {
                let made = memory.entries.try_get_with(key.into(), async { make.await.map(|bytes| (bytes, ttl)) });
                made.await.map(|entry| entry.0)
            }
            Cache::Redis(remote) => {
                let fly = async {
                    if let Some(found) = self.get(key).await {
                        return Ok(found);
                    }
                    let made = make.await?;
                    self.set(key, made.clone(), ttl).await;
                    Ok(made)
                };
                remote.flights.try_get_with(key.into(), fly).await
            }
        }
    }

    /// Whether the cache answers.
    pub async fn ping(&self) -> bool {
        match self {
            Cache::Memory(_) => true,
            Cache::Redis(remote) => {
                let mut connection = remote.connection.clone();
                redis::cmd("PING").query_async::<String>(&mut connection).await.is_ok()
            }
        }
    }
}

fn or_miss<T>(answer: redis::RedisResult<T>) -> Option<T> {
    /// Second of the last complaint: one a minute is enough.
    static SAID: AtomicI64 = AtomicI64::new(0);
    answer
        .inspect_err(|cause| {
            let now = time::OffsetDateTime::now_utc().unix_timestamp();
            if now - SAID.swap(now, Ordering::Relaxed) > 60 {
                tracing::warn!(%cause, "redis does not answer; going on without it");
            }
        })
        .ok()
}
