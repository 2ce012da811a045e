//! Signing in: from a name and a password to an account, from an account to a caller in a tenant.
//!
//! Unknown names cost the same time as wrong passwords; hashing is bounded, so a flood cannot eat all cores;
//! failures are counted per account and per address and refused for a while past the limit.

use std::sync::LazyLock;
use std::time::Duration;

use argon2::{Argon2, PasswordHash, PasswordVerifier};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use tokio::sync::Semaphore;

use super::Db;
use super::entities::{accounts, members, tenants};
use super::operator::hash_password;
use crate::cache::Cache;
use crate::caller::{Caller, Grant, Role};
use crate::ids::{AccountId, TenantId};
use crate::tenant::TenantHead;
use crate::{Error, Result};

/// Hashes at once: each takes 19 MiB and tens of milliseconds.
static HASHING: Semaphore = Semaphore::const_new(2);
/// Failures allowed per account and per address within the window.
const FAILURES: u64 = 10;
const WINDOW: Duration = Duration::from_secs(15 * 60);

/// What became of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignIn {
    Welcome(AccountId),
    /// Unknown name, wrong password or disabled account: not told apart.
    Refused,
    /// Too many failures; try again later.
    Throttled,
}

/// Checks a name and a password coming from `address`.
pub async fn sign_in(db: &Db, cache: &Cache, login: &str, password: &str, address: &str) -> Result<SignIn> {
    let login = login.trim().to_lowercase();
    let counters = [format!("sign-in:account:{login}"), format!("sign-in:address:{address}")];
    for counter in &counters {
        if cache.count(counter).await >= FAILURES {
            return Ok(SignIn::Throttled);
        }
    }
    let found = accounts::Entity::find().filter(accounts::Column::Login.eq(&login)).one(db.outside_read()).await?;
    let account = found.filter(|account| account.disabled_at.is_none());
    let hash = account.as_ref().map(|account| account.password_hash.clone());
    if verify(hash, password.to_owned()).await?
        && let Some(account) = account
    {
        cache.remove(&counters[0]).await;
        return Ok(SignIn::Welcome(account.id));
    }
    for counter in &counters {
        cache.increment(counter, WINDOW).await;
    }
    Ok(SignIn::Refused)
}

/// Verifies against the account's hash, or against a stranger's, so that both take as long.
async fn verify(hash: Option<String>, password: String) -> Result<bool> {
    static STRANGER: LazyLock<String> = LazyLock::new(|| hash_password("nobody has this password").unwrap_or_default());
    let _turn = HASHING.acquire().await.map_err(Error::internal)?;
    let known = hash.is_some();
    let matches = tokio::task::spawn_blocking(move || {
        let hash = hash.unwrap_or_else(|| STRANGER.clone());
        let parsed = PasswordHash::new(&hash);
        parsed.is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
    });
    Ok(matches.await.map_err(Error::internal)? && known)
}

/// The tenants an account is a member of, by name.
pub async fn tenants_of(db: &Db, account: AccountId) -> Result<Vec<TenantHead>> {
    let mut mine = Vec::new();
    for (head, _) in super::operator::list_tenants(db).await? {
        if caller_of(db, account, head.id).await?.is_some() {
            mine.push(head);
        }
    }
    Ok(mine)
}

/// The account as a caller in the tenant; `None` when it holds no role there or is disabled.
pub async fn caller_of(db: &Db, account: AccountId, tenant: TenantId) -> Result<Option<Caller>> {
    let known = tenants::Entity::find_by_id(tenant).select_only().column(tenants::Column::Id);
    if known.into_tuple::<TenantId>().one(db.outside_read()).await?.is_none() {
        return Ok(None);
    }
    let found = accounts::Entity::find_by_id(account).one(db.outside_read()).await?;
    let Some(found) = found.filter(|found| found.disabled_at.is_none()) else { return Ok(None) };
    let tx = db.read(&Caller::citizen(tenant)).await?;
    let mine = tx.scoped::<members::Entity>().filter(members::Column::AccountId.eq(account));
    let current = mine.filter(members::Column::ValidTo.is_null()).all(tx.conn()).await?;
    let grant = |member: members::Model| Some(Grant { role: Role::parse(&member.role)?, unit: member.unit_id });
    let grants: Vec<Grant> = current.into_iter().filter_map(grant).collect();
    let caller = Caller { tenant, account: Some(account), name: found.display_name, grants };
    Ok(Some(caller).filter(|caller| !caller.grants.is_empty()))
}
