//! The demo province, loaded for real on the embedded database.
#![allow(clippy::unwrap_used)]

use tenants::caller::Caller;
use tenants::indicator_sets::sandbox::WorkerCommand;
use tenants::store::{Db, DbSettings, operator};
use tenants::{audit, publication};

/// The worker is built beside the tests.
fn worker() -> WorkerCommand {
    let tests = std::env::current_exe().unwrap();
    let program = tests.parent().unwrap().parent().unwrap().join("rules-worker");
    assert!(program.exists(), "build it with: cargo build -p tenants --features store --bin rules-worker");
    WorkerCommand { program, args: Vec::new() }
}

#[tokio::test]
async fn the_demo_province_has_a_published_year() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/demo.sqlite?mode=rwc", folder.path().display());
    let db = Db::connect(&DbSettings { url, owner_url: None, max_connections: 4 }).await.unwrap();
    db.migrate().await.unwrap();
    let started = std::time::Instant::now();
    assert!(seeds::demo::load(&db, &worker()).await.unwrap());
    println!("loaded in {:?}", started.elapsed());
    assert!(!seeds::demo::load(&db, &worker()).await.unwrap(), "loading twice changes nothing");

    let province = operator::tenant_by_slug(&db, seeds::demo::SLUG).await.unwrap().unwrap();
    let tx = db.read(&Caller::citizen(province.id)).await.unwrap();
    let published = publication::read(&tx, 2024, None).await.unwrap();
    let counts: Vec<_> = published.snapshot.groups.iter().map(|group| (group.slug.as_str(), group.units.len())).collect();
    assert_eq!(counts, [("so", 19), ("huyen", 10)]);
    for group in &published.snapshot.groups {
        for unit in &group.units {
            println!("{:?} {} {} / {} = {:?}", unit.rank, unit.name, unit.points, unit.applicable_maximum, unit.index);
        }
        assert!(group.units.iter().all(|unit| unit.index.is_some() && unit.rank.is_some()));
    }
    let inspector = Caller {
        account: Some(tenants::ids::AccountId::new()),
        grants: vec![tenants::caller::Grant { role: tenants::caller::Role::Inspector, unit: None }],
        ..Caller::citizen(province.id)
    };
    let tx = db.read(&inspector).await.unwrap();
    assert_eq!(audit::verify(&tx).await.unwrap(), None);
}
