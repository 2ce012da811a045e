//! The cache: in process, or Redis. Nothing lives only here: Redis may be absent, flushed or full of rubbish,
//! and every failure of it is a miss. What changes carries its generation in the key instead of being removed.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

mod memory;
mod remote;

use crate::Result;

/// Cheap to clone.
#[derive(Clone)]
pub enum Cache {
    Memory(memory::Memory),
    Redis(remote::Remote),
}

impl Cache {
    /// In process, at most 64 MiB of values.
    pub fn memory() -> Cache {
        Cache::Memory(memory::Memory::new())
    }

    /// Redis at `url`. Connects lazily: an absent Redis does not keep the application from starting.
    /// `Err(Internal)` only when the address makes no sense.
    pub fn redis(url: &str) -> Result<Cache> {
        Ok(Cache::Redis(remote::Remote::new(url)?))
    }

    pub async fn get(&self, key: &str) -> Option<Bytes> {
        match self {
            Cache::Memory(memory) => memory.get(key).await,
            Cache::Redis(remote) => remote.get(key).await,
        }
    }

    pub async fn set(&self, key: &str, value: Bytes, ttl: Duration) {
        match self {
            Cache::Memory(memory) => memory.set(key, value, ttl).await,
            Cache::Redis(remote) => remote.set(key, value, ttl).await,
        }
    }

    /// Keeps a value unless one is there: for what was read a moment ago, and may have been written anew since.
    pub async fn fill(&self, key: &str, value: Bytes, ttl: Duration) {
        match self {
            Cache::Memory(memory) => memory.fill(key, value, ttl).await,
            Cache::Redis(remote) => remote.fill(key, value, ttl).await,
        }
    }

    /// Forgets a value or a counter.
    pub async fn remove(&self, key: &str) {
        match self {
            Cache::Memory(memory) => memory.remove(key).await,
            Cache::Redis(remote) => remote.remove(key).await,
        }
    }

    /// Adds to a counter and answers its value. It forgets itself `window` after its first use.
    /// While Redis is away each process counts for itself, so a limit never disappears.
    pub async fn add(&self, key: &str, by: i64, window: Duration) -> i64 {
        match self {
            Cache::Memory(memory) => memory.add(key, by, window).await,
            Cache::Redis(remote) => remote.add(key, by, window).await,
        }
    }

    /// The cached value, or the one `make` gives, made once in this process however many ask at the same time.
    pub async fn get_or_make<E, F>(&self, key: &str, ttl: Duration, make: F) -> std::result::Result<Bytes, Arc<E>>
    where
        E: Send + Sync + 'static,
        F: Future<Output = std::result::Result<Bytes, E>>,
    {
        match self {
            Cache::Memory(memory) => memory.get_or_make(key, ttl, make).await,
            Cache::Redis(remote) => remote.get_or_make(key, ttl, make).await,
        }
    }

    /// Whether the cache answers.
    pub async fn ping(&self) -> bool {
        match self {
            Cache::Memory(_) => true,
            Cache::Redis(remote) => remote.ping().await,
        }
    }
}
