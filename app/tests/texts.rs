//! The words on screen: both languages say the same things, and nothing is asked for that is not there.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use app::text::{Lang, keys};

#[test]
fn both_languages_have_the_same_texts() {
    assert_eq!(keys(Lang::Vi), keys(Lang::En));
    assert!(keys(Lang::Vi).len() > 50, "the texts are not found");
}

#[test]
fn no_text_is_there_twice() {
    for lang in Lang::ALL {
        let unique: BTreeSet<_> = keys(lang).iter().collect();
        assert_eq!(unique.len(), keys(lang).len(), "{}: {:?}", lang.code(), twice(keys(lang)));
    }
}

#[test]
fn both_languages_fill_in_the_same_variables() {
    let (vi, en) = (variables("vi"), variables("en"));
    let differing: Vec<_> = vi.iter().filter(|(key, names)| en.get(*key) != Some(*names)).collect();
    assert!(differing.is_empty(), "{differing:?}");
}

#[test]
fn every_text_asked_for_exists() {
    let known: BTreeSet<_> = keys(Lang::Vi).iter().map(String::as_str).collect();
    let mut missing = Vec::new();
    for folder in ["src", "islands/src"] {
        for file in files(&here(folder), "rs") {
            let source = code(&fs::read_to_string(&file).unwrap());
            let asked = ["t(\"", "t_with(\"", "texts.get(\"", "texts.with(\""]
                .into_iter()
                .flat_map(|call| literals(&source, call));
            missing.extend(asked.filter(|key| !known.contains(key)).map(|key| format!("{}: {key}", file.display())));
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_deed_in_the_audit_log_has_its_words() {
    let known: BTreeSet<_> = keys(Lang::Vi).iter().map(String::as_str).collect();
    let mut deeds = BTreeSet::new();
    for file in files(&here("../tenants/src"), "rs") {
        let source = code(&fs::read_to_string(&file).unwrap());
        deeds.extend(literals(&source, "action: \"").map(|deed| format!("audit-{}", deed.replace('.', "-"))));
    }
    assert!(deeds.len() > 20, "the deeds are not found");
    let missing: Vec<_> = deeds.iter().filter(|key| !known.contains(key.as_str())).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

/// Without comments and unit tests.
fn code(source: &str) -> String {
    let shipped = source.split("#[cfg(test)]").next().unwrap();
    shipped.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The string literals directly behind a call, where the call is not the tail of a longer name.
fn literals<'a>(source: &'a str, call: &'a str) -> impl Iterator<Item = &'a str> {
    source.match_indices(call).filter_map(move |(at, _)| {
        let before = source[..at].chars().next_back();
        let whole = !before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_' || letter == '.');
        whole.then(|| source[at + call.len()..].split('"').next()).flatten()
    })
}

fn twice(sorted: &[String]) -> Vec<&String> {
    sorted.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| &pair[0]).collect()
}

/// Message key to the variables it reads.
fn variables(lang: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut key = String::new();
    for file in files(&here("locales").join(lang), "ftl") {
        for line in fs::read_to_string(file).unwrap().lines().filter(|line| !line.starts_with('#')) {
            if let Some((name, _)) =
                line.split_once(" =").filter(|_| line.starts_with(|first: char| first.is_alphabetic()))
            {
                key = name.to_owned();
            }
            let names =
                line.split('$').skip(1).map(|rest| rest.split(|end: char| !end.is_alphanumeric()).next().unwrap());
            found.entry(key.clone()).or_default().extend(names.map(str::to_owned));
        }
    }
    found
}

fn here(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|ending| ending == extension) {
            found.push(path);
        }
    }
    found
}
