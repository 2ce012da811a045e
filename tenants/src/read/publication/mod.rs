//! A publication ("công bố"): an immutable snapshot of a period's results under a decision.
//!
//! Public pages read snapshots only. A correction is the next revision; older ones stay readable.

use engine::{IndicatorScore, MainIndexScore, ScoreState};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};

use crate::ids::{PeriodId, PublicationId};

/// The published results of one period.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    pub tenant_name: String,
    pub year: i32,
    pub period_name: String,
    pub is_sample: bool,
    pub groups: Vec<PublishedGroup>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PublishedGroup {
    pub slug: String,
    pub name: String,
    pub set_name: String,
    pub basis: String,
    pub note: String,
    pub version_number: i32,
    /// Hash of the set version that scored the group.
    pub rules_hash: String,
    pub total: Decimal,
    pub main_indexes: Vec<PublishedMainIndex>,
    /// Best first; units without an index after them, those outside the ranking last.
    pub units: Vec<PublishedUnit>,
}

/// A main index of the set, with its indicators: the methodology page is this.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PublishedMainIndex {
    pub code: String,
    pub name: String,
    pub points: Decimal,
    pub indicators: Vec<PublishedIndicator>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PublishedIndicator {
    pub code: String,
    /// Identity across years.
    pub key: String,
    pub name: String,
    pub maximum: Decimal,
    pub guidance: String,
    pub formula: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PublishedUnit {
    /// Official code: the unit's part of the public address.
    pub code: String,
    pub name: String,
    pub rank: Option<u32>,
    /// Of those ranked; otherwise it takes part by its own wish and has an index but no place (I.3.2).
    #[serde(default = "ranked")]
    pub ranked: bool,
    pub points: Decimal,
    pub applicable_maximum: Decimal,
    pub index: Option<Decimal>,
    pub band: Option<String>,
    pub self_points: Option<Decimal>,
    pub late: bool,
    /// False: "không tự đánh giá".
    pub self_assessed: bool,
    #[serde(with = "engine::by_code")]
    pub main_indexes: Vec<MainIndexScore>,
    pub scores: Vec<PublishedScore>,
}

/// Snapshots older than the question hold ranked units only.
fn ranked() -> bool {
    true
}

/// One unit's score on one indicator, in the set's order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PublishedScore {
    pub code: String,
    pub state: ScoreState,
    pub points: Option<Decimal>,
    pub maximum: Decimal,
    pub self_points: Option<Decimal>,
    /// One line: how the self score came about.
    pub sentence: String,
    /// The council's reason where it adjusted or accepted N/A.
    pub reason: String,
}

/// A publication with its decision and hash.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Published {
    pub id: PublicationId,
    pub period: PeriodId,
    pub year: i32,
    pub revision: i32,
    pub decision_number: String,
    #[serde(with = "crate::dates")]
    pub decision_date: Date,
    /// SHA-256 of `content`, hexadecimal.
    pub content_hash: String,
    /// The snapshot as JSON, byte for byte what was published. Later versions may read it more leniently, never rewrite it.
    pub content: String,
    #[serde(with = "time::serde::rfc3339")]
    pub published_at: OffsetDateTime,
    /// Why it was corrected; empty for a first publication.
    pub note: String,
    /// A newer revision exists.
    pub superseded: bool,
    pub snapshot: Snapshot,
}

/// One published year, for the year switch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedYear {
    pub year: i32,
    pub revision: i32,
    /// Of what is published: two editions are never taken for one, not even after a backup was restored.
    pub content_hash: String,
}

/// Publishes a concluded period, or corrects a published one (then `note` says why).
#[derive(Clone, Debug, Deserialize)]
pub struct Publish {
    pub decision_number: String,
    #[serde(with = "crate::dates")]
    pub decision_date: Date,
    #[serde(default)]
    pub note: String,
}

impl PublishedGroup {
    /// Without those outside the ranking: what medians and places are about.
    pub fn ranked(&self) -> impl Iterator<Item = &PublishedUnit> {
        self.units.iter().filter(|unit| unit.ranked)
    }

    pub fn unit(&self, code: &str) -> Option<&PublishedUnit> {
        self.units.iter().find(|unit| unit.code == code)
    }
}

impl PublishedScore {
    /// The public part of an indicator's score.
    pub fn from_score(score: &IndicatorScore) -> PublishedScore {
        PublishedScore {
            code: score.code.clone(),
            state: score.state,
            points: score.points,
            maximum: score.maximum,
            self_points: None,
            sentence: score.explanation.as_ref().map(|told| told.text.clone()).unwrap_or_default(),
            reason: String::new(),
        }
    }
}

#[cfg(feature = "store")]
mod explain;
#[cfg(feature = "store")]
mod snapshot;
#[cfg(feature = "store")]
mod store;
#[cfg(feature = "store")]
mod words;
#[cfg(feature = "store")]
pub(crate) use store::{content, newest};
#[cfg(feature = "store")]
pub use {
    explain::explain,
    store::{preview, publish, read, years},
    words::in_words,
};
