//! Where evidence files lie: a local folder, or any S3-compatible store. Keyed by tenant and content hash,
//! so storing the same file twice is storing it once, and every file can be verified against its name.

use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{Stream, StreamExt};
use std::ops::Range;
use std::path::PathBuf;
use time::OffsetDateTime;
use tokio_util::io::ReaderStream;

use crate::ids::TenantId;
use crate::{Error, Result};

/// A file's bytes, in pieces.
pub type ByteStream = BoxStream<'static, std::io::Result<Bytes>>;

/// What was stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Lower-case hexadecimal.
    pub sha256: String,
    /// Bytes.
    pub length: u64,
    /// The first bytes, to tell the type by content.
    pub head: Bytes,
}

/// A file that came in and is not stored yet: until it is kept, nothing remains of it.
#[derive(Debug)]
pub struct Incoming {
    temp: tempfile::NamedTempFile,
    /// What it will be known by.
    pub stored: Stored,
}

impl Incoming {
    /// Its bytes.
    pub async fn read(&self) -> Result<ByteStream> {
        let file = tokio::fs::File::open(self.temp.path()).await.map_err(Error::internal)?;
        Ok(ReaderStream::new(file).boxed())
    }
}

/// A file as it lies in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub sha256: String,
    /// Bytes.
    pub length: u64,
    /// When its content was last stored.
    pub modified: OffsetDateTime,
}

/// A store of files. Cheap to clone.
#[derive(Clone, Debug)]
pub enum BlobStore {
    Folder(folder::Folder),
    S3(s3::S3),
}

impl BlobStore {
    /// Files under `root`, which is created.
    pub fn folder(root: impl Into<PathBuf>) -> BlobStore {
        BlobStore::Folder(folder::Folder::new(root.into()))
    }

    pub fn s3(settings: &S3Settings) -> BlobStore {
        BlobStore::S3(s3::S3::new(settings))
    }

    /// Streams a file in, never holding it whole. `Err(Invalid)` past `limit` bytes; nothing remains of it then.
    pub async fn put<S>(&self, tenant: TenantId, bytes: S, limit: u64) -> Result<Stored>
    where
        S: Stream<Item = std::io::Result<Bytes>> + Send + Unpin,
    {
        let incoming = self.receive(tenant, bytes, limit).await?;
        self.keep(tenant, incoming).await
    }

    /// Streams a file in without storing it: dropped, it is gone. `Err(Invalid)` past `limit` bytes.
    pub async fn receive<S>(&self, tenant: TenantId, bytes: S, limit: u64) -> Result<Incoming>
    where
        S: Stream<Item = std::io::Result<Bytes>> + Send + Unpin,
    {
        let folder = match self {
            BlobStore::Folder(folder) => folder.of(tenant),
            BlobStore::S3(_) => spool::folder(),
        };
        spool::spool(&folder, bytes, limit).await
    }

    /// Stores what was received.
    pub async fn keep(&self, tenant: TenantId, incoming: Incoming) -> Result<Stored> {
        match self {
            BlobStore::Folder(folder) => folder.keep(tenant, incoming).await,
            BlobStore::S3(s3) => s3.keep(tenant, incoming).await,
        }
    }

    /// The bytes of a range (the whole file for `None`). `Err(NotFound)` when it is not there.
    pub async fn get(&self, tenant: TenantId, sha256: &str, range: Option<Range<u64>>) -> Result<ByteStream> {
        match self {
            BlobStore::Folder(folder) => folder.get(tenant, sha256, range).await,
            BlobStore::S3(s3) => s3.get(tenant, sha256, range).await,
        }
    }

    /// Length in bytes; `None` when it is not there.
    pub async fn length(&self, tenant: TenantId, sha256: &str) -> Result<Option<u64>> {
        match self {
            BlobStore::Folder(folder) => folder.length(tenant, sha256).await,
            BlobStore::S3(s3) => s3.length(tenant, sha256).await,
        }
    }

    pub async fn delete(&self, tenant: TenantId, sha256: &str) -> Result<()> {
        match self {
            BlobStore::Folder(folder) => folder.delete(tenant, sha256).await,
            BlobStore::S3(s3) => s3.delete(tenant, sha256).await,
        }
    }

    /// Hashes of all files of a tenant.
    pub async fn list(&self, tenant: TenantId) -> Result<Vec<String>> {
        Ok(self.entries(tenant).await?.into_iter().map(|entry| entry.sha256).collect())
    }

    /// All files of a tenant, by hash.
    pub async fn entries(&self, tenant: TenantId) -> Result<Vec<Entry>> {
        match self {
            BlobStore::Folder(folder) => folder.entries(tenant).await,
            BlobStore::S3(s3) => s3.entries(tenant).await,
        }
    }

    /// When a file's content was last stored; `None` when it is not there.
    pub async fn modified(&self, tenant: TenantId, sha256: &str) -> Result<Option<OffsetDateTime>> {
        match self {
            BlobStore::Folder(folder) => folder.modified(tenant, sha256).await,
            BlobStore::S3(s3) => Ok(s3.head(tenant, sha256).await?.map(|(_, modified)| modified)),
        }
    }

    /// Removes what was on its way in when a server stopped, untouched since `before`. Answers names and bytes.
    pub async fn clear_spools(&self, before: OffsetDateTime) -> Result<Vec<(String, u64)>> {
        let folders = match self {
            BlobStore::Folder(folder) => folder.folders().await?,
            BlobStore::S3(_) => vec![spool::folder()],
        };
        let mut gone = Vec::new();
        for folder in folders {
            gone.extend(spool::clear(&folder, before).await?);
        }
        Ok(gone)
    }

    /// What time it is by the store's own clock, which `modified` is told by.
    pub async fn now(&self) -> Result<OffsetDateTime> {
        match self {
            BlobStore::Folder(folder) => folder.now().await,
            BlobStore::S3(s3) => s3.now().await,
        }
    }

    /// Whether the store answers.
    pub async fn ping(&self) -> Result<()> {
        match self {
            BlobStore::Folder(folder) => folder.ping().await,
            BlobStore::S3(s3) => s3.ping().await,
        }
    }
}

/// Hashes come from our own database or our own hashing; anything else is no file of ours.
fn hash(name: &str) -> Result<&str> {
    let is_hash = name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hash { Ok(name) } else { Err(Error::NotFound) }
}

mod folder;
mod s3;
mod spool;
pub use self::s3::S3Settings;
