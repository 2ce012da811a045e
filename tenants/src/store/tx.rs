//! A transaction for one caller in one tenant. Every query of tenant data starts here.
//!
//! **The order of locks.** An act that writes takes its tenant's *turn* as the first thing it does, before it reads
//! anything (`Db::begin`): on PostgreSQL an advisory lock that ends with the transaction, on SQLite the lock of the one
//! writer. Everything else – period, group, sheet, rows, the audit chain's end – is locked after it, by the statements
//! that write it. So acts of one tenant come one after the other, whatever they touch and in whatever order: none is
//! overtaken between reading and writing, none waits for one that waits for it, and the audit chain has no forks. What
//! belongs to no tenant (accounts, sessions) is written by single statements, which take no turn and hold nothing.

use std::any::{Any, TypeId};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};

use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, DbErr,
    DeleteMany, EntityTrait, IntoActiveModel, QueryFilter, Select, Statement, UpdateMany,
};
use time::OffsetDateTime;
use uuid::Uuid;

use super::clock::Clock;
use crate::Result;
use crate::audit::{self, ChainEnd};
use crate::caller::Caller;
use crate::ids::TenantId;
use crate::policy::{self, Action, Subject};
use crate::store::vouch::{self, Prints, Vouched};

/// An entity whose rows belong to a tenant. What is not one does not compile in `Tx::scoped`.
pub trait TenantEntity: EntityTrait {
    /// Whether the log vouches for its rows: an entry of the same transaction carries their fingerprints.
    const VOUCHED: bool;

    fn tenant_column() -> Self::Column;

    /// Whether a column is part of a row's fingerprint.
    fn is_vouched(column: Self::Column) -> bool;
}

/// A row to be written into the caller's tenant.
pub trait TenantRow: ActiveModelTrait<Entity: TenantEntity> {
    fn set_tenant(&mut self, tenant: TenantId);
}

/// Rows per statement: below every bind-parameter limit for our widest table.
const CHUNK: usize = 500;

/// What a transaction remembers, by its type and the key it was kept under.
type Memory = HashMap<(TypeId, Uuid), Box<dyn Any + Send + Sync>>;

/// What a transaction is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    Reads,
    /// In its tenant's turn.
    Writes,
}

pub struct Tx {
    conn: DatabaseTransaction,
    caller: Caller,
    now: OffsetDateTime,
    chain_end: Mutex<Option<ChainEnd>>,
    memory: Mutex<Memory>,
    /// Of rows written and not yet told to the log.
    prints: Mutex<Prints>,
    /// Tables of which rows were updated in place; which ones is read again when the log is told.
    updated: Mutex<BTreeSet<&'static str>>,
}

/// An empty row of the caller's tenant, for `..new_row(tx)`.
pub fn new_row<A: TenantRow + ActiveModelBehavior>(tx: &Tx) -> A {
    let mut row = <A as ActiveModelTrait>::default();
    row.set_tenant(tx.tenant());
    row
}

impl Tx {
    pub(super) async fn open(
        conn: DatabaseTransaction,
        caller: &Caller,
        clock: &Clock,
        access: Access,
    ) -> std::result::Result<Tx, DbErr> {
        let mut now = clock.now();
        if conn.get_database_backend() == DbBackend::Postgres {
            let opening = match access {
                Access::Reads => "SELECT clock_timestamp(), set_config('app.tenant_id', $1, true)",
                Access::Writes => {
                    "SELECT clock_timestamp(), set_config('app.tenant_id', $1, true)
                     FROM (SELECT pg_advisory_xact_lock(hashtextextended($1, 2001)) OFFSET 0) AS turn"
                }
            };
            let tenant = caller.tenant.to_string();
            let opening = Statement::from_sql_and_values(DbBackend::Postgres, opening, [tenant.into()]);
            if let Some(row) = conn.query_one_raw(opening).await? {
                now = clock.told(row.try_get_by_index(0)?);
            }
        }
        Ok(Tx {
            conn,
            caller: caller.clone(),
            now,
            chain_end: Mutex::default(),
            memory: Mutex::default(),
            prints: Mutex::default(),
            updated: Mutex::default(),
        })
    }

    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    pub fn tenant(&self) -> TenantId {
        self.caller.tenant
    }

    /// One moment for the whole transaction, UTC, by the database's clock; in the order of the turns.
    pub fn now(&self) -> OffsetDateTime {
        self.now
    }

    /// Makes everything written durable, and has the log vouch for what was written after its last entry.
    pub async fn commit(self) -> Result<()> {
        audit::close(&self).await?;
        Ok(self.conn.commit().await?)
    }

    /// `Err(NotFound)` for a sheet the caller may not even see, `Err(Forbidden)` otherwise.
    #[track_caller]
    pub fn allow(&self, action: Action, subject: Subject) -> Result<()> {
        policy::allow(&self.caller, action, subject)
    }

    /// The end of the audit chain, once this transaction has read it in its turn.
    pub(crate) fn chain_end(&self) -> Option<ChainEnd> {
        self.chain_end.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// To be told only what was read in the tenant's turn.
    pub(crate) fn hold_chain_end(&self, end: ChainEnd) {
        *self.chain_end.lock().unwrap_or_else(PoisonError::into_inner) = Some(end);
    }

    /// What this transaction has read and kept under a key, so that it is read once.
    pub(crate) fn remembered<T: Clone + Send + Sync + 'static>(&self, key: Uuid) -> Option<T> {
        let memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        memory.get(&(TypeId::of::<T>(), key)).and_then(|kept| kept.downcast_ref::<T>().cloned())
    }

    pub(crate) fn remember<T: Clone + Send + Sync + 'static>(&self, key: Uuid, value: T) {
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        memory.insert((TypeId::of::<T>(), key), Box::new(value));
    }

    /// To be told when something was written that was remembered.
    pub(crate) fn forget<T: 'static>(&self) {
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        memory.retain(|(kind, _), _| *kind != TypeId::of::<T>());
    }

    pub(crate) fn conn(&self) -> &DatabaseTransaction {
        &self.conn
    }

    /// The tenant's rows of an entity.
    pub(crate) fn scoped<E: TenantEntity>(&self) -> Select<E> {
        E::find().filter(E::tenant_column().eq(self.tenant()))
    }

    pub(crate) fn update_many<E: TenantEntity>(&self) -> UpdateMany<E> {
        if E::VOUCHED {
            self.updated.lock().unwrap_or_else(PoisonError::into_inner).insert(vouch::table::<E>());
        }
        self.update_aside()
    }

    /// To update columns that are no part of a fingerprint, or a row that was vouched for as it will stand.
    pub(crate) fn update_aside<E: TenantEntity>(&self) -> UpdateMany<E> {
        E::update_many().filter(E::tenant_column().eq(self.tenant()))
    }

    pub(crate) fn delete_many<E: TenantEntity>(&self) -> DeleteMany<E> {
        E::delete_many().filter(E::tenant_column().eq(self.tenant()))
    }

    pub(crate) async fn insert<A: TenantRow>(&self, mut row: A) -> Result<()> {
        row.set_tenant(self.tenant());
        self.vouch(&row);
        A::Entity::insert(row).exec_without_returning(&self.conn).await?;
        Ok(())
    }

    pub(crate) async fn insert_many<A>(&self, rows: Vec<A>) -> Result<()>
    where
        A: TenantRow + Clone + IntoActiveModel<A>,
    {
        for chunk in rows.chunks(CHUNK) {
            let rows = chunk.iter().cloned().map(|row| self.own(row));
            A::Entity::insert_many(rows).exec_without_returning(&self.conn).await?;
        }
        Ok(())
    }

    /// Inserts, or does to the existing row what `conflict` says.
    pub(crate) async fn upsert<A>(&self, rows: Vec<A>, conflict: OnConflict) -> Result<()>
    where
        A: TenantRow + Clone + IntoActiveModel<A>,
    {
        for chunk in rows.chunks(CHUNK) {
            let rows = chunk.iter().cloned().map(|row| self.own(row));
            let insert = A::Entity::insert_many(rows).on_conflict(conflict.clone());
            insert.exec_without_returning(&self.conn).await?;
        }
        Ok(())
    }

    fn own<A: TenantRow>(&self, mut row: A) -> A {
        row.set_tenant(self.tenant());
        self.vouch(&row);
        row
    }

    /// To be called with rows as they will stand, where neither `insert` nor `upsert` sees them whole.
    pub(crate) fn vouch<A: TenantRow>(&self, row: &A) {
        if A::Entity::VOUCHED {
            let print = Vouched::Print(vouch::print(row));
            self.prints.lock().unwrap_or_else(PoisonError::into_inner).insert(vouch::key(row), print);
        }
    }

    /// To be told of rows that are taken away, by the parts of their keys; what stands under the key goes with it.
    pub(crate) fn no_longer_vouch<E: TenantEntity>(&self, parts: &[&str]) {
        let key = std::iter::once(vouch::table::<E>()).chain(parts.iter().copied()).collect::<Vec<_>>().join("/");
        self.prints.lock().unwrap_or_else(PoisonError::into_inner).insert(key, Vouched::Gone);
    }

    pub(crate) fn take_prints(&self) -> Prints {
        std::mem::take(&mut *self.prints.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn has_prints(&self) -> bool {
        !self.prints.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// Whether rows of the table were updated in place since it was last asked.
    pub(crate) fn take_updated<E: TenantEntity>(&self) -> bool {
        self.updated.lock().unwrap_or_else(PoisonError::into_inner).remove(vouch::table::<E>())
    }
}
