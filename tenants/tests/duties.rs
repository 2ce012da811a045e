//! Parts of a set given to members: main indexes, single indicators, and one unit in a colleague's stead.
#![allow(clippy::unwrap_used)]

use crate::common;

use common::{Authority, decision};
use tenants::appraisal::{self, NewDuty};
use tenants::caller::Role;
use tenants::decisions::{Closed, Decision, Part};
use tenants::ids::GroupId;
use tenants::testing::{TestDb, on_both};
use tenants::{Caller, Error, Result, year};
use time::macros::datetime;

async fn before_council(test: &TestDb, managing: bool) -> (Authority<'_>, GroupId) {
    let here = Authority::open(test, "tinh", managing).await;
    for (unit, a) in [(0, 10), (1, 5)] {
        here.complete(unit, a, None).await;
        here.submit(unit).await.unwrap();
    }
    test.db.clock.set(datetime!(2026-02-02 09:00 +7));
    here.start_appraisal().await.unwrap();
    let tx = test.db.read(&here.as_role(Role::PeriodManager)).await.unwrap();
    let group = year::board(&tx, here.period).await.unwrap().groups[0].id;
    (here, group)
}

async fn give(here: &Authority<'_>, group: GroupId, who: &Caller, part: Part, unit: Option<usize>) -> Result<()> {
    let tx = here.test.db.begin(&here.as_role(Role::CouncilChair)).await?;
    let sheet = unit.map(|unit| here.sheets[unit]);
    let new = NewDuty { period: here.period, group, account: who.account.unwrap(), part, sheet };
    appraisal::assign(&tx, &new).await?;
    tx.commit().await
}

async fn gaps(here: &Authority<'_>) -> Vec<(String, Vec<String>, Vec<Part>)> {
    let tx = here.test.db.read(&here.as_role(Role::Inspector)).await.unwrap();
    let all = appraisal::gaps(&tx, here.period).await.unwrap();
    all.into_iter().map(|gap| (gap.unit_name, gap.members, gap.parts)).collect()
}

fn main(code: &str) -> Part {
    Part::Main(code.into())
}

fn indicator(code: &str) -> Part {
    Part::Indicator(code.into())
}

#[tokio::test]
async fn a_substitute_judges_for_one_unit_and_nowhere_else() {
    on_both(async |test| {
        let (here, group) = before_council(&test, false).await;
        let one = here.person("uy-vien-1", Role::Appraiser, Some(0)).await;
        let two = here.person("uy-vien-2", Role::Appraiser, None).await;
        give(&here, group, &one, main("1"), None).await.unwrap();
        give(&here, group, &two, main("2"), None).await.unwrap();
        let name = "Người dùng uy-vien-1".to_owned();
        assert_eq!(gaps(&here).await, [("Đơn vị một".to_owned(), vec![name.clone()], vec![main("1")])]);
        let own = give(&here, group, &one, indicator("1.1"), Some(0)).await;
        assert!(matches!(own, Err(Error::Invalid(_))), "nobody stands in for the own unit: {own:?}");
        let unknown = give(&here, group, &two, indicator("9.9"), Some(0)).await;
        assert!(matches!(unknown, Err(Error::NotFound)), "{unknown:?}");

        give(&here, group, &two, indicator("1.1"), Some(0)).await.unwrap();
        let twice = give(&here, group, &two, indicator("1.1"), Some(0)).await;
        assert!(matches!(twice, Err(Error::Invalid(_))), "{twice:?}");
        assert_eq!(gaps(&here).await, [("Đơn vị một".to_owned(), vec![name], vec![indicator("1.2")])]);
        here.decide(&two, 0, decision("1.1", Decision::Accept, "")).await.unwrap();
        for (unit, code) in [(0, "1.2"), (1, "1.1")] {
            let refused = here.decide(&two, unit, decision(code, Decision::Accept, "")).await;
            assert!(matches!(refused, Err(Error::Conflict(_))), "{unit} {code}: {refused:?}");
        }
        here.decide(&one, 1, decision("1.1", Decision::Accept, "")).await.unwrap();

        let tx = test.db.read(&one).await.unwrap();
        let own = appraisal::own_part(&tx, here.period).await.unwrap();
        assert_eq!(own.closed, [("Đơn vị một".to_owned(), Closed::OwnUnit)]);
        assert_eq!(own.duties.iter().map(|duty| &duty.part).collect::<Vec<_>>(), [&main("1")]);
    })
    .await;
}

#[tokio::test]
async fn standing_in_takes_nothing_away_from_the_others() {
    on_both(async |test| {
        let (here, group) = before_council(&test, false).await;
        let two = here.person("uy-vien-2", Role::Appraiser, None).await;
        give(&here, group, &two, Part::All, Some(0)).await.unwrap();
        let everybody = here.as_role(Role::Appraiser);
        here.decide(&everybody, 0, decision("1.1", Decision::Accept, "")).await.unwrap();
        give(&here, group, &two, indicator("1.2"), None).await.unwrap();
        let others = here.decide(&everybody, 0, decision("2.1", Decision::Accept, "")).await;
        assert!(matches!(others, Err(Error::Conflict(_))), "the group is split now: {others:?}");
        here.decide(&two, 1, decision("1.2", Decision::Accept, "")).await.unwrap();
        assert!(here.decide(&two, 1, decision("1.1", Decision::Accept, "")).await.is_err(), "one indicator only");
    })
    .await;
}

#[tokio::test]
async fn nobody_but_the_chair_stands_in_on_the_managing_agencys_sheet() {
    on_both(async |test| {
        let (here, group) = before_council(&test, true).await;
        let two = here.person("uy-vien-2", Role::Appraiser, None).await;
        let refused = give(&here, group, &two, Part::All, Some(1)).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
        give(&here, group, &here.as_role(Role::CouncilChair), Part::All, Some(1)).await.unwrap();
        assert!(gaps(&here).await.is_empty(), "it was the chair's all along");
    })
    .await;
}
