//! The keeper of stored files: has scanned what no scanner has looked at yet, looks once into what nobody has looked into,
//! and clears away what nobody needs. It works in the background of the server, and when asked on the command line.

use std::time::Duration;

use tenants::Caller;
use tenants::evidence::{self, Unscanned};
use tenants::files::blobs::BlobStore;
use tenants::files::scanner::{Scanner, Verdict};
use tenants::files::sweep::{self, Gone};
use tenants::files::{self, Unreadable};
use tenants::ids::TenantId;
use tenants::indicator_sets::sandbox::{self, WorkerCommand};
use tenants::store::{Db, operator};
use tracing::{info, warn};

use crate::App;

const EVERY: Duration = Duration::from_secs(60);
/// Rounds from one clearing to the next: six hours.
const CLEARING: u64 = 360;
/// Files scanned in one round for one authority, so that a round ends before the next begins.
const AT_ONCE: u64 = 50;
/// Files looked into in one round for one authority: those of years before are through in a night.
const LOOKS: u64 = 20;

/// What a scan of stored files came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scanned {
    pub clean: usize,
    /// Hash and name of what was found.
    pub infected: Vec<(String, String)>,
    pub too_large: usize,
    /// Known files that the store does not have.
    pub missing: usize,
}

/// Walks its rounds for as long as the server runs. A round that fails is told in the log; the next one tries again.
pub async fn walk(app: App) {
    let mut rounds = tokio::time::interval(EVERY);
    let mut round = 0u64;
    loop {
        rounds.tick().await;
        round += 1;
        if let Some(scanner) = &app.config.clamd
            && let Err(error) = scan(&app, scanner).await
        {
            warn!(%error, "stored files could not be scanned; they are scanned later");
        }
        if let Err(error) = look(&app).await {
            warn!(%error, "stored files could not be looked at; they are looked at later");
        }
        if round.is_multiple_of(CLEARING) {
            match sweep::sweep(&app.db, &app.blobs, sweep::AGE).await {
                Ok(gone) => gone.iter().for_each(tell),
                Err(error) => warn!(?error, "clearing the file store failed"),
            }
        }
    }
}

fn tell(gone: &Gone) {
    info!(kind = ?gone.kind, name = gone.name, bytes = gone.length, "cleared away");
}

async fn scan(app: &App, scanner: &Scanner) -> anyhow::Result<()> {
    for (tenant, _) in operator::list_tenants(&app.db).await? {
        scan_tenant(&app.db, &app.blobs, scanner, tenant.id, false, AT_ONCE).await?;
    }
    Ok(())
}

async fn look(app: &App) -> anyhow::Result<()> {
    for (tenant, _) in operator::list_tenants(&app.db).await? {
        look_of_tenant(&app.db, &app.blobs, &app.worker, tenant.id, LOOKS).await?;
    }
    Ok(())
}

/// Looks once at an authority's files that nobody has looked into, and marks those that do not open. Answers these.
pub async fn look_of_tenant(
    db: &Db,
    blobs: &BlobStore,
    worker: &WorkerCommand,
    tenant: TenantId,
    limit: u64,
) -> anyhow::Result<Vec<(String, Unreadable)>> {
    let caller = Caller::system(tenant);
    let mut shut = Vec::new();
    for (sha256, length) in files::unlooked(&db.read(&caller).await?, limit).await? {
        let look = match blobs.get(tenant, &sha256, None).await {
            // `thuoc verify` names what is missing.
            Err(tenants::Error::NotFound) => None,
            content => sandbox::document(worker, content?, length).await?,
        };
        let tx = db.begin(&caller).await?;
        let why = files::keep_look(&tx, &sha256, look).await?;
        tx.commit().await?;
        shut.extend(why.map(|why| (sha256, why)));
    }
    for (sha256, why) in &shut {
        warn!(sha256, ?why, "a stored file does not open; it is marked");
    }
    Ok(shut)
}

/// Scans an authority's files that no scanner has looked at; with `all` every file. Stops at the first the scanner does
/// not answer for.
pub async fn scan_tenant(
    db: &Db,
    blobs: &BlobStore,
    scanner: &Scanner,
    tenant: TenantId,
    all: bool,
    limit: u64,
) -> anyhow::Result<Scanned> {
    let caller = Caller::system(tenant);
    let files = evidence::unscanned(&db.read(&caller).await?, all, limit).await?;
    let mut scanned = Scanned::default();
    for Unscanned { sha256, .. } in files {
        let content = match blobs.get(tenant, &sha256, None).await {
            Err(tenants::Error::NotFound) => {
                scanned.missing += 1;
                continue;
            }
            content => content?,
        };
        let verdict = scanner.scan(content).await?;
        let tx = db.begin(&caller).await?;
        evidence::keep_verdict(&tx, &sha256, &verdict).await?;
        tx.commit().await?;
        match verdict {
            Verdict::Clean => scanned.clean += 1,
            Verdict::TooLarge => scanned.too_large += 1,
            Verdict::Infected(found) => scanned.infected.push((sha256, found)),
        }
    }
    Ok(scanned)
}
