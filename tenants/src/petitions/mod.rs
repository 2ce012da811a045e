//! Provisional results and petitions ("kiến nghị"): all units read their provisional scores from one moment on, may object
//! indicator by indicator until a day, and every petition is answered before the council concludes.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::ids::PetitionId;

/// A unit's objection to one provisional score, with the council's answer once there is one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Petition {
    pub id: PetitionId,
    pub code: String,
    pub text: String,
    pub by: String,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    pub answer: Option<PetitionAnswer>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PetitionAnswer {
    pub text: String,
    pub by: String,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
}

#[cfg(feature = "store")]
mod store;
#[cfg(feature = "store")]
pub use store::{announce, answer, make};
#[cfg(feature = "store")]
pub(crate) use store::{in_time, of_sheet, of_sheets, unanswered, unanswered_of};
