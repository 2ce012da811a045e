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

/// `points` wins over `inputs`; `not_applicable` is an *accepted* N/A and wins over both. `own_points` are the unit's own
/// and need complete figures beside them; only an indicator whose self score is adjustable takes them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub inputs: BTreeMap<String, Value>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not_applicable: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_points: Option<Decimal>,
}

/// An entered value. JSON numbers, decimal strings and booleans; numbers are written back as strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    Bool(bool),
    Number(Decimal),
}

impl Serialize for Value {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Bool(yes) => serializer.serialize_bool(*yes),
            Value::Number(number) => serializer.collect_str(number),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
        use serde::de::Error;
        let raw = serde_json::Value::deserialize(deserializer)?;
        let number = |text: &str| {
            let exact = Decimal::from_str_exact(text).or_else(|_| Decimal::from_scientific(text));
            exact
                .map(|number| Value::Number(number.normalize()))
                .map_err(|_| D::Error::custom(format!("không phải số: {text}")))
        };
        match raw {
            serde_json::Value::Bool(yes) => Ok(Value::Bool(yes)),
            serde_json::Value::Number(literal) => number(&literal.to_string()),
            serde_json::Value::String(text) => number(&text),
            other => Err(D::Error::custom(format!("cần một số, chuỗi thập phân hoặc true/false, gặp {other}"))),
        }
    }
}
