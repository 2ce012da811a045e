//! Every act against every other at the same moment, on PostgreSQL, where more than one transaction writes at once: none
//! waits for one that waits for it, nothing acknowledged is overwritten, and what is stored is what the rules give.
#![allow(clippy::unwrap_used)]

use crate::common;

use std::collections::BTreeMap;
use std::pin::Pin;

use common::{Authority, SET, answer, issue};
use tenants::accounts::{self, NewPerson};
use tenants::assessments::{self, Exemption, HandIn, Reopen, SaveAnswer};
use tenants::caller::Role;
use tenants::evidence::{self, Attach, Source};
use tenants::files::scanner::Verdict;
use tenants::files::{Scan, StoredFile};
use tenants::ids::{GroupId, VersionId};
use tenants::indicator_sets::{self, Draft};
use tenants::members::{self, NewMember};
use tenants::sheets::{Claim, ClaimGround};
use tenants::{Caller, appraisal, audit, desk, year};

use tenants::testing::{TestDb, count, execute, texts};
use tenants::year::{Deadlines, EngineChange, Place, RuleChange};
use tenants::{Error, Result, ranking};
use time::macros::{date, datetime};

const ADMIN: &[Role] = &[Role::RuleAdmin, Role::PeriodManager];

/// A year under way, and what the acts need to know of it.
struct World<'a> {
    here: Authority<'a>,
    group: GroupId,
    /// Two versions of the rules that score 1.1 differently.
    versions: [VersionId; 2],
}

type Act = for<'a> fn(&'a World<'a>, u32) -> Pin<Box<dyn Future<Output = Result<()>> + 'a>>;

/// An act of a caller, in a transaction of its own.
macro_rules! act {
    (|$world:ident, $tx:ident, $round:ident| $caller:expr => $deed:expr) => {{
        fn act<'a>($world: &'a World<'a>, $round: u32) -> Pin<Box<dyn Future<Output = Result<()>> + 'a>> {
            Box::pin(async move {
                let _ = $round;
                let $tx = $world.here.test.db.begin(&$caller).await?;
                $deed.await?;
                $tx.commit().await
            })
        }
        act as Act
    }};
}

const FILE: &str = "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff";

async fn world<'a>(test: &'a TestDb, slug: &str) -> World<'a> {
    let here = Authority::open(test, slug, false).await;
    for unit in 0..2 {
        here.complete(unit, 5, None).await;
    }
    let file = StoredFile {
        sha256: FILE.into(),
        length: 4,
        media_type: "application/pdf".into(),
        name: "bao-cao.pdf".into(),
        scan: Scan::Unasked,
    };
    for unit in 0..2 {
        let tx = test.db.begin(&here.editor(unit)).await.unwrap();
        evidence::attach(&tx, here.sheets[unit], "1.1", Attach::of(Source::File(file.clone()))).await.unwrap();
        tx.commit().await.unwrap();
    }
    let tx = test.db.begin(&here.as_roles(ADMIN)).await.unwrap();
    let rules = year::rules_in_force(&tx, here.period).await.unwrap().1.remove(0);
    let draft = indicator_sets::draft(&tx, rules.version.set_id).await.unwrap();
    let source = SET.replace("ratio(a, tong) * max", "half(ratio(a, tong) * max)");
    let revision = indicator_sets::save_draft(&tx, &Draft { source, ..draft }).await.unwrap();
    let other = issue(&tx, rules.version.set_id, revision).await;
    tx.commit().await.unwrap();
    World { group: rules.group, versions: [rules.version.id, other], here }
}

/// A save of one figure, on the revision that is there; the shared figure moves with it.
async fn save(world: &World<'_>, unit: usize, code: &str, fields: &[(&str, &str)]) -> Result<()> {
    let here = &world.here;
    let tx = here.test.db.read(&here.editor(unit)).await?;
    let revision = desk::row(&tx, here.sheets[unit], code).await?.revision;
    drop(tx);
    here.save(unit, SaveAnswer { revision, ..answer(code, fields) }).await.map(drop)
}

fn save_first<'a>(world: &'a World<'a>, round: u32) -> Pin<Box<dyn Future<Output = Result<()>> + 'a>> {
    Box::pin(async move { save(world, 0, "1.1", &[("a", "4"), ("tong", &(10 + round).to_string())]).await })
}

fn save_second<'a>(world: &'a World<'a>, round: u32) -> Pin<Box<dyn Future<Output = Result<()>> + 'a>> {
    Box::pin(async move { save(world, 1, "1.2", &[("b", &(1 + round % 9).to_string())]).await })
}

/// To whichever of the two versions is not in force.
fn change_rules<'a>(world: &'a World<'a>, _: u32) -> Pin<Box<dyn Future<Output = Result<()>> + 'a>> {
    Box::pin(async move {
        let here = &world.here;
        let tx = here.test.db.begin(&here.as_roles(ADMIN)).await?;
        let from = year::rules_in_force(&tx, here.period).await?.1.remove(0).version.id;
        let [one, other] = world.versions;
        let to = if from == one { other } else { one };
        let (period, group) = (here.period, world.group);
        year::change_rules(&tx, &RuleChange { period, group, from, to, reason: "Hướng dẫn".into() }).await?;
        tx.commit().await
    })
}

/// To the current engine, from the first.
fn renew_engine<'a>(world: &'a World<'a>, _: u32) -> Pin<Box<dyn Future<Output = Result<()>> + 'a>> {
    Box::pin(async move {
        let here = &world.here;
        let tx = here.test.db.begin(&here.as_role(Role::PeriodManager)).await?;
        execute(&tx, "UPDATE periods SET engine = '1'").await?;
        let change = EngineChange { period: here.period, from: "1".into(), reason: "Tính đúng phân số".into() };
        year::renew_engine(&tx, &change).await?;
        tx.commit().await
    })
}

fn sign_and_withdraw<'a>(world: &'a World<'a>, _: u32) -> Pin<Box<dyn Future<Output = Result<()>> + 'a>> {
    Box::pin(async move {
        let here = &world.here;
        here.submit(1).await?;
        let tx = here.test.db.begin(&here.of_unit(Role::UnitApprover, 1)).await?;
        assessments::withdraw(&tx, here.sheets[1]).await?;
        tx.commit().await
    })
}

fn hand_in_and_back<'a>(world: &'a World<'a>, _: u32) -> Pin<Box<dyn Future<Output = Result<()>> + 'a>> {
    Box::pin(async move {
        let here = &world.here;
        let tx = here.test.db.begin(&here.editor(0)).await?;
        let wanted = HandIn { note: String::new(), despite_gaps: true };
        assessments::hand_in(&tx, here.sheets[0], &wanted).await?;
        tx.commit().await?;
        let tx = here.test.db.begin(&here.editor(0)).await?;
        assessments::take_back(&tx, here.sheets[0]).await?;
        tx.commit().await
    })
}

/// Exempts a unit and takes it back, so that the next save finds the row open.
fn exempt<'a>(world: &'a World<'a>, _: u32) -> Pin<Box<dyn Future<Output = Result<()>> + 'a>> {
    Box::pin(async move {
        let here = &world.here;
        let claim = Claim { ground: ClaimGround::NoFunction, reason: "không có chức năng".into() };
        for claim in [Some(claim), None] {
            let tx = here.test.db.begin(&here.as_role(Role::PeriodManager)).await?;
            let cells = here.sheets.iter().map(|sheet| (*sheet, "2.1".to_owned())).collect();
            assessments::exempt(&tx, &Exemption { group: world.group, cells, claim }).await?;
            tx.commit().await?;
        }
        Ok(())
    })
}

fn scan<'a>(world: &'a World<'a>, round: u32) -> Pin<Box<dyn Future<Output = Result<()>> + 'a>> {
    Box::pin(async move {
        let here = &world.here;
        for verdict in [Verdict::Infected(format!("Thuoc.{round}")), Verdict::Clean] {
            let tx = here.test.db.begin(&Caller::system(here.tenant)).await?;
            evidence::keep_verdict(&tx, FILE, &verdict).await?;
            tx.commit().await?;
        }
        Ok(())
    })
}

/// While units write.
fn writing() -> Vec<(&'static str, Act)> {
    vec![
        ("save", save_first as Act),
        ("save elsewhere", save_second as Act),
        ("change rules", change_rules as Act),
        ("renew the engine", renew_engine as Act),
        ("sign, withdraw", sign_and_withdraw as Act),
        ("hand in, take back", hand_in_and_back as Act),
        ("exempt", exempt as Act),
        ("scan", scan as Act),
        (
            "attach",
            act!(|world, tx, round| world.here.editor(1) => async {
                let link = Source::Link { title: format!("Báo cáo {round}"), url: format!("https://example.com/{round}") };
                evidence::attach(&tx, world.here.sheets[1], "1.2", Attach::of(link)).await
            }),
        ),
        (
            "reschedule",
            act!(|world, tx, round| world.here.as_role(Role::PeriodManager) => async {
                let to = Deadlines {
                    self_deadline: datetime!(2026-01-29 23:59:59 +7) + time::Duration::minutes(round.into()),
                    publish_deadline: datetime!(2026-03-31 23:59:59 +7),
                };
                year::reschedule(&tx, world.here.period, &to, "Theo công văn").await
            }),
        ),
        (
            "enrol",
            act!(|world, tx, round| world.here.as_role(Role::PeriodManager) => async {
                let place = Some(Place { group: world.group, ranked: round.is_multiple_of(2) });
                year::enrol(&tx, world.here.period, &BTreeMap::from([(world.here.units[1], place)])).await
            }),
        ),
        ("remind", act!(|world, tx, round| Caller::system(world.here.tenant) => year::remind(&tx))),
        (
            "invite",
            act!(|world, tx, round| world.here.as_role(Role::TenantAdmin) => async {
                let (login, name) = (format!("moi-{}-{round}", world.here.tenant), format!("Người {round}"));
                let (account, _) = accounts::create(&tx, &NewPerson { login, name, email: None }, None).await?;
                members::give(&tx, NewMember { account, role: Role::Inspector, unit: None }).await?;
                accounts::send(&tx, account).await.map(drop)
            }),
        ),
    ]
}

/// While the council is at work.
fn judging() -> Vec<(&'static str, Act)> {
    vec![
        ("change rules", change_rules as Act),
        ("renew the engine", renew_engine as Act),
        ("scan", scan as Act),
        ("correct", save_second as Act),
        (
            "decide",
            act!(|world, tx, round| world.here.as_role(Role::CouncilChair) => async {
                let (here, code) = (&world.here, "1.1");
                let sheet = appraisal::sheet(&tx, here.sheets[0]).await?;
                let revision = sheet.sections[0].rows[0].revision;
                let points = (round % 30).to_string();
                let decide = common::adjust(code, &points, "Theo biên bản", revision);
                appraisal::decide(&tx, here.sheets[0], &decide).await
            }),
        ),
        (
            "accept all",
            act!(|world, tx, round| world.here.as_role(Role::Appraiser) => appraisal::accept_agreeing(&tx, world.here.sheets[1])),
        ),
        (
            "accept the column",
            act!(|world, tx, round| world.here.as_role(Role::Appraiser) => appraisal::accept_column(&tx, world.group, "1.2")),
        ),
        (
            "ask",
            act!(|world, tx, round| world.here.as_role(Role::Appraiser) => async {
                let (sheet, text) = (world.here.sheets[1], format!("Cần làm rõ {round}"));
                appraisal::ask(&tx, sheet, "1.2", &text, date!(2026 - 02 - 20)).await
            }),
        ),
        (
            "reply",
            act!(|world, tx, round| world.here.editor(1) => async {
                appraisal::reply(&tx, world.here.sheets[1], "1.2", &format!("Đã gửi {round}")).await
            }),
        ),
        (
            "reopen",
            act!(|world, tx, round| world.here.as_role(Role::PeriodManager) => async {
                let until = datetime!(2026-02-12 17:00 +7) + time::Duration::minutes(round.into());
                let reopen = Reopen { codes: vec!["1.2".into()], until, reason: "Sửa số liệu".into() };
                assessments::reopen(&tx, world.here.sheets[1], &reopen).await
            }),
        ),
        (
            "conclude",
            act!(|world, tx, round| world.here.as_role(Role::CouncilChair) => appraisal::conclude(&tx, world.here.period)),
        ),
    ]
}

/// Refusals are answers; anything of ours is not.
fn answered(names: (&str, &str), outcome: Result<()>) -> bool {
    match outcome {
        Err(Error::Internal(cause)) => panic!("{names:?}: {cause:?}"),
        Err(_) => false,
        Ok(()) => true,
    }
}

/// Nothing is stored that the rules in force do not give, no entry of the log is lost, and the ranking fits.
async fn holds_together(world: &World<'_>, names: (&str, &str), ranked: bool) {
    let here = &world.here;
    let tx = here.test.db.read(&here.as_role(Role::Inspector)).await.unwrap();
    assert_eq!(audit::verify(&tx).await.unwrap(), None, "{names:?}");
    if ranked {
        ranking::verify(&tx, here.period).await.unwrap();
    }
    for unit in 0..2 {
        let stored = texts(
            &tx,
            &format!(
                "SELECT code || ' ' || coalesce(self_points::text, '–') FROM assessment_rows WHERE assessment_id = '{}' ORDER BY code",
                here.sheets[unit]
            ),
        )
        .await;
        let mut given = Vec::new();
        for code in ["1.1", "1.2", "2.1"] {
            let row = desk::row(&tx, here.sheets[unit], code).await.unwrap();
            let points =
                row.score.points.map(|points| (points * rust_decimal::Decimal::from(10_000)).normalize().to_string());
            given.push(format!("{code} {}", points.unwrap_or_else(|| "–".into())));
        }
        assert_eq!(stored, given, "{names:?}, unit {unit}");
    }
}

async fn every_pair(world: &World<'_>, acts: &[(&'static str, Act)], ranked: bool) {
    let mut round = 0;
    let mut done: BTreeMap<&str, u32> = BTreeMap::new();
    for (at, (one, first)) in acts.iter().enumerate() {
        for (other, second) in &acts[at..] {
            for _ in 0..3 {
                round += 1;
                let (a, b) = tokio::join!(first(world, round), second(world, round + 1000));
                *done.entry(one).or_default() += u32::from(answered((one, other), a));
                *done.entry(other).or_default() += u32::from(answered((one, other), b));
            }
            holds_together(world, (one, other), ranked).await;
        }
    }
    let idle: Vec<_> =
        acts.iter().map(|(name, _)| *name).filter(|name| !done.contains_key(name) || done[name] == 0).collect();
    assert!(idle.iter().all(|name| *name == "conclude"), "never got through: {idle:?}");
}

#[tokio::test]
async fn acts_of_units_and_managers_get_along() {
    let test = TestDb::postgres().await;
    let world = world(&test, "tinh").await;
    every_pair(&world, &writing(), false).await;
}

#[tokio::test]
async fn acts_of_the_council_get_along() {
    let test = TestDb::postgres().await;
    let world = world(&test, "tinh").await;
    for unit in 0..2 {
        world.here.submit(unit).await.unwrap();
    }
    world.here.start_appraisal().await.unwrap();
    test.db.clock.set(datetime!(2026-02-02 09:00 +7));
    every_pair(&world, &judging(), true).await;
}

/// The moves of a stage against what units are doing at that moment, each in a year of its own.
#[tokio::test]
async fn a_stage_begins_while_units_are_at_work() {
    let test = TestDb::postgres().await;
    for (at, (name, act)) in writing().into_iter().enumerate() {
        let world = world(&test, &format!("tinh-{at}")).await;
        world.here.submit(0).await.unwrap();
        let (begun, other) = tokio::join!(world.here.start_appraisal(), act(&world, 1));
        assert!(answered(("start", name), begun), "{name}");
        answered(("start", name), other);
        holds_together(&world, ("start", name), true).await;
    }
}

/// One to sixteen clerks save all the time while the rules change again and again.
#[tokio::test(flavor = "multi_thread")]
async fn rules_change_under_clerks_at_work() {
    for clerks in [1, 4, 16] {
        let test = TestDb::postgres().await;
        let world = world(&test, "tinh").await;
        let stop = std::sync::atomic::AtomicBool::new(false);
        let clerk = async |number: usize| {
            let mut acknowledged = 0;
            let (unit, code) = (number % 2, ["1.1", "1.2"][number / 2 % 2]);
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                let field = if code == "1.1" { "a" } else { "b" };
                let outcome = save(&world, unit, code, &[(field, &(acknowledged % 10).to_string())]).await;
                acknowledged += u32::from(answered(("save", "change rules"), outcome));
            }
            acknowledged
        };
        let manager = async {
            let mut changed = 0;
            for round in 0..25 {
                changed += u32::from(answered(("change rules", "save"), change_rules(&world, round).await));
            }
            stop.store(true, std::sync::atomic::Ordering::Relaxed);
            changed
        };
        let (changed, saved) = tokio::join!(manager, futures::future::join_all((0..clerks).map(clerk)));
        assert_eq!(changed, 25, "{clerks} clerks");
        let saved: u32 = saved.into_iter().sum();
        assert!(saved > 0);
        holds_together(&world, ("change rules", "save"), false).await;
        let tx = test.db.read(&world.here.as_role(Role::Inspector)).await.unwrap();
        let kept = "SELECT sum(revision)::bigint FROM assessment_rows";
        let logged = "SELECT count(*) FROM audit_entries WHERE action = 'answer.save'";
        let [kept, logged] = [count(&tx, kept).await, count(&tx, logged).await];
        assert_eq!(kept, logged, "every acknowledged save raised its row's revision by one");
    }
}
