//! The shipped sets on fixed answers, to the last digit: whoever upgrades Rhai or the decimals sees what moves.
//!
//! When a score is meant to change, raise `ENGINE_VERSION` and run `INSTA_UPDATE=always cargo nextest run -p engine
//! --features run golden`; the difference is then part of the review.
#![cfg(feature = "run")]
#![allow(clippy::unwrap_used)]

use engine::run::{Rules, compile, use_plans};
use engine::{Answer, Answers};

fn rules(name: &str) -> Rules {
    let path = format!("{}/../seeds/sets/{name}.rhai", env!("CARGO_MANIFEST_DIR"));
    Rules::new(compile(&std::fs::read_to_string(path).unwrap()).unwrap().set).unwrap()
}

/// Every indicator answered with the figures of its last case but one, where it has so many.
fn answers(rules: &Rules) -> Answers {
    let mut answers = Answers::default();
    for leaf in rules.set().indicators() {
        let Some(case) = leaf.cases.iter().rev().nth(1).or(leaf.cases.first()) else { continue };
        let own = |name: &String| leaf.inputs.iter().any(|input| &input.name == name);
        let inputs = case.inputs.iter().filter(|(name, _)| own(name)).map(|(name, value)| (name.clone(), *value));
        let answer = Answer { inputs: inputs.collect(), ..Answer::default() };
        let shared = case.inputs.iter().filter(|(name, _)| !own(name));
        answers.facts.extend(shared.map(|(name, value)| (name.clone(), *value)));
        answers.answers.insert(leaf.code.clone(), answer);
    }
    answers
}

#[test]
fn the_shipped_sets_score_as_they_did() {
    for name in ["so-2022", "huyen-2022", "xa-vi-du"] {
        let rules = rules(name);
        let card = serde_json::to_string_pretty(&rules.evaluate(&answers(&rules))).unwrap();
        insta::assert_snapshot!(format!("golden_{name}"), card);
    }
}

#[test]
fn scores_do_not_differ_by_tier() {
    for name in ["so-2022", "huyen-2022", "xa-vi-du"] {
        let rules = rules(name);
        let answers = answers(&rules);
        let planned = rules.evaluate(&answers);
        use_plans(false);
        let interpreted = rules.evaluate(&answers);
        use_plans(true);
        assert_eq!(planned, interpreted, "{name}");
    }
}
