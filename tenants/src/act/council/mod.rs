//! The appraisal council of one period ("Hội đồng thẩm định"), set up by decision every year: its chair, secretary and
//! members, each with the field they judge. A role says what a person could do in the authority; the seat says that this
//! council has them do it. Until its decision is recorded a council is a draft; after that a seat ends and is kept.

use time::Date;

use crate::files::StoredFile;
use crate::ids::AccountId;
use crate::seats::SeatKind;

/// A decision to record.
#[derive(Clone, Debug)]
pub struct NewDecision {
    pub number: String,
    pub date: Date,
    pub file: Option<StoredFile>,
}

/// A seat to give.
#[derive(Clone, Debug)]
pub struct NewSeat {
    pub account: AccountId,
    pub kind: SeatKind,
    pub field: String,
}

/// How a seat ends. The successor takes the seat's kind, field and duties.
#[derive(Clone, Debug)]
pub struct End {
    pub on: Date,
    pub reason: String,
    pub successor: Option<AccountId>,
}

/// What last year's council gave to this year's draft.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TakenOver {
    pub seats: u32,
    /// Names of those who hold no fitting role any more.
    pub left_out: Vec<String>,
}

#[cfg(feature = "store")]
mod record;
#[cfg(feature = "store")]
pub use self::record::{end, record_decision, seat, take_over, withdraw};
