//! Sessions in the database, by its clock.

use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, DbBackend, EntityTrait, QueryFilter, QuerySelect};

use super::StoredSession;
use crate::ids::AccountId;
use crate::store::entities::sessions;
use crate::store::{Db, sha256_hex};
use crate::{Error, Result};

pub async fn create(db: &Db, id: &str, session: &StoredSession) -> Result<()> {
    let row = sessions::ActiveModel {
        id_hash: Set(sha256_hex(id.as_bytes())),
        account_id: Set(session.account),
        tenant_id: Set(None),
        data: Set(session.data.clone()),
        expires_at: Set(session.expires_at),
        touched_at: Set(db.clock.now()),
    };
    db.ask(sessions::Entity::insert(row).exec_without_returning(db.outside())).await?;
    Ok(())
}

pub async fn save(db: &Db, id: &str, session: &StoredSession) -> Result<()> {
    let update = sessions::Entity::update_many()
        .col_expr(sessions::Column::AccountId, Expr::value(session.account))
        .col_expr(sessions::Column::Data, Expr::value(session.data.as_str()))
        .col_expr(sessions::Column::ExpiresAt, Expr::value(session.expires_at))
        .col_expr(sessions::Column::TouchedAt, Expr::value(db.clock.now()))
        .filter(sessions::Column::IdHash.eq(sha256_hex(id.as_bytes())));
    let written = db.ask(update.exec(db.outside())).await?;
    if written.rows_affected == 0 { Err(Error::NotFound) } else { Ok(()) }
}

pub async fn load(db: &Db, id: &str) -> Result<Option<StoredSession>> {
    let found = db.ask(sessions::Entity::find_by_id(sha256_hex(id.as_bytes())).one(db.outside_read())).await?;
    let live = found.filter(|row| row.expires_at > db.clock.now());
    Ok(live.map(|row| StoredSession { account: row.account_id, data: row.data, expires_at: row.expires_at }))
}

/// Bytes a probe of a file writes: more than any save of a clerk, so that what is left on a full disk does not pass for room.
/// A server of databases looks after its own disk.
const PROBE: usize = 128 << 10;

/// Writes a row nobody can sign in by, as large as a save, reads it on a connection that only reads, and takes it away.
pub async fn write_and_read_back(db: &Db) -> Result<()> {
    let id = uuid::Uuid::now_v7().to_string();
    let embedded = db.outside().get_database_backend() == DbBackend::Sqlite;
    let data = if embedded { "-".repeat(PROBE) } else { String::new() };
    create(db, &id, &StoredSession { account: None, data, expires_at: db.clock.now() }).await?;
    let found = db.ask(sessions::Entity::find_by_id(sha256_hex(id.as_bytes())).one(db.outside_read())).await?;
    delete(db, &id).await?;
    found.map(drop).ok_or_else(|| Error::internal("what was written cannot be read"))
}

pub async fn delete(db: &Db, id: &str) -> Result<()> {
    db.ask(sessions::Entity::delete_by_id(sha256_hex(id.as_bytes())).exec(db.outside())).await?;
    Ok(())
}

/// Answers the keys of what was deleted.
pub async fn delete_all_of(db: &Db, account: AccountId) -> Result<Vec<String>> {
    let mine = sessions::Entity::find().filter(sessions::Column::AccountId.eq(account));
    let keys = mine.select_only().column(sessions::Column::IdHash).into_tuple();
    let keys = db.ask(keys.all(db.outside())).await?;
    let mine = sessions::Entity::delete_many().filter(sessions::Column::AccountId.eq(account));
    db.ask(mine.exec(db.outside())).await?;
    Ok(keys)
}

pub async fn sweep(db: &Db) -> Result<u64> {
    let expired = sessions::Entity::delete_many().filter(sessions::Column::ExpiresAt.lt(db.clock.now()));
    Ok(db.ask(expired.exec(db.outside())).await?.rows_affected)
}
