//! Signing in: from a name and a password to an account, from an account to a caller in a tenant.
//!
//! Unknown names cost the same time as wrong passwords; hashing has threads of its own; failures slow down whoever makes
//! them (`slowing`). What becomes of an attempt is logged in the authority the account belongs to.

use std::time::Duration;

use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait};
use serde_json::json;

use super::entities::{accounts, members, sessions, tenants};
use super::hashing::{self, Lane};
use super::operator::head;
use super::places::{self, Known};
use super::slowing::{self, Turn};
use super::{Db, sha256_hex};
use crate::Result;
use crate::audit::{self, Event};
use crate::cache::Cache;
use crate::caller::{Caller, Grant, Role};
use crate::collation;
use crate::ids::{AccountId, TenantId};
use crate::tenant::TenantHead;

pub use super::places::Place;

/// Longest name and password looked at, in bytes.
const LONGEST_LOGIN: usize = 200;
const LONGEST_PASSWORD: usize = 1000;
/// What somebody who found the queue full is told to wait.
const QUEUE: Duration = Duration::from_secs(5);

/// What became of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignIn {
    /// `device` is what the browser keeps to be known by next time.
    Welcome { account: AccountId, device: String },
    /// Unknown name, wrong password or disabled account: not told apart.
    Refused,
    /// Too many failures from here, or too many people at once: the password was not looked at.
    Throttled { wait: Duration },
}

/// Checks a name and a password coming from a place.
pub async fn sign_in(db: &Db, cache: &Cache, login: &str, password: &str, place: Place<'_>) -> Result<SignIn> {
    let outcome = prove(db, cache, login, password, place).await?;
    if let SignIn::Welcome { account, .. } = &outcome {
        log(db, *account, "account.sign_in", place.address).await?;
    }
    Ok(outcome)
}

/// The same for somebody who is in already and shows once more who it is.
pub(crate) async fn prove(db: &Db, cache: &Cache, login: &str, password: &str, place: Place<'_>) -> Result<SignIn> {
    let login = login.trim().to_lowercase();
    if login.len() > LONGEST_LOGIN || password.len() > LONGEST_PASSWORD {
        return Ok(SignIn::Refused);
    }
    let found = accounts::Entity::find().filter(accounts::Column::Login.eq(&login));
    let account = db.ask(found.one(db.outside_read())).await?.filter(|account| account.disabled_at.is_none());
    let known = match &account {
        Some(account) => places::known(db, account.id, place).await?,
        None => Known::Not,
    };
    let attempt = match slowing::turn(cache, &counted_as(&login, account.as_ref()), place, known).await {
        Turn::Now(attempt) => attempt,
        Turn::Later { wait, first } => {
            if let Some(account) = account.as_ref().filter(|_| first) {
                log(db, account.id, "account.slow", place.address).await?;
            }
            return Ok(SignIn::Throttled { wait });
        }
    };
    let lane = if known == Known::Not { Lane::Strangers } else { Lane::Known };
    // Whoever was invited and has no password yet is refused as slowly as everybody else.
    let hash = account.as_ref().map(|account| account.password_hash.clone()).filter(|hash| !hash.is_empty());
    let Some(matches) = hashing::verify(lane, hash, password.to_owned()).await? else {
        attempt.unmade(cache).await;
        return Ok(SignIn::Throttled { wait: QUEUE });
    };
    let Some(account) = account else { return Ok(SignIn::Refused) };
    if !matches {
        log(db, account.id, "account.refuse", place.address).await?;
        return Ok(SignIn::Refused);
    }
    attempt.forgive(cache).await;
    let device = places::remember(db, account.id, place).await?;
    Ok(SignIn::Welcome { account: account.id, device })
}

/// The name failures are counted under. Unlocking an account gives it another one: what was counted before, in whichever
/// server's memory, no longer slows anybody down.
fn counted_as(login: &str, account: Option<&accounts::Model>) -> String {
    match account.and_then(|account| account.unlocked_at) {
        Some(since) => format!("{login}\n{}", since.unix_timestamp_nanos()),
        None => login.to_owned(),
    }
}

/// Notes that the account signed out, here or everywhere.
pub async fn signed_out(db: &Db, account: AccountId, everywhere: bool, address: &str) -> Result<()> {
    log(db, account, if everywhere { "account.sign_out_all" } else { "account.sign_out" }, address).await
}

/// An entry in the log of the first authority the account belongs to. Somebody without a role belongs to none.
async fn log(db: &Db, account: AccountId, action: &'static str, address: &str) -> Result<()> {
    let Some(tenant) = tenants_of(db, account).await?.into_iter().next() else { return Ok(()) };
    // Whoever was refused need not be the person.
    let caller = match action {
        "account.refuse" | "account.slow" => Caller::system(tenant.id),
        _ => caller_of(db, account, tenant.id, None).await?.unwrap_or_else(|| Caller::system(tenant.id)),
    };
    let tx = db.begin(&caller).await?;
    let detail = json!({ "address": address });
    audit::record(&tx, Event { action, subject: ("account", account.to_string()), detail }).await?;
    tx.commit().await
}

/// The tenants an account holds a role in, by name.
pub async fn tenants_of(db: &Db, account: AccountId) -> Result<Vec<TenantHead>> {
    let tx = db.read_own(account).await?;
    let mine = members::Entity::find().filter(in_force(db)).filter(members::Column::AccountId.eq(account));
    let tenants: Vec<TenantId> = mine.all(&tx).await?.into_iter().map(|member| member.tenant_id).collect();
    let found = tenants::Entity::find().filter(tenants::Column::Id.is_in(tenants));
    let mut found: Vec<TenantHead> = found.all(&tx).await?.into_iter().map(head).collect();
    found.sort_by(|a, b| collation::names(&a.name, &b.name));
    Ok(found)
}

/// The account as a caller in the tenant; `None` when it holds no role there or is disabled, and when the session named is
/// not, or no longer, one of its own: the database decides, whatever a cache still tells.
pub async fn caller_of(db: &Db, account: AccountId, tenant: TenantId, session: Option<&str>) -> Result<Option<Caller>> {
    let tx = db.read(&Caller::citizen(tenant)).await?;
    let mut mine = tx.scoped::<members::Entity>().filter(in_force(db)).filter(members::Column::AccountId.eq(account));
    if let Some(id) = session {
        let live = sessions::Entity::find_by_id(sha256_hex(id.as_bytes())).select_only();
        let live = live.column(sessions::Column::AccountId).filter(sessions::Column::ExpiresAt.gt(db.clock.now()));
        mine = mine.filter(members::Column::AccountId.in_subquery(live.into_query()));
    }
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
