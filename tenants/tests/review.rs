//! Between clerks and head: handed in, taken back, handed back, signed.
#![allow(clippy::unwrap_used)]

use crate::common;

use common::{Authority, DEADLINE, answer};
use tenants::assessments::{self, HandIn, SaveAnswer};
use tenants::caller::{Grant, Role};
use tenants::desk::{self, Signing};
use tenants::sheets::{ReviewAct, SheetState};
use tenants::testing::on_both;
use tenants::{Caller, Error, Result, notices, year};
use time::Duration;

/// A person of the first unit with an account, so that they have an inbox.
async fn person(here: &Authority<'_>, login: &str, role: Role) -> Caller {
    let account = here.test.account(login).await;
    here.test.member(here.tenant, account, role, Some(here.units[0])).await;
    let grants = vec![Grant { role, unit: Some(here.units[0]) }];
    Caller { tenant: here.tenant, account: Some(account), name: login.into(), grants }
}

async fn hand_in(here: &Authority<'_>, by: &Caller, despite_gaps: bool) -> Result<()> {
    let tx = here.test.db.begin(by).await?;
    let wanted = HandIn { note: "Kính trình".into(), despite_gaps };
    assessments::hand_in(&tx, here.sheets[0], &wanted).await?;
    tx.commit().await
}

async fn take_back(here: &Authority<'_>, by: &Caller) -> Result<()> {
    let tx = here.test.db.begin(by).await?;
    assessments::take_back(&tx, here.sheets[0]).await?;
    tx.commit().await
}

async fn hand_back(here: &Authority<'_>, by: &Caller, reason: &str) -> Result<()> {
    let tx = here.test.db.begin(by).await?;
    assessments::hand_back(&tx, here.sheets[0], reason).await?;
    tx.commit().await
}

async fn sheet(here: &Authority<'_>, by: &Caller) -> desk::Sheet {
    desk::sheet(&here.test.db.read(by).await.unwrap(), here.sheets[0]).await.unwrap()
}

async fn inbox(here: &Authority<'_>, of: &Caller) -> Vec<notices::Kind> {
    let tx = here.test.db.read(of).await.unwrap();
    notices::inbox(&tx).await.unwrap().into_iter().map(|notice| notice.kind).collect()
}

#[tokio::test]
async fn while_the_head_looks_nobody_writes_and_each_step_is_kept() {
    on_both(async |test| {
        let here = Authority::open(&test, "tinh", false).await;
        let clerk = person(&here, "van-thu", Role::UnitEditor).await;
        let head = person(&here, "giam-doc", Role::UnitApprover).await;
        assert!(matches!(hand_in(&here, &clerk, true).await, Err(Error::Conflict(_))), "nothing to hand in");
        here.save(0, answer("2.1", &[("c", "true")])).await.unwrap();
        let Err(Error::Invalid(gaps)) = hand_in(&here, &clerk, false).await else { panic!("there are gaps") };
        assert_eq!(gaps.iter().map(|gap| gap.field.as_str()).collect::<Vec<_>>(), ["1.1", "1.2", "2.1"]);
        assert!(matches!(hand_in(&here, &head, true).await, Err(Error::Forbidden)), "the clerks hand in");
        hand_in(&here, &clerk, true).await.unwrap();
        assert_eq!(inbox(&here, &head).await, [notices::Kind::HandedIn]);

        let seen = sheet(&here, &clerk).await.head;
        assert_eq!(seen.state, SheetState::InternalReview);
        assert!(
            seen.can.take_back && !seen.can.write && !seen.can.hand_in && !seen.can.add_evidence && !seen.can.submit
        );
        let late = here.save(0, SaveAnswer { revision: 1, ..answer("2.1", &[("c", "false")]) }).await;
        assert!(matches!(late, Err(Error::Conflict(told)) if told.contains("trình lãnh đạo")));
        assert!(matches!(here.prove(&clerk, 0, "2.1").await, Err(Error::Conflict(_))));
        assert!(matches!(hand_in(&here, &clerk, true).await, Err(Error::Conflict(_))), "handed in already");

        take_back(&here, &clerk).await.unwrap();
        assert!(matches!(take_back(&here, &clerk).await, Err(Error::Conflict(_))));
        here.save(0, SaveAnswer { revision: 1, ..answer("2.1", &[("c", "false")]) }).await.unwrap();
        hand_in(&here, &clerk, true).await.unwrap();
        assert!(matches!(hand_back(&here, &clerk, "x").await, Err(Error::Forbidden)), "clerks take back");
        assert!(matches!(hand_back(&here, &head, " ").await, Err(Error::Invalid(_))), "a reason is asked for");
        hand_back(&here, &head, "Thiếu số liệu mục 1").await.unwrap();
        assert_eq!(inbox(&here, &clerk).await, [notices::Kind::HandedBack]);
        let desk = desk::desk(&test.db.read(&clerk).await.unwrap(), here.sheets[0], "1").await.unwrap();
        assert_eq!(desk.handed_back.unwrap().note, "Thiếu số liệu mục 1");

        let acts: Vec<ReviewAct> = sheet(&here, &clerk).await.reviews.into_iter().map(|step| step.act).collect();
        use ReviewAct::{HandedBack, HandedIn, TakenBack};
        assert_eq!(acts, [HandedIn, TakenBack, HandedIn, HandedBack]);
        assert!(sheet(&here, &here.as_role(Role::PeriodManager)).await.reviews.is_empty(), "the unit's own affair");
    })
    .await;
}

#[tokio::test]
async fn the_head_signs_what_was_handed_in_or_what_was_not() {
    on_both(async |test| {
        let here = Authority::open(&test, "tinh", false).await;
        for unit in 0..2 {
            here.complete(unit, 8, None).await;
        }
        let clerk = person(&here, "van-thu", Role::UnitEditor).await;
        hand_in(&here, &clerk, false).await.unwrap();
        let head = here.of_unit(Role::UnitApprover, 0);
        let seen = sheet(&here, &head).await;
        assert!(seen.head.can.submit && seen.head.can.hand_back);
        let glance = Signing::of(&seen);
        assert_eq!(
            (glance.totals.points.to_string(), glance.index.unwrap().to_string()),
            ("82.00".into(), "82.00".into())
        );
        assert_eq!((glance.documents, glance.missing.len(), glance.explained_only.len()), (3, 0, 0));
        here.submit(0).await.unwrap();
        assert_eq!(sheet(&here, &head).await.head.state, SheetState::Submitted);
        assert!(matches!(take_back(&here, &clerk).await, Err(Error::Conflict(_))));
        here.submit(1).await.unwrap();
        assert!(matches!(here.submit(1).await, Err(Error::Conflict(_))));
    })
    .await;
}

#[tokio::test]
async fn what_waits_for_the_head_at_the_deadline_was_not_submitted() {
    on_both(async |test| {
        let here = Authority::open(&test, "tinh", false).await;
        here.complete(0, 8, None).await;
        let clerk = person(&here, "van-thu", Role::UnitEditor).await;
        let head = person(&here, "giam-doc", Role::UnitApprover).await;
        hand_in(&here, &clerk, false).await.unwrap();
        test.db.clock.set(DEADLINE + Duration::seconds(1));
        assert!(matches!(take_back(&here, &clerk).await, Err(Error::Closed { .. })));
        assert!(matches!(hand_back(&here, &head, "x").await, Err(Error::Closed { .. })));
        let tx = test.db.begin(&Caller::system(here.tenant)).await.unwrap();
        year::remind(&tx).await.unwrap();
        tx.commit().await.unwrap();
        assert!(inbox(&here, &head).await.contains(&notices::Kind::Overdue), "still unsent");
        here.start_appraisal().await.unwrap();
        assert_eq!(sheet(&here, &head).await.head.state, SheetState::NotSubmitted);
    })
    .await;
}
