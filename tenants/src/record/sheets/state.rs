//! How far a sheet and each of its rows are, by the names the database keeps.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SheetState {
    NotStarted,
    Drafting,
    /// The clerks have handed it to their head, who signs it or hands it back.
    InternalReview,
    Submitted,
    /// Sent back by the period manager; counts as drafting.
    Returned,
    /// Nothing sent when the council started; may still be appraised from what is known.
    NotSubmitted,
    Concluded,
}

impl SheetState {
    pub const ALL: [SheetState; 7] = [
        SheetState::NotStarted,
        SheetState::Drafting,
        SheetState::InternalReview,
        SheetState::Submitted,
        SheetState::Returned,
        SheetState::NotSubmitted,
        SheetState::Concluded,
    ];

    /// The name stored in the database and used as the suffix of the text key `sheet-…`.
    pub fn as_str(self) -> &'static str {
        match self {
            SheetState::NotStarted => "not_started",
            SheetState::Drafting => "drafting",
            SheetState::InternalReview => "internal_review",
            SheetState::Submitted => "submitted",
            SheetState::Returned => "returned",
            SheetState::NotSubmitted => "not_submitted",
            SheetState::Concluded => "concluded",
        }
    }

    pub fn parse(name: &str) -> Option<SheetState> {
        SheetState::ALL.into_iter().find(|state| state.as_str() == name)
    }

    /// Whether the unit has not sent it yet.
    pub fn is_with_unit(self) -> bool {
        self.is_writable() || self == SheetState::InternalReview
    }

    /// Whether the unit's clerks may still write, as far as the state goes.
    pub fn is_writable(self) -> bool {
        matches!(self, SheetState::NotStarted | SheetState::Drafting | SheetState::Returned)
    }
}

/// Why a unit asks not to be assessed on an indicator: the decision knows two grounds (II.1.4.b).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimGround {
    /// The unit has no such function or task.
    NoFunction,
    /// Rules do not require the task in the assessment year.
    NotThisYear,
}

impl ClaimGround {
    pub const ALL: [ClaimGround; 2] = [ClaimGround::NoFunction, ClaimGround::NotThisYear];

    /// The name stored in the database and used as the suffix of the text key `claim-…`.
    pub fn as_str(self) -> &'static str {
        match self {
            ClaimGround::NoFunction => "no_function",
            ClaimGround::NotThisYear => "not_this_year",
        }
    }

    pub fn parse(name: &str) -> Option<ClaimGround> {
        ClaimGround::ALL.into_iter().find(|ground| ground.as_str() == name)
    }
}

/// How far one indicator of a sheet is, for the unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowState {
    /// Nothing entered.
    Empty,
    /// Some figures are missing or wrong.
    Incomplete,
    /// Scored above zero without evidence or explanation.
    Unproven,
    /// The unit's own points differ from the formula's and nothing says why.
    Unexplained,
    /// Scored, and proven where it must be.
    Done,
    /// N/A claimed (or implied by a zero denominator), to be decided by the council.
    Claimed,
    /// Figures taken over from last year that nobody has confirmed: they count for nothing.
    Unconfirmed,
}

impl RowState {
    pub const ALL: [RowState; 7] = [
        RowState::Empty,
        RowState::Incomplete,
        RowState::Unproven,
        RowState::Unexplained,
        RowState::Done,
        RowState::Claimed,
        RowState::Unconfirmed,
    ];

    /// The name stored in the database and used as the suffix of the text key `row-…`.
    pub fn as_str(self) -> &'static str {
        match self {
            RowState::Empty => "empty",
            RowState::Incomplete => "incomplete",
            RowState::Unproven => "unproven",
            RowState::Unexplained => "unexplained",
            RowState::Done => "done",
            RowState::Claimed => "claimed",
            RowState::Unconfirmed => "unconfirmed",
        }
    }

    pub fn parse(name: &str) -> Option<RowState> {
        RowState::ALL.into_iter().find(|state| state.as_str() == name)
    }

    /// Nothing keeps the unit from submitting this row.
    pub fn is_ready(self) -> bool {
        matches!(self, RowState::Done | RowState::Claimed)
    }
}

/// A step between a unit's clerks and its head, before the head signs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    pub act: ReviewAct,
    /// The head's reason for handing it back, or a word of the clerks to the head; may be empty.
    pub note: String,
    pub by: String,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewAct {
    /// By the clerks, to the head.
    HandedIn,
    /// By the clerks, before the head had signed.
    TakenBack,
    /// By the head, to the clerks.
    HandedBack,
}

impl ReviewAct {
    pub const ALL: [ReviewAct; 3] = [ReviewAct::HandedIn, ReviewAct::TakenBack, ReviewAct::HandedBack];

    /// The name stored in the database and used as the suffix of the text key `review-…`.
    pub fn as_str(self) -> &'static str {
        match self {
            ReviewAct::HandedIn => "handed_in",
            ReviewAct::TakenBack => "taken_back",
            ReviewAct::HandedBack => "handed_back",
        }
    }

    pub fn parse(name: &str) -> Option<ReviewAct> {
        ReviewAct::ALL.into_iter().find(|act| act.as_str() == name)
    }
}
