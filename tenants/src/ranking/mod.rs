//! Rankings: derived from appraised scores, never entered. Three functions: calculate, refresh, verify.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::ids::AssessmentId;

/// The provisional ranking of one group inside a period, best first, the undefined last.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupRanking {
    pub slug: String,
    pub name: String,
    pub rows: Vec<RankingLine>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RankingLine {
    pub assessment: AssessmentId,
    pub unit_name: String,
    pub points: Decimal,
    pub applicable_maximum: Decimal,
    /// `None` while anything is undecided, or when everything is N/A.
    pub index: Option<Decimal>,
    pub rank: Option<u32>,
    /// Indicators still to be decided.
    pub pending: u32,
}

#[cfg(feature = "store")]
mod calculate;
#[cfg(feature = "store")]
mod store;
#[cfg(feature = "store")]
pub(crate) use calculate::{Standing, calculate};
#[cfg(feature = "store")]
pub(crate) use store::{current, from_scratch, refresh};
#[cfg(feature = "store")]
pub use store::{read, verify};
