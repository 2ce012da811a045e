//! Every day and moment that reaches JSON says how it is written: no year and ordinal number, no nine numbers for a moment.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

/// The fields of types that are written or read as JSON and whose day or moment does not say how.
fn unsaid(source: &str) -> Vec<String> {
    let (mut serde, mut before, mut found) = (false, "", Vec::new());
    for line in source.lines().map(str::trim_end) {
        let words = line.trim();
        if line.starts_with("#[derive(") {
            serde = words.contains("Serialize");
        } else if line == "}" {
            serde = false;
        }
        let kind = words.split_once(": ").map_or("", |(_, kind)| kind.trim_end_matches(','));
        let kind = kind.trim_start_matches("Option<").trim_end_matches('>').trim_start_matches("time::");
        let dated = line.starts_with("    ") && words.ends_with(',') && matches!(kind, "Date" | "OffsetDateTime");
        if serde && dated && !before.contains("with = \"") {
            found.push(words.to_owned());
        }
        before = words;
    }
    found
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        match entry.is_dir() {
            true => sources(&entry, found),
            false if entry.extension().is_some_and(|kind| kind == "rs") => found.push(entry),
            false => {}
        }
    }
}

#[test]
fn every_day_and_moment_says_how_it_is_written() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for folder in ["tenants/src", "app/src", "app/islands/src", "engine/src"] {
        sources(&root.join(folder), &mut files);
    }
    assert!(files.len() > 200, "{}", files.len());
    // Sessions are read by nobody but their store.
    files.retain(|file| !file.ends_with("store/sessions/mod.rs"));
    let unsaid = |file: &PathBuf| {
        unsaid(&std::fs::read_to_string(file).unwrap())
            .into_iter()
            .map(|field| format!("{}: {field}", file.display()))
            .collect::<Vec<_>>()
    };
    let all: Vec<String> = files.iter().flat_map(unsaid).collect();
    assert!(all.is_empty(), "add #[serde(with = \"crate::dates\")] or rfc3339: {all:#?}");
}

#[test]
fn a_field_that_says_nothing_is_seen() {
    let source = "#[derive(Clone, Serialize)]\npub struct A {\n    #[serde(with = \"crate::dates\")]\n    on: Date,\n    pub until: Option<time::Date>,\n}\n#[derive(Clone)]\nstruct B {\n    at: OffsetDateTime,\n}\n";
    assert_eq!(unsaid(source), ["pub until: Option<time::Date>,"]);
}
