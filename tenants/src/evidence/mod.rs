//! Evidence ("tài liệu kiểm chứng", TLKC): a file or a link with its document card, attached to indicators.
//!
//! A file is stored once per tenant, by its SHA-256. Nothing is deleted after submission.

use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};

use crate::ids::EvidenceId;

/// Largest file accepted, in bytes.
pub const MAX_FILE: u64 = 64 * 1024 * 1024;

/// A file larger than this is sent in pieces of this many bytes, so that a broken line costs one piece.
pub const PIECE: u32 = 512 * 1024;

/// The header that says, with each piece, how many bytes the whole file has.
pub const WHOLE: &str = "x-whole-length";

/// The document behind the file, as an official register would name it. All parts may be left empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DocumentCard {
    /// "Số, ký hiệu".
    pub number: String,
    /// "Ngày ban hành".
    #[serde(with = "crate::dates::option", default)]
    pub issued_on: Option<Date>,
    /// "Cơ quan ban hành".
    pub issuer: String,
    /// "Trích yếu".
    pub summary: String,
    /// "Người ký".
    pub signer: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    Unit,
    Council,
}

impl Side {
    pub fn as_str(self) -> &'static str {
        match self {
            Side::Unit => "unit",
            Side::Council => "council",
        }
    }

    pub fn parse(name: &str) -> Side {
        if name == "council" { Side::Council } else { Side::Unit }
    }
}

/// What is known of a file's harmlessness.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scan {
    /// No scanner was set up when it came in.
    #[default]
    Unasked,
    /// The scanner could not be reached; it is asked again.
    Waiting,
    /// Larger than the scanner takes.
    TooLarge,
    Clean,
    /// In quarantine: never served, proves nothing.
    Infected,
}

impl Scan {
    const ALL: [Scan; 5] = [Scan::Unasked, Scan::Waiting, Scan::TooLarge, Scan::Clean, Scan::Infected];

    /// The name stored in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Scan::Unasked => "unasked",
            Scan::Waiting => "waiting",
            Scan::TooLarge => "too_large",
            Scan::Clean => "clean",
            Scan::Infected => "infected",
        }
    }

    /// Nothing stored is a file from before there was a question.
    pub fn parse(name: Option<&str>) -> Scan {
        Scan::ALL.into_iter().find(|scan| Some(scan.as_str()) == name).unwrap_or_default()
    }

    /// A scanner was to look at it and has not.
    pub fn is_open(self) -> bool {
        matches!(self, Scan::Waiting | Scan::TooLarge)
    }
}

/// How much of what it may bring in a period a unit has brought. Bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    pub used: u64,
    pub allowed: u64,
}

/// One piece of evidence as shown beside an indicator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceItem {
    pub id: EvidenceId,
    /// File name or title of the link.
    pub name: String,
    /// Set for a link, `None` for a file.
    pub link: Option<String>,
    pub media_type: Option<String>,
    /// Bytes, for a file.
    pub length: Option<u64>,
    pub card: DocumentCard,
    /// Where in the document, e.g. "trang 3".
    pub page: String,
    pub side: Side,
    #[serde(with = "time::serde::rfc3339")]
    pub uploaded_at: OffsetDateTime,
    /// Added during appraisal: shown as "bổ sung khi thẩm định".
    pub after_submission: bool,
    /// Of the file's content, lower-case hexadecimal.
    #[serde(default)]
    pub sha256: Option<String>,
    /// Another document stands in its place; it proves nothing any more and stays readable.
    #[serde(default)]
    pub replaced: Option<Replaced>,
    /// Of the file's content.
    #[serde(default)]
    pub scan: Scan,
    /// When it was found infected.
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub quarantined_at: Option<OffsetDateTime>,
}

/// Why a document was replaced, and by which.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replaced {
    pub by: EvidenceId,
    pub reason: String,
}

impl EvidenceItem {
    /// Stands for what is claimed: neither replaced nor in quarantine.
    pub fn proves(&self) -> bool {
        self.replaced.is_none() && self.scan != Scan::Infected
    }

    /// The same for the same content, whatever the upload was called.
    pub fn identity(&self) -> String {
        self.sha256.clone().or_else(|| self.link.clone()).unwrap_or_else(|| self.id.to_string())
    }
}

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

/// A stored file to be attached.
#[derive(Clone, Debug)]
pub struct StoredFile {
    pub sha256: String,
    pub length: u64,
    pub media_type: String,
    pub name: String,
    pub scan: Scan,
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
pub mod blobs;
#[cfg(feature = "store")]
mod card;
#[cfg(feature = "store")]
mod care;
#[cfg(feature = "store")]
pub mod look;
#[cfg(feature = "store")]
mod room;
#[cfg(feature = "store")]
mod scan;
#[cfg(feature = "store")]
pub mod scanner;
#[cfg(feature = "store")]
mod store;
#[cfg(feature = "store")]
pub mod sweep;
#[cfg(feature = "store")]
pub(crate) mod web;
#[cfg(feature = "store")]
pub(crate) use self::room::room;
#[cfg(feature = "store")]
pub use self::{
    card::correct_card,
    care::{known, of_sheet},
    room::{allowance, set_allowance},
    scan::{Unscanned, keep_verdict, quarantine, refuse_infected, unscanned},
    store::*,
};
