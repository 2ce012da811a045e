//! `thuoc`: the command line.

use std::process::ExitCode;

use anyhow::Result;
use app::{Config, care, logs, rules, server, state};
use clap::{Parser, Subcommand};
use tenants::integrity::{self, Fault};
use tenants::store::operator;

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
    /// Look over everything stored: audit chains, rankings, and every file byte by byte. Changes nothing.
    Verify,
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
    /// The demo province: Điện Biên's units and tables with sample figures. Does nothing when it is there.
    Demo,
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
        Verb::Verify => verify(config).await,
        Verb::Scan { all } => care::scan(config, all).await,
        Verb::Sweep { older_than } => care::sweep(config, older_than).await,
        Verb::Migrate => migrate(config).await,
        Verb::Seed { what: Seed::Demo } => seed_demo(config).await,
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

/// Ends with an error when anything is not as it was stored.
async fn verify(config: Config) -> Result<()> {
    let db = state::migrated_database(&config).await?;
    let blobs = state::files(&config);
    let mut faults = 0;
    for (tenant, _) in operator::list_tenants(&db).await? {
        let checked = integrity::verify(&db, &blobs, tenant.id).await?;
        println!(
            "{}: audit chain, {} periods, {} files ({} bytes); {} stored files belong to no document",
            tenant.name, checked.periods, checked.files, checked.bytes, checked.unused,
        );
        for fault in &checked.faults {
            println!("  {}", told(fault));
        }
        faults += checked.faults.len();
    }
    anyhow::ensure!(faults == 0, "{faults} things are not as they were stored; restore them from a backup");
    println!("Everything is as it was stored.");
    Ok(())
}

fn told(fault: &Fault) -> String {
    match fault {
        Fault::Chain { seq } => format!("the audit chain breaks at entry {seq}"),
        Fault::Ranking { period } => format!("the kept ranking of “{period}” differs from its scores"),
        Fault::Missing { sha256 } => format!("file {sha256} is missing"),
        Fault::Changed { sha256 } => format!("file {sha256} is not what came in"),
    }
}

async fn seed_demo(config: Config) -> Result<()> {
    let db = state::database(&config).await?;
    if config.database_is_embedded() {
        db.migrate().await.map_err(state::words)?;
    }
    db.schema().await?.refuse_other().map_err(state::words)?;
    let loaded = seeds::demo::load(&db, &state::files(&config), &state::worker(config.rules_worker)?).await?;
    println!("{}", if loaded { "The demo province is loaded." } else { "The demo province was there already." });
    println!("\nAccounts (password of all: {}):", seeds::demo::PASSWORD);
    for account in seeds::demo::SHOWN {
        println!("  {:<26} {}", account.login, account.who);
    }
    Ok(())
}
