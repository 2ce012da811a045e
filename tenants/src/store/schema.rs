//! Which version's schema a database has, said in words before anything fails on it.

use std::collections::BTreeSet;

use migrations::MigratorTrait;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

use crate::{Error, Result};

/// The schema of a database beside the one this version works with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Schema {
    Current,
    /// Nothing is in it.
    Empty,
    /// So many migrations are to come.
    Older(usize),
    /// A migration this version does not know has been applied.
    Newer(String),
}

impl Schema {
    pub(super) async fn of(conn: &DatabaseConnection) -> Result<Schema> {
        let known: BTreeSet<String> =
            migrations::Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect();
        if !is_there(conn).await? {
            return Ok(Schema::Empty);
        }
        let Some(applied) = applied(conn).await? else { return Ok(Schema::Older(1)) };
        if let Some(newer) = applied.difference(&known).next() {
            return Ok(Schema::Newer(newer.clone()));
        }
        Ok(match (applied.len(), known.difference(&applied).count()) {
            (0, _) => Schema::Empty,
            (_, 0) => Schema::Current,
            (_, missing) => Schema::Older(missing),
        })
    }

    /// `Err(Internal)` says what to do about a database this version cannot work with.
    pub fn refuse_other(&self) -> Result<()> {
        self.refuse_older()?;
        self.refuse_newer()
    }

    /// A newer schema is one that only adds: while servers are replaced one by one, the older ones go on.
    pub fn refuse_older(&self) -> Result<()> {
        match self {
            Schema::Empty => Err(Error::internal("the database is empty; run `thuoc migrate` first")),
            Schema::Older(missing) => Err(Error::internal(format!(
                "the database has the schema of an older version ({missing} migrations to come); run `thuoc migrate` first"
            ))),
            Schema::Current | Schema::Newer(_) => Ok(()),
        }
    }

    pub fn refuse_newer(&self) -> Result<()> {
        match self {
            Schema::Newer(name) => Err(Error::internal(format!(
                "the database has the schema of a newer version (it knows {name}); use that version of this program"
            ))),
            _ => Ok(()),
        }
    }
}

const TABLE: &str = "seaql_migrations";

async fn is_there(conn: &DatabaseConnection) -> Result<bool> {
    let backend = conn.get_database_backend();
    let question = match backend {
        DbBackend::Postgres => format!("SELECT to_regclass('{TABLE}') IS NOT NULL"),
        _ => format!("SELECT count(*) > 0 FROM sqlite_master WHERE name = '{TABLE}'"),
    };
    let row = conn.query_one_raw(Statement::from_string(backend, question)).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(false))
}

/// The migrations applied; `None` where the role may not read them, which older versions did not grant.
async fn applied(conn: &DatabaseConnection) -> Result<Option<BTreeSet<String>>> {
    let backend = conn.get_database_backend();
    if backend == DbBackend::Postgres {
        let question = format!("SELECT has_table_privilege('{TABLE}', 'SELECT')");
        let row = conn.query_one_raw(Statement::from_string(backend, question)).await?;
        if row.map(|row| row.try_get_by_index(0)).transpose()? != Some(true) {
            return Ok(None);
        }
    }
    let rows = conn.query_all_raw(Statement::from_string(backend, format!("SELECT version FROM {TABLE}"))).await?;
    Ok(Some(rows.iter().map(|row| row.try_get_by_index(0)).collect::<std::result::Result<_, _>>()?))
}
