//! Files, read and hashed again.

use futures::TryStreamExt;
use sha2::{Digest, Sha256};

use super::{Checked, Fault};
use crate::Result;
use crate::files::Unreadable;
use crate::files::blobs::BlobStore;
use crate::ids::TenantId;
use crate::store::Tx;
use crate::store::entities::evidence_files;

pub(super) async fn known(tx: &Tx) -> Result<Vec<evidence_files::Model>> {
    Ok(tx.scoped::<evidence_files::Entity>().all(tx.conn()).await?)
}

pub(super) async fn compare(
    blobs: &BlobStore,
    tenant: TenantId,
    known: &[evidence_files::Model],
    checked: &mut Checked,
) -> Result<()> {
    for file in known {
        checked.files += 1;
        checked.unreadable += usize::from(file.look.as_deref().and_then(Unreadable::parse).is_some());
        match look(blobs, tenant, file).await? {
            Ok(bytes) => checked.bytes += bytes,
            Err(fault) => checked.faults.push(fault),
        }
    }
    let stored = blobs.list(tenant).await?;
    checked.unused = stored.iter().filter(|hash| !known.iter().any(|file| &file.sha256 == *hash)).count();
    Ok(())
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
    let found = crate::store::hex(&hash.finalize());
    let same = found == sha256 && i64::try_from(length).is_ok_and(|length| length == file.length);
    Ok(if same { Ok(length) } else { Err(Fault::Changed { sha256 }) })
}
