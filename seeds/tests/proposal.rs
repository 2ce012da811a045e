//! The shipped sets against the proposed scoring: the same zero rules, inputs and providers, and the same points.
#![allow(clippy::unwrap_used)]

use crate::read;

use std::collections::HashMap;

use engine::run::{Rules, compile};
use engine::{Indicator, IndicatorSet, InputKind, Provider, ZeroRule};
use read::{Record, set, table};
use rust_decimal::Decimal;

/// Every indicator beside its line of the proposal.
fn with_proposal(check: impl Fn(&IndicatorSet, &Indicator, &Record)) {
    for (slug, file) in [("so", "bang1"), ("huyen", "bang2")] {
        let set = set(slug);
        let records = table("scoring");
        let mut leaves = set.indicators();
        for record in records.iter().filter(|record| record["set"] == file) {
            check(&set, leaves.next().unwrap(), record);
        }
        assert!(leaves.next().is_none());
    }
}

#[test]
fn zero_denominators_follow_the_proposal() {
    with_proposal(|_, leaf, record| {
        let allowed: &[ZeroRule] = match record["zero_denominator"].as_str() {
            "none" | "error" | "config_error" => &[ZeroRule::Error],
            "na" => &[ZeroRule::NotApplicable],
            "full" => &[ZeroRule::Full],
            "policy" => &[ZeroRule::Full, ZeroRule::Zero],
            other => panic!("{other}"),
        };
        assert!(allowed.contains(&leaf.zero), "{} {}: {:?}", record["set"], leaf.code, leaf.zero);
        let without_denominator = record["zero_denominator"] == "none";
        assert!(without_denominator || leaf.cases.iter().any(|case| case.name == "mẫu số bằng 0"), "{}", leaf.code);
    });
}

#[test]
fn bang_1_grants_na_for_every_indicator_and_bang_2_for_none() {
    with_proposal(|set, leaf, _| {
        // The decision grants N/A for any indicator of Bảng 1; how plausible a claim is, the council judges.
        let claimable = set.slug == "so";
        assert_eq!(leaf.not_applicable, claimable, "{} {}", set.slug, leaf.code);
    });
}

#[test]
fn inputs_keep_the_proposal_s_words_kinds_and_providers() {
    with_proposal(|set, leaf, record| {
        let proposed: Vec<Vec<&str>> =
            record["inputs"].split('|').map(|field| field.splitn(3, ':').collect()).collect();
        for input in &leaf.inputs {
            let [_, kind, label] = proposed.iter().find(|words| words[0] == input.name).unwrap()[..] else { panic!() };
            let fits = match (kind, &input.kind) {
                ("int", InputKind::Level(_)) => label.contains("2 = ") && label.contains("0 = "),
                ("bool", InputKind::YesNo) | ("int", InputKind::Count) | ("decimal", InputKind::Number) => true,
                ("money", InputKind::Money) | ("percent", InputKind::Percent) => true,
                _ => false,
            };
            assert!(fits, "{} {} is {:?}", set.slug, input.name, input.kind);
            assert!(matches!(input.kind, InputKind::Level(_)) || input.label == label, "{} {}", set.slug, leaf.code);
            let provider = match (record["kind"].as_str(), input.name.as_str()) {
                ("survey", _) => Provider::Survey,
                (_, "chi_tieu") => Provider::Authority,
                _ => Provider::Unit,
            };
            assert_eq!(input.provider, provider, "{} {} {}", set.slug, leaf.code, input.name);
        }
        assert_eq!(leaf.evidence, record["evidence"]);
    });
}

/// The proposed formula of the CSV, with its own inputs, as a set of one indicator.
fn proposed(record: &Record) -> Rules {
    let kinds =
        [("bool", "yes_no"), ("int", "count"), ("decimal", "number"), ("money", "money"), ("percent", "percent")];
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
            let names: Vec<String> =
                record["inputs"].split('|').map(|field| field.split(':').next().unwrap().into()).collect();
            let our_names = our_names(&set, leaf, &names);
            for (a, b) in
                [(0, 1), (1, 1), (1, 2), (2, 1), (2, 50), (7, 9), (3, 4000), (100, 100), (12, 0), (4, 5), (50, 1000)]
            {
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
                    assert_eq!(
                        score(&ours, &leaf.code, &named(&our_names)),
                        expected,
                        "{slug} {} ({a}, {b})",
                        leaf.code
                    );
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 700, "{compared} comparisons");
}
