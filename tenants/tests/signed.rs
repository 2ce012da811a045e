//! What a head's signature carries: the council goes by it, nobody scores what was never signed, and nothing is signed that
//! was not shown.
#![allow(clippy::unwrap_used)]

use crate::common;

use common::{Authority, adjust, answer, decision, sign};
use tenants::appraisal::{self, AppraisalRow};
use tenants::assessments::{self, Reopen, SaveAnswer, Sign};
use tenants::cache::Cache;
use tenants::caller::Role;
use tenants::decisions::Decision;
use tenants::minutes::Claimed;
use tenants::notices::{self, Kind};
use tenants::sheets::SheetState;
use tenants::testing::{TestDb, on_both};
use tenants::{Error, desk, minutes, periods, publication, ranking, year};
use time::macros::datetime;

/// Unit 0 signed; unit 1 has everything filled in and proven, and never sent it.
async fn one_unsent(test: &TestDb) -> Authority<'_> {
    let here = Authority::open(test, "tinh", false).await;
    here.complete(0, 5, None).await;
    here.complete(1, 10, None).await;
    here.submit(0).await.unwrap();
    test.db.clock.set(datetime!(2026-02-02 09:00 +7));
    here.start_appraisal().await.unwrap();
    here
}

async fn rows(here: &Authority<'_>, unit: usize) -> Vec<AppraisalRow> {
    let tx = here.test.db.read(&here.as_role(Role::Appraiser)).await.unwrap();
    let sheet = appraisal::sheet(&tx, here.sheets[unit]).await.unwrap();
    sheet.sections.into_iter().flat_map(|section| section.rows).collect()
}

async fn shown(here: &Authority<'_>, unit: usize) -> String {
    let tx = here.test.db.read(&here.of_unit(Role::UnitApprover, unit)).await.unwrap();
    desk::sheet(&tx, here.sheets[unit]).await.unwrap().shown
}

async fn sign_as(here: &Authority<'_>, unit: usize, shown: &str) -> tenants::Result<()> {
    let tx = here.test.db.begin(&here.of_unit(Role::UnitApprover, unit)).await?;
    let sign = Sign { name: "Thủ trưởng".into(), shown: shown.into() };
    assessments::submit(&tx, here.sheets[unit], &sign).await?;
    tx.commit().await
}

#[tokio::test]
async fn what_was_not_submitted_is_not_scored_in_bulk() {
    on_both(async |test| {
        let here = one_unsent(&test).await;
        assert_eq!(here.accept_all(0).await, 3);
        assert_eq!(here.accept_all(1).await, 0, "an unsigned draft is nobody's claim");
        let tx = test.db.begin(&here.as_role(Role::Appraiser)).await.unwrap();
        let group = appraisal::list(&tx).await.unwrap()[0].line.group;
        assert_eq!(appraisal::accept_column(&tx, group, "1.1").await.unwrap(), 0);
        drop(tx);
        let unsent = rows(&here, 1).await;
        assert!(unsent.iter().all(|row| row.unsigned && row.self_points.is_none() && row.claim.is_none()));
        let member = here.as_role(Role::Appraiser);
        let accepted = here.decide(&member, 1, decision("1.1", Decision::Accept, "")).await;
        assert!(matches!(accepted, Err(Error::Invalid(_))), "{accepted:?}");
        // From what inspection shows, row by row.
        for code in ["1.1", "1.2", "2.1"] {
            let row = here.decide(&member, 1, adjust(code, "20", "Kết quả kiểm tra", 0)).await.unwrap();
            assert!(!row.decided.unwrap().stale && row.self_points.is_none());
        }
        here.conclude().await.unwrap();
        let tx = test.db.read(&here.as_role(Role::Inspector)).await.unwrap();
        let lines = ranking::read(&tx, &Cache::memory(), here.period).await.unwrap().remove(0).rows;
        let marked: Vec<_> = lines.iter().map(|line| (line.unit_name.as_str(), line.self_assessed)).collect();
        assert_eq!(marked, [("Đơn vị một", true), ("Đơn vị hai", false)]);
        let record = minutes::record(&tx, here.period).await.unwrap();
        assert!(record.changed.iter().all(|one| !one.self_assessed && one.claimed == Claimed::Nothing));
        let snapshot = publication::preview(&tx, here.period).await.unwrap();
        let unit = snapshot.groups[0].unit("hai").unwrap();
        assert!(!unit.self_assessed && unit.self_points.is_none());
        ranking::verify(&tx, here.period).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_stale_page_never_signs() {
    on_both(async |test| {
        let here = Authority::open(&test, "tinh", false).await;
        here.complete(0, 5, None).await;
        let page = shown(&here, 0).await;
        let more = SaveAnswer { revision: 1, ..answer("1.1", &[("a", "9")]) };
        here.save(0, more).await.unwrap();
        assert!(matches!(sign_as(&here, 0, &page).await, Err(Error::Stale)), "another figure");
        let page = shown(&here, 0).await;
        here.prove_by(&here.editor(0), 0, "1.2", "https://example.com/them").await.unwrap();
        assert!(matches!(sign_as(&here, 0, &page).await, Err(Error::Stale)), "another document");
        let page = shown(&here, 0).await;
        let words = SaveAnswer { revision: 1, explanation: "Khác".into(), ..answer("2.1", &[]) };
        here.save(0, words).await.unwrap();
        assert!(matches!(sign_as(&here, 0, &page).await, Err(Error::Stale)), "other words");
        assert!(matches!(sign_as(&here, 0, "").await, Err(Error::Stale)), "no page at all");
        sign_as(&here, 0, &shown(&here, 0).await).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn the_appraisal_begins_without_taking_time_given() {
    on_both(async |test| {
        let here = Authority::open(&test, "tinh", false).await;
        here.complete(0, 5, None).await;
        here.submit(0).await.unwrap();
        here.complete(1, 10, None).await;
        let tx = test.db.begin(&here.as_role(Role::PeriodManager)).await.unwrap();
        year::extend(&tx, here.sheets[1], datetime!(2026-02-06 23:59:59 +7), "Thiên tai").await.unwrap();
        tx.commit().await.unwrap();
        test.db.clock.set(datetime!(2026-02-02 09:00 +7));
        here.start_appraisal().await.unwrap();

        let member = here.as_role(Role::Appraiser);
        let early = here.decide(&member, 1, adjust("1.1", "20", "x", 0)).await;
        assert!(matches!(&early, Err(Error::Conflict(told)) if told.contains("06/02/2026")), "{early:?}");
        let more = SaveAnswer { revision: 1, ..answer("1.1", &[("a", "9")]) };
        here.save(1, more).await.unwrap();
        here.submit(1).await.unwrap();
        let tx = test.db.read(&here.of_unit(Role::UnitApprover, 1)).await.unwrap();
        let head = desk::sheet(&tx, here.sheets[1]).await.unwrap().head;
        assert!(head.late && head.state == SheetState::Submitted && !head.can.withdraw, "the council has it now");
        drop(tx);
        let tx = test.db.begin(&here.of_unit(Role::UnitApprover, 1)).await.unwrap();
        assert!(matches!(assessments::withdraw(&tx, here.sheets[1]).await, Err(Error::Conflict(_))));
        drop(tx);
        assert_eq!(here.accept_all(1).await, 3);
        let tx = test.db.read(&member).await.unwrap();
        ranking::verify(&tx, here.period).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn time_given_that_ran_out_leaves_the_unit_without_a_self_assessment() {
    on_both(async |test| {
        let here = Authority::open(&test, "tinh", false).await;
        here.complete(1, 10, None).await;
        let tx = test.db.begin(&here.as_role(Role::PeriodManager)).await.unwrap();
        let settings = periods::Settings { rank_unsubmitted: false, ..periods::Settings::default() };
        year::set(&tx, here.period, settings).await.unwrap();
        year::extend(&tx, here.sheets[1], datetime!(2026-02-06 23:59:59 +7), "Thiên tai").await.unwrap();
        tx.commit().await.unwrap();
        test.db.clock.set(datetime!(2026-02-02 09:00 +7));
        here.start_appraisal().await.unwrap();
        test.db.clock.set(datetime!(2026-02-07 00:00 +7));
        assert!(matches!(here.submit(1).await, Err(Error::Closed { .. })));
        let tx = test.db.read(&here.as_role(Role::Inspector)).await.unwrap();
        let board = year::board(&tx, here.period).await.unwrap();
        assert!(board.groups[0].units.iter().all(|unit| unit.state == SheetState::NotSubmitted));
        drop(tx);
        here.decide(&here.as_role(Role::Appraiser), 1, adjust("1.1", "20", "Kiểm tra", 0)).await.unwrap();
        let tx = test.db.read(&here.as_role(Role::Inspector)).await.unwrap();
        let lines = ranking::read(&tx, &Cache::memory(), here.period).await.unwrap().remove(0).rows;
        assert!(lines.iter().all(|line| !line.ranked && !line.self_assessed), "{lines:?}");
        ranking::verify(&tx, here.period).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_reopened_score_is_before_the_council_once_it_is_signed_again() {
    on_both(async |test| {
        let here = one_unsent(&test).await;
        let member = here.as_role(Role::Appraiser);
        let head = here.person("thutruong", Role::UnitApprover, Some(0)).await;
        here.decide(&member, 0, decision("1.1", Decision::Accept, "")).await.unwrap();
        let tx = test.db.begin(&here.as_role(Role::PeriodManager)).await.unwrap();
        let until = datetime!(2026-02-04 17:00 +7);
        let reopen = Reopen { codes: vec!["1.1".into(), "1.2".into()], until, reason: "Nhập nhầm".into() };
        assessments::reopen(&tx, here.sheets[0], &reopen).await.unwrap();
        tx.commit().await.unwrap();

        test.db.clock.set(datetime!(2026-02-03 09:00 +7));
        here.save(0, SaveAnswer { revision: 1, ..answer("1.1", &[("a", "8")]) }).await.unwrap();
        let row = rows(&here, 0).await.remove(0);
        assert_eq!((row.self_points, row.to_sign), (Some(20.into()), true), "what was signed: 5 of 10");
        assert!(!row.decided.unwrap().stale, "the council has not been given anything new");
        assert_eq!(here.accept_all(0).await, 2, "1.2 and 2.1 wait for nothing");
        let inbox = notices::inbox(&test.db.read(&head).await.unwrap()).await.unwrap();
        assert_eq!(inbox.iter().filter(|notice| notice.kind == Kind::ToSign).count(), 1);
        let tx = test.db.read(&head).await.unwrap();
        let sheet = desk::sheet(&tx, here.sheets[0]).await.unwrap();
        assert_eq!(sheet.to_sign, [("1.1".to_owned(), Some(20.into()))]);
        assert!(sheet.head.can.submit);
        drop(tx);
        let preview = async || {
            let tx = test.db.read(&here.as_role(Role::Inspector)).await.unwrap();
            let snapshot = publication::preview(&tx, here.period).await.unwrap();
            let unit = snapshot.groups[0].unit("mot").unwrap();
            (
                unit.self_points.unwrap().normalize().to_string(),
                unit.scores[0].self_points.unwrap().normalize().to_string(),
            )
        };
        assert_eq!(preview().await, ("70".to_owned(), "20".to_owned()));

        // Back to what was signed: nothing waits any more.
        here.save(0, SaveAnswer { revision: 2, ..answer("1.1", &[("a", "5")]) }).await.unwrap();
        assert!(!rows(&here, 0).await[0].to_sign);
        here.save(0, SaveAnswer { revision: 3, ..answer("1.1", &[("a", "8")]) }).await.unwrap();
        here.submit(0).await.unwrap();
        let row = rows(&here, 0).await.remove(0);
        assert_eq!((row.self_points, row.to_sign), (Some(32.into()), false));
        assert!(row.decided.unwrap().stale, "to be seen again");
        assert_eq!(preview().await, ("82".to_owned(), "32".to_owned()));
        assert!(matches!(here.submit(0).await, Err(Error::Closed { .. })), "nothing is left to sign");
    })
    .await;
}

#[tokio::test]
async fn what_was_not_signed_again_in_time_leaves_the_signed_score() {
    on_both(async |test| {
        let here = one_unsent(&test).await;
        let member = here.as_role(Role::Appraiser);
        let tx = test.db.begin(&here.as_role(Role::PeriodManager)).await.unwrap();
        let until = datetime!(2026-02-04 17:00 +7);
        let reopen = Reopen { codes: vec!["1.1".into()], until, reason: "Nhập nhầm".into() };
        assessments::reopen(&tx, here.sheets[0], &reopen).await.unwrap();
        tx.commit().await.unwrap();
        here.save(0, SaveAnswer { revision: 1, ..answer("1.1", &[("a", "8")]) }).await.unwrap();
        let waiting = here.decide(&member, 0, decision("1.1", Decision::Accept, "")).await;
        assert!(matches!(waiting, Err(Error::Invalid(_))), "{waiting:?}");
        test.db.clock.set(datetime!(2026-02-04 17:00:01 +7));
        let tx = test.db.begin(&here.of_unit(Role::UnitApprover, 0)).await.unwrap();
        assert!(matches!(sign(&tx, here.sheets[0]).await, Err(Error::Conflict(_))));
        drop(tx);
        let row = here.decide(&member, 0, decision("1.1", Decision::Accept, "")).await.unwrap();
        assert_eq!(row.decided.unwrap().points, Some(20.into()));
    })
    .await;
}
