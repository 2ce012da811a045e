//! Scores as JSON maps by code, in the set's order, while Rust keeps them in a list.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserializer, Serialize, Serializer};

use crate::scorecard::{IndicatorScore, MainIndexScore};

/// Something with a code of its own.
pub trait Coded {
    fn code(&self) -> &str;
    fn set_code(&mut self, code: String);
}

impl Coded for IndicatorScore {
    fn code(&self) -> &str {
        &self.code
    }

    fn set_code(&mut self, code: String) {
        self.code = code;
    }
}

impl Coded for MainIndexScore {
    fn code(&self) -> &str {
        &self.code
    }

    fn set_code(&mut self, code: String) {
        self.code = code;
    }
}

pub fn serialize<T: Coded + Serialize, S: Serializer>(items: &[T], serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(items.len()))?;
    for item in items {
        map.serialize_entry(item.code(), item)?;
    }
    map.end()
}

pub fn deserialize<'de, T: Coded + DeserializeOwned, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    deserializer.deserialize_map(InOrder(PhantomData))
}

struct InOrder<T>(PhantomData<T>);

impl<'de, T: Coded + DeserializeOwned> Visitor<'de> for InOrder<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map by code")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vec<T>, A::Error> {
        let mut items: Vec<T> = Vec::new();
        while let Some((code, mut item)) = map.next_entry::<String, T>()? {
            item.set_code(code);
            items.push(item);
        }
        // A store that sorts keys as text may have put "6.10" before "6.2".
        items.sort_by(|a, b| crate::code::compare(a.code(), b.code()));
        Ok(items)
    }
}
