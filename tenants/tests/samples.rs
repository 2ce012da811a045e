//! Rows scored a second time by somebody who does not see the first decision.
#![allow(clippy::unwrap_used)]

use crate::common;

use common::{Authority, adjust, decision};
use rust_decimal::Decimal;
use tenants::appraisal::{self, AppraisalRow};
use tenants::cache::Cache;
use tenants::caller::{Grant, Role};
use tenants::decisions::Decision;
use tenants::notices::{self, Kind};
use tenants::samples::{self, Draw, Drawn, Per, SecondScore};
use tenants::testing::{TestDb, on_both};
use tenants::{Caller, Error, Result, history, indicator_sets, ranking, simulation, year};
use time::macros::datetime;

/// Everything decided by the member of the council.
async fn decided(test: &TestDb) -> Authority<'_> {
    let here = Authority::open(test, "tinh", false).await;
    for (unit, a) in [(0, 10), (1, 5)] {
        here.complete(unit, a, None).await;
        here.submit(unit).await.unwrap();
    }
    test.db.clock.set(datetime!(2026-02-02 09:00 +7));
    here.start_appraisal().await.unwrap();
    for unit in 0..2 {
        assert_eq!(here.accept_all(unit).await, 3);
    }
    here
}

async fn draw(here: &Authority<'_>, who: &Caller, per: Per, count: u32) -> Result<Drawn> {
    let tx = here.test.db.begin(who).await?;
    let drawn = samples::agreement_of(&tx, here.period).await?.drawn;
    let drawn = samples::draw(&tx, here.period, &Draw { per, count, drawn }).await?;
    tx.commit().await?;
    Ok(drawn)
}

async fn rows(here: &Authority<'_>, who: &Caller) -> Vec<AppraisalRow> {
    let tx = here.test.db.read(who).await.unwrap();
    let mut all = Vec::new();
    for sheet in here.sheets {
        let sections = appraisal::sheet(&tx, sheet).await.unwrap().sections;
        all.extend(sections.into_iter().flat_map(|section| section.rows));
    }
    all
}

/// Points of a sheet, and its index, as the caller is told them.
async fn sums(here: &Authority<'_>, who: &Caller, unit: usize) -> (Decimal, Option<Decimal>) {
    let tx = here.test.db.read(who).await.unwrap();
    let sheet = appraisal::sheet(&tx, here.sheets[unit]).await.unwrap();
    (sheet.points, sheet.index)
}

/// What the decisions add up to that the caller sees; no index while one is hidden.
async fn known(here: &Authority<'_>, who: &Caller, unit: usize) -> (Decimal, Option<Decimal>) {
    let tx = here.test.db.read(who).await.unwrap();
    let sheet = appraisal::sheet(&tx, here.sheets[unit]).await.unwrap();
    let rows = || sheet.sections.iter().flat_map(|section| &section.rows);
    let whole = rows().all(|row| row.decided.is_some());
    (rows().filter_map(|row| row.decided.as_ref()?.points).sum(), sheet.index.filter(|_| whole))
}

fn points(points: &str) -> SecondScore {
    SecondScore { points: points.into(), not_applicable: false, reason: "Thiếu biên bản".into() }
}

#[tokio::test]
async fn a_second_member_scores_blind_and_the_appraised_score_stays() {
    on_both(async |test| {
        let here = decided(&test).await;
        let chair = here.as_role(Role::CouncilChair);
        let second = here.person("uy-vien-2", Role::Appraiser, None).await;
        let before = rows(&here, &chair).await;
        assert!(matches!(draw(&here, &second, Per::Indicator, 1).await, Err(Error::Forbidden)));
        assert!(matches!(draw(&here, &chair, Per::Indicator, 0).await, Err(Error::Invalid(_))));
        let drawn = draw(&here, &chair, Per::Indicator, 1).await.unwrap();
        assert_eq!(drawn, Drawn { rows: 3, without: 0 }, "one of each indicator");

        let seen = rows(&here, &second).await;
        let hidden: Vec<_> = seen.iter().filter(|row| row.decided.is_none()).collect();
        assert_eq!(hidden.len(), 3);
        assert!(hidden.iter().all(|row| row.blind && !row.may && row.history.is_empty()));
        for unit in 0..2 {
            assert_eq!(sums(&here, &second, unit).await, known(&here, &second, unit).await, "sums add up what is seen");
        }
        let told = [sums(&here, &second, 0).await, sums(&here, &second, 1).await];
        assert_ne!(told, [sums(&here, &chair, 0).await, sums(&here, &chair, 1).await]);
        let tx = test.db.read(&second).await.unwrap();
        let ranking = ranking::read(&tx, &Cache::memory(), here.period).await;
        assert!(matches!(ranking, Err(Error::Conflict(_))), "no place tells what is hidden: {ranking:?}");
        drop(tx);
        let tx = test.db.read(&chair).await.unwrap();
        ranking::read(&tx, &Cache::memory(), here.period).await.unwrap();
        drop(tx);
        assert!(rows(&here, &here.as_role(Role::Inspector)).await.iter().all(|row| row.decided.is_some()));
        let tx = test.db.read(&second).await.unwrap();
        assert_eq!(notices::inbox(&tx).await.unwrap()[0].kind, Kind::Sampled);
        let mine = samples::mine(&tx).await.unwrap();
        let told = samples::row(&tx, mine[0].id).await.unwrap();
        assert!(told.row.decided.is_none() && !told.row.evidence.is_empty());
        drop(tx);
        let position = usize::from(mine[0].unit_name == "Đơn vị hai");
        let peek = here.decide(&second, position, adjust(&mine[0].code, "1", "Thiếu", 1)).await;
        assert!(matches!(peek, Err(Error::Conflict(_))), "nobody decides what they score blind: {peek:?}");

        let tx = test.db.begin(&second).await.unwrap();
        let too_many = samples::score(&tx, mine[0].id, &points("41")).await;
        assert!(matches!(too_many, Err(Error::Invalid(_))), "{too_many:?}");
        samples::score(&tx, mine[0].id, &points("0")).await.unwrap();
        let again = samples::score(&tx, mine[0].id, &points("1")).await;
        assert!(matches!(again, Err(Error::Conflict(_))), "once: {again:?}");
        tx.commit().await.unwrap();
        let tx = test.db.begin(&here.as_role(Role::Appraiser)).await.unwrap();
        let theirs = samples::score(&tx, mine[1].id, &points("1")).await;
        assert!(matches!(theirs, Err(Error::NotFound)), "{theirs:?}");
        let told = samples::agreement_of(&tx, here.period).await.unwrap();
        assert_eq!((told.pairs.len(), told.waiting, told.equal), (1, 2, 0));
        assert_eq!((told.pairs[0].second, told.pairs[0].code.as_str()), (Some(Decimal::ZERO), mine[0].code.as_str()));
        drop(tx);
        assert_eq!(rows(&here, &chair).await, before, "nothing official moved");
        let shown = rows(&here, &second).await;
        assert_eq!(shown.iter().filter(|row| row.blind).count(), 2, "the first decision shows once it is scored");
    })
    .await;
}

#[tokio::test]
async fn nobody_scores_the_own_unit_or_the_own_decision_a_second_time() {
    on_both(async |test| {
        let here = decided(&test).await;
        let chair = here.as_role(Role::CouncilChair);
        let alone = draw(&here, &chair, Per::Member, 20).await.unwrap();
        assert_eq!(alone, Drawn { rows: 0, without: 6 }, "whoever decided is the only member");
        let second = here.person("uy-vien-2", Role::Appraiser, Some(0)).await;
        let drawn = draw(&here, &chair, Per::Member, 20).await.unwrap();
        assert_eq!(drawn, Drawn { rows: 3, without: 3 });
        let tx = test.db.read(&second).await.unwrap();
        assert!(samples::mine(&tx).await.unwrap().iter().all(|line| line.unit_name == "Đơn vị hai"));
        drop(tx);
        let again = draw(&here, &chair, Per::Member, 20).await.unwrap();
        assert_eq!(again, Drawn { rows: 0, without: 3 }, "no row is drawn twice");
        let other = tenants::appraisal::Decide { revision: 1, ..decision("1.1", Decision::Accept, "") };
        here.decide(&here.as_role(Role::Appraiser), 0, other).await.unwrap();
    })
    .await;
}

/// Whoever scores blind may also look after the log or the rules: neither tells what is hidden.
#[tokio::test]
async fn neither_the_log_nor_a_report_tells_a_second_member_what_is_hidden() {
    on_both(async |test| {
        let here = decided(&test).await;
        let makes = here.as_roles(&[Role::RuleAdmin]);
        let tx = test.db.begin(&makes).await.unwrap();
        let set = indicator_sets::list(&tx).await.unwrap().remove(0);
        let group = simulation::grounds(&tx, set.id).await.unwrap().remove(0).group;
        let rules = indicator_sets::rules(&tx, set.versions[0].id).await.unwrap();
        let report = simulation::simulate(&tx, group, &rules, "Bản thảo", &|_, _| ()).await.unwrap();
        let kept = simulation::keep(&tx, set.id, group, &report).await.unwrap();
        tx.commit().await.unwrap();

        let second = here.person("uy-vien-2", Role::Appraiser, None).await;
        let more = [Role::Inspector, Role::RuleAdmin].map(|role| Grant { role, unit: None });
        let second = Caller { grants: second.grants.iter().copied().chain(more).collect(), ..second };
        draw(&here, &here.as_role(Role::CouncilChair), Per::Indicator, 1).await.unwrap();
        let told = async || {
            let tx = test.db.read(&second).await.unwrap();
            let log = history::logged(&tx, 0).await.unwrap();
            let decided = log.into_iter().filter(|entry| entry.action == "appraisal.decide");
            decided.filter(|entry| entry.detail.get("points").is_some()).count()
        };
        assert_eq!(told().await, 3, "the decisions on the rows not drawn");
        let reports = async || {
            let tx = test.db.read(&second).await.unwrap();
            let listed = simulation::list(&tx, set.id).await.unwrap().len();
            let changes = year::rule_changes(&tx, here.period).await;
            (listed, simulation::open(&tx, kept).await.is_ok(), changes.is_ok())
        };
        assert_eq!(reports().await, (0, false, false));
        for unit in 0..2 {
            let tx = test.db.read(&second).await.unwrap();
            history::of_indicator(&tx, here.sheets[unit], "1.1").await.unwrap();
        }
        let tx = test.db.begin(&second).await.unwrap();
        for line in samples::mine(&tx).await.unwrap() {
            samples::score(&tx, line.id, &points("1")).await.unwrap();
        }
        tx.commit().await.unwrap();
        assert_eq!((told().await, reports().await), (6, (1, true, true)), "once scored, everything shows");
    })
    .await;
}
