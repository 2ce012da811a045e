//! Every use case with everybody it must not let in: whoever has no role, even from the chair's seat; whoever may only look
//! on, even from there; and whoever has every role of the council and no seat. `scripts/guards` leaves out one check after
//! the other and looks for a test that fails: mostly one of these.
#![allow(clippy::unwrap_used)]

use crate::common;

use std::collections::BTreeMap;

use common::{Authority, SET, adjust, answer, decision_file, worker};
use tenants::appraisal::{self, NewDuty, Spot};
use tenants::assessments::{self, Exemption, HandIn, Reopen, Sign};
use tenants::cache::Cache;
use tenants::caller::{Caller, Grant, Role};
use tenants::council::{self, End, NewDecision, NewSeat};
use tenants::decisions::Part;
use tenants::documents::DocumentCard;
use tenants::evidence::{self, Attach, Source};
use tenants::files::scanner::Verdict;
use tenants::ids::{AccountId, CouncilSessionId, EvidenceId, GroupId, SampleId, SetId, SimulationId, VersionId};
use tenants::improvement::{self, NewTask};
use tenants::indicator_sets::{self, Draft, Issue};
use tenants::members::{self, NewMember};
use tenants::minutes::{self, Vote, Written};
use tenants::periods::{self, Settings};
use tenants::publication::{self, Publish};
use tenants::samples::{self, Draw, Per, SecondScore};
use tenants::seats::{self, SeatKind};
use tenants::store::Tx;
use tenants::testing::TestDb;
use tenants::units::{self, NewUnit, UnitKind};
use tenants::year::{self, Deadlines, Guidance, NewPeriod, NewPlan, RuleChange};
use tenants::{Error, Result, audit, calendar, desk, history, notices, petitions, ranking, simulation, workbook};
use time::macros::{date, datetime};

/// Whom a use case asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Needs {
    /// A role that sees it.
    Sight,
    /// A role that does it.
    Role,
    /// The role, and a seat in the council of the period.
    Seat,
}

struct World<'a> {
    here: Authority<'a>,
    group: GroupId,
    set: SetId,
    version: VersionId,
    session: CouncilSessionId,
    sample: SampleId,
    evidence: EvidenceId,
    simulation: SimulationId,
    draft: Draft,
}

/// The council at work: a sheet signed, a row decided and drawn for a second score, a session begun.
async fn world(test: &TestDb) -> World<'_> {
    let here = Authority::open(test, "tinh", false).await;
    for unit in 0..2 {
        here.complete(unit, 5, None).await;
        here.submit(unit).await.unwrap();
    }
    let admin = here.as_roles(&[Role::RuleAdmin, Role::PeriodManager]);
    let tx = test.db.begin(&admin).await.unwrap();
    let rules = year::rules_in_force(&tx, here.period).await.unwrap().1.remove(0);
    let (group, set, version) = (rules.group, rules.version.set_id, rules.version.id);
    let draft = indicator_sets::draft(&tx, set).await.unwrap();
    let same = indicator_sets::rules(&tx, version).await.unwrap();
    let report = simulation::simulate(&tx, group, &same, "Bản thảo", &|_, _| ()).await.unwrap();
    let simulation = simulation::keep(&tx, set, group, &report).await.unwrap();
    tx.commit().await.unwrap();
    test.db.clock.set(datetime!(2026-02-02 09:00 +7));
    here.start_appraisal().await.unwrap();
    let chair = here.as_role(Role::CouncilChair);
    here.decide(&chair, 0, adjust("1.1", "7", "Thiếu biên bản", 0)).await.unwrap();
    let tx = test.db.begin(&chair).await.unwrap();
    let session = minutes::open(&tx, here.period, &written()).await.unwrap();
    samples::draw(&tx, here.period, &Draw { per: Per::Member, count: 1, drawn: 0 }).await.unwrap();
    let evidence = desk::row(&tx, here.sheets[0], "1.1").await.unwrap().evidence[0].id;
    tx.commit().await.unwrap();
    let tx = test.db.read(&here.as_role(Role::Appraiser)).await.unwrap();
    let sample = samples::mine(&tx).await.unwrap()[0].id;
    drop(tx);
    World { here, group, set, version, session, sample, evidence, simulation, draft }
}

fn written() -> Written {
    Written {
        held_on: date!(2026 - 02 - 02),
        place: String::new(),
        chair: "A".into(),
        secretary: "B".into(),
        present: "A".into(),
        absent: String::new(),
        proceedings: String::new(),
        conclusion: "Thống nhất".into(),
    }
}

type Outcomes = Vec<(&'static str, Needs, Result<()>)>;

/// Notes what comes of use cases.
macro_rules! ask {
    ($all:ident: $($needs:ident $name:literal => $deed:expr),+ $(,)?) => {
        $($all.push(($name, Needs::$needs, $deed.await.map(drop)));)+
    };
}

async fn sheets(tx: &Tx, world: &World<'_>) -> Outcomes {
    let (sheet, mut all) = (world.here.sheets[0], Outcomes::new());
    let link = || Attach::of(Source::Link { title: "Báo cáo".into(), url: "https://example.com/moi".into() });
    let task = NewTask { code: "1.1".into(), text: "Việc".into(), owner: String::new(), due: None };
    let until = datetime!(2026-02-06 17:00 +7);
    let reopen = Reopen { codes: vec!["1.1".into()], until, reason: "Nhầm".into() };
    let sign = Sign { name: "A".into(), shown: String::new() };
    let hand_in = HandIn { note: String::new(), despite_gaps: true };
    let card = DocumentCard::default();
    ask!(all:
        Sight "sheet" => desk::sheet(tx, sheet),
        Sight "desk" => desk::desk(tx, sheet, "1"),
        Sight "row" => desk::row(tx, sheet, "1.1"),
        Sight "annex" => assessments::annex(tx, sheet),
        Sight "explain" => assessments::explain(tx, sheet, "1.1"),
        Sight "history" => history::of_indicator(tx, sheet, "1.1"),
        Sight "scan" => assessments::scan(tx, world.here.period),
        Sight "improvement" => improvement::improvement(tx, sheet),
        Sight "what if" => improvement::what_if(tx, sheet, "1.1", &BTreeMap::new()),
        Sight "rule notes" => year::rule_notes(tx, sheet),
        Sight "unit view" => appraisal::unit_view(tx, sheet),
        Sight "evidence" => evidence::open(tx, world.evidence),
        Sight "documents" => evidence::known(tx, sheet),
        Sight "all documents" => evidence::of_sheet(tx, sheet),
        Role "save" => assessments::save_answer(tx, sheet, &answer("1.1", &[("a", "4")])),
        Role "prefill" => assessments::prefill(tx, sheet),
        Role "sign" => assessments::submit(tx, sheet, &sign),
        Role "withdraw" => assessments::withdraw(tx, sheet),
        Role "send back" => assessments::send_back(tx, sheet, "Thiếu"),
        Role "hand in" => assessments::hand_in(tx, sheet, &hand_in),
        Role "take back" => assessments::take_back(tx, sheet),
        Role "hand back" => assessments::hand_back(tx, sheet, "Thiếu"),
        Role "reopen" => assessments::reopen(tx, sheet, &reopen),
        Role "team" => assessments::team(tx, sheet),
        Role "split" => assessments::split(tx, sheet, &["1.1".into()], None),
        Role "remark" => assessments::remark(tx, sheet, "1.1", "x"),
        Role "extend" => year::extend(tx, sheet, until, "Thiên tai"),
        Role "attach" => evidence::attach(tx, sheet, "1.1", link()),
        Role "may attach" => evidence::may_attach(tx, sheet, "1.1", 1),
        Role "detach" => evidence::detach(tx, sheet, "1.1", world.evidence),
        Role "card" => evidence::correct_card(tx, sheet, "1.1", world.evidence, (card, "")),
        Role "plan" => improvement::add(tx, sheet, &task),
        Role "workbook" => workbook::blank(tx, sheet),
        Role "may send a workbook" => workbook::may_send(tx, sheet),
        Role "reply" => appraisal::reply(tx, sheet, "1.1", "x"),
        Role "petition" => petitions::make(tx, sheet, "1.1", "x"),
    );
    all
}

async fn the_council(tx: &Tx, world: &World<'_>) -> Outcomes {
    let (period, sheet, group, mut all) = (world.here.period, world.here.sheets[1], world.group, Outcomes::new());
    let member = world.here.as_role(Role::Appraiser).account.unwrap();
    let duty = NewDuty { period, group, account: member, part: Part::Main("1".into()), sheet: None };
    let vote = Vote { question: "Thông qua?".into(), in_favour: 1, against: 0, abstained: 0 };
    let score = SecondScore { points: "1".into(), not_applicable: false, reason: String::new() };
    let day = date!(2026 - 02 - 06);
    let new = NewDecision { number: "13/QĐ".into(), date: date!(2026 - 01 - 20), file: None };
    let seat = NewSeat { account: member, kind: SeatKind::Member, field: String::new() };
    let end = End { on: date!(2026 - 02 - 02), reason: "x".into(), successor: None };
    let nobody = tenants::ids::SeatId::new();
    let draw = Draw { per: Per::Indicator, count: 1, drawn: 1 };
    ask!(all:
        Sight "list" => appraisal::list(tx),
        Sight "judging" => appraisal::sheet(tx, sheet),
        Sight "column" => appraisal::column(tx, group, None, Spot::Page(0)),
        Sight "judges" => appraisal::judges(tx, period),
        Sight "gaps" => appraisal::gaps(tx, period),
        Sight "own part" => appraisal::own_part(tx, period),
        Sight "differences" => appraisal::differences(tx, period),
        Sight "open rows" => appraisal::open_rows(tx, period),
        Sight "sessions" => minutes::list(tx, period),
        Sight "session" => minutes::session(tx, world.session),
        Sight "expected" => minutes::expected(tx, period),
        Sight "record" => minutes::record(tx, period),
        Sight "council" => seats::read(tx, period),
        Sight "lacking" => seats::lacking(tx, period),
        Sight "agreement" => samples::agreement_of(tx, period),
        Sight "my samples" => samples::mine(tx),
        Seat "decide" => appraisal::decide(tx, sheet, &adjust("1.1", "1", "x", 0)),
        Seat "accept" => appraisal::accept_agreeing(tx, sheet),
        Seat "accept a column" => appraisal::accept_column(tx, group, "2.1"),
        Seat "ask" => appraisal::ask(tx, sheet, "1.1", "Vì sao?", day),
        Seat "conclude" => appraisal::conclude(tx, period),
        Seat "announce" => petitions::announce(tx, period, datetime!(2026-02-12 23:59:59 +7)),
        Seat "answer a petition" => petitions::answer(tx, sheet, "1.1", "x"),
        Seat "begin minutes" => minutes::open(tx, period, &Written { conclusion: "Khác".into(), ..written() }),
        Seat "write minutes" => minutes::write(tx, world.session, &written(), 1),
        Seat "vote" => minutes::vote(tx, world.session, &vote),
        Seat "seal" => minutes::seal(tx, world.session),
        Seat "draw" => samples::draw(tx, period, &draw),
        Role "assign" => appraisal::assign(tx, &duty),
        Role "unassign" => appraisal::unassign(tx, period, tenants::ids::DutyId::new()),
        Role "record a decision" => council::record_decision(tx, period, &new),
        Role "seat" => council::seat(tx, period, &seat),
        Role "unseat" => council::withdraw(tx, period, nobody),
        Role "end a seat" => council::end(tx, period, nobody, &end),
        Role "take over" => council::take_over(tx, period),
    );
    // Somebody else's is not found, whoever asks.
    let theirs = samples::score(tx, world.sample, &score).await;
    assert!(matches!(theirs, Err(Error::NotFound)), "{theirs:?}");
    all
}

async fn the_year(tx: &Tx, world: &World<'_>) -> Outcomes {
    let (period, group, mut all) = (world.here.period, world.group, Outcomes::new());
    let deadlines = Deadlines { self_deadline: common::DEADLINE, publish_deadline: datetime!(2026-03-31 23:59:59 +7) };
    let guidance = Guidance::Link { title: "Hướng dẫn".into(), url: "https://example.com/h".into() };
    let (from, to) = (world.version, world.version);
    let change = RuleChange { period, group, from, to, reason: "x".into() };
    let exempt = Exemption { group, cells: vec![(world.here.sheets[0], "2.1".into())], claim: None };
    let publish = Publish { decision_number: "1".into(), decision_date: date!(2026 - 02 - 02), note: String::new() };
    let new = NewPeriod {
        year: 2024,
        name: "N".into(),
        self_deadline: common::DEADLINE,
        publish_deadline: datetime!(2026-03-31 23:59:59 +7),
        managing_unit: None,
        is_sample: true,
        groups: Vec::new(),
    };
    let same = world.here.test.db.read(&world.here.as_role(Role::RuleAdmin)).await.unwrap();
    let rules = indicator_sets::rules(&same, world.version).await.unwrap();
    drop(same);
    let day = date!(2026 - 05 - 04);
    ask!(all:
        Sight "board" => year::board(tx, period),
        Sight "of group" => periods::of_group(tx, group),
        Sight "head" => year::head(tx, period),
        Sight "late" => year::late(tx, period),
        Sight "matrix" => assessments::matrix(tx, group),
        Sight "ranking" => ranking::read(tx, &Cache::memory(), period),
        Sight "verify the ranking" => ranking::verify(tx, period),
        Sight "preview" => publication::preview(tx, period),
        Sight "rules in force" => year::rules_in_force(tx, period),
        Sight "rule changes" => year::rule_changes(tx, period),
        Sight "simulate" => simulation::simulate(tx, group, &rules, "x", &|_, _| ()),
        Sight "simulations" => simulation::list(tx, world.set),
        Sight "simulation" => simulation::open(tx, world.simulation),
        Sight "examine" => simulation::examine(tx, group),
        Sight "log" => audit::list(tx, 0),
        Sight "verify the log" => audit::verify(tx),
        Sight "names in the log" => history::names(tx, &[]),
        Role "create" => year::create(tx, new),
        Role "open" => year::open(tx, period),
        Role "start the appraisal" => year::start_appraisal(tx, period),
        Role "reschedule" => year::reschedule(tx, period, &deadlines, "x"),
        Role "plan the year" => year::plan(tx, period, &NewPlan::default()),
        Role "guide" => year::guide(tx, period, &guidance),
        Role "submitted" => year::submitted(tx, period, "1", date!(2026 - 02 - 02)),
        Role "settle" => year::set(tx, period, Settings::default()),
        Role "enrolment" => year::enrolment(tx, period),
        Role "enrol" => year::enrol(tx, period, &BTreeMap::new()),
        Role "discard" => year::discard(tx, period),
        Role "take the period back" => year::take_back(tx, period, "x"),
        Role "preview rules" => year::preview_rules(tx, &change),
        Role "change rules" => year::change_rules(tx, &change),
        Role "exempt" => assessments::exempt(tx, &exempt),
        Role "publish" => publication::publish(tx, period, &publish),
        Role "quota" => evidence::set_quota(tx, 2048),
        Role "day off" => calendar::add(tx, day, "Nghỉ"),
        Role "no day off" => calendar::remove(tx, day),
    );
    all
}

async fn rules(tx: &Tx, world: &World<'_>) -> Outcomes {
    let (set, version, mut all) = (world.set, world.version, Outcomes::new());
    let issue = Issue {
        set_id: set,
        revision: world.draft.revision,
        decision_number: "2".into(),
        decision_date: date!(2025 - 12 - 02),
        file: Some(decision_file()),
    };
    let unit = NewUnit {
        kind: UnitKind::Department,
        official_code: "ba".into(),
        name: "Đơn vị ba".into(),
        short_name: String::new(),
        valid_from: date!(2020 - 01 - 01),
        parent: None,
    };
    let account = world.here.as_role(Role::Appraiser).account.unwrap();
    let report = simulation::Report {
        period_name: String::new(),
        group_name: String::new(),
        old_label: String::new(),
        new_label: String::new(),
        changes: Vec::new(),
        units: Vec::new(),
        indicators: Vec::new(),
        unanswered: Vec::new(),
    };
    ask!(all:
        Sight "sets" => indicator_sets::list(tx),
        Sight "draft" => indicator_sets::draft(tx, set),
        Sight "version" => indicator_sets::version(tx, version),
        Sight "decision" => indicator_sets::decision_file(tx, version),
        Sight "proposal" => indicator_sets::proposal(tx, set),
        Sight "shared" => indicator_sets::shared_by_us(tx),
        Sight "shared with us" => indicator_sets::shared_with_us(tx),
        Sight "original" => indicator_sets::original(tx, version),
        Sight "grounds" => simulation::grounds(tx, set),
        Sight "guidance" => year::guidance(tx, world.here.period),
        Role "create a set" => indicator_sets::create(tx, "moi", "Mới", SET),
        Role "save a draft" => indicator_sets::save_draft(tx, &world.draft),
        Role "issue" => indicator_sets::issue(tx, &worker(), &issue),
        Role "approve" => indicator_sets::approve(tx, &worker(), set),
        Role "withdraw a proposal" => indicator_sets::withdraw(tx, set),
        Role "four eyes" => indicator_sets::want_four_eyes(tx, true),
        Role "share" => indicator_sets::share(tx, version),
        Role "seen upstream" => indicator_sets::seen_upstream(tx, set, version),
        Role "keep a simulation" => simulation::keep(tx, set, world.group, &report),
        Role "unit" => units::create(tx, unit),
        Role "members" => members::list(tx),
        Role "member" => members::create(tx, NewMember { account, role: Role::Inspector, unit: None }),
        Role "letters" => notices::letters(tx),
        Role "remind" => year::remind(tx),
        Role "unscanned" => evidence::unscanned(tx, true, 1),
        Role "verdict" => evidence::keep_verdict(tx, &"0".repeat(64), &Verdict::Clean),
    );
    all
}

async fn everything(world: &World<'_>, caller: &Caller) -> Outcomes {
    let mut all = Outcomes::new();
    for part in 0..4 {
        let tx = world.here.test.db.begin(caller).await.unwrap();
        all.extend(match part {
            0 => sheets(&tx, world).await,
            1 => the_council(&tx, world).await,
            2 => the_year(&tx, world).await,
            _ => rules(&tx, world).await,
        });
    }
    all
}

/// The person who chairs, with these roles instead.
fn in_the_chair(world: &World<'_>, roles: &[Role]) -> Caller {
    let grants = roles.iter().map(|role| Grant { role: *role, unit: None }).collect();
    Caller { grants, ..world.here.as_role(Role::CouncilChair) }
}

#[tokio::test]
async fn whoever_has_no_role_is_let_in_nowhere() {
    let test = TestDb::sqlite().await;
    let world = world(&test).await;
    for (name, _, outcome) in everything(&world, &in_the_chair(&world, &[])).await {
        assert!(matches!(outcome, Err(Error::Forbidden | Error::NotFound)), "{name}: {outcome:?}");
    }
}

#[tokio::test]
async fn whoever_looks_on_does_nothing() {
    let test = TestDb::sqlite().await;
    let world = world(&test).await;
    for (name, needs, outcome) in everything(&world, &in_the_chair(&world, &[Role::Inspector])).await {
        let refused = matches!(outcome, Err(Error::Forbidden));
        assert_eq!(refused, needs != Needs::Sight, "{name}: {outcome:?}");
    }
}

#[tokio::test]
async fn whoever_has_every_role_and_no_seat_is_no_council() {
    let test = TestDb::sqlite().await;
    let world = world(&test).await;
    let grants = Role::ALL.into_iter().map(|role| Grant { role, unit: None }).collect();
    let everybody = Caller { account: Some(AccountId::new()), grants, ..world.here.as_role(Role::CouncilChair) };
    for (name, needs, outcome) in everything(&world, &everybody).await {
        let unseated = matches!(outcome, Err(Error::Unseated { .. }));
        assert_eq!(unseated, needs == Needs::Seat, "{name}: {outcome:?}");
    }
}
