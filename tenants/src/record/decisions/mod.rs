//! What the council decided, asked and was told about a sheet's indicators. The self score never moves.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};

use crate::ids::PetitionId;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// The self score stands.
    Accept,
    /// Other points, up or down, with a reason.
    Adjust,
    /// Other figures, with a reason; the formula gives the points.
    Correct,
    /// The indicator is not assessed: out of the denominator.
    NotApplicable,
}

impl Decision {
    pub const ALL: [Decision; 4] = [Decision::Accept, Decision::Adjust, Decision::Correct, Decision::NotApplicable];

    /// The name stored in the database and used as the suffix of the text key `decision-…`.
    pub fn as_str(self) -> &'static str {
        match self {
            Decision::Accept => "accept",
            Decision::Adjust => "adjust",
            Decision::Correct => "correct",
            Decision::NotApplicable => "not_applicable",
        }
    }

    pub fn parse(name: &str) -> Option<Decision> {
        Decision::ALL.into_iter().find(|decision| decision.as_str() == name)
    }
}

/// Why points were adjusted, so that reasons can be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReasonCode {
    /// Evidence is missing, or does not show what is claimed.
    Evidence,
    /// Evidence of another year, unsigned, or not of the unit.
    Invalid,
    /// Figures differ from what is known.
    Figures,
    /// The guidance was read otherwise.
    Guidance,
    /// Inspection or monitoring found something else.
    Inspection,
    Other,
}

impl ReasonCode {
    pub const ALL: [ReasonCode; 6] = [
        ReasonCode::Evidence,
        ReasonCode::Invalid,
        ReasonCode::Figures,
        ReasonCode::Guidance,
        ReasonCode::Inspection,
        ReasonCode::Other,
    ];

    /// The name stored in the database and used as the suffix of the text key `reason-…`.
    pub fn as_str(self) -> &'static str {
        match self {
            ReasonCode::Evidence => "evidence",
            ReasonCode::Invalid => "invalid",
            ReasonCode::Figures => "figures",
            ReasonCode::Guidance => "guidance",
            ReasonCode::Inspection => "inspection",
            ReasonCode::Other => "other",
        }
    }

    pub fn parse(name: &str) -> Option<ReasonCode> {
        ReasonCode::ALL.into_iter().find(|code| code.as_str() == name)
    }
}

/// Something the council asked about an indicator, or the unit's answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Talk {
    /// Of the council; otherwise the unit's answer.
    pub is_question: bool,
    pub text: String,
    /// Last day for the answer.
    #[serde(with = "crate::dates::option", default)]
    pub due: Option<Date>,
    pub by: String,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
}

/// Why a sheet is not a member's to judge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Closed {
    /// The member comes from the unit.
    OwnUnit,
    /// The standing agency's own sheet goes to the chair.
    Managing,
    /// The role is there, the seat in this period's council is not.
    Unseated,
}

impl Closed {
    /// Suffix of the text key `closed-…`.
    pub fn as_str(self) -> &'static str {
        match self {
            Closed::OwnUnit => "own_unit",
            Closed::Managing => "managing",
            Closed::Unseated => "unseated",
        }
    }
}

/// What of a set a member is given to judge.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    All,
    /// By code.
    Main(String),
    Indicator(String),
}

impl Part {
    /// Whether the indicator is in it.
    pub fn covers(&self, set: &engine::IndicatorSet, code: &str) -> bool {
        match self {
            Part::All => true,
            Part::Main(main) => {
                set.main_index(main).is_some_and(|main| main.indicators.iter().any(|leaf| leaf.code == code))
            }
            Part::Indicator(indicator) => indicator == code,
        }
    }
}

/// A figure as the unit gave it and as the council knows it; both as a clerk writes them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    pub label: String,
    pub from: String,
    pub to: String,
}

/// A decision as it stands in the history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decided {
    pub decision: Decision,
    /// `None` for not applicable.
    pub points: Option<Decimal>,
    pub reason: String,
    pub reason_code: Option<ReasonCode>,
    /// The figures corrected, for `Correct`.
    #[serde(default)]
    pub corrections: Vec<Correction>,
    pub by: String,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// The unit's row changed afterwards: "cần xem lại".
    pub stale: bool,
}

/// A unit's objection to one provisional score, with the council's answer once there is one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Petition {
    pub id: PetitionId,
    pub code: String,
    pub text: String,
    pub by: String,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    pub answer: Option<PetitionAnswer>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PetitionAnswer {
    pub text: String,
    pub by: String,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
}

#[cfg(feature = "store")]
mod assigned;
#[cfg(feature = "store")]
mod blind;
#[cfg(feature = "store")]
mod closed;
#[cfg(feature = "store")]
pub(crate) mod official;
#[cfg(feature = "store")]
pub(crate) mod petitions;
#[cfg(feature = "store")]
mod proceedings;
#[cfg(feature = "store")]
mod since;
#[cfg(feature = "store")]
mod standing;
#[cfg(feature = "store")]
mod talks;
#[cfg(feature = "store")]
pub use self::blind::refuse_blind;
#[cfg(feature = "store")]
pub(crate) use self::{
    assigned::Assigned,
    blind::{blind, scores},
    closed::closed,
    proceedings::Proceedings,
    since::Since,
    standing::{course, decided, standing},
    talks::{is_open, overdue_questions, talks},
};
