//! The council's work through the use cases, on both databases: decisions, N/A, recusal, conclusion, publication.
#![allow(clippy::unwrap_used)]

use crate::common;

use common::{Authority, adjust, answer, decision};
use tenants::cache::Cache;
use tenants::caller::Role;
use tenants::decisions::Decision;
use tenants::sheets::{Claim, ClaimGround, SheetState};
use tenants::{Caller, Error, appraisal, year};

use tenants::publication::{self, Publish};
use tenants::ranking;
use tenants::testing::{TestDb, on_both};
use time::macros::date;

fn claim() -> Option<Claim> {
    Some(Claim { ground: ClaimGround::NoFunction, reason: "Không có chức năng".into() })
}

/// Unit 0: 5/10, 5/10 and a claim; unit 1: 10/10, 5/10 and yes. Both before the council.
async fn before_the_council(test: &TestDb) -> Authority<'_> {
    let here = Authority::open(test, "a", false).await;
    here.complete(0, 5, claim()).await;
    here.complete(1, 10, None).await;
    here.submit(0).await.unwrap();
    here.submit(1).await.unwrap();
    here.start_appraisal().await.unwrap();
    here
}

async fn standings(here: &Authority<'_>) -> Vec<(String, String, Option<u32>)> {
    let tx = here.test.db.read(&here.as_role(Role::Inspector)).await.unwrap();
    ranking::verify(&tx, here.period).await.unwrap();
    let groups = ranking::read(&tx, &Cache::memory(), here.period).await.unwrap();
    let text = |index: Option<rust_decimal::Decimal>| index.map_or("–".to_owned(), |index| index.to_string());
    groups[0].rows.iter().map(|row| (row.unit_name.clone(), text(row.index), row.rank)).collect()
}

#[tokio::test]
async fn a_claim_stays_in_the_denominator_until_the_council_accepts_it() {
    on_both(async |test| {
        let here = before_the_council(&test).await;
        let judge = here.as_role(Role::Appraiser);
        assert_eq!(here.accept_all(0).await, 2, "the claim is not accepted in bulk");
        let undecided = standings(&here).await;
        assert!(undecided.iter().all(|(_, index, rank)| index == "–" && rank.is_none()), "{undecided:?}");
        let row = here.decide(&judge, 0, decision("2.1", Decision::NotApplicable, "Đúng chức năng")).await.unwrap();
        assert_eq!(row.decided.unwrap().decision, Decision::NotApplicable);
        // 20 + 10 of 60: the claimed forty points are out of the denominator now.
        assert_eq!(standings(&here).await[0], ("Đơn vị một".into(), "50.00".into(), Some(1)));
    })
    .await;
}

#[tokio::test]
async fn an_adjustment_needs_a_reason_stays_in_range_and_leaves_the_self_score() {
    on_both(async |test| {
        let here = before_the_council(&test).await;
        let judge = here.as_role(Role::Appraiser);
        for (points, reason) in [("12", ""), ("40,01", "lý do"), ("-1", "lý do"), ("nhiều", "lý do")] {
            let outcome = here.decide(&judge, 0, adjust("1.1", points, reason, 0)).await;
            assert!(matches!(outcome, Err(Error::Invalid(_))), "{points} {reason}: {outcome:?}");
        }
        let row = here.decide(&judge, 0, adjust("1.1", "12,5", "Thiếu minh chứng", 0)).await.unwrap();
        assert_eq!(row.decided.unwrap().points.unwrap().to_string(), "12.50");
        assert_eq!(row.self_points.unwrap().to_string(), "20.00");
        let stale = here.decide(&judge, 0, adjust("1.1", "13", "Khác", 0)).await;
        assert!(matches!(stale, Err(Error::Stale)), "{stale:?}");
        let up = here.decide(&judge, 0, adjust("1.1", "40", "Bổ sung đủ", 1)).await.unwrap();
        assert_eq!(up.history.len(), 2, "nothing is overwritten");
    })
    .await;
}

#[tokio::test]
async fn nobody_judges_the_own_unit_and_the_managing_agency_goes_to_the_chair() {
    on_both(async |test| {
        let here = Authority::open(&test, "a", true).await;
        here.complete(1, 10, None).await;
        here.submit(1).await.unwrap();
        here.start_appraisal().await.unwrap();
        let own = here.of_unit(Role::Appraiser, 0);
        assert!(matches!(here.decide(&own, 0, adjust("1.1", "1", "x", 0)).await, Err(Error::Forbidden)));
        let member = here.as_role(Role::Appraiser);
        assert!(matches!(here.decide(&member, 1, adjust("1.1", "1", "x", 0)).await, Err(Error::Forbidden)));
        here.decide(&here.as_role(Role::CouncilChair), 1, adjust("1.1", "1", "x", 0)).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn evidence_added_after_a_decision_makes_it_due_again() {
    on_both(async |test| {
        let here = before_the_council(&test).await;
        let judge = here.as_role(Role::Appraiser);
        here.accept_all(0).await;
        here.accept_all(1).await;
        here.decide(&judge, 0, decision("2.1", Decision::NotApplicable, "Đúng")).await.unwrap();
        test.db.clock.set(time::macros::datetime!(2026-02-20 08:00 +7));
        here.prove_by(&here.editor(0), 0, "1.1", "https://example.com/them").await.unwrap();
        let refused = here.conclude().await;
        assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
        let tx = test.db.read(&judge).await.unwrap();
        let sheet = appraisal::sheet(&tx, here.sheets[0]).await.unwrap();
        let row = &sheet.sections[0].rows[0];
        assert!(row.decided.as_ref().unwrap().stale && row.evidence.last().unwrap().after_submission);
        drop(tx);
        here.decide(&judge, 0, adjust("1.1", "20", "Xem lại", 1)).await.unwrap();
        here.conclude().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_unit_that_sent_nothing_may_still_be_scored() {
    on_both(async |test| {
        let here = Authority::open(&test, "a", false).await;
        here.complete(0, 5, None).await;
        here.submit(0).await.unwrap();
        here.start_appraisal().await.unwrap();
        let tx = test.db.read(&here.as_role(Role::PeriodManager)).await.unwrap();
        let board = year::board(&tx, here.period).await.unwrap();
        let states: Vec<SheetState> = board.groups[0].units.iter().map(|unit| unit.state).collect();
        assert!(states.contains(&SheetState::NotSubmitted), "{states:?}");
        drop(tx);
        let judge = here.as_role(Role::Appraiser);
        let nothing = here.decide(&judge, 1, decision("1.1", Decision::Accept, "")).await;
        assert!(matches!(nothing, Err(Error::Invalid(_))), "there is nothing to accept");
        here.decide(&judge, 1, adjust("1.1", "0", "Không tự đánh giá", 0)).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn what_is_published_never_changes_and_anybody_may_read_it() {
    on_both(async |test| {
        let here = before_the_council(&test).await;
        here.accept_all(0).await;
        here.accept_all(1).await;
        let judge = here.as_role(Role::Appraiser);
        let too_early = here.conclude().await;
        assert!(matches!(too_early, Err(Error::Conflict(_))), "{too_early:?}");
        here.decide(&judge, 0, decision("2.1", Decision::NotApplicable, "Đúng")).await.unwrap();
        here.conclude().await.unwrap();
        let after = here.decide(&judge, 0, adjust("1.1", "1", "Muộn", 1)).await;
        assert!(matches!(after, Err(Error::Conflict(_))), "{after:?}");
        test.db.clock.set(time::macros::datetime!(2026-03-20 09:00 +7));
        let decision =
            Publish { decision_number: "512/QĐ".into(), decision_date: date!(2026 - 03 - 20), note: String::new() };
        let tx = test.db.begin(&here.as_role(Role::Publisher)).await.unwrap();
        publication::publish(&tx, here.period, &decision).await.unwrap();
        tx.commit().await.unwrap();

        let tx = test.db.read(&Caller::citizen(here.tenant)).await.unwrap();
        let published = publication::read(&tx, 2025, None).await.unwrap();
        let units = &published.snapshot.groups[0].units;
        let lines: Vec<String> =
            units.iter().map(|unit| format!("{:?} {} {:?}", unit.rank, unit.name, unit.index)).collect();
        assert_eq!(lines, ["Some(1) Đơn vị hai Some(90.00)", "Some(2) Đơn vị một Some(50.00)"]);
        assert_eq!(publication::years(&tx).await.unwrap().len(), 1);
        for sql in ["UPDATE publications SET decision_number = 'x'", "DELETE FROM appraisals"] {
            let tx = test.db.begin(&here.as_roles(&Role::ALL)).await.unwrap();
            assert!(tenants::testing::execute(&tx, sql).await.is_err(), "{sql}");
        }
    })
    .await;
}

#[tokio::test]
async fn another_tenant_finds_nothing_of_it() {
    on_both(async |test| {
        let here = before_the_council(&test).await;
        let stranger = tenants::testing::caller(test.tenant("khac").await, &Role::ALL);
        let tx = test.db.begin(&stranger).await.unwrap();
        assert!(matches!(appraisal::sheet(&tx, here.sheets[0]).await, Err(Error::NotFound)));
        assert!(matches!(year::board(&tx, here.period).await, Err(Error::NotFound)));
        assert!(matches!(ranking::read(&tx, &Cache::memory(), here.period).await, Err(Error::NotFound)));
        let write = tenants::assessments::save_answer(&tx, here.sheets[0], &answer("1.1", &[("a", "1")])).await;
        assert!(matches!(write, Err(Error::NotFound)), "{write:?}");
    })
    .await;
}
