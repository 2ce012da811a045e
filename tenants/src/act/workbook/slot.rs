//! Where an answer stands: each has a name of its own, written into the workbook beside it.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The place of one answer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    /// A shared figure.
    Fact(String),
    /// A figure of an indicator, by code and name.
    Input(String, String),
    /// Points of the unit's own, where the set lets it enter some.
    Own(String),
    Explanation(String),
    /// Ground of the claim "không đánh giá".
    Ground(String),
    /// Its reason.
    Reason(String),
    /// The word that last year's figures are right.
    Confirm(String),
}

impl Slot {
    /// The indicator's code; `None` for a shared figure.
    pub fn code(&self) -> Option<&str> {
        match self {
            Slot::Fact(_) => None,
            Slot::Input(code, _)
            | Slot::Own(code)
            | Slot::Explanation(code)
            | Slot::Ground(code)
            | Slot::Reason(code)
            | Slot::Confirm(code) => Some(code),
        }
    }

    pub fn parse(text: &str) -> Option<Slot> {
        let (kind, rest) = text.split_once('/')?;
        let code = || Some(rest.to_owned());
        match kind {
            "fact" => code().map(Slot::Fact),
            "input" => rest.rsplit_once('/').map(|(code, name)| Slot::Input(code.into(), name.into())),
            "own" => code().map(Slot::Own),
            "explanation" => code().map(Slot::Explanation),
            "ground" => code().map(Slot::Ground),
            "reason" => code().map(Slot::Reason),
            "confirm" => code().map(Slot::Confirm),
            _ => None,
        }
    }
}

impl std::fmt::Display for Slot {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Slot::Fact(name) => write!(to, "fact/{name}"),
            Slot::Input(code, name) => write!(to, "input/{code}/{name}"),
            Slot::Own(code) => write!(to, "own/{code}"),
            Slot::Explanation(code) => write!(to, "explanation/{code}"),
            Slot::Ground(code) => write!(to, "ground/{code}"),
            Slot::Reason(code) => write!(to, "reason/{code}"),
            Slot::Confirm(code) => write!(to, "confirm/{code}"),
        }
    }
}

impl Serialize for Slot {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Slot {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Slot, D::Error> {
        let text = String::deserialize(from)?;
        Slot::parse(&text).ok_or_else(|| serde::de::Error::custom("not a slot"))
    }
}

/// Columns of the visible table, from 0; the first is hidden and names the row.
pub(super) mod column {
    pub const NAME: u16 = 0;
    pub const CODE: u16 = 1;
    pub const INDICATOR: u16 = 2;
    pub const MAXIMUM: u16 = 3;
    pub const LABEL: u16 = 4;
    pub const ANSWER: u16 = 5;
    pub const UNIT: u16 = 6;
    pub const LAST: u16 = 7;
    pub const POINTS: u16 = 8;
    pub const OWN: u16 = 9;
    pub const EXPLANATION: u16 = 10;
    pub const GROUND: u16 = 11;
    pub const REASON: u16 = 12;
    pub const CONFIRM: u16 = 13;
    pub const GUIDANCE: u16 = 14;
}

/// Names of the sheets: what people fill in, and what was there when they began.
pub(super) const TABLE: &str = "Phiếu";
pub(super) const BEFORE: &str = "thuoc";
/// In the first cell of the hidden sheet: what wrote it and how it is to be read.
pub(super) const FORMAT: &str = "thuoc-1";

/// The slots of a row of the table by its name in the first column, with the column each stands in. A row is named by its
/// figure's slot; the first of an indicator has its other answers too and a star before the name.
pub(super) fn slots(name: &str) -> Vec<(u16, Slot)> {
    let (first, name) = name.strip_prefix('*').map_or((false, name), |rest| (true, rest));
    let mut all = Vec::new();
    let code = match Slot::parse(name) {
        Some(slot) => {
            let code = slot.code().map(str::to_owned);
            all.push((column::ANSWER, slot));
            code
        }
        // An indicator that asks for no figures.
        None => name.strip_prefix("alone/").map(str::to_owned),
    };
    if let Some(code) = code.filter(|_| first) {
        all.push((column::OWN, Slot::Own(code.clone())));
        all.push((column::EXPLANATION, Slot::Explanation(code.clone())));
        all.push((column::GROUND, Slot::Ground(code.clone())));
        all.push((column::REASON, Slot::Reason(code.clone())));
        all.push((column::CONFIRM, Slot::Confirm(code)));
    }
    all
}

/// "F17", from 0.
pub(super) fn address(row: u32, column: u16) -> String {
    // The table ends before column Z.
    let letter =
        u8::try_from(column).ok().filter(|column| *column < 26).map_or('?', |column| char::from(b'A' + column));
    format!("{letter}{}", row + 1)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn each_slot_is_read_back_from_its_name() {
        let code = || "2.10".to_owned();
        let all = [
            Slot::Fact("ccvc".into()),
            Slot::Input(code(), "so_may".into()),
            Slot::Own(code()),
            Slot::Explanation(code()),
            Slot::Ground(code()),
            Slot::Reason(code()),
            Slot::Confirm(code()),
        ];
        for slot in all {
            assert_eq!(Slot::parse(&slot.to_string()).as_ref(), Some(&slot));
        }
        assert_eq!(slots("*input/1.1/a").len(), 6);
        assert_eq!(slots("input/1.1/b"), [(column::ANSWER, Slot::Input("1.1".into(), "b".into()))]);
        assert_eq!(slots("*alone/1.1").len(), 5);
        assert_eq!((slots("fact/x").len(), slots("anything").len()), (1, 0));
        assert_eq!(address(16, column::ANSWER), "F17");
    }
}
