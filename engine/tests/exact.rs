//! Exact means exact: no quotient is cut, whatever the order in which a formula is written, and points are rounded once.
#![cfg(feature = "run")]
#![allow(clippy::unwrap_used)]

use std::time::{Duration, Instant};

use engine::exact::{Exact, Number};
use engine::run::{Rules, Version, compile, draft};
use engine::{Answers, IndicatorScore, Severity};
use proptest::prelude::*;
use rust_decimal::Decimal;

fn script(max: u32, formula: &str) -> String {
    format!(
        "indicator_set(\"t\", #{{ name: \"T\", total: {max} }});\ngroup(\"g\", \"G\", {max});\n\
         main_index(\"1\", \"M\", {max});\nindicator(\"1.1\", \"x\", {max}).input(\"a\", number(\"A\"))\
         .input(\"b\", number(\"B\")).input(\"c\", number(\"C\"))\n.formula(\"{formula}\");\n"
    )
}

fn score_under(version: Version, max: u32, formula: &str, figures: [&str; 3]) -> IndicatorScore {
    let set = compile(&script(max, formula)).unwrap_or_else(|found| panic!("{found:#?}")).set;
    let [a, b, c] = figures;
    let answers = format!(r#"{{"answers":{{"1.1":{{"inputs":{{"a":"{a}","b":"{b}","c":"{c}"}}}}}}}}"#);
    let answers: Answers = serde_json::from_str(&answers).unwrap();
    Rules::under(version, set).unwrap().score("1.1", &answers).unwrap()
}

fn score(max: u32, formula: &str, figures: [&str; 3]) -> IndicatorScore {
    score_under(Version::Second, max, formula, figures)
}

#[track_caller]
fn check(max: u32, formula: &str, figures: [&str; 3], points: &str) {
    let score = score(max, formula, figures);
    let got = score.points.map_or_else(|| format!("{:?}", score.error), |points| points.to_string());
    assert_eq!(got, points, "{formula} of {figures:?}");
}

#[test]
fn exact_midpoints_round_up() {
    for formula in
        ["ratio(a, b) * max", "min(1, a / b) * max", "min(max, a * max / b)", "max / b * a", "a / b / 1 * max"]
    {
        check(15, formula, ["5", "24", "0"], "3.13");
        check(15, formula, ["1003", "3000", "0"], "5.02");
        check(15, formula, ["1", "3000", "0"], "0.01");
    }
    check(1, "if ratio(a, b) * 3 >= 1 { max } else { 0 }", ["10", "30", "0"], "1.00");
    check(1, "if a / b + b / a == (a * a + b * b) / (a * b) { max } else { 0 }", ["7", "13", "0"], "1.00");
    check(10, "switch a / b * 3 { 1 => max, _ => 0 }", ["1", "3", "0"], "10.00");
    check(10, "switch a / b { 1 => 0, _ => max }", ["1", "3", "0"], "10.00");
    check(10, "steps(a / b * 3, [[1, 1]]) * max", ["1", "3", "0"], "10.00");
    check(10, "floor(a / b * 3) * 3 + ceiling(a / b * 3) + abs(a / b - 1) * 0", ["1", "3", "0"], "4.00");
    check(10, "a % b", ["7.5", "2", "0"], "1.50");
}

#[test]
fn a_minus_before_a_power_is_outside_it() {
    check(100, "-a ** 2 + 20", ["3", "0", "0"], "11.00");
    check(100, "(-a) ** 2 + 20", ["3", "0", "0"], "29.00");
    check(100, "-(-a) ** 2 + 20", ["3", "0", "0"], "11.00");
    check(100, "20 - a ** 2", ["3", "0", "0"], "11.00");
    check(100, "20 + -3 ** 2", ["3", "0", "0"], "11.00");
    check(100, "20 + (-3) ** 2", ["3", "0", "0"], "29.00");
    check(100, "20 + -abs(a) ** 2", ["3", "0", "0"], "11.00");
    check(100, "20 + -a.abs() ** 2", ["3", "0", "0"], "29.00");
    check(100, "if a > 1 { 20 + -a ** 2 } else { 0 }", ["3", "0", "0"], "11.00");
    check(100, "40 + 2 ** -a ** 2 * 512", ["3", "0", "0"], "41.00");
    let warned = |formula: &str| {
        let found = draft(&script(100, formula)).found;
        let of_minus = found.into_iter().filter(|found| found.code == "minus-power");
        of_minus.map(|found| (found.severity, found.line, found.column)).collect::<Vec<_>>()
    };
    let formula = ".formula(\"".len();
    assert_eq!(warned("-a ** 2 + 20"), [(Severity::Warning, 5, formula + 4)]);
    assert_eq!(warned("(-a) ** 2 - a ** 2 + 2 ** 3"), []);
}

#[test]
fn powers_are_exact_or_say_that_they_are_not() {
    check(10, "a ** 3 * 3", ["1.2", "0", "0"], "5.18");
    check(10, "(a / b) ** 2 * 9", ["1", "3", "0"], "1.00");
    check(10, "(a / b) ** -1", ["1", "3", "0"], "3.00");
    check(10, "a ** 0.5", ["2", "0", "0"], "1.41");
    check(10, "a ** 0.5", ["4", "0", "0"], "2.00");
    check(10, "a ** (1 / 3)", ["27", "0", "0"], "3.00");
    let square = score(10, "a ** 0.5", ["2", "0", "0"]).explanation.unwrap();
    assert_eq!(square.exact.as_deref(), Some("≈ 1.414213562373095048801688724"));
    assert!(square.text.contains("gần đúng đến 28 chữ số"), "{}", square.text);
    assert!(!score(10, "a ** 2", ["2", "0", "0"]).explanation.unwrap().text.contains("gần đúng"));
    let refused = draft(&script(10, "(0 - a) ** 0.5")).found;
    assert!(refused.iter().any(|found| found.code == "no-real-number"), "{refused:?}");
    let power = |base: &str, exponent: &str| {
        let [base, exponent]: [Decimal; 2] = [base, exponent].map(|text| text.parse().unwrap());
        Exact::from(base).power(&exponent.into()).unwrap().0.to_string()
    };
    // Of Python's decimals with 60 digits.
    assert_eq!(power("10", "0.333"), "2.152781734724372878667891193");
    assert_eq!(power("5", "2.5"), "55.90169943749474241022934172");
    assert_eq!(power("1.000001", "1000000.5"), "2.718281828459271758619469119");
}

#[test]
fn explanations_show_fractions() {
    let told = |formula: &str, figures| score(15, formula, figures).explanation.unwrap();
    let third = told("ratio(a, b) * max", ["5", "24", "0"]);
    assert_eq!(third.text, "5/24 = 20,83% → 5/24 × 15 = 3,13 điểm");
    assert_eq!(third.exact.as_deref(), Some("3.125"));
    let endless = told("ratio(a, b) * max", ["1", "7", "0"]);
    assert_eq!((endless.exact.as_deref(), endless.engine.as_str()), (Some("15/7"), "2"));
    assert_eq!(told("ratio(a, b) * max", ["1", "4", "0"]).text, "1/4 = 25% → 25% × 15 = 3,75 điểm");
}

#[test]
fn the_first_version_calculates_as_it_did() {
    let first = |formula: &str, figures| score_under(Version::First, 15, formula, figures);
    let score = first("ratio(a, b) * max", ["5", "24", "0"]);
    let explanation = score.explanation.unwrap();
    assert_eq!((score.points.unwrap().to_string(), explanation.engine.as_str()), ("3.12".into(), "1"));
    assert_eq!(first("ratio(a, b) * max", ["1003", "3000", "0"]).points.unwrap().to_string(), "5.01");
    assert_eq!(first("-a ** 2 + 6", ["3", "0", "0"]).points.unwrap().to_string(), "15.00");
    let told = first("ratio(a, b) * max", ["48", "52", "0"]).explanation.unwrap();
    assert_eq!(told.text, "48/52 = 92,31% → 48/52 × 15 = 13,85 điểm");
    assert_eq!(Version::parse("1"), Some(Version::First));
    assert_eq!(Version::default().as_str(), engine::ENGINE_VERSION);
}

#[test]
fn long_numbers_take_over_where_128_bits_end() {
    let (long, longer) = ("7922816251426433759354395033", "0.0000000000000000000000000003");
    check(10, "min(1, a * a * a * a * b * b / (a * a * a * a * a * b)) * max", [long, longer, "0"], "0.00");
    check(10, "a * a * a * a * a / (a * a * a * a * (a / 5))", [long, longer, "0"], "5.00");
    check(10, "if a / b * c / a * b == c { max } else { 0 }", [long, longer, "7"], "10.00");
    check(10, "switch a * a * a * a / a / a / a / a { 1 => max, _ => 0 }", [long, longer, "7"], "10.00");
}

#[test]
fn long_numbers_are_bounded() {
    let squares = format!("a{}", " ** 2".repeat(20));
    let sums: String = (1..300).map(|n| format!(" + 1 / (a + {n}.{n})")).collect();
    let products: String = (0..600).map(|_| " * a / b").collect();
    let formulas = [
        "a ** 1000000000".to_owned(),
        "a ** a ** a ** a".to_owned(),
        "a ** 700 / a ** 700 * a ** 650".to_owned(),
        "2 ** 0.5 ** 0.5 ** 0.5 * 1.0000001 ** 99999999.5".to_owned(),
        format!("min(1, 0{sums})"),
        format!("min(1, a{products})"),
        squares,
    ];
    for formula in formulas {
        let started = Instant::now();
        let draft = draft(&script(10, &formula));
        let took = started.elapsed();
        assert!(took < Duration::from_secs(20), "{took:?} in a debug build: {}", &formula[..formula.len().min(40)]);
        drop(draft);
    }
}

/// Expressions that laws of arithmetic make of each other: points must be the same.
const LAWS: [(&str, &str); 12] = [
    ("a / b * max", "max * a / b"),
    ("a / b * max", "max / b * a"),
    ("a / b / c * max", "a / (b * c) * max"),
    ("(a + b) / c", "a / c + b / c"),
    ("(a - b) / c + 5", "5 + a / c - b / c"),
    ("a * b * c / max", "c * (b / max) * a"),
    ("a + b + c", "c + (b + a)"),
    ("ratio(a, b) * max", "min(1, a / b) * max"),
    ("ratio(a, b) * max", "min(max, a * max / b)"),
    ("share(a, b, c) * max", "min(b * c, a) / (b * c) * max"),
    ("half(a / b) * max", "max * a / (2 * b)"),
    ("a / b / (c / max)", "(a * max) / (b * c)"),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn points_do_not_depend_on_the_spelling(a in 0u32..5_000, b in 1u32..5_000, c in 1u32..5_000, places in 0u32..3) {
        let figures = [a, b, c].map(|figure| Decimal::new(figure.into(), places).to_string());
        let figures = figures.each_ref().map(String::as_str);
        for (one, other) in LAWS {
            let (one, other) = (score(15, one, figures), score(15, other, figures));
            prop_assert_eq!(one.points, other.points, "{:?} of {:?}", LAWS, figures);
        }
    }

    /// Fields' laws, for figures that overflow 128 bits at every other step.
    #[test]
    fn numbers_obey_the_laws(digits in prop::collection::vec(1i64..i64::MAX, 6)) {
        let fraction = |at: usize| Exact::from(Decimal::from(digits[at])).div(&Decimal::from(digits[at + 1]).into()).unwrap();
        let (a, b, c) = (fraction(0), fraction(2), fraction(4));
        prop_assert_eq!(a.add(&b).unwrap().mul(&c).unwrap(), a.mul(&c).unwrap().add(&b.mul(&c).unwrap()).unwrap());
        prop_assert_eq!(a.div(&b).unwrap().mul(&b).unwrap(), a.clone());
        prop_assert_eq!(a.sub(&b).unwrap().add(&b).unwrap(), a.clone());
        prop_assert_eq!(a.cmp(&b), a.mul(&c).unwrap().cmp(&b.mul(&c).unwrap()));
    }
}

/// One line of the reference: what an indicator of two counts must score, worked out in Python.
struct Reference {
    set: String,
    code: String,
    part: String,
    whole: String,
    sha256: String,
}

fn references() -> Vec<Reference> {
    let line = |line: &str| {
        let words: Vec<String> = line.split(' ').map(String::from).collect();
        let [set, code, part, whole, sha256] = words.try_into().unwrap();
        Reference { set, code, part, whole, sha256 }
    };
    include_str!("reference/counts.txt").lines().map(line).collect()
}

fn shipped(name: &str) -> engine::IndicatorSet {
    let path = format!("{}/../seeds/sets/{name}.rhai", env!("CARGO_MANIFEST_DIR"));
    compile(&std::fs::read_to_string(path).unwrap()).unwrap().set
}

/// Names of the counts a formula reads; `None` where it reads any other figure.
fn counts(set: &engine::IndicatorSet, rules: &Rules, leaf: &engine::Indicator) -> Option<usize> {
    let figures = leaf.inputs.iter().chain(&set.facts);
    let mut read = figures.filter(|input| rules.reads(&leaf.code).contains(&input.name.as_str()));
    let all = read.clone().count();
    read.all(|input| input.kind == engine::InputKind::Count).then_some(all)
}

/// Hundredths of points of every pair of counts, by the formula's plan and `round`.
fn hundredths(set: &engine::IndicatorSet, of: &Reference) -> Vec<u8> {
    use engine::run::bench::Slot;
    let leaf = set.indicator(&of.code).unwrap();
    let params = set.params.iter().map(|param| (param.name.as_str(), param.value));
    let fixed: Vec<(&str, Decimal)> = params.chain([("max", leaf.max)]).collect();
    let names = [of.part.as_str(), &of.whole];
    let names: Vec<&str> = names.into_iter().chain(fixed.iter().map(|(name, _)| *name)).collect();
    let formula = engine::run::bench::formula(&leaf.formula.as_ref().unwrap().text, &names, leaf.max).unwrap();
    let plan = formula.plan.as_ref().unwrap();
    let known = |name: &str| fixed.iter().find(|(known, _)| *known == name).map_or(Decimal::ZERO, |(_, value)| *value);
    let mut slots = plan.slots(|name| Some(engine::Value::Number(known(name)))).unwrap();
    let at = |name: &str| plan.names.iter().position(|known| known == name).unwrap();
    let (part, whole) = (at(&of.part), at(&of.whole));
    let mut points = Vec::new();
    for a in 0u32..=300 {
        for b in 1u32..=300 {
            let count = |count: u32| Slot::Number(Decimal::from(count).into());
            (slots[part], slots[whole]) = (count(a), count(b));
            let exact = plan.run(&slots).unwrap().clamp(Decimal::ZERO.into(), leaf.max.into());
            let rounded = engine::round::fraction(exact, 2).unwrap();
            points.extend(u16::try_from(rounded.mantissa()).unwrap().to_le_bytes());
        }
    }
    points
}

#[test]
fn every_pair_of_counts_scores_as_python_says() {
    use sha2::{Digest, Sha256};
    let all = references();
    for name in ["so-2022", "huyen-2022", "xa-vi-du"] {
        let set = shipped(name);
        let rules = Rules::new(set.clone()).unwrap();
        let of_counts = set.indicators().filter(|leaf| leaf.formula.is_some() && counts(&set, &rules, leaf) == Some(2));
        let codes: Vec<&str> = of_counts.map(|leaf| leaf.code.as_str()).collect();
        let mine: Vec<&Reference> = all.iter().filter(|reference| reference.set == name).collect();
        assert_eq!(codes, mine.iter().map(|reference| reference.code.as_str()).collect::<Vec<_>>(), "{name}");
        for reference in mine {
            let points = hundredths(&set, reference);
            let hash: String = Sha256::digest(&points).iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(hash, reference.sha256, "{name} {}", reference.code);
            // The whole way from answers to points gives the same, on a coarser net.
            for (a, b) in (0..=300u32).step_by(37).flat_map(|a| (1..=300u32).step_by(23).map(move |b| (a, b))) {
                let at = usize::try_from(2 * (a * 300 + b - 1)).unwrap();
                let expected = u16::from_le_bytes([points[at], points[at + 1]]);
                let given = pair(&set, reference, a, b);
                let score = rules.score(&reference.code, &given).unwrap();
                assert_eq!(score.points, Some(Decimal::new(expected.into(), 2)), "{name} {} {a}/{b}", reference.code);
            }
        }
    }
}

/// A part and a whole as answers, with 0 for whatever else the indicator asks for.
fn pair(set: &engine::IndicatorSet, of: &Reference, a: u32, b: u32) -> Answers {
    let leaf = set.indicator(&of.code).unwrap();
    let (mut answers, mut answer) = (Answers::default(), engine::Answer::default());
    answer.inputs.extend(leaf.inputs.iter().map(|input| (input.name.clone(), engine::Value::Number(Decimal::ZERO))));
    for (name, value) in [(&of.part, a), (&of.whole, b)] {
        let own = leaf.inputs.iter().any(|input| &input.name == name);
        let place = if own { &mut answer.inputs } else { &mut answers.facts };
        place.insert(name.clone(), engine::Value::Number(value.into()));
    }
    answers.answers.insert(of.code.clone(), answer);
    answers
}

/// What the second version moved: points of pairs that lie exactly between two hundredths.
#[test]
fn the_first_version_missed_exact_midpoints() {
    let set = shipped("so-2022");
    let [first, second] = [Version::First, Version::Second].map(|version| Rules::under(version, set.clone()).unwrap());
    let mut moved: Vec<(String, u32)> = Vec::new();
    for reference in references().iter().filter(|reference| reference.set == "so-2022") {
        let max: i128 = set.indicator(&reference.code).unwrap().max.mantissa();
        let pairs = (0..=300u32).flat_map(|a| (1..=300u32).map(move |b| (a, b)));
        let is_midpoint = |(a, b): &(u32, u32)| (i128::from(*a) * max * 200) % i128::from(2 * b) == i128::from(*b);
        let differs = |(a, b): &(u32, u32)| {
            let answers = pair(&set, reference, *a, *b);
            let points = |rules: &Rules| rules.score(&reference.code, &answers).unwrap().points;
            points(&first) != points(&second)
        };
        let count = pairs.filter(is_midpoint).filter(differs).count();
        if count > 0 {
            moved.push((reference.code.clone(), u32::try_from(count).unwrap()));
        }
    }
    insta::assert_debug_snapshot!(moved);
}
