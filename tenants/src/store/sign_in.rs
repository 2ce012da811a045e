//! Signing in: from a name and a password to an account, from an account to a caller in a tenant.
//!
//! Unknown names cost the same time as wrong passwords; hashing is bounded, so a flood cannot eat all cores;
//! attempts are counted per account and per address before they are judged and refused past the limit.

use std::sync::LazyLock;
use std::time::Duration;

use argon2::{Argon2, PasswordHash, PasswordVerifier};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};
use tokio::sync::Semaphore;

use super::Db;
use super::entities::{accounts, members, tenants};
use super::operator::{hash_password, head};
use crate::cache::Cache;
use crate::caller::{Caller, Grant, Role};
use crate::ids::{AccountId, TenantId};
use crate::tenant::TenantHead;
use crate::{Error, Result};

/// Hashes at once: each takes 19 MiB and tens of milliseconds.
static HASHING: Semaphore = Semaphore::const_new(2);
/// Longest wait for one's turn to be hashed.
const QUEUE: Duration = Duration::from_secs(5);
/// Failures allowed within the window, per account.
const PER_ACCOUNT: i64 = 10;
/// Per address: a whole office may stand behind one.
const PER_ADDRESS: i64 = 100;
const WINDOW: Duration = Duration::from_secs(15 * 60);

/// What became of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignIn {
    Welcome(AccountId),
    /// Unknown name, wrong password or disabled account: not told apart.
    Refused,
    /// Too many failures, or too many people at once; try again later.
    Throttled,
}

/// Checks a name and a password coming from `address`.
pub async fn sign_in(db: &Db, cache: &Cache, login: &str, password: &str, address: &str) -> Result<SignIn> {
    let login = login.trim().to_lowercase();
    let by_account = format!("sign-in:account:{login}");
    let by_address = format!("sign-in:address:{address}");
    // Counted first: many attempts at the same moment all count.
    if cache.add(&by_address, 1, WINDOW).await > PER_ADDRESS || cache.add(&by_account, 1, WINDOW).await > PER_ACCOUNT {
        return Ok(SignIn::Throttled);
    }
    let found = accounts::Entity::find().filter(accounts::Column::Login.eq(&login)).one(db.outside_read()).await?;
    let account = found.filter(|account| account.disabled_at.is_none());
    let hash = account.as_ref().map(|account| account.password_hash.clone());
    let Some(matches) = verify(hash, password.to_owned()).await? else {
        return Ok(SignIn::Throttled);
    };
    let Some(account) = account.filter(|_| matches) else {
        return Ok(SignIn::Refused);
    };
    cache.remove(&by_account).await;
    cache.add(&by_address, -1, WINDOW).await;
    Ok(SignIn::Welcome(account.id))
}

/// Verifies against the account's hash, or against a stranger's, so that both take as long.
/// `None` when its turn did not come in time.
async fn verify(hash: Option<String>, password: String) -> Result<Option<bool>> {
    static STRANGER: LazyLock<String> = LazyLock::new(|| hash_password("nobody has this password").unwrap_or_default());
    let Ok(turn) = tokio::time::timeout(QUEUE, HASHING.acquire()).await else {
        return Ok(None);
    };
    let turn = turn.map_err(Error::internal)?;
    let matches = tokio::task::spawn_blocking(move || {
        let _turn = turn; // kept by the work itself: a caller that goes away does not free its place
        let hash = hash.unwrap_or_else(|| STRANGER.clone());
        let parsed = PasswordHash::new(&hash);
        parsed.is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
    });
    Ok(Some(matches.await.map_err(Error::internal)?))
}

/// The tenants an account holds a role in, by name.
pub async fn tenants_of(db: &Db, account: AccountId) -> Result<Vec<TenantHead>> {
    let tx = db.read_own(account).await?;
    let mine = members::Entity::find().filter(in_force(db)).filter(members::Column::AccountId.eq(account));
    let tenants: Vec<TenantId> = mine.all(&tx).await?.into_iter().map(|member| member.tenant_id).collect();
    let found = tenants::Entity::find().filter(tenants::Column::Id.is_in(tenants));
    Ok(found.order_by_asc(tenants::Column::Name).all(&tx).await?.into_iter().map(head).collect())
}

/// The account as a caller in the tenant; `None` when it holds no role there or is disabled.
pub async fn caller_of(db: &Db, account: AccountId, tenant: TenantId) -> Result<Option<Caller>> {
    let tx = db.read(&Caller::citizen(tenant)).await?;
    let mine = tx.scoped::<members::Entity>().filter(in_force(db)).filter(members::Column::AccountId.eq(account));
    let rows = mine.find_also_related(accounts::Entity).all(tx.conn()).await?;
    let Some(found) = rows.first().and_then(|(_, account)| account.clone()) else {
        return Ok(None);
    };
    if found.disabled_at.is_some() {
        return Ok(None);
    }
    let grant = |member: members::Model| Some(Grant { role: Role::parse(&member.role)?, unit: member.unit_id });
    let grants: Vec<Grant> = rows.into_iter().filter_map(|(member, _)| grant(member)).collect();
    let caller = Caller { tenant, account: Some(account), name: found.display_name, grants };
    Ok(Some(caller).filter(|caller| !caller.grants.is_empty()))
}

fn in_force(db: &Db) -> Condition {
    let now = db.clock.now();
    let not_over = Condition::any().add(members::Column::ValidTo.is_null()).add(members::Column::ValidTo.gt(now));
    Condition::all().add(members::Column::ValidFrom.lte(now)).add(not_over)
}
