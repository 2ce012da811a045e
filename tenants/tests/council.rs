//! The council at work: questions, assignments, one indicator across units, provisional results and petitions.
#![allow(clippy::unwrap_used)]

use crate::common;

use common::{Authority, adjust, answer, decision};
use tenants::appraisal::{self, NewDuty, Spot};
use tenants::assessments::{self, ClaimedBy, Exemption, SaveAnswer, Verdict};
use tenants::caller::Role;
use tenants::decisions::{Decision, Part};
use tenants::notices::{self, Kind};
use tenants::sheets::{Claim, ClaimGround};
use tenants::testing::{TestDb, on_both};
use tenants::year::{self, Deadlines};
use tenants::{Caller, Error, petitions, simulation};
use time::macros::{date, datetime};

/// Both units' sheets before the council.
async fn before_council(test: &TestDb) -> Authority<'_> {
    let authority = Authority::open(test, "tinh", false).await;
    for (unit, a) in [(0, 10), (1, 5)] {
        authority.complete(unit, a, None).await;
        authority.submit(unit).await.unwrap();
    }
    test.db.clock.set(datetime!(2026-02-02 09:00 +7));
    authority.start_appraisal().await.unwrap();
    authority
}

async fn told(here: &Authority<'_>, who: &Caller) -> Vec<Kind> {
    let tx = here.test.db.read(who).await.unwrap();
    notices::inbox(&tx).await.unwrap().into_iter().map(|notice| notice.kind).collect()
}

async fn ask(here: &Authority<'_>, who: &Caller, code: &str) -> tenants::Result<()> {
    let tx = here.test.db.begin(who).await?;
    appraisal::ask(&tx, here.sheets[0], code, "Biên bản họp tháng 6 ở đâu?", date!(2026 - 02 - 06)).await?;
    tx.commit().await
}

async fn reply(here: &Authority<'_>, who: &Caller, unit: usize, code: &str) -> tenants::Result<()> {
    let tx = here.test.db.begin(who).await?;
    appraisal::reply(&tx, here.sheets[unit], code, "Đã bổ sung biên bản.").await?;
    tx.commit().await
}

#[tokio::test]
async fn a_question_keeps_the_row_open_until_it_is_answered() {
    on_both(async |test| {
        let here = before_council(&test).await;
        let member = here.person("uy-vien", Role::Appraiser, None).await;
        let clerk = here.person("van-thu", Role::UnitEditor, Some(0)).await;
        assert!(matches!(reply(&here, &clerk, 0, "1.1").await, Err(Error::Conflict(_))), "nothing was asked");
        ask(&here, &member, "1.1").await.unwrap();
        assert_eq!(told(&here, &clerk).await, [Kind::Question]);
        assert_eq!(here.accept_all(0).await, 2, "what is asked about is not accepted in bulk");
        here.decide(&member, 0, decision("1.1", Decision::Accept, "")).await.unwrap();
        here.accept_all(1).await;
        assert!(matches!(here.conclude().await, Err(Error::Conflict(_))), "a question is open");
        let stranger = here.person("van-thu-2", Role::UnitEditor, Some(1)).await;
        assert!(reply(&here, &stranger, 0, "1.1").await.is_err(), "another unit's sheet");
        test.db.clock.set(datetime!(2026-02-03 09:00 +7));
        reply(&here, &clerk, 0, "1.1").await.unwrap();
        assert_eq!(told(&here, &member).await, [Kind::Reply, Kind::Seated]);
        assert!(matches!(here.conclude().await, Err(Error::Conflict(_))), "the answer is to be looked at");
        let again = tenants::appraisal::Decide { revision: 1, ..decision("1.1", Decision::Accept, "") };
        here.decide(&member, 0, again).await.unwrap();
        here.conclude().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_question_nobody_answers_lapses_after_its_day() {
    on_both(async |test| {
        let here = before_council(&test).await;
        let member = here.as_role(Role::Appraiser);
        ask(&here, &member, "1.1").await.unwrap();
        here.decide(&member, 0, adjust("1.1", "0", "Không giải trình", 0)).await.unwrap();
        here.accept_all(0).await;
        here.accept_all(1).await;
        test.db.clock.set(datetime!(2026-02-06 23:59 +7));
        assert!(here.conclude().await.is_err());
        test.db.clock.set(datetime!(2026-02-07 00:00 +7));
        here.conclude().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_member_decides_what_was_assigned_and_never_the_own_unit() {
    on_both(async |test| {
        let here = before_council(&test).await;
        let one = here.person("uy-vien-1", Role::Appraiser, None).await;
        let two = here.person("uy-vien-2", Role::Appraiser, Some(0)).await;
        let chair = here.as_role(Role::CouncilChair);
        let tx = test.db.begin(&chair).await.unwrap();
        let set = tenants::indicator_sets::list(&tx).await.unwrap().remove(0).id;
        let group = simulation::grounds(&tx, set).await.unwrap().remove(0).group;
        let duty = |who: &Caller, main: &str| NewDuty {
            period: here.period,
            group,
            account: who.account.unwrap(),
            part: if main.is_empty() { Part::All } else { Part::Main(main.into()) },
            sheet: None,
        };
        appraisal::assign(&tx, &duty(&one, "1")).await.unwrap();
        appraisal::assign(&tx, &duty(&two, "")).await.unwrap();
        assert!(matches!(appraisal::assign(&tx, &duty(&one, "1")).await, Err(Error::Invalid(_))));
        assert!(matches!(appraisal::assign(&tx, &duty(&one, "9")).await, Err(Error::NotFound)));
        tx.commit().await.unwrap();
        assert_eq!(told(&here, &one).await, [Kind::Assigned, Kind::Seated]);

        here.decide(&one, 0, decision("1.1", Decision::Accept, "")).await.unwrap();
        let others = here.decide(&one, 0, decision("2.1", Decision::Accept, "")).await;
        assert!(matches!(others, Err(Error::Conflict(_))), "main index 2 is somebody else's");
        let own = here.decide(&two, 0, decision("2.1", Decision::Accept, "")).await;
        assert!(matches!(own, Err(Error::Forbidden)), "an assignment does not lift the recusal");
        here.decide(&two, 1, decision("2.1", Decision::Accept, "")).await.unwrap();
        here.decide(&chair, 0, decision("2.1", Decision::Accept, "")).await.unwrap();

        let tx = test.db.read(&one).await.unwrap();
        let sheet = appraisal::sheet(&tx, here.sheets[0]).await.unwrap();
        let mine: Vec<bool> = sheet.sections.iter().flat_map(|section| &section.rows).map(|row| row.may).collect();
        assert_eq!(mine, [true, true, false], "forms are offered for what is one's own");
        drop(tx);
        let tx = test.db.begin(&chair).await.unwrap();
        for duty in appraisal::duties(&tx, here.period).await.unwrap() {
            appraisal::unassign(&tx, here.period, duty.id).await.unwrap();
        }
        tx.commit().await.unwrap();
        here.decide(&one, 1, decision("2.1", Decision::Accept, "")).await.err().unwrap();
        let again = tenants::appraisal::Decide { revision: 1, ..decision("2.1", Decision::Accept, "") };
        here.decide(&one, 1, again).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn one_indicator_is_judged_across_all_units() {
    on_both(async |test| {
        let here = before_council(&test).await;
        let two = here.person("uy-vien", Role::Appraiser, Some(1)).await;
        let tx = test.db.begin(&two).await.unwrap();
        let set = tenants::indicator_sets::list(&tx).await.unwrap().remove(0).id;
        let group = simulation::grounds(&tx, set).await.unwrap().remove(0).group;
        let column = appraisal::column(&tx, group, Some("1.1"), Spot::Page(0)).await.unwrap();
        let seen: Vec<_> = column.rows.iter().map(|row| (row.unit_name.as_str(), row.row.may)).collect();
        assert_eq!(seen, [("Đơn vị hai", false), ("Đơn vị một", true)]);
        assert_eq!(column.codes, [("1.1".into(), 1), ("1.2".into(), 1), ("2.1".into(), 1)], "what is theirs to decide");
        assert_eq!(appraisal::accept_column(&tx, group, "1.1").await.unwrap(), 1, "the own unit is left out");
        let column = appraisal::column(&tx, group, None, Spot::Page(0)).await.unwrap();
        assert_eq!(column.codes[0], ("1.1".into(), 0));
        tx.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn petitions_are_made_in_their_time_and_answered_before_the_conclusion() {
    on_both(async |test| {
        let here = before_council(&test).await;
        let head = here.person("thu-truong", Role::UnitApprover, Some(0)).await;
        let secretary = here.person("thu-ky", Role::CouncilSecretary, None).await;
        let chair = here.as_role(Role::CouncilChair);
        let until = datetime!(2026-02-10 23:59:59 +7);
        assert!(announce(&here, &chair, until).await.is_err(), "undecided rows");
        here.decide(&chair, 0, adjust("1.1", "30", "Thiếu biên bản", 0)).await.unwrap();
        here.accept_all(0).await;
        here.accept_all(1).await;
        assert!(provisional(&here, &head).await.is_none(), "decisions are hidden until all units see theirs");
        assert!(petition(&here, &head, "1.1").await.is_err());
        announce(&here, &chair, until).await.unwrap();
        assert!(matches!(announce(&here, &chair, until).await, Err(Error::Conflict(_))), "one moment for all");
        assert_eq!(told(&here, &head).await, [Kind::Provisional]);
        assert_eq!(provisional(&here, &head).await.as_deref(), Some("30.00"));

        petition(&here, &head, "1.1").await.unwrap();
        petition(&here, &head, "1.1").await.unwrap();
        assert_eq!(told(&here, &secretary).await, [Kind::Petition, Kind::Seated], "sent twice, it is one petition");
        test.db.clock.set(datetime!(2026-02-11 00:00 +7));
        assert!(petition(&here, &head, "1.2").await.is_err(), "the time is over");
        let Err(Error::Conflict(why)) = here.conclude().await else { panic!("an unanswered petition") };
        assert!(why.contains("kiến nghị"), "{why}");
        reject(&here, &chair).await.unwrap();
        // Sent twice, it is one answer.
        reject(&here, &chair).await.unwrap();
        assert!(told(&here, &head).await.contains(&Kind::PetitionAnswered));
        here.conclude().await.unwrap();
    })
    .await;
}

async fn announce(here: &Authority<'_>, who: &Caller, until: time::OffsetDateTime) -> tenants::Result<()> {
    let tx = here.test.db.begin(who).await?;
    petitions::announce(&tx, here.period, until).await?;
    tx.commit().await
}

async fn petition(here: &Authority<'_>, who: &Caller, code: &str) -> tenants::Result<()> {
    let tx = here.test.db.begin(who).await?;
    petitions::make(&tx, here.sheets[0], code, "Biên bản đã gửi kèm công văn 12.").await?;
    tx.commit().await
}

async fn reject(here: &Authority<'_>, who: &Caller) -> tenants::Result<()> {
    let tx = here.test.db.begin(who).await?;
    petitions::answer(&tx, here.sheets[0], "1.1", "Giữ nguyên điểm.").await?;
    tx.commit().await
}

/// What the unit reads as its appraised points of 1.1.
async fn provisional(here: &Authority<'_>, who: &Caller) -> Option<String> {
    let tx = here.test.db.read(who).await.unwrap();
    let seen = appraisal::unit_view(&tx, here.sheets[0]).await.unwrap();
    let row = seen.rows.into_iter().find(|row| row.code == "1.1")?;
    Some(row.decided?.points?.to_string())
}

#[tokio::test]
async fn a_unit_exempt_beforehand_enters_nothing_and_the_council_confirms_it() {
    on_both(async |test| {
        let here = Authority::open(&test, "tinh", false).await;
        let tx = test.db.begin(&here.as_role(Role::PeriodManager)).await.unwrap();
        let group = year::board(&tx, here.period).await.unwrap().groups[0].id;
        let wanted = |code: &str, sheets: &[usize], reason: &str| Exemption {
            group,
            cells: sheets.iter().map(|unit| (here.sheets[*unit], code.to_owned())).collect(),
            claim: Some(Claim { ground: ClaimGround::NoFunction, reason: reason.into() }),
        };
        let lifted = |unit: usize| Exemption { claim: None, ..wanted("2.1", &[unit], "") };
        assert!(matches!(assessments::exempt(&tx, &wanted("1.1", &[0], "x")).await, Err(Error::Conflict(_))));
        assert!(matches!(assessments::exempt(&tx, &wanted("2.1", &[0], " ")).await, Err(Error::Invalid(_))));
        assert_eq!(assessments::exempt(&tx, &wanted("2.1", &[0, 1], "Không có TTHC")).await.unwrap(), 2);
        assert_eq!(assessments::exempt(&tx, &wanted("2.1", &[0], "Không có TTHC")).await.unwrap(), 0, "as it is");
        assert_eq!(assessments::exempt(&tx, &lifted(1)).await.unwrap(), 1, "one is taken back");
        let matrix = assessments::matrix(&tx, group).await.unwrap();
        assert_eq!(matrix.indicators.iter().map(|column| column.code.as_str()).collect::<Vec<_>>(), ["2.1"]);
        let by: Vec<_> = matrix.units.iter().map(|unit| (unit.open, unit.cells[0].by)).collect();
        assert_eq!(
            (by, matrix.may),
            (vec![(true, None), (true, Some(ClaimedBy::Authority))], true),
            "by the units' codes"
        );
        tx.commit().await.unwrap();
        let refused = here.save(0, SaveAnswer { revision: 1, ..answer("2.1", &[("c", "true")]) }).await;
        assert!(matches!(refused, Err(Error::Conflict(_))), "nothing to enter");

        here.save(0, answer("1.1", &[("a", "10"), ("tong", "10")])).await.unwrap();
        here.save(0, answer("1.2", &[("b", "5")])).await.unwrap();
        for code in ["1.1", "1.2"] {
            here.prove(&here.editor(0), 0, code).await.unwrap();
        }
        here.submit(0).await.unwrap();
        let tx = test.db.begin(&here.as_role(Role::PeriodManager)).await.unwrap();
        let late = assessments::exempt(&tx, &lifted(0)).await;
        assert!(matches!(late, Err(Error::Conflict(_))), "what was signed stays");
        drop(tx);
        test.db.clock.set(datetime!(2026-02-02 09:00 +7));
        here.start_appraisal().await.unwrap();
        assert_eq!(here.accept_all(0).await, 3);
        let tx = test.db.read(&here.editor(0)).await.unwrap();
        let annex = assessments::annex(&tx, here.sheets[0]).await.unwrap();
        assert_eq!((annex.decided, annex.rows[0].decided.is_none()), (false, true), "not announced yet");
        drop(tx);
        let tx = test.db.read(&here.as_role(Role::PeriodManager)).await.unwrap();
        let matrix = assessments::matrix(&tx, group).await.unwrap();
        assert_eq!((matrix.units[1].cells[0].verdict, matrix.may), (Some(Verdict::Approved), false));
        let annex = assessments::annex(&tx, here.sheets[0]).await.unwrap();
        let row = &annex.rows[0];
        assert_eq!((annex.rows.len(), row.code.as_str(), row.exempt, row.implied), (1, "2.1", true, false));
        assert_eq!((row.claim.as_ref().unwrap().reason.as_str(), annex.applicable), ("Không có TTHC", 60.into()));
        drop(tx);
        let tx = test.db.read(&here.as_role(Role::CouncilChair)).await.unwrap();
        let sheet = appraisal::sheet(&tx, here.sheets[0]).await.unwrap();
        let told = (sheet.points.to_string(), sheet.applicable_maximum.to_string(), sheet.index.unwrap().to_string());
        assert_eq!(told, ("50.00".into(), "60.00".into(), "83.33".into()));
        assert!(sheet.sections[1].rows[0].is_settled());
    })
    .await;
}

#[tokio::test]
async fn the_head_takes_a_sheet_back_until_the_deadline_to_the_second_and_a_moved_one_counts() {
    on_both(async |test| {
        let here = Authority::open(&test, "tinh", false).await;
        let head = here.person("thu-truong", Role::UnitApprover, Some(0)).await;
        here.complete(0, 10, None).await;
        here.submit(0).await.unwrap();
        test.db.clock.set(common::DEADLINE);
        withdraw(&here, &head).await.unwrap();
        assert!(matches!(withdraw(&here, &head).await, Err(Error::Conflict(_))), "it is no longer submitted");
        here.submit(0).await.unwrap();
        test.db.clock.set(datetime!(2026-01-31 00:00 +7));
        assert!(matches!(withdraw(&here, &head).await, Err(Error::Closed { .. })));

        let past = reschedule(&here, datetime!(2026-01-20 23:59:59 +7), "Tết").await;
        assert!(matches!(past, Err(Error::Invalid(_))), "not into the past");
        assert!(reschedule(&here, datetime!(2026-02-10 23:59:59 +7), " ").await.is_err(), "a reason is wanted");
        reschedule(&here, datetime!(2026-02-10 23:59:59 +7), "Trùng Tết").await.unwrap();
        assert!(told(&here, &head).await.contains(&Kind::Moved));
        test.db.clock.set(datetime!(2026-02-10 23:59:59 +7));
        withdraw(&here, &head).await.unwrap();
        here.submit(0).await.unwrap();
        here.start_appraisal().await.unwrap();
        assert!(withdraw(&here, &head).await.is_err());
        assert!(reschedule(&here, datetime!(2026-03-01 23:59:59 +7), "Muộn").await.is_err());
    })
    .await;
}

async fn withdraw(here: &Authority<'_>, who: &Caller) -> tenants::Result<()> {
    let tx = here.test.db.begin(who).await?;
    assessments::withdraw(&tx, here.sheets[0]).await?;
    tx.commit().await
}

async fn reschedule(here: &Authority<'_>, until: time::OffsetDateTime, reason: &str) -> tenants::Result<()> {
    let tx = here.test.db.begin(&here.as_role(Role::PeriodManager)).await?;
    let publish_deadline = datetime!(2026-03-31 23:59:59 +7);
    year::reschedule(&tx, here.period, &Deadlines { self_deadline: until, publish_deadline }, reason).await?;
    tx.commit().await
}

#[tokio::test]
async fn differences_are_told_by_unit_and_member() {
    on_both(async |test| {
        let here = before_council(&test).await;
        let member = here.person("uy-vien", Role::Appraiser, None).await;
        here.decide(&member, 0, adjust("1.1", "20", "Thiếu biên bản", 0)).await.unwrap();
        here.accept_all(1).await;
        let tx = test.db.read(&here.as_role(Role::CouncilChair)).await.unwrap();
        let (_, told) = appraisal::differences(&tx, here.period).await.unwrap().remove(0);
        let first = &told.units[0];
        assert_eq!((first.name.as_str(), first.changed, first.taken), ("Đơn vị một", 1, Some(50.into())));
        assert_eq!((told.units[1].name.as_str(), told.units[1].taken), ("Đơn vị hai", Some(0.into())));
        assert_eq!(told.members.len(), 2);
        assert_eq!(told.reasons.iter().map(|(_, count)| *count).collect::<Vec<_>>(), [1]);
    })
    .await;
}
