//! The decision's tables and the shipped sets, as the tests read them.

use std::collections::HashMap;

use engine::IndicatorSet;
use engine::run::compile;

pub type Record = HashMap<String, String>;

pub fn table(name: &str) -> Vec<Record> {
    let path = format!("{}/data/{name}.csv", env!("CARGO_MANIFEST_DIR"));
    csv::Reader::from_path(path).unwrap().deserialize().collect::<Result<_, _>>().unwrap()
}

pub fn set(slug: &str) -> IndicatorSet {
    let source = seeds::SETS.iter().find(|shipped| shipped.slug == slug).unwrap().source;
    let compiled = compile(source).unwrap_or_else(|found| panic!("{slug}: {found:#?}"));
    assert!(compiled.warnings.is_empty(), "{slug}: {:#?}", compiled.warnings);
    compiled.set
}
