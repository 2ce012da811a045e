//! The language as an author meets it: what compiles, what is refused, and where the finger points.
#![cfg(feature = "run")]
#![allow(clippy::unwrap_used)]

use engine::run::{self, Rules};
use engine::{Answers, Diagnostic, Severity};

/// A set with one indicator of twenty points, whose chain is `rest`.
fn script(rest: &str) -> String {
    format!(
        "indicator_set(\"vi-du\", #{{ name: \"Ví dụ\", total: 20, not_applicable: true }});\n\
         param(\"chi_tieu_hop\", 4, \"Số cuộc họp phải có\");\n\
         fact(\"ccvc\", count(\"Tổng số CCVC\"));\n\
         group(\"chung\", \"Nhóm chung\", 20);\n\
         main_index(\"1\", \"Hạ tầng số\", 20);\n\
         indicator(\"1.1\", \"Chỉ số\", 20)\n{rest};"
    )
}

fn refused(rest: &str) -> Vec<Diagnostic> {
    run::compile(&script(rest)).expect_err("should be refused")
}

fn points(rest: &str, answers: &str) -> String {
    let compiled = run::compile(&script(rest)).unwrap_or_else(|found| panic!("{found:#?}"));
    let answers: Answers = serde_json::from_str(answers).unwrap();
    let score = Rules::new(compiled.set).unwrap().score("1.1", &answers).unwrap();
    match (score.points, score.error) {
        (Some(points), _) => points.to_string(),
        (None, Some(error)) => format!("{:?}", error.kind),
        (None, None) => format!("{:?}", score.state),
    }
}

#[test]
fn whole_numbers_divide_as_decimals() {
    let got = points(r#".input("a", count("A")).formula("a / 50 * 20")"#, r#"{"answers":{"1.1":{"inputs":{"a":45}}}}"#);
    assert_eq!(got, "18.00");
}

#[test]
fn a_shared_fact_is_read() {
    let got = points(
        r#".input("co_may", count("Có máy")).formula("ratio(co_may, ccvc) * max")"#,
        r#"{"facts":{"ccvc":52},"answers":{"1.1":{"inputs":{"co_may":48}}}}"#,
    );
    assert_eq!(got, "18.46");
}

#[test]
fn a_zero_denominator_follows_the_rule() {
    let answers = r#"{"answers":{"1.1":{"inputs":{"a":0,"b":0}}}}"#;
    let with = |zero: &str| {
        let chain =
            format!(".input(\"a\", count(\"A\")).input(\"b\", count(\"B\")).formula(\"min(1, a / b) * max\"){zero}");
        points(&chain, answers)
    };
    assert_eq!(with(""), "ZeroDenominator");
    assert_eq!(with(".zero(na)"), "NotApplicable");
    assert_eq!(with(".zero(full)"), "20.00");
    assert_eq!(with(".zero(nought)"), "0.00");
}

#[test]
fn wrong_figures_are_named_errors() {
    let chain = r#".input("a", count("A")).formula("min(1, a / 10) * max")"#;
    let given = |inputs: &str| points(chain, &format!(r#"{{"answers":{{"1.1":{{"inputs":{inputs}}}}}}}"#));
    assert_eq!(given(r#"{"a": -1}"#), "NegativeNumber");
    assert_eq!(given(r#"{"a": 2.5}"#), "FractionalCount");
    assert_eq!(given(r#"{"a": true}"#), "WrongType");
    assert_eq!(given("{}"), "MissingInput");
    assert_eq!(given(r#"{"a": 1, "b": 1}"#), "UnknownInput");
}

#[test]
fn an_unknown_name_is_pointed_at_inside_the_formula() {
    let found = refused("    .input(\"co_may\", count(\"Có máy\"))\n    .formula(\"ratio(co_may, cvcc) * max\")");
    assert_eq!((found[0].code.as_str(), found[0].line, found[0].column), ("unknown-name", 8, 29));
    assert!(found[0].message.contains("Có phải “ccvc”?"), "{}", found[0].message);
}

#[test]
fn sums_must_agree() {
    let source = script("").replace("total: 20", "total: 21");
    let found = run::compile(&source).unwrap_err();
    assert_eq!(found[0].code, "sum-mismatch");
}

#[test]
fn a_formula_above_the_maximum_is_found_and_clamped() {
    let chain = r#".input("a", count("A")).formula("a * 10")"#;
    let compiled = run::compile(&script(chain)).unwrap();
    assert!(compiled.warnings.iter().any(|found| found.code == "out-of-range" && found.severity == Severity::Error));
    assert_eq!(points(chain, r#"{"answers":{"1.1":{"inputs":{"a":7}}}}"#), "20.00");
}

#[test]
fn a_formula_is_a_single_expression() {
    for formula in ["let x = 1; x", "while true {}", "a = 1", "|x| x", "{ 1 }", "eval(\\\"1\\\")", "print(1)"] {
        let found = refused(&format!(".input(\"a\", count(\"A\")).formula(\"{formula}\")"));
        assert!(found[0].line > 0, "{formula}: {found:?}");
    }
}

#[test]
fn printing_is_the_identity() {
    let source = script(
        r#".key("may").input("a", level("Mức", [[2, "hai"], [0, "không"]]).by("authority"))
           .formula("if a >= chi_tieu_hop { max } else { half(max) }").zero(na).not_applicable(false)
           .guidance("Dòng \"một\"").expect("x", #{ a: 2 }, 10).expect("y", #{ a: 9 }, invalid)"#,
    )
    .replace(".zero(na)", "");
    let once = engine::print(&run::compile(&source).unwrap().set);
    let twice = engine::print(&run::compile(&once).unwrap_or_else(|found| panic!("{found:#?}\n{once}")).set);
    assert_eq!(once, twice);
}
