//! Any text as the formula of an indicator: with and without the typed plan the score is the same, and within 0..max.
#![no_main]

use std::collections::BTreeMap;

use engine::run::{Rules, draft, use_plans};
use engine::{Answer, Answers, Value};

libfuzzer_sys::fuzz_target!(|input: (&str, i16, i16, bool)| {
    let (formula, a, b, c) = input;
    let quoted = formula.replace('\\', "\\\\").replace('"', "\\\"").replace(['\n', '\r'], " ");
    let source = format!(
        "indicator_set(\"x\", #{{ name: \"X\", total: 10 }});\ngroup(\"g\", \"G\", 10);\nmain_index(\"1\", \"M\", 10);\n\
         indicator(\"1.1\", \"I\", 10).input(\"a\", number(\"A\")).input(\"b\", number(\"B\")).input(\"c\", yes_no(\"C\"))\
         .formula(\"{quoted}\");"
    );
    let Some(set) = draft(&source).set else { return };
    let Ok(rules) = Rules::new(set) else { return };
    let values = [("a", Value::Number(a.into())), ("b", Value::Number(b.into())), ("c", Value::Bool(c))];
    let inputs: BTreeMap<String, Value> = values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let answers = Answers { facts: BTreeMap::new(), answers: BTreeMap::from([("1.1".to_owned(), Answer { inputs, ..Answer::default() })]) };
    use_plans(true);
    let planned = rules.score("1.1", &answers);
    use_plans(false);
    let plain = rules.score("1.1", &answers);
    let points = |score: &Option<engine::IndicatorScore>| score.as_ref().and_then(|score| score.points);
    assert_eq!(points(&planned), points(&plain));
    if let (Some(points), Some(score)) = (points(&planned), &planned) {
        let inside = points >= rust_decimal::Decimal::ZERO && points <= score.maximum;
        assert!(inside, "{points} of {} for {formula:?}, a = {a}, b = {b}", score.maximum);
    }
});
