//! Scripts that mean harm: each ends in a diagnostic, quickly.
#![cfg(feature = "run")]
#![allow(clippy::unwrap_used)]

use std::path::PathBuf;
use std::time::{Duration, Instant};

use engine::{Formula, IndicatorSet, run};

fn scripts() -> Vec<PathBuf> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/hostile");
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    assert!(found.len() >= 20, "{}", found.len());
    found
}

/// The worker compiles on a stack of this size.
fn on_the_workers_stack(source: String) -> Result<run::Compiled, Vec<engine::Diagnostic>> {
    let thread = std::thread::Builder::new().stack_size(8 << 20).spawn(move || run::compile(&source));
    thread.unwrap().join().unwrap()
}

#[test]
fn every_hostile_script_ends_in_a_diagnostic() {
    for path in scripts() {
        let found = on_the_workers_stack(std::fs::read_to_string(&path).unwrap());
        let found = found.expect_err(&path.display().to_string());
        assert!(!found.is_empty() && !found[0].message.is_empty(), "{}", path.display());
        println!("{}: {}:{} {}", path.file_stem().unwrap().display(), found[0].line, found[0].column, found[0].message);
    }
}

#[test]
fn hostile_formulas_end_in_a_diagnostic() {
    let deep = format!("{}1{}", "(".repeat(3000), ")".repeat(3000));
    let long = format!("{}1", "1 + ".repeat(4000));
    let formulas = [
        "while true { 1 }",
        "loop { 1 }",
        "Fn(`x`)",
        "eval(`1`)",
        "this",
        "a.b.c",
        "`x` * 1",
        "[1][5]",
        "x",
        &deep,
        &long,
    ];
    for formula in formulas {
        let source = format!(
            "indicator_set(\"x\", #{{ name: \"x\", total: 1 }}); group(\"g\", \"g\", 1); main_index(\"1\", \"m\", 1);\n\
             indicator(\"1.1\", \"x\", 1).formula(\"{formula}\");"
        );
        assert!(on_the_workers_stack(source).is_err(), "{formula}");
    }
}

/// Sixty shared figures, and five kilobytes of formula that compare each of them with thresholds. As data: a script's texts
/// are shorter, a form's are not.
fn many_figures() -> IndicatorSet {
    let facts: String = (0..60).map(|at| format!("fact(\"f{at}\", count(\"Số {at}\"));\n")).collect();
    let source = format!(
        "indicator_set(\"x\", #{{ name: \"x\", total: 1 }}); {facts} group(\"g\", \"g\", 1); main_index(\"1\", \"m\", 1);\n\
         indicator(\"1.1\", \"x\", 1).formula(\"f0\").expect(\"a\", #{{ f0: 1 }}, 1);"
    );
    let mut set = run::draft(&source).set.unwrap();
    let term = |at: usize| {
        let (other, next) = ((at + 7) % 60, (at + 1) % 60);
        format!(
            "(if f{at} >= {} && f{other} < {} || f{next} > {} {{ ratio(f{at}, f{next}) }} else {{ 0.5 }})",
            at + 2,
            at * 3 + 40,
            at * 7 + 1000
        )
    };
    let mut terms: Vec<String> = (0..60).map(term).collect();
    while terms.len() > 1 {
        terms = terms.chunks(4).map(|four| format!("({})", four.join(" + "))).collect();
    }
    let text = format!("min(1, {} / 100) * max", terms[0]);
    assert!((4_500..8_000).contains(&text.len()), "{}", text.len());
    set.groups[0].main_indexes[0].indicators[0].formula = Some(Formula { text, line: 1, column: 1 });
    set
}

#[test]
fn a_long_formula_over_many_figures_is_tried_on_few_of_their_combinations() {
    let set = many_figures();
    let began = Instant::now();
    let found = run::check(&set);
    let rules = run::Rules::new(set).unwrap();
    rules.suggest_cases("1.1");
    rules.coverage();
    println!("{:?} {found:?}", began.elapsed());
    // All combinations would be a hundred thousand, half a minute.
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
}
