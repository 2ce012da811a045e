//! A running period moves to the current engine: computed points follow it, what was signed and decided stays.
#![allow(clippy::unwrap_used)]

use crate::common;

use std::collections::BTreeMap;

use common::engine_one::{fifteen, of_the_first_engine};
use common::{Authority, answer};
use tenants::caller::Role;
use tenants::files::blobs::BlobStore;
use tenants::integrity::{self, Fault};
use tenants::notices::{self, Kind};
use tenants::testing::{count, on_both, texts};
use tenants::year::{self, EngineChange};
use tenants::{Caller, Error, Result, appraisal, assessments, desk, ranking};

fn change(here: &Authority<'_>) -> EngineChange {
    EngineChange { period: here.period, from: "1".into(), reason: "Tính đúng phân số".into() }
}

async fn renew(here: &Authority<'_>) -> Result<()> {
    let tx = here.test.db.begin(&here.as_role(Role::PeriodManager)).await?;
    year::renew_engine(&tx, &change(here)).await?;
    tx.commit().await
}

fn plain(points: Option<rust_decimal::Decimal>) -> String {
    points.map_or_else(|| "–".into(), |points| points.normalize().to_string())
}

/// Faults of what is stored, but for the file that the test's decision does not have.
async fn faults(here: &Authority<'_>) -> Vec<Fault> {
    let folder = tempfile::tempdir().unwrap();
    let blobs = BlobStore::folder(folder.path());
    let found = integrity::verify(&here.test.db, (&blobs, &common::worker()), here.tenant, &BTreeMap::new())
        .await
        .unwrap()
        .faults;
    found.into_iter().filter(|fault| !matches!(fault, Fault::Missing { .. })).collect()
}

#[tokio::test]
async fn computed_points_follow_and_what_was_signed_and_decided_stays() {
    on_both(async |test| {
        let here = of_the_first_engine(&test).await;
        here.start_appraisal().await.unwrap();
        assert_eq!((here.accept_all(0).await, here.accept_all(1).await), (3, 3));
        let manager = here.person("quanly", Role::PeriodManager, None).await;
        let heads = [
            here.person("lanhdao-1", Role::UnitApprover, Some(0)).await,
            here.person("lanhdao-2", Role::UnitApprover, Some(1)).await,
        ];
        let generation = "SELECT ranking_generation FROM periods";
        let tx = test.db.read(&manager).await.unwrap();
        let before = count(&tx, generation).await;
        let effect = year::preview_engine(&tx, here.period).await.unwrap().unwrap();
        assert_eq!((effect.from.as_str(), effect.to.as_str()), ("1", "2"));
        assert_eq!((effect.sheets, effect.to_see_again), (1, 1));
        let moved: Vec<_> = effect.reports[0].indicators.iter().map(|one| (one.code.as_str(), one.units)).collect();
        assert_eq!(moved, [("1.1", 1)]);
        assert_eq!(texts(&tx, "SELECT engine FROM periods").await, ["1"], "seeing changes nothing");
        drop(tx);

        renew(&here).await.unwrap();
        let tx = test.db.read(&here.as_role(Role::CouncilChair)).await.unwrap();
        let judged = appraisal::sheet(&tx, here.sheets[0]).await.unwrap().sections.remove(0).rows;
        let row = &judged[0];
        assert_eq!((plain(row.self_points), plain(row.signed_points)), ("3.13".into(), "3.12".into()));
        let standing = row.decided.clone().unwrap();
        assert_eq!((plain(standing.points).as_str(), standing.stale, row.history.len()), ("3.12", true, 1));
        assert!(!judged[1].decided.clone().unwrap().stale, "1.2 did not move");
        let other = appraisal::sheet(&tx, here.sheets[1]).await.unwrap().sections.remove(0).rows.remove(0);
        assert!(!other.decided.unwrap().stale, "24 of 24 are the same in both");
        assert_ne!(count(&tx, generation).await, before, "the ranking moved to its next generation");
        ranking::verify(&tx, here.period).await.unwrap();
        let told = assessments::explain(&tx, here.sheets[0], "1.1").await.unwrap();
        assert_eq!((told.rules.engine.as_str(), told.score.explanation.unwrap().engine.as_str()), ("2", "2"));
        drop(tx);
        let tx = test.db.read(&manager).await.unwrap();
        let history = year::rule_changes(&tx, here.period).await.unwrap();
        assert_eq!(history.len(), 1);
        assert!(history[0].report.new_label.ends_with("phiên bản 2"), "{}", history[0].report.new_label);
        assert!(year::preview_engine(&tx, here.period).await.unwrap().is_none(), "nothing is left to renew");
        assert!(!year::board(&tx, here.period).await.unwrap().can.renew_engine);
        drop(tx);
        assert_eq!(faults(&here).await, []);
        assert!(matches!(here.conclude().await, Err(Error::Conflict(_))), "the moved row is to be seen again");

        let told = async |who: &Caller| {
            let tx = test.db.read(who).await.unwrap();
            let kinds = notices::inbox(&tx).await.unwrap().into_iter().map(|notice| notice.kind);
            kinds.filter(|kind| matches!(kind, Kind::Engine | Kind::EngineRenewed)).collect::<Vec<_>>()
        };
        assert_eq!(told(&heads[0]).await, [Kind::Engine]);
        assert_eq!(told(&heads[1]).await, [], "nothing moved there");
        for who in [manager, here.as_role(Role::CouncilChair), here.as_role(Role::CouncilSecretary)] {
            assert_eq!(told(&who).await, [Kind::EngineRenewed], "{who:?}");
        }
        let notes = async |unit: usize| {
            let tx = test.db.read(&here.editor(unit)).await.unwrap();
            year::rule_notes(&tx, here.sheets[unit]).await.unwrap().len()
        };
        assert_eq!((notes(0).await, notes(1).await), (1, 0));
    })
    .await;
}

#[tokio::test]
async fn units_go_on_under_the_engine_their_period_moved_to() {
    on_both(async |test| {
        let here = Authority::open_with(&test, "dang-ghi", false, &fifteen()).await;
        test.tamper("UPDATE periods SET engine = '1'").await;
        let saved = here.save(0, answer("1.1", &[("a", "5"), ("tong", "24")])).await.unwrap();
        assert_eq!(plain(saved.rows[0].score.points), "3.12");
        renew(&here).await.unwrap();
        let tx = test.db.read(&here.editor(0)).await.unwrap();
        let row = desk::row(&tx, here.sheets[0], "1.1").await.unwrap();
        assert_eq!(plain(row.score.points), "3.13");
        drop(tx);
        assert_eq!(faults(&here).await, []);
    })
    .await;
}

#[tokio::test]
async fn a_unit_outside_the_ranking_is_scored_again_and_shown_too() {
    on_both(async |test| {
        let here = of_the_first_engine(&test).await;
        test.tamper("UPDATE assessments SET ranked = false WHERE unit_code = 'mot'").await;
        let tx = test.db.read(&here.as_role(Role::PeriodManager)).await.unwrap();
        let effect = year::preview_engine(&tx, here.period).await.unwrap().unwrap();
        let moved: Vec<_> = effect.reports[0].units.iter().filter(|unit| !unit.gained().is_zero()).collect();
        assert_eq!((effect.sheets, moved.len(), moved[0].new.rank), (1, 1, None));
        let ranks: Vec<_> = effect.reports[0].units.iter().filter_map(|unit| unit.new.rank).collect();
        assert_eq!(ranks, [1], "who is not ranked takes no place");
    })
    .await;
}

#[tokio::test]
async fn a_concluded_period_keeps_its_engine() {
    on_both(async |test| {
        let here = of_the_first_engine(&test).await;
        here.start_appraisal().await.unwrap();
        assert_eq!((here.accept_all(0).await, here.accept_all(1).await), (3, 3));
        let tx = test.db.read(&here.as_role(Role::PeriodManager)).await.unwrap();
        assert!(year::board(&tx, here.period).await.unwrap().can.renew_engine);
        drop(tx);
        here.conclude().await.unwrap();
        assert!(matches!(renew(&here).await, Err(Error::Conflict(_))));
        let tx = test.db.read(&here.as_role(Role::PeriodManager)).await.unwrap();
        assert!(year::preview_engine(&tx, here.period).await.unwrap().is_none());
        assert!(!year::board(&tx, here.period).await.unwrap().can.renew_engine);
        assert_eq!(texts(&tx, "SELECT engine FROM periods").await, ["1"]);
        drop(tx);
        assert_eq!(faults(&here).await, [], "verified by the engine it was scored by");
    })
    .await;
}

#[tokio::test]
async fn a_draft_opens_under_the_current_engine() {
    on_both(async |test| {
        let here = Authority::open(&test, "nhap", false).await;
        test.tamper("UPDATE periods SET engine = '1', stage = 'draft'").await;
        let tx = test.db.begin(&here.as_role(Role::PeriodManager)).await.unwrap();
        year::open(&tx, here.period).await.unwrap();
        assert_eq!(texts(&tx, "SELECT engine FROM periods").await, ["2"]);
    })
    .await;
}

#[tokio::test]
async fn only_the_manager_moves_a_period_to_another_engine() {
    on_both(async |test| {
        let here = of_the_first_engine(&test).await;
        for role in [Role::RuleAdmin, Role::CouncilChair, Role::UnitEditor, Role::Inspector] {
            let tx = test.db.begin(&here.as_role(role)).await.unwrap();
            assert!(matches!(year::renew_engine(&tx, &change(&here)).await, Err(Error::Forbidden)), "{role:?}");
            assert!(matches!(year::preview_engine(&tx, here.period).await, Err(Error::Forbidden)), "{role:?}");
        }
        let tx = test.db.begin(&here.as_role(Role::PeriodManager)).await.unwrap();
        let blank = EngineChange { reason: " ".into(), ..change(&here) };
        assert!(matches!(year::renew_engine(&tx, &blank).await, Err(Error::Invalid(_))));
        let elsewhere = EngineChange { from: "0".into(), ..change(&here) };
        assert!(matches!(year::renew_engine(&tx, &elsewhere).await, Err(Error::Stale)));
    })
    .await;
}
