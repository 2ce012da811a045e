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

fn first_error(found: Vec<Diagnostic>) -> Diagnostic {
    found.into_iter().find(|found| found.severity == Severity::Error).unwrap()
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

/// Characters before a formula on its line.
const FORMULA: usize = ".formula(\"".len();

/// Code, line and column of the first error about a formula.
fn finding(formula: &str) -> (String, usize, usize) {
    let inputs = r#".input("a", count("A")).input("b", count("B")).input("co", yes_no("Có"))"#;
    let found = run::compile(&script(&format!("{inputs}\n.formula(\"{formula}\")")));
    let found = found.map_or_else(|found| found, |compiled| compiled.warnings);
    let first = found.into_iter().find(|found| found.severity == Severity::Error);
    first.map_or((String::new(), 0, 0), |found| (found.code, found.line, found.column - FORMULA))
}

#[track_caller]
fn check_finding(formula: &str, code: &str, column: usize) {
    assert_eq!(finding(formula), (code.into(), if code.is_empty() { 0 } else { 8 }, column), "{formula}");
}

#[test]
fn every_branch_has_a_type() {
    check_finding("if co { max } else { co }", "wrong-type", 22);
    check_finding("if a { max } else { 0 }", "wrong-type", 4);
    check_finding("if co { max }", "wrong-type", 1);
    check_finding("co * max", "wrong-type", 1);
    check_finding("a >= 4", "wrong-type", 3);
    check_finding("min(co, 1) * max", "wrong-type", 5);
    check_finding("if co == a { 1 } else { 0 }", "wrong-type", 10);
    check_finding("if a > 3 && b { 1 } else { 0 }", "wrong-type", 13);
    check_finding("steps(co, [[1, 1]]) * max", "wrong-type", 7);
    check_finding("steps(a, [[1, 0.5], [2, 1]]) * max", "unsorted-steps", 1);
    check_finding("switch a { 1 => max, _ => co }", "wrong-type", 27);
    check_finding("switch a { 1 => co * 2, _ => 0 }", "wrong-type", 17);
    check_finding("switch a { 1 => true, _ => false }", "wrong-type", 1);
    check_finding("switch a { 1..5 => max, _ => 0 }", "syntax", 13);
    check_finding("switch co { true => max, _ => switch a { -1 | 2.5 => 3, _ => 0 } }", "", 0);
    check_finding("if !co && a >= 4 || b < 2 { max } else if co { half(max) } else { -0 }", "", 0);
}

#[test]
fn a_call_is_checked_in_branches_that_no_edge_reaches() {
    check_finding("if a == 77 { rato(a, b) } else { 0 }", "unknown-function", 14);
    check_finding("if a == 77 { ratio(a) } else { 0 }", "wrong-arguments", 14);
    check_finding("if a == 77 { a.floor } else { 0 }", "not-allowed", 16);
    check_finding("if a == 77 { round(a) } else { 0 }", "unknown-function", 14);
    check_finding("if a == 77 { ratio(a, c) } else { 0 }", "unknown-name", 23);
}

#[test]
fn edges_that_leave_the_range_are_found() {
    check_finding("max + 0.01", "out-of-range", 1);
    check_finding("a - 1", "out-of-range", 1);
    check_finding("a / (b + 1) * max", "out-of-range", 1);
    check_finding("if co && a == 0 && b == 10 { 21 } else { 0 }", "out-of-range", 1);
    check_finding("min(1, a / b) * max", "", 0);
}

#[test]
fn edges_of_many_figures_are_tried_one_by_one() {
    let inputs: String = (0..12).map(|i| format!(".input(\"a{i}\", count(\"A\"))")).collect();
    let found = |formula: &str| {
        let compiled = run::compile(&script(&format!("{inputs}.formula(\"{formula}\")"))).unwrap();
        compiled.warnings.iter().any(|found| found.code == "out-of-range")
    };
    let sum = (1..12).map(|i| format!("a{i}")).collect::<Vec<_>>().join(" + ");
    assert!(found(&format!("min(20, {sum}) + (if a0 > 500 {{ 1 }} else {{ 0 }})")));
    assert!(!found(&format!("min(20, {sum} + a0)")));
}

#[test]
fn what_does_not_add_up_is_pointed_at() {
    let place = |from: &str, to: &str| {
        let found = first_error(run::compile(&script(".formula(\"max\")").replace(from, to)).unwrap_err());
        (found.code, found.line)
    };
    let mismatch = |line| ("sum-mismatch".to_string(), line);
    assert_eq!(place("total: 20", "total: 21"), mismatch(1));
    assert_eq!(place("\"Nhóm chung\", 20", "\"Nhóm chung\", 19"), mismatch(1), "the set comes first");
    assert_eq!(place("\"Hạ tầng số\", 20", "\"Hạ tầng số\", 19.99"), mismatch(4));
    assert_eq!(place("main_index(\"1\"", "main_index(\"1.1\""), ("duplicate-code".to_string(), 6));
    assert_eq!(place("\"Chỉ số\", 20", "\"Chỉ số\", 0"), mismatch(5));
    assert_eq!(place("param(\"chi_tieu_hop\"", "param(\"ccvc\""), ("duplicate-name".to_string(), 3));
}

#[test]
fn a_policy_the_set_does_not_have_is_refused() {
    let forbid = |chain: &str| {
        let source = script(chain).replace("not_applicable: true", "not_applicable: false");
        run::compile(&source).map_or_else(|found| first_error(found).code, |_| String::new())
    };
    assert_eq!(forbid(".formula(\"max\")"), "");
    assert_eq!(forbid(".not_applicable(true)"), "not-applicable-forbidden");
    assert_eq!(forbid(".zero(na)"), "not-applicable-forbidden");
    let forbidden_here = first_error(refused(".not_applicable(false).zero(na)"));
    assert_eq!(forbidden_here.code, "not-applicable-forbidden");
}

#[test]
fn what_nobody_reads_is_a_warning() {
    let compiled = run::compile(&script(".input(\"a\", count(\"A\")).formula(\"max\")")).unwrap();
    let codes: Vec<&str> = compiled.warnings.iter().map(|found| found.code.as_str()).collect();
    assert_eq!(codes, ["unread-param", "unread-fact", "unread-input", "no-case"]);
    assert!(compiled.warnings.iter().all(|found| found.severity == Severity::Warning && found.line > 0));
}

#[test]
fn a_loop_may_declare_what_repeats() {
    let source = script(".formula(\"max\")").replace("total: 20", "total: 30").replace("chung\", 20", "chung\", 30");
    let source = format!(
        "{source}\nmain_index(\"2\", \"M\", 10);\n\
         for i in 1..=5 {{ indicator(`2.${{i}}`, `Chỉ số ${{i}}`, 2).input(`co_${{i}}`, yes_no(\"Có\"))\
         .formula(`if co_${{i}} {{ max }} else {{ 0 }}`); }}"
    );
    let set = run::compile(&source).unwrap_or_else(|found| panic!("{found:#?}")).set;
    let names: Vec<&str> = set.main_index("2").unwrap().indicators.iter().map(|leaf| leaf.name.as_str()).collect();
    assert_eq!(names, ["Chỉ số 1", "Chỉ số 2", "Chỉ số 3", "Chỉ số 4", "Chỉ số 5"]);
}

#[test]
fn mistakes_in_declarations_are_told_in_words() {
    let told = |line: &str| {
        let found = run::compile(&format!("indicator_set(\"x\", #{{ name: \"X\", total: 1 }});\n{line}")).unwrap_err();
        (found[0].line, found[0].message.clone())
    };
    for line in [
        "indicatr(\"1\", \"A\", 1);",
        "main_index(\"1\", \"A\", 1);",
        "group(\"g\", \"A\", \"một\");",
        "fact(\"Tổng số\", count(\"A\"));",
        "fact(\"max\", count(\"A\"));",
        "fact(\"a\", level(\"A\", [[1.5, \"x\"]]));",
        "fact(\"a\", count(\"A\").by(\"ai\"));",
        "param(\"a\", \"bốn\");",
        "indicator_set(\"y\", #{ name: \"Y\", total: 1 });",
        "group(\"g\", \"A\" 1);",
        "group(\"g\", \"A, 1);",
    ] {
        let (at, message) = told(line);
        assert_eq!(at, 2, "{line}: {message}");
        assert!(!message.contains("Function") && !message.contains("(line"), "{message}");
    }
    assert!(told("indicatr(\"1\", \"A\", 1);").1.ends_with("Có phải “indicator”?"));
}

#[test]
fn a_case_names_only_what_is_declared() {
    let found = refused(".formula(\"max\").expect(\"sai tên\", #{ cccv: 1 }, invalid)");
    assert!(found.iter().any(|found| found.code == "unknown-name" && found.message.contains("cccv")), "{found:#?}");
}

#[test]
fn a_maximum_is_no_finer_than_the_rounding() {
    let source = script(".formula(\"max\")").replace("20", "20.005");
    let found = first_error(run::compile(&source).unwrap_err());
    assert_eq!((found.code.as_str(), found.line), ("too-precise", 6));
    run::compile(&source.replace("total: 20.005", "total: 20.005, round: 3")).unwrap();
}

#[test]
fn whose_the_self_score_is_is_declared_printed_and_compared() {
    let source = "indicator_set(\"a\", #{ name: \"A\", total: 10 });\ngroup(\"g\", \"G\", 10);\nmain_index(\"1\", \"M\", 10);\n\
                  indicator(\"1.1\", \"L\", 10).self_score(\"adjustable\");\n";
    let set = engine::run::compile(source).unwrap().set;
    let whose = |set: &engine::IndicatorSet| set.indicator("1.1").unwrap().self_score;
    assert_eq!(whose(&set), engine::SelfScore::Adjustable);
    assert_eq!(whose(&engine::run::compile(&engine::print(&set)).unwrap().set), engine::SelfScore::Adjustable);
    let mut computed = set.clone();
    computed.groups[0].main_indexes[0].indicators[0].self_score = engine::SelfScore::Computed;
    let changed = engine::diff::structure_changed(&computed, &set);
    assert_eq!(changed[0].text, "1.1: điểm tự chấm: theo công thức → đơn vị được tự chấm khác công thức");
    assert!(engine::print(&computed).find("self_score").is_none());
    assert!(engine::run::draft(&source.replace("adjustable", "free")).set.is_none());
}

#[test]
fn what_a_score_must_come_with_is_declared_printed_and_compared() {
    let source = "indicator_set(\"a\", #{ name: \"A\", total: 10 });\ngroup(\"g\", \"G\", 10);\nmain_index(\"1\", \"M\", 10);\n\
                  indicator(\"1.1\", \"L\", 10).evidence_required(true).explanation_minimum(50);\n";
    let set = engine::run::compile(source).unwrap().set;
    let proof = set.indicator("1.1").unwrap().proof;
    assert_eq!((proof.evidence, proof.explanation), (true, 50));
    assert_eq!(engine::run::compile(&engine::print(&set)).unwrap().set.indicator("1.1").unwrap().proof, proof);
    assert!(proof.is_met(1, 50) && !proof.is_met(0, 500) && !proof.is_met(3, 49));
    let none = engine::Proof::default();
    assert!(none.is_met(1, 0) && none.is_met(0, 1) && !none.is_met(0, 0));
    let mut bare = set.clone();
    bare.groups[0].main_indexes[0].indicators[0].proof = none;
    assert_eq!(engine::diff::diff(&bare, &set).len(), 1);
    let refused = engine::run::draft(&source.replace("50", "9000"));
    assert!(refused.set.is_none());
}
