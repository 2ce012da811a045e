//! Sessions: who is signed in, in which tenant, and one message for the next page.
//!
//! The cookie carries a random id, the store its hash. Signing in renews the id; signing out removes the row, and an
//! update never brings it back. A session lives twelve hours after its last use, noted every few minutes.

use std::collections::HashMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use tenants::Error;
use tenants::error::Part;
use tenants::ids::{AccountId, TenantId};
use tenants::store::sessions::{Sessions, StoredSession};
use time::{Duration, OffsetDateTime};
use tower_sessions::cookie::{Cookie, SameSite};
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{self, SessionStore};
use tower_sessions::{Expiry, Session, SessionManagerLayer};

use crate::refused_form::{self, Kept};
use crate::{App, AppError, Result};

pub const COOKIE: &str = "thuoc";
const IDLE: Duration = Duration::hours(12);
const LAST: Duration = Duration::days(30);
const SESSION_REFRESH: Duration = Duration::minutes(5);

const ACCOUNT: &str = "account";
const SEAT: &str = "seat";
const FLASH: &str = "flash";

/// Where a signed-in person sits.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Seat {
    pub account: AccountId,
    pub tenant: TenantId,
    touched: i64,
}

/// A message shown once, on the next page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    pub kind: FlashKind,
    pub text: String,
    /// The form that was refused, for the page to show again.
    #[serde(default)]
    pub kept: Option<Kept>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FlashKind {
    Done,
    Attention,
    Problem,
}

/// The layer that gives handlers their [`Session`].
pub fn layer(app: &App) -> SessionManagerLayer<Store> {
    SessionManagerLayer::new(Store(app.sessions.clone()))
        .with_name(COOKIE)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_secure(app.config.https())
        .with_expiry(Expiry::OnInactivity(IDLE))
}

/// Signs the account in under a fresh id.
pub async fn sign_in(session: &Session, account: AccountId, tenant: TenantId, now: OffsetDateTime) -> Result<()> {
    session.cycle_id().await.map_err(failed)?;
    session.insert(ACCOUNT, account).await.map_err(failed)?;
    sit_in(session, account, tenant, now).await?;
    // Stored now, while a failure can still be told.
    session.save().await.map_err(failed)
}

/// Seats the signed-in account in a tenant; whoever calls this has asked whether it holds a role there.
pub async fn sit_in(session: &Session, account: AccountId, tenant: TenantId, now: OffsetDateTime) -> Result<()> {
    let touched = now.unix_timestamp();
    session.insert(SEAT, Seat { account, tenant, touched }).await.map_err(failed)
}

/// Who signed in here last; outlives the session.
pub fn last_cookie(app: &App, account: AccountId) -> Cookie<'static> {
    let cookie = Cookie::build((refused_form::LAST, refused_form::mark(account)))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax);
    cookie.secure(app.config.https()).max_age(LAST).build()
}

/// Signs this session out.
pub async fn sign_out(session: &Session) -> Result<()> {
    session.flush().await.map_err(failed)
}

/// Who sits here.
pub async fn seat(session: &Session) -> Result<Option<Seat>> {
    // What is there and no seat is nobody's.
    let seat = session.get_value(SEAT).await.map_err(failed)?;
    Ok(seat.and_then(|seat| serde_json::from_value::<Seat>(seat).ok()))
}

/// Prolongs the session when it was last prolonged some minutes ago, by the clock that all servers share.
pub async fn prolong(session: &Session, seat: Seat, now: OffsetDateTime) -> Result<()> {
    let now = now.unix_timestamp();
    if now - seat.touched > SESSION_REFRESH.whole_seconds() {
        session.insert(SEAT, Seat { touched: now, ..seat }).await.map_err(failed)?;
    }
    Ok(())
}

/// Leaves a message for the next page.
pub async fn set_flash(session: &Session, kind: FlashKind, text: String) -> Result<()> {
    leave(session, Flash { kind, text, kept: None }).await
}

/// The same, with a form that was refused.
pub async fn leave(session: &Session, flash: Flash) -> Result<()> {
    session.insert(FLASH, flash).await.map_err(failed)
}

/// Takes the message, if one waits.
pub async fn take_flash(session: &Session) -> Result<Option<Flash>> {
    let Some(flash) = session.remove_value(FLASH).await.map_err(failed)? else { return Ok(None) };
    Ok(serde_json::from_value(flash).ok())
}

/// The key of this session; `None` before it is stored.
pub fn key(session: &Session) -> Option<String> {
    session.id().map(|id| id.to_string())
}

/// What the store could not do. tower-sessions passes texts on, so that a database that is away comes as a name.
fn failed(error: tower_sessions::session::Error) -> AppError {
    match error {
        tower_sessions::session::Error::Store(session_store::Error::Backend(told)) if told == AWAY => {
            Error::Away { part: Part::Database, cause: None }.into()
        }
        other => AppError::internal(other),
    }
}

/// Removes expired sessions every hour, for as long as the server runs.
pub async fn sweep(app: App) {
    let mut hourly = tokio::time::interval(std::time::Duration::from_secs(3600));
    loop {
        hourly.tick().await;
        if let Err(error) = app.sessions.sweep().await {
            tracing::warn!(?error, "expired sessions were not removed");
        }
    }
}

/// Keeps sessions where `tenants` keeps them.
#[derive(Clone)]
pub struct Store(Sessions);

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Store")
    }
}

#[async_trait::async_trait]
impl SessionStore for Store {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        loop {
            match self.0.create(&record.id.to_string(), &stored(record)?).await {
                Ok(()) => return Ok(()),
                // The id is taken: draw another.
                Err(Error::Stale) => record.id = Id::default(),
                Err(error) => return Err(backend(error)),
            }
        }
    }

    async fn save(&self, record: &Record) -> session_store::Result<()> {
        match self.0.save(&record.id.to_string(), &stored(record)?).await {
            // Signed out elsewhere meanwhile: it stays signed out.
            Err(Error::NotFound) => Ok(()),
            // The page is made and right; what is lost is a message shown once, or a few minutes of a session's life.
            Err(Error::Away { .. }) => {
                tracing::warn!("a session was not saved: the database does not answer");
                Ok(())
            }
            other => other.map_err(backend),
        }
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let found = self.0.load(&id.to_string()).await.map_err(backend)?;
        // What is no session of ours is nobody's: signed out.
        Ok(found.and_then(|found| record(*id, &found).ok()))
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        self.0.delete(&id.to_string()).await.map_err(backend)
    }
}

fn stored(record: &Record) -> session_store::Result<StoredSession> {
    let account = record.data.get(ACCOUNT).and_then(|value| serde_json::from_value(value.clone()).ok());
    let data = serde_json::to_string(&record.data).map_err(|error| session_store::Error::Encode(error.to_string()))?;
    Ok(StoredSession { account, data, expires_at: record.expiry_date })
}

fn record(id: Id, stored: &StoredSession) -> session_store::Result<Record> {
    let data: HashMap<String, serde_json::Value> =
        serde_json::from_str(&stored.data).map_err(|error| session_store::Error::Decode(error.to_string()))?;
    Ok(Record { id, data, expiry_date: stored.expires_at })
}

/// How a database that is away is passed on through tower-sessions.
const AWAY: &str = "away";

fn backend(error: Error) -> session_store::Error {
    let told = match error {
        Error::Away { .. } => AWAY.to_owned(),
        other => format!("{other:?}"),
    };
    session_store::Error::Backend(told)
}
