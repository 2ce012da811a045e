//! The rule workshop: editing as a table, issuing by one or two people, sharing, simulating, changing rules in a period.
#![allow(clippy::unwrap_used)]

use crate::common;

use std::sync::Arc;

use common::{Authority, SET, decision_file, issue, worker};
use engine::run::Rules;
use tenants::appraisal::Decide;
use tenants::cache::Cache;
use tenants::caller::Role;
use tenants::decisions::Decision;
use tenants::ids::{SetId, VersionId};
use tenants::indicator_sets::edit::{self, CaseText, Edit, InputText, LeafText, Node};
use tenants::indicator_sets::{self, Draft, Issue, Issued};
use tenants::ranking::{self, RankingLine};
use tenants::store::operator::{self, NewTenant};
use tenants::testing::{TestDb, caller, on_both};
use tenants::year::{self, RuleChange};
use tenants::{Error, simulation};
use time::macros::date;

fn set() -> engine::IndicatorSet {
    engine::run::draft(SET).set.unwrap()
}

fn codes(set: &engine::IndicatorSet) -> Vec<&str> {
    set.indicators().map(|leaf| leaf.code.as_str()).collect()
}

fn leaf(code: &str) -> Node {
    Node::Leaf(code.into())
}

#[test]
fn rows_move_within_their_main_index_and_over_its_edge() {
    let up = edit::apply(&set(), &Edit::Step { node: leaf("1.2"), up: true }).unwrap();
    assert_eq!(codes(&up), ["1.2", "1.1", "2.1"]);
    let over = edit::apply(&set(), &Edit::Step { node: leaf("1.2"), up: false }).unwrap();
    assert_eq!(over.main_index("2").unwrap().indicators[0].code, "1.2");
    let dropped = edit::apply(&set(), &Edit::Drop { node: leaf("2.1"), target: leaf("1.1") }).unwrap();
    assert_eq!(codes(&dropped), ["2.1", "1.1", "1.2"]);
}

#[test]
fn renumbering_changes_codes_and_keeps_the_lineage() {
    let moved = edit::apply(&set(), &Edit::Step { node: leaf("1.2"), up: true }).unwrap();
    let fresh = edit::apply(&moved, &Edit::Renumber).unwrap();
    assert_eq!(codes(&fresh), ["1.1", "1.2", "2.1"]);
    assert_eq!(fresh.indicator("1.1").unwrap().key, "1.2");
}

#[test]
fn a_copy_and_an_added_row_get_codes_and_keys_of_their_own() {
    let copied = edit::apply(&set(), &Edit::Copy(leaf("1.1"))).unwrap();
    assert_eq!(codes(&copied), ["1.1", "1.3", "1.2", "2.1"]);
    let (name, points) = ("Chỉ số mới".into(), "12,5".into());
    let added = edit::apply(&copied, &Edit::Add { under: Node::Main("1".into()), name, points }).unwrap();
    let keys: std::collections::HashSet<_> = added.indicators().map(|leaf| &leaf.key).collect();
    assert_eq!(keys.len(), 5);
    assert_eq!(added.indicator("1.4").unwrap().max.to_string(), "12.5");
}

#[test]
fn a_panel_that_is_wrong_changes_nothing_and_names_each_field() {
    let mut text = LeafText::of(set().indicator("1.1").unwrap());
    text.max = "mười".into();
    text.inputs.push(InputText { name: "Số mới".into(), label: "Số mới".into(), ..InputText::default() });
    text.cases.push(CaseText { name: "thử".into(), expected: "nhiều".into(), ..CaseText::default() });
    let problems = edit::apply(&set(), &Edit::Leaf("1.1".into(), Box::new(text))).unwrap_err();
    let fields: Vec<_> = problems.iter().map(|problem| problem.field.as_str()).collect();
    assert_eq!(fields, ["input.1.name", "case.0.expected", "max"]);
}

#[test]
fn what_the_panel_shows_is_what_it_saves() {
    let before = set();
    for indicator in before.indicators() {
        let text = Box::new(LeafText::of(indicator));
        let after = edit::apply(&before, &Edit::Leaf(indicator.code.clone(), text)).unwrap();
        assert_eq!(engine::print(&after), engine::print(&before), "{}", indicator.code);
    }
}

const ADMIN: &[Role] = &[Role::RuleAdmin];

/// Two units before the council, everything accepted as the formula gave it: 5/10 and 10/10 of 1.1.
async fn appraised(test: &TestDb) -> Authority<'_> {
    let here = Authority::open(test, "a", false).await;
    for (unit, a) in [(0, 5), (1, 10)] {
        here.complete(unit, a, None).await;
        here.submit(unit).await.unwrap();
    }
    here.start_appraisal().await.unwrap();
    assert_eq!((here.accept_all(0).await, here.accept_all(1).await), (3, 3));
    here
}

/// The stored ranking, proven against a calculation from scratch.
async fn standing(here: &Authority<'_>) -> Vec<RankingLine> {
    let tx = here.test.db.read(&here.as_role(Role::Inspector)).await.unwrap();
    ranking::verify(&tx, here.period).await.unwrap();
    ranking::read(&tx, &Cache::memory(), here.period).await.unwrap().remove(0).rows
}

/// The draft with `from` replaced by `to`, saved and issued.
async fn next_version(authority: &Authority<'_>, set: SetId, from: &str, to: &str) -> VersionId {
    let tx = authority.test.db.begin(&authority.as_roles(ADMIN)).await.unwrap();
    let draft = indicator_sets::draft(&tx, set).await.unwrap();
    let source = draft.source.replace(from, to);
    let revision = indicator_sets::save_draft(&tx, &Draft { source, ..draft }).await.unwrap();
    let version = issue(&tx, set, revision).await;
    tx.commit().await.unwrap();
    version
}

async fn only_set(authority: &Authority<'_>) -> SetId {
    let tx = authority.test.db.read(&authority.as_roles(ADMIN)).await.unwrap();
    indicator_sets::list(&tx).await.unwrap()[0].id
}

#[tokio::test]
async fn issuing_wants_the_signed_decision_and_a_second_person_where_asked_for() {
    on_both(async |test| {
        let authority = Authority::open(&test, "a", false).await;
        let set_id = only_set(&authority).await;
        let (one, other, admin) =
            (authority.as_roles(ADMIN), authority.as_roles(ADMIN), authority.as_roles(&[Role::TenantAdmin]));
        let tx = test.db.begin(&one).await.unwrap();
        let number = "2/QĐ".to_owned();
        let date = date!(2025 - 12 - 01);
        let bare = Issue { set_id, revision: 1, decision_number: number, decision_date: date, file: None };
        let Err(Error::Invalid(problems)) = indicator_sets::issue(&tx, &worker(), &bare).await else { panic!() };
        assert_eq!(problems[0].field, "file");
        drop(tx);

        let tx = test.db.begin(&admin).await.unwrap();
        indicator_sets::want_four_eyes(&tx, true).await.unwrap();
        tx.commit().await.unwrap();
        let tx = test.db.begin(&one).await.unwrap();
        let full = Issue { file: Some(decision_file()), ..bare };
        assert_eq!(indicator_sets::issue(&tx, &worker(), &full).await.unwrap(), Issued::Proposed);
        assert!(matches!(indicator_sets::approve(&tx, &worker(), set_id).await, Err(Error::Conflict(_))));
        tx.commit().await.unwrap();
        let tx = test.db.begin(&other).await.unwrap();
        assert!(!indicator_sets::proposal(&tx, set_id).await.unwrap().unwrap().own);
        indicator_sets::approve(&tx, &worker(), set_id).await.unwrap();
        assert!(indicator_sets::proposal(&tx, set_id).await.unwrap().is_none());
        assert_eq!(indicator_sets::list(&tx).await.unwrap()[0].versions.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_shared_version_is_copied_below_and_by_nobody_else() {
    on_both(async |test| {
        let province = Authority::open(&test, "a", false).await;
        let set = only_set(&province).await;
        let tx = test.db.begin(&province.as_roles(ADMIN)).await.unwrap();
        let version = indicator_sets::list(&tx).await.unwrap()[0].versions[0].id;
        indicator_sets::share(&tx, version).await.unwrap();
        indicator_sets::share(&tx, version).await.unwrap();
        tx.commit().await.unwrap();
        let below = tenant(&test, Some(province.tenant), "huyen").await;
        let beside = tenant(&test, None, "ben-canh").await;
        let tx = test.db.begin(&caller(below, ADMIN)).await.unwrap();
        assert_eq!(indicator_sets::shared_with_us(&tx).await.unwrap().len(), 1);
        let original = indicator_sets::original(&tx, version).await.unwrap();
        let own = indicator_sets::create_from(&tx, "xa", "Bộ xã", &original.source, Some(version)).await.unwrap();
        tx.commit().await.unwrap();

        next_version(&province, set, "Tỷ lệ A", "Tỷ lệ A sửa").await;
        let tx = test.db.begin(&province.as_roles(ADMIN)).await.unwrap();
        let newest = indicator_sets::list(&tx).await.unwrap()[0].versions[0].id;
        indicator_sets::share(&tx, newest).await.unwrap();
        tx.commit().await.unwrap();
        let tx = test.db.begin(&caller(below, ADMIN)).await.unwrap();
        let head = indicator_sets::list(&tx).await.unwrap().into_iter().find(|head| head.id == own).unwrap();
        let origin = indicator_sets::original(&tx, head.origin.unwrap()).await.unwrap();
        let upstream = indicator_sets::newest_upstream(&tx, &origin).await.unwrap();
        assert_eq!((origin.number, upstream.number), (1, 2));
        drop(tx);
        let tx = test.db.begin(&caller(beside, ADMIN)).await.unwrap();
        assert!(indicator_sets::shared_with_us(&tx).await.unwrap().is_empty());
        assert!(matches!(indicator_sets::original(&tx, version).await, Err(Error::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn a_simulation_says_who_moves_and_changes_nothing() {
    on_both(async |test| {
        let authority = appraised(&test).await;
        let set = only_set(&authority).await;
        let tx = test.db.begin(&authority.as_roles(ADMIN)).await.unwrap();
        let ground = simulation::grounds(&tx, set).await.unwrap().remove(0);
        let source = SET.replace("ratio(a, tong) * max", "half(ratio(a, tong) * max)");
        let rules = Arc::new(Rules::new(engine::run::compile(&source).unwrap().set).unwrap());
        let report = simulation::simulate(&tx, ground.group, &rules, "Bản thảo lần 2", &|_, _| ()).await.unwrap();
        assert!(report.moved() > 0);
        assert_eq!(report.indicators.len(), 1);
        assert_eq!(report.indicators[0].code, "1.1");
        assert!(report.indicators[0].sum < rust_decimal::Decimal::ZERO);
        let id = simulation::keep(&tx, set, ground.group, &report).await.unwrap();
        assert_eq!(simulation::open(&tx, id).await.unwrap().1, report);
        let (health, _) = simulation::examine(&tx, ground.group).await.unwrap();
        assert_eq!(health.indicators.len(), 3);
        drop(tx);
        let points: Vec<String> = standing(&authority).await.iter().map(|row| row.points.to_string()).collect();
        assert_eq!(points, ["90.00", "70.00"], "a simulation leaves the ranking alone");
    })
    .await;
}

#[tokio::test]
async fn rules_change_in_a_running_period_and_back_again() {
    on_both(async |test| {
        let authority = appraised(&test).await;
        let set = only_set(&authority).await;
        let half = next_version(&authority, set, "ratio(a, tong) * max", "half(ratio(a, tong) * max)").await;
        let tx = test.db.begin(&authority.as_roles(ADMIN)).await.unwrap();
        let ground = simulation::grounds(&tx, set).await.unwrap().remove(0);
        let first = indicator_sets::list(&tx).await.unwrap()[0].versions.last().unwrap().id;
        drop(tx);
        let before = standing(&authority).await;
        let change = |from, to, reason: &str| {
            let (period, group) = (authority.period, ground.group);
            RuleChange { period, group, from, to, reason: reason.into() }
        };
        let tx = test.db.begin(&authority.as_roles(ADMIN)).await.unwrap();
        let foreseen = year::preview_rules(&tx, &change(first, half, "")).await.unwrap();
        assert!(matches!(year::change_rules(&tx, &change(first, half, " ")).await, Err(Error::Invalid(_))));
        let done = year::change_rules(&tx, &change(first, half, "Hướng dẫn mới")).await.unwrap();
        assert_eq!(foreseen, done, "what was shown is what was done");
        tx.commit().await.unwrap();
        let tx = test.db.read(&authority.editor(0)).await.unwrap();
        let notes = year::rule_notes(&tx, authority.sheets[0]).await.unwrap();
        assert_eq!((notes.len(), notes[0].reason.as_str()), (1, "Hướng dẫn mới"), "the unit is told");
        assert_ne!(notes[0].old_points, notes[0].new_points);
        assert!(matches!(year::rule_notes(&tx, authority.sheets[1]).await, Err(Error::NotFound)));
        drop(tx);
        let tx = test.db.read(&authority.editor(0)).await.unwrap();
        let told = tenants::assessments::explain(&tx, authority.sheets[0], "1.1").await.unwrap();
        assert_eq!((told.rules.version, told.score.points.unwrap().to_string().as_str()), (2, "10.00"));
        assert!(told.entered.is_some() && !told.score.explanation.unwrap().steps.is_empty());
        assert_eq!(told.appraised, None, "the unit learns the council's points when all units do");
        assert!(tenants::assessments::explain(&tx, authority.sheets[1], "1.1").await.is_err());
        drop(tx);
        let tx = test.db.read(&authority.as_role(Role::CouncilChair)).await.unwrap();
        let told = tenants::assessments::explain(&tx, authority.sheets[0], "1.1").await.unwrap();
        assert_eq!(told.appraised.unwrap().points.unwrap().to_string(), "20.00", "what was decided stands");
        drop(tx);
        assert_eq!(standing(&authority).await, before, "nobody but the council moves what it decided");
        let judge = authority.as_role(Role::Appraiser);
        for unit in 0..2 {
            let again = Decide { revision: 1, ..common::decision("1.1", Decision::Accept, "") };
            authority.decide(&judge, unit, again).await.unwrap();
        }
        let after = standing(&authority).await;
        assert_ne!(before, after);
        let expected: Vec<_> = done.units.iter().map(|unit| (unit.unit_name.clone(), unit.new.points)).collect();
        for line in &after {
            let told = expected.iter().find(|(name, _)| name == &line.unit_name).unwrap();
            assert_eq!(told.1, line.points);
        }

        let tx = test.db.begin(&authority.as_roles(ADMIN)).await.unwrap();
        let late = year::change_rules(&tx, &change(first, first, "Không biết người khác đã đổi")).await;
        assert!(matches!(late, Err(Error::Stale)), "what was shown no longer holds");
        year::change_rules(&tx, &change(half, first, "Trở lại hướng dẫn cũ")).await.unwrap();
        assert_eq!(year::rule_changes(&tx, authority.period).await.unwrap().len(), 2);
        tx.commit().await.unwrap();
        for unit in 0..2 {
            let again = Decide { revision: 2, ..common::decision("1.1", Decision::Accept, "") };
            authority.decide(&judge, unit, again).await.unwrap();
        }
        assert_eq!(standing(&authority).await, before, "the way back leads back");
    })
    .await;
}

#[tokio::test]
async fn what_the_council_judged_itself_stays_and_is_to_be_seen_again() {
    on_both(async |test| {
        let authority = appraised(&test).await;
        let judge = authority.as_role(Role::Appraiser);
        authority.decide(&judge, 0, common::adjust("1.1", "7", "Thiếu biên bản", 1)).await.unwrap();
        let set = only_set(&authority).await;
        let half = next_version(&authority, set, "ratio(a, tong) * max", "half(ratio(a, tong) * max)").await;
        apply(&authority, set, half).await.unwrap();
        let tx = test.db.read(&authority.as_role(Role::CouncilChair)).await.unwrap();
        let sheet = tenants::appraisal::sheet(&tx, authority.sheets[0]).await.unwrap();
        let row = &sheet.sections[0].rows[0];
        let decided = row.decided.as_ref().unwrap();
        assert_eq!((decided.points.unwrap().to_string().as_str(), decided.stale), ("7.00", true));
        assert_eq!(row.self_points.unwrap().to_string(), "10.00", "the self score follows the formula");
        drop(tx);
        assert!(matches!(authority.conclude().await, Err(Error::Conflict(_))), "stale rows keep the period open");
    })
    .await;
}

async fn apply(here: &Authority<'_>, set: SetId, to: VersionId) -> tenants::Result<()> {
    let tx = here.test.db.begin(&here.as_roles(ADMIN)).await?;
    let mut rules = year::rules_in_force(&tx, here.period).await?.1.into_iter();
    let in_force = rules.find(|rules| rules.version.set_id == set).ok_or(Error::NotFound)?;
    let (group, from) = (in_force.group, in_force.version.id);
    let change = RuleChange { period: here.period, group, from, to, reason: "Hướng dẫn mới".into() };
    year::change_rules(&tx, &change).await?;
    tx.commit().await
}

#[tokio::test]
async fn structure_stays_for_the_period_and_rules_are_closed_once_concluded() {
    on_both(async |test| {
        let authority = appraised(&test).await;
        let set = only_set(&authority).await;
        let swapped = SET.replace("\"Tỷ lệ A\", 40", "\"Tỷ lệ A\", 20").replace("\"Tỷ lệ B\", 20", "\"Tỷ lệ B\", 40");
        let other = next_version(&authority, set, SET, &swapped).await;
        let Err(Error::Invalid(problems)) = apply(&authority, set, other).await else { panic!() };
        assert!(problems.len() > 1, "{problems:?}");
        authority.conclude().await.unwrap();
        let half = SET.replace("ratio(a, tong) * max", "half(ratio(a, tong) * max)");
        let half = next_version(&authority, set, &swapped, &half).await;
        assert!(matches!(apply(&authority, set, half).await, Err(Error::Conflict(_))));
    })
    .await;
}

async fn tenant(test: &TestDb, parent: Option<tenants::ids::TenantId>, slug: &str) -> tenants::ids::TenantId {
    let new = NewTenant {
        parent,
        slug: slug.into(),
        name: slug.into(),
        short_name: slug.into(),
        is_sample: false,
        valid_from: date!(2020 - 01 - 01),
    };
    operator::create_tenant(&test.db, new).await.unwrap()
}

#[tokio::test]
async fn checks_and_simulations_are_rationed_by_authority() {
    use tenants::indicator_sets::{Work, turn};
    let cache = Cache::memory();
    let (busy, calm) = (tenants::ids::TenantId::new(), tenants::ids::TenantId::new());
    for _ in 0..12 {
        drop(turn(&cache, busy, Work::Simulation).await.unwrap());
    }
    assert!(matches!(turn(&cache, busy, Work::Simulation).await, Err(Error::Conflict(_))));
    drop(turn(&cache, calm, Work::Simulation).await.unwrap());
    let _held = turn(&cache, busy, Work::Check).await.unwrap();
    let second = tokio::time::timeout(std::time::Duration::from_millis(50), turn(&cache, busy, Work::Check)).await;
    assert!(second.is_err(), "one at a time");
    drop(turn(&cache, calm, Work::Check).await.unwrap());
}
