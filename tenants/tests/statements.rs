//! What a save costs the database, and that its shortcuts change no result.
#![allow(clippy::unwrap_used)]

use crate::common;

use common::{Authority, adjust, answer};
use tenants::assessments::{self, SaveAnswer};
use tenants::caller::Role;
use tenants::sheets::{Claim, ClaimGround};
use tenants::testing::on_both;
use tenants::{appraisal, desk};

/// Statements of one save, beginning, naming the tenant and committing apart.
async fn cost(here: &Authority<'_>, input: SaveAnswer) -> Vec<String> {
    let work = async |db: tenants::store::Db| {
        let tx = db.begin(&here.editor(0)).await.unwrap();
        assessments::save_answer(&tx, here.sheets[0], &input).await.unwrap();
        tx.commit().await.unwrap();
    };
    here.test.statements(work).await
}

#[tokio::test]
async fn a_save_reads_twice_and_writes_twice() {
    on_both(async |test| {
        let here = Authority::open(&test, "a", false).await;
        here.save(0, answer("1.1", &[("a", "5"), ("tong", "10")])).await.unwrap();
        let plain = cost(&here, SaveAnswer { revision: 1, ..answer("1.1", &[("a", "6")]) }).await;
        assert_eq!(plain.len(), 4, "{plain:#?}");
        let first_of_row = cost(&here, answer("1.2", &[("b", "6")])).await;
        assert_eq!(first_of_row.len(), 4, "{first_of_row:#?}");
        let shared = cost(&here, SaveAnswer { revision: 2, ..answer("1.1", &[("tong", "20")]) }).await;
        assert_eq!(shared.len(), 5, "a changed fact is one more: {shared:#?}");
    })
    .await;
}

#[tokio::test]
async fn the_first_save_of_a_sheet_also_moves_its_state() {
    on_both(async |test| {
        let here = Authority::open(&test, "a", false).await;
        let first = cost(&here, answer("2.1", &[("c", "true")])).await;
        assert_eq!(first.len(), 5, "{first:#?}");
    })
    .await;
}

#[tokio::test]
async fn sums_from_stored_points_are_the_sums_of_an_evaluation() {
    on_both(async |test| {
        let here = Authority::open(&test, "a", false).await;
        let claim = Claim { ground: ClaimGround::NoFunction, reason: "không có".into() };
        let saves = [
            answer("1.1", &[("a", "5"), ("tong", "10")]),
            answer("1.2", &[("b", "7")]),
            SaveAnswer { revision: 1, ..answer("1.1", &[("tong", "21")]) },
            SaveAnswer { claim: Some(claim), ..answer("2.1", &[]) },
            SaveAnswer { revision: 1, explanation: "theo báo cáo".into(), ..answer("1.2", &[]) },
            SaveAnswer { revision: 2, ..answer("1.1", &[("tong", "")]) },
        ];
        for save in saves {
            let saved = here.save(0, save).await.unwrap();
            let tx = test.db.read(&here.editor(0)).await.unwrap();
            let sheet = desk::sheet(&tx, here.sheets[0]).await.unwrap();
            assert_eq!((saved.sections, saved.totals), (sheet.sections, sheet.totals));
        }
        here.prove(&here.editor(0), 0, "2.1").await.unwrap();
        let tx = test.db.read(&here.editor(0)).await.unwrap();
        let row = desk::row(&tx, here.sheets[0], "2.1").await.unwrap();
        assert_eq!(row.evidence[0].name, "Báo cáo");
    })
    .await;
}

/// Two people at once: one corrects a shared figure, the other saves an indicator that reads it.
#[tokio::test]
async fn what_is_stored_after_two_saves_at_once_is_what_an_evaluation_gives() {
    on_both(async |test| {
        let here = Authority::open(&test, "a", false).await;
        here.save(0, answer("1.1", &[("a", "5"), ("tong", "10")])).await.unwrap();
        here.save(0, answer("1.2", &[("b", "5")])).await.unwrap();
        for round in 1..=8 {
            let total = (10 + round).to_string();
            let fact = SaveAnswer { revision: round, ..answer("1.1", &[("tong", &total)]) };
            let row = SaveAnswer { revision: round, ..answer("1.2", &[("b", &round.to_string())]) };
            let (first, second) = tokio::join!(here.save(0, fact), here.save(0, row));
            first.and(second).unwrap();
            let unrelated = here.save(0, SaveAnswer { revision: round - 1, ..answer("2.1", &[("c", "true")]) }).await;
            let tx = test.db.read(&here.editor(0)).await.unwrap();
            let sheet = desk::sheet(&tx, here.sheets[0]).await.unwrap();
            assert_eq!(unrelated.unwrap().totals, sheet.totals, "round {round}");
        }
    })
    .await;
}

/// What was decided and said is read before a decision, and not again for an answer nobody shows.
#[tokio::test]
async fn a_decision_reads_the_past_once() {
    on_both(async |test| {
        let here = Authority::open(&test, "a", false).await;
        here.complete(0, 4, None).await;
        here.submit(0).await.unwrap();
        test.db.clock.set(time::macros::datetime!(2026-02-02 09:00 +7));
        here.start_appraisal().await.unwrap();
        let judge = here.as_role(Role::Appraiser);
        let decide = adjust("1.1", "8", "Theo hồ sơ", 0);
        let told = test.statements(async |db| {
            let tx = db.begin(&judge).await.unwrap();
            appraisal::decide(&tx, here.sheets[0], &decide).await.unwrap();
            tx.commit().await.unwrap();
        });
        let told = told.await;
        let talks = told.iter().filter(|sql| sql.contains(r#"FROM "talks""#)).count();
        assert_eq!(talks, 1, "{told:#?}");
    })
    .await;
}
