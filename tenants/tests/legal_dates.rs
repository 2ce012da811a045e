//! Acts whose day cannot be: each is refused with the reason, at the field.
#![allow(clippy::unwrap_used)]

use crate::common;

use common::{Authority, DEADLINE, adjust};
use tenants::assessments::{self, Reopen};
use tenants::caller::Role;
use tenants::council::{self, NewDecision};
use tenants::minutes::{self, Written};
use tenants::publication::{self, Publish};
use tenants::testing::{TestDb, on_both};
use tenants::year::{self, Deadlines, NewGroup, NewPeriod, NewPlan};
use tenants::{Error, Result, appraisal, petitions};
use time::Date;
use time::macros::{date, datetime};

#[track_caller]
fn refused<T: std::fmt::Debug>(outcome: Result<T>, field: &str, words: &str) {
    let Err(Error::Invalid(problems)) = &outcome else { panic!("not refused: {outcome:?}") };
    let said = problems.iter().any(|problem| problem.field == field && problem.message.contains(words));
    assert!(said, "{field} {words}: {problems:?}");
}

fn written(held_on: Date) -> Written {
    Written {
        held_on,
        place: String::new(),
        chair: "A".into(),
        secretary: "B".into(),
        present: "C".into(),
        absent: String::new(),
        proceedings: String::new(),
        conclusion: "Xong".into(),
    }
}

fn decided(date: Date) -> NewDecision {
    NewDecision { number: "13/QĐ-UBND".into(), date, file: None }
}

#[tokio::test]
async fn before_the_council_nothing_is_dated_out_of_its_year() {
    on_both(async |test| {
        let here = Authority::open(&test, "tinh", false).await;
        let manager = here.as_roles(&[Role::RuleAdmin, Role::PeriodManager]);
        let tx = test.db.begin(&manager).await.unwrap();
        let set = tenants::indicator_sets::list(&tx).await.unwrap().remove(0);
        let units = here.units.to_vec();
        let group = NewGroup { slug: "thu".into(), name: "Nhóm".into(), version: set.versions[0].id, units };
        let new = NewPeriod {
            year: 2026,
            name: "Năm 2026".into(),
            self_deadline: datetime!(2026-06-30 23:59:59 +7),
            publish_deadline: datetime!(2206-03-31 23:59:59 +7),
            managing_unit: None,
            is_sample: false,
            groups: vec![group],
        };
        let outcome = year::create(&tx, new).await;
        refused(outcome.as_ref().map(|_| ()).map_err(copy), "self_deadline", "khi năm 2026 đã kết thúc");
        refused(outcome, "publish_deadline", "hãy xem lại năm");
        let deadlines = Deadlines { self_deadline: DEADLINE, publish_deadline: datetime!(2206-03-31 23:59:59 +7) };
        refused(year::reschedule(&tx, here.period, &deadlines, "x").await, "publish_deadline", "hãy xem lại năm");
        let plan = NewPlan { self_from: Some(datetime!(2024-12-31 00:00 +7)), ..NewPlan::default() };
        refused(year::plan(&tx, here.period, &plan).await, "self_from", "đầu năm được đánh giá");
        let late = datetime!(2026-04-01 23:59:59 +7);
        refused(year::extend(&tx, here.sheets[0], late, "Bão").await, "until", "sau hạn công bố");
        let early = council::record_decision(&tx, here.period, &decided(date!(2020 - 01 - 01))).await;
        refused(early, "date", "không thể ban hành trước");
        let earlier = council::record_decision(&tx, here.period, &decided(date!(2025 - 12 - 19))).await;
        refused(earlier, "date", "Quyết định kiện toàn");
        let ahead = council::record_decision(&tx, here.period, &decided(date!(2026 - 01 - 06))).await;
        refused(ahead, "date", "ở tương lai");
    })
    .await;
}

/// An error again, for a second look at it.
fn copy(error: &Error) -> Error {
    match error {
        Error::Invalid(problems) => Error::Invalid(problems.clone()),
        other => panic!("{other:?}"),
    }
}

async fn at_work(test: &TestDb) -> Authority<'_> {
    let here = Authority::open(test, "tinh", false).await;
    here.complete(0, 5, None).await;
    here.submit(0).await.unwrap();
    test.db.clock.set(datetime!(2026-02-02 09:00 +7));
    here.start_appraisal().await.unwrap();
    here
}

#[tokio::test]
async fn nothing_a_unit_is_given_time_for_ends_after_publication() {
    on_both(async |test| {
        let here = at_work(&test).await;
        let tx = test.db.begin(&here.as_role(Role::PeriodManager)).await.unwrap();
        let until = datetime!(2026-04-01 17:00 +7);
        let reopen = Reopen { codes: vec!["1.1".into()], until, reason: "x".into() };
        refused(assessments::reopen(&tx, here.sheets[0], &reopen).await, "until", "sau hạn công bố");
        drop(tx);
        let tx = test.db.begin(&here.as_role(Role::Appraiser)).await.unwrap();
        let asked = appraisal::ask(&tx, here.sheets[0], "1.1", "Vì sao?", date!(2026 - 04 - 01)).await;
        refused(asked, "due", "sau hạn công bố");
        drop(tx);
        decide_all(&here).await;
        let tx = test.db.begin(&here.as_role(Role::CouncilChair)).await.unwrap();
        refused(petitions::announce(&tx, here.period, until).await, "until", "sau hạn công bố");
    })
    .await;
}

async fn decide_all(here: &Authority<'_>) {
    let member = here.as_role(Role::Appraiser);
    for unit in 0..2 {
        for code in ["1.1", "1.2", "2.1"] {
            here.decide(&member, unit, adjust(code, "20", "Kiểm tra", 0)).await.unwrap();
        }
    }
}

#[tokio::test]
async fn what_happened_is_dated_in_its_order_and_a_published_year_is_closed() {
    on_both(async |test| {
        let here = at_work(&test).await;
        let chair = here.as_role(Role::CouncilChair);
        let tx = test.db.begin(&chair).await.unwrap();
        let held = async |day| minutes::open(&tx, here.period, &written(day)).await;
        refused(held(date!(2025 - 12 - 19)).await, "held_on", "quyết định thành lập Hội đồng");
        refused(held(date!(2026 - 02 - 03)).await, "held_on", "ở tương lai");
        let session = held(date!(2026 - 02 - 02)).await.unwrap();
        refused(minutes::write(&tx, session, &written(date!(2020 - 01 - 01)), 1).await, "held_on", "Hội đồng");
        tx.commit().await.unwrap();
        decide_all(&here).await;
        here.conclude().await.unwrap();

        let tx = test.db.begin(&here.as_role(Role::PeriodManager)).await.unwrap();
        let submitted = async |day| year::submitted(&tx, here.period, "5/TTr", day).await;
        refused(submitted(date!(2025 - 12 - 31)).await, "submitted_on", "trước khi năm 2025 kết thúc");
        refused(submitted(date!(2026 - 02 - 03)).await, "submitted_on", "ở tương lai");
        submitted(date!(2026 - 02 - 02)).await.unwrap();
        tx.commit().await.unwrap();

        test.db.clock.set(datetime!(2026-03-20 09:00 +7));
        let tx = test.db.begin(&here.as_role(Role::Publisher)).await.unwrap();
        let publish = async |decision_date| {
            let decision = Publish { decision_number: "512/QĐ-UBND".into(), decision_date, note: String::new() };
            publication::publish(&tx, here.period, &decision).await
        };
        refused(publish(date!(2020 - 01 - 01)).await, "decision_date", "trước khi năm 2025 kết thúc");
        refused(publish(date!(2026 - 02 - 01)).await, "decision_date", "trước ngày trình");
        refused(publish(date!(2026 - 03 - 21)).await, "decision_date", "ở tương lai");
        publish(date!(2026 - 03 - 20)).await.unwrap();
        tx.commit().await.unwrap();

        let tx = test.db.begin(&chair).await.unwrap();
        let closed = |outcome: Result<()>| matches!(outcome, Err(Error::Conflict(told)) if told.contains("đã công bố"));
        assert!(closed(minutes::open(&tx, here.period, &written(date!(2026 - 03 - 19))).await.map(|_| ())));
        assert!(closed(minutes::write(&tx, session, &written(date!(2026 - 02 - 02)), 1).await));
        let vote = minutes::Vote { question: "x".into(), in_favour: 1, against: 0, abstained: 0 };
        assert!(closed(minutes::vote(&tx, session, &vote).await));
        let shown = minutes::session(&tx, session).await.unwrap();
        assert!(shown.may_seal && !shown.may_write, "what was written may still be sealed");
        minutes::seal(&tx, session).await.unwrap();
    })
    .await;
}
