//! A period: one year of assessment of a tenant, from opening to publication. Stages follow domain.md (b) 2.

use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};

use crate::assessments::SheetState;
use crate::ids::{AssessmentId, GroupId, PeriodId, UnitId, VersionId};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    Draft,
    /// Units enter and submit, until the deadline.
    SelfAssessment,
    Appraisal,
    Concluded,
    Published,
}

impl Stage {
    pub const ALL: [Stage; 5] =
        [Stage::Draft, Stage::SelfAssessment, Stage::Appraisal, Stage::Concluded, Stage::Published];

    /// The name stored in the database and used as the suffix of the text key `stage-…`.
    pub fn as_str(self) -> &'static str {
        match self {
            Stage::Draft => "draft",
            Stage::SelfAssessment => "self_assessment",
            Stage::Appraisal => "appraisal",
            Stage::Concluded => "concluded",
            Stage::Published => "published",
        }
    }

    pub fn parse(name: &str) -> Option<Stage> {
        Stage::ALL.into_iter().find(|stage| stage.as_str() == name)
    }
}

/// What every page about a period shows of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeriodHead {
    pub id: PeriodId,
    pub year: i32,
    pub name: String,
    pub stage: Stage,
    /// Last second at which a unit may write and submit.
    #[serde(with = "time::serde::rfc3339")]
    pub self_deadline: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    pub publish_deadline: OffsetDateTime,
    pub is_sample: bool,
    /// Last second for petitions; `None` until the provisional result is announced.
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub petition_until: Option<OffsetDateTime>,
    /// First moment at which units may write, where one is set.
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub self_from: Option<OffsetDateTime>,
    /// Planned last days.
    pub appraise_until: Option<Date>,
    pub conclude_until: Option<Date>,
    pub submit_until: Option<Date>,
    /// Name of the guidance, where there is one.
    pub guidance: Option<String>,
    /// When and under which number the result went to the People's Committee.
    pub submitted_on: Option<Date>,
    pub submitted_number: Option<String>,
    pub settings: Settings,
}

/// What the decision leaves open, settled for one period. Source: domain.md (b), "The hard moments".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// A unit that sent nothing stays in the ranking; otherwise it is assessed without a rank.
    pub rank_unsubmitted: bool,
    /// The council concludes only after every unit could petition against its provisional result.
    pub needs_provisional: bool,
    /// On the first working day of each week the manager, the chair and the secretary are told who is late on what.
    pub weekly_list: bool,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { rank_unsubmitted: true, needs_provisional: false, weekly_list: true }
    }
}

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

/// Whether a limit, named to the second, has passed: its last second counts in full.
pub fn is_over(limit: OffsetDateTime, now: OffsetDateTime) -> bool {
    now.unix_timestamp() > limit.unix_timestamp()
}

/// Whether a unit may write now: in self-assessment, from its beginning up to and including the deadline or the unit's
/// extension.
pub fn is_open(
    stage: Stage,
    (from, deadline): (Option<OffsetDateTime>, OffsetDateTime),
    extended_to: Option<OffsetDateTime>,
    now: OffsetDateTime,
) -> bool {
    let last = extended_to.map_or(deadline, |extension| extension.max(deadline));
    stage == Stage::SelfAssessment && from.is_none_or(|from| now >= from) && !is_over(last, now)
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
mod enrol;
#[cfg(feature = "store")]
mod extend;
#[cfg(feature = "store")]
mod late;
#[cfg(feature = "store")]
mod plan;
#[cfg(feature = "store")]
mod rescore;
#[cfg(feature = "store")]
mod returned;
#[cfg(feature = "store")]
mod rules;
#[cfg(feature = "store")]
mod settings;
#[cfg(feature = "store")]
mod store;
mod timeline;
#[cfg(feature = "store")]
pub(crate) use board::Counts;
pub use timeline::{Milestone, Progress, Step, timeline};
#[cfg(feature = "store")]
pub use {
    board::board,
    enrol::{discard, enrol, enrolment},
    extend::extend,
    late::late,
    plan::*,
    returned::take_back,
    rules::*,
    settings::set,
    store::*,
};

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn the_last_second_counts_in_full() {
        let deadline = datetime!(2026-01-30 23:59:59 +7);
        let at = |now| is_open(Stage::SelfAssessment, (None, deadline), None, now);
        assert!(at(datetime!(2026-01-30 23:59:59.999 +7)));
        assert!(!at(datetime!(2026-01-31 00:00 +7)));
    }
}
