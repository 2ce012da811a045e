//! The arithmetic of an appraisal under any course of decisions: the index is appraised points over the applicable
//! maximum, one decision moves one row, and whatever was decided before stays written. Source: domain.md (f).
#![allow(clippy::unwrap_used)]

use crate::common;

use std::collections::BTreeMap;

use common::{Authority, adjust, decision};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use rust_decimal::{Decimal, RoundingStrategy};
use tenants::appraisal::{self, AppraisalSheet, Decide};
use tenants::cache::Cache;
use tenants::caller::Role;
use tenants::decisions::Decision;
use tenants::ranking;
use tenants::sheets::{Claim, ClaimGround};
use tenants::testing::on_both;

/// Code and maximum of every indicator of the small set; the last may be not applicable.
const LEAVES: [(&str, u32); 3] = [("1.1", 40), ("1.2", 20), ("2.1", 40)];

/// How many courses of decisions are tried on each database, and how long each is.
const COURSES: u32 = 6;
const LENGTH: usize = 24;

/// What the council does to one row.
#[derive(Clone, Debug)]
enum Deed {
    Accept,
    /// Hundredths of the row's maximum are drawn, so that every two-place value can come up.
    Adjust(u32),
    NotApplicable,
}

#[derive(Clone, Debug)]
struct Step {
    unit: usize,
    leaf: usize,
    deed: Deed,
}

fn step() -> impl Strategy<Value = Step> {
    let deed = prop_oneof![Just(Deed::Accept), (0u32..=10_000).prop_map(Deed::Adjust), Just(Deed::NotApplicable)];
    (0usize..2, 0usize..LEAVES.len(), deed).prop_map(|(unit, leaf, deed)| Step { unit, leaf, deed })
}

/// The decision as the council would send it; `None` where the step cannot be taken (nothing to accept, no N/A).
fn decide(step: &Step, claimed: bool, revision: i64) -> Option<Decide> {
    let (code, maximum) = LEAVES[step.leaf];
    let made = match step.deed {
        Deed::Accept if code == "2.1" && claimed => return None,
        Deed::Accept => decision(code, Decision::Accept, ""),
        Deed::Adjust(share) => {
            let points = (Decimal::from(share) * Decimal::from(maximum) / Decimal::from(10_000)).round_dp(2);
            adjust(code, &points.to_string().replace('.', ","), "Theo tài liệu kiểm chứng", 0)
        }
        Deed::NotApplicable if code == "2.1" => decision(code, Decision::NotApplicable, "Không có chức năng"),
        Deed::NotApplicable => return None,
    };
    Some(Decide { revision, ..made })
}

type Standing = BTreeMap<String, (Option<Decimal>, i64, Vec<String>)>;

/// Each row's standing points, how often it was decided, and its whole history in words, oldest first.
fn standing(sheet: &AppraisalSheet) -> Standing {
    let rows = sheet.sections.iter().flat_map(|section| &section.rows);
    let told = |row: &appraisal::AppraisalRow| {
        let mut past: Vec<String> = row.history.iter().map(|decided| format!("{decided:?}")).collect();
        past.reverse();
        // Whether the standing one is stale is of today, not of the record.
        let past = past.into_iter().map(|text| text.replace("stale: true", "stale: false")).collect();
        (row.decided.as_ref().and_then(|decided| decided.points), row.revision, past)
    };
    rows.map(|row| (row.code.clone(), told(row))).collect()
}

/// The index by hand: `None` while a row is undecided, or when nothing is applicable.
fn by_hand(sheet: &AppraisalSheet) -> (Decimal, Decimal, Option<Decimal>) {
    let (mut points, mut maximum, mut pending) = (Decimal::ZERO, Decimal::from(100), false);
    for row in sheet.sections.iter().flat_map(|section| &section.rows) {
        match &row.decided {
            None => pending = true,
            Some(decided) if decided.decision == Decision::NotApplicable => maximum -= row.maximum,
            Some(decided) => points += decided.points.unwrap(),
        }
    }
    let index = (points * Decimal::from(100)).checked_div(maximum).filter(|_| !pending);
    let index = index.map(|index| index.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero));
    (points, maximum, index)
}

#[tokio::test]
async fn whatever_the_council_decides_the_index_is_points_over_the_applicable_maximum() {
    on_both(async |test| {
        let here = Authority::open(&test, "tinh", false).await;
        let claim = Claim { ground: ClaimGround::NoFunction, reason: "Không có chức năng".into() };
        for (unit, claim) in [(0, Some(claim)), (1, None)] {
            here.complete(unit, 7, claim).await;
            here.submit(unit).await.unwrap();
        }
        here.start_appraisal().await.unwrap();
        let judge = here.as_role(Role::Appraiser);
        let read = async |unit: usize| {
            let tx = test.db.read(&judge).await.unwrap();
            appraisal::sheet(&tx, here.sheets[unit]).await.unwrap()
        };
        let mut runner = TestRunner::new(Config::default());
        for _ in 0..COURSES {
            let course = prop::collection::vec(step(), LENGTH).new_tree(&mut runner).unwrap().current();
            for (at, step) in course.iter().enumerate() {
                let (before, other) = (read(step.unit).await, read(1 - step.unit).await);
                let code = LEAVES[step.leaf].0;
                let was = standing(&before);
                let Some(made) = decide(step, step.unit == 0, was[code].1) else { continue };
                here.decide(&judge, step.unit, made)
                    .await
                    .unwrap_or_else(|error| panic!("{error:?} at {at}: {course:?}"));
                let after = read(step.unit).await;
                let is = standing(&after);
                for (row, (points, count, past)) in &was {
                    let (points_now, count_now, past_now) = &is[row];
                    assert_eq!(&past_now[..past.len()], &past[..], "{row}: the past was rewritten at {at}: {course:?}");
                    let moved = usize::from(row == code);
                    assert_eq!(past_now.len(), past.len() + moved, "{row} at {at}: {course:?}");
                    assert!(
                        moved == 1 || (points, count) == (points_now, count_now),
                        "{row} moved at {at}: {course:?}"
                    );
                }
                assert_eq!(standing(&other), standing(&read(1 - step.unit).await), "another unit moved: {course:?}");
                let own = |sheet: &AppraisalSheet| {
                    let rows = sheet.sections.iter().flat_map(|section| section.rows.clone());
                    rows.map(|row| row.self_points).collect::<Vec<_>>()
                };
                assert_eq!(own(&before), own(&after), "a self score moved at {at}: {course:?}");
                let (points, maximum, index) = by_hand(&after);
                assert_eq!(
                    (after.points, after.applicable_maximum, after.index),
                    (points, maximum, index),
                    "{course:?}"
                );
            }
        }
        let tx = test.db.read(&judge).await.unwrap();
        ranking::verify(&tx, here.period).await.unwrap();
        let ranked = ranking::read(&tx, &Cache::memory(), here.period).await.unwrap();
        for line in &ranked[0].rows {
            let unit = here.sheets.iter().position(|sheet| *sheet == line.assessment).unwrap();
            let (points, _, index) = by_hand(&appraisal::sheet(&tx, here.sheets[unit]).await.unwrap());
            assert_eq!((line.points, line.index), (points, index), "the ranking says what the sheet says");
        }
    })
    .await;
}
