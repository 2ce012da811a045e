//! What an authority does with the accounts of its people.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QuerySelect, Statement};
use serde_json::json;
use time::OffsetDateTime;

use super::{AccountState, HeldRole, NewPerson, Password, Person, links};
use crate::audit::{self, Event};
use crate::caller::Role;
use crate::collation;
use crate::ids::AccountId;
use crate::policy::{Action, Subject};
use crate::store::entities::{accounts, audit_entries, members};
use crate::store::{Db, Tx, accounts as rows, operator};
use crate::units;
use crate::{Error, Problem, Result};

/// Longest name, sign-in name and address, in characters.
const LONGEST: usize = 200;

/// Everybody who has a role in the authority, or had the last one taken, by name.
pub async fn list(tx: &Tx) -> Result<Vec<Person>> {
    tx.allow(Action::ManageMembers, Subject::Tenant)?;
    let rows = tx.scoped::<members::Entity>().find_also_related(accounts::Entity).all(tx.conn()).await?;
    let units: HashMap<_, _> = units::list(tx).await?.into_iter().map(|unit| (unit.id, unit.name)).collect();
    let seen = last_sign_ins(tx).await?;
    let mut people: HashMap<AccountId, Person> = HashMap::new();
    for (member, account) in rows {
        let Some(account) = account else { continue };
        let id = account.id;
        let person = people.entry(id).or_insert_with(|| person(account, seen.get(&id).copied()));
        let in_force = member.valid_to.is_none_or(|end| end > tx.now());
        if let Some(role) = Role::parse(&member.role).filter(|_| in_force) {
            let unit = member.unit_id.map(|unit| (unit, units.get(&unit).cloned().unwrap_or_default()));
            person.roles.push(HeldRole { id: member.id, role, unit });
        }
    }
    let mut people: Vec<Person> = people.into_values().collect();
    for person in &mut people {
        person.roles.sort_by(|a, b| a.role.cmp(&b.role).then_with(|| a.unit.cmp(&b.unit)));
    }
    people.sort_by(|a, b| collation::people(&a.name, &b.name).then_with(|| a.login.cmp(&b.login)));
    Ok(people)
}

/// One of them, and whether this authority looks after the account.
pub async fn get(tx: &Tx, account: AccountId) -> Result<(Person, bool)> {
    let found = list(tx).await?.into_iter().find(|person| person.id == account).ok_or(Error::NotFound)?;
    let is_ours = !elsewhere(tx, account).await?;
    Ok((found, is_ours))
}

fn person(account: accounts::Model, last_sign_in: Option<OffsetDateTime>) -> Person {
    let state = state(&account);
    let accounts::Model { id, login, display_name: name, email, .. } = account;
    Person { id, login, name, email, state, last_sign_in, roles: Vec::new() }
}

fn state(account: &accounts::Model) -> AccountState {
    match account {
        account if account.disabled_at.is_some() => AccountState::Disabled,
        account if account.password_hash.is_empty() => AccountState::Invited,
        _ => AccountState::Active,
    }
}

async fn last_sign_ins(tx: &Tx) -> Result<HashMap<AccountId, OffsetDateTime>> {
    let entries = tx.scoped::<audit_entries::Entity>().filter(audit_entries::Column::Action.eq("account.sign_in"));
    let last = entries.select_only().column(audit_entries::Column::SubjectId);
    let last = last.column_as(audit_entries::Column::At.max(), "at").group_by(audit_entries::Column::SubjectId);
    let last: Vec<(String, OffsetDateTime)> = last.into_tuple().all(tx.conn()).await?;
    Ok(last.into_iter().filter_map(|(id, at)| Some((id.parse().ok()?, at))).collect())
}

/// Whether the account has, or had, a role in another authority.
async fn elsewhere(tx: &Tx, account: AccountId) -> Result<bool> {
    // Row-level security shows an account's own roles, whichever authority they are in.
    own_rows(tx, &account.to_string()).await?;
    let theirs = members::Entity::find().filter(members::Column::AccountId.eq(account));
    let theirs = theirs.filter(members::Column::TenantId.ne(tx.tenant())).one(tx.conn()).await?;
    own_rows(tx, "").await?;
    Ok(theirs.is_some())
}

async fn own_rows(tx: &Tx, account: &str) -> Result<()> {
    if tx.conn().get_database_backend() == DbBackend::Postgres {
        let set = "SELECT set_config('app.account_id', $1, true)";
        tx.conn().execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, set, [account.into()])).await?;
    }
    Ok(())
}

/// An account the caller may do something to: of this authority, and of no other unless the operator asks.
pub(super) async fn ours(tx: &Tx, account: AccountId) -> Result<accounts::Model> {
    let here = tx.scoped::<members::Entity>().filter(members::Column::AccountId.eq(account));
    here.one(tx.conn()).await?.ok_or(Error::NotFound)?;
    if !tx.caller().has(Role::Operator) && elsewhere(tx, account).await? {
        return Err(Error::Forbidden);
    }
    accounts::Entity::find_by_id(account).one(tx.conn()).await?.ok_or(Error::NotFound)
}

/// The account of a sign-in name, made if there is none; says whether it was. Without a password it waits for a link
/// (`send`). Somebody who is there already keeps name and address. `Err(Invalid)` names an empty or overlong field.
pub async fn create(tx: &Tx, new: &NewPerson, password: Option<Password>) -> Result<(AccountId, bool)> {
    tx.allow(Action::ManageMembers, Subject::Tenant)?;
    let (login, name) = (new.login.trim().to_lowercase(), new.name.trim());
    check(&login, new)?;
    if let Some(found) = by_login(tx.conn(), &login).await? {
        return Ok((found.id, false));
    }
    if name.is_empty() {
        return Err(invalid("name", "Hãy nhập họ và tên."));
    }
    let email = new.email.as_deref().map(str::trim).filter(|email| !email.is_empty()).map(str::to_owned);
    let hash = password.map(|password| password.0);
    let new = rows::NewRow { login: login.clone(), name: name.into(), email, hash };
    let id = rows::insert(tx, new).await?;
    let detail = json!({ "name": name, "login": login });
    audit::record(tx, Event { action: "account.create", subject: ("account", id.to_string()), detail }).await?;
    Ok((id, true))
}

fn check(login: &str, new: &NewPerson) -> Result<()> {
    let mut problems = Vec::new();
    let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || ".-_@".contains(letter);
    if login.is_empty() || login.len() > LONGEST || !login.chars().all(plain) {
        let message = "Tên đăng nhập chỉ gồm chữ không dấu, chữ số và các dấu . - _ @.";
        problems.push(Problem::new("login", message));
    }
    if new.name.trim().chars().count() > LONGEST {
        problems.push(Problem::new("name", "Họ và tên dài quá 200 ký tự."));
    }
    let email = new.email.as_deref().map(str::trim).filter(|email| !email.is_empty());
    let is_address = |email: &str| {
        let parts: Vec<&str> = email.split('@').collect();
        matches!(parts[..], [name, host] if !name.is_empty() && host.contains('.'))
            && !email.contains(char::is_whitespace)
    };
    if email.is_some_and(|email| email.len() > LONGEST || !is_address(email)) {
        problems.push(Problem::new("email", "Địa chỉ thư điện tử không đúng, ví dụ đúng: an.nv@example.vn."));
    }
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

pub(super) async fn by_login(conn: &impl ConnectionTrait, login: &str) -> Result<Option<accounts::Model>> {
    Ok(accounts::Entity::find().filter(accounts::Column::Login.eq(login)).one(conn).await?)
}

/// The account of a sign-in name, for whoever runs the installation.
pub async fn find(db: &Db, login: &str) -> Result<Option<(AccountId, AccountState)>> {
    let found = operator::account_by_login(db, login).await?;
    Ok(found.map(|account| (account.id, state(&account))))
}

/// Gives an account another password. Its sessions end.
pub async fn set_password(tx: &Tx, account: AccountId, password: Password) -> Result<()> {
    tx.allow(Action::ManageMembers, Subject::Tenant)?;
    ours(tx, account).await?;
    if !rows::set_hash(tx, account, password.0).await? {
        return Err(Error::Conflict("Tài khoản đang bị khóa; hãy mở lại trước khi đặt mật khẩu.".into()));
    }
    links::end_all(tx, account).await?;
    rows::end_sessions(tx, account, None).await?;
    log(tx, account, "account.password").await
}

/// Keeps somebody out, everywhere and at once; doing it again changes nothing. `Err(Conflict)` for the caller's own account
/// and for the last administrator.
pub async fn disable(tx: &Tx, account: AccountId) -> Result<()> {
    tx.allow(Action::ManageMembers, Subject::Tenant)?;
    if ours(tx, account).await?.disabled_at.is_some() {
        return Ok(());
    }
    if tx.caller().account == Some(account) {
        return Err(Error::Conflict("Không ai tự khóa tài khoản của mình; hãy nhờ một quản trị khác.".into()));
    }
    crate::members::leave_an_administrator(tx, |member| member.account_id != account).await?;
    rows::set_disabled(tx, account, Some(tx.now())).await?;
    links::end_all(tx, account).await?;
    rows::end_sessions(tx, account, None).await?;
    log(tx, account, "account.disable").await
}

/// Lets somebody in again. Sessions of before stay ended.
pub async fn enable(tx: &Tx, account: AccountId) -> Result<()> {
    tx.allow(Action::ManageMembers, Subject::Tenant)?;
    if ours(tx, account).await?.disabled_at.is_none() {
        return Ok(());
    }
    rows::set_disabled(tx, account, None).await?;
    log(tx, account, "account.enable").await
}

/// Forgets the failed attempts that slow the account's sign-in down, wherever they were made.
pub async fn unlock(tx: &Tx, account: AccountId) -> Result<()> {
    tx.allow(Action::ManageMembers, Subject::Tenant)?;
    ours(tx, account).await?;
    rows::set_unlocked(tx, account).await?;
    log(tx, account, "account.unlock").await
}

async fn log(tx: &Tx, account: AccountId, action: &'static str) -> Result<()> {
    audit::record(tx, Event { action, subject: ("account", account.to_string()), detail: json!({}) }).await
}

fn invalid(field: &str, message: &str) -> Error {
    Error::Invalid(vec![Problem::new(field, message)])
}
