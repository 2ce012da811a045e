//! A unit's answers as JSON, figure by figure: all that does not fit is named at once.

use std::collections::BTreeMap;

use engine::{Answer, Answers, Value};
use rust_decimal::Decimal;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::json::{self, Misfit, Object, Raw};

/// Answers from JSON; what does not fit is named by indicator and figure.
pub fn parse(text: &str) -> Result<Answers, Vec<String>> {
    let mut parts: Raw = serde_json::from_str(text).map_err(|cause| vec![malformed("", cause)])?;
    let mut found = Vec::new();
    let facts = take(&mut parts, "facts", "", &mut found);
    let given: Object<Box<RawValue>> = take(&mut parts, "answers", "", &mut found);
    let facts = figures("facts", facts, &mut found);
    let answers = given.0.into_iter().map(|(code, raw)| {
        let answer = answer(&code, &raw, &mut found);
        (code, answer)
    });
    let answers = Answers { facts, answers: answers.collect() };
    found.extend(strangers("", &parts));
    if found.is_empty() { Ok(answers) } else { Err(found) }
}

fn answer(code: &str, raw: &RawValue, found: &mut Vec<String>) -> Answer {
    let mut parts: Raw = match serde_json::from_str(raw.get()) {
        Ok(parts) => parts,
        Err(cause) => {
            found.push(malformed(code, cause));
            return Answer::default();
        }
    };
    let inputs = take(&mut parts, "inputs", code, found);
    let not_applicable = take(&mut parts, "not_applicable", code, found);
    let points = number(&mut parts, "points", code, found);
    let own_points = number(&mut parts, "own_points", code, found);
    found.extend(strangers(code, &parts));
    Answer { inputs: figures(code, inputs, found), not_applicable, points, own_points }
}

fn number(parts: &mut Raw, name: &str, code: &str, found: &mut Vec<String>) -> Option<Decimal> {
    let given: Option<Box<RawValue>> = take(parts, name, code, found);
    given.and_then(|raw| match json::number(&raw) {
        Ok(number) => Some(number),
        Err(misfit) => {
            found.push(told(code, name, "malformed", misfit));
            None
        }
    })
}

/// A part of an object, or its default where it is left out.
pub fn take<T: DeserializeOwned + Default>(parts: &mut Raw, name: &str, about: &str, found: &mut Vec<String>) -> T {
    let Some(raw) = parts.0.remove(name) else { return T::default() };
    serde_json::from_str(raw.get()).unwrap_or_else(|cause| {
        let about = if about.is_empty() { name.into() } else { format!("{about}: {name}") };
        found.push(malformed(&about, cause));
        T::default()
    })
}

fn figures(about: &str, given: Raw, found: &mut Vec<String>) -> BTreeMap<String, Value> {
    let mut all = BTreeMap::new();
    for (name, raw) in given.0 {
        match json::figure(&raw) {
            Ok(value) => drop(all.insert(name, value)),
            Err(misfit) => found.push(told(about, &name, "wrong_type", misfit)),
        }
    }
    all
}

/// What an object says that nobody asked for.
pub fn strangers(about: &str, parts: &Raw) -> Vec<String> {
    let about = if about.is_empty() { String::new() } else { format!("{about}: ") };
    parts.0.keys().map(|name| format!("error[malformed] {about}unknown field \"{name}\"")).collect()
}

pub fn malformed(about: &str, cause: serde_json::Error) -> String {
    if about.is_empty() { format!("error[malformed] {cause}") } else { format!("error[malformed] {about}: {cause}") }
}

pub fn told(about: &str, name: &str, kind: &str, misfit: Misfit) -> String {
    match misfit {
        Misfit::NotAFigure(text) => {
            format!("error[{kind}] {about}: {name}: cần một số, chuỗi thập phân hoặc true/false, gặp {text}")
        }
        Misfit::TooLong(text) => {
            format!("error[out_of_range] {about}: {name}: số quá lớn hoặc quá nhiều chữ số: {text}")
        }
    }
}
