//! The course of one indicator, as each side may read it.
#![allow(clippy::unwrap_used)]

use crate::common;

use common::{Authority, adjust, answer};
use tenants::assessments::{self, Exemption, Reopen, SaveAnswer};
use tenants::caller::Role;
use tenants::history::{self, Deed, Happened, Side};
use tenants::testing::{TestDb, on_both};
use tenants::{Caller, Error, appraisal, petitions, sheets, year};
use time::macros::{date, datetime};

async fn course(here: &Authority<'_>, who: &Caller, unit: usize, code: &str) -> Vec<Happened> {
    let tx = here.test.db.read(who).await.unwrap();
    history::of_indicator(&tx, here.sheets[unit], code).await.unwrap().events
}

/// The deeds alone, in short.
fn told(events: &[Happened]) -> Vec<&'static str> {
    let short = |event: &Happened| match &event.deed {
        Deed::Saved(_) => "saved",
        Deed::Moved { .. } => "moved",
        Deed::Attached { .. } => "attached",
        Deed::Exempted(Some(_)) => "exempted",
        Deed::Exempted(None) => "exempted no more",
        Deed::Submitted { .. } => "submitted",
        Deed::Reopened { .. } => "reopened",
        Deed::Remarked { .. } => "remarked",
        Deed::Asked { .. } => "asked",
        Deed::Answered { .. } => "answered",
        Deed::Decided(_) => "decided",
        Deed::Announced => "announced",
        Deed::Petitioned { .. } => "petitioned",
        Deed::PetitionAnswered { .. } => "petition answered",
        Deed::Concluded => "concluded",
        _ => "other",
    };
    events.iter().map(short).collect()
}

/// 1.1 saved twice, remarked, proved and submitted; asked, answered and adjusted by the chair.
async fn before_announcement(test: &TestDb) -> Authority<'_> {
    let here = Authority::open(test, "qua-trinh", false).await;
    here.complete(0, 8, None).await;
    a_minute_later(test);
    let explained =
        SaveAnswer { explanation: "Theo báo cáo 12/BC.".into(), revision: 1, ..answer("1.1", &[("a", "9")]) };
    here.save(0, explained).await.unwrap();
    a_minute_later(test);
    // The total is shared: entered at 1.2, it moves 1.1.
    here.save(0, SaveAnswer { revision: 1, ..answer("1.2", &[("tong", "12")]) }).await.unwrap();
    let tx = test.db.begin(&here.editor(0)).await.unwrap();
    assessments::remark(&tx, here.sheets[0], "1.1", "Chờ số của văn phòng").await.unwrap();
    tx.commit().await.unwrap();
    here.complete(1, 5, None).await;
    here.submit(0).await.unwrap();
    here.submit(1).await.unwrap();
    test.db.clock.set(datetime!(2026-02-02 09:00 +7));
    here.start_appraisal().await.unwrap();
    let chair = here.as_role(Role::CouncilChair);
    let tx = test.db.begin(&chair).await.unwrap();
    appraisal::ask(&tx, here.sheets[0], "1.1", "Nguồn số liệu?", date!(2026 - 02 - 06)).await.unwrap();
    tx.commit().await.unwrap();
    a_minute_later(test);
    let tx = test.db.begin(&here.editor(0)).await.unwrap();
    appraisal::reply(&tx, here.sheets[0], "1.1", "Báo cáo 12/BC.").await.unwrap();
    tx.commit().await.unwrap();
    a_minute_later(test);
    here.decide(&chair, 0, adjust("1.1", "20", "Chưa đủ", 0)).await.unwrap();
    here
}

fn a_minute_later(test: &TestDb) {
    test.db.clock.set(test.db.clock.now() + time::Duration::minutes(1));
}

#[tokio::test]
async fn it_is_told_from_what_was_recorded() {
    on_both(async |test| {
        let here = before_announcement(&test).await;
        let events = course(&here, &here.as_role(Role::CouncilChair), 0, "1.1").await;
        let expected = ["saved", "attached", "saved", "moved", "submitted", "asked", "answered", "decided"];
        assert_eq!(told(&events), expected, "the council does not read remarks");
        let Deed::Saved(save) = &events[2].deed else { panic!("{:?}", events[2]) };
        assert_eq!((save.figures[0].label.as_str(), save.figures[0].value.as_str()), ("Số A", "9"));
        assert_eq!(save.explanation.as_deref(), Some("Theo báo cáo 12/BC."));
        assert_eq!((save.claim.clone(), save.own_points.clone()), (None, None));
        let points: Vec<_> = events.iter().map(|event| event.points.map(|points| points.to_string())).collect();
        assert_eq!(
            [&points[0], &points[2], &points[3]].map(|points| points.clone().unwrap()),
            ["32.00", "36.00", "30.00"]
        );
        assert_eq!(events[3].deed, Deed::Moved { elsewhere: "1.2".into() });
        assert_eq!((points[7].as_deref(), events[7].side), (Some("20.00"), Side::Council));
        assert!(events.iter().all(|event| event.rules == "Bản 1"), "{events:?}");
        assert!(events.is_sorted_by_key(|event| event.at));
    })
    .await;
}

#[tokio::test]
async fn decisions_are_for_the_unit_once_they_are_announced() {
    on_both(async |test| {
        let here = before_announcement(&test).await;
        let clerk = here.editor(0);
        let before = course(&here, &clerk, 0, "1.1").await;
        assert_eq!(told(&before).iter().filter(|deed| **deed == "decided").count(), 0);
        assert!(told(&before).contains(&"remarked"), "colleagues read theirs");
        let tx = test.db.read(&here.editor(1)).await.unwrap();
        let elsewhere = history::of_indicator(&tx, here.sheets[0], "1.1").await;
        assert!(matches!(elsewhere, Err(Error::NotFound)), "another unit's course");
        drop(tx);

        here.accept_all(0).await;
        here.accept_all(1).await;
        let chair = here.as_role(Role::CouncilChair);
        let tx = test.db.begin(&chair).await.unwrap();
        petitions::announce(&tx, here.period, datetime!(2026-02-10 17:00 +7)).await.unwrap();
        tx.commit().await.unwrap();
        let tx = test.db.begin(&here.of_unit(Role::UnitApprover, 0)).await.unwrap();
        petitions::make(&tx, here.sheets[0], "1.1", "Đề nghị xem lại").await.unwrap();
        tx.commit().await.unwrap();
        let tx = test.db.begin(&chair).await.unwrap();
        petitions::answer(&tx, here.sheets[0], "1.1", "Giữ nguyên").await.unwrap();
        tx.commit().await.unwrap();
        let tx = test.db.begin(&here.as_role(Role::PeriodManager)).await.unwrap();
        let until = datetime!(2026-02-11 17:00 +7);
        let reopen = Reopen { codes: vec!["1.1".into()], until, reason: "Sửa số".into() };
        assessments::reopen(&tx, here.sheets[0], &reopen).await.unwrap();
        tx.commit().await.unwrap();
        test.db.clock.set(datetime!(2026-02-12 09:00 +7));
        here.conclude().await.unwrap();
        let mut after = told(&course(&here, &clerk, 0, "1.1").await);
        assert_eq!(after.pop(), Some("concluded"));
        for deed in ["decided", "announced", "petitioned", "petition answered", "reopened"] {
            assert_eq!(after.iter().filter(|one| **one == deed).count(), 1, "{deed}: {after:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_exemption_and_its_end_are_told() {
    on_both(async |test| {
        let here = Authority::open(&test, "qua-trinh-3", false).await;
        let manager = here.as_role(Role::PeriodManager);
        let tx = test.db.begin(&manager).await.unwrap();
        let group = year::rules_in_force(&tx, here.period).await.unwrap().1[0].group;
        let claim = sheets::Claim { ground: sheets::ClaimGround::NoFunction, reason: "Không có".into() };
        for claim in [Some(claim), None] {
            let wanted = Exemption { group, cells: vec![(here.sheets[0], "2.1".into())], claim };
            assessments::exempt(&tx, &wanted).await.unwrap();
        }
        tx.commit().await.unwrap();
        assert_eq!(told(&course(&here, &manager, 0, "2.1").await), ["exempted", "exempted no more"]);
        assert!(course(&here, &manager, 1, "2.1").await.is_empty(), "the other unit was never exempt");
    })
    .await;
}
