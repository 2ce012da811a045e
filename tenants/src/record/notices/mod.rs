//! Notices: what somebody must know, in their inbox and by mail. Mail is optional; the inbox always holds everything.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use time::OffsetDateTime;

use crate::ids::{AccountId, NoticeId};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A period opened for the unit.
    Opened,
    /// The unit's deadline comes nearer.
    Deadline,
    /// The unit's deadline has passed and nothing was sent.
    Overdue,
    /// The deadline moved for everybody.
    Moved,
    Extended,
    SentBack,
    /// The head took the submitted sheet back to go on with it.
    Withdrawn,
    /// The council asks for an explanation or more evidence.
    Question,
    /// The unit answered a question.
    Reply,
    /// A council member was given indicators to judge.
    Assigned,
    /// The provisional result can be read, and petitions made.
    Provisional,
    /// A unit petitions against a provisional score.
    Petition,
    PetitionAnswered,
    /// The rules changed inside the period and moved the unit's score.
    Rules,
    /// The same, for those who run the year: what there is to see again.
    RulesChanged,
    /// A newer engine moved the unit's score.
    Engine,
    /// The same, for those who run the year: what there is to see again.
    EngineRenewed,
    /// The unit may correct named indicators while the council is at work.
    Reopened,
    /// The People's Committee returned the result to the council.
    TakenBack,
    /// Monday's list: how far the period is and who is late.
    Weekly,
    /// The person sits in the council of a period.
    Seated,
    /// The person's seat in the council ended.
    Unseated,
    /// Rows to score a second time, without seeing the first decision.
    Sampled,
    /// A file of the unit turned out to be infected and is in quarantine.
    Infected,
    /// Somebody brought an infected file, which was not taken.
    Refused,
    /// The clerks have handed the sheet to their head.
    HandedIn,
    /// The head has handed it back to the clerks.
    HandedBack,
    /// A re-opened indicator was changed: the head has to sign it again.
    ToSign,
}

impl Kind {
    pub const ALL: [Kind; 28] = [
        Kind::Opened,
        Kind::Deadline,
        Kind::Overdue,
        Kind::Moved,
        Kind::Extended,
        Kind::SentBack,
        Kind::Withdrawn,
        Kind::Question,
        Kind::Reply,
        Kind::Assigned,
        Kind::Provisional,
        Kind::Petition,
        Kind::PetitionAnswered,
        Kind::Rules,
        Kind::RulesChanged,
        Kind::Engine,
        Kind::EngineRenewed,
        Kind::Reopened,
        Kind::TakenBack,
        Kind::Weekly,
        Kind::Seated,
        Kind::Unseated,
        Kind::Sampled,
        Kind::Infected,
        Kind::Refused,
        Kind::HandedIn,
        Kind::HandedBack,
        Kind::ToSign,
    ];

    /// The name stored in the database and used as the suffix of the text key `notice-…`.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Opened => "opened",
            Kind::Deadline => "deadline",
            Kind::Overdue => "overdue",
            Kind::Moved => "moved",
            Kind::Extended => "extended",
            Kind::SentBack => "sent_back",
            Kind::Withdrawn => "withdrawn",
            Kind::Question => "question",
            Kind::Reply => "reply",
            Kind::Assigned => "assigned",
            Kind::Provisional => "provisional",
            Kind::Petition => "petition",
            Kind::PetitionAnswered => "petition_answered",
            Kind::Rules => "rules",
            Kind::RulesChanged => "rules_changed",
            Kind::Engine => "engine",
            Kind::EngineRenewed => "engine_renewed",
            Kind::Reopened => "reopened",
            Kind::TakenBack => "taken_back",
            Kind::Weekly => "weekly",
            Kind::Seated => "seated",
            Kind::Unseated => "unseated",
            Kind::Sampled => "sampled",
            Kind::Infected => "infected",
            Kind::Refused => "refused",
            Kind::HandedIn => "handed_in",
            Kind::HandedBack => "handed_back",
            Kind::ToSign => "to_sign",
        }
    }

    pub fn parse(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// One notice of the caller's inbox. Its words come from the kind's text and `detail`, the values it is filled with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    pub id: NoticeId,
    pub kind: Kind,
    pub detail: BTreeMap<String, String>,
    /// Path of the page to act on.
    pub link: String,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    pub is_read: bool,
}

/// Everything one person has not been mailed yet: one mail, however many notices.
#[derive(Clone, Debug)]
pub struct Letter {
    pub account: AccountId,
    pub name: String,
    pub address: String,
    /// Oldest first, never empty.
    pub notices: Vec<Notice>,
}

#[cfg(feature = "store")]
mod post;
#[cfg(feature = "store")]
mod store;
#[cfg(feature = "store")]
pub(crate) use self::store::{News, To, tell};
#[cfg(feature = "store")]
pub use self::{
    post::{close, letters, retry},
    store::{inbox, mark_read, set_daily, unread, wants_daily},
};
