//! Formulas as forms and in words.
#![cfg(feature = "run")]
#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;

use engine::run::compile;
use engine::run::shapes::{Entry, FieldKind, Shape, forms, words};
use engine::{Formula, IndicatorSet};
use proptest::prelude::*;
use rust_decimal::Decimal;

fn seed(file: &str) -> IndicatorSet {
    let path = format!("{}/../seeds/sets/{file}.rhai", env!("CARGO_MANIFEST_DIR"));
    compile(&std::fs::read_to_string(path).unwrap()).unwrap_or_else(|found| panic!("{found:#?}")).set
}

#[test]
fn every_shipped_formula_in_words() {
    let mut told = String::new();
    for file in ["so-2022", "huyen-2022", "xa-vi-du"] {
        let set = seed(file);
        writeln!(told, "{}", set.name).unwrap();
        for leaf in set.indicators() {
            let text = words(leaf, &set).unwrap_or_else(|| panic!("{file} {}", leaf.code));
            writeln!(told, "{} {}\n    {text}", leaf.code, leaf.formula.as_ref().unwrap().text).unwrap();
        }
    }
    insta::assert_snapshot!(told);
}

const SCRIPT: &str = r#"
indicator_set("x", #{ name: "x", total: 20, not_applicable: true });
param("nguong", 0.05, "Ngưỡng chi"); param("hop", 4); fact("ccvc", count("Tổng số CCVC"));
group("g", "g", 20);
main_index("1", "m", 20);
indicator("1.1", "x", 20)
    .input("a", count("Số đạt")).input("b", count("Tổng số")).input("giao", count("Chỉ tiêu giao").by("authority"))
    .input("co", yes_no("Có chuyên mục")).input("du", yes_no("Đủ tin bài")).input("ty_le", percent("Tỷ lệ hài lòng"))
    .input("phieu", count("Số phiếu")).input("cap", level("Trưởng ban", [[2, "người đứng đầu"], [1, "cấp phó"], [0, "không có"]]));
"#;

/// A set of one indicator with this formula.
fn with(formula: &str) -> IndicatorSet {
    let mut set = compile(SCRIPT).unwrap().set;
    let leaf = &mut set.groups[0].main_indexes[0].indicators[0];
    leaf.formula = Some(Formula { text: formula.into(), line: 1, column: 1 });
    leaf.zero = engine::ZeroRule::NotApplicable;
    set
}

fn told(formula: &str) -> Option<String> {
    let set = with(formula);
    words(set.indicator("1.1").unwrap(), &set)
}

#[test]
fn each_spelling_in_words() {
    let formulas = [
        "ratio(a, ccvc) * max",
        "min(1, a / b) * max",
        "max * min(a / b, 1)",
        "share(a, b, nguong) * max",
        "share(a, b, giao) * max",
        "min(1, a / b / 0.95) * max",
        "target(a, hop) * max",
        "target(a, giao) * max",
        "target(a, hop * 2) * max",
        "min(1, a / 50) * max",
        "survey(ty_le, phieu) * max",
        "ty_le / 100 * max",
        "min(100, ty_le) / 100 * max",
        "cap / 2 * max",
        "if co { max } else { 0 }",
        "if !co { 0 } else { half(max) }",
        "if co { max } else if du { half(max) } else { 0 }",
        "(if co { 1 } else { 0.5 }) * max",
        "steps(a, [[50, 1], [10, 0.5]]) * max",
        "steps(a - b, [[50, 1], [0, 0.5]]) * max",
        "if a >= 50 { max } else if a >= 10 { max / 2 } else { 0 }",
        "if a >= 50 { max } else if b >= 10 { max / 2 } else { 0 }",
        "if co && a > 50 || cap == 2 { max } else { max * 0.25 }",
        "if (co || du) && !(a < b) { ratio(a, b) * max } else { if co == false { 1 } else { 2 } }",
        "if co { if du { max } else { 10 } } else { 0 }",
        "min(max, a / 10 + (if co { 5 } else { 0 }))",
        "ratio(a, b) * 15 + (if co { 5 } else { 0 })",
        "ratio(a, b) * 15 + ratio(b, a) * 5",
        "(1 - a / b) * max",
        "max(0, max - a * 2)",
        "a - b - (a - b)",
        "floor(a / 10) * 5",
        "switch cap { 2.0 => max, 1.0 => max / 2, _ => 0 }",
        "switch a { 2.0 => max, 1.0 => max / 2, _ => 0 }",
        "switch a { 2 | 3 => max, 3 => 1, 4 => ratio(a, b) * max, _ => if co { 5 } else { 0 } }",
        "(switch floor(a / 10) { 4 => 0.5, 5 => 1, _ => 0 }) * max",
        "switch co { true => max, _ => 5 }",
        "switch a > b { false => 0, true => max }",
        "switch cap { 2 => if a > 0 { max } else { 1 }, 1 | 0 | 9 => if co { 5 } else { 0 } }",
        "switch cap { 2 => a, _ => 0 }",
        "switch cap { 2 => a }",
        "switch a { 2 if co => max, _ => 0 }",
        "ratio(a, c) * max",
    ];
    let all = formulas.iter().fold(String::new(), |all, formula| {
        let text = told(formula).unwrap_or_else(|| "(không diễn đạt)".into());
        format!("{all}{formula}\n    {text}\n")
    });
    insta::assert_snapshot!(all);
}

#[test]
fn without_a_formula_points_are_given() {
    let mut set = with("0");
    set.groups[0].main_indexes[0].indicators[0].formula = None;
    assert_eq!(words(set.indicator("1.1").unwrap(), &set).unwrap(), "Chấm trực tiếp, tối đa 20 điểm.");
}

#[test]
fn every_shipped_formula_is_one_of_the_forms() {
    for file in ["so-2022", "huyen-2022", "xa-vi-du"] {
        for leaf in seed(file).indicators() {
            let text = &leaf.formula.as_ref().unwrap().text;
            let shape = Shape::read(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(&shape.write(), text);
        }
    }
}

fn name() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["a", "so_cuoc_hop", "tỷ_lệ", "x1", "ratio", "min", "_y"]).prop_map(String::from)
}

fn positive() -> impl Strategy<Value = Decimal> {
    (1i64..100_000, 0u32..4).prop_map(|(digits, scale)| Decimal::new(digits, scale).normalize())
}

fn entry(kind: FieldKind) -> BoxedStrategy<Entry> {
    let percent = (0i64..=10_000).prop_map(|hundredths| Decimal::new(hundredths, 2).normalize());
    let steps = prop::collection::btree_map(positive(), percent, 1..5)
        .prop_map(|steps| steps.into_iter().rev().collect::<Vec<_>>());
    match kind {
        FieldKind::YesNo | FieldKind::Figure => name().prop_map(Entry::Name).boxed(),
        FieldKind::Goal => prop_oneof![name().prop_map(Entry::Name), positive().prop_map(Entry::Number)].boxed(),
        FieldKind::Number => positive().prop_map(Entry::Number).boxed(),
        FieldKind::Steps => steps.prop_map(Entry::Steps).boxed(),
    }
}

/// Any form, filled in.
fn shape() -> impl Strategy<Value = Shape> {
    prop::sample::select(forms().collect::<Vec<_>>()).prop_flat_map(|form| {
        let entries: Vec<_> = form.fields.iter().map(|field| entry(field.kind)).collect();
        entries.prop_map(|entries| Shape { form: *form, entries })
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read(shape in shape()) {
        prop_assert_eq!(Shape::read(&shape.write()), Some(shape));
    }

    #[test]
    fn a_form_holds_its_shape(shape in shape()) {
        let values = shape.values();
        let form = shape.form;
        let asked: std::collections::BTreeSet<_> = form.fields.iter().map(|field| field.name).collect();
        prop_assert_eq!(&values.keys().copied().collect::<std::collections::BTreeSet<_>>(), &asked);
        prop_assert_eq!(Shape::fill(form.name, |field| values.get(field).cloned()), Ok(shape));
    }
}

#[test]
fn other_spellings_are_recognised() {
    let same = |text: &str, written: &str| {
        let found = Shape::read(text).map(|shape| shape.write());
        assert_eq!(found.as_deref(), Some(written), "{text}");
    };
    same("min(1, a / 4) * max", "target(a, 4) * max");
    same("max * min(a / b / 0.05, 1)", "share(a, b, 0.05) * max");
    same("if !co { 0 } else { max }", "if co { max } else { 0 }");
    same("if co { max } else if du { max / 2 } else { 0 }", "if co { max } else if du { half(max) } else { 0 }");
    same("if a >= 4 { max } else if a >= 2 { max * 0.5 } else { 0 }", "steps(a, [[4, 1], [2, 0.5]]) * max");
    same(" ratio( a,b )*max ", "ratio(a, b) * max");
}

#[test]
fn other_formulas_are_left_alone() {
    for text in [
        "",
        "max",
        "a + b",
        "ratio(a, b) * 15",
        "ratio(a + 1, b) * max",
        "ratio(max, b) * max",
        "min(1, a / b) * max",
        "target(a, 0) * max",
        "if co { max } else { 1 }",
        "if a > 4 { max } else { 0 }",
        "if a >= 4 { max } else if b >= 2 { half(max) } else { 0 }",
        "if a >= 2 { max } else if a >= 4 { half(max) } else { 0 }",
        "if a >= 2 { max / 3 } else { 0 }",
        "if co { max } else if du { max / 2.01 } else { 0 }",
        "ratio(a, b) * max; 1",
        "ratio(a",
        "đạt thì được điểm",
    ] {
        assert_eq!(Shape::read(text), None, "{text}");
    }
}

#[test]
fn a_form_says_what_is_missing() {
    let fill = |kind: &str, typed: &[(&str, &str)]| {
        let typed: std::collections::BTreeMap<&str, &str> = typed.iter().copied().collect();
        Shape::fill(kind, |field| typed.get(field).map(|text| text.to_string())).map(|shape| shape.write())
    };
    assert_eq!(fill("target", &[("value", " so_hop "), ("goal", "12,5")]), Ok("target(so_hop, 12.5) * max".into()));
    assert_eq!(
        fill("steps", &[("value", "x"), ("steps", "4: 100%\n\n2,5 : 50")]),
        Ok("steps(x, [[4, 1], [2.5, 0.5]]) * max".into())
    );
    let fields = |found: Result<String, Vec<(&'static str, &'static str)>>| {
        found.unwrap_err().into_iter().map(|(field, _)| field).collect::<Vec<_>>()
    };
    assert_eq!(fields(fill("ratio", &[("part", "a b")])), ["part", "whole"]);
    assert_eq!(fields(fill("target", &[("value", "a"), ("goal", "0")])), ["goal"]);
    assert_eq!(fields(fill("level", &[("input", "a"), ("highest", "-1")])), ["highest"]);
    for steps in ["", "4", "4: 101", "2: 50\n4: 100"] {
        assert_eq!(fields(fill("steps", &[("value", "a"), ("steps", steps)])), ["steps"], "{steps}");
    }
    assert_eq!(fields(fill("khac", &[])), ["kind"]);
}
