//! A year of assessment as its manager conducts it: created, opened, planned, extended, its rules changed, its deadlines watched.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::ids::{AssessmentId, GroupId, PeriodId, UnitId, VersionId};
use crate::periods::PeriodHead;
use crate::sheets::SheetState;

/// A period to open: which sets score which units. The deadline is inclusive.
#[derive(Clone, Debug, Deserialize)]
pub struct NewPeriod {
    pub year: i32,
    pub name: String,
    #[serde(with = "time::serde::rfc3339")]
    pub self_deadline: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    pub publish_deadline: OffsetDateTime,
    /// The standing agency: its own scorecard is judged by the chair.
    pub managing_unit: Option<UnitId>,
    pub is_sample: bool,
    pub groups: Vec<NewGroup>,
}

/// Both inclusive.
#[derive(Clone, Debug)]
pub struct Deadlines {
    pub self_deadline: OffsetDateTime,
    pub publish_deadline: OffsetDateTime,
}

/// A ranking group: units scored by one set version and ranked against each other.
#[derive(Clone, Debug, Deserialize)]
pub struct NewGroup {
    /// Part of the public address: "so", "huyen".
    pub slug: String,
    pub name: String,
    pub version: VersionId,
    pub units: Vec<UnitId>,
}

/// Progress of a period at a glance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Board {
    pub period: PeriodHead,
    pub groups: Vec<BoardGroup>,
    /// The version of the arithmetic that scores it.
    pub engine: String,
    pub can: PeriodCan,
}

/// What this caller may do with the period now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeriodCan {
    pub open: bool,
    pub start_appraisal: bool,
    /// Announce the provisional result.
    pub announce: bool,
    pub conclude: bool,
    pub publish: bool,
    pub extend: bool,
    /// Change which units take part, and whether they are ranked.
    pub enrol: bool,
    /// Remove a draft nobody has worked in.
    pub discard: bool,
    /// The People's Committee returned the result: the council goes on with it.
    pub take_back: bool,
    /// Score it by a newer engine.
    pub renew_engine: bool,
}

/// Which units take part in a period.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Enrolment {
    pub period: PeriodHead,
    /// Id and name, in the order of the period.
    pub groups: Vec<(GroupId, String)>,
    /// Every unit of the authority, by its official code.
    pub units: Vec<EnrolledUnit>,
}

/// One unit of the authority and its place in a period.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EnrolledUnit {
    pub unit: UnitId,
    pub name: String,
    /// `None`: it takes no part.
    pub place: Option<Place>,
}

/// A unit's place: its ranking group, and whether it is ranked there or assessed without a rank (voluntarily).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub group: GroupId,
    pub ranked: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BoardGroup {
    pub id: GroupId,
    pub version: VersionId,
    pub slug: String,
    pub name: String,
    pub set_name: String,
    pub version_number: i32,
    pub units: Vec<BoardUnit>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BoardUnit {
    pub assessment: AssessmentId,
    pub unit_name: String,
    pub state: SheetState,
    pub late: bool,
    /// Indicators entered or claimed, of all.
    pub entered: u32,
    pub total: u32,
    /// Indicators the council has decided.
    pub decided: u32,
    pub self_points: Option<rust_decimal::Decimal>,
    /// What can be had in all.
    pub maximum: rust_decimal::Decimal,
    #[serde(with = "time::serde::rfc3339::option")]
    pub extended_to: Option<OffsetDateTime>,
}

/// What can be late.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LateWhat {
    /// The unit has not sent its sheet.
    Sheet,
    /// The unit has not answered the council.
    Answers,
    /// The council has not decided.
    Decisions,
    /// The council has not answered petitions.
    Petitions,
}

impl LateWhat {
    /// Suffix of the text key `late-…`.
    pub fn as_str(self) -> &'static str {
        match self {
            LateWhat::Sheet => "sheet",
            LateWhat::Answers => "answers",
            LateWhat::Decisions => "decisions",
            LateWhat::Petitions => "petitions",
        }
    }
}

/// One line of what is late.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Late {
    pub what: LateWhat,
    pub sheet: AssessmentId,
    pub unit_name: String,
    /// How many indicators it is about; 1 for a sheet.
    pub count: u32,
    /// The limit that has passed.
    #[serde(with = "time::serde::rfc3339")]
    pub since: OffsetDateTime,
}

/// Another version of the same set for a group of a running period.
#[derive(Clone, Debug)]
pub struct RuleChange {
    pub period: PeriodId,
    pub group: GroupId,
    /// The version whose effect was shown beside the new one.
    pub from: VersionId,
    pub to: VersionId,
    pub reason: String,
}

/// The current engine for a running period.
#[derive(Clone, Debug)]
pub struct EngineChange {
    pub period: PeriodId,
    /// The engine whose figures were shown beside the new ones.
    pub from: String,
    pub reason: String,
}

/// What the current engine would do to a running period.
#[derive(Clone, Debug)]
pub struct EngineEffect {
    pub from: String,
    pub to: String,
    /// One for each group.
    pub reports: Vec<crate::simulation::Report>,
    /// How many sheets would move, those outside the ranking too.
    pub sheets: usize,
    /// How many decisions of the council would have to be seen again.
    pub to_see_again: usize,
}

/// A group and the version it is scored by.
#[derive(Clone, Debug)]
pub struct GroupRules {
    pub group: GroupId,
    pub name: String,
    pub set_name: String,
    pub version: crate::indicator_sets::VersionHead,
}

/// A change of rules as the unit concerned reads it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RuleNote {
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    pub reason: String,
    /// "Bản 2".
    pub new_label: String,
    pub changes: Vec<String>,
    /// The unit's provisional points before and after.
    pub old_points: rust_decimal::Decimal,
    pub new_points: rust_decimal::Decimal,
}

/// A change of rules as it stands in the history, with what it did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RuleChangeHead {
    pub group: GroupId,
    pub reason: String,
    pub by: String,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    pub report: crate::simulation::Report,
}

#[cfg(feature = "store")]
mod board;
#[cfg(feature = "store")]
mod create;
#[cfg(feature = "store")]
mod enrol;
#[cfg(feature = "store")]
mod extend;
#[cfg(feature = "store")]
mod late;
#[cfg(feature = "store")]
mod plan;
#[cfg(feature = "store")]
mod remind;
#[cfg(feature = "store")]
mod renewal;
#[cfg(feature = "store")]
mod rescore;
#[cfg(feature = "store")]
mod returned;
#[cfg(feature = "store")]
mod rules;
#[cfg(feature = "store")]
mod settings;
#[cfg(feature = "store")]
mod weekly;
#[cfg(feature = "store")]
pub use self::{
    board::board,
    create::{create, open, reschedule, start_appraisal},
    enrol::{discard, enrol, enrolment},
    extend::extend,
    late::late,
    plan::{Guidance, GuidanceCopy, NewPlan, guidance, guide, head, plan, submitted},
    remind::remind,
    renewal::{preview_engine, renew_engine},
    returned::take_back,
    rules::{change_rules, preview_rules, rule_changes, rule_notes, rules_in_force},
    settings::set,
};
