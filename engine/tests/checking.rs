//! What the static checks find in a set, and what they leave alone.
#![cfg(feature = "run")]
#![allow(clippy::unwrap_used)]

use engine::Severity;
use engine::run::draft;

const SCRIPT: &str = r#"indicator_set("vi-du", #{ name: "Ví dụ", total: 20, bands: [#{ name: "Tốt", from: 80 }, #{ name: "Khá", from: 65 }] });
group("chung", "Nhóm chung", 20);
main_index("1", "Hạ tầng số", 20);
indicator("1.1", "Máy tính", 20)
    .input("cap", level("Cấp", [[1, "có"], [0, "không"]])).input("so", count("Số máy"))
    .formula("if cap == 1 { min(1, so / 10) * max } else { 0 }")
    .expect("đủ", #{ cap: 1, so: 10 }, 20).expect("không", #{ cap: 0, so: 1 }, 0);
"#;

/// Code, severity and line of everything found after one change.
fn found(from: &str, to: &str) -> Vec<(String, Severity, usize)> {
    assert!(SCRIPT.contains(from), "{from}");
    let found = draft(&SCRIPT.replace(from, to)).found;
    found.into_iter().map(|found| (found.code, found.severity, found.line)).collect()
}

#[track_caller]
fn check_error(from: &str, to: &str, code: &str, line: usize) {
    assert_eq!(found(from, to), [(code.to_string(), Severity::Error, line)], "{to}");
}

#[track_caller]
fn check_warning(from: &str, to: &str, code: &str, line: usize) {
    assert_eq!(found(from, to), [(code.to_string(), Severity::Warning, line)], "{to}");
}

#[test]
fn a_sound_set_is_silent() {
    assert_eq!(found("Máy tính", "Máy tính"), []);
    assert_eq!(found("\"1.1\"", "\"Ab_1-2.Z\""), []);
    assert_eq!(found("from: 65", "from: 65.5"), []);
    assert_eq!(found("from: 80", "from: 50"), [], "from the lowest up");
}

#[test]
fn a_code_has_plain_characters() {
    check_error("\"1.1\"", "\"1 1\"", "bad-code", 4);
    check_error("\"1.1\"", "\"1.á\"", "bad-code", 4);
    check_error("\"1.1\"", "\"\"", "bad-code", 4);
    check_error("\"1.1\"", "\"123456789012345678901\"", "bad-code", 4);
    assert_eq!(found("\"1.1\"", "\"12345678901234567890\""), []);
    check_error("\"1\"", "\"I/\"", "bad-code", 3);
    check_error("20)\n    .input(\"cap\"", "20).key(\"khóa\")\n    .input(\"cap\"", "bad-code", 4);
    check_error("\"vi-du\"", "\"Vi-du\"", "bad-code", 1);
    check_error("\"chung\"", "\"nhóm chung\"", "bad-code", 2);
    check_error("\"chung\"", &format!("\"{}\"", "a".repeat(61)), "bad-code", 2);
    let told = &draft(&SCRIPT.replace("\"1.1\"", "\"1 1\"")).found[0];
    assert!(told.message.contains("“1 1”") && told.message.contains("gạch nối"), "{}", told.message);
}

#[test]
fn everything_people_choose_has_a_name() {
    check_error("[0, \"không\"]", "[0, \" \"]", "no-name", 4);
    check_error("\"Khá\"", "\"\"", "no-name", 1);
    check_error("\"Máy tính\"", "\"\"", "no-name", 4);
    check_error("\"Hạ tầng số\"", "\" \"", "no-name", 3);
    check_error("\"Nhóm chung\"", "\"\"", "no-name", 2);
    check_error("\"Ví dụ\"", "\"\"", "no-name", 1);
    check_warning("count(\"Số máy\")", "count(\"Cấp\")", "duplicate-label", 4);
    check_warning("[0, \"không\"]", "[0, \"không\"], [0, \"chưa\"]", "duplicate-choice", 4);
}

#[test]
fn points_stay_in_bounds() {
    let with = |points: &str| {
        let set = SCRIPT
            .replace("total: 20", &format!("total: {points}, round: 4"))
            .replace(", 20)", &format!(", {points})"));
        let set = set.replace("so: 10 }, 20)", &format!("so: 10 }}, {points})"));
        draft(&set).found.into_iter().map(|found| (found.code, found.line)).collect::<Vec<_>>()
    };
    let all_of = |code: &str| [1, 2, 3, 4].map(|line| (code.to_string(), line)).to_vec();
    assert_eq!(with("1000000"), []);
    assert_eq!(with("1000000.0001"), all_of("bad-points"));
    assert_eq!(with("0.1234"), []);
    assert_eq!(with("0.12345").iter().filter(|(code, _)| code == "bad-points").count(), 4);
}

#[test]
fn bands_stand_in_order() {
    check_error("from: 65", "from: 80", "unsorted-bands", 1);
    let third = "from: 65 }, #{ name: \"Trung bình\", from: 70";
    check_error("from: 65", third, "unsorted-bands", 1);
    check_error("from: 80", "from: 100.5", "unsorted-bands", 1);
}

#[test]
fn cases_are_there_and_each_says_something() {
    check_warning(
        "expect(\"không\", #{ cap: 0, so: 1 }, 0)",
        "expect(\"đủ\", #{ so: 10, cap: 1 }, 20).expect(\"không\", #{ cap: 0, so: 1 }, 0)",
        "duplicate-case",
        4,
    );
    let none = SCRIPT.split("\n    .expect").next().unwrap().to_string() + ";";
    let found = draft(&none).found;
    assert_eq!(found.iter().map(|found| found.code.as_str()).collect::<Vec<_>>(), ["no-case"]);
    let by_hand = SCRIPT.split("\n    .input").next().unwrap().to_string() + ";";
    assert_eq!(draft(&by_hand).found, []);
}

/// Whether the formula is found to leave 0..max.
fn leaves_the_range(formula: &str) -> bool {
    let source = SCRIPT.replace("if cap == 1 { min(1, so / 10) * max } else { 0 }", formula);
    draft(&source).found.iter().any(|found| found.code == "out-of-range")
}

#[test]
fn both_sides_of_a_threshold_are_edges() {
    assert!(leaves_the_range("if cap == 1 && so == 77 { 21 } else { 0 }"));
    assert!(leaves_the_range("if cap == 1 && so > 76 && so < 78 { 21 } else { 0 }"));
    assert!(leaves_the_range("if cap == 1 && 77 == so { 21 } else { 0 }"));
    assert!(leaves_the_range("cap * steps(so, [[5000, 0], [333, 1.1]]) * max"));
    assert!(leaves_the_range(
        "cap * steps(so, [[77, 0]]) * max + (if so > max + 56 && so < max + 58 { 21 } else { 0 })"
    ));
    assert!(leaves_the_range("if cap == 1 && so > 77 && so + 0 < 79 { 21 } else { 0 }"));
    assert!(leaves_the_range("if cap == 1 && so < 77 && so + 0 > 75 { 21 } else { 0 }"));
    assert!(!leaves_the_range("if cap == 1 && so == 77 { 20 } else { 0 }"));
}

#[test]
fn mistakes_are_told_before_what_is_odd_where_there_are_too_many() {
    let odd: String = (0..600).map(|at| format!("param(\"p{at}\", 1);\n")).collect();
    let source = SCRIPT.replace("group(", &format!("{odd}group(")).replace("{ 0 }", "{ 21 }");
    let found = draft(&source).found;
    assert_eq!(found.len(), 500);
    assert_eq!(found.last().map(|found| found.severity), Some(Severity::Error));
}
