//! The cache in process.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;

#[derive(Clone)]
pub struct Memory {
    entries: moka::future::Cache<String, (Bytes, Duration)>,
    counters: moka::future::Cache<String, (Arc<AtomicI64>, Duration)>,
}

/// Entries live as long as their own time to live says.
struct OwnTime;

impl<V> moka::Expiry<String, (V, Duration)> for OwnTime {
    fn expire_after_create(&self, _: &String, value: &(V, Duration), _: Instant) -> Option<Duration> {
        Some(value.1)
    }

    fn expire_after_update(
        &self,
        _: &String,
        value: &(V, Duration),
        _: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        Some(value.1)
    }
}

impl Memory {
    pub fn new() -> Memory {
        let weigh =
            |key: &String, entry: &(Bytes, Duration)| u32::try_from(key.len() + entry.0.len()).unwrap_or(u32::MAX);
        let entries = moka::future::Cache::builder().max_capacity(64 << 20).weigher(weigh).expire_after(OwnTime);
        let counters = moka::future::Cache::builder().max_capacity(100_000).expire_after(OwnTime);
        Memory { entries: entries.build(), counters: counters.build() }
    }

    pub async fn get(&self, key: &str) -> Option<Bytes> {
        self.entries.get(key).await.map(|entry| entry.0)
    }

    pub async fn set(&self, key: &str, value: Bytes, ttl: Duration) {
        self.entries.insert(key.into(), (value, ttl)).await;
    }

    pub async fn fill(&self, key: &str, value: Bytes, ttl: Duration) {
        self.entries.entry_by_ref(key).or_insert((value, ttl)).await;
    }

    pub async fn remove(&self, key: &str) {
        self.entries.invalidate(key).await;
        self.counters.invalidate(key).await;
    }

    pub async fn add(&self, key: &str, by: i64, window: Duration) -> i64 {
        let fresh = async { (Arc::new(AtomicI64::new(0)), window) };
        let counter = self.counters.get_with(key.into(), fresh).await.0;
        counter.fetch_add(by, Ordering::Relaxed) + by
    }

    pub async fn get_or_make<E, F>(&self, key: &str, ttl: Duration, make: F) -> Result<Bytes, Arc<E>>
    where
        E: Send + Sync + 'static,
        F: Future<Output = Result<Bytes, E>>,
    {
        let made = self.entries.try_get_with(key.into(), async { make.await.map(|bytes| (bytes, ttl)) });
        made.await.map(|entry| entry.0)
    }
}
