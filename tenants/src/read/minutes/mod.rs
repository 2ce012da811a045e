//! The council in session ("phiên họp Hội đồng thẩm định"): who was there, what was voted on, what was concluded. The
//! minutes ("biên bản") are written from this and from what the council has decided so far.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};

use crate::ids::{CouncilSessionId, PeriodId, SeatId};
use crate::periods::PeriodHead;
use crate::ranking::GroupRanking;
use crate::seats::{CouncilDecision, Seat, SeatKind};

/// A session in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SessionHead {
    pub id: CouncilSessionId,
    #[serde(with = "crate::dates")]
    pub held_on: Date,
    pub place: String,
    pub votes: u32,
    /// Nothing of it can be changed any more.
    pub sealed: bool,
}

/// What the secretary writes. Present and absent: one person a line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Written {
    #[serde(with = "crate::dates")]
    pub held_on: Date,
    pub place: String,
    pub chair: String,
    pub secretary: String,
    pub present: String,
    pub absent: String,
    pub proceedings: String,
    pub conclusion: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Session {
    pub id: CouncilSessionId,
    pub period: PeriodHead,
    pub written: Written,
    pub votes: Vec<Vote>,
    /// Sent back when writing.
    pub revision: i64,
    pub written_by: String,
    #[serde(with = "time::serde::rfc3339")]
    pub written_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    pub sealed_at: Option<OffsetDateTime>,
    pub sealed_by: Option<String>,
    /// This caller may write and vote now.
    pub may_write: bool,
    /// This caller may seal it now; a published year is not written any more.
    pub may_seal: bool,
}

/// A question put to the vote, and how it went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vote {
    pub question: String,
    pub in_favour: u32,
    pub against: u32,
    pub abstained: u32,
}

impl Vote {
    /// More than half of those who voted.
    pub fn is_carried(&self) -> bool {
        self.in_favour * 2 > self.in_favour + self.against + self.abstained
    }
}

/// Whom a session brings together: those who sit in the council. The minutes begin with them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    pub seats: Vec<Seat>,
}

impl Expected {
    /// The names of those in a seat, one after the other.
    pub fn names(&self, kind: SeatKind) -> String {
        let names: Vec<&str> = self.of(kind).map(|seat| seat.name.as_str()).collect();
        names.join(", ")
    }

    fn of(&self, kind: SeatKind) -> impl Iterator<Item = &Seat> {
        self.seats.iter().filter(move |seat| seat.kind == kind)
    }

    /// Present and absent, one person a line, each followed by whom the secretary adds.
    pub fn attendance(&self, absent: &BTreeSet<SeatId>, others: (&str, &str)) -> (String, String) {
        let line = |seat: &Seat| match &seat.unit_name {
            Some(unit) => format!("{} – {} ({unit})", seat.name, seat.kind.title()),
            None => format!("{} – {}", seat.name, seat.kind.title()),
        };
        let (away, here): (Vec<&Seat>, Vec<&Seat>) = self.seats.iter().partition(|seat| absent.contains(&seat.id));
        let told = |seats: Vec<&Seat>, others: &str| {
            let mut lines: Vec<String> = seats.into_iter().map(line).collect();
            lines.extend(Some(others.trim().to_owned()).filter(|others| !others.is_empty()));
            lines.join("\n")
        };
        (told(here, others.0), told(away, others.1))
    }
}

/// What the council has done in a period until a moment, for the minutes and their annexes.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    pub period: PeriodId,
    /// The provisional ranking of each group.
    pub groups: Vec<GroupRanking>,
    pub accepted: u32,
    /// Of those, the ones where the rules changed after the head had signed and give other points.
    pub accepted_anew: u32,
    /// Decisions with other points than were signed, and those not applicable, in the order of units and indicators.
    pub changed: Vec<Changed>,
    pub petitions: Vec<Petitioned>,
    /// Indicators without a standing decision.
    pub open: u32,
    /// The decisions the council meets under, newest first.
    pub basis: Vec<CouncilDecision>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Changed {
    pub unit: String,
    /// False: "không tự đánh giá".
    pub self_assessed: bool,
    pub code: String,
    /// What the unit's head signed.
    pub claimed: Claimed,
    /// `None` for not applicable.
    pub appraised: Option<Decimal>,
    /// Accepted as the rules in force give it, which is not what was signed under earlier ones.
    pub by_rules: bool,
    pub reason: String,
}

/// What a unit claims at an indicator, under its head's signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claimed {
    /// Nobody signed anything.
    Nothing,
    Points(Decimal),
    /// "Đề nghị không đánh giá", the managing agency's words included.
    NotApplicable,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Petitioned {
    pub unit: String,
    pub code: String,
    pub text: String,
    pub answer: Option<String>,
}

#[cfg(feature = "store")]
mod record;
#[cfg(feature = "store")]
mod session;
#[cfg(feature = "store")]
pub(crate) use session::sealed;
#[cfg(feature = "store")]
pub use {
    record::record,
    session::{expected, list, may_write, open, seal, session, vote, write},
};

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use crate::ids::AccountId;

    #[test]
    fn the_minutes_begin_with_those_who_sit() {
        let seat = |name: &str, kind, unit: Option<&str>| Seat {
            id: SeatId::new(),
            account: AccountId::new(),
            name: name.into(),
            kind,
            unit: None,
            unit_name: unit.map(Into::into),
            field: String::new(),
            since: date!(2026 - 01 - 10),
            ended: None,
        };
        let seats = vec![seat("A", SeatKind::Chair, None), seat("B", SeatKind::Member, Some("Sở Tài chính"))];
        let away = BTreeSet::from([seats[1].id]);
        let expected = Expected { seats };
        assert_eq!((expected.names(SeatKind::Chair).as_str(), expected.names(SeatKind::Secretary).as_str()), ("A", ""));
        let (present, absent) = expected.attendance(&away, (" Khách mời ", "Lý do: đi công tác"));
        assert_eq!(present, "A – Chủ tịch Hội đồng\nKhách mời");
        assert_eq!(absent, "B – Thành viên Hội đồng (Sở Tài chính)\nLý do: đi công tác");
        assert_eq!(expected.attendance(&BTreeSet::new(), ("", "")).1, "");
    }
}
