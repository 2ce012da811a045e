//! How much checking and simulating one authority may ask for, so that nobody's scripts slow down the others.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::cache::Cache;
use crate::ids::TenantId;
use crate::{Error, Result};

/// Work that costs the server more than a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// Compiling a script in a worker process, or trying a formula that is being typed.
    Check,
    /// Scoring a whole period again.
    Simulation,
}

impl Work {
    /// Times a minute for one authority.
    fn limit(self) -> i64 {
        match self {
            Work::Check => 240,
            Work::Simulation => 12,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Work::Check => "check",
            Work::Simulation => "simulation",
        }
    }
}

const MINUTE: Duration = Duration::from_secs(60);

/// One at a time for each authority; the next waits its turn behind its own, not behind everybody's.
static TURNS: LazyLock<Mutex<HashMap<TenantId, Arc<Semaphore>>>> = LazyLock::new(Mutex::default);

/// A turn for work; given back when dropped. `Err(Conflict)` past the ration of the minute.
pub async fn turn(cache: &Cache, tenant: TenantId, work: Work) -> Result<OwnedSemaphorePermit> {
    let used = cache.add(&format!("ration:{}:{tenant}", work.as_str()), 1, MINUTE).await;
    if used > work.limit() {
        let told = "Cơ quan đã kiểm tra hoặc mô phỏng quá nhiều lần trong một phút; hãy đợi một phút rồi làm tiếp. Nội dung đã nhập vẫn còn.";
        return Err(Error::Conflict(told.into()));
    }
    let semaphore = {
        let mut turns = TURNS.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(turns.entry(tenant).or_insert_with(|| Arc::new(Semaphore::new(1))))
    };
    semaphore.acquire_owned().await.map_err(Error::internal)
}
