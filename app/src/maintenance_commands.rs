//! `thuoc scan` and `thuoc sweep`: the keeper's work, asked for on the command line.

use anyhow::{Context, Result, ensure};
use tenants::files::sweep::{self, GoneKind};
use tenants::store::operator;
use time::Duration;

use crate::maintenance::scan_tenant;
use crate::{Config, state};

/// Scans stored files of every authority. Ends with an error when the scanner does not answer, or anything is infected.
pub async fn scan(config: Config, all: bool) -> Result<()> {
    let scanner = config.clamd.as_ref().context("no virus scanner is set up: set CLAMD")?;
    ensure!(scanner.ping().await, "the virus scanner does not answer; is clamd running where CLAMD says?");
    let (db, blobs) = (state::migrated_database(&config).await?, state::files(&config));
    let mut infected = 0;
    for (tenant, _) in operator::list_tenants(&db).await? {
        let scanned = scan_tenant(&db, &blobs, scanner, tenant.id, all, u64::MAX >> 1).await?;
        println!(
            "{}: {} files clean, {} infected, {} too large for the scanner, {} missing from the store",
            tenant.name,
            scanned.clean,
            scanned.infected.len(),
            scanned.too_large,
            scanned.missing,
        );
        for (sha256, found) in &scanned.infected {
            println!("  {found}: file {sha256} is in quarantine");
        }
        infected += scanned.infected.len();
    }
    ensure!(
        infected == 0,
        "{infected} files are infected; they are not served any more, and the period managers are told"
    );
    Ok(())
}

/// Clears the file store of what nobody needs.
pub async fn sweep(config: Config, hours: u32) -> Result<()> {
    let (db, blobs) = (state::migrated_database(&config).await?, state::files(&config));
    let gone = sweep::sweep(&db, &blobs, Duration::hours(hours.into())).await?;
    for one in &gone {
        let kind = match one.kind {
            GoneKind::Piece => "piece of an unfinished upload",
            GoneKind::Spool => "file half way in",
            GoneKind::Unused => "file no document names",
        };
        println!("{kind}: {} ({} bytes)", one.name, one.length);
    }
    let bytes: u64 = gone.iter().map(|one| one.length).sum();
    println!("{} files cleared away, {bytes} bytes.", gone.len());
    Ok(())
}
