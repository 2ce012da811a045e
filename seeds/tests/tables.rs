//! The shipped sets against the decision's tables, to the letter, and against the proposed scoring.
#![allow(clippy::unwrap_used)]

use std::collections::HashMap;

use engine::run::{Rules, compile};
use engine::{Indicator, IndicatorSet};
use rust_decimal::Decimal;

type Record = HashMap<String, String>;

fn table(name: &str) -> Vec<Record> {
    let path = format!("{}/data/{name}.csv", env!("CARGO_MANIFEST_DIR"));
    csv::Reader::from_path(path).unwrap().deserialize().collect::<Result<_, _>>().unwrap()
}

fn set(slug: &str) -> IndicatorSet {
    let source = seeds::SETS.iter().find(|shipped| shipped.slug == slug).unwrap().source;
    let compiled = compile(source).unwrap_or_else(|found| panic!("{slug}: {found:#?}"));
    assert!(compiled.warnings.is_empty(), "{slug}: {:#?}", compiled.warnings);
    compiled.set
}

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
        assert_eq!((main.code.as_str(), main.name.as_str(), main.points), (record["code"].as_str(), name(record), points(record)));
        let group = set.groups.iter().find(|group| group.main_indexes.contains(main)).unwrap();
        assert_eq!(group.slug == "nen-tang", record["group"] == "nền tảng", "{}", main.code);
    }
    assert_eq!((set.indicators().count(), leaves.len()), (indicators, indicators));
    for (leaf, record) in set.indicators().zip(&leaves) {
        assert_eq!((leaf.code.as_str(), leaf.name.as_str(), leaf.max), (record["code"].as_str(), name(record), points(record)));
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
        let failed: Vec<String> = rules.run_cases().iter().filter(|case| !case.passed).map(ToString::to_string).collect();
        assert!(failed.is_empty(), "{failed:#?}");
        assert!(rules.set().indicators().all(|leaf| leaf.cases.len() >= 2));
    }
}

#[test]
fn printing_changes_nothing() {
    for shipped in seeds::SETS {
        let once = engine::print(&set(shipped.slug));
        assert_eq!(once, engine::print(&compile(&once).unwrap().set), "{}", shipped.slug);
    }
}

/// The proposed formula of the CSV, with its own inputs, as a set of one indicator.
fn proposed(record: &Record) -> Rules {
    let kinds = [("bool", "yes_no"), ("int", "count"), ("decimal", "number"), ("money", "money"), ("percent", "percent")];
    let kinds: HashMap<_, _> = kinds.into_iter().collect();
    let input = |field: &str| {
        let parts: Vec<&str> = field.splitn(3, ':').collect();
        format!(".input(\"{}\", {}(\"{}\"))", parts[0], kinds[parts[1]], parts[0])
    };
    let inputs: String = record["inputs"].split('|').map(input).collect();
    let (max, formula) = (&record["max_points"], &record["formula"]);
    let source = format!(
        "indicator_set(\"x\", #{{ name: \"x\", total: {max} }}); group(\"g\", \"g\", {max}); main_index(\"1\", \"m\", {max});\n\
         indicator(\"1.1\", \"x\", {max}){inputs}.formula(\"{formula}\");"
    );
    Rules::new(compile(&source).unwrap_or_else(|found| panic!("{formula}: {found:#?}")).set).unwrap()
}

fn score(rules: &Rules, code: &str, values: &[(String, engine::Value)]) -> Option<Decimal> {
    let leaf = rules.set().indicator(code).unwrap();
    let is_own = |name: &String| leaf.inputs.iter().any(|input| &input.name == name);
    let (own, facts): (Vec<_>, Vec<_>) = values.iter().cloned().partition(|(name, _)| is_own(name));
    let answer = engine::Answer { inputs: own.into_iter().collect(), ..Default::default() };
    let answers = engine::Answers { facts: facts.into_iter().collect(), answers: [(code.to_owned(), answer)].into() };
    rules.score(code, &answers).unwrap().points
}

/// Our names in the CSV's order: own inputs keep theirs, a shared figure stands where the CSV has its own.
fn our_names(set: &IndicatorSet, leaf: &Indicator, theirs: &[String]) -> Vec<String> {
    let rules = Rules::new(set.clone()).unwrap();
    let mut facts = set.facts.iter().filter(|fact| rules.reads(&leaf.code).contains(&fact.name.as_str()));
    let own = |name: &String| leaf.inputs.iter().any(|input| &input.name == name);
    theirs.iter().map(|name| if own(name) { name.clone() } else { facts.next().unwrap().name.clone() }).collect()
}

#[test]
fn our_formulas_give_the_proposed_points() {
    let mut compared = 0;
    for (slug, file) in [("so", "bang1"), ("huyen", "bang2")] {
        let set = set(slug);
        let ours = Rules::new(set.clone()).unwrap();
        for record in table("scoring").iter().filter(|record| record["set"] == file) {
            let leaf = set.indicator(&record["code"]).unwrap();
            let theirs = proposed(record);
            let names: Vec<String> = record["inputs"].split('|').map(|field| field.split(':').next().unwrap().into()).collect();
            let our_names = our_names(&set, leaf, &names);
            for (a, b) in [(0, 1), (1, 1), (1, 2), (2, 1), (2, 50), (7, 9), (3, 4000), (100, 100), (12, 0)] {
                let is_bool = record["inputs"].contains(":bool:");
                let is_level = record["kind"] == "tiers";
                if is_level && a > 2 || record["kind"] == "survey" && b == 0 {
                    continue;
                }
                let number = |given: i64| engine::Value::Number(Decimal::from(given));
                let values = if is_bool { vec![engine::Value::Bool(a > 0)] } else { vec![number(a), number(b)] };
                let named = |names: &[String]| names.iter().cloned().zip(values.clone()).collect::<Vec<_>>();
                let expected = score(&theirs, "1.1", &named(&names));
                if expected.is_some() {
                    assert_eq!(score(&ours, &leaf.code, &named(&our_names)), expected, "{slug} {} ({a}, {b})", leaf.code);
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 700, "{compared} comparisons");
}
