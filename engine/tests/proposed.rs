//! The proposed scoring of all 103 indicators, exactly as the table writes it: the best figures give the maximum, none
//! give nothing, and no figures give more.
#![cfg(feature = "run")]
#![allow(clippy::unwrap_used)]

use std::collections::HashMap;

use engine::run::{Rules, compile};
use engine::{Answers, ScoreState, Severity, Value};
use rust_decimal::Decimal;

type Record = HashMap<String, String>;

fn table() -> Vec<Record> {
    let path = format!("{}/../seeds/data/scoring.csv", env!("CARGO_MANIFEST_DIR"));
    csv::Reader::from_path(path).unwrap().deserialize().collect::<Result<_, _>>().unwrap()
}

/// Name and type of each input.
fn inputs(record: &Record) -> Vec<(String, String)> {
    let field = |field: &str| {
        let mut parts = field.splitn(3, ':');
        (parts.next().unwrap().to_string(), parts.next().unwrap().to_string())
    };
    record["inputs"].split('|').map(field).collect()
}

fn rules(record: &Record) -> Rules {
    let kind = |kind: &str| match kind {
        "bool" => "yes_no(\"x\")",
        "int" if record["kind"] == "tiers" => "level(\"x\", [[2, \"2\"], [1, \"1\"], [0, \"0\"]])",
        "int" => "count(\"x\")",
        "decimal" => "number(\"x\")",
        "money" => "money(\"x\")",
        "percent" => "percent(\"x\")",
        other => panic!("{other}"),
    };
    let inputs: String = inputs(record).iter().map(|(name, of)| format!(".input(\"{name}\", {})", kind(of))).collect();
    let (max, formula) = (&record["max_points"], &record["formula"]);
    let source = format!(
        "indicator_set(\"x\", #{{ name: \"x\", total: {max} }}); group(\"g\", \"g\", {max});\n\
         main_index(\"1\", \"m\", {max});\nindicator(\"1.1\", \"x\", {max}){inputs}.formula(\"{formula}\");"
    );
    let compiled = compile(&source).unwrap_or_else(|found| panic!("{formula}: {found:#?}"));
    let odd = compiled.warnings.iter().find(|found| found.severity == Severity::Error);
    assert!(odd.is_none(), "{formula}: {odd:#?}");
    Rules::new(compiled.set).unwrap()
}

/// Points with the first figure as given and all others, what it is measured against, at `whole`.
fn points(rules: &Rules, record: &Record, first: i64, whole: i64) -> Option<Decimal> {
    let value = |(at, (name, kind)): (usize, (String, String))| {
        let given = if at == 0 { first } else { whole };
        let value = if kind == "bool" { Value::Bool(given > 0) } else { Value::Number(given.into()) };
        (name, value)
    };
    let answer =
        engine::Answer { inputs: inputs(record).into_iter().enumerate().map(value).collect(), ..Default::default() };
    let answers = Answers { answers: [("1.1".to_string(), answer)].into(), ..Answers::default() };
    let score = rules.score("1.1", &answers).unwrap();
    assert!(score.points.is_some() || score.state == ScoreState::Invalid);
    score.points
}

#[test]
fn the_best_figures_give_the_maximum_none_give_nothing_and_none_give_more() {
    let records = table();
    assert_eq!(records.len(), 103);
    for record in &records {
        let name = format!("{} {}: {}", record["set"], record["code"], record["formula"]);
        let rules = rules(record);
        let max: Decimal = record["max_points"].parse().unwrap();
        let best = if record["kind"] == "tiers" { 2 } else { 100 };
        assert_eq!(points(&rules, record, best, 100), Some(max), "{name}");
        assert_eq!(points(&rules, record, 0, 100), Some(Decimal::ZERO), "{name}");
        for first in [0, 1, 2, 7, 50, 99, 100] {
            for whole in [1, 3, 100, 4000] {
                assert!(points(&rules, record, first, whole).is_none_or(|points| points <= max), "{name}");
            }
        }
    }
}

#[test]
fn a_zero_denominator_is_never_a_score() {
    let records = table();
    // A quotient of two figures whose formula does not itself say what a zero means.
    let divides = |record: &&Record| {
        let inputs = inputs(record);
        inputs.len() == 2
            && record["formula"].contains(&format!("/ {}", inputs[1].0))
            && !record["formula"].contains("== 0")
    };
    let all: Vec<&Record> = records.iter().filter(divides).collect();
    for record in &all {
        assert_eq!(points(&rules(record), record, 0, 0), None, "{}", record["formula"]);
    }
    assert!(all.len() > 60, "{}", all.len());
}
