//! Rankings: derived from appraised scores, never entered. Three functions: calculate, refresh, verify.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::ids::AssessmentId;

/// The provisional ranking of one group inside a period: best first, the undefined after them, then the units assessed
/// outside the ranking.
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
    /// Of those ranked; otherwise it takes part by its own wish and has an index but no place (I.3.2).
    pub ranked: bool,
    /// False: "không tự đánh giá", scored by the council from what is known.
    pub self_assessed: bool,
    /// Indicators still to be decided.
    pub pending: u32,
}

impl RankingLine {
    /// Lines sorted by it stand as a ranking is read.
    #[cfg(feature = "store")]
    fn in_order(&self, other: &RankingLine) -> std::cmp::Ordering {
        let place = |line: &RankingLine| (!line.ranked, line.rank.unwrap_or(u32::MAX), std::cmp::Reverse(line.index));
        place(self).cmp(&place(other)).then_with(|| crate::collation::names(&self.unit_name, &other.unit_name))
    }
}

#[cfg(feature = "store")]
mod calculate;
#[cfg(feature = "store")]
mod kept;
#[cfg(feature = "store")]
mod store;
#[cfg(feature = "store")]
pub(crate) use calculate::{Figures, Standing, calculate};
#[cfg(feature = "store")]
pub(crate) use store::{current, from_scratch, refresh, refresh_sheets};
#[cfg(feature = "store")]
pub use store::{read, verify};
