//! The council in session ("phiên họp Hội đồng thẩm định"): who was there, what was voted on, what was concluded. The
//! minutes ("biên bản") are written from this and from what the council has decided so far.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};

use crate::ids::{CouncilSessionId, PeriodId};
use crate::periods::PeriodHead;
use crate::ranking::GroupRanking;

/// A session in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SessionHead {
    pub id: CouncilSessionId,
    pub held_on: Date,
    pub place: String,
    pub votes: u32,
    /// Nothing of it can be changed any more.
    pub sealed: bool,
}

/// What the secretary writes. Present and absent: one person a line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Written {
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
    /// This caller may write, vote and seal now.
    pub may_write: bool,
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

/// What the council has done in a period until a moment, for the minutes and their annexes.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    pub period: PeriodId,
    /// The provisional ranking of each group.
    pub groups: Vec<GroupRanking>,
    pub accepted: u32,
    /// Decisions with other points than were claimed, and those not applicable, in the order of units and indicators.
    pub changed: Vec<Changed>,
    pub petitions: Vec<Petitioned>,
    /// Indicators without a standing decision.
    pub open: u32,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Changed {
    pub unit: String,
    pub code: String,
    pub claimed: Option<Decimal>,
    /// `None` for not applicable.
    pub appraised: Option<Decimal>,
    pub reason: String,
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
    session::{list, open, seal, session, vote, write},
};
