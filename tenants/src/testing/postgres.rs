//! A database of its own in the shared PostgreSQL: a copy of a migrated template, which is quicker than migrating.

use std::path::Path;
use std::process::{Command, Stdio};

use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use uuid::Uuid;

use super::{Tap, printed, script};
use crate::store::{Db, DbSettings, sha256_hex};

/// Removed when it is dropped.
pub struct Postgres {
    socket: String,
    name: String,
}

impl Postgres {
    pub async fn create() -> Postgres {
        let socket = printed(script("test-servers").arg("postgres"));
        let admin = connect(&url(&socket, "postgres", "postgres")).await;
        let template = template(&admin, &socket).await;
        let name = format!("test_{}", Uuid::now_v7().simple());
        run(&admin, &format!("CREATE DATABASE {name} TEMPLATE {template} OWNER thuoc_owner")).await;
        admin.close().await.unwrap();
        Postgres { socket, name }
    }

    /// One that nobody has migrated.
    pub async fn empty() -> Postgres {
        let socket = printed(script("test-servers").arg("postgres"));
        let admin = connect(&url(&socket, "postgres", "postgres")).await;
        let name = format!("test_{}", Uuid::now_v7().simple());
        run(&admin, &format!("CREATE DATABASE {name} OWNER thuoc_owner")).await;
        admin.close().await.unwrap();
        Postgres { socket, name }
    }

    pub fn settings(&self) -> DbSettings {
        DbSettings {
            url: url(&self.socket, "thuoc_app", &self.name),
            owner_url: Some(url(&self.socket, "thuoc_owner", &self.name)),
            max_connections: 10,
        }
    }

    /// The same under the application's role through a way that can be cut.
    pub fn tapped(&self) -> (Tap, DbSettings) {
        let tap = Tap::before(Path::new(&self.socket));
        let url = url(&tap.folder().display().to_string(), "thuoc_app", &self.name);
        (tap, DbSettings { url, ..self.settings() })
    }

    pub fn superuser_url(&self) -> String {
        url(&self.socket, "postgres", &self.name)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let drop = format!("DROP DATABASE {} WITH (FORCE)", self.name);
        let mut psql = Command::new("psql");
        psql.args(["-h", &self.socket, "-U", "postgres", "-q", "-c", &drop]);
        // A database that stays behind goes when the server is ended.
        let _ = psql.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    }
}

/// The migrated template of the present schema; made by whichever test comes first.
async fn template(admin: &DatabaseConnection, socket: &str) -> String {
    let name = format!("schema_{}", &schema_hash()[..16]);
    // The lock belongs to this connection, the only one of its pool.
    run(admin, "SELECT pg_advisory_lock(2001)").await;
    let exists = format!("SELECT 1 FROM pg_database WHERE datname = '{name}'");
    let found = admin.query_one_raw(Statement::from_string(DbBackend::Postgres, exists)).await.unwrap();
    if found.is_none() {
        run(admin, "DROP DATABASE IF EXISTS schema_in_work").await;
        run(admin, "CREATE DATABASE schema_in_work OWNER thuoc_owner").await;
        migrate(&url(socket, "thuoc_owner", "schema_in_work")).await;
        run(admin, &format!("ALTER DATABASE schema_in_work RENAME TO {name}")).await;
    }
    run(admin, "SELECT pg_advisory_unlock(2001)").await;
    name
}

async fn migrate(url: &str) {
    let settings = DbSettings { url: url.into(), owner_url: None, max_connections: 1 };
    let db = Db::connect(&settings).await.unwrap();
    db.migrate().await.unwrap();
    db.close().await.unwrap();
}

fn schema_hash() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations/src");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    sha256_hex(&files.iter().flat_map(|file| std::fs::read(file).unwrap()).collect::<Vec<u8>>())
}

async fn connect(url: &str) -> DatabaseConnection {
    let mut options = sea_orm::ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options).await.unwrap()
}

async fn run(admin: &DatabaseConnection, sql: &str) {
    admin.execute_unprepared(sql).await.unwrap();
}

fn url(socket: &str, role: &str, database: &str) -> String {
    format!("postgres://{role}@localhost/{database}?host={socket}")
}
