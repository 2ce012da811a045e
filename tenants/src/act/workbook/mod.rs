//! A scorecard as an Excel workbook ("biểu Excel"): filled in offline by a clerk, sent in again, shown first, and written
//! through the same path as the desk: all of it or nothing.
//!
//! The workbook carries, beside what people see, what each answer was and which revision it had when it was downloaded.
//! Only what differs from that is a change, and only an answer that moved meanwhile is a conflict.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::Problem;
use crate::desk::{LastRow, Row};
use crate::sheets::{Field, RowState, SheetHead, Totals};

#[cfg(feature = "store")]
mod compare;
#[cfg(feature = "store")]
mod read;
#[cfg(test)]
mod round;
mod slot;
#[cfg(feature = "store")]
mod store;
#[cfg(feature = "store")]
mod wording;
#[cfg(feature = "store")]
mod write;

#[cfg(feature = "store")]
pub(crate) use read::read;
pub use slot::Slot;
#[cfg(feature = "store")]
pub use {
    store::{blank, may_send, preview, take_in},
    write::write,
};

/// Largest workbook taken in, in bytes; that of the 68 indicators of Bảng 2 takes a thirtieth.
pub const LARGEST: usize = 2 << 20;

/// Everything a workbook is made of: a sheet as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Blank {
    pub head: SheetHead,
    /// Content hash of the set's version.
    pub rules: String,
    pub facts: Vec<(Field, Option<String>)>,
    pub sections: Vec<BlankSection>,
    /// The year `last` is of.
    pub last_year: Option<i32>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct BlankSection {
    pub code: String,
    pub name: String,
    pub rows: Vec<BlankRow>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct BlankRow {
    pub row: Row,
    pub last: Option<LastRow>,
    /// The figures were taken over from last year and wait for a word.
    pub unconfirmed: bool,
    /// Why its answers are not the reader's to give; `None` where they are.
    pub locked: Option<Locked>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Locked {
    /// The managing agency has exempted the unit.
    Exempt,
    /// A colleague of this name fills it in.
    Colleague(String),
}

/// What stands in a workbook that was sent in. It comes from outside: nothing in it is believed, only compared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filled {
    /// Id of the sheet it was downloaded for.
    pub sheet: String,
    /// "Sở Tư pháp, Năm 2025", to name it by.
    pub title: String,
    pub rules: String,
    /// Of each indicator, when it was downloaded.
    pub revisions: BTreeMap<String, i64>,
    /// What each answer was then; those that were empty are left out.
    pub was: BTreeMap<Slot, String>,
    pub cells: BTreeMap<Slot, Cell>,
}

/// An answer's cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// "F17".
    pub at: String,
    pub content: Content,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Content {
    Empty,
    Text(String),
    Number(Decimal),
    /// A number that the spreadsheet shows as a percentage: 85 for "85%".
    Percentage(Decimal),
    YesNo(bool),
    /// It cannot be an answer; the text says why and what to do, in Vietnamese.
    Unusable(String),
}

/// Which of two answers stands where both the workbook and the desk have changed one. What the desk showed when this was
/// chosen goes with it: should it move once more, it is asked again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    Workbook { seen: String },
    Desk,
}

/// What a workbook would do, or has done.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub head: SheetHead,
    /// Changes of shared figures.
    pub facts: Vec<CellChange>,
    pub rows: Vec<RowChange>,
    /// Indicators whose points move only because a shared figure does.
    pub moved: Vec<Moved>,
    pub conflicts: Vec<Conflict>,
    /// `field` is the cell; empty for the workbook as a whole.
    pub problems: Vec<Problem>,
    pub before: Totals,
    pub after: Totals,
    /// What the workbook changes and nothing else, to be confirmed.
    pub filled: Filled,
    pub written: bool,
}

impl Outcome {
    pub fn is_empty(&self) -> bool {
        self.facts.is_empty() && self.rows.is_empty() && self.conflicts.is_empty()
    }

    /// Nothing keeps it from being written.
    pub fn is_clean(&self) -> bool {
        self.problems.is_empty() && self.conflicts.iter().all(|conflict| conflict.choice.is_some())
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellChange {
    pub at: String,
    /// What the cell is for.
    pub label: String,
    pub old: String,
    pub new: String,
}

#[derive(Clone, Debug)]
pub struct RowChange {
    pub code: String,
    pub name: String,
    pub cells: Vec<CellChange>,
    pub maximum: Decimal,
    pub old_points: Option<Decimal>,
    pub new_points: Option<Decimal>,
    pub state: RowState,
    pub warnings: Vec<String>,
}

#[derive(Clone, Debug)]
pub struct Moved {
    pub code: String,
    pub name: String,
    pub old_points: Option<Decimal>,
    pub new_points: Option<Decimal>,
}

/// An indicator, or a shared figure, that both the workbook and somebody at the desk have changed.
#[derive(Clone, Debug)]
pub struct Conflict {
    /// The code, or the slot of the shared figure.
    pub key: String,
    pub title: String,
    /// What the desk shows now, to go back with the choice.
    pub seen: String,
    pub choice: Option<Choice>,
    /// Who changed it at the desk, where known.
    pub by: Option<String>,
    /// `old` is what the desk shows now, `new` what the workbook says.
    pub cells: Vec<CellChange>,
}
