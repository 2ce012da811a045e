//! What a result is good for: where the unit stands against the others of its group, what cost it points, what would lift
//! it most, and what it means to do about it.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};

use crate::decisions::{Correction, ReasonCode};
use crate::ids::TaskId;
use crate::sheets::{Field, SheetHead};

/// How many indicators are put forward as those that would lift the index most.
pub const LIFTS: usize = 3;

/// A unit's result, taken apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Improvement {
    pub head: SheetHead,
    /// The points are the council's; otherwise the unit's own, and nothing is known of the others.
    pub appraised: bool,
    /// Indicators were re-opened and changed: their points count here and wait for the head's signature.
    pub to_sign: bool,
    pub points: Decimal,
    pub applicable_maximum: Decimal,
    pub index: Option<Decimal>,
    pub rank: Option<u32>,
    /// Units of the group with an index.
    pub ranked: u32,
    /// Of the indexes of the group; `None` before they may be known.
    pub median_index: Option<Decimal>,
    pub best_index: Option<Decimal>,
    /// In the set's order, those not applicable left out.
    pub rows: Vec<Standing>,
    /// Points lost by cause, most first.
    pub lost: Vec<(Cause, Decimal)>,
    /// What would lift the index most, by code, with the percentage points of the index.
    pub lifts: Vec<(String, Decimal)>,
    pub tasks: Vec<Task>,
    /// This caller may plan for the unit.
    pub may_plan: bool,
}

/// One indicator beside the same of the other units.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    pub code: String,
    pub name: String,
    pub maximum: Decimal,
    pub points: Decimal,
    pub median: Option<Decimal>,
    pub best: Option<Decimal>,
}

impl Standing {
    pub fn lost(&self) -> Decimal {
        self.maximum - self.points
    }
}

/// Why points are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cause {
    /// The figures do not reach the maximum.
    Figures,
    /// Nothing was entered or scored.
    Unscored,
    /// The council gave less than was claimed.
    Council(ReasonCode),
}

/// "Nếu …": one indicator with other figures, through the formula in force.
#[derive(Clone, Debug, PartialEq)]
pub struct WhatIf {
    pub code: String,
    pub name: String,
    pub fields: Vec<Field>,
    /// What was changed, and what comes of it; `None` while nothing is.
    pub outcome: Option<Outcome>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    pub changes: Vec<Correction>,
    pub points: (Decimal, Decimal),
    pub index: (Option<Decimal>, Option<Decimal>),
    pub rank: (Option<u32>, Option<u32>),
}

/// Something to do for an indicator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Task {
    pub id: TaskId,
    pub code: String,
    pub text: String,
    pub owner: String,
    #[serde(with = "crate::dates::option", default)]
    pub due: Option<Date>,
    pub added_by: String,
    #[serde(with = "time::serde::rfc3339::option")]
    pub done_at: Option<OffsetDateTime>,
}

#[derive(Clone, Debug)]
pub struct NewTask {
    pub code: String,
    pub text: String,
    /// Who is to do it.
    pub owner: String,
    pub due: Option<Date>,
}

#[cfg(feature = "store")]
mod task;
#[cfg(feature = "store")]
mod view;
#[cfg(feature = "store")]
pub use {
    task::{add, finish},
    view::{improvement, what_if},
};
