//! `thuoc`: the command line.

use std::process::ExitCode;

use anyhow::Result;
use app::{Config, logs, maintenance_commands, operator, rules, server, state, verify};
use clap::{Parser, Subcommand};
use tenants::store::authorities;

/// Thước: the digital transformation index of public authorities, from the rules to the published ranking.
///
/// Settings come from environment variables; without any, everything is stored in ./data.
#[derive(Parser)]
#[command(name = "thuoc", version)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Serve the web application until told to stop.
    Serve,
    /// Look over everything stored: audit chains, every row they vouch for, scores, rankings, publications, and every file
    /// byte by byte. Changes nothing. Prints the head of each chain; keep the output elsewhere.
    Verify {
        /// What an earlier run printed: the chains must still begin with it.
        #[arg(long, value_name = "FILE")]
        expect: Option<std::path::PathBuf>,
    },
    /// Have stored files looked at by the virus scanner (CLAMD): those it has not seen, or all of them.
    Scan {
        /// Also those it has looked at before, e.g. after its signatures were renewed.
        #[arg(long)]
        all: bool,
    },
    /// Clear away unfinished uploads and stored files that no document names, and say what went.
    Sweep {
        /// Only what has lain untouched for so many hours.
        #[arg(long, value_name = "HOURS", default_value_t = 24, value_parser = clap::value_parser!(u32).range(1..))]
        older_than: u32,
    },
    /// Bring the database to this version's schema (DATABASE_OWNER_URL, or DATABASE_URL).
    Migrate,
    /// Create and list authorities, or bring them to what a file says.
    #[command(subcommand)]
    Tenants(operator::Tenants),
    /// Create accounts with a role, and help people who cannot sign in.
    #[command(subcommand)]
    Admin(operator::Admin),
    /// Load sample data.
    Seed {
        #[command(subcommand)]
        what: Seed,
    },
    /// Check, test, score, rank and print indicator sets kept in files.
    #[command(subcommand)]
    Rules(rules::Verb),
}

#[derive(Subcommand)]
enum Seed {
    /// The demo province: Điện Biên's units and tables with sample figures. Does nothing when it is there, and refuses on an
    /// installation of real authorities.
    Demo {
        /// Also beside real authorities.
        #[arg(long)]
        beside_real: bool,
    },
}

fn main() -> Result<ExitCode> {
    match Cli::parse().verb {
        // The worker limits its own memory first thing; it needs no runtime and no settings.
        Verb::Rules(verb) => rules::run(verb),
        verb => with_settings(verb).map(|()| ExitCode::SUCCESS),
    }
}

#[tokio::main]
async fn with_settings(verb: Verb) -> Result<()> {
    let config = Config::from_env()?;
    logs::start(&config);
    match verb {
        Verb::Serve => serve(config).await,
        Verb::Verify { expect } => verify::run(config, expect.as_deref()).await,
        Verb::Scan { all } => maintenance_commands::scan(config, all).await,
        Verb::Sweep { older_than } => maintenance_commands::sweep(config, older_than).await,
        Verb::Migrate => migrate(config).await,
        Verb::Tenants(verb) => operator::tenants(config, verb).await,
        Verb::Admin(verb) => operator::admin(config, verb).await,
        Verb::Seed { what: Seed::Demo { beside_real } } => seed_demo(config, beside_real).await,
        Verb::Rules(_) => Ok(()),
    }
}

async fn serve(config: Config) -> Result<()> {
    let bound = server::bind(config.listen).await?;
    let app = state::connect(config).await?;
    let address = app.config.public_url.clone().unwrap_or_else(|| format!("http://{}", bound.address));
    tracing::info!(%address, "serving");
    server::serve(bound, app).await
}

async fn migrate(config: Config) -> Result<()> {
    let db = state::database(&config).await?;
    db.migrate().await.map_err(state::words)?;
    println!("The database is up to date.");
    Ok(())
}

async fn seed_demo(config: Config, beside_real: bool) -> Result<()> {
    let db = state::database(&config).await?;
    if config.database_is_embedded() {
        db.migrate().await.map_err(state::words)?;
    }
    db.schema().await?.refuse_other().map_err(state::words)?;
    let all = authorities::list(&db).await?;
    let real = all.iter().find(|authority| !authority.is_sample);
    if let Some(real) = real.filter(|_| !beside_real) {
        anyhow::bail!(
            "{} is a real authority here; sample accounts with a known password do not belong beside it. \
             `thuoc seed demo --beside-real` loads them nevertheless.",
            real.name
        );
    }
    let loaded = seeds::demo::load(&db, &state::files(&config), &state::worker(config.rules_worker)?).await?;
    println!("{}", if loaded { "The demo province is loaded." } else { "The demo province was there already." });
    println!("\nAccounts (password of all: {}):", seeds::demo::PASSWORD);
    for account in seeds::demo::SHOWN {
        println!("  {:<26} {}", account.login, account.who);
    }
    Ok(())
}
