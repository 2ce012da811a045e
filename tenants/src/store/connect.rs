//! Connecting, migrating, and beginning transactions.

use std::time::Duration;

use migrations::MigratorTrait;
use sea_orm::sqlx::Connection;
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    IsolationLevel, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};

use super::breaker::Breaker;
use super::clock::Clock;
use super::schema::Schema;
use super::sessions;
use super::tx::{Access, Tx};
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

/// The database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Db {
    writer: DatabaseConnection,
    reader: DatabaseConnection,
    settings: DbSettings,
    breaker: Breaker,
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
        let breaker = Breaker::new(&settings.url);
        let db = Db { writer, reader, settings: settings.clone(), breaker, clock: Clock::default() };
        db.read_clock().await?;
        Ok(db)
    }

    /// Sets the clock by the database. Every transaction does so too; this is for what happens before the first.
    async fn read_clock(&self) -> Result<()> {
        if self.reader.get_database_backend() == DbBackend::Postgres {
            let now = Statement::from_string(DbBackend::Postgres, "SELECT clock_timestamp()");
            if let Some(row) = self.reader.query_one_raw(now).await? {
                self.clock.told(row.try_get_by_index(0)?);
            }
        }
        Ok(())
    }

    /// Brings the schema up to date, with the owner's role where there is one: all of it or nothing. Whoever comes second
    /// waits for the first. Then the log vouches for what was stored before it vouched for anything. `Err(Internal)` in
    /// words for a database of a newer version.
    pub async fn migrate(&self) -> Result<()> {
        let url = self.settings.owner_url.as_ref().unwrap_or(&self.settings.url);
        match self.writer.get_database_backend() {
            DbBackend::Sqlite => migrate_alone(&self.writer).await?,
            _ => {
                let owner = Database::connect(options(url, 1)).await?;
                let migrated = migrate_alone(&owner).await;
                owner.close().await?;
                migrated?;
            }
        }
        crate::audit::lay_ground(self).await
    }

    /// How the schema stands beside this version's.
    pub async fn schema(&self) -> Result<Schema> {
        Schema::of(&self.reader).await
    }

    /// A transaction that writes, in its tenant's turn: see [`Tx`] for the order of locks.
    pub async fn begin(&self, caller: &Caller) -> Result<Tx> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let begun = async {
            Tx::open(self.writer.begin_with_options(options).await?, caller, &self.clock, Access::Writes).await
        };
        self.breaker.ask(begun).await
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
        let begun = async {
            Tx::open(self.reader.begin_with_options(options).await?, caller, &self.clock, Access::Reads).await
        };
        self.breaker.ask(begun).await
    }

    /// For `sign_in`: reads an account's own roles, in whichever tenant they are, and what else is its own.
    pub(super) async fn read_own(&self, account: AccountId) -> Result<DatabaseTransaction> {
        own(self.ask(self.reader.begin()).await?, account).await
    }

    /// For whoever brings the token of a one-time link: sees that link.
    pub(crate) async fn read_link(&self, token_hash: &str) -> Result<DatabaseTransaction> {
        let conn = self.ask(self.reader.begin()).await?;
        if conn.get_database_backend() == DbBackend::Postgres {
            let set = "SELECT set_config('app.link', $1, true)";
            conn.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, set, [token_hash.into()])).await?;
        }
        Ok(conn)
    }

    /// For `sign_in`: writes what is an account's own.
    pub(super) async fn begin_own(&self, account: AccountId) -> Result<DatabaseTransaction> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        own(self.ask(self.writer.begin_with_options(options)).await?, account).await
    }

    /// Whether the database can be worked with: its schema is not older than this version's, and what is written by one
    /// connection is read by another.
    pub async fn ping(&self) -> Result<()> {
        let backend = self.reader.get_database_backend();
        self.ask(self.reader.query_one_raw(Statement::from_string(backend, "SELECT 1"))).await?;
        self.schema().await?.refuse_older()?;
        sessions::write_and_read_back(self).await
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

    /// What a statement outside any transaction answers; `Err(Away)` at once while the database is known to be away.
    pub(super) async fn ask<T>(&self, question: impl Future<Output = std::result::Result<T, DbErr>>) -> Result<T> {
        self.breaker.ask(question).await
    }

    pub(super) fn outside_read(&self) -> &DatabaseConnection {
        &self.reader
    }
}

async fn own(conn: DatabaseTransaction, account: AccountId) -> Result<DatabaseTransaction> {
    if conn.get_database_backend() == DbBackend::Postgres {
        let set = "SELECT set_config('app.account_id', $1, true)";
        let account = account.to_string();
        conn.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, set, [account.into()])).await?;
    }
    Ok(conn)
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
    // After a full disk a COMMIT or a ROLLBACK may have failed: what such a connection writes later would be part of a
    // transaction that nobody ends. It is closed instead, and whatever it had open is given up.
    options.map_sqlx_sqlite_pool_opts(|pool| {
        pool.after_release(|conn, _| {
            Box::pin(async move {
                // What was sent before has been done when this is answered.
                conn.ping().await?;
                Ok(!conn.is_in_transaction())
            })
        })
    });
    options.map_sqlx_sqlite_before_acquire(|conn, _| Box::pin(async move { Ok(!conn.is_in_transaction()) }));
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

/// Migrates in one transaction, which nobody else's migration is beside.
async fn migrate_alone(owner: &DatabaseConnection) -> Result<()> {
    Schema::of(owner).await?.refuse_newer()?;
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let tx = owner.begin_with_options(options).await?;
    if tx.get_database_backend() == DbBackend::Postgres {
        tx.execute_unprepared("SELECT pg_advisory_xact_lock(2001, 0)").await?;
    }
    migrations::Migrator::up(&tx, None).await?;
    Ok(tx.commit().await?)
}
