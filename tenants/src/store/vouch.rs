//! Fingerprints of rows, by which the log vouches for what an act has written.
//!
//! A print is the SHA-256 over a row's columns, followed by four digits for each column, so that what differs can be named.
//! What is empty (nothing, no text, "no") is left out of the hash: a column added later leaves older prints valid.

use std::collections::BTreeMap;

use sea_orm::{ActiveModelTrait, EntityTrait, IdenStatic, Iterable, PrimaryKeyToColumn, Value};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{TenantEntity, TenantRow, sha256_hex};

/// Digits of the hash in front.
const HASH: usize = 64;
/// Digits of each column after it.
const EACH: usize = 4;
const EMPTY: &str = "----";

/// What the log says of a row: its print, or that it was taken away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Vouched {
    Print(String),
    Gone,
}

/// By table and key, e.g. "assessment_rows/{sheet}/1.1".
pub(crate) type Prints = BTreeMap<String, Vouched>;

/// The name of a row among prints: its table and its key without the tenant.
pub(crate) fn key<A: TenantRow>(row: &A) -> String {
    let parts = <<A as ActiveModelTrait>::Entity as EntityTrait>::PrimaryKey::iter()
        .map(PrimaryKeyToColumn::into_column)
        .filter(|column| A::Entity::is_vouched(*column))
        .map(|column| text(row.get(column).into_value()).unwrap_or_default());
    let parts: Vec<String> = std::iter::once(table::<A::Entity>().to_owned()).chain(parts).collect();
    parts.join("/")
}

pub(crate) fn table<E: TenantEntity>() -> &'static str {
    E::default().table_name()
}

pub(crate) fn print<A: TenantRow>(row: &A) -> String {
    let (mut whole, mut each) = (String::new(), String::new());
    for (name, text) in columns(row) {
        let Some(text) = text else {
            each.push_str(EMPTY);
            continue;
        };
        // Lengths keep two rows from hashing alike by moving text between columns.
        whole.push_str(&format!("{name}={}:{text}", text.len()));
        each.extend(sha256_hex(text.as_bytes()).chars().take(EACH));
    }
    format!("{}{each}", sha256_hex(whole.as_bytes()))
}

/// The columns in which a row is not what a print was taken of; none when it is. A print from before a column was added
/// cannot name them: then all are.
pub(crate) fn differing<A: TenantRow>(row: &A, kept: &str) -> Vec<&'static str> {
    let now = print(row);
    let (Some(was), Some(is)) = (kept.get(..HASH), now.get(..HASH)) else { return columns(row).map(first).collect() };
    if was == is {
        return Vec::new();
    }
    let digits = |print: &str, at: usize| print.get(HASH + at * EACH..HASH + (at + 1) * EACH).map(str::to_owned);
    let told: Vec<&'static str> = match kept.len() == now.len() {
        true => columns(row)
            .enumerate()
            .filter(|(at, _)| digits(kept, *at) != digits(&now, *at))
            .map(|(_, c)| c.0)
            .collect(),
        false => Vec::new(),
    };
    if told.is_empty() { columns(row).map(first).collect() } else { told }
}

fn first((name, _): (&'static str, Option<String>)) -> &'static str {
    name
}

/// What a row says, column by column, in the order the entity declares them.
pub(crate) fn columns<A: TenantRow>(row: &A) -> impl Iterator<Item = (&'static str, Option<String>)> {
    let all = <<A as ActiveModelTrait>::Entity as EntityTrait>::Column::iter();
    let vouched = all.filter(|column| A::Entity::is_vouched(*column));
    vouched.map(|column| (column.as_str(), text(row.get(column).into_value())))
}

/// One text for one value on both databases; `None` for what is empty.
fn text(value: Option<Value>) -> Option<String> {
    let text = match value? {
        Value::Bool(yes) => yes.filter(|yes| *yes).map(|_| "yes".to_owned()),
        Value::Int(number) => number.map(|number| number.to_string()),
        Value::BigInt(number) => number.map(|number| number.to_string()),
        Value::String(text) => text,
        Value::Uuid(id) => id.map(|id| id.to_string()),
        Value::Json(json) => json.filter(|json| !json.is_null()).map(|json| canonical(&json)),
        Value::TimeDate(day) => day.map(|day| day.to_string()),
        Value::TimeDateTimeWithTimeZone(at) => at.map(|at| at.unix_timestamp_nanos().to_string()),
        other => Some(format!("{other:?}")),
    };
    text.filter(|text| !text.is_empty())
}

/// One text for one JSON value, whatever order the database keeps an object's keys in.
pub(crate) fn canonical(value: &Json) -> String {
    match value {
        Json::Object(fields) => {
            let fields: BTreeMap<_, _> = fields.iter().collect();
            let parts: Vec<String> = fields.into_iter().map(|(k, v)| format!("{k:?}:{}", canonical(v))).collect();
            format!("{{{}}}", parts.join(","))
        }
        Json::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        plain => plain.to_string(),
    }
}
