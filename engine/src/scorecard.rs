//! A scorecard: points per indicator and main index, the total, the index, and how each score came about.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::diagnostic::AnswerError;
use crate::exact::Fraction;

/// The score of one unit under one set version. Decimals carry the set's rounding; undefined ones are `None`.
/// As JSON, `main_indexes` and `indicators` are maps by code in the set's order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scorecard {
    /// The set's slug.
    pub set: String,
    pub total: Decimal,
    /// Total minus the points of accepted N/A indicators.
    pub applicable_maximum: Decimal,
    /// Sum of the recorded scores so far.
    pub points: Decimal,
    /// Percent of the applicable maximum; `None` while anything is pending or invalid, or when everything is N/A.
    pub index: Option<Decimal>,
    /// The index before rounding, for sets that rank by it.
    #[serde(skip)]
    pub exact_index: Option<Fraction>,
    pub pending: Vec<String>,
    pub band: Option<String>,
    #[serde(with = "crate::by_code")]
    pub main_indexes: Vec<MainIndexScore>,
    #[serde(with = "crate::by_code")]
    pub indicators: Vec<IndicatorScore>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MainIndexScore {
    #[serde(skip)]
    pub code: String,
    pub points: Decimal,
    pub applicable_maximum: Decimal,
    /// `None` while something in it is pending, or when all of it is N/A.
    pub percent: Option<Decimal>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IndicatorScore {
    #[serde(skip)]
    pub code: String,
    pub state: ScoreState,
    /// Recorded points, rounded; `None` unless `state` is `Scored`.
    pub points: Option<Decimal>,
    pub maximum: Decimal,
    /// Data warnings in Vietnamese; they never change the score.
    pub warnings: Vec<String>,
    /// What is wrong with the answer when `state` is `Invalid`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<AnswerError>,
    /// `points` were entered by the unit itself, where the set lets it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own: Option<OwnPoints>,
    pub explanation: Option<Explanation>,
}

impl IndicatorScore {
    /// The points are the unit's own and not what the formula gives.
    pub fn departs(&self) -> bool {
        self.own.is_some_and(|own| own.computed != self.points)
    }
}

/// Beside points of the unit's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnPoints {
    /// What the formula gives, rounded; `None` where there is no formula.
    pub computed: Option<Decimal>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScoreState {
    Scored,
    NotApplicable,
    Pending,
    Invalid,
}

/// How a score came about, kept with the score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// One Vietnamese line: "48/52 = 92,31% → 48/52 × 20 = 18,46 điểm".
    pub text: String,
    /// The formula as written; empty when points were given directly.
    pub formula: String,
    /// Everything the formula read.
    pub reads: Vec<Read>,
    /// One Vietnamese line per step, in order.
    pub steps: Vec<String>,
    /// Points before clamping and rounding: a decimal where it ends, "20/3" where it does not, after "≈" where a power was
    /// cut.
    pub exact: Option<String>,
    pub engine: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Read {
    pub name: String,
    pub label: String,
    pub source: ReadSource,
    pub value: crate::Value,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadSource {
    Input,
    Fact,
    Param,
    Max,
}
