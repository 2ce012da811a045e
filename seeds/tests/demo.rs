//! The demo province, loaded for real on the embedded database.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use tenants::cache::Cache;
use tenants::caller::{Grant, Role};
use tenants::files::blobs::BlobStore;
use tenants::ids::{AccountId, TenantId};
use tenants::indicator_sets::sandbox::WorkerCommand;
use tenants::periods::{self, Stage};
use tenants::sheets::SheetState;
use tenants::store::sign_in::{self, Place, SignIn};
use tenants::store::{Db, DbSettings, operator};
use tenants::{Caller, audit, publication, year};

/// The worker is built beside the tests.
fn worker() -> WorkerCommand {
    let tests = std::env::current_exe().unwrap();
    let program = tests.parent().unwrap().parent().unwrap().join("rules-worker");
    assert!(program.exists(), "build it with: cargo build -p tenants --features store --bin rules-worker");
    WorkerCommand { program, args: Vec::new() }
}

fn inspector(tenant: TenantId) -> Caller {
    Caller {
        account: Some(AccountId::new()),
        grants: vec![Grant { role: Role::Inspector, unit: None }],
        ..Caller::citizen(tenant)
    }
}

#[tokio::test]
async fn the_demo_has_a_published_year_one_in_progress_and_a_district_below() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/demo.sqlite?mode=rwc", folder.path().display());
    let db = Db::connect(&DbSettings { url, owner_url: None, max_connections: 4 }).await.unwrap();
    db.migrate().await.unwrap();
    let blobs = BlobStore::folder(folder.path().join("evidence"));
    assert!(seeds::demo::load(&db, &blobs, &worker()).await.unwrap());
    assert!(!seeds::demo::load(&db, &blobs, &worker()).await.unwrap(), "loading twice changes nothing");
    let province = operator::tenant_by_slug(&db, seeds::demo::SLUG).await.unwrap().unwrap();
    let district = operator::tenant_by_slug(&db, "huyen-dien-bien").await.unwrap().unwrap();
    assert!(province.is_sample && district.is_sample);
    let tenants = operator::list_tenants(&db).await.unwrap();
    assert!(tenants.contains(&(district.clone(), Some(province.id))), "the district stands below the province");
    check_accounts(&db).await;
    check_published(&db, province.id).await;
    check_in_progress(
        &db,
        province.id,
        [(SheetState::Drafting, 18), (SheetState::NotStarted, 7), (SheetState::Submitted, 4)],
    )
    .await;
    check_in_progress(&db, district.id, [(SheetState::Drafting, 3)]).await;
    for tenant in [province.id, district.id] {
        assert_eq!(audit::verify(&db.read(&inspector(tenant)).await.unwrap()).await.unwrap(), None);
    }
}

/// Everyone shown to the newcomer can sign in and has a place.
async fn check_accounts(db: &Db) {
    let cache = Cache::memory();
    for shown in seeds::demo::SHOWN {
        let place = Place { address: "test", device: None };
        let outcome = sign_in::sign_in(db, &cache, shown.login, seeds::demo::PASSWORD, place).await.unwrap();
        let SignIn::Welcome { account, .. } = outcome else { panic!("{}: {outcome:?}", shown.login) };
        assert_eq!(sign_in::tenants_of(db, account).await.unwrap().len(), 1, "{}", shown.login);
    }
}

/// 2024: every unit has an index and a rank, and some scores were adjusted, some claims granted.
async fn check_published(db: &Db, tenant: TenantId) {
    let tx = db.read(&Caller::citizen(tenant)).await.unwrap();
    let published = publication::read(&tx, 2024, None).await.unwrap();
    assert!(published.decision_number.contains("dữ liệu mẫu") && published.snapshot.is_sample);
    let groups = &published.snapshot.groups;
    let counts: Vec<_> = groups.iter().map(|group| (group.slug.as_str(), group.units.len())).collect();
    assert_eq!(counts, [("so", 19), ("huyen", 10)]);
    let units = || groups.iter().flat_map(|group| &group.units);
    assert!(units().all(|unit| unit.index.is_some() && unit.rank.is_some() && unit.self_assessed));
    let adjusted = units().flat_map(|unit| &unit.scores).filter(|score| score.points < score.self_points).count();
    assert!(adjusted > 10, "{adjusted} adjusted");
    let without = units().filter(|unit| unit.applicable_maximum < rust_decimal::Decimal::from(500)).count();
    assert_eq!(without, 3, "units without administrative procedures");
}

/// 2025: open, with sheets in these states.
async fn check_in_progress<const N: usize>(db: &Db, tenant: TenantId, expected: [(SheetState, usize); N]) {
    let tx = db.read(&inspector(tenant)).await.unwrap();
    let known = periods::list(&tx).await.unwrap();
    let period = known.iter().find(|period| period.year == 2025).unwrap();
    assert_eq!(period.stage, Stage::SelfAssessment);
    let board = year::board(&tx, period.id).await.unwrap();
    let mut states = BTreeMap::new();
    for unit in board.groups.iter().flat_map(|group| &group.units) {
        *states.entry(unit.state.as_str()).or_insert(0) += 1;
    }
    assert_eq!(states, expected.map(|(state, count)| (state.as_str(), count)).into());
}
