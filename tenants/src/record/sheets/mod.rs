//! A scorecard ("phiếu chấm điểm"): one unit in one period, from the first figure to the head's signature.

use std::collections::BTreeMap;

use engine::{InputKind, Provider};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::ids::{AccountId, AssessmentId, GroupId};
use crate::periods::{PeriodHead, Stage};

/// The header in which a page says for whom it was made: what it sends after somebody else signed in is refused.
pub const VIEWER: &str = "x-viewer";

/// "Đề nghị không đánh giá".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    pub ground: ClaimGround,
    pub reason: String,
}

#[cfg(feature = "store")]
impl Claim {
    /// As it is kept.
    pub(crate) fn trimmed(&self) -> Claim {
        Claim { reason: self.reason.trim().into(), ..self.clone() }
    }
}

/// The head of every page about a sheet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SheetHead {
    pub id: AssessmentId,
    pub period: PeriodHead,
    pub unit_name: String,
    pub group_name: String,
    pub set_name: String,
    /// A notice that comes with the set, e.g. that formulas are proposals. May be empty.
    pub set_note: String,
    pub state: SheetState,
    pub late: bool,
    /// Last second for this unit: the period's deadline or its extension.
    #[serde(with = "time::serde::rfc3339")]
    pub due: OffsetDateTime,
    /// Why it was sent back, when it was.
    pub return_reason: Option<String>,
    /// Under what name the head signed, and when; gone when the sheet is taken back or returned.
    pub signature: Option<Signature>,
    pub revision: i64,
    pub can: SheetCan,
    /// Whoever looks: what a browser keeps unsaved is theirs alone.
    pub viewer: String,
}

impl SheetHead {
    /// Nothing signed reached the council: "không tự đánh giá".
    pub fn is_unsent(&self) -> bool {
        self.signature.is_none() && self.period.stage >= Stage::Appraisal
    }
}

/// The head's sign-off of a whole sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    pub name: String,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// The sum as it was signed.
    #[serde(default)]
    pub points: Option<Decimal>,
}

/// What this caller may do with the sheet now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetCan {
    /// Is of the unit: sees who fills in what, and plans with the others.
    pub plan: bool,
    /// Is one of the unit's editors, whether or not anything is open now.
    pub edit: bool,
    pub write: bool,
    /// Hand the sheet to the unit's head.
    pub hand_in: bool,
    /// Take it back from the head to go on with it.
    pub take_back: bool,
    /// Hand it back to the clerks, with a reason.
    pub hand_back: bool,
    pub submit: bool,
    /// Take the submitted sheet back before the deadline.
    pub withdraw: bool,
    pub send_back: bool,
    pub appraise: bool,
    /// Re-open named indicators for the unit.
    pub reopen: bool,
    /// Add evidence, also after submission while the council works.
    pub add_evidence: bool,
}

/// Points and progress of a sheet or of one main index.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Totals {
    pub points: Decimal,
    pub maximum: Decimal,
    /// Rows ready to submit, of all.
    pub ready: u32,
    pub total: u32,
}

/// A main index in the desk's left column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Section {
    pub code: String,
    pub name: String,
    pub totals: Totals,
}

/// A figure to enter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Field {
    pub name: String,
    pub label: String,
    pub kind: InputKind,
    pub provider: Provider,
    /// A fact of the unit: entered once, read by every indicator that needs it.
    pub shared: bool,
    /// As a Vietnamese clerk writes it: "1.234,5"; "true"/"false" for yes/no; empty when not entered.
    pub value: String,
}

/// A clerk of a unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Colleague {
    pub account: AccountId,
    pub name: String,
}

/// The clerks of a unit, and which of them fills in which indicator of a sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Team {
    pub people: Vec<Colleague>,
    /// By code; indicators of nobody in particular are left out.
    pub clerks: BTreeMap<String, Colleague>,
}

/// Something colleagues said about an indicator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Remark {
    pub by: String,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    pub text: String,
}

/// One line of "my scorecards".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SheetLine {
    pub id: AssessmentId,
    pub period: PeriodHead,
    pub unit_name: String,
    pub group: GroupId,
    pub group_name: String,
    pub state: SheetState,
    #[serde(with = "time::serde::rfc3339")]
    pub due: OffsetDateTime,
    pub ready: u32,
    pub decided: u32,
    pub total: u32,
    pub self_points: Option<Decimal>,
    /// What can be had in all.
    pub maximum: Decimal,
}

#[cfg(feature = "store")]
mod counts;
#[cfg(feature = "store")]
mod fields;
#[cfg(feature = "store")]
mod find;
#[cfg(feature = "store")]
mod head;
#[cfg(feature = "store")]
mod lapse;
#[cfg(feature = "store")]
mod lines;
#[cfg(feature = "store")]
mod loaded;
#[cfg(feature = "store")]
mod open;
#[cfg(feature = "store")]
mod quota;
#[cfg(feature = "store")]
mod read;
#[cfg(feature = "store")]
mod reopened;
#[cfg(feature = "store")]
mod reviews;
#[cfg(feature = "store")]
mod rows;
#[cfg(feature = "store")]
mod signed;
mod state;
#[cfg(feature = "store")]
mod team;
pub use self::state::{ClaimGround, Review, ReviewAct, RowState, SheetState};
#[cfg(feature = "store")]
pub(crate) use self::{
    counts::Counts,
    fields::{facts_of, fields},
    find::{find_sheet, ranked, subject, tell_unit, visible, visible_to_change},
    head::head,
    lapse::{lapse, leave_out_unsubmitted, out_of_time},
    lines::{at_stage, lines},
    loaded::{Loaded, inputs_of},
    open::{due, is_open, refuse_when_closed, refuse_when_out_of_time, refuse_when_sheet_closed},
    quota::{brought, quota},
    reopened::reopenings_of,
    reviews::{handed_back, reviews},
    rows::{keep_rows, keep_signed, keep_signed_again, refresh_rows, scored, untouched, write_scores},
    signed::Before,
    team::{among_colleagues, clerks, colleagues, remarks_of},
};
#[cfg(feature = "store")]
pub use self::{lines::mine, quota::quota_of_units};
