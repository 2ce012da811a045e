//! Evidence ("tài liệu kiểm chứng", TLKC): a file or a link with its document card, attached to indicators.
//!
//! A file is stored once per tenant, by its SHA-256. Nothing is deleted after submission.

use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};

use crate::ids::EvidenceId;

/// Largest file accepted, in bytes.
pub const MAX_FILE: u64 = 50 * 1024 * 1024;

/// The document behind the file, as an official register would name it. All parts may be left empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DocumentCard {
    /// "Số, ký hiệu".
    pub number: String,
    /// "Ngày ban hành".
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
}

/// A stored file to be attached.
#[derive(Clone, Debug)]
pub struct StoredFile {
    pub sha256: String,
    pub length: u64,
    pub media_type: String,
    pub name: String,
}

/// Where evidence is attached, and what it is.
#[derive(Clone, Debug)]
pub enum Source {
    File(StoredFile),
    Link { title: String, url: String },
}

#[cfg(feature = "store")]
pub mod blobs;
#[cfg(feature = "store")]
mod store;
#[cfg(feature = "store")]
pub use store::*;
