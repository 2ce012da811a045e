//! Every test of the crate in one program: it is linked once.
#![allow(clippy::unwrap_used)]

mod access;
mod addresses;
mod away;
mod common;
mod council;
mod deployment;
mod drafts;
mod formula_load;
mod injection;
mod portal;
mod post;
mod refused;
mod rules_cli;
mod scanning;
mod seats;
mod serve;
mod shell;
mod texts;
mod uploads;

#[test]
fn every_file_here_is_a_module_above() {
    let here = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests")).unwrap();
    for name in here.map(|file| file.unwrap().file_name().into_string().unwrap()) {
        let Some(name) = name.strip_suffix(".rs").filter(|name| *name != "all") else { continue };
        assert!(
            include_str!("all.rs").contains(&format!("mod {name};")),
            "tests/{name}.rs runs nowhere: add `mod {name};`"
        );
    }
}
