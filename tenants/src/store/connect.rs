//! Connecting, migrating, and beginning transactions.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use migrations::MigratorTrait;
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend,
    IsolationLevel, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};
use time::OffsetDateTime;

use super::tx::Tx;
use crate::caller::Caller;
use crate::ids::AccountId;
use crate::{Error, Result};

/// Where the database is.
#[derive(Clone, Debug)]
pub struct DbSettings {
    /// `sqlite://path?mode=rwc` or `postgres://…` with the application's role.
    pub url: String,
    /// PostgreSQL only: the role that owns the tables and runs the migrations.
    pub owner_url: Option<String>,
    /// Size of the pool; on SQLite, of the readers.
    pub max_connections: u32,
}

/// What time it is. Tests move it; nothing else does.
#[derive(Clone, Debug, Default)]
pub struct Clock(Arc<Mutex<Option<OffsetDateTime>>>);

impl Clock {
    /// Microseconds are what both databases keep. A reading never ends in zero: SQLite
    /// keeps times as text without trailing zeros, and such texts sort by time only when all are equally long.
    pub fn now(&self) -> OffsetDateTime {
        let fixed = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(fixed) = fixed {
            return fixed;
        }
        let now = OffsetDateTime::now_utc();
        let micros = now.microsecond();
        let micros = if micros.is_multiple_of(10) { micros + 1 } else { micros };
        now.replace_microsecond(micros).unwrap_or(now)
    }

    /// Stops at a moment.
    pub fn set(&self, now: OffsetDateTime) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
    }

    /// Goes on with real time.
    pub fn release(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// The database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Db {
    writer: DatabaseConnection,
    reader: DatabaseConnection,
    settings: DbSettings,
    pub clock: Clock,
}

impl Db {
    /// `Err(Internal)` when the database cannot be reached, or on PostgreSQL under a role that sees all tenants.
    pub async fn connect(settings: &DbSettings) -> Result<Db> {
        let (writer, reader) = if settings.url.starts_with("sqlite:") {
            (sqlite(settings, 1, false).await?, sqlite(settings, settings.max_connections, true).await?)
        } else {
            let pool = Database::connect(options(&settings.url, settings.max_connections)).await?;
            refuse_superuser(&pool).await?;
            (pool.clone(), pool)
        };
        Ok(Db { writer, reader, settings: settings.clone(), clock: Clock::default() })
    }

    /// Brings the schema up to date, with the owner's role where there is one, and has the log vouch for what was stored
    /// before it vouched for anything.
    pub async fn migrate(&self) -> Result<()> {
        match &self.settings.owner_url {
            None => migrations::Migrator::up(&self.writer, None).await?,
            Some(url) => {
                let owner = Database::connect(options(url, 1)).await?;
                migrations::Migrator::up(&owner, None).await?;
                owner.close().await?;
            }
        }
        crate::integrity::lay_ground(self).await
    }

    /// A transaction that writes.
    pub async fn begin(&self, caller: &Caller) -> Result<Tx> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let conn = self.writer.begin_with_options(options).await?;
        Tx::open(conn, caller, self.clock.now()).await
    }

    /// A transaction that only reads, all of it as of one moment.
    pub async fn read(&self, caller: &Caller) -> Result<Tx> {
        let options = match self.reader.get_database_backend() {
            // Readers of the write-ahead log see one snapshot by themselves.
            DbBackend::Sqlite => TransactionOptions::default(),
            _ => TransactionOptions {
                access_mode: Some(AccessMode::ReadOnly),
                isolation_level: Some(IsolationLevel::RepeatableRead),
                ..TransactionOptions::default()
            },
        };
        let conn = self.reader.begin_with_options(options).await?;
        Tx::open(conn, caller, self.clock.now()).await
    }

    /// For `sign_in`: reads an account's own roles, in whichever tenant they are.
    pub(super) async fn read_own(&self, account: AccountId) -> Result<DatabaseTransaction> {
        let conn = self.reader.begin().await?;
        if conn.get_database_backend() == DbBackend::Postgres {
            let set = "SELECT set_config('app.account_id', $1, true)";
            let account = account.to_string();
            conn.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, set, [account.into()])).await?;
        }
        Ok(conn)
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        let backend = self.reader.get_database_backend();
        self.reader.query_one_raw(Statement::from_string(backend, "SELECT 1")).await?;
        Ok(())
    }

    /// Ends all connections, after what is under way.
    pub async fn close(&self) -> Result<()> {
        self.reader.close_by_ref().await?;
        Ok(self.writer.close_by_ref().await?)
    }

    /// The same database; `told` hears every statement sent through this handle.
    #[cfg(feature = "testing")]
    pub(crate) fn overheard(&self, told: impl Fn(&str) + Clone + Send + Sync + 'static) -> Db {
        let mut db = self.clone();
        for conn in [&mut db.writer, &mut db.reader] {
            let told = told.clone();
            conn.set_metric_callback(move |info| told(&info.statement.sql));
        }
        db
    }

    /// For `sign_in`, `operator` and `sessions`, which belong to no tenant.
    pub(super) fn outside(&self) -> &DatabaseConnection {
        &self.writer
    }

    pub(super) fn outside_read(&self) -> &DatabaseConnection {
        &self.reader
    }
}

fn options(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options.max_connections(connections).acquire_timeout(Duration::from_secs(5)).sqlx_logging(false);
    options
}

/// Row-level security does not hold for superusers, and nothing would show it.
async fn refuse_superuser(pool: &DatabaseConnection) -> Result<()> {
    let question = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user";
    let row = pool.query_one_raw(Statement::from_string(DbBackend::Postgres, question)).await?;
    match row.map(|row| row.try_get_by_index(0)).transpose()? {
        Some(false) => Ok(()),
        _ => Err(Error::internal("the database role is a superuser: use one that row-level security holds for")),
    }
}

async fn sqlite(settings: &DbSettings, connections: u32, read_only: bool) -> Result<DatabaseConnection> {
    let mut options = options(&settings.url, connections);
    options.acquire_timeout(Duration::from_secs(30));
    options.map_sqlx_sqlite_opts(move |options| {
        options
            .journal_mode(SqliteJournalMode::Wal)
            // What was acknowledged survives a power cut.
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(10))
            .foreign_keys(true)
            // Else INSERT OR REPLACE would remove rows behind the triggers that keep history.
            .pragma("recursive_triggers", "on")
            .pragma("query_only", if read_only { "on" } else { "off" })
    });
    Database::connect(options).await.map_err(Error::from)
}
