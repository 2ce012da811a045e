//! Sessions: in the database, and where there is Redis, their content in front of it. The key is the hash of the cookie's id,
//! so a stolen store signs nobody in; an update never brings back a session that was signed out.
//!
//! The database decides, Redis only saves asking it: away, flushed, frozen or full of rubbish it signs nobody out. What Redis
//! still tells of a session that has ended lets nobody in either, because `sign_in::caller_of` asks the database.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use time::OffsetDateTime;

mod database;

pub(super) use database::write_and_read_back;

use super::{Db, sha256_hex};
use crate::Result;
use crate::cache::Cache;
use crate::ids::AccountId;

/// How long the front keeps what it was told.
const FRONT: Duration = Duration::from_secs(10 * 60);

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
pub struct Sessions {
    db: Db,
    front: Option<Cache>,
}

impl Sessions {
    pub fn database(db: &Db) -> Sessions {
        Sessions { db: db.clone(), front: None }
    }

    /// The same behind a cache that all replicas share.
    pub fn behind(front: Cache, db: &Db) -> Sessions {
        Sessions { db: db.clone(), front: Some(front) }
    }

    /// Writes a new session. `Err(Stale)` when the id exists already.
    pub async fn create(&self, id: &str, session: &StoredSession) -> Result<()> {
        let session = &self.kept(session);
        database::create(&self.db, id, session).await?;
        self.tell_front(id, session).await;
        Ok(())
    }

    /// Updates a session that exists; one that was signed out stays gone. `Err(NotFound)` then.
    pub async fn save(&self, id: &str, session: &StoredSession) -> Result<()> {
        let session = &self.kept(session);
        let saved = database::save(&self.db, id, session).await;
        match &saved {
            Ok(()) => self.tell_front(id, session).await,
            Err(_) => self.forget(&sha256_hex(id.as_bytes())).await,
        }
        saved
    }

    /// The session, unless it has expired.
    pub async fn load(&self, id: &str) -> Result<Option<StoredSession>> {
        if let Some(known) = self.known(id).await {
            return Ok(Some(self.shown(known)));
        }
        let found = database::load(&self.db, id).await?;
        if let (Some(front), Some(session)) = (&self.front, &found)
            && let Some((value, ttl)) = self.entry(session)
        {
            front.fill(&key(&sha256_hex(id.as_bytes())), value, ttl).await;
        }
        Ok(found.map(|session| self.shown(session)))
    }

    pub async fn delete(&self, id: &str) -> Result<()> {
        database::delete(&self.db, id).await?;
        self.forget(&sha256_hex(id.as_bytes())).await;
        Ok(())
    }

    /// Signs an account out everywhere.
    pub async fn delete_all_of(&self, account: AccountId) -> Result<()> {
        for id_hash in database::delete_all_of(&self.db, account).await? {
            self.forget(&id_hash).await;
        }
        Ok(())
    }

    /// Removes what has expired; Redis forgets by itself.
    pub async fn sweep(&self) -> Result<u64> {
        database::sweep(&self.db).await
    }

    /// As it is kept: its end by the database's clock, which all servers share.
    fn kept(&self, session: &StoredSession) -> StoredSession {
        StoredSession { expires_at: self.db.clock.of_process(session.expires_at), ..session.clone() }
    }

    /// As this process reads it: its end by the process's own clock.
    fn shown(&self, session: StoredSession) -> StoredSession {
        StoredSession { expires_at: self.db.clock.to_process(session.expires_at), ..session }
    }

    /// What the front tells, if it is a session and lives.
    async fn known(&self, id: &str) -> Option<StoredSession> {
        let told = self.front.as_ref()?.get(&key(&sha256_hex(id.as_bytes()))).await?;
        let session: StoredSession = serde_json::from_slice(&told).ok()?;
        (session.expires_at > self.db.clock.now()).then_some(session)
    }

    async fn tell_front(&self, id: &str, session: &StoredSession) {
        let id_hash = sha256_hex(id.as_bytes());
        match (&self.front, self.entry(session)) {
            (Some(front), Some((value, ttl))) => front.set(&key(&id_hash), value, ttl).await,
            _ => self.forget(&id_hash).await,
        }
    }

    async fn forget(&self, id_hash: &str) {
        if let Some(front) = &self.front {
            front.remove(&key(id_hash)).await;
        }
    }

    /// What the front keeps of a session, and for how long; `None` for one that is over.
    fn entry(&self, session: &StoredSession) -> Option<(Bytes, Duration)> {
        let left: Duration = (session.expires_at - self.db.clock.now()).try_into().ok()?;
        Some((serde_json::to_vec(session).ok()?.into(), left.min(FRONT)))
    }
}

fn key(id_hash: &str) -> String {
    format!("session:{id_hash}")
}
