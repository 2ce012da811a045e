//! Clearing away what nobody needs: pieces of uploads that were never finished, files half way in, and stored files no
//! row names. Only what has lain untouched for a while goes, so that nothing is taken from under an upload.

use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};
use std::collections::HashSet;
use time::{Duration, OffsetDateTime};

use super::blobs::{BlobStore, Entry};
use crate::ids::TenantId;
use crate::policy::{Action, Subject};
use crate::store::entities::{council_decisions, evidence, evidence_files, periods, set_proposals, set_versions};
use crate::store::{Db, TenantEntity, Tx, operator};
use crate::{Caller, Error, Result};

/// How long something must have lain untouched before it goes.
pub const AGE: Duration = Duration::hours(24);

/// What was cleared away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gone {
    pub kind: GoneKind,
    /// Hash or file name.
    pub name: String,
    /// Bytes.
    pub length: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GoneKind {
    /// A piece of an upload that was never put together.
    Piece,
    /// A file that was on its way in when the server stopped.
    Spool,
    /// A stored file that no row names.
    Unused,
}

/// Clears the whole store of what is older than `age`, and says what went.
pub async fn sweep(db: &Db, blobs: &BlobStore, age: Duration) -> Result<Vec<Gone>> {
    // Files carry the store's own time, whatever the clock of the application or its database says.
    let before = blobs.now().await? - age;
    let mut gone = Vec::new();
    for (tenant, _) in operator::list_tenants(db).await? {
        // The names are read after the files: what came in between is young and stays.
        let old = old(blobs, tenant.id, before).await?;
        let tx = db.read(&Caller::system(tenant.id)).await?;
        let named = named(&tx).await?;
        drop(tx);
        let unused = old.into_iter().filter(|entry| !named.contains(&entry.sha256));
        clear(blobs, tenant.id, unused, before, GoneKind::Unused, &mut gone).await?;
    }
    for account in operator::accounts(db).await? {
        let shelf = TenantId(account.0);
        let old = old(blobs, shelf, before).await?;
        clear(blobs, shelf, old.into_iter(), before, GoneKind::Piece, &mut gone).await?;
    }
    let spools = blobs.clear_spools(before).await?;
    gone.extend(spools.into_iter().map(|(name, length)| Gone { kind: GoneKind::Spool, name, length }));
    Ok(gone)
}

async fn old(blobs: &BlobStore, owner: TenantId, before: OffsetDateTime) -> Result<Vec<Entry>> {
    let mut entries = blobs.entries(owner).await?;
    entries.retain(|entry| entry.modified < before);
    Ok(entries)
}

async fn clear(
    blobs: &BlobStore,
    owner: TenantId,
    entries: impl Iterator<Item = Entry>,
    before: OffsetDateTime,
    kind: GoneKind,
    gone: &mut Vec<Gone>,
) -> Result<()> {
    for entry in entries {
        // Storing the same content again makes it young: somebody has just brought it.
        if blobs.modified(owner, &entry.sha256).await?.is_some_and(|modified| modified < before) {
            blobs.delete(owner, &entry.sha256).await?;
            gone.push(Gone { kind, name: entry.sha256, length: entry.length });
        }
    }
    Ok(())
}

/// The hash of every file that any row of the tenant names.
async fn named(tx: &Tx) -> Result<HashSet<String>> {
    tx.allow(Action::KeepFiles, Subject::Tenant)?;
    let mut all = hashes::<evidence_files::Entity>(tx, evidence_files::Column::Sha256).await?;
    all.extend(hashes::<evidence::Entity>(tx, evidence::Column::Sha256).await?);
    all.extend(hashes::<periods::Entity>(tx, periods::Column::GuidanceSha256).await?);
    all.extend(hashes::<set_versions::Entity>(tx, set_versions::Column::DecisionSha256).await?);
    all.extend(hashes::<council_decisions::Entity>(tx, council_decisions::Column::FileSha256).await?);
    all.extend(hashes::<set_proposals::Entity>(tx, set_proposals::Column::DecisionSha256).await?);
    Ok(all)
}

async fn hashes<E: TenantEntity>(tx: &Tx, column: E::Column) -> Result<HashSet<String>> {
    let found = tx.scoped::<E>().filter(column.is_not_null()).select_only().column(column).distinct();
    let found: Vec<String> = found.into_tuple().all(tx.conn()).await.map_err(Error::from)?;
    Ok(found.into_iter().collect())
}
