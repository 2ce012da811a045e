//! Cases offered to an author, and which branches the stored ones go through.
#![cfg(feature = "run")]
#![allow(clippy::unwrap_used)]

use engine::run::{Rules, draft};
use engine::{Case, Expected, Severity, Value, number};

/// A set with one indicator of twenty points, whose chain is `rest`.
fn script(rest: &str) -> String {
    format!(
        "indicator_set(\"vi-du\", #{{ name: \"Ví dụ\", total: 20, not_applicable: true }});\n\
         param(\"nguong\", 4, \"Ngưỡng\");\n\
         fact(\"ccvc\", count(\"Tổng số CCVC\"));\n\
         group(\"chung\", \"Nhóm chung\", 20);\n\
         main_index(\"1\", \"Hạ tầng số\", 20);\n\
         indicator(\"1.1\", \"Chỉ số\", 20)\n{rest};"
    )
}

fn rules(rest: &str) -> Rules {
    let drafted = draft(&script(rest));
    assert!(drafted.found.iter().all(|found| found.severity == Severity::Warning), "{:#?}", drafted.found);
    Rules::new(drafted.set.unwrap()).unwrap()
}

fn told(case: &Case) -> String {
    let value = |value: &Value| match value {
        Value::Bool(yes) => yes.to_string(),
        Value::Number(given) => number::trim(*given),
    };
    let inputs: Vec<String> = case.inputs.iter().map(|(name, given)| format!("{name}: {}", value(given))).collect();
    let expected = match case.expected {
        Expected::Points(points) => number::trim(points),
        Expected::NotApplicable => "na".into(),
        Expected::Invalid => "invalid".into(),
    };
    format!("{} ({}) = {expected}", case.name, inputs.join(", "))
}

fn suggested(rest: &str) -> Vec<String> {
    rules(rest).suggest_cases("1.1").iter().map(told).collect()
}

const COUNT: &str = r#".input("a", count("A"))"#;
const RATIO: &str = r#".input("a", count("A")).input("b", count("B")).formula("ratio(a, b) * max")"#;

#[test]
fn the_edges_of_a_ratio() {
    let expected = [
        "đạt điểm tối đa (a: 100, b: 100) = 20",
        "không có (a: 0, b: 100) = 0",
        "mẫu số bằng 0 (a: 0, b: 0) = invalid",
        "vượt 100% (a: 120, b: 100) = 20",
        "chưa nhập mẫu số (a: 100) = invalid",
    ];
    assert_eq!(suggested(RATIO), expected);
    assert_eq!(suggested(&format!("{RATIO}.zero(na)"))[2], "mẫu số bằng 0 (a: 0, b: 0) = na");
    let shared = r#".input("a", count("A")).formula("ratio(a, ccvc) * max")"#;
    assert_eq!(suggested(shared)[2], "mẫu số bằng 0 (a: 0, ccvc: 0) = invalid");
}

#[test]
fn both_sides_of_each_threshold() {
    let expected = [
        "đạt điểm tối đa (a: 4) = 20",
        "không có (a: 0) = 0",
        "dưới ngưỡng 4 (a: 3) = 10",
        "đúng ngưỡng 2 (a: 2) = 10",
        "dưới ngưỡng 2 (a: 1) = 0",
    ];
    assert_eq!(suggested(&format!("{COUNT}.formula(\"steps(a, [[4, 1], [2, 0.5]]) * max\")")), expected);
    assert_eq!(
        suggested(&format!("{COUNT}.formula(\"if a >= nguong {{ max }} else if 2.5 < a {{ 5 }} else {{ 0 }}\")")),
        [
            "đạt điểm tối đa (a: 4) = 20",
            "không có (a: 0) = 0",
            "dưới ngưỡng 4 (a: 3) = 5",
            "dưới ngưỡng 2,5 (a: 2) = 0"
        ]
    );
}

#[test]
fn both_sides_of_the_share_that_is_asked_for() {
    let chain = r#".input("a", money("A")).input("b", money("B")).formula("share(a, b, 0.3) * max")"#;
    let offered = suggested(&format!("{chain}.expect(\"đủ\", #{{ a: 30, b: 60 }}, 20)"));
    let expected = [
        "không có (a: 0, b: 100) = 0",
        "mẫu số bằng 0 (a: 0, b: 0) = invalid",
        "đúng ngưỡng 30% (a: 30, b: 100) = 20",
        "dưới ngưỡng 30% (a: 29, b: 100) = 19,33",
        "chưa nhập mẫu số (a: 100) = invalid",
    ];
    assert_eq!(offered, expected);
}

#[test]
fn each_choice_by_its_name() {
    let level = r#".input("m", level("Mức", [[2, "cao"], [1, "vừa"], [0, "thấp"]])).formula("m / 2 * max")"#;
    assert_eq!(suggested(level), ["cao (m: 2) = 20", "thấp (m: 0) = 0", "vừa (m: 1) = 10"]);
    let yes = r#".input("co", yes_no("Có")).formula("if co { max } else { 0 }")"#;
    assert_eq!(suggested(yes), ["có (co: true) = 20", "không (co: false) = 0"]);
}

#[test]
fn what_is_stored_is_not_offered_again() {
    let all = rules(RATIO).suggest_cases("1.1");
    let stored: String = all
        .iter()
        .map(|case| {
            let text = told(case);
            let (inputs, expected) = (text.split(['(', ')']).nth(1).unwrap(), text.rsplit(" = ").next().unwrap());
            format!(".expect(\"{}\", #{{ {inputs} }}, {expected})", case.name)
        })
        .collect();
    let rules = rules(&format!("{RATIO}{stored}"));
    assert!(rules.run_cases().iter().all(|result| result.passed), "{:#?}", rules.run_cases());
    assert_eq!(rules.suggest_cases("1.1"), []);
}

#[test]
fn what_is_offered_for_the_shipped_sets_passes() {
    for file in ["huyen-2022", "so-2022", "xa-vi-du"] {
        let path = format!("{}/../seeds/sets/{file}.rhai", env!("CARGO_MANIFEST_DIR"));
        let mut set = draft(&std::fs::read_to_string(path).unwrap()).set.unwrap();
        let rules = Rules::new(set.clone()).unwrap();
        let mut offered = 0;
        for leaf in
            set.groups.iter_mut().flat_map(|group| &mut group.main_indexes).flat_map(|main| &mut main.indicators)
        {
            let cases = rules.suggest_cases(&leaf.code);
            assert!(cases.len() <= 8);
            offered += cases.len();
            leaf.cases.extend(cases);
        }
        assert!(offered > 0);
        let set = draft(&engine::print(&set)).set.unwrap();
        let failed: Vec<_> = Rules::new(set).unwrap().run_cases().into_iter().filter(|case| !case.passed).collect();
        assert!(failed.is_empty(), "{failed:#?}");
    }
}

#[test]
fn nothing_is_offered_where_nothing_is_computed() {
    assert_eq!(suggested(r#".input("a", count("A"))"#), [""; 0]);
    assert_eq!(rules(RATIO).suggest_cases("9.9"), []);
}

/// Warnings of unreached branches: line, column inside the formula, the branch.
fn unreached(formula: &str, cases: &str) -> Vec<(usize, String)> {
    let chain = format!("{COUNT}.input(\"co\", yes_no(\"Có\"))\n.formula(\"{formula}\"){cases}");
    let found = draft(&script(&chain)).found.into_iter().filter(|found| found.code == "unreached-branch");
    found
        .map(|found| {
            assert_eq!((found.line, found.indicator.as_deref(), found.severity), (8, Some("1.1"), Severity::Warning));
            let name = found.message.split(['“', '”']).nth(1).unwrap().to_string();
            (found.column - ".formula(\"".len(), name)
        })
        .collect()
}

fn case(a: i64, co: bool) -> String {
    format!(".expect(\"{a} {co}\", #{{ a: {a}, co: {co} }}, 0)")
}

#[test]
fn a_branch_no_case_goes_through_is_pointed_at() {
    let formula = "if co { max } else if a >= 4 { half(max) } else { 0 }";
    let name = |column: usize, text: &str| (column, text.to_string());
    assert_eq!(unreached(formula, &case(0, true)), [name(20, "else if a >= 4")]);
    assert_eq!(unreached(formula, &case(0, false)), [name(9, "if co"), name(32, "if a >= 4")]);
    let both = format!("{}{}", case(5, false), case(5, true));
    assert_eq!(unreached(formula, &both), [name(51, "else, khi không phải a >= 4")]);
    assert_eq!(unreached(formula, &format!("{both}{}", case(1, false))), []);
}

#[test]
fn a_step_no_case_reaches_is_named_by_its_edges() {
    let formula = "(if co { 1 } else { 0 }) * steps(a, [[4, 1], [2, 0.5]]) * max";
    let found = unreached(formula, &format!("{}{}", case(2, true), case(3, false)));
    let names: Vec<&str> = found.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(names, ["từ 4 trở lên", "dưới 2"]);
}

#[test]
fn an_arm_no_case_takes_is_named_by_its_values() {
    let formula = "switch a { 2 | 1 => (if co { max } else { 1 }), 0.5 => 2, _ => 0 }";
    let name = |column: usize, text: &str| (column, text.to_string());
    let default = name(64, "switch a, khi không là giá trị nào ở trên");
    let found = unreached(formula, &case(1, false));
    assert_eq!(found, [name(30, "if co"), name(56, "switch a, khi 0.5"), default.clone()]);
    assert_eq!(unreached(formula, &case(7, false)), [name(22, "switch a, khi 2 | 1"), name(56, "switch a, khi 0.5")]);
}

#[test]
fn a_refused_case_goes_through_no_branch_and_a_zero_denominator_up_to_it() {
    let formula = "if a >= 4 { max } else { ratio(1, a) * max }";
    assert_eq!(unreached(formula, &format!("{}{}", case(5, true), case(-1, true))).len(), 1);
    assert_eq!(unreached(formula, &format!("{}{}", case(5, true), case(0, true))), []);
}

#[test]
fn coverage_counts_branches() {
    let formula = ".input(\"co\", yes_no(\"Có\")).formula(\"if co { max } else { 0 }\")";
    let count = |rest: &str| rules(rest).coverage().first().map(|found| (found.reached, found.all));
    assert_eq!(count(formula), Some((0, 2)));
    assert_eq!(count(&format!("{formula}.expect(\"có\", #{{ co: true }}, 20)")), Some((1, 2)));
    assert_eq!(count(RATIO), None);
}
