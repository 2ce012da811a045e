//! A unit's scorecard through the use cases, on both databases.
#![allow(clippy::unwrap_used)]

use crate::common;

use common::{Authority, DEADLINE, answer};
use tenants::assessments::{self, SaveAnswer};
use tenants::caller::Role;
use tenants::sheets::{Claim, ClaimGround, RowState};
use tenants::{Error, desk, year};

use tenants::testing::on_both;
use time::Duration;

fn problems<T: std::fmt::Debug>(outcome: Result<T, Error>) -> Vec<(String, String)> {
    match outcome {
        Err(Error::Invalid(problems)) => problems.into_iter().map(|problem| (problem.field, problem.message)).collect(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_save_scores_and_answers_the_new_state() {
    on_both(async |test| {
        let here = Authority::open(&test, "a", false).await;
        let saved = here.save(0, answer("1.1", &[("a", "1.234"), ("tong", "2.468")])).await.unwrap();
        assert_eq!(saved.rows[0].score.points.unwrap().to_string(), "20.00");
        assert_eq!((saved.rows[0].state, saved.rows[0].revision), (RowState::Unproven, 1));
        assert_eq!((saved.totals.points.to_string(), saved.totals.ready), ("20.00".into(), 0));
    })
    .await;
}

#[tokio::test]
async fn a_changed_fact_scores_every_indicator_that_reads_it() {
    on_both(async |test| {
        let here = Authority::open(&test, "a", false).await;
        here.save(0, answer("1.1", &[("a", "5"), ("tong", "10")])).await.unwrap();
        here.save(0, answer("1.2", &[("b", "5")])).await.unwrap();
        let again = SaveAnswer { revision: 1, ..answer("1.1", &[("tong", "20")]) };
        let saved = here.save(0, again).await.unwrap();
        let points: Vec<String> =
            saved.rows.iter().map(|row| format!("{} {}", row.code, row.score.points.unwrap())).collect();
        assert_eq!(points, ["1.1 10.00", "1.2 5.00"]);
    })
    .await;
}

#[tokio::test]
async fn who_saves_second_is_told_and_changes_nothing() {
    on_both(async |test| {
        let here = Authority::open(&test, "a", false).await;
        here.save(0, answer("1.1", &[("a", "5"), ("tong", "10")])).await.unwrap();
        let stale = here.save(0, answer("1.1", &[("a", "9")])).await;
        assert!(matches!(stale, Err(Error::Stale)), "{stale:?}");
        let tx = test.db.read(&here.editor(0)).await.unwrap();
        assert_eq!(desk::row(&tx, here.sheets[0], "1.1").await.unwrap().fields[0].value, "5");
    })
    .await;
}

#[tokio::test]
async fn wrong_figures_are_named_by_field_and_nothing_is_written() {
    on_both(async |test| {
        let here = Authority::open(&test, "a", false).await;
        let wrong = here.save(0, answer("1.1", &[("a", "-1"), ("tong", "ba")])).await;
        let fields: Vec<String> = problems(wrong).into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["a", "tong"]);
        let claim = Claim { ground: ClaimGround::NoFunction, reason: "không có".into() };
        let forbidden = here.save(0, SaveAnswer { claim: Some(claim), ..answer("1.1", &[]) }).await;
        assert_eq!(problems(forbidden)[0].0, "claim");
        let tx = test.db.read(&here.editor(0)).await.unwrap();
        assert_eq!(desk::row(&tx, here.sheets[0], "1.1").await.unwrap().revision, 0);
    })
    .await;
}

#[tokio::test]
async fn submission_lists_every_gap_and_then_freezes() {
    on_both(async |test| {
        let here = Authority::open(&test, "a", false).await;
        here.save(0, answer("1.1", &[("a", "5"), ("tong", "10")])).await.unwrap();
        let gaps: Vec<String> =
            problems(here.submit(0).await).into_iter().map(|(code, why)| format!("{code} {why}")).collect();
        assert_eq!(gaps.len(), 3, "{gaps:?}");
        assert!(gaps[0].starts_with("1.1 thiếu tài liệu"), "{gaps:?}");

        let here = Authority::open(&test, "b", false).await;
        here.complete(0, 5, None).await;
        here.submit(0).await.unwrap();
        let late = here.save(0, SaveAnswer { revision: 1, ..answer("1.1", &[("a", "9")]) }).await;
        assert!(matches!(late, Err(Error::Conflict(_))), "{late:?}");
    })
    .await;
}

#[tokio::test]
async fn a_returned_sheet_can_be_mended() {
    on_both(async |test| {
        let here = Authority::open(&test, "a", false).await;
        here.complete(0, 5, None).await;
        here.submit(0).await.unwrap();
        let tx = test.db.begin(&here.as_role(Role::PeriodManager)).await.unwrap();
        assert_eq!(problems(assessments::send_back(&tx, here.sheets[0], " ").await)[0].0, "reason");
        assessments::send_back(&tx, here.sheets[0], "Thiếu phụ lục").await.unwrap();
        tx.commit().await.unwrap();
        here.save(0, SaveAnswer { revision: 1, ..answer("1.1", &[("a", "9")]) }).await.unwrap();
        here.submit(0).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn the_deadline_holds_to_the_second_and_an_extension_is_one_units() {
    on_both(async |test| {
        let here = Authority::open(&test, "a", false).await;
        test.db.clock.set(DEADLINE);
        here.save(0, answer("1.1", &[("a", "5"), ("tong", "10")])).await.unwrap();
        test.db.clock.set(DEADLINE + Duration::seconds(1));
        let late = here.save(0, answer("1.2", &[("b", "5")])).await;
        assert!(matches!(late, Err(Error::Closed { until: Some(until) }) if until == DEADLINE), "{late:?}");

        let manager = here.as_role(Role::PeriodManager);
        let tx = test.db.begin(&manager).await.unwrap();
        let until = DEADLINE + Duration::days(5);
        assert_eq!(problems(year::extend(&tx, here.sheets[0], DEADLINE, "").await).len(), 2);
        year::extend(&tx, here.sheets[0], until, "Nghỉ Tết").await.unwrap();
        tx.commit().await.unwrap();
        here.save(0, answer("1.2", &[("b", "5")])).await.unwrap();
        assert!(matches!(here.save(1, answer("1.2", &[("b", "5")])).await, Err(Error::Closed { .. })));
    })
    .await;
}

#[tokio::test]
async fn another_units_sheet_is_not_found() {
    on_both(async |test| {
        let here = Authority::open(&test, "a", false).await;
        let tx = test.db.begin(&here.editor(1)).await.unwrap();
        let outcome = assessments::save_answer(&tx, here.sheets[0], &answer("1.1", &[("a", "1")])).await;
        assert!(matches!(outcome, Err(Error::NotFound)), "{outcome:?}");
        assert!(matches!(desk::sheet(&tx, here.sheets[0]).await, Err(Error::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn a_shared_figure_that_a_colleague_corrected_is_not_put_back() {
    on_both(async |test| {
        let here = Authority::open(&test, "a", false).await;
        here.save(0, answer("1.1", &[("a", "5"), ("tong", "10")])).await.unwrap();
        here.save(0, SaveAnswer { revision: 1, ..answer("1.1", &[("tong", "20")]) }).await.unwrap();
        let seen = [("tong".to_owned(), "10".to_owned())].into();
        let late = here.save(0, SaveAnswer { seen, ..answer("1.2", &[("b", "5"), ("tong", "11")]) }).await;
        assert!(matches!(late, Err(Error::Stale)), "{late:?}");
        let seen = [("tong".to_owned(), "20".to_owned())].into();
        here.save(0, SaveAnswer { seen, ..answer("1.2", &[("b", "5"), ("tong", "11")]) }).await.unwrap();
    })
    .await;
}
