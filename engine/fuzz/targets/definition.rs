//! Any text as a definition script: a set or diagnostics, never a panic, and what it declares prints to a script that
//! declares the same.
#![no_main]

libfuzzer_sys::fuzz_target!(|source: &str| {
    let Some(set) = engine::run::draft(source).set else { return };
    let printed = engine::print(&set);
    let again = engine::run::draft(&printed).set.expect("what was printed reads again");
    assert_eq!(engine::print(&again), printed);
});
