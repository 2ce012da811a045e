//! What is stored is looked over, and what is not as it was is named.
#![allow(clippy::unwrap_used)]

use crate::common;

use std::collections::BTreeMap;

use common::Authority;
use tenants::evidence::{self, Attach, Source};
use tenants::files::blobs::BlobStore;
use tenants::files::{Scan, StoredFile};
use tenants::integrity::{self, Fault};
use tenants::testing::on_both;

#[tokio::test]
async fn a_file_changed_or_gone_is_named() {
    on_both(async |test| {
        let here = Authority::open(&test, "tinh", false).await;
        let folder = tempfile::tempdir().unwrap();
        let blobs = BlobStore::folder(folder.path());
        let mut hashes = Vec::new();
        for text in ["một", "hai", "ba"] {
            let bytes = futures::stream::once(std::future::ready(Ok(bytes::Bytes::from(text))));
            let stored = blobs.put(here.tenant, bytes, 100).await.unwrap();
            let file = StoredFile {
                sha256: stored.sha256.clone(),
                length: stored.length,
                media_type: "application/pdf".into(),
                name: format!("{text}.pdf"),
                scan: Scan::Unasked,
            };
            let tx = test.db.begin(&here.editor(0)).await.unwrap();
            evidence::attach(&tx, here.sheets[0], "1.1", Attach::of(Source::File(file))).await.unwrap();
            tx.commit().await.unwrap();
            hashes.push(stored.sha256);
        }
        let decision = Fault::Missing { sha256: "0".repeat(64) };
        let whole =
            integrity::verify(&test.db, (&blobs, &common::worker()), here.tenant, &BTreeMap::new()).await.unwrap();
        assert_eq!((whole.files, whole.faults), (4, vec![decision.clone()]), "only the test's decision has no file");
        blobs.delete(here.tenant, &hashes[0]).await.unwrap();
        let inside = walk(folder.path()).into_iter().find(|path| path.ends_with(&hashes[1])).unwrap();
        std::fs::write(inside, "HAI").unwrap();
        let found = integrity::verify(&test.db, (&blobs, &common::worker()), here.tenant, &BTreeMap::new())
            .await
            .unwrap()
            .faults;
        let missing = Fault::Missing { sha256: hashes[0].clone() };
        let changed = Fault::Changed { sha256: hashes[1].clone() };
        assert!(
            found.len() == 3 && [decision, missing, changed].iter().all(|fault| found.contains(fault)),
            "{found:?}"
        );
    })
    .await;
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}
