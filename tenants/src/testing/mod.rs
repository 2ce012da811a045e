//! Databases and servers for tests: real ones, started when needed, ended with the test.
//!
//! `on_both` runs a test on SQLite and on PostgreSQL, each time on an empty, migrated database of its own.
//! PostgreSQL is one server for all test processes, see `scripts/test-servers`; Redis and the S3-compatible store
//! are started by the test that wants them.
#![allow(clippy::unwrap_used)]

mod build;
mod database;
mod postgres;
mod servers;
mod tap;

pub use build::{PASSWORD, caller};
pub use database::{TestDb, count, deadlock, execute, on_both, texts};
pub use postgres::Postgres;
pub use servers::{INFECTED, Server, clamd, redis, redis_cli, s3};
pub use tap::Tap;

/// A database in the shared PostgreSQL that nobody has migrated.
pub async fn empty_postgres() -> Postgres {
    Postgres::empty().await
}

/// A script of the project.
fn script(name: &str) -> std::process::Command {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts").join(name);
    std::process::Command::new(path)
}

/// What a script prints; its own words on the terminal when it fails.
fn printed(command: &mut std::process::Command) -> String {
    let output = command.stderr(std::process::Stdio::inherit()).output().unwrap();
    assert!(output.status.success(), "{command:?} failed");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
