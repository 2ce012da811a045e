//! A scorecard ("phiếu chấm điểm"): one unit in one period, from the first figure to the head's signature.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::desk::Row;
use crate::sheets::{Claim, Section, Totals};

/// The head's signature under what a page showed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sign {
    /// Name and office, as typed.
    pub name: String,
    /// `Sheet::shown` of that page.
    pub shown: String,
}

/// One save of one indicator: everything the row's form holds, as typed.
/// Yes/no is "true" or "false"; numbers are Vietnamese or plain; an empty text clears the figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SaveAnswer {
    pub code: String,
    pub fields: BTreeMap<String, String>,
    /// What the changed shared figures showed when they were loaded: a colleague may have corrected one meanwhile.
    #[serde(default)]
    pub seen: BTreeMap<String, String>,
    pub explanation: String,
    pub claim: Option<Claim>,
    /// The figures taken over from last year are right.
    #[serde(default)]
    pub confirm: bool,
    /// The unit's own points as typed, where the set lets it enter some: empty for none, `None` to leave them as they are.
    #[serde(default)]
    pub own_points: Option<String>,
    pub revision: i64,
}

/// The new state after a save: every row of the shown main index that changed, and all sums.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Saved {
    pub rows: Vec<Row>,
    pub sections: Vec<Section>,
    pub totals: Totals,
    #[serde(with = "time::serde::rfc3339")]
    pub saved_at: OffsetDateTime,
}

#[cfg(feature = "store")]
mod annex;
#[cfg(feature = "store")]
mod answer;
#[cfg(feature = "store")]
mod exempt;
#[cfg(feature = "store")]
mod explain;
#[cfg(feature = "store")]
mod last_year;
#[cfg(feature = "store")]
mod prefill;
#[cfg(feature = "store")]
mod reopen;
#[cfg(feature = "store")]
mod review;
#[cfg(feature = "store")]
mod scan;
#[cfg(feature = "store")]
mod submit;
#[cfg(feature = "store")]
mod team;
#[cfg(feature = "store")]
pub(crate) use self::explain::{explained, knows_decisions};
#[cfg(feature = "store")]
pub use self::{
    annex::{Annex, AnnexRow, annex},
    answer::save_answer,
    exempt::{Cell, ClaimedBy, Exemption, Matrix, MatrixColumn, MatrixUnit, Verdict, exempt, matrix},
    explain::{Entered, Explained, RulesUsed, explain},
    prefill::prefill,
    reopen::{Reopen, reopen},
    review::{HandIn, hand_back, hand_in, take_back},
    scan::{Finding, Rule, Scan, scan},
    submit::{send_back, submit, withdraw},
    team::{remark, split, team},
};
