//! JSON of others, read strictly: objects where objects belong, each key once, and numbers as they are written.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use engine::Value;
use rust_decimal::Decimal;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;

/// What is wrong with a figure.
#[derive(Debug, PartialEq, Eq)]
pub enum Misfit {
    /// Neither a number nor yes or no.
    NotAFigure(String),
    /// More digits than a decimal has.
    TooLong(String),
}

/// An object; a list or a key twice is an error.
pub struct Object<T>(pub BTreeMap<String, T>);

/// An object whose values are still text.
pub type Raw = Object<Box<RawValue>>;

impl<T> Default for Object<T> {
    fn default() -> Self {
        Object(BTreeMap::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Unique(PhantomData))
    }
}

struct Unique<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Unique<T> {
    type Value = Object<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object {…}")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<T>, A::Error> {
        let mut all = BTreeMap::new();
        while let Some((key, value)) = map.next_entry::<String, T>()? {
            if all.insert(key.clone(), value).is_some() {
                return Err(A::Error::custom(format!("duplicate key \"{key}\"")));
            }
        }
        Ok(Object(all))
    }
}

/// A number, a decimal in quotes, or true or false.
pub fn figure(raw: &RawValue) -> Result<Value, Misfit> {
    if let Ok(yes) = serde_json::from_str(raw.get()) {
        return Ok(Value::Bool(yes));
    }
    number(raw).map(Value::Number)
}

/// A number or a decimal in quotes, exactly as written: 0.1 is a tenth.
pub fn number(raw: &RawValue) -> Result<Decimal, Misfit> {
    let text = serde_json::from_str::<String>(raw.get()).unwrap_or_else(|_| raw.get().into());
    if !is_number(&text) {
        return Err(Misfit::NotAFigure(text));
    }
    let exact = Decimal::from_str_exact(&text).or_else(|_| Decimal::from_scientific(&text));
    exact.map(|number| number.normalize()).map_err(|_| Misfit::TooLong(text))
}

/// "-12.5e3": digits around one dot, with a sign and an exponent if need be.
fn is_number(text: &str) -> bool {
    let unsigned = |text: &str| text.strip_prefix(['-', '+']).unwrap_or(text).to_string();
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (number, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let number = unsigned(number);
    let (whole, fraction) = number.split_once('.').unwrap_or((&number, "0"));
    are_digits(whole) && are_digits(fraction) && are_digits(&unsigned(exponent))
}
