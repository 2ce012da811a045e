//! Every test of the crate in one program: it is linked once.
#![allow(clippy::unwrap_used)]

mod appraisal;
mod assessments;
mod common;
mod council;
mod dates;
mod duties;
mod edition;
mod engine;
mod evidence;
mod floors;
mod group;
mod history;
mod improvement;
mod integrity;
mod legal_dates;
mod minutes;
mod once;
mod own_points;
mod pairs;
mod permissions;
mod plan;
mod policy;
mod properties;
mod renewal;
mod review;
mod rule_changes;
mod rules_worker;
mod safety;
mod samples;
mod scan;
mod seats;
mod second_year;
mod set_import;
mod signed;
mod statements;
mod store;
mod tampering;
mod turns;
mod workbook;
mod workshop;

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
