//! A period: one year of assessment of a tenant, from opening to publication. Stages follow domain.md (b) 2.

use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};

use crate::ids::PeriodId;

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
    #[serde(with = "crate::dates::option", default)]
    pub appraise_until: Option<Date>,
    #[serde(with = "crate::dates::option", default)]
    pub conclude_until: Option<Date>,
    #[serde(with = "crate::dates::option", default)]
    pub submit_until: Option<Date>,
    /// Name of the guidance, where there is one.
    pub guidance: Option<String>,
    /// When and under which number the result went to the People's Committee.
    #[serde(with = "crate::dates::option", default)]
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

/// Whether a limit, named to the second, has passed: its last second counts in full.
pub fn is_over(limit: OffsetDateTime, now: OffsetDateTime) -> bool {
    now.unix_timestamp() > limit.unix_timestamp()
}

/// Whether a unit may write now: in self-assessment, from its beginning up to and including the deadline or the unit's
/// extension. Time given to one unit outlasts the stage: the council beginning with the others does not take it away.
pub fn is_open(
    stage: Stage,
    (from, deadline): (Option<OffsetDateTime>, OffsetDateTime),
    extended_to: Option<OffsetDateTime>,
    now: OffsetDateTime,
) -> bool {
    let last = match stage {
        Stage::SelfAssessment => Some(extended_to.map_or(deadline, |extension| extension.max(deadline))),
        Stage::Appraisal => extended_to,
        Stage::Draft | Stage::Concluded | Stage::Published => None,
    };
    from.is_none_or(|from| now >= from) && last.is_some_and(|last| !is_over(last, now))
}

#[cfg(feature = "store")]
mod groups;
#[cfg(feature = "store")]
mod store;
mod timeline;
pub use self::timeline::{Milestone, Progress, Step, timeline};
#[cfg(feature = "store")]
pub use self::{groups::of_group, store::list};
#[cfg(feature = "store")]
pub(crate) use self::{
    groups::{group, groups},
    store::{find, move_to, today},
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

    #[test]
    fn an_extension_outlasts_the_stage_it_was_given_in() {
        let (deadline, own) = (datetime!(2026-01-30 23:59:59 +7), datetime!(2026-02-06 23:59:59 +7));
        let at = |extended_to, now| is_open(Stage::Appraisal, (None, deadline), extended_to, now);
        assert!(at(Some(own), datetime!(2026-02-06 23:59:59.5 +7)));
        assert!(!at(Some(own), datetime!(2026-02-07 00:00 +7)));
        // Begun early: those without time of their own have none left.
        assert!(!at(None, datetime!(2026-01-20 08:00 +7)));
    }
}
