//! The council of a period by decision: who sits, who may act from a seat, what stays when a seat ends.
#![allow(clippy::unwrap_used)]

use crate::common;

use std::collections::BTreeMap;

use common::{Authority, adjust, decision};
use tenants::appraisal::{self, NewDuty};
use tenants::caller::{Grant, Role};
use tenants::council::{self, End, NewDecision, NewSeat, TakenOver};
use tenants::decisions::{Closed, Decision, Part};
use tenants::ids::{AccountId, PeriodId, SeatId};
use tenants::minutes::{self, Written};
use tenants::notices::{self, Kind};
use tenants::seats::{self, Council, Lacking, SeatKind};
use tenants::testing::{TestDb, on_both};
use tenants::year::{self, NewGroup, NewPeriod};
use tenants::{Caller, Error, Result, petitions};
use time::macros::{date, datetime};

async fn before_council(test: &TestDb) -> Authority<'_> {
    let here = Authority::open(test, "tinh", false).await;
    for (unit, a) in [(0, 10), (1, 5)] {
        here.complete(unit, a, None).await;
        here.submit(unit).await.unwrap();
    }
    test.db.clock.set(datetime!(2026-02-02 09:00 +7));
    here.start_appraisal().await.unwrap();
    here
}

/// The same units a year later; nobody sits in its council yet.
async fn next_year(here: &Authority<'_>) -> PeriodId {
    let tx = here.test.db.begin(&here.as_role(Role::PeriodManager)).await.unwrap();
    let version = year::board(&tx, here.period).await.unwrap().groups[0].version;
    let group = NewGroup { slug: "thu".into(), name: "Nhóm thử".into(), version, units: here.units.to_vec() };
    let new = NewPeriod {
        year: 2026,
        name: "Năm 2026".into(),
        self_deadline: datetime!(2027-01-29 23:59:59 +7),
        publish_deadline: datetime!(2027-03-31 23:59:59 +7),
        managing_unit: None,
        is_sample: false,
        groups: vec![group],
    };
    let period = year::create(&tx, new).await.unwrap();
    year::open(&tx, period).await.unwrap();
    tx.commit().await.unwrap();
    period
}

/// Somebody with a stored role and no seat.
async fn unseated(here: &Authority<'_>, login: &str, role: Role) -> Caller {
    let account = here.test.account(login).await;
    here.test.member(here.tenant, account, role, None).await;
    let grants = vec![Grant { role, unit: None }];
    Caller { tenant: here.tenant, account: Some(account), name: login.into(), grants }
}

async fn as_manager<T>(here: &Authority<'_>, act: impl AsyncFnOnce(&tenants::store::Tx) -> Result<T>) -> Result<T> {
    let tx = here.test.db.begin(&here.as_role(Role::PeriodManager)).await?;
    let done = act(&tx).await?;
    tx.commit().await?;
    Ok(done)
}

async fn read(here: &Authority<'_>, period: PeriodId) -> Council {
    as_manager(here, async |tx| seats::read(tx, period).await).await.unwrap()
}

/// The order of Vietnamese names: by given name, đ after d, tones last.
#[tokio::test]
async fn people_of_a_council_stand_in_the_order_of_their_names() {
    on_both(async |test| {
        let here = before_council(&test).await;
        let period = next_year(&here).await;
        for login in ["Vũ Thị Yến", "Ánh Tuyết Mai", "Đặng Văn An"] {
            unseated(&here, login, Role::Appraiser).await;
        }
        let names: Vec<String> = read(&here, period).await.candidates.into_iter().map(|one| one.name).collect();
        let of = |name: &str| names.iter().position(|other| other.ends_with(name));
        assert!(of("Đặng Văn An") < of("Ánh Tuyết Mai") && of("Ánh Tuyết Mai") < of("Vũ Thị Yến"), "{names:?}");
        assert!(of("Đặng Văn An").is_some());
    })
    .await;
}

async fn told(here: &Authority<'_>, account: AccountId) -> Vec<Kind> {
    let who = Caller { account: Some(account), ..here.as_roles(&[]) };
    let tx = here.test.db.read(&who).await.unwrap();
    notices::inbox(&tx).await.unwrap().into_iter().map(|notice| notice.kind).collect()
}

fn in_force(number: &str, date: time::Date) -> NewDecision {
    NewDecision { number: number.into(), date, file: None }
}

async fn end(here: &Authority<'_>, seat: SeatId, successor: Option<AccountId>) -> Result<()> {
    let today = date!(2026 - 02 - 02);
    let end = End { on: today, reason: "Chuyển công tác".into(), successor };
    as_manager(here, async |tx| council::end(tx, here.period, seat, &end).await).await
}

async fn seat_of(here: &Authority<'_>, who: &Caller) -> SeatId {
    let council = read(here, here.period).await;
    council.sitting().find(|seat| Some(seat.account) == who.account).unwrap().id
}

#[tokio::test]
async fn a_council_is_a_draft_until_its_decision_is_recorded() {
    on_both(async |test| {
        let here = Authority::open(&test, "tinh", false).await;
        let period = next_year(&here).await;
        let secretary = here.as_role(Role::CouncilSecretary).account.unwrap();
        let lacks = async || as_manager(&here, async |tx| seats::lacking(tx, period).await).await.unwrap();
        assert_eq!(lacks().await, Some(Lacking::Decision));
        let early = as_manager(&here, async |tx| year::start_appraisal(tx, period).await).await;
        let Err(Error::Conflict(why)) = early else { panic!("{early:?}") };
        assert!(why.contains("quyết định thành lập Hội đồng"), "{why}");
        assert_eq!(read(&here, period).await.previous.as_deref(), Some("Năm 2025"));

        let taken = as_manager(&here, async |tx| council::take_over(tx, period).await).await.unwrap();
        assert_eq!(taken, TakenOver { seats: 3, left_out: vec![] });
        let again = as_manager(&here, async |tx| council::take_over(tx, period).await).await;
        assert!(matches!(again, Err(Error::Conflict(_))), "{again:?}");
        let draft = read(&here, period).await;
        assert!(draft.is_draft && draft.previous.is_none());
        assert_eq!(draft.seats.iter().map(|seat| seat.kind).collect::<Vec<_>>(), SeatKind::ALL);
        let member = draft.seats[2].id;
        as_manager(&here, async |tx| council::withdraw(tx, period, member).await).await.unwrap();
        assert_eq!(told(&here, secretary).await, [Kind::Seated], "of the year before; a draft is told to nobody");

        for wrong in [in_force(" ", date!(2026 - 01 - 02)), in_force("1", date!(2026 - 01 - 06))] {
            let refused = as_manager(&here, async |tx| council::record_decision(tx, period, &wrong).await).await;
            assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
        }
        let new = in_force("7/QĐ-UBND", date!(2026 - 01 - 05));
        as_manager(&here, async |tx| council::record_decision(tx, period, &new).await).await.unwrap();
        assert_eq!(told(&here, secretary).await, [Kind::Seated, Kind::Seated]);
        let chair = read(&here, period).await.seats[0].id;
        let late = as_manager(&here, async |tx| council::withdraw(tx, period, chair).await).await;
        assert!(matches!(late, Err(Error::Conflict(_))), "from now on a seat ends: {late:?}");
        let leaves = End { on: date!(2026 - 01 - 05), reason: "Nghỉ hưu".into(), successor: None };
        as_manager(&here, async |tx| council::end(tx, period, chair, &leaves).await).await.unwrap();
        assert_eq!(lacks().await, Some(Lacking::Chair));
        let headless = as_manager(&here, async |tx| year::start_appraisal(tx, period).await).await;
        assert!(matches!(headless, Err(Error::Conflict(why)) if why.contains("Chủ tịch")));
    })
    .await;
}

#[tokio::test]
async fn seats_are_given_by_the_manager_to_those_with_the_role() {
    on_both(async |test| {
        let here = Authority::open(&test, "tinh", false).await;
        let judge = unseated(&here, "uy-vien-moi", Role::Appraiser).await;
        let chair = unseated(&here, "pho-chu-tich", Role::CouncilChair).await;
        let seat = async |who: &Caller, kind| here.seat(who.account.unwrap(), kind).await;
        let refusals = [
            (seat(&chair, SeatKind::Chair).await, "kind"),
            (seat(&judge, SeatKind::Secretary).await, "account"),
            (seat(&here.as_role(Role::Appraiser), SeatKind::Member).await, "account"),
        ];
        for (refused, field) in refusals {
            let Err(Error::Invalid(problems)) = refused else { panic!("{refused:?}") };
            assert_eq!(problems[0].field, field, "{problems:?}");
        }
        let stranger = here.seat(AccountId::new(), SeatKind::Member).await;
        assert!(matches!(stranger, Err(Error::NotFound)), "{stranger:?}");
        seat(&chair, SeatKind::Member).await.unwrap();
        let tx = test.db.begin(&here.as_role(Role::CouncilChair)).await.unwrap();
        let new = NewSeat { account: judge.account.unwrap(), kind: SeatKind::Member, field: String::new() };
        let theirs = council::seat(&tx, here.period, &new).await;
        assert!(matches!(theirs, Err(Error::Forbidden)), "the council does not seat itself: {theirs:?}");
        drop(tx);
        let tx = test.db.read(&here.editor(0)).await.unwrap();
        assert!(matches!(seats::read(&tx, here.period).await, Err(Error::Forbidden)));
    })
    .await;
}

/// Everything that takes a seat, as whoever has the role for it.
async fn acts(here: &Authority<'_>, judge: &Caller, chair: &Caller) -> BTreeMap<&'static str, Result<()>> {
    let group = as_manager(here, async |tx| Ok(year::board(tx, here.period).await?.groups[0].id)).await.unwrap();
    let tx = here.test.db.begin(judge).await.unwrap();
    let mut all = BTreeMap::new();
    let accept = decision("1.1", Decision::Accept, "");
    all.insert("decide", appraisal::decide(&tx, here.sheets[0], &accept).await.map(drop));
    all.insert("ask", appraisal::ask(&tx, here.sheets[1], "1.1", "Vì sao?", date!(2026 - 02 - 06)).await);
    all.insert("accept", appraisal::accept_agreeing(&tx, here.sheets[1]).await.map(drop));
    all.insert("column", appraisal::accept_column(&tx, group, "2.1").await.map(drop));
    drop(tx);
    let tx = here.test.db.begin(chair).await.unwrap();
    all.insert("conclude", appraisal::conclude(&tx, here.period).await);
    all.insert("announce", petitions::announce(&tx, here.period, datetime!(2026-02-10 23:59:59 +7)).await);
    let written = Written {
        held_on: date!(2026 - 02 - 02),
        place: String::new(),
        chair: "A".into(),
        secretary: "B".into(),
        present: "A".into(),
        absent: String::new(),
        proceedings: String::new(),
        conclusion: String::new(),
    };
    all.insert("minutes", minutes::open(&tx, here.period, &written).await.map(drop));
    let account = here.as_role(Role::Appraiser).account.unwrap();
    let duty = NewDuty { period: here.period, group, account, part: Part::Main("1".into()), sheet: None };
    all.insert("assign", appraisal::assign(&tx, &duty).await);
    all
}

#[tokio::test]
async fn without_a_seat_a_role_of_the_council_does_nothing() {
    on_both(async |test| {
        let here = before_council(&test).await;
        let manager = unseated(&here, "quan-ly", Role::PeriodManager).await;
        let judge = unseated(&here, "uy-vien-moi", Role::Appraiser).await;
        let chair = unseated(&here, "chu-tich-cu", Role::CouncilChair).await;
        for (act, done) in acts(&here, &judge, &chair).await {
            let Err(Error::Unseated { by }) = done else { panic!("{act}: {done:?}") };
            assert_eq!(by, [format!("Người dùng {}", manager.name)], "{act}");
        }
        let tx = test.db.read(&judge).await.unwrap();
        let seen = appraisal::sheet(&tx, here.sheets[0]).await.unwrap();
        assert_eq!(seen.closed, Some(Closed::Unseated), "who has the role may still read");
        assert!(seen.sections.iter().flat_map(|section| &section.rows).all(|row| !row.may));
        assert!(appraisal::list(&tx).await.unwrap().iter().all(|line| line.closed == Some(Closed::Unseated)));
        drop(tx);

        let seated_judge = here.as_role(Role::Appraiser);
        for (act, done) in acts(&here, &seated_judge, &here.as_role(Role::CouncilChair)).await {
            assert!(!matches!(done, Err(Error::Unseated { .. } | Error::Forbidden)), "{act}: {done:?}");
        }
        let kept = here.decide(&seated_judge, 0, adjust("1.1", "30", "Thiếu biên bản", 0)).await.unwrap();
        end(&here, seat_of(&here, &seated_judge).await, None).await.unwrap();
        let again = here.decide(&seated_judge, 0, adjust("1.2", "0", "Thiếu", 0)).await;
        assert!(matches!(again, Err(Error::Unseated { .. })), "{again:?}");
        let tx = test.db.read(&here.as_role(Role::CouncilChair)).await.unwrap();
        let sheet = appraisal::sheet(&tx, here.sheets[0]).await.unwrap();
        assert_eq!(sheet.sections[0].rows[0].decided, kept.decided, "what was decided from the seat stands");
    })
    .await;
}

#[tokio::test]
async fn a_seat_that_ends_is_kept_and_its_successor_takes_the_duties() {
    on_both(async |test| {
        let here = before_council(&test).await;
        let chair = here.as_role(Role::CouncilChair);
        let (old, next) = (here.as_role(Role::Appraiser), unseated(&here, "uy-vien-moi", Role::Appraiser).await);
        let group = as_manager(&here, async |tx| Ok(year::board(tx, here.period).await?.groups[0].id)).await.unwrap();
        let duty = NewDuty {
            period: here.period,
            group,
            account: old.account.unwrap(),
            part: Part::Main("1".into()),
            sheet: None,
        };
        as_manager(&here, async |tx| appraisal::assign(tx, &duty).await).await.unwrap();
        let seat = seat_of(&here, &old).await;
        let wrong = End { on: date!(2026 - 02 - 03), reason: " ".into(), successor: old.account };
        let refused = as_manager(&here, async |tx| council::end(tx, here.period, seat, &wrong).await).await;
        let Err(Error::Invalid(problems)) = refused else { panic!("{refused:?}") };
        assert_eq!(problems.iter().map(|one| one.field.as_str()).collect::<Vec<_>>(), ["on", "reason", "successor"]);
        let no_chair = end(&here, seat_of(&here, &chair).await, next.account).await;
        assert!(matches!(no_chair, Err(Error::Invalid(_))), "the successor lacks the role: {no_chair:?}");

        end(&here, seat, next.account).await.unwrap();
        let council = read(&here, here.period).await;
        let former: Vec<_> = council.seats.iter().filter(|seat| seat.ended.is_some()).collect();
        assert_eq!((former.len(), former[0].account), (1, old.account.unwrap()));
        assert_eq!(former[0].ended.as_ref().map(|ended| ended.reason.as_str()), Some("Chuyển công tác"));
        assert!(told(&here, old.account.unwrap()).await.contains(&Kind::Unseated));
        assert_eq!(told(&here, next.account.unwrap()).await, [Kind::Seated]);
        let tx = test.db.read(&chair).await.unwrap();
        let duties = appraisal::duties(&tx, here.period).await.unwrap();
        assert_eq!(duties.iter().map(|duty| duty.account).collect::<Vec<_>>(), [next.account.unwrap()]);
        drop(tx);
        here.decide(&next, 0, decision("1.1", Decision::Accept, "")).await.unwrap();
        assert!(matches!(end(&here, seat, None).await, Err(Error::NotFound)), "it ended already");

        let vice = unseated(&here, "pho-chu-tich", Role::CouncilChair).await;
        end(&here, seat_of(&here, &chair).await, vice.account).await.unwrap();
        assert!(matches!(here.conclude().await, Err(Error::Unseated { .. })), "the chair has passed on");
        let tx = test.db.begin(&vice).await.unwrap();
        let open = appraisal::conclude(&tx, here.period).await;
        assert!(matches!(open, Err(Error::Conflict(_))), "only open rows keep the new chair: {open:?}");
    })
    .await;
}

#[tokio::test]
async fn the_managing_agencys_sheet_takes_the_chairs_seat() {
    on_both(async |test| {
        let here = Authority::open(&test, "tinh", true).await;
        here.complete(1, 5, None).await;
        here.submit(1).await.unwrap();
        test.db.clock.set(datetime!(2026-02-02 09:00 +7));
        here.start_appraisal().await.unwrap();
        let vice = unseated(&here, "pho-chu-tich", Role::CouncilChair).await;
        here.seat(vice.account.unwrap(), SeatKind::Member).await.unwrap();
        let as_member = here.decide(&vice, 1, decision("1.1", Decision::Accept, "")).await;
        assert!(matches!(as_member, Err(Error::Unseated { .. })), "the role alone does not preside: {as_member:?}");
        here.decide(&here.as_role(Role::CouncilChair), 1, decision("1.1", Decision::Accept, "")).await.unwrap();
        let tx = test.db.read(&vice).await.unwrap();
        let closed: Vec<_> = appraisal::list(&tx).await.unwrap().into_iter().map(|line| line.closed).collect();
        assert_eq!(closed, [Some(Closed::Managing), None], "units by code: hai, mot");
    })
    .await;
}

#[tokio::test]
async fn a_decision_asks_for_the_seat_once() {
    on_both(async |test| {
        let here = before_council(&test).await;
        let judge = here.as_role(Role::Appraiser);
        let work = async |db: tenants::store::Db| {
            let tx = db.begin(&judge).await.unwrap();
            appraisal::accept_agreeing(&tx, here.sheets[0]).await.unwrap();
            tx.commit().await.unwrap();
        };
        let heard = test.statements(work).await;
        assert_eq!(heard.iter().filter(|sql| sql.contains("council_seats")).count(), 1, "{heard:#?}");
    })
    .await;
}

/// A period before its council when seats came into being goes on with everybody who holds the roles.
#[tokio::test]
async fn councils_at_work_before_there_were_seats_go_on() {
    on_both(async |test| {
        let here = before_council(&test).await;
        let waiting = next_year(&here).await;
        unseated(&here, "chu-tich-hai", Role::CouncilChair).await;
        let undo = "DROP TABLE council_seats; DROP TABLE council_decisions; \
                    DELETE FROM seaql_migrations WHERE version = 'm27_councils'";
        test.as_owner(undo).await.unwrap();
        test.db.migrate().await.unwrap();
        let council = read(&here, here.period).await;
        let mut kinds: Vec<_> = council.sitting().map(|seat| (seat.kind, seat.name.as_str())).collect();
        kinds.sort();
        assert_eq!(
            kinds,
            [
                (SeatKind::Chair, "Người dùng tinh.council_chair"),
                (SeatKind::Secretary, "Người dùng tinh.council_secretary"),
                (SeatKind::Member, "Người dùng chu-tich-hai"),
                (SeatKind::Member, "Người dùng tinh.appraiser"),
            ]
        );
        assert!(!council.is_draft && read(&here, waiting).await.seats.is_empty());
        assert_eq!((here.accept_all(0).await, here.accept_all(1).await), (3, 3));
        here.conclude().await.unwrap();
    })
    .await;
}
