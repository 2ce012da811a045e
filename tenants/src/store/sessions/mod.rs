//! Sessions: in the database, or in Redis. The key is the hash of the cookie's id, so a stolen store signs nobody in;
//! an update never brings back a session that was signed out.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

mod database;
mod remote;

use super::Db;
use crate::Result;
use crate::ids::AccountId;

/// A session's content as the web layer keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredSession {
    pub account: Option<AccountId>,
    /// Opaque to this layer.
    pub data: String,
    pub expires_at: OffsetDateTime,
}

/// Where sessions are. Cheap to clone.
#[derive(Clone)]
pub enum Sessions {
    Database(Db),
    Redis(remote::Remote),
}

impl Sessions {
    pub fn database(db: &Db) -> Sessions {
        Sessions::Database(db.clone())
    }

    /// `Err(Internal)` only when the address makes no sense; Redis itself is met at the first session.
    pub fn redis(url: &str) -> Result<Sessions> {
        Ok(Sessions::Redis(remote::Remote::new(url)?))
    }

    /// Writes a new session. `Err(Stale)` when the id exists already.
    pub async fn create(&self, id: &str, session: &StoredSession) -> Result<()> {
        match self {
            Sessions::Database(db) => database::create(db, id, session).await,
            Sessions::Redis(remote) => remote.create(id, session).await,
        }
    }

    /// Updates a session that exists; one that was signed out stays gone. `Err(NotFound)` then.
    pub async fn save(&self, id: &str, session: &StoredSession) -> Result<()> {
        match self {
            Sessions::Database(db) => database::save(db, id, session).await,
            Sessions::Redis(remote) => remote.save(id, session).await,
        }
    }

    /// The session, unless it has expired.
    pub async fn load(&self, id: &str) -> Result<Option<StoredSession>> {
        match self {
            Sessions::Database(db) => database::load(db, id).await,
            Sessions::Redis(remote) => remote.load(id).await,
        }
    }

    pub async fn delete(&self, id: &str) -> Result<()> {
        match self {
            Sessions::Database(db) => database::delete(db, id).await,
            Sessions::Redis(remote) => remote.delete(id).await,
        }
    }

    /// Signs an account out everywhere.
    pub async fn delete_all_of(&self, account: AccountId) -> Result<()> {
        match self {
            Sessions::Database(db) => database::delete_all_of(db, account).await,
            Sessions::Redis(remote) => remote.delete_all_of(account).await,
        }
    }

    /// Removes what has expired; Redis forgets by itself.
    pub async fn sweep(&self) -> Result<u64> {
        match self {
            Sessions::Database(db) => database::sweep(db).await,
            Sessions::Redis(_) => Ok(0),
        }
    }
}
