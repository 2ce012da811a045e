//! A scorecard ("phiếu chấm điểm"): one unit in one period, from the first figure to the head's signature.

use std::collections::BTreeMap;

use engine::{IndicatorScore, InputKind, Provider};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::appraisal::Decided;
use crate::evidence::{EvidenceItem, Room};
use crate::ids::{AccountId, AssessmentId, GroupId};
use crate::periods::PeriodHead;
use crate::petitions::Petition;

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
    fn trimmed(&self) -> Claim {
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

/// The overview of a sheet: what the head reviews before signing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sheet {
    pub head: SheetHead,
    pub sections: Vec<Section>,
    pub totals: Totals,
    /// In the set's order, all indicators, without their fields' editors.
    pub rows: Vec<SheetRow>,
    /// The year figures can be taken over from, while they can.
    pub prefill_from: Option<i32>,
    /// The year `last` of the rows is of.
    pub last_year: Option<i32>,
    /// What went to and fro between clerks and head, oldest first; for colleagues only.
    pub reviews: Vec<Review>,
}

/// One line of the overview. `state` not ready means it stands in the missing list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SheetRow {
    pub code: String,
    pub section: String,
    pub name: String,
    pub maximum: Decimal,
    pub state: RowState,
    pub points: Option<Decimal>,
    /// What the head signed, where the rules in force give something else.
    pub signed_points: Option<Decimal>,
    pub sentence: String,
    pub evidence_count: u32,
    /// Points above zero that rest on an explanation, without a document.
    pub explained_only: bool,
    pub claim: Option<Claim>,
    /// Last year's, once it was concluded, at the indicator this one continues.
    pub last: Option<LastPoints>,
    /// What looks wrong, in Vietnamese.
    pub warnings: Vec<String>,
    /// Who fills it in; for colleagues only.
    pub clerk: Option<Colleague>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LastPoints {
    pub points: Decimal,
    pub maximum: Decimal,
}

/// The score desk of one main index: what the island shows and edits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Desk {
    pub head: SheetHead,
    pub sections: Vec<Section>,
    pub totals: Totals,
    /// Code of the main index shown.
    pub section: String,
    pub rows: Vec<Row>,
    pub last: Option<LastYear>,
    /// Of the evidence the unit has brought in this period.
    pub room: Room,
    /// Who fills in which indicator, by code; for colleagues only.
    pub clerks: BTreeMap<String, Colleague>,
    /// What colleagues said, by code, oldest first.
    pub remarks: BTreeMap<String, Vec<Remark>>,
    /// Why the head handed it back, while the clerks are at it again; for colleagues only.
    pub handed_back: Option<Review>,
}

/// The same unit's newest earlier sheet, by the codes of this year's indicators.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LastYear {
    pub year: i32,
    pub rows: BTreeMap<String, LastRow>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LastRow {
    /// As it was then.
    pub code: String,
    /// Figures as a clerk writes them, by name.
    pub values: BTreeMap<String, String>,
    /// Appraised, once that year was concluded.
    pub points: Option<Decimal>,
    pub maximum: Decimal,
    /// Where the council decided otherwise than the unit had claimed.
    pub changed: Option<LastChange>,
    /// What the unit objected that year, and the answer.
    pub petition: Option<Petition>,
}

/// A decision of last year that did not accept the self score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LastChange {
    pub claimed: Option<Decimal>,
    pub decided: Decided,
}

/// One indicator on the desk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    pub code: String,
    /// Code of its main index.
    pub section: String,
    pub name: String,
    pub maximum: Decimal,
    pub guidance: String,
    pub evidence_hint: String,
    /// Where the scoring proposal comes from.
    pub source: String,
    pub fields: Vec<Field>,
    /// The unit may enter points of its own.
    pub adjustable: bool,
    /// Those points as a clerk writes them; empty for none.
    pub own_points: String,
    pub score: IndicatorScore,
    pub explanation: String,
    pub claim: Option<Claim>,
    pub may_claim: bool,
    /// The managing agency has exempted the unit: nothing to enter.
    pub exempt: bool,
    pub evidence: Vec<EvidenceItem>,
    pub state: RowState,
    /// What looks wrong with the figures and documents, in Vietnamese; the set's own warnings stand in `score`.
    pub warnings: Vec<String>,
    /// The unit may correct it until then although the sheet is submitted.
    #[serde(with = "time::serde::rfc3339::option")]
    pub reopened_until: Option<OffsetDateTime>,
    /// Sent back when saving; 0 before the first save.
    pub revision: i64,
    pub saved_by: Option<String>,
    #[serde(with = "time::serde::rfc3339::option")]
    pub saved_at: Option<OffsetDateTime>,
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
}

#[cfg(feature = "store")]
mod annex;
#[cfg(feature = "store")]
mod answer;
#[cfg(feature = "store")]
mod desk;
#[cfg(feature = "store")]
mod exempt;
#[cfg(feature = "store")]
mod explain;
#[cfg(feature = "store")]
mod last_year;
#[cfg(feature = "store")]
mod loaded;
#[cfg(feature = "store")]
mod read;
#[cfg(feature = "store")]
mod reopen;
#[cfg(feature = "store")]
mod review;
#[cfg(feature = "store")]
mod rows;
#[cfg(feature = "store")]
mod scan;
mod signing;
mod state;
#[cfg(feature = "store")]
mod store;
#[cfg(feature = "store")]
mod submit;
#[cfg(feature = "store")]
mod team;
pub mod typed;
pub mod warn;
#[cfg(feature = "store")]
pub use self::{
    annex::{Annex, AnnexRow, annex},
    answer::save_answer,
    desk::{desk, row, sheet},
    exempt::{Cell, ClaimedBy, Exemption, Matrix, MatrixColumn, MatrixUnit, Verdict, exempt, matrix},
    explain::{Entered, Explained, RulesUsed, explain},
    last_year::prefill,
    reopen::{Reopen, reopen},
    review::{HandIn, hand_back, hand_in, take_back},
    scan::{Finding, Rule, Scan, scan},
    store::mine,
    submit::{send_back, submit, withdraw},
    team::{remark, split, team},
};
#[cfg(feature = "store")]
pub(crate) use self::{
    answer::{refuse_when_closed, refuse_when_sheet_closed},
    desk::{build_row, facts_of, fields, head, row_of, visible, visible_to_change, warnings},
    explain::{explained, knows_decisions},
    last_year::last_year,
    loaded::{Loaded, inputs_of},
    reopen::reopenings_of,
    rows::{refresh_rows, scored, write_scores},
    store::{at_stage, lines},
    team::{among_colleagues, remarks_of},
};
pub use self::{
    signing::{SectionGlance, Signing, Since},
    state::{ClaimGround, Review, ReviewAct, RowState, SheetState},
};
