//! The plan of a period, working days, and the people of a unit at work together.
#![allow(clippy::unwrap_used)]

use crate::common;

use common::{Authority, answer};
use tenants::caller::{Grant, Role};
use tenants::testing::on_both;
use tenants::year::{self, Guidance, GuidanceCopy, NewPlan};
use tenants::{Caller, Error, assessments, calendar, desk, petitions};
use time::macros::{date, datetime};

#[tokio::test]
async fn before_its_beginning_units_read_the_guidance_and_write_nothing() {
    on_both(async |test| {
        let here = Authority::open(&test, "tinh", false).await;
        let manager = here.as_role(Role::PeriodManager);
        let from = datetime!(2026-01-10 00:00 +7);
        let tx = test.db.begin(&manager).await.unwrap();
        let wrong = NewPlan { appraise_until: Some(date!(2026 - 01 - 15)), ..NewPlan::default() };
        assert!(matches!(year::plan(&tx, here.period, &wrong).await, Err(Error::Invalid(_))), "before the deadline");
        let plan = NewPlan { self_from: Some(from), appraise_until: Some(date!(2026 - 02 - 20)), ..NewPlan::default() };
        year::plan(&tx, here.period, &plan).await.unwrap();
        let link = |url: &str| Guidance::Link { title: "Hướng dẫn 2025".into(), url: url.into() };
        assert!(matches!(year::guide(&tx, here.period, &link("ftp://x")).await, Err(Error::Invalid(_))));
        year::guide(&tx, here.period, &link("https://example.com/hd")).await.unwrap();
        tx.commit().await.unwrap();
        let tx = test.db.begin(&manager).await.unwrap();
        let (self_deadline, publish_deadline) = (datetime!(2026-01-09 23:59:59 +7), datetime!(2026-03-31 23:59:59 +7));
        let sooner = year::Deadlines { self_deadline, publish_deadline };
        let before = year::reschedule(&tx, here.period, &sooner, "Sớm hơn").await;
        assert!(matches!(before, Err(Error::Invalid(_))), "the deadline comes after the beginning");
        drop(tx);
        let early = here.save(0, answer("1.1", &[("a", "1"), ("tong", "2")])).await;
        assert!(matches!(early, Err(Error::Conflict(_))), "{early:?}");
        let tx = test.db.read(&here.editor(0)).await.unwrap();
        let desk = desk::desk(&tx, here.sheets[0], "1").await.unwrap();
        assert!(!desk.head.can.write && desk.head.period.guidance.as_deref() == Some("Hướng dẫn 2025"));
        let copy = year::guidance(&tx, here.period).await.unwrap();
        assert!(matches!(copy, GuidanceCopy::Link(url) if url == "https://example.com/hd"));
        drop(tx);
        test.db.clock.set(from);
        here.save(0, answer("1.1", &[("a", "1"), ("tong", "2")])).await.unwrap();
        let unit = test.db.begin(&here.editor(0)).await.unwrap();
        assert!(matches!(year::plan(&unit, here.period, &plan).await, Err(Error::Forbidden)));
    })
    .await;
}

#[tokio::test]
async fn nothing_is_due_on_a_day_nobody_works() {
    on_both(async |test| {
        let here = Authority::open(&test, "tinh", false).await;
        let manager = here.as_role(Role::PeriodManager);
        let tx = test.db.begin(&manager).await.unwrap();
        let extend = async |until| year::extend(&tx, here.sheets[0], until, "Thiên tai").await;
        assert!(matches!(extend(datetime!(2026-01-31 23:59:59 +7)).await, Err(Error::Invalid(_))), "a Saturday");
        calendar::add(&tx, date!(2026 - 02 - 02), "Nghỉ bù").await.unwrap();
        let twice = calendar::add(&tx, date!(2026 - 02 - 02), "Tết").await;
        assert!(matches!(twice, Err(Error::Invalid(told)) if told[0].message.contains("Nghỉ bù")));
        let Err(Error::Invalid(told)) = extend(datetime!(2026-02-02 23:59:59 +7)).await else { panic!("a day off") };
        assert!(told[0].message.contains("03/02/2026"), "{told:?}");
        calendar::remove(&tx, date!(2026 - 02 - 02)).await.unwrap();
        assert!(matches!(calendar::remove(&tx, date!(2026 - 02 - 02)).await, Err(Error::NotFound)));
        extend(datetime!(2026-02-02 23:59:59 +7)).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn one_units_petitions_are_given_more_time_and_the_result_is_submitted_once_concluded() {
    on_both(async |test| {
        let here = Authority::open(&test, "tinh", false).await;
        for (unit, a) in [(0, 5), (1, 10)] {
            here.complete(unit, a, None).await;
            here.submit(unit).await.unwrap();
        }
        test.db.clock.set(datetime!(2026-02-02 09:00 +7));
        here.start_appraisal().await.unwrap();
        here.accept_all(0).await;
        here.accept_all(1).await;
        let tx = test.db.begin(&here.as_role(Role::CouncilChair)).await.unwrap();
        petitions::announce(&tx, here.period, datetime!(2026-02-10 23:59:59 +7)).await.unwrap();
        tx.commit().await.unwrap();
        let manager = here.as_role(Role::PeriodManager);
        let tx = test.db.begin(&manager).await.unwrap();
        year::extend(&tx, here.sheets[0], datetime!(2026-02-12 23:59:59 +7), "Mất điện").await.unwrap();
        assert!(matches!(
            year::submitted(&tx, here.period, "12/TTr", date!(2026 - 02 - 13)).await,
            Err(Error::Conflict(_))
        ));
        tx.commit().await.unwrap();
        test.db.clock.set(datetime!(2026-02-11 09:00 +7));
        let petition = async |unit: usize| {
            let tx = test.db.begin(&here.of_unit(Role::UnitApprover, unit)).await?;
            petitions::make(&tx, here.sheets[unit], "1.1", "Đề nghị xem lại").await?;
            tx.commit().await
        };
        assert!(matches!(petition(1).await, Err(Error::Conflict(_))), "the others' time is over");
        assert!(here.conclude().await.is_err(), "one unit still has time");
        test.db.clock.set(datetime!(2026-02-13 00:00 +7));
        here.conclude().await.unwrap();
        let tx = test.db.begin(&manager).await.unwrap();
        assert!(matches!(year::submitted(&tx, here.period, " ", date!(2026 - 02 - 13)).await, Err(Error::Invalid(_))));
        year::submitted(&tx, here.period, "12/TTr-SKHCN", date!(2026 - 02 - 13)).await.unwrap();
        assert_eq!(year::head(&tx, here.period).await.unwrap().submitted_on, Some(date!(2026 - 02 - 13)));
    })
    .await;
}

#[tokio::test]
async fn colleagues_split_the_work_and_talk_where_nobody_else_listens() {
    on_both(async |test| {
        let here = Authority::open(&test, "tinh", false).await;
        let account = test.account("van-thu").await;
        test.member(here.tenant, account, Role::UnitEditor, Some(here.units[0])).await;
        let grants = vec![Grant { role: Role::UnitEditor, unit: Some(here.units[0]) }];
        let clerk = Caller { tenant: here.tenant, account: Some(account), name: "Văn thư".into(), grants };
        let tx = test.db.begin(&clerk).await.unwrap();
        let team = assessments::team(&tx, here.sheets[0]).await.unwrap();
        assert_eq!(team.people.len(), 1);
        assessments::split(&tx, here.sheets[0], &["1.1".into(), "1.2".into()], Some(account)).await.unwrap();
        assessments::split(&tx, here.sheets[0], &["1.2".into()], None).await.unwrap();
        let stranger = tenants::ids::AccountId::new();
        let foreign = assessments::split(&tx, here.sheets[0], &["1.1".into()], Some(stranger)).await;
        assert!(matches!(foreign, Err(Error::NotFound)), "only clerks of the unit");
        assessments::remark(&tx, here.sheets[0], "1.1", "Chờ số liệu của phòng Tổng hợp").await.unwrap();
        assert!(matches!(assessments::remark(&tx, here.sheets[0], "1.1", " ").await, Err(Error::Invalid(_))));
        let desk = desk::desk(&tx, here.sheets[0], "1").await.unwrap();
        assert_eq!(desk.clerks.keys().collect::<Vec<_>>(), ["1.1"]);
        assert_eq!(desk.remarks["1.1"].len(), 1);
        tx.commit().await.unwrap();
        let council = test.db.begin(&here.as_role(Role::Appraiser)).await.unwrap();
        let seen = desk::desk(&council, here.sheets[0], "1").await.unwrap();
        assert!(seen.remarks.is_empty() && seen.clerks.is_empty() && !seen.head.can.plan);
        assert!(matches!(assessments::remark(&council, here.sheets[0], "1.1", "x").await, Err(Error::Forbidden)));
        assert!(matches!(assessments::team(&council, here.sheets[0]).await, Err(Error::Forbidden)));
    })
    .await;
}
