//! Appraisal ("thẩm định"): the council accepts or adjusts every score and decides every N/A claim.
//!
//! Decisions are appended; the self score never moves. A row changed after its decision must be seen again.

use engine::IndicatorScore;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::assessments::{Claim, RowState, SheetHead};
use crate::evidence::EvidenceItem;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// The self score stands.
    Accept,
    /// Other points, up or down, with a reason.
    Adjust,
    /// The indicator is not assessed: out of the denominator.
    NotApplicable,
}

impl Decision {
    pub const ALL: [Decision; 3] = [Decision::Accept, Decision::Adjust, Decision::NotApplicable];

    /// The name stored in the database and used as the suffix of the text key `decision-…`.
    pub fn as_str(self) -> &'static str {
        match self {
            Decision::Accept => "accept",
            Decision::Adjust => "adjust",
            Decision::NotApplicable => "not_applicable",
        }
    }

    pub fn parse(name: &str) -> Option<Decision> {
        Decision::ALL.into_iter().find(|decision| decision.as_str() == name)
    }
}

/// A decision as it stands in the history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decided {
    pub decision: Decision,
    /// `None` for not applicable.
    pub points: Option<Decimal>,
    pub reason: String,
    pub by: String,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// The unit's row changed afterwards: "cần xem lại".
    pub stale: bool,
}

/// One unit's scorecard before the council.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AppraisalSheet {
    pub head: SheetHead,
    pub sections: Vec<AppraisalSection>,
    /// Appraised points so far and the maximum without accepted N/A.
    pub points: Decimal,
    pub applicable_maximum: Decimal,
    /// `None` while anything is undecided.
    pub index: Option<Decimal>,
    pub decided: u32,
    pub total: u32,
    /// Why this caller may not decide although on the council: the own unit, or the standing agency's sheet.
    pub recused: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AppraisalSection {
    pub code: String,
    pub name: String,
    pub decided: u32,
    pub rows: Vec<AppraisalRow>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AppraisalRow {
    pub code: String,
    pub name: String,
    pub maximum: Decimal,
    pub guidance: String,
    pub self_points: Option<Decimal>,
    pub score: IndicatorScore,
    pub explanation: String,
    pub claim: Option<Claim>,
    /// The set allows N/A on this indicator.
    pub may_be_not_applicable: bool,
    pub evidence: Vec<EvidenceItem>,
    pub state: RowState,
    /// The standing decision, if any.
    pub decided: Option<Decided>,
    /// All decisions, newest first, the standing one included.
    pub history: Vec<Decided>,
    /// Number of decisions seen; sent back when deciding.
    pub revision: i64,
}

/// A decision on one row, as typed. `points` is read for `Adjust` only, Vietnamese or plain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decide {
    pub code: String,
    pub decision: Decision,
    #[serde(default)]
    pub points: String,
    #[serde(default)]
    pub reason: String,
    pub revision: i64,
}

#[cfg(feature = "store")]
mod conclude;
#[cfg(feature = "store")]
pub(crate) mod official;
#[cfg(feature = "store")]
mod store;
#[cfg(feature = "store")]
pub use self::{
    conclude::*,
    store::{accept_agreeing, decide, list, sheet},
};
#[cfg(feature = "store")]
pub(crate) use official::{Decisions, decisions};
