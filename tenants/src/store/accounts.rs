//! The rows of accounts and of their sessions, written inside the turn of the authority that acts.

use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use time::OffsetDateTime;

use super::entities::{accounts, sessions};
use super::{Tx, sha256_hex};
use crate::Result;
use crate::ids::AccountId;

/// A new account; without a hash nobody can sign in with it yet.
pub(crate) struct NewRow {
    pub login: String,
    pub name: String,
    pub email: Option<String>,
    pub hash: Option<String>,
}

pub(crate) async fn insert(tx: &Tx, new: NewRow) -> Result<AccountId> {
    let id = AccountId::new();
    let account = accounts::ActiveModel {
        id: Set(id),
        login: Set(new.login),
        email: Set(new.email),
        display_name: Set(new.name),
        password_hash: Set(new.hash.unwrap_or_default()),
        created_at: Set(tx.now()),
        disabled_at: Set(None),
        mail_daily: Set(false),
        unlocked_at: Set(None),
    };
    accounts::Entity::insert(account).exec_without_returning(tx.conn()).await?;
    Ok(id)
}

/// Says whether there is such an account that is not disabled. What failed before no longer counts.
pub(crate) async fn set_hash(tx: &Tx, account: AccountId, hash: String) -> Result<bool> {
    let mine = accounts::Entity::update_many().filter(accounts::Column::Id.eq(account));
    let mine = mine.col_expr(accounts::Column::PasswordHash, Expr::value(hash));
    let mine = mine.col_expr(accounts::Column::UnlockedAt, Expr::value(tx.now()));
    let written = mine.filter(accounts::Column::DisabledAt.is_null()).exec(tx.conn()).await?;
    Ok(written.rows_affected == 1)
}

pub(crate) async fn set_disabled(tx: &Tx, account: AccountId, at: Option<OffsetDateTime>) -> Result<()> {
    let mine = accounts::Entity::update_many().filter(accounts::Column::Id.eq(account));
    mine.col_expr(accounts::Column::DisabledAt, Expr::value(at)).exec(tx.conn()).await?;
    Ok(())
}

pub(crate) async fn set_unlocked(tx: &Tx, account: AccountId) -> Result<()> {
    let mine = accounts::Entity::update_many().filter(accounts::Column::Id.eq(account));
    mine.col_expr(accounts::Column::UnlockedAt, Expr::value(tx.now())).exec(tx.conn()).await?;
    Ok(())
}

/// Ends an account's sessions, but for one. What a cache still tells of them lets nobody in.
pub(crate) async fn end_sessions(tx: &Tx, account: AccountId, but: Option<&str>) -> Result<()> {
    let theirs = sessions::Entity::delete_many().filter(sessions::Column::AccountId.eq(account));
    let theirs = match but {
        Some(id) => theirs.filter(sessions::Column::IdHash.ne(sha256_hex(id.as_bytes()))),
        None => theirs,
    };
    theirs.exec(tx.conn()).await?;
    Ok(())
}
