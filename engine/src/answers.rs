//! What was entered for one unit: shared facts, and per indicator its inputs, an accepted N/A, or points given directly.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// One unit's answers. An indicator left out is pending.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answers {
    #[serde(default)]
    pub facts: BTreeMap<String, Value>,
    /// By indicator code.
    #[serde(default)]
    pub answers: BTreeMap<String, Answer>,
}

/// `points` wins over `inputs`; `not_applicable` is an *accepted* N/A and wins over both.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub inputs: BTreeMap<String, Value>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not_applicable: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<Decimal>,
}

/// An entered value. JSON numbers, decimal strings and booleans; numbers are written back as strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    Bool(bool),
    Number(Decimal),
}
