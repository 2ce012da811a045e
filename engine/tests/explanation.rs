//! Every score tells how it came about: one line per shape of formula.
#![cfg(feature = "run")]
#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;

use engine::run::{Rules, compile};
use engine::{Answers, IndicatorScore};

const INPUTS: &str = r#"
    .input("a", count("Số đạt")).input("b", count("Tổng số")).input("giao", count("Chỉ tiêu giao").by("authority"))
    .input("co", yes_no("Có chuyên mục")).input("ty_le", percent("Tỷ lệ hài lòng")).input("phieu", count("Số phiếu"))
    .input("cap", level("Trưởng ban", [[2, "người đứng đầu"], [1, "cấp phó"], [0, "không có"]]))
"#;

/// The score of a formula over `a`, `b`, `co`, …, out of twenty points.
fn score(formula: &str, inputs: &str) -> IndicatorScore {
    let zero = if formula.contains("ratio") { ".zero(na)" } else { "" };
    let source = format!(
        "indicator_set(\"x\", #{{ name: \"x\", total: 20, not_applicable: true }}); param(\"nguong\", 0.05);\n\
         param(\"hop\", 4); group(\"g\", \"g\", 20); main_index(\"1\", \"m\", 20);\n\
         indicator(\"1.1\", \"x\", 20){INPUTS}.formula(\"{formula}\"){zero};"
    );
    let rules = Rules::new(compile(&source).unwrap_or_else(|found| panic!("{formula}: {found:#?}")).set).unwrap();
    let rest = r#""giao":8,"ty_le":85,"phieu":30"#;
    let answers: Answers =
        serde_json::from_str(&format!(r#"{{"answers":{{"1.1":{{"inputs":{{{inputs},{rest}}}}}}}}}"#)).unwrap();
    rules.score("1.1", &answers).unwrap()
}

#[test]
fn each_shape_of_formula_in_words() {
    let few = r#""a":48,"b":52,"co":true,"cap":2"#;
    let many = r#""a":60,"b":52,"co":false,"cap":1"#;
    let none = r#""a":0,"b":0,"co":false,"cap":0"#;
    let formulas = [
        "ratio(a, b) * max",
        "min(1, a / b) * max",
        "max * min(a / b, 1)",
        "share(a, b, nguong) * max",
        "min(1, a / b / 0.95) * max",
        "target(a, hop) * max",
        "min(1, a / 50) * max",
        "min(1, a / giao) * max",
        "survey(ty_le, phieu) * max",
        "ty_le / 100 * max",
        "min(100, ty_le) / 100 * max",
        "cap / 2 * max",
        "if co { max } else { 0 }",
        "if !co { 0 } else { half(max) }",
        "steps(a, [[50, 1], [10, 0.5]]) * max",
        "if a >= 50 { max } else if a >= 10 { max / 2 } else { 0 }",
        "if co && a > 50 || cap == 2 { max } else { max * 0.25 }",
        "min(max, a / 10 + (if co { 5 } else { 0 }))",
        "ratio(a, b) * 15 + (if co { 5 } else { 0 })",
        "a - b",
        "switch cap { 2.0 => max, 1.0 => max / 2, _ => 0 }",
        "(switch floor(a / 10) { 4 => 0.5, 5 | 6 => 1, _ => 0 }) * max",
        "switch co { true => ratio(a, b) * max, false => 1 }",
        "switch cap { 2 => max, 1 => 5, 0 => 0 }",
    ];
    let mut told = String::new();
    for formula in formulas {
        writeln!(told, "{formula}").unwrap();
        for inputs in [few, many, none] {
            let score = score(formula, inputs);
            let text = score.explanation.map(|explanation| explanation.text);
            let error = score.error.map(|error| error.message);
            let warned = if score.warnings.is_empty() { "" } else { " [cảnh báo]" };
            writeln!(told, "    {}{warned}", text.or(error).unwrap()).unwrap();
        }
    }
    insta::assert_snapshot!(told);
}

#[test]
fn everything_read_is_listed_with_its_source() {
    let score = score("share(a, b, nguong) * max", r#""a":48,"b":52,"co":true,"cap":2"#);
    insta::assert_json_snapshot!(score.explanation);
}
