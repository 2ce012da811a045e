//! Days in JSON: "2026-11-20". Every field of a day says `#[serde(with = "crate::dates")]`, every optional one
//! `#[serde(with = "crate::dates::option", default)]`; a test holds it.
//!
//! What was stored before, a year and the day's number in it ("`[2026,324]`"), is read still.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serializer};
use time::Date;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Day(String),
    Ordinal(i32, u16),
}

pub fn serialize<S: Serializer>(day: &Date, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(day)
}

pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Date, D::Error> {
    read(Written::deserialize(from)?).map_err(D::Error::custom)
}

fn read(written: Written) -> Result<Date, String> {
    match written {
        Written::Day(text) => Date::parse(&text, DAY).map_err(|error| format!("{text}: {error}")),
        Written::Ordinal(year, day) => Date::from_ordinal_date(year, day).map_err(|error| error.to_string()),
    }
}

/// The same for a day that may be missing.
pub mod option {
    use super::{Date, Deserialize, Deserializer, Serializer, Written};
    use serde::de::Error as _;

    pub fn serialize<S: Serializer>(day: &Option<Date>, to: S) -> Result<S::Ok, S::Error> {
        match day {
            Some(day) => to.collect_str(day),
            None => to.serialize_none(),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Date>, D::Error> {
        Option::<Written>::deserialize(from)?.map(super::read).transpose().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use serde::Serialize;
    use time::macros::date;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Kept {
        #[serde(with = "crate::dates")]
        on: Date,
        #[serde(with = "crate::dates::option", default)]
        until: Option<Date>,
    }

    #[test]
    fn a_day_is_written_as_a_day_and_read_as_it_was_once_written() {
        let kept = Kept { on: date!(2022 - 10 - 31), until: Some(date!(2026 - 11 - 20)) };
        let text = r#"{"on":"2022-10-31","until":"2026-11-20"}"#;
        assert_eq!(serde_json::to_string(&kept).unwrap(), text);
        assert_eq!(serde_json::from_str::<Kept>(text).unwrap(), kept);
        assert_eq!(serde_json::from_str::<Kept>(r#"{"on":[2022,304],"until":[2026,324]}"#).unwrap(), kept);
        let open = Kept { until: None, ..kept };
        for text in [r#"{"on":"2022-10-31"}"#, r#"{"on":"2022-10-31","until":null}"#] {
            assert_eq!(serde_json::from_str::<Kept>(text).unwrap(), open);
        }
        assert!(serde_json::from_str::<Kept>(r#"{"on":"31/10/2022"}"#).is_err());
    }
}
