//! Files in a local folder: temporary file, fsync, rename, fsync of the folder.

use futures::StreamExt;
use std::io::{ErrorKind, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};
use time::OffsetDateTime;
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;

use super::{ByteStream, Entry, Incoming, Stored, hash};
use crate::ids::TenantId;
use crate::{Error, Result};

#[derive(Clone, Debug)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    pub fn new(root: PathBuf) -> Folder {
        Folder { root }
    }

    /// Where the files of an owner lie.
    pub fn of(&self, tenant: TenantId) -> PathBuf {
        self.root.join(tenant.to_string())
    }

    fn path(&self, tenant: TenantId, sha256: &str) -> Result<PathBuf> {
        Ok(self.of(tenant).join(hash(sha256)?))
    }

    pub async fn keep(&self, tenant: TenantId, Incoming { temp, stored }: Incoming) -> Result<Stored> {
        let path = self.path(tenant, &stored.sha256)?;
        let folder = self.of(tenant);
        tokio::task::spawn_blocking(move || keep(temp, &path, &folder)).await.map_err(Error::internal)??;
        Ok(stored)
    }

    pub async fn get(&self, tenant: TenantId, sha256: &str, range: Option<Range<u64>>) -> Result<ByteStream> {
        let mut file = tokio::fs::File::open(self.path(tenant, sha256)?).await.map_err(absent)?;
        let Some(range) = range else {
            return Ok(ReaderStream::new(file).boxed());
        };
        file.seek(SeekFrom::Start(range.start)).await.map_err(Error::internal)?;
        Ok(ReaderStream::new(file.take(range.end.saturating_sub(range.start))).boxed())
    }

    pub async fn length(&self, tenant: TenantId, sha256: &str) -> Result<Option<u64>> {
        match tokio::fs::metadata(self.path(tenant, sha256)?).await {
            Ok(found) => Ok(Some(found.len())),
            Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(None),
            Err(cause) => Err(Error::internal(cause)),
        }
    }

    pub async fn delete(&self, tenant: TenantId, sha256: &str) -> Result<()> {
        match tokio::fs::remove_file(self.path(tenant, sha256)?).await {
            Err(cause) if cause.kind() != ErrorKind::NotFound => Err(Error::internal(cause)),
            _ => Ok(()),
        }
    }

    pub async fn entries(&self, tenant: TenantId) -> Result<Vec<Entry>> {
        let mut found = Vec::new();
        let Ok(mut entries) = tokio::fs::read_dir(self.of(tenant)).await else {
            return Ok(found);
        };
        while let Some(entry) = entries.next_entry().await.map_err(Error::internal)? {
            let sha256 = entry.file_name().to_string_lossy().into_owned();
            // One deleted meanwhile is no file any more.
            let Ok(about) = entry.metadata().await else { continue };
            if hash(&sha256).is_ok() {
                found.push(Entry { sha256, length: about.len(), modified: modified(&about)? });
            }
        }
        found.sort_by(|a, b| a.sha256.cmp(&b.sha256));
        Ok(found)
    }

    pub async fn modified(&self, tenant: TenantId, sha256: &str) -> Result<Option<OffsetDateTime>> {
        match tokio::fs::metadata(self.path(tenant, sha256)?).await {
            Ok(about) => modified(&about).map(Some),
            Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(None),
            Err(cause) => Err(Error::internal(cause)),
        }
    }

    /// One for each owner of files.
    pub async fn folders(&self) -> Result<Vec<PathBuf>> {
        let mut found = Vec::new();
        let Ok(mut entries) = tokio::fs::read_dir(&self.root).await else {
            return Ok(found);
        };
        while let Some(entry) = entries.next_entry().await.map_err(Error::internal)? {
            found.push(entry.path());
        }
        Ok(found)
    }

    /// The clock of the file system, which may be another machine's.
    pub async fn now(&self) -> Result<OffsetDateTime> {
        let root = self.root.clone();
        let now = move || {
            std::fs::create_dir_all(&root).map_err(Error::internal)?;
            let probe = tempfile::tempfile_in(&root).map_err(Error::internal)?;
            modified(&probe.metadata().map_err(Error::internal)?)
        };
        tokio::task::spawn_blocking(now).await.map_err(Error::internal)?
    }

    pub async fn ping(&self) -> Result<()> {
        tokio::fs::create_dir_all(&self.root).await.map_err(Error::internal)
    }
}

fn keep(temp: tempfile::NamedTempFile, path: &Path, folder: &Path) -> Result<()> {
    temp.persist(path).map_err(Error::internal)?;
    // The folder itself may be new: its name must survive a power cut as well.
    for folder in folder.ancestors().take(2) {
        std::fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(Error::internal)?;
    }
    Ok(())
}

pub(crate) fn modified(about: &std::fs::Metadata) -> Result<OffsetDateTime> {
    about.modified().map(OffsetDateTime::from).map_err(Error::internal)
}

fn absent(cause: std::io::Error) -> Error {
    if cause.kind() == ErrorKind::NotFound { Error::NotFound } else { Error::internal(cause) }
}
