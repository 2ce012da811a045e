//! A period arranged, settled, discarded, returned: what a manager does beside its ordinary steps.
#![allow(clippy::unwrap_used)]

use crate::common;

use std::collections::BTreeMap;

use common::{Authority, adjust};
use tenants::caller::Role;
use tenants::notices::{self, Kind};
use tenants::periods::{self, Settings, Stage};
use tenants::testing::{TestDb, on_both};
use tenants::units::{self, NewUnit, UnitKind};
use tenants::year::{self, LateWhat, NewGroup, NewPeriod, Place};
use tenants::{Caller, Error, appraisal, ranking, sheets};
use time::macros::{date, datetime};

/// A third unit of the authority, which takes no part yet.
async fn third(here: &Authority<'_>) -> tenants::ids::UnitId {
    let tx = here.test.db.begin(&here.as_role(Role::TenantAdmin)).await.unwrap();
    let new = NewUnit {
        kind: UnitKind::Department,
        official_code: "ba".into(),
        name: "Đơn vị ba".into(),
        short_name: String::new(),
        valid_from: date!(2020 - 01 - 01),
        parent: None,
    };
    let id = units::create(&tx, new).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn before_council(test: &TestDb) -> Authority<'_> {
    let here = Authority::open(test, "tinh", false).await;
    here.complete(0, 10, None).await;
    here.submit(0).await.unwrap();
    test.db.clock.set(datetime!(2026-02-02 09:00 +7));
    here
}

async fn settle(here: &Authority<'_>, settings: Settings) -> tenants::Result<()> {
    let tx = here.test.db.begin(&here.as_role(Role::PeriodManager)).await?;
    year::set(&tx, here.period, settings).await?;
    tx.commit().await
}

async fn told(here: &Authority<'_>, who: &Caller) -> Vec<Kind> {
    let tx = here.test.db.read(who).await.unwrap();
    notices::inbox(&tx).await.unwrap().into_iter().map(|notice| notice.kind).collect()
}

#[tokio::test]
async fn in_an_open_period_units_join_and_nobody_is_sent_away() {
    on_both(async |test| {
        let here = Authority::open(&test, "tinh", false).await;
        let (manager, joining) = (here.as_role(Role::PeriodManager), third(&here).await);
        let tx = test.db.begin(&manager).await.unwrap();
        let enrolment = year::enrolment(&tx, here.period).await.unwrap();
        assert_eq!(enrolment.units.iter().filter(|unit| unit.place.is_some()).count(), 2);
        let group = enrolment.groups[0].0;
        let away = BTreeMap::from([(here.units[0], None)]);
        let refused = year::enrol(&tx, here.period, &away).await;
        assert!(matches!(&refused, Err(Error::Invalid(told)) if told[0].message.contains("Đơn vị một")), "{refused:?}");
        let voluntary = Some(Place { group, ranked: false });
        year::enrol(&tx, here.period, &BTreeMap::from([(joining, voluntary)])).await.unwrap();
        let elsewhere = Place { group: tenants::ids::GroupId::new(), ranked: true };
        let foreign = year::enrol(&tx, here.period, &BTreeMap::from([(joining, Some(elsewhere))])).await;
        assert!(matches!(foreign, Err(Error::NotFound)), "a group of another period");
        let board = year::board(&tx, here.period).await.unwrap();
        assert_eq!(board.groups[0].units.len(), 3);
        tx.commit().await.unwrap();
        test.db.clock.set(datetime!(2026-02-02 09:00 +7));
        here.start_appraisal().await.unwrap();
        let tx = test.db.begin(&manager).await.unwrap();
        let late = year::enrol(&tx, here.period, &BTreeMap::from([(joining, None)])).await;
        assert!(matches!(late, Err(Error::Conflict(_))));
        drop(tx);
        let unit = test.db.begin(&here.editor(0)).await.unwrap();
        assert!(matches!(year::enrolment(&unit, here.period).await, Err(Error::Forbidden)));
    })
    .await;
}

#[tokio::test]
async fn a_draft_is_arranged_freely_and_may_be_discarded() {
    on_both(async |test| {
        let here = Authority::open(&test, "tinh", false).await;
        let manager = here.as_role(Role::PeriodManager);
        let tx = test.db.begin(&manager).await.unwrap();
        let version = year::board(&tx, here.period).await.unwrap().groups[0].version;
        let group = |slug: &str, unit: usize| NewGroup {
            slug: slug.into(),
            name: slug.into(),
            version,
            units: vec![here.units[unit]],
        };
        let new = NewPeriod {
            year: 2026,
            name: "Năm 2026".into(),
            self_deadline: datetime!(2027-01-30 23:59:59 +7),
            publish_deadline: datetime!(2027-03-31 23:59:59 +7),
            managing_unit: None,
            is_sample: false,
            groups: vec![group("a", 0), group("b", 1)],
        };
        let draft = year::create(&tx, new).await.unwrap();
        let groups = year::enrolment(&tx, draft).await.unwrap().groups;
        let to_a = Some(Place { group: groups[0].0, ranked: true });
        let emptied = year::enrol(&tx, draft, &BTreeMap::from([(here.units[1], to_a)])).await;
        assert!(matches!(&emptied, Err(Error::Invalid(told)) if told[0].message.contains("“b”")), "{emptied:?}");
        let to_b = Some(Place { group: groups[1].0, ranked: true });
        let swapped = BTreeMap::from([(here.units[1], to_a), (here.units[0], to_b)]);
        year::enrol(&tx, draft, &swapped).await.unwrap();
        let board = year::board(&tx, draft).await.unwrap();
        assert_eq!(board.groups[0].units[0].unit_name, "Đơn vị hai");
        assert!(board.can.discard && board.can.enrol);
        assert!(matches!(year::discard(&tx, here.period).await, Err(Error::Conflict(_))), "it is open");
        year::discard(&tx, draft).await.unwrap();
        assert!(matches!(year::board(&tx, draft).await, Err(Error::NotFound)));
        assert_eq!(periods::list(&tx).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_unit_that_sent_nothing_is_ranked_only_where_the_period_says_so() {
    on_both(async |test| {
        let here = before_council(&test).await;
        let open = Settings { rank_unsubmitted: false, ..Settings::default() };
        settle(&here, open).await.unwrap();
        here.start_appraisal().await.unwrap();
        let again = settle(&here, Settings::default()).await;
        assert!(matches!(again, Err(Error::Conflict(_))), "answered when the appraisal began");
        settle(&here, Settings { weekly_list: false, ..open }).await.unwrap();
        let chair = here.as_role(Role::CouncilChair);
        here.accept_all(0).await;
        for code in ["1.1", "1.2", "2.1"] {
            here.decide(&chair, 1, adjust(code, "10", "Theo kết quả theo dõi", 0)).await.unwrap();
        }
        let tx = test.db.read(&chair).await.unwrap();
        let ranking = ranking::read(&tx, &tenants::cache::Cache::memory(), here.period).await.unwrap();
        let ranks: Vec<_> = ranking[0].rows.iter().map(|line| (line.unit_name.as_str(), line.rank)).collect();
        assert!(
            ranks.contains(&("Đơn vị một", Some(1))) && !ranks.iter().any(|(_, rank)| *rank == Some(2)),
            "{ranks:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn where_it_is_required_nothing_is_concluded_before_the_provisional_result() {
    on_both(async |test| {
        let here = Authority::open(&test, "tinh", false).await;
        for unit in 0..2 {
            here.complete(unit, 5, None).await;
            here.submit(unit).await.unwrap();
        }
        settle(&here, Settings { needs_provisional: true, ..Settings::default() }).await.unwrap();
        test.db.clock.set(datetime!(2026-02-02 09:00 +7));
        here.start_appraisal().await.unwrap();
        here.accept_all(0).await;
        here.accept_all(1).await;
        let refused = here.conclude().await;
        assert!(matches!(&refused, Err(Error::Conflict(told)) if told.contains("kết quả tạm thời")), "{refused:?}");
        settle(&here, Settings::default()).await.unwrap();
        here.conclude().await.unwrap();
        assert!(matches!(settle(&here, Settings::default()).await, Err(Error::Conflict(_))), "concluded");
    })
    .await;
}

#[tokio::test]
async fn a_returned_result_goes_back_to_the_council_with_everything_it_had_decided() {
    on_both(async |test| {
        let here = before_council(&test).await;
        here.start_appraisal().await.unwrap();
        let member = here.person("uy-vien", Role::Appraiser, None).await;
        let manager = here.as_role(Role::PeriodManager);
        let early = {
            let tx = test.db.begin(&manager).await.unwrap();
            year::take_back(&tx, here.period, "Xem lại").await
        };
        assert!(matches!(early, Err(Error::Conflict(_))), "not concluded");
        here.accept_all(0).await;
        for code in ["1.1", "1.2", "2.1"] {
            here.decide(&here.as_role(Role::CouncilChair), 1, adjust(code, "10", "Theo dõi", 0)).await.unwrap();
        }
        here.conclude().await.unwrap();
        let tx = test.db.begin(&manager).await.unwrap();
        year::submitted(&tx, here.period, "12/TTr", date!(2026 - 02 - 02)).await.unwrap();
        assert!(matches!(year::take_back(&tx, here.period, " ").await, Err(Error::Invalid(_))));
        year::take_back(&tx, here.period, "Xem lại chỉ số 1.1 của Đơn vị hai").await.unwrap();
        let head = year::head(&tx, here.period).await.unwrap();
        assert_eq!((head.stage, head.submitted_on), (Stage::Appraisal, None));
        let board = year::board(&tx, here.period).await.unwrap();
        let states: Vec<_> = board.groups[0].units.iter().map(|unit| (unit.state, unit.decided)).collect();
        assert_eq!(states, [(sheets::SheetState::NotSubmitted, 3), (sheets::SheetState::Submitted, 3)]);
        assert!(appraisal::open_rows(&tx, here.period).await.unwrap().is_empty(), "what was decided stands");
        tx.commit().await.unwrap();
        assert!(told(&here, &member).await.contains(&Kind::TakenBack));
        here.decide(&here.as_role(Role::CouncilChair), 1, adjust("1.1", "8", "Theo ý kiến", 1)).await.unwrap();
        here.conclude().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn once_a_week_those_who_run_the_year_are_told_how_it_stands() {
    on_both(async |test| {
        let here = Authority::open(&test, "tinh", false).await;
        let (chair, unit) = (here.as_role(Role::CouncilChair), here.editor(0));
        let remind = async |at| {
            test.db.clock.set(at);
            let tx = test.db.begin(&Caller::system(here.tenant)).await.unwrap();
            year::remind(&tx).await.unwrap();
            tx.commit().await.unwrap();
        };
        let weekly =
            async |who: &Caller| told(&here, who).await.into_iter().filter(|kind| *kind == Kind::Weekly).count();
        remind(datetime!(2026-01-12 06:30 +7)).await;
        assert_eq!(weekly(&chair).await, 0, "before seven");
        remind(datetime!(2026-01-12 07:00 +7)).await;
        remind(datetime!(2026-01-14 07:00 +7)).await;
        assert_eq!(weekly(&chair).await, 1, "once");
        assert_eq!(weekly(&unit).await, 0);
        settle(&here, Settings { weekly_list: false, ..Settings::default() }).await.unwrap();
        remind(datetime!(2026-01-19 09:00 +7)).await;
        assert_eq!(weekly(&chair).await, 1, "the period does not want it");
    })
    .await;
}

#[tokio::test]
async fn what_is_late_stands_with_whom_and_since_when() {
    on_both(async |test| {
        let here = before_council(&test).await;
        let manager = here.as_role(Role::PeriodManager);
        let late = async || {
            let tx = test.db.read(&manager).await.unwrap();
            let late = year::late(&tx, here.period).await.unwrap();
            late.into_iter().map(|line| (line.unit_name, line.what, line.count)).collect::<Vec<_>>()
        };
        assert_eq!(late().await, [("Đơn vị hai".to_owned(), LateWhat::Sheet, 1)]);
        let tx = test.db.begin(&manager).await.unwrap();
        let plan = year::NewPlan { appraise_until: Some(date!(2026 - 02 - 20)), ..year::NewPlan::default() };
        year::plan(&tx, here.period, &plan).await.unwrap();
        tx.commit().await.unwrap();
        here.start_appraisal().await.unwrap();
        assert_eq!(late().await, [], "the council has time");
        let tx = test.db.begin(&here.as_role(Role::Appraiser)).await.unwrap();
        appraisal::ask(&tx, here.sheets[0], "1.1", "Biên bản ở đâu?", date!(2026 - 02 - 06)).await.unwrap();
        tx.commit().await.unwrap();
        test.db.clock.set(datetime!(2026-02-06 23:59:59 +7));
        assert_eq!(late().await, []);
        test.db.clock.set(datetime!(2026-02-07 00:00 +7));
        assert_eq!(late().await, [("Đơn vị một".to_owned(), LateWhat::Answers, 1)]);
        test.db.clock.set(datetime!(2026-02-21 00:00 +7));
        let expected = [
            ("Đơn vị hai".to_owned(), LateWhat::Decisions, 3),
            ("Đơn vị một".to_owned(), LateWhat::Answers, 1),
            ("Đơn vị một".to_owned(), LateWhat::Decisions, 3),
        ];
        assert_eq!(late().await, expected);
    })
    .await;
}
