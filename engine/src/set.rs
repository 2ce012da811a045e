//! An indicator set as plain data: what a definition script declares and everything else reads.
//!
//! Points, parameters and answers are decimals; no binary floating point exists in this crate.
//! Codes are text ("6.10" is not "6.1") and are ordered by their numeric parts.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A whole set ("bộ chỉ số"): groups, main indexes, indicators, and the policies that turn points into an index.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IndicatorSet {
    pub slug: String,
    pub name: String,
    /// The decision the set rests on, in words.
    pub basis: String,
    /// Shown wherever the set is shown, e.g. that its formulas are a proposal. May be empty.
    pub note: String,
    /// Maximum points of the set; the groups sum to it.
    pub total: Decimal,
    pub policy: Policy,
    pub params: Vec<Param>,
    /// Figures of the unit entered once and read by any formula ("số liệu dùng chung").
    pub facts: Vec<Input>,
    pub groups: Vec<Group>,
}

/// The rules around the points. Defaults follow `domain.md` (f); each is a property of the set version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Policy {
    /// Whether "không đánh giá" exists at all in this set.
    pub not_applicable: bool,
    /// Decimal places of recorded scores and of the index; half-up.
    pub round: u32,
    /// Classification by the published index; empty means none.
    pub bands: Vec<Band>,
    pub rank_by: RankBy,
    /// Main index or indicator codes compared, in order, when the ranking figure ties; empty means equal rank.
    pub tie_breakers: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Band {
    pub name: String,
    /// Lower edge in percent of the applicable maximum.
    pub from: Decimal,
    /// Whether the edge itself belongs to the band.
    pub inclusive: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RankBy {
    /// The index as published, rounded.
    #[default]
    Published,
    /// The index before rounding.
    Unrounded,
}

/// A named threshold that formulas may read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Param {
    pub name: String,
    pub label: String,
    pub value: Decimal,
}

/// "Nhóm chỉ số".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Group {
    pub slug: String,
    pub name: String,
    pub points: Decimal,
    pub main_indexes: Vec<MainIndex>,
}

/// "Chỉ số chính".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MainIndex {
    pub code: String,
    pub name: String,
    pub points: Decimal,
    pub indicators: Vec<Indicator>,
}

/// "Chỉ số thành phần": the scored leaf.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Indicator {
    pub code: String,
    /// Identity across versions; equals the code unless the script says otherwise.
    pub key: String,
    pub name: String,
    pub max: Decimal,
    pub inputs: Vec<Input>,
    /// `None`: scored by hand only.
    pub formula: Option<Formula>,
    pub zero: ZeroRule,
    /// Whether a unit may claim "không đánh giá" here; never true where the set's policy forbids it.
    pub not_applicable: bool,
    /// What proves the score, in words for the clerk ("Quyết định thành lập Ban chỉ đạo…").
    pub evidence: String,
    /// What a score above zero must come with.
    #[serde(default)]
    pub proof: Proof,
    /// Whose points the self score is.
    #[serde(default)]
    pub self_score: SelfScore,
    /// How the points come about, in words ("hướng dẫn chấm điểm").
    pub guidance: String,
    /// Where the proposal comes from and how well it is grounded; may be empty.
    pub source: String,
    pub warnings: Vec<Warning>,
    pub cases: Vec<Case>,
}

/// A single Rhai expression over the indicator's inputs, the set's facts and parameters, and `max`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Formula {
    pub text: String,
    /// Where the text starts in the definition script, 1-based, so a diagnostic can point there.
    pub line: usize,
    pub column: usize,
}

/// What a zero denominator means. `Error` is a data error, never a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ZeroRule {
    #[default]
    Error,
    NotApplicable,
    Full,
    Zero,
}

/// A data warning: shown when the condition is false. It never changes a score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Warning {
    pub condition: Formula,
    pub message: String,
}

/// What a score above zero must come with. Where nothing is asked for, evidence or an explanation will do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// Evidence, whatever is explained.
    pub evidence: bool,
    /// An explanation of at least so many characters, whatever is attached; 0 asks for none.
    pub explanation: u32,
}

impl Proof {
    /// Whether pieces of evidence and an explanation of so many characters are enough.
    pub fn is_met(self, evidence: usize, explanation: usize) -> bool {
        let asked = self.evidence || self.explanation > 0;
        let explained = explanation >= usize::try_from(self.explanation).unwrap_or(usize::MAX);
        let enough = (evidence > 0 || !self.evidence) && explained;
        if asked { enough } else { evidence > 0 || explanation > 0 }
    }
}

/// Where the points of the self score come from ("điểm tự chấm").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SelfScore {
    /// From the formula alone.
    #[default]
    Computed,
    /// The unit may enter points of its own, 0 to max, beside what the formula gives.
    Adjustable,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Input {
    pub name: String,
    pub label: String,
    pub kind: InputKind,
    pub provider: Provider,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InputKind {
    YesNo,
    /// A whole number, zero or more.
    Count,
    /// Any decimal, zero or more.
    Number,
    /// Đồng, zero or more.
    Money,
    /// 0 to 100.
    Percent,
    /// One of the listed whole numbers.
    Level(Vec<Choice>),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub value: i64,
    pub label: String,
}

/// Who provides a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    #[default]
    Unit,
    /// An assigned target ("chỉ tiêu được giao").
    Authority,
    Survey,
    Feed,
}

/// A stored example: these inputs give these points. Facts and inputs share one map; inputs win.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Case {
    pub name: String,
    pub inputs: std::collections::BTreeMap<String, crate::Value>,
    pub expected: Expected,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expected {
    Points(Decimal),
    NotApplicable,
    /// A data error: the inputs must be refused.
    Invalid,
}

impl IndicatorSet {
    /// Main indexes in declared order, across groups.
    pub fn main_indexes(&self) -> impl Iterator<Item = &MainIndex> {
        self.groups.iter().flat_map(|group| &group.main_indexes)
    }

    /// Indicators in declared order, across main indexes.
    pub fn indicators(&self) -> impl Iterator<Item = &Indicator> {
        self.main_indexes().flat_map(|main| &main.indicators)
    }

    pub fn indicator(&self, code: &str) -> Option<&Indicator> {
        self.indicators().find(|indicator| indicator.code == code)
    }

    pub fn main_index(&self, code: &str) -> Option<&MainIndex> {
        self.main_indexes().find(|main| main.code == code)
    }
}
