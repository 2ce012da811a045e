//! Sessions in Redis: one key a session, and per account the set of its keys. Unlike the cache, failures are errors:
//! nobody is signed in because a server was away.

use redis::aio::ConnectionManager;
use redis::{AsyncCommands, Pipeline, Value};
use time::OffsetDateTime;

use super::StoredSession;
use crate::cache::remote::{connection, key_of};
use crate::ids::AccountId;
use crate::store::sha256_hex;
use crate::{Error, Result};

#[derive(Clone)]
pub struct Remote {
    connection: ConnectionManager,
}

impl Remote {
    pub fn new(url: &str) -> Result<Remote> {
        Ok(Remote { connection: connection(url)? })
    }

    pub async fn create(&self, id: &str, session: &StoredSession) -> Result<()> {
        if self.write(id, session, "NX").await? { Ok(()) } else { Err(Error::Stale) }
    }

    pub async fn save(&self, id: &str, session: &StoredSession) -> Result<()> {
        if self.write(id, session, "XX").await? { Ok(()) } else { Err(Error::NotFound) }
    }

    /// Writes on the condition that the key is new ("NX") or exists ("XX"); false when it is not so.
    async fn write(&self, id: &str, session: &StoredSession, condition: &str) -> Result<bool> {
        let left = (session.expires_at - OffsetDateTime::now_utc()).whole_seconds().max(1);
        let text = serde_json::to_string(session).map_err(Error::internal)?;
        let mut pipe = redis::pipe();
        pipe.atomic();
        if let Some(account) = session.account {
            belong(&mut pipe, account, id, left);
        }
        pipe.cmd("SET").arg(key(id)).arg(text).arg(condition).arg("EX").arg(left);
        let (written,): (Option<Value>,) =
            pipe.query_async(&mut self.connection.clone()).await.map_err(Error::internal)?;
        Ok(written.is_some())
    }

    pub async fn load(&self, id: &str) -> Result<Option<StoredSession>> {
        let found: Option<String> = self.connection.clone().get(key(id)).await.map_err(Error::internal)?;
        // What somebody else wrote under our key is no session of ours.
        let session = found.and_then(|text| serde_json::from_str::<StoredSession>(&text).ok());
        Ok(session.filter(|session| session.expires_at > OffsetDateTime::now_utc()))
    }

    pub async fn delete(&self, id: &str) -> Result<()> {
        self.connection.clone().del(key(id)).await.map_err(Error::internal)
    }

    pub async fn delete_all_of(&self, account: AccountId) -> Result<()> {
        let mut connection = self.connection.clone();
        let mut keys: Vec<String> = connection.smembers(index(account)).await.map_err(Error::internal)?;
        keys.push(index(account));
        connection.del(keys).await.map_err(Error::internal)
    }
}

/// Notes the session among the account's, in the same transaction that writes it.
fn belong(pipe: &mut Pipeline, account: AccountId, id: &str, seconds: i64) {
    pipe.sadd(index(account), key(id)).ignore().expire(index(account), seconds).ignore();
}

fn key(id: &str) -> String {
    key_of(&format!("session:{}", sha256_hex(id.as_bytes())))
}

fn index(account: AccountId) -> String {
    key_of(&format!("sessions-of:{account}"))
}
