//! Documents ("tài liệu kiểm chứng", TLKC) as they are shown: a file or a link, its card, and its place at an indicator.

use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};

use crate::files::{Scan, Unreadable};
use crate::ids::EvidenceId;

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

/// How much of what it may bring in a period a unit has brought. Bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quota {
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
    /// Found when it was looked at once more; what comes in now is refused then.
    #[serde(default)]
    pub unreadable: Option<Unreadable>,
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

#[cfg(feature = "store")]
mod item;
#[cfg(feature = "store")]
pub(crate) use self::item::{KnownFile, item};
