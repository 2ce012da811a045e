//! An empty database of a test's own, on either engine.

use std::sync::{Arc, Mutex};

use sea_orm::{ConnectionTrait, Database, DbBackend, DbErr, Statement};
use tempfile::TempDir;

use super::Tap;
use super::postgres::Postgres;
use crate::Error;
use crate::store::{Db, DbSettings, Tx};

/// A migrated database that is removed when the test ends.
pub struct TestDb {
    pub db: Db,
    settings: DbSettings,
    place: Place,
}

enum Place {
    /// Kept for its removal.
    Sqlite(#[allow(dead_code)] TempDir),
    Postgres(Postgres),
}

/// Runs a test on SQLite, then on PostgreSQL.
pub async fn on_both(test: impl AsyncFn(TestDb)) {
    eprintln!("on SQLite");
    test(TestDb::sqlite().await).await;
    eprintln!("on PostgreSQL");
    test(TestDb::postgres().await).await;
}

impl TestDb {
    pub async fn sqlite() -> TestDb {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/test.sqlite?mode=rwc", folder.path().display());
        let settings = DbSettings { url, owner_url: None, max_connections: 4 };
        let db = Db::connect(&settings).await.unwrap();
        db.migrate().await.unwrap();
        TestDb { db, settings, place: Place::Sqlite(folder) }
    }

    pub async fn postgres() -> TestDb {
        let place = Postgres::create().await;
        let settings = place.settings();
        TestDb { db: Db::connect(&settings).await.unwrap(), settings, place: Place::Postgres(place) }
    }

    pub fn is_postgres(&self) -> bool {
        matches!(self.place, Place::Postgres(_))
    }

    /// The statements that `work` sends through the handle it is given, between beginning and committing.
    pub async fn statements(&self, work: impl AsyncFnOnce(Db)) -> Vec<String> {
        let heard = Arc::new(Mutex::new(Vec::new()));
        let told = Arc::clone(&heard);
        work(self.db.overheard(move |sql| told.lock().unwrap().push(sql.to_owned()))).await;
        let heard = heard.lock().unwrap();
        heard.iter().filter(|sql| !sql.contains("set_config")).cloned().collect()
    }

    /// Where it is, for a program that connects by itself.
    pub fn settings(&self) -> &DbSettings {
        &self.settings
    }

    /// The same database on PostgreSQL through a way that can be cut.
    pub fn tapped(&self) -> (Tap, DbSettings) {
        let Place::Postgres(postgres) = &self.place else { panic!("SQLite is not far away") };
        postgres.tapped()
    }

    /// A statement of whoever owns the tables: on PostgreSQL the migrating role, which the application never uses.
    pub async fn as_owner(&self, sql: &str) -> Result<u64, DbErr> {
        let url = self.settings.owner_url.as_ref().unwrap_or(&self.settings.url);
        run_apart(url, &[sql]).await
    }

    /// The same place under a role that row-level security does not hold for.
    pub fn superuser_settings(&self) -> DbSettings {
        let Place::Postgres(postgres) = &self.place else { panic!("SQLite has no roles") };
        DbSettings { url: postgres.superuser_url(), ..self.settings.clone() }
    }

    /// Statements of the application's role outside any tenant.
    pub async fn as_app(&self, sql: &str) -> Result<u64, DbErr> {
        run_apart(&self.settings.url, &[sql]).await
    }

    /// The first column of what the owner's query gives.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        let conn = Database::connect(self.settings.owner_url.as_ref().unwrap_or(&self.settings.url)).await.unwrap();
        let rows = conn.query_all_raw(Statement::from_string(conn.get_database_backend(), sql)).await.unwrap();
        conn.close().await.unwrap();
        rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
    }

    /// A statement of somebody who got hold of the machine: past triggers, past row-level security.
    pub async fn tamper(&self, sql: &str) {
        match &self.place {
            Place::Sqlite(_) => {
                let triggers = self.texts("SELECT sql FROM sqlite_master WHERE type = 'trigger'").await;
                let names = self.texts("SELECT name FROM sqlite_master WHERE type = 'trigger'").await;
                let drops: Vec<String> = names.iter().map(|name| format!("DROP TRIGGER {name}")).collect();
                let all = drops.iter().map(String::as_str).chain([sql]).chain(triggers.iter().map(String::as_str));
                run_apart(&self.settings.url, &all.collect::<Vec<_>>()).await.unwrap();
            }
            Place::Postgres(postgres) => {
                let past_triggers = "SET session_replication_role = replica";
                run_apart(&postgres.superuser_url(), &[past_triggers, sql]).await.unwrap();
            }
        }
    }
}

/// Gives what PostgreSQL says of a deadlock, as often as wanted.
pub async fn deadlock() -> impl Fn() -> Error {
    let test = TestDb::postgres().await;
    let raise = "DO $$ BEGIN RAISE EXCEPTION 'deadlock detected' USING ERRCODE = '40P01'; END $$";
    let told = test.as_app(raise).await.unwrap_err();
    move || Error::from(told.clone())
}

/// Runs statements on one connection of its own; answers how many rows the last one changed.
async fn run_apart(url: &str, statements: &[&str]) -> Result<u64, DbErr> {
    let mut options = sea_orm::ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    let conn = Database::connect(options).await?;
    let mut changed = Ok(0);
    for statement in statements {
        changed = conn.execute_unprepared(statement).await.map(|done| done.rows_affected());
        if changed.is_err() {
            break;
        }
    }
    conn.close().await?;
    changed
}

/// Raw SQL inside a caller's transaction, past the typed queries; answers how many rows it changed.
pub async fn execute(tx: &Tx, sql: &str) -> Result<u64, DbErr> {
    Ok(tx.conn().execute_unprepared(sql).await?.rows_affected())
}

/// The first column of what a raw query gives inside a caller's transaction.
pub async fn texts(tx: &Tx, sql: &str) -> Vec<String> {
    let backend: DbBackend = tx.conn().get_database_backend();
    let rows = tx.conn().query_all_raw(Statement::from_string(backend, sql)).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

/// The number a raw `SELECT count(*) …` gives inside a caller's transaction.
pub async fn count(tx: &Tx, sql: &str) -> i64 {
    let backend: DbBackend = tx.conn().get_database_backend();
    let row = tx.conn().query_one_raw(Statement::from_string(backend, sql)).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}
