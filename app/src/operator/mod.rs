//! `thuoc tenants …` and `thuoc admin …`: what whoever runs the installation does for its authorities. Others script against
//! it: every verb may be run again, says what it did and what comes next, and ends with an error where it did nothing.

mod admin;
mod file;
mod tenants_verb;

use anyhow::{Context, Result, anyhow};
use tenants::accounts::Link;
use tenants::store::Db;
use tenants::{Error, paths};
use time::Date;

pub use admin::Verb as Admin;
pub use tenants_verb::Verb as Tenants;

use crate::{Config, format, state};

pub async fn tenants(config: Config, verb: Tenants) -> Result<()> {
    tenants_verb::run(&config, &database(&config).await?, verb).await
}

pub async fn admin(config: Config, verb: Admin) -> Result<()> {
    admin::run(&config, &database(&config).await?, verb).await
}

/// The embedded database is brought up to date first, so that an empty folder will do.
async fn database(config: &Config) -> Result<Db> {
    let db = state::database(config).await?;
    if config.database_is_embedded() {
        db.migrate().await.map_err(state::words)?;
    }
    db.schema().await?.refuse_other().map_err(state::words)?;
    Ok(db)
}

/// What a refusal says of itself, one line a problem.
fn said(error: Error) -> anyhow::Error {
    match error {
        Error::Invalid(problems) => {
            let lines: Vec<String> =
                problems.iter().map(|problem| format!("{}: {}", problem.field, problem.message)).collect();
            anyhow!(lines.join("\n"))
        }
        Error::Conflict(text) => anyhow!(text),
        other => state::words(other),
    }
}

/// Where somebody opens a link, and until when.
fn address(config: &Config, link: &Link) -> String {
    let base = config.public_url.clone().unwrap_or_else(|| format!("http://{}", config.listen));
    format!("{base}{}?ma={}\n(once, until {})", paths::link::PATH, link.token, format::moment(link.expires_at))
}

/// The first line of standard input.
fn password() -> Result<String> {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).context("reading the password from standard input")?;
    let password = line.trim_end_matches(['\r', '\n']).to_owned();
    anyhow::ensure!(!password.is_empty(), "standard input holds no password");
    Ok(password)
}

/// Today in Vietnam, by the database's clock.
fn today(db: &Db) -> Date {
    db.clock.now().to_offset(tenants::clock::VIETNAM).date()
}
