//! A file on its way in: written to a temporary file while it is hashed and measured.

use bytes::{Bytes, BytesMut};
use futures::{Stream, StreamExt};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use time::OffsetDateTime;
use tokio::io::AsyncWriteExt;

use super::folder::modified;
use super::{Incoming, Stored};
use crate::{Error, Problem, Result};

/// Enough to recognise every type accepted, a PDF too whose header begins late.
const HEAD: usize = 1024;

/// Of the names of files on their way in.
const PREFIX: &str = ".tmp";

/// Writes the stream beside its destination and syncs it.
pub async fn spool<S>(folder: &Path, mut bytes: S, limit: u64) -> Result<Incoming>
where
    S: Stream<Item = std::io::Result<Bytes>> + Send + Unpin,
{
    tokio::fs::create_dir_all(folder).await.map_err(Error::internal)?;
    let temp = tempfile::Builder::new().prefix(PREFIX).tempfile_in(folder).map_err(Error::internal)?;
    let mut file = tokio::fs::File::from_std(temp.reopen().map_err(Error::internal)?);
    let (mut hash, mut length, mut head) = (Sha256::new(), 0u64, BytesMut::new());
    while let Some(piece) = bytes.next().await {
        let piece = piece.map_err(Error::internal)?;
        length += piece.len() as u64;
        if length > limit {
            return Err(too_large(limit));
        }
        head.extend_from_slice(&piece[..piece.len().min(HEAD - head.len())]);
        hash.update(&piece);
        file.write_all(&piece).await.map_err(Error::internal)?;
    }
    file.sync_all().await.map_err(Error::internal)?;
    let sha256 = crate::store::hex(&hash.finalize());
    Ok(Incoming { temp, stored: Stored { sha256, length, head: head.freeze() } })
}

/// Where files wait that are not spooled beside their destination.
pub fn folder() -> PathBuf {
    std::env::temp_dir().join("thuoc-spool")
}

/// Removes the files of a folder that were being spooled, untouched since `before`. Answers their names and bytes.
pub async fn clear(folder: &Path, before: OffsetDateTime) -> Result<Vec<(String, u64)>> {
    let mut gone = Vec::new();
    let Ok(mut entries) = tokio::fs::read_dir(folder).await else {
        return Ok(gone);
    };
    while let Some(entry) = entries.next_entry().await.map_err(Error::internal)? {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Ok(about) = entry.metadata().await else { continue };
        let ours = name.starts_with(PREFIX) && about.is_file();
        if ours && modified(&about)? < before && tokio::fs::remove_file(entry.path()).await.is_ok() {
            gone.push((name, about.len()));
        }
    }
    Ok(gone)
}

fn too_large(limit: u64) -> Error {
    let message = format!("Tệp lớn hơn {} MB; hãy nén lại hoặc chia thành nhiều tệp.", limit >> 20);
    Error::Invalid(vec![Problem::new("file", &message)])
}
