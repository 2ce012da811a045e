//! Points of the unit's own, where the set lets it enter some.
#![allow(clippy::unwrap_used)]

use crate::common;

use common::{Authority, SET, answer};
use tenants::assessments::{self, SaveAnswer};
use tenants::caller::Role;
use tenants::decisions::Decision;
use tenants::sheets::{self, RowState};
use tenants::testing::on_both;
use tenants::{Error, Result, appraisal};

fn adjustable() -> String {
    SET.replace("\"ratio(a, tong) * max\")", "\"ratio(a, tong) * max\").self_score(\"adjustable\")")
}

fn own(text: &str, explanation: &str, revision: i64) -> SaveAnswer {
    SaveAnswer { own_points: Some(text.into()), explanation: explanation.into(), revision, ..answer("1.1", &[]) }
}

fn problem<T: std::fmt::Debug>(outcome: Result<T>) -> String {
    match outcome.unwrap_err() {
        Error::Invalid(problems) => problems.iter().map(|one| format!("{}: {}", one.field, one.message)).collect(),
        other => panic!("{other}"),
    }
}

/// 1.1 is 8/10 of 40 by the formula: 32.
async fn open<'a>(test: &'a tenants::testing::TestDb, slug: &str) -> Authority<'a> {
    let here = Authority::open_with(test, slug, false, &adjustable()).await;
    here.complete(0, 8, None).await;
    here
}

#[tokio::test]
async fn they_are_the_self_score_and_must_be_explained() {
    on_both(async |test| {
        let here = open(&test, "tu-cham").await;
        let saved = here.save(0, own("35,5", "", 1)).await.unwrap();
        let row = &saved.rows[0];
        assert_eq!((row.score.points.unwrap().to_string(), row.state), ("35.50".into(), RowState::Unexplained));
        assert_eq!(row.score.own.unwrap().computed.unwrap().to_string(), "32.00");
        assert_eq!((saved.totals.points.to_string(), row.own_points.as_str()), ("85.50".into(), "35,5"));
        assert!(problem(here.submit(0).await).contains("điểm tự chấm khác điểm theo công thức"));

        let saved = here.save(0, own("35,5", "Có thêm 4 đơn vị thực hiện sau kỳ số liệu.", 2)).await.unwrap();
        assert_eq!(saved.rows[0].state, RowState::Done);
        here.submit(0).await.unwrap();
        let tx = test.db.read(&here.editor(0)).await.unwrap();
        let told = assessments::explain(&tx, here.sheets[0], "1.1").await.unwrap().score.explanation.unwrap();
        assert!(told.text.contains("8/10") && told.text.ends_with("đơn vị tự chấm 35,50/40 điểm"), "{}", told.text);
        assert_eq!(sheets::mine(&tx).await.unwrap()[0].self_points.unwrap().to_string(), "85.50");
    })
    .await;
}

#[tokio::test]
async fn they_keep_to_the_range_the_places_and_the_set() {
    on_both(async |test| {
        let here = open(&test, "tu-cham-2").await;
        let refused = async |text: &str| problem(here.save(0, own(text, "vì", 1)).await);
        assert_eq!(refused("40,01").await, "own_points: Điểm phải là số từ 0 đến 40.");
        assert_eq!(refused("-1").await, "own_points: Điểm phải là số từ 0 đến 40.");
        assert_eq!(refused("35,555").await, "own_points: Điểm có tối đa 2 chữ số thập phân.");
        assert_eq!(refused("nhiều").await, "own_points: Đây không phải là một số. Hãy viết như 1.234,5.");
        let elsewhere = SaveAnswer { own_points: Some("5".into()), revision: 1, ..answer("1.2", &[]) };
        assert!(problem(here.save(0, elsewhere).await).contains("không cho phép tự chấm"));

        // The same points as the formula's need no reason, and none at all is the formula's again.
        let same = here.save(0, own("32", "", 1)).await.unwrap();
        assert_eq!((same.rows[0].state, same.rows[0].score.departs()), (RowState::Done, false));
        let kept = here.save(0, SaveAnswer { revision: 2, ..answer("1.1", &[("a", "9")]) }).await.unwrap();
        assert_eq!((kept.rows[0].own_points.as_str(), kept.rows[0].state), ("32", RowState::Unexplained));
        let none = here.save(0, own("", "", 3)).await.unwrap();
        assert_eq!((none.rows[0].score.points.unwrap().to_string(), none.rows[0].score.own), ("36.00".into(), None));
    })
    .await;
}

#[tokio::test]
async fn the_council_sees_both_and_accepts_them_only_one_by_one() {
    on_both(async |test| {
        let here = open(&test, "tu-cham-3").await;
        here.save(0, own("35,5", "Có thêm 4 đơn vị.", 1)).await.unwrap();
        here.submit(0).await.unwrap();
        here.start_appraisal().await.unwrap();
        assert_eq!(here.accept_all(0).await, 2, "1.1 is to be looked at");
        let chair = here.as_role(Role::CouncilChair);
        let tx = test.db.read(&chair).await.unwrap();
        let sheet = appraisal::sheet(&tx, here.sheets[0]).await.unwrap();
        let row = &sheet.sections[0].rows[0];
        assert_eq!((row.self_points.unwrap().to_string(), row.decided.is_none()), ("35.50".into(), true));
        assert_eq!(row.score.own.unwrap().computed.unwrap().to_string(), "32.00");
        drop(tx);
        let decided = here.decide(&chair, 0, common::adjust("1.1", "32", "Theo công thức", 0)).await.unwrap();
        assert_eq!(decided.self_points.unwrap().to_string(), "35.50", "the self score never moves");
        assert_eq!(decided.decided.unwrap().decision, Decision::Adjust);
        let tx = test.db.read(&chair).await.unwrap();
        let sheet = appraisal::sheet(&tx, here.sheets[0]).await.unwrap();
        assert_eq!(sheet.points.to_string(), "82.00");
    })
    .await;
}
