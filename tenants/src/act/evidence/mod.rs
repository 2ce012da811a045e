//! Evidence ("tài liệu kiểm chứng", TLKC): a file or a link with its document card, attached to indicators.
//!
//! A file is stored once per tenant, by its SHA-256. Nothing is deleted after submission.

use serde::{Deserialize, Serialize};

use crate::documents::DocumentCard;
use crate::files::StoredFile;
use crate::ids::EvidenceId;

/// A document of the unit that can prove another indicator too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownDocument {
    pub id: EvidenceId,
    pub name: String,
    /// "Số, ký hiệu"; may be empty.
    pub number: String,
}

/// What is attached to an indicator, and how.
#[derive(Clone, Debug)]
pub struct Attach {
    pub source: Source,
    pub card: DocumentCard,
    /// Where in the document, e.g. "trang 3".
    pub page: String,
    /// The document whose place it takes.
    pub replaces: Option<Replaces>,
}

#[derive(Clone, Debug)]
pub struct Replaces {
    pub old: EvidenceId,
    pub reason: String,
}

impl Attach {
    /// The source alone, without a card.
    pub fn of(source: Source) -> Attach {
        Attach { source, card: DocumentCard::default(), page: String::new(), replaces: None }
    }
}

/// Where evidence is attached, and what it is.
#[derive(Clone, Debug)]
pub enum Source {
    File(StoredFile),
    Link {
        title: String,
        url: String,
    },
    /// A document the unit has already brought, in this or another year.
    Known(EvidenceId),
}

#[cfg(feature = "store")]
mod card;
#[cfg(feature = "store")]
mod care;
#[cfg(feature = "store")]
mod quota;
#[cfg(feature = "store")]
mod scan;
#[cfg(feature = "store")]
mod store;
#[cfg(feature = "store")]
pub use self::{
    card::correct_card,
    care::{known, of_sheet},
    quota::set_quota,
    scan::{Unscanned, keep_verdict, quarantine, unscanned},
    store::{attach, detach, may_attach, open},
};
