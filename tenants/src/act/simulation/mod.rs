//! What other rules would do to a period, without changing anything: points, index and rank of every unit under the rules
//! in force and under others, on the answers and decisions as they stand.
//!
//! Indicators that nobody has answered yet count zero and stay in the denominator, so a period in progress can be
//! simulated; its figures are called provisional wherever they are shown.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::ids::{AssessmentId, GroupId, PeriodId, SetId, SimulationId};

/// Two rule sets side by side on one group of one period.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    pub period_name: String,
    pub group_name: String,
    /// "Bản 6", "Bản thảo lần 7".
    pub old_label: String,
    pub new_label: String,
    /// What differs between the rules, in words.
    pub changes: Vec<String>,
    /// Greatest movement first.
    pub units: Vec<UnitEffect>,
    /// Those that moved at least one unit, greatest effect first.
    pub indicators: Vec<IndicatorEffect>,
    /// Answers the other rules cannot score, e.g. because they want a figure nobody was asked for.
    pub unanswered: Vec<Unanswered>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnitEffect {
    pub assessment: AssessmentId,
    pub unit_name: String,
    /// Scored from a draft that the unit's head has not signed.
    #[serde(default)]
    pub draft: bool,
    pub old: Standing,
    pub new: Standing,
}

/// One unit's figures under one rule set. Percent; `None` when everything is N/A.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    pub points: Decimal,
    pub index: Option<Decimal>,
    pub rank: Option<u32>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IndicatorEffect {
    pub code: String,
    pub name: String,
    /// Units whose points differ.
    pub units: u32,
    /// Sum over the units, new minus old.
    pub sum: Decimal,
    /// The greatest single difference, with its sign, and whose it is.
    pub greatest: Decimal,
    pub greatest_unit: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unanswered {
    pub code: String,
    pub units: u32,
    /// Of the first of them.
    pub reason: String,
}

impl UnitEffect {
    /// Places gained; negative when lost.
    pub fn climbed(&self) -> i64 {
        match (self.old.rank, self.new.rank) {
            (Some(old), Some(new)) => i64::from(old) - i64::from(new),
            _ => 0,
        }
    }

    pub fn gained(&self) -> Decimal {
        self.new.points - self.old.points
    }
}

impl Report {
    /// Units whose points or rank differ.
    pub fn moved(&self) -> usize {
        self.units.iter().filter(|unit| unit.climbed() != 0 || !unit.gained().is_zero()).count()
    }
}

/// A stored report in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SimulationHead {
    pub id: SimulationId,
    pub set_id: SetId,
    pub period_id: PeriodId,
    pub group_id: GroupId,
    pub period_name: String,
    pub group_name: String,
    pub new_label: String,
    pub moved: u32,
    pub by: String,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
}

mod effect;
mod health;
#[cfg(feature = "store")]
mod store;
#[cfg(feature = "store")]
pub use self::store::{Ground, Told, examine, grounds, keep, list, open, simulate};
pub use self::{
    effect::{Pair, compare},
    health::{Health, IndicatorHealth, Related, Shift, health},
};
