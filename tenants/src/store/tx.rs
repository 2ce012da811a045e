//! A transaction for one caller in one tenant. Every query of tenant data starts here.
//!
//! **The order of locks.** An act that writes takes its tenant's *turn* as the first thing it does, before it reads
//! anything (`Db::begin`): on PostgreSQL an advisory lock that ends with the transaction, on SQLite the lock of the one
//! writer. Everything else – period, group, sheet, rows, the audit chain's end – is locked after it, by the statements
//! that write it. So acts of one tenant come one after the other, whatever they touch and in whatever order: none is
//! overtaken between reading and writing, none waits for one that waits for it, and the audit chain has no forks. What
//! belongs to no tenant (accounts, sessions) is written by single statements, which take no turn and hold nothing.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, DbErr,
    DeleteMany, EntityTrait, IntoActiveModel, QueryFilter, Select, Statement, UpdateMany,
};
use time::OffsetDateTime;

use super::clock::Clock;
use crate::audit::ChainEnd;
use crate::caller::Caller;
use crate::council::Seated;
use crate::ids::{AssessmentId, PeriodId, TenantId};
use crate::policy::{self, Action, Subject};
use crate::{Error, Result};

/// An entity whose rows belong to a tenant. What is not one does not compile in `Tx::scoped`.
pub trait TenantEntity: EntityTrait {
    fn tenant_column() -> Self::Column;
}

/// A row to be written into the caller's tenant.
pub trait TenantRow: ActiveModelTrait {
    fn set_tenant(&mut self, tenant: TenantId);
}

/// Rows per statement: below every bind-parameter limit for our widest table.
const CHUNK: usize = 500;

/// Rows whose decisions the caller must not see, by sheet and indicator.
type Blind = Arc<HashSet<(AssessmentId, String)>>;

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
    seats: Mutex<HashMap<PeriodId, Seated>>,
    blind: Mutex<HashMap<PeriodId, Blind>>,
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
            seats: Mutex::default(),
            blind: Mutex::default(),
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

    /// Makes everything written durable.
    pub async fn commit(self) -> Result<()> {
        Ok(self.conn.commit().await?)
    }

    /// `Err(NotFound)` for a sheet the caller may not even see, `Err(Forbidden)` otherwise.
    pub fn allow(&self, action: Action, subject: Subject) -> Result<()> {
        if policy::allows(&self.caller, action, subject) {
            return Ok(());
        }
        let hidden =
            matches!(subject, Subject::Sheet { .. }) && !policy::allows(&self.caller, Action::ViewSheet, subject);
        Err(if hidden { Error::NotFound } else { Error::Forbidden })
    }

    /// The end of the audit chain, once this transaction has read it in its turn.
    pub(crate) fn chain_end(&self) -> Option<ChainEnd> {
        self.chain_end.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// To be told only what was read in the tenant's turn.
    pub(crate) fn hold_chain_end(&self, end: ChainEnd) {
        *self.chain_end.lock().unwrap_or_else(PoisonError::into_inner) = Some(end);
    }

    /// The caller's seats in a period's council, once this transaction has read them.
    pub(crate) fn known_seats(&self, period: PeriodId) -> Option<Seated> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner).get(&period).cloned()
    }

    pub(crate) fn keep_seats(&self, period: PeriodId, seats: Seated) {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner).insert(period, seats);
    }

    /// To be told when a seat was given or ended.
    pub(crate) fn forget_seats(&self) {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Rows of a period the caller scores blind, once this transaction has read them.
    pub(crate) fn known_blind(&self, period: PeriodId) -> Option<Blind> {
        self.blind.lock().unwrap_or_else(PoisonError::into_inner).get(&period).cloned()
    }

    pub(crate) fn keep_blind(&self, period: PeriodId, rows: HashSet<(AssessmentId, String)>) -> Blind {
        let rows = Arc::new(rows);
        self.blind.lock().unwrap_or_else(PoisonError::into_inner).insert(period, Arc::clone(&rows));
        rows
    }

    pub(crate) fn conn(&self) -> &DatabaseTransaction {
        &self.conn
    }

    /// The tenant's rows of an entity.
    pub(crate) fn scoped<E: TenantEntity>(&self) -> Select<E> {
        E::find().filter(E::tenant_column().eq(self.tenant()))
    }

    pub(crate) fn update_many<E: TenantEntity>(&self) -> UpdateMany<E> {
        E::update_many().filter(E::tenant_column().eq(self.tenant()))
    }

    pub(crate) fn delete_many<E: TenantEntity>(&self) -> DeleteMany<E> {
        E::delete_many().filter(E::tenant_column().eq(self.tenant()))
    }

    pub(crate) async fn insert<A: TenantRow>(&self, mut row: A) -> Result<()> {
        row.set_tenant(self.tenant());
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
        row
    }
}
