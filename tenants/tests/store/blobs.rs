//! Evidence files: the same in a folder and in an S3-compatible store.

use std::io;

use bytes::Bytes;
use futures::stream::{self, TryStreamExt};
use tenants::Error;
use tenants::error::Part;
use tenants::files::blobs::{BlobStore, ByteStream, S3Settings};
use tenants::ids::TenantId;
use tenants::store::sha256_hex;
use tenants::testing::s3;

const LIMIT: u64 = 20 << 20;

async fn on_both(test: impl AsyncFn(BlobStore)) {
    let folder = tempfile::tempdir().unwrap();
    test(BlobStore::folder(folder.path().join("evidence"))).await;
    let (_server, settings) = s3();
    test(BlobStore::s3(&settings)).await;
}

/// A file of `length` bytes, in pieces as a browser sends them.
fn file(length: usize) -> (Vec<u8>, Vec<io::Result<Bytes>>) {
    let content: Vec<u8> = (0..length).map(|at| (at * 31 % 251) as u8).collect();
    let pieces = content.chunks(60_000).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    (content, pieces)
}

async fn read(stream: ByteStream) -> Vec<u8> {
    stream
        .try_fold(Vec::new(), async |mut all, piece| {
            all.extend_from_slice(&piece);
            Ok(all)
        })
        .await
        .unwrap()
}

#[tokio::test]
async fn a_file_comes_back_whole_and_in_ranges() {
    on_both(async |blobs| {
        let tenant = TenantId::new();
        let (content, pieces) = file(9_000_000);
        let stored = blobs.put(tenant, stream::iter(pieces), LIMIT).await.unwrap();
        assert_eq!(stored.sha256, sha256_hex(&content));
        assert_eq!(stored.length, 9_000_000);
        assert_eq!(stored.head, content[..1024]);
        let hash = &stored.sha256;
        assert_eq!(blobs.length(tenant, hash).await.unwrap(), Some(9_000_000));
        assert!(read(blobs.get(tenant, hash, None).await.unwrap()).await == content);
        let middle = read(blobs.get(tenant, hash, Some(1000..70_001)).await.unwrap()).await;
        assert!(middle == content[1000..70_001]);
    })
    .await;
}

#[tokio::test]
async fn the_same_content_is_one_file_of_its_tenant() {
    on_both(async |blobs| {
        let (tenant, other) = (TenantId::new(), TenantId::new());
        let hash = blobs.put(tenant, stream::iter(file(1000).1), LIMIT).await.unwrap().sha256;
        assert_eq!(blobs.put(tenant, stream::iter(file(1000).1), LIMIT).await.unwrap().sha256, hash);
        assert_eq!(blobs.list(tenant).await.unwrap(), std::slice::from_ref(&hash));
        assert_eq!(blobs.length(other, &hash).await.unwrap(), None);
        assert!(matches!(blobs.get(other, &hash, None).await, Err(Error::NotFound)));
        assert_eq!(blobs.list(other).await.unwrap(), Vec::<String>::new());
        blobs.delete(tenant, &hash).await.unwrap();
        blobs.delete(tenant, &hash).await.unwrap();
        assert!(matches!(blobs.get(tenant, &hash, None).await, Err(Error::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn an_empty_file_is_a_file() {
    on_both(async |blobs| {
        let tenant = TenantId::new();
        let stored = blobs.put(tenant, stream::iter(file(0).1), LIMIT).await.unwrap();
        assert_eq!(blobs.length(tenant, &stored.sha256).await.unwrap(), Some(0));
        assert!(read(blobs.get(tenant, &stored.sha256, None).await.unwrap()).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_is_too_large_or_breaks_off_leaves_nothing() {
    on_both(async |blobs| {
        let tenant = TenantId::new();
        let outcome = blobs.put(tenant, stream::iter(file(100_001).1), 100_000).await;
        assert!(matches!(outcome, Err(Error::Invalid(_))), "{outcome:?}");
        let mut broken = file(200_000).1;
        broken[2] = Err(io::ErrorKind::ConnectionReset.into());
        let outcome = blobs.put(tenant, stream::iter(broken), LIMIT).await;
        assert!(matches!(outcome, Err(Error::Internal(_))), "{outcome:?}");
        assert_eq!(blobs.list(tenant).await.unwrap(), Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_name_that_is_no_hash_is_not_found() {
    on_both(async |blobs| {
        for name in ["../../etc/passwd", "", "x", &"g".repeat(64)] {
            assert!(matches!(blobs.get(TenantId::new(), name, None).await, Err(Error::NotFound)), "{name}");
            assert!(matches!(blobs.delete(TenantId::new(), name).await, Err(Error::NotFound)), "{name}");
        }
    })
    .await;
}

#[tokio::test]
async fn nothing_is_acknowledged_while_the_store_is_away() {
    let (mut server, settings) = s3();
    let blobs = BlobStore::s3(&settings);
    blobs.ping().await.unwrap();
    server.stop();
    let outcome = blobs.put(TenantId::new(), stream::iter(file(1000).1), LIMIT).await;
    assert!(matches!(outcome, Err(Error::Away { part: Part::Files, .. })), "{outcome:?}");
    assert!(blobs.ping().await.is_err());
}

#[tokio::test]
async fn a_store_that_never_answers_is_refused() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let settings = S3Settings {
        endpoint: format!("http://{}", silent.local_addr().unwrap()),
        region: "us-east-1".into(),
        bucket: "evidence".into(),
        access_key: "test".into(),
        secret_key: "test".into(),
    };
    let outcome = BlobStore::s3(&settings).length(TenantId::new(), &"0".repeat(64)).await;
    assert!(matches!(outcome, Err(Error::Away { part: Part::Files, .. })), "{outcome:?}");
}
