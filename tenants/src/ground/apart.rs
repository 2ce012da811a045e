//! Arithmetic of unknown length, off the threads that serve requests.

use crate::{Error, Result};

/// Runs it on a thread of its own; `Err(Internal)` when it panicked.
pub async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)
}
