//! Entries of the audit log in words: what they are about, and what their detail says, without ids and codes.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use tenants::audit::Entry;
use tenants::paths;
use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use uuid::Uuid;

use crate::format;
use crate::text::{t, t_if};

/// Names by id.
pub type Names = BTreeMap<Uuid, String>;

/// Texts that hold a code of ours, by the name of the field, and the texts that say them.
const CODES: [(&str, &str); 11] = [
    ("decision", "decision-"),
    ("role", "role-"),
    ("ground", "claim-"),
    ("from", "stage-"),
    ("to", "stage-"),
    ("kind", "kind-"),
    ("authority_kind", "authority-kind-"),
    ("reason_code", "reason-"),
    ("side", "side-"),
    ("seat", "seat-"),
    ("per", "sample-per-"),
];

/// How a moment stands in a detail.
const MOMENT: &[BorrowedFormatItem<'_>] = format_description!(
    "[year]-[month]-[day] [hour padding:none]:[minute]:[second].[subsecond] [offset_hour sign:mandatory]:[offset_minute]:[offset_second]"
);

/// What the entry was done to, and where it is looked at.
pub fn subject(entry: &Entry, names: &Names) -> Option<(String, Option<String>)> {
    let id = &entry.subject_id;
    let name = names.get(&id.parse().ok()?)?.clone();
    let link = match entry.subject_kind.as_str() {
        "sheet" => Some(paths::sheet(id.parse().ok()?)),
        "period" => Some(paths::year(id.parse().ok()?)),
        "set" => Some(paths::set(id.parse().ok()?)),
        _ => None,
    };
    Some((name, link))
}

/// The detail, one line a fact: its label and what it says. What says nothing to people (empty values, ids without a
/// name, fingerprints), or says once more what was said, is left out.
pub fn facts(detail: &Json, names: &Names) -> Vec<(String, String)> {
    let Json::Object(fields) = detail else { return Vec::new() };
    let told = |(key, value): (&String, &Json)| {
        let text = text(key, value, names)?;
        Some((t_if(&format!("fact-{}", key.replace('_', "-"))).unwrap_or_else(|| key.clone()), text))
    };
    let mut said: Vec<(String, String)> = Vec::new();
    for fact in fields.iter().filter_map(told) {
        if !said.iter().any(|(_, text)| *text == fact.1) {
            said.push(fact);
        }
    }
    said
}

fn text(key: &str, value: &Json, names: &Names) -> Option<String> {
    match value {
        Json::Null => None,
        Json::Bool(yes) => Some(if *yes { t("yes") } else { t("no") }),
        Json::Number(number) => Some(number.to_string()),
        Json::String(text) => word(key, text, names),
        Json::Array(items) => {
            if let Some(day) = ordinal(items) {
                return Some(format::date(day));
            }
            let items: Vec<String> = items.iter().filter_map(|item| self::text(key, item, names)).collect();
            (!items.is_empty()).then(|| items.join("; "))
        }
        Json::Object(fields) => {
            let told = |(name, value): (&String, &Json)| {
                let text = self::text(name, value, names)?;
                let known = name.parse().ok().and_then(|id: Uuid| names.get(&id).cloned());
                let label = known.or_else(|| t_if(&format!("fact-{}", name.replace('_', "-"))));
                Some(format!("{}: {text}", label.unwrap_or_else(|| name.clone())))
            };
            let parts: Vec<String> = fields.iter().filter_map(told).collect();
            (!parts.is_empty()).then(|| parts.join(", "))
        }
    }
}

/// A day as older entries hold it: the year and the day's number in it.
fn ordinal(items: &[Json]) -> Option<time::Date> {
    let [Json::Number(year), Json::Number(day)] = items else { return None };
    let (year, day) = (i32::try_from(year.as_i64()?).ok()?, u16::try_from(day.as_u64()?).ok()?);
    time::Date::from_ordinal_date(year, day).ok().filter(|day| (1900..2200).contains(&day.year()))
}

fn word(key: &str, text: &str, names: &Names) -> Option<String> {
    let fingerprint = text.len() == 64 && text.chars().all(|letter| letter.is_ascii_hexdigit());
    if text.is_empty() || fingerprint {
        return None;
    }
    if let Ok(id) = text.parse::<Uuid>() {
        return names.get(&id).cloned();
    }
    let code = CODES.iter().find(|(field, _)| *field == key);
    if let Some(said) = code.and_then(|(_, prefix)| t_if(&format!("{prefix}{text}"))) {
        return Some(said);
    }
    if let Ok(moment) = OffsetDateTime::parse(text, MOMENT) {
        return Some(format::moment(moment));
    }
    let day = time::Date::parse(text, format_description!("[year]-[month]-[day]"));
    Some(day.map_or_else(|_| text.to_owned(), format::date))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use time::macros::datetime;

    use super::*;

    #[test]
    fn a_detail_is_told_without_ids_and_codes() {
        let (unit, stranger) = (Uuid::now_v7(), Uuid::now_v7());
        let names = Names::from([(unit, "Sở Tài chính".to_owned())]);
        let until = datetime!(2026-02-05 16:59:59 UTC);
        let detail = json!({
            "units": { unit.to_string(): "accept" }, "account": stranger, "until": until.to_string(), "decision": "adjust",
            "sha256": "a".repeat(64), "reason": "", "day": "2026-02-17", "held_on": [2026, 324], "from": "self_assessment",
        });
        let told: BTreeMap<_, _> = facts(&detail, &names).into_iter().collect();
        let said: Vec<&str> = told.values().map(String::as_str).collect();
        let stage = t("stage-self_assessment");
        let decision = t("decision-adjust");
        for expected in ["Sở Tài chính: accept", "05/02/2026 23:59", "17/02/2026", "20/11/2026", &stage, &decision]
        {
            assert!(said.contains(&expected), "{expected} in {said:?}");
        }
        assert_eq!(said.len(), 6, "{said:?}");
    }
}
