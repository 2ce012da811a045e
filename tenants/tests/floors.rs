//! The house of `tenants/src`, read from its `use` lines: modules import from the floors below, never in a circle, and a
//! table is written by one module. The lists of exceptions may only shrink.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// From the ground up. `files` and `year` are a floor and its only module.
const FLOORS: [&str; 7] = ["ground", "store", "files", "record", "act", "year", "read"];

/// `importer -> imported`, each with its reason.
const UPWARDS: [(&str, &str); 2] = [
    // `TenantHead` is what signing in and the operator's commands answer; both live with the database for now.
    ("store", "tenant"),
    // The worker reads workbooks as it reads sets and documents.
    ("indicator_sets", "workbook"),
];

/// `table: modules that write it`, where it is more than one.
const SHARED_TABLES: [(&str, &str); 8] = [
    // A draft of a year that is discarded takes with it what was entered in it.
    ("assessment_facts", "assessments year"),
    // The state of a sheet moves with the unit's acts, the council's and the year's.
    ("assessments", "appraisal assessments sheets year"),
    ("council_seats", "council year"),
    ("duties", "appraisal year"),
    // What the virus scanner found is kept with the file, and isolates the documents that show it.
    ("evidence_files", "evidence files"),
    // The first administrator of an authority is appointed by the operator.
    ("members", "members store"),
    // Announcing, ranking and the stages each write their own columns of a period.
    ("periods", "periods petitions ranking year"),
    ("row_clerks", "assessments year"),
];

struct Source {
    floor: &'static str,
    module: String,
    /// Without its own tests.
    text: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut all = Vec::new();
    for floor in FLOORS {
        let mut folders = vec![root.join(floor)];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                if entry.is_dir() {
                    folders.push(entry);
                    continue;
                }
                let inside = entry.strip_prefix(root.join(floor)).unwrap();
                let first = inside.components().next().unwrap().as_os_str().to_str().unwrap();
                let alone = ["store", "files", "year"].contains(&floor);
                let module = if alone { floor } else { first.trim_end_matches(".rs") };
                let text = std::fs::read_to_string(&entry).unwrap();
                let text = text.split("#[cfg(test)]\n").next().unwrap().to_owned();
                all.push(Source { floor, module: module.into(), text });
            }
        }
    }
    all
}

/// The modules a text names: `crate::a::…` and `use crate::{a, b::c}`.
fn named(text: &str) -> BTreeSet<String> {
    let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut all = BTreeSet::new();
    for (at, found) in text.match_indices("crate::") {
        let rest = &text[at + found.len()..];
        let Some(group) = rest.strip_prefix('{') else {
            all.insert(word(rest));
            continue;
        };
        let (mut depth, mut start) = (1, 0);
        for (at, character) in group.char_indices() {
            match character {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => (),
            }
            if (character == ',' && depth == 1) || depth == 0 {
                all.insert(word(group[start..at].trim()));
                start = at + 1;
            }
            if depth == 0 {
                break;
            }
        }
    }
    all
}

/// What each module imports, and the floor each stands on.
fn imports() -> (BTreeMap<String, BTreeSet<String>>, BTreeMap<String, usize>) {
    let sources = sources();
    let floor = |name: &str| FLOORS.iter().position(|floor| *floor == name).unwrap();
    let mut floors: BTreeMap<String, usize> = sources.iter().map(|s| (s.module.clone(), floor(s.floor))).collect();
    // The log and the cache stand in the store.
    let within = |name: String| if ["audit", "cache"].contains(&name.as_str()) { "store".to_owned() } else { name };
    let mut imports: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for source in &sources {
        let of = imports.entry(source.module.clone()).or_default();
        of.extend(named(&source.text).into_iter().map(within).filter(|name| *name != source.module));
    }
    floors.remove("mod");
    imports.values_mut().for_each(|of| of.retain(|name| floors.contains_key(name)));
    imports.remove("mod");
    (imports, floors)
}

#[test]
fn modules_import_from_the_floors_below() {
    let (imports, floors) = imports();
    assert!(floors.len() > 40, "the house was not read: {floors:?}");
    let pairs = imports.iter().flat_map(|(of, all)| all.iter().map(move |name| (of.as_str(), name.as_str())));
    let upwards: BTreeSet<(&str, &str)> = pairs.filter(|(of, name)| floors[*name] > floors[*of]).collect();
    assert_eq!(upwards, BTreeSet::from(UPWARDS), "imports from a floor above");
}

#[test]
fn no_modules_import_each_other() {
    let (imports, _) = imports();
    let mut left: BTreeMap<&str, BTreeSet<&str>> = imports
        .iter()
        .map(|(of, all)| (of.as_str(), all.iter().map(String::as_str).collect::<BTreeSet<_>>()))
        .collect();
    for (of, name) in UPWARDS {
        left.get_mut(of).unwrap().remove(name);
    }
    // Whatever imports nothing that is left is in no circle.
    loop {
        let free: Vec<&str> = left.iter().filter(|(_, all)| all.is_empty()).map(|(of, _)| *of).collect();
        if free.is_empty() {
            break;
        }
        left.retain(|of, _| !free.contains(of));
        left.values_mut().for_each(|all| all.retain(|name| !free.contains(name)));
    }
    assert!(left.is_empty(), "modules in a circle, or above one: {left:#?}");
}

#[test]
fn a_table_is_written_by_one_module() {
    let mut writers: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for source in sources() {
        let mut names: BTreeMap<String, String> = BTreeMap::new();
        for (at, found) in source.text.match_indices(" as ") {
            let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
            let before: String =
                source.text[..at].chars().rev().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            names.insert(word(&source.text[at + found.len()..]), before.chars().rev().collect());
        }
        for written in ["::ActiveModel {", "::Entity>()"] {
            for (at, _) in source.text.match_indices(written) {
                let before = &source.text[..at];
                let table: String = before.chars().rev().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let table: String = table.chars().rev().collect();
                let before = before.trim_end_matches(table.as_str());
                let is_write = written == "::ActiveModel {"
                    || ["update_many::<", "update_aside::<", "delete_many::<"]
                        .iter()
                        .any(|call| before.ends_with(call));
                if is_write && !before.ends_with("-> ") {
                    let table = names.get(&table).cloned().unwrap_or(table);
                    writers.entry(table).or_default().insert(source.module.clone());
                }
            }
        }
    }
    assert!(writers.len() > 30, "the tables were not read: {writers:?}");
    writers.retain(|_, modules| modules.len() > 1);
    let shared: Vec<(String, String)> =
        writers.into_iter().map(|(table, by)| (table, by.into_iter().collect::<Vec<_>>().join(" "))).collect();
    let known: Vec<(String, String)> = SHARED_TABLES.map(|(table, by)| (table.into(), by.into())).into();
    assert_eq!(shared, known, "tables written by several modules");
}
