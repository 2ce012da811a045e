//! Files: their bytes, looked into and scanned before they are stored, once per tenant by their SHA-256.

use serde::{Deserialize, Serialize};

/// Largest file accepted, in bytes.
pub const MAX_FILE: u64 = 64 * 1024 * 1024;

/// A file larger than this is sent in pieces of this many bytes, so that a broken line costs one piece.
pub const PIECE: u32 = 512 * 1024;

/// The header that says, with each piece, how many bytes the whole file has.
pub const WHOLE: &str = "x-whole-length";

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

/// Why a stored file does not open, as a look at its content found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unreadable {
    /// Locked with a password.
    Locked,
    /// Ends before its end.
    CutShort,
    NoPages,
    Broken,
}

impl Unreadable {
    const ALL: [Unreadable; 4] = [Unreadable::Locked, Unreadable::CutShort, Unreadable::NoPages, Unreadable::Broken];

    /// The name stored in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Unreadable::Locked => "locked",
            Unreadable::CutShort => "cut_short",
            Unreadable::NoPages => "no_pages",
            Unreadable::Broken => "broken",
        }
    }

    /// `None` for a file that opens.
    pub fn parse(name: &str) -> Option<Unreadable> {
        Unreadable::ALL.into_iter().find(|why| why.as_str() == name)
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

#[cfg(feature = "store")]
pub mod blobs;
#[cfg(feature = "store")]
mod image;
#[cfg(feature = "store")]
mod kept;
#[cfg(feature = "store")]
pub mod look;
#[cfg(feature = "store")]
pub mod scanner;
#[cfg(feature = "store")]
mod stored;
#[cfg(feature = "store")]
pub mod sweep;
#[cfg(feature = "store")]
pub(crate) use self::kept::keep_file;
#[cfg(feature = "store")]
pub use self::kept::refuse_infected;
#[cfg(feature = "store")]
pub use self::stored::{keep_look, unlooked};
