//! Appraisal ("thẩm định"): the council accepts or adjusts every score and decides every N/A claim.
//!
//! Decisions are appended; the self score never moves. A row changed after its decision must be seen again.

use std::collections::BTreeMap;

use engine::IndicatorScore;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::decisions::{Closed, Decided, Decision, Part, Petition, ReasonCode, Talk};
use crate::documents::EvidenceItem;
use crate::ids::{AccountId, AssessmentId, DutyId, GroupId, PeriodId};
use crate::periods::PeriodHead;
use crate::sheets::{Claim, Field, RowState, SheetHead, SheetLine};

/// A sheet before the council, in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct CouncilLine {
    pub line: SheetLine,
    /// Why this caller may not judge it, although the role judges.
    pub closed: Option<Closed>,
}

/// A council member who can be given something to judge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CouncilMember {
    pub account: AccountId,
    pub name: String,
    /// What the member judges, in words.
    pub field: String,
}

/// A member judges a part of a group's set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    pub id: DutyId,
    pub group: GroupId,
    pub account: AccountId,
    pub name: String,
    pub part: Part,
    /// For this unit only, in place of a member who may not judge it; the whole group otherwise.
    pub sheet: Option<AssessmentId>,
}

/// A duty to give.
#[derive(Clone, Debug)]
pub struct NewDuty {
    pub period: PeriodId,
    pub group: GroupId,
    pub account: AccountId,
    pub part: Part,
    pub sheet: Option<AssessmentId>,
}

/// What a unit's own people in the council leave unjudged: only the chair could judge it, until somebody stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    pub group: GroupId,
    pub sheet: AssessmentId,
    pub unit_name: String,
    /// Members who come from the unit.
    pub members: Vec<String>,
    /// Main indexes where all of one is missing, indicators otherwise.
    pub parts: Vec<Part>,
}

/// A member's own part in a period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnPart {
    pub duties: Vec<Duty>,
    /// Units closed to the member, by name, and why.
    pub closed: Vec<(String, Closed)>,
}

/// One indicator across all units of a group: the same rule, the same eye.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    pub period: PeriodHead,
    pub group: GroupId,
    pub group_name: String,
    pub code: String,
    pub name: String,
    /// Every indicator of the set in order, with how many of its rows are undecided or to be seen again.
    pub codes: Vec<(String, u32)>,
    /// Units of the group, and how many of them are undecided or to be seen again at this indicator.
    pub units: usize,
    pub open: usize,
    /// How many of all units the caller may accept in bulk.
    pub in_bulk: usize,
    /// From 0.
    pub page: usize,
    pub pages: usize,
    /// The unit to look at first: its card stands open.
    pub focus: Option<AssessmentId>,
    /// Those of the page, in the order of the units' codes.
    pub rows: Vec<ColumnRow>,
}

/// Where in a column somebody looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    /// A page, from 0.
    Page(usize),
    /// The page that holds a unit.
    At(AssessmentId),
    /// The next unit with something to decide after this one, around the end.
    After(AssessmentId),
}

#[derive(Clone, Debug, PartialEq)]
pub struct ColumnRow {
    pub sheet: AssessmentId,
    pub unit_name: String,
    /// Nobody of the unit signed what stands here.
    pub unsent: bool,
    /// Why this caller may not judge the unit, although the role judges.
    pub closed: Option<Closed>,
    pub row: AppraisalRow,
}

/// What a unit sees of the council's work on its sheet.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitView {
    pub head: SheetHead,
    /// Asked about, petitioned, or with a provisional score to read.
    pub rows: Vec<AppraisalRow>,
    /// The provisional scores may be read.
    pub provisional: bool,
    pub may_reply: bool,
    pub may_petition: bool,
}

/// One unit's scorecard before the council.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AppraisalSheet {
    pub head: SheetHead,
    pub sections: Vec<AppraisalSection>,
    /// Appraised points so far and the maximum without accepted N/A.
    pub points: Decimal,
    pub applicable_maximum: Decimal,
    /// `None` while anything is undecided.
    pub index: Option<Decimal>,
    /// Without those to be seen again.
    pub decided: u32,
    pub total: u32,
    /// Why this caller may not decide although on the council.
    pub closed: Option<Closed>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AppraisalSection {
    pub code: String,
    pub name: String,
    pub decided: u32,
    pub rows: Vec<AppraisalRow>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AppraisalRow {
    pub code: String,
    /// Code of its main index.
    pub main: String,
    pub name: String,
    pub maximum: Decimal,
    pub guidance: String,
    /// The unit's figures, to be corrected where the council knows better.
    pub fields: Vec<Field>,
    /// What looks wrong, in Vietnamese.
    pub warnings: Vec<String>,
    /// What the rules in force make of what the head signed; `None` where nobody signed, whatever the draft says.
    pub self_points: Option<Decimal>,
    /// The points under the head's signature, where `self_points` are others because the rules changed since.
    #[serde(default)]
    pub signed_points: Option<Decimal>,
    pub score: IndicatorScore,
    pub explanation: String,
    /// Signed, or the managing agency's.
    pub claim: Option<Claim>,
    /// The claim is the managing agency's.
    pub exempt: bool,
    /// The unit sent nothing ("không tự đánh giá"): figures and explanation are a draft that nobody signed.
    pub unsigned: bool,
    /// Re-opened and changed: `self_points` are those signed before, until the head signs again.
    pub to_sign: bool,
    /// The unit may write it now.
    pub reopened: bool,
    /// The set allows N/A on this indicator.
    pub may_be_not_applicable: bool,
    pub evidence: Vec<EvidenceItem>,
    pub state: RowState,
    /// The standing decision, if any.
    pub decided: Option<Decided>,
    /// All decisions, newest first, the standing one included.
    pub history: Vec<Decided>,
    /// Number of decisions seen; sent back when deciding.
    pub revision: i64,
    /// Questions and answers, oldest first.
    pub talks: Vec<Talk>,
    /// The last question waits for its answer.
    pub is_asked: bool,
    pub petition: Option<Petition>,
    /// This caller may judge the row now: the stage, the assignment and the own unit allow it.
    pub may: bool,
    /// The caller scores the row a second time and does not see what was decided.
    #[serde(default)]
    pub blind: bool,
    /// This caller may accept it together with others, without a look at each.
    #[serde(default)]
    pub bulk: bool,
}

impl AppraisalRow {
    /// Decided, and nothing has changed since.
    pub fn is_settled(&self) -> bool {
        self.decided.as_ref().is_some_and(|decided| !decided.stale)
    }
}

/// A decision on one row, as typed. `points` is read for `Adjust` only, Vietnamese or plain; `figures` for `Correct` only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decide {
    pub code: String,
    pub decision: Decision,
    #[serde(default)]
    pub points: String,
    #[serde(default)]
    pub reason: String,
    #[serde(default)]
    pub reason_code: Option<ReasonCode>,
    /// By name, as typed.
    #[serde(default)]
    pub figures: BTreeMap<String, String>,
    pub revision: i64,
}

#[cfg(feature = "store")]
mod bulk;
#[cfg(feature = "store")]
mod column;
#[cfg(feature = "store")]
mod conclude;
#[cfg(feature = "store")]
mod consistency;
#[cfg(feature = "store")]
mod correct;
#[cfg(feature = "store")]
mod duty;
#[cfg(feature = "store")]
mod store;
#[cfg(feature = "store")]
mod talk;
#[cfg(feature = "store")]
mod uncovered;
#[cfg(feature = "store")]
pub use self::{
    bulk::accept_agreeing,
    column::{accept_column, column},
    conclude::{conclude, differences, open_rows},
    consistency::{Consistency, Difference, Judged, consistency},
    duty::{assign, duties, judges, may_assign, unassign},
    store::{decide, list, sheet, unit_view},
    talk::{ask, reply},
    uncovered::{gaps, own_part},
};
#[cfg(feature = "store")]
pub(crate) use self::{
    correct::corrected,
    duty::hand_over,
    store::{blind_row, to_judge},
    talk::check_words,
};
