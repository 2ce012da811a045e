//! The council ("Hội đồng thẩm định") of a period: the decision that set it up, and who sits in it.

use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};

use crate::caller::Role;
use crate::ids::{AccountId, CouncilDecisionId, SeatId, UnitId};
use crate::periods::PeriodHead;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeatKind {
    /// One at a time.
    Chair,
    Secretary,
    Member,
}

impl SeatKind {
    pub const ALL: [SeatKind; 3] = [SeatKind::Chair, SeatKind::Secretary, SeatKind::Member];

    /// The name stored in the database and used as the suffix of the text key `seat-…`.
    pub fn as_str(self) -> &'static str {
        match self {
            SeatKind::Chair => "chair",
            SeatKind::Secretary => "secretary",
            SeatKind::Member => "member",
        }
    }

    pub fn parse(name: &str) -> Option<SeatKind> {
        SeatKind::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// The roles of which one is needed to sit here.
    pub fn roles(self) -> &'static [Role] {
        match self {
            SeatKind::Chair => &[Role::CouncilChair],
            SeatKind::Secretary => &[Role::CouncilSecretary],
            SeatKind::Member => &[Role::Appraiser, Role::CouncilChair],
        }
    }

    pub fn judges(self) -> bool {
        self != SeatKind::Secretary
    }

    /// As documents write it, whatever language the screen is in.
    pub fn title(self) -> &'static str {
        match self {
            SeatKind::Chair => "Chủ tịch Hội đồng",
            SeatKind::Secretary => "Thư ký Hội đồng",
            SeatKind::Member => "Thành viên Hội đồng",
        }
    }
}

/// Somebody's place in the council, as it stands or as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    pub id: SeatId,
    pub account: AccountId,
    /// As it stood when the seat was given.
    pub name: String,
    pub kind: SeatKind,
    /// Where the person comes from; they never judge it.
    pub unit: Option<UnitId>,
    pub unit_name: Option<String>,
    /// What they judge ("lĩnh vực"), in words; empty where nothing was said.
    pub field: String,
    pub since: Date,
    pub ended: Option<Ended>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    pub on: Date,
    pub reason: String,
    pub by: String,
}

/// A decision that sets up or changes the council.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CouncilDecision {
    pub id: CouncilDecisionId,
    pub number: String,
    pub date: Date,
    /// Name of its file, where one is attached.
    pub file: Option<String>,
    pub by: String,
    pub at: OffsetDateTime,
}

/// The council of a period with everything its page shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Council {
    pub period: PeriodHead,
    /// The standing one first.
    pub decisions: Vec<CouncilDecision>,
    /// Those who sit, by kind and name, then those who did.
    pub seats: Vec<Seat>,
    /// Nothing of it counts yet, and a seat can still be taken out without a trace.
    pub is_draft: bool,
    /// This caller may record decisions and seats.
    pub may: bool,
    /// Whom this caller could seat; empty for those who may not.
    pub candidates: Vec<Candidate>,
    /// Name of the latest earlier period that has a council, where this one has nobody yet.
    pub previous: Option<String>,
}

impl Council {
    pub fn sitting(&self) -> impl Iterator<Item = &Seat> {
        self.seats.iter().filter(|seat| seat.ended.is_none())
    }
}

/// Somebody who holds a role of the council in the authority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub account: AccountId,
    pub name: String,
    pub unit: Option<UnitId>,
    pub unit_name: Option<String>,
    pub roles: Vec<Role>,
}

impl Candidate {
    pub fn may_sit_as(&self, kind: SeatKind) -> bool {
        kind.roles().iter().any(|role| self.roles.contains(role))
    }
}

/// What a council lacks before it can begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lacking {
    Decision,
    Chair,
}

impl Lacking {
    /// Suffix of the text key `council-lacks-…`.
    pub fn as_str(self) -> &'static str {
        match self {
            Lacking::Decision => "decision",
            Lacking::Chair => "chair",
        }
    }
}

/// The decision a council met under on a day: the last one made by then, or the first where all came later. Newest first.
pub fn standing_on(decisions: &[CouncilDecision], day: Date) -> Option<&CouncilDecision> {
    decisions.iter().find(|decision| decision.date <= day).or(decisions.last())
}

#[cfg(feature = "store")]
mod read;
#[cfg(feature = "store")]
mod seated;
#[cfg(feature = "store")]
pub use self::read::{DecisionCopy, decision_file, lacking, read};
#[cfg(feature = "store")]
pub(crate) use self::{
    read::{candidates, dates, decisions, is_draft, previous, require_complete, seats},
    seated::{Seated, require, seated, tell_seated},
};

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime};

    use super::*;

    #[test]
    fn a_session_meets_under_the_decision_of_its_day() {
        let decision = |number: &str, date| CouncilDecision {
            id: CouncilDecisionId::new(),
            number: number.into(),
            date,
            file: None,
            by: String::new(),
            at: datetime!(2026-03-01 00:00 UTC),
        };
        let all = [decision("9", date!(2026 - 02 - 20)), decision("1", date!(2026 - 01 - 10))];
        let on = |day| standing_on(&all, day).map(|decision| decision.number.as_str());
        assert_eq!(on(date!(2026 - 02 - 19)), Some("1"));
        assert_eq!(on(date!(2026 - 02 - 20)), Some("9"));
        assert_eq!(on(date!(2026 - 01 - 09)), Some("1"), "recorded after the fact");
        assert_eq!(standing_on(&[], date!(2026 - 01 - 09)), None);
    }
}
