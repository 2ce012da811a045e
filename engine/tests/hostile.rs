//! Scripts that mean harm: each ends in a diagnostic, quickly.
#![cfg(feature = "run")]
#![allow(clippy::unwrap_used)]

use std::path::PathBuf;

use engine::run;

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
