//! SQLite on a full disk: what was acknowledged is stored, what could not be stored was not acknowledged, and once there
//! is room again everything goes on without a restart.

use std::path::Path;
use std::process::Command;

use tenants::Caller;
use tenants::caller::Role;
use tenants::store::{Db, DbSettings};
use tenants::units::{self, NewUnit, UnitKind};
use time::macros::date;

/// A small file system of its own; `None` where this user may not mount one.
struct Disk(tempfile::TempDir);

impl Disk {
    fn mount(megabytes: u32) -> Option<Disk> {
        let folder = tempfile::tempdir().unwrap();
        let size = format!("size={megabytes}m");
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(folder.path()).status();
        mount.is_ok_and(|done| done.success()).then_some(Disk(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Until nothing more fits.
    fn fill(&self) {
        let mut size = 1 << 20;
        let mut bytes = Vec::new();
        while size > 0 {
            bytes.resize(bytes.len() + size, 0u8);
            if std::fs::write(self.path().join("full"), &bytes).is_err() {
                bytes.truncate(bytes.len() - size);
                size /= 2;
            }
        }
    }

    fn free(&self) {
        std::fs::remove_file(self.path().join("full")).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.path()).status();
    }
}

async fn save(db: &Db, admin: &Caller, number: usize) -> tenants::Result<()> {
    let tx = db.begin(admin).await?;
    let new = NewUnit {
        kind: UnitKind::Department,
        official_code: format!("u{number}"),
        name: format!("Sở {number} {}", "x".repeat(4_000)),
        short_name: String::new(),
        valid_from: date!(2020 - 01 - 01),
        parent: None,
    };
    units::create(&tx, new).await?;
    tx.commit().await
}

async fn connect(folder: &Path) -> Db {
    let url = format!("sqlite://{}/thuoc.sqlite?mode=rwc", folder.display());
    Db::connect(&DbSettings { url, owner_url: None, max_connections: 4 }).await.unwrap()
}

#[tokio::test]
async fn what_is_acknowledged_around_a_full_disk_is_stored() {
    let Some(disk) = Disk::mount(12) else {
        eprintln!("not run: this user may not mount a file system");
        return;
    };
    let db = connect(disk.path()).await;
    db.migrate().await.unwrap();
    let tenant = tenants::store::operator::create_tenant(
        &db,
        tenants::store::operator::NewTenant {
            parent: None,
            slug: "a".into(),
            name: "A".into(),
            short_name: "A".into(),
            is_sample: false,
            valid_from: date!(2020 - 01 - 01),
        },
    );
    let admin = tenants::testing::caller(tenant.await.unwrap(), &[Role::TenantAdmin]);
    let (mut acknowledged, mut refused) = (0, 0);
    let mut number = 0;
    for _ in 0..3 {
        disk.fill();
        // The log has room of its own; when that is written, nothing more fits.
        let mut left = 30;
        while left > 0 {
            number += 1;
            match save(&db, &admin, number).await {
                Ok(()) => acknowledged += 1,
                Err(_) => (refused, left) = (refused + 1, left - 1),
            }
            assert!(number < 20_000, "the disk is never full");
        }
        disk.free();
        for _ in 0..60 {
            number += 1;
            save(&db, &admin, number).await.unwrap();
            acknowledged += 1;
        }
        db.ping().await.unwrap();
    }
    // As after a kill: another process opens what is on the disk, and the first never closed it.
    let copy = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(disk.path()).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
    }
    let later = connect(copy.path()).await;
    let stored = units::list(&later.read(&admin).await.unwrap()).await.unwrap().len();
    assert_eq!(stored, acknowledged, "{refused} were refused");
    let tx = later.read(&tenants::testing::caller(admin.tenant, &[Role::Inspector])).await.unwrap();
    assert_eq!(tenants::audit::verify(&tx).await.unwrap(), None);
}
