//! Looking over everything an authority has stored: the audit chain, the rankings, and every file byte by byte.

use futures::TryStreamExt;
use sha2::{Digest, Sha256};

use crate::caller::{Caller, Grant, Role};
use crate::evidence::blobs::BlobStore;
use crate::ids::TenantId;
use crate::periods::Stage;
use crate::store::entities::evidence_files;
use crate::store::{Db, Tx};
use crate::{Result, audit, periods, ranking};

/// Something that is not as it was stored, in words for whoever runs the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The audit chain breaks at this entry.
    Chain { seq: i64 },
    /// The kept ranking of a period differs from its scores.
    Ranking { period: String },
    /// A file is known and not there.
    Missing { sha256: String },
    /// A file is not what it was when it came in.
    Changed { sha256: String },
}

/// What was looked at, and what was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    pub periods: usize,
    pub files: usize,
    /// Bytes read.
    pub bytes: u64,
    pub faults: Vec<Fault>,
    /// Files in the store that no document refers to, e.g. of uploads that were never finished. Nothing is wrong with them.
    pub unused: usize,
}

/// Checks one authority. Changes nothing. An unreachable store or database is an error, not a fault.
pub async fn verify(db: &Db, blobs: &BlobStore, tenant: TenantId) -> Result<Checked> {
    let grants = vec![Grant { role: Role::Inspector, unit: None }];
    let caller = Caller { tenant, account: None, name: "thuoc verify".into(), grants };
    let tx = db.read(&caller).await?;
    let mut checked = Checked::default();
    if let Some(broken) = audit::verify(&tx).await? {
        checked.faults.push(Fault::Chain { seq: broken.seq });
    }
    for period in periods::list(&tx).await? {
        checked.periods += 1;
        // Nothing is ranked before the council is at work.
        let ranked = period.stage >= Stage::Appraisal;
        if ranked && ranking::verify(&tx, period.id).await.is_err() {
            checked.faults.push(Fault::Ranking { period: period.name });
        }
    }
    let known = files(&tx).await?;
    drop(tx);
    for file in &known {
        checked.files += 1;
        match look(blobs, tenant, file).await? {
            Ok(bytes) => checked.bytes += bytes,
            Err(fault) => checked.faults.push(fault),
        }
    }
    let stored = blobs.list(tenant).await?;
    checked.unused = stored.iter().filter(|hash| !known.iter().any(|file| &file.sha256 == *hash)).count();
    Ok(checked)
}

async fn files(tx: &Tx) -> Result<Vec<evidence_files::Model>> {
    Ok(tx.scoped::<evidence_files::Entity>().all(tx.conn()).await?)
}

/// How many bytes a file has, read and hashed again.
async fn look(
    blobs: &BlobStore,
    tenant: TenantId,
    file: &evidence_files::Model,
) -> Result<std::result::Result<u64, Fault>> {
    let sha256 = file.sha256.clone();
    if blobs.length(tenant, &sha256).await?.is_none() {
        return Ok(Err(Fault::Missing { sha256 }));
    }
    let mut bytes = blobs.get(tenant, &sha256, None).await?;
    let (mut hash, mut length) = (Sha256::new(), 0u64);
    while let Some(piece) = bytes.try_next().await.map_err(crate::Error::internal)? {
        hash.update(&piece);
        length += piece.len() as u64;
    }
    let found: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    let same = found == sha256 && i64::try_from(length).is_ok_and(|length| length == file.length);
    Ok(if same { Ok(length) } else { Err(Fault::Changed { sha256 }) })
}
