//! Evidence that harms nobody and does not fill the store: scanned, bounded, cleared away. With a real scanner.
#![allow(clippy::unwrap_used)]

use crate::common;

use std::path::Path;
use std::time::{Duration, SystemTime};

use common::{Authority, answer};
use tenants::caller::Role;
use tenants::evidence::{self, Attach, Source};
use tenants::files::blobs::BlobStore;
use tenants::files::scanner::{Scanner, Verdict};
use tenants::files::sweep::{self, GoneKind};
use tenants::files::{self, Scan, StoredFile};
use tenants::ids::TenantId;
use tenants::notices::{self, Kind};
use tenants::testing::{INFECTED, clamd, on_both};
use tenants::{Caller, Error, desk, sheets};

fn stream(bytes: Vec<u8>) -> impl futures::Stream<Item = std::io::Result<bytes::Bytes>> + Send + Unpin {
    futures::stream::iter([Ok(bytes::Bytes::from(bytes))])
}

async fn verdict(scanner: &Scanner, bytes: Vec<u8>) -> std::io::Result<Verdict> {
    scanner.scan(Box::pin(stream(bytes))).await
}

async fn stored(blobs: &BlobStore, tenant: TenantId, bytes: &[u8], scan: Scan) -> StoredFile {
    let stored = blobs.put(tenant, stream(bytes.to_vec()), 1 << 30).await.unwrap();
    let (media_type, name) = ("application/pdf".into(), "bao-cao.pdf".into());
    StoredFile { sha256: stored.sha256, length: stored.length, media_type, name, scan }
}

async fn attach(here: &Authority<'_>, by: &Caller, file: StoredFile, code: &str) -> tenants::Result<desk::Row> {
    let tx = here.test.db.begin(by).await?;
    let row = evidence::attach(&tx, here.sheets[0], code, Attach::of(Source::File(file))).await?;
    tx.commit().await?;
    Ok(row)
}

async fn told(here: &Authority<'_>, who: &Caller) -> Vec<Kind> {
    let tx = here.test.db.read(who).await.unwrap();
    notices::inbox(&tx).await.unwrap().into_iter().map(|notice| notice.kind).collect()
}

#[tokio::test]
async fn the_scanner_says_what_it_finds_and_what_is_too_large() {
    let (mut server, scanner) = clamd();
    assert!(scanner.ping().await);
    assert_eq!(verdict(&scanner, b"%PDF-1.4 harmless".to_vec()).await.unwrap(), Verdict::Clean);
    assert_eq!(verdict(&scanner, INFECTED.to_vec()).await.unwrap(), Verdict::Infected("Thuoc.Test.UNOFFICIAL".into()));
    assert_eq!(verdict(&scanner, vec![b'x'; 8 << 20]).await.unwrap(), Verdict::TooLarge);
    server.stop();
    assert!(!scanner.ping().await);
    assert!(verdict(&scanner, b"%PDF-1.4".to_vec()).await.is_err());
}

#[tokio::test]
async fn an_infected_upload_is_kept_aside_and_never_attached() {
    on_both(async |test| {
        let here = Authority::open(&test, "tinh", false).await;
        let manager = here.person("quan-ly", Role::PeriodManager, None).await;
        let folder = tempfile::tempdir().unwrap();
        let file = stored(&BlobStore::folder(folder.path()), here.tenant, INFECTED, Scan::Unasked).await;
        let tx = test.db.begin(&here.editor(0)).await.unwrap();
        evidence::quarantine(&tx, &file, "Thuoc.Test", "/lam-viec").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(told(&here, &manager).await, [Kind::Refused]);
        // Without a scanner at hand the same content stays refused, under any name.
        let again = StoredFile { name: "khac.pdf".into(), ..file.clone() };
        assert!(matches!(attach(&here, &here.editor(0), again, "1.1").await, Err(Error::Invalid(_))));
        let tx = test.db.read(&here.editor(0)).await.unwrap();
        assert!(matches!(files::refuse_infected(&tx, &file.sha256).await, Err(Error::Conflict(_))));
        files::refuse_infected(&tx, &"0".repeat(64)).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_decision_is_seen_again_when_its_evidence_is_found_infected_later() {
    on_both(async |test| {
        let here = Authority::open(&test, "tinh", false).await;
        let clerk = here.person("van-thu", Role::UnitEditor, Some(0)).await;
        let folder = tempfile::tempdir().unwrap();
        let blobs = BlobStore::folder(folder.path());
        here.complete(0, 5, None).await;
        let file = stored(&blobs, here.tenant, INFECTED, Scan::Waiting).await;
        attach(&here, &clerk, file.clone(), "1.1").await.unwrap();
        here.submit(0).await.unwrap();
        here.start_appraisal().await.unwrap();
        here.accept_all(0).await;
        let open = async || {
            let tx = test.db.read(&here.as_role(Role::CouncilChair)).await.unwrap();
            tenants::appraisal::open_rows(&tx, here.period).await.unwrap()
        };
        assert!(!open().await.iter().any(|(name, _)| name == "Đơn vị một"), "all decided");
        test.db.clock.set(time::macros::datetime!(2026-02-20 08:00 +7));
        let scan = async || {
            let tx = test.db.begin(&Caller::system(here.tenant)).await.unwrap();
            evidence::keep_verdict(&tx, &file.sha256, &Verdict::Infected("Thuoc.Test".into())).await.unwrap();
            tx.commit().await.unwrap();
        };
        scan().await;
        assert!(open().await.contains(&("Đơn vị một".to_owned(), 1)));
        let judge = here.as_role(Role::Appraiser);
        here.decide(&judge, 0, common::adjust("1.1", "10", "Tệp nhiễm mã độc", 1)).await.unwrap();
        test.db.clock.set(time::macros::datetime!(2026-02-21 08:00 +7));
        scan().await;
        assert!(!open().await.iter().any(|(name, _)| name == "Đơn vị một"), "found again is not found later");
    })
    .await;
}

#[tokio::test]
async fn a_file_found_infected_later_stops_proving_anything() {
    on_both(async |test| {
        let here = Authority::open(&test, "tinh", false).await;
        let manager = here.person("quan-ly", Role::PeriodManager, None).await;
        let clerk = here.person("van-thu", Role::UnitEditor, Some(0)).await;
        let folder = tempfile::tempdir().unwrap();
        let blobs = BlobStore::folder(folder.path());
        here.save(0, answer("1.1", &[("a", "5"), ("tong", "10")])).await.unwrap();
        let file = stored(&blobs, here.tenant, INFECTED, Scan::Waiting).await;
        let row = attach(&here, &clerk, file.clone(), "1.1").await.unwrap();
        assert_eq!((row.state, row.evidence[0].scan), (sheets::RowState::Done, Scan::Waiting));
        let system = Caller::system(here.tenant);
        let tx = test.db.begin(&system).await.unwrap();
        let waiting = evidence::unscanned(&tx, false, 10).await.unwrap();
        assert_eq!(waiting.iter().filter(|one| one.sha256 == file.sha256).count(), 1);
        let found = Verdict::Infected("Thuoc.Test".into());
        assert!(evidence::keep_verdict(&tx, &file.sha256, &found).await.unwrap());
        assert!(!evidence::keep_verdict(&tx, &file.sha256, &found).await.unwrap(), "told once");
        tx.commit().await.unwrap();
        let tx = test.db.read(&clerk).await.unwrap();
        let row = desk::row(&tx, here.sheets[0], "1.1").await.unwrap();
        assert_eq!((row.state, row.evidence[0].scan), (sheets::RowState::Unproven, Scan::Infected));
        let sheet = desk::sheet(&tx, here.sheets[0]).await.unwrap();
        assert_eq!(sheet.rows[0].evidence_count, 0);
        assert_eq!(sheets::mine(&tx).await.unwrap()[0].ready, 0, "kept beside the row too");
        assert!(matches!(files::refuse_infected(&tx, &file.sha256).await, Err(Error::Conflict(_))));
        drop(tx);
        let tx = test.db.begin(&clerk).await.unwrap();
        let known = Attach::of(Source::Known(row.evidence[0].id));
        let again = evidence::attach(&tx, here.sheets[0], "1.2", known).await;
        assert!(matches!(again, Err(Error::Conflict(_))), "nor is it used for another indicator");
        drop(tx);
        assert_eq!(
            (told(&here, &manager).await, told(&here, &clerk).await),
            (vec![Kind::Infected], vec![Kind::Infected])
        );
        let tx = test.db.begin(&clerk).await.unwrap();
        assert!(matches!(evidence::unscanned(&tx, true, 10).await, Err(Error::Forbidden)), "the keeper's own work");
    })
    .await;
}

#[tokio::test]
async fn a_unit_brings_no_more_than_it_may() {
    on_both(async |test| {
        let here = Authority::open(&test, "tinh", false).await;
        let manager = here.as_role(Role::PeriodManager);
        let set = async |by: &Caller, bytes: u64| {
            let tx = test.db.begin(by).await.unwrap();
            evidence::set_quota(&tx, bytes).await?;
            tx.commit().await
        };
        assert!(matches!(set(&manager, 1 << 20).await, Err(Error::Invalid(_))));
        assert!(matches!(set(&here.editor(0), 100 << 20).await, Err(Error::Forbidden)));
        set(&manager, 100 << 20).await.unwrap();
        let file = |sha: char, megabytes: u64| StoredFile {
            sha256: sha.to_string().repeat(64),
            length: megabytes << 20,
            media_type: "application/pdf".into(),
            name: "bao-cao.pdf".into(),
            scan: Scan::Clean,
        };
        let may = async |coming: u64| {
            let tx = test.db.read(&here.editor(0)).await.unwrap();
            evidence::may_attach(&tx, here.sheets[0], "1.1", coming << 20).await
        };
        may(100).await.unwrap();
        attach(&here, &here.editor(0), file('a', 60), "1.1").await.unwrap();
        attach(&here, &here.editor(0), file('a', 60), "1.2").await.unwrap();
        let Err(Error::Invalid(problems)) = may(41).await else { panic!("41 MB more are too many") };
        assert!(problems[0].message.contains("60 MB trong 100 MB"), "{}", problems[0].message);
        may(40).await.unwrap();
        assert!(attach(&here, &here.editor(0), file('b', 41), "1.1").await.is_err(), "also past the first question");
        let tx = test.db.read(&here.editor(0)).await.unwrap();
        let room = desk::desk(&tx, here.sheets[0], "1").await.unwrap().quota;
        assert_eq!((room.used, room.allowed), (60 << 20, 100 << 20));
    })
    .await;
}

/// Makes a file look as if it had lain there for two days.
fn age(file: &Path) {
    let then = SystemTime::now() - Duration::from_secs(48 * 3600);
    std::fs::File::options().write(true).open(file).unwrap().set_modified(then).unwrap();
}

#[tokio::test]
async fn only_what_no_row_names_and_nobody_touched_is_cleared_away() {
    on_both(async |test| {
        let here = Authority::open(&test, "tinh", false).await;
        let clerk = here.person("van-thu", Role::UnitEditor, Some(0)).await;
        let shelf = TenantId(clerk.account.unwrap().0);
        let folder = tempfile::tempdir().unwrap();
        let blobs = BlobStore::folder(folder.path());
        let path = |owner: TenantId, name: &str| folder.path().join(owner.to_string()).join(name);
        let attached = stored(&blobs, here.tenant, b"attached", Scan::Unasked).await.sha256;
        let infected = stored(&blobs, here.tenant, INFECTED, Scan::Unasked).await;
        let young = stored(&blobs, here.tenant, b"young", Scan::Unasked).await.sha256;
        let unused = stored(&blobs, here.tenant, b"unused", Scan::Unasked).await.sha256;
        let detached = stored(&blobs, here.tenant, b"detached", Scan::Unasked).await;
        let piece = stored(&blobs, shelf, b"piece", Scan::Unasked).await.sha256;
        let fresh = stored(&blobs, shelf, b"fresh piece", Scan::Unasked).await.sha256;
        for (name, text) in [(".tmpOLD", "half"), (".tmpNEW", "half way")] {
            std::fs::write(path(here.tenant, name), text).unwrap();
        }
        let known = |sha256: &String| StoredFile { sha256: sha256.clone(), ..infected.clone() };
        attach(&here, &clerk, known(&attached), "1.1").await.unwrap();
        let row = attach(&here, &clerk, known(&detached.sha256), "1.1").await.unwrap();
        let tx = test.db.begin(&clerk).await.unwrap();
        evidence::detach(&tx, here.sheets[0], "1.1", row.evidence[1].id).await.unwrap();
        evidence::quarantine(&tx, &infected, "Thuoc.Test", "/lam-viec").await.unwrap();
        tx.commit().await.unwrap();
        for name in [&attached, &infected.sha256, &unused, &detached.sha256, &".tmpOLD".to_owned()] {
            age(&path(here.tenant, name));
        }
        age(&path(shelf, &piece));
        let gone = sweep::sweep(&test.db, &blobs, sweep::AGE).await.unwrap();
        let gone: Vec<_> = gone.into_iter().map(|one| (one.kind, one.name)).collect();
        let expected =
            [(GoneKind::Unused, unused.clone()), (GoneKind::Piece, piece.clone()), (GoneKind::Spool, ".tmpOLD".into())];
        assert_eq!(gone, expected);
        for kept in [&attached, &infected.sha256, &young, &detached.sha256] {
            assert!(path(here.tenant, kept).exists());
        }
        assert!(path(here.tenant, ".tmpNEW").exists() && path(shelf, &fresh).exists());
        assert!(!path(here.tenant, &unused).exists() && !path(shelf, &piece).exists());
        // Brought again while it lay there unused: it is young, whoever will name it.
        let again = stored(&blobs, here.tenant, b"unused", Scan::Unasked).await.sha256;
        age(&path(here.tenant, &again));
        stored(&blobs, here.tenant, b"unused", Scan::Unasked).await;
        assert_eq!(sweep::sweep(&test.db, &blobs, sweep::AGE).await.unwrap(), []);
    })
    .await;
}
