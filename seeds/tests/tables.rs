//! The shipped sets against the decision's tables, to the letter, and what each of them promises.
#![allow(clippy::unwrap_used)]

use crate::read;

use engine::IndicatorSet;
use engine::run::{Rules, compile};
use read::{Record, set, table};
use rust_decimal::Decimal;

fn name(record: &Record) -> &str {
    let corrected = &record["name_corrected"];
    if corrected.is_empty() { &record["name"] } else { corrected }
}

fn points(record: &Record) -> Decimal {
    record["max_points"].parse().unwrap()
}

/// Every main index and indicator of the table, in order, and nothing else.
#[track_caller]
fn check_table(slug: &str, file: &str, indicators: usize) {
    let set = set(slug);
    let records = table(file);
    let (mains, leaves): (Vec<_>, Vec<_>) = records.iter().partition(|record| record["parent_code"].is_empty());
    assert_eq!(set.main_indexes().count(), mains.len());
    for (main, record) in set.main_indexes().zip(&mains) {
        assert_eq!(
            (main.code.as_str(), main.name.as_str(), main.points),
            (record["code"].as_str(), name(record), points(record))
        );
        let group = set.groups.iter().find(|group| group.main_indexes.contains(main)).unwrap();
        assert_eq!(group.slug == "nen-tang", record["group"] == "nền tảng", "{}", main.code);
    }
    assert_eq!((set.indicators().count(), leaves.len()), (indicators, indicators));
    for (leaf, record) in set.indicators().zip(&leaves) {
        assert_eq!(
            (leaf.code.as_str(), leaf.name.as_str(), leaf.max),
            (record["code"].as_str(), name(record), points(record))
        );
        let parent = set.main_index(&record["parent_code"]).unwrap();
        assert!(parent.indicators.contains(leaf), "{} stands under another main index", leaf.code);
    }
    assert_eq!(set.total, Decimal::from(500));
    assert!(set.groups.iter().all(|group| group.points == Decimal::from(250)));
}

#[test]
fn the_department_set_is_bang_1() {
    check_table("so", "bang1", 35);
}

#[test]
fn the_district_set_is_bang_2() {
    check_table("huyen", "bang2", 68);
}

#[test]
fn the_commune_example_has_a_hundred_points() {
    assert_eq!(set("xa").total, Decimal::from(100));
}

#[test]
fn not_applicable_exists_for_departments_only() {
    assert!(set("so").policy.not_applicable);
    assert!(!set("huyen").policy.not_applicable);
}

#[test]
fn every_stored_case_passes_and_every_indicator_has_two() {
    for shipped in seeds::SETS {
        let rules = Rules::new(set(shipped.slug)).unwrap();
        let failed: Vec<String> =
            rules.run_cases().iter().filter(|case| !case.passed).map(ToString::to_string).collect();
        assert!(failed.is_empty(), "{failed:#?}");
        assert!(rules.set().indicators().all(|leaf| leaf.cases.len() >= 2));
    }
}

/// Without the places of formulas in the script, which printing moves.
fn placeless(mut set: IndicatorSet) -> IndicatorSet {
    let mains = set.groups.iter_mut().flat_map(|group| &mut group.main_indexes);
    for leaf in mains.flat_map(|main| &mut main.indicators) {
        let conditions = leaf.warnings.iter_mut().map(|warning| &mut warning.condition);
        for formula in leaf.formula.iter_mut().chain(conditions) {
            (formula.line, formula.column) = (0, 0);
        }
    }
    set
}

#[test]
fn printing_and_compiling_again_changes_nothing() {
    for shipped in seeds::SETS {
        let once = engine::print(&set(shipped.slug));
        let again = compile(&once).unwrap().set;
        assert_eq!(placeless(again.clone()), placeless(set(shipped.slug)), "{}", shipped.slug);
        assert_eq!(once, engine::print(&again), "{}", shipped.slug);
    }
}

#[test]
fn a_part_above_the_whole_is_warned_of_where_a_threshold_hides_it() {
    for shipped in seeds::SETS {
        let rules = Rules::new(set(shipped.slug)).unwrap();
        for leaf in rules.set().indicators().filter(|leaf| leaf.formula.as_ref().unwrap().text.starts_with("share(")) {
            let number = |given: i64| engine::Value::Number(Decimal::from(given));
            let facts = rules.set().facts.iter().map(|fact| (fact.name.clone(), number(10)));
            let own = leaf.inputs.iter().enumerate().map(|(at, input)| (input.name.clone(), number([11, 10][at])));
            let answer = engine::Answer { inputs: own.collect(), ..Default::default() };
            let answers = engine::Answers { facts: facts.collect(), answers: [(leaf.code.clone(), answer)].into() };
            let score = rules.score(&leaf.code, &answers).unwrap();
            assert_eq!(score.points, Some(leaf.max), "{} {}", shipped.slug, leaf.code);
            assert!(score.warnings.iter().any(|text| text.contains("lớn hơn")), "{} {}", shipped.slug, leaf.code);
        }
    }
}

#[test]
fn every_indicator_tells_how_it_is_scored_proven_and_founded() {
    for shipped in seeds::SETS {
        for leaf in set(shipped.slug).indicators() {
            for text in [&leaf.guidance, &leaf.evidence, &leaf.source] {
                assert!(!text.is_empty(), "{} {}", shipped.slug, leaf.code);
            }
        }
    }
}
