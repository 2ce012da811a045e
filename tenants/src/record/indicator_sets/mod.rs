//! Indicator sets of a tenant: one mutable draft each, and issued versions that never change.

use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};

use crate::files::StoredFile;
use crate::ids::{SetId, VersionId};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetHead {
    pub id: SetId,
    pub slug: String,
    pub name: String,
    /// Revision of the draft; 0 when there is none.
    pub draft_revision: i64,
    /// The version it was copied from, one's own or a shared one.
    pub origin: Option<VersionId>,
    /// Newest first.
    pub versions: Vec<VersionHead>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionHead {
    pub id: VersionId,
    pub set_id: SetId,
    pub number: i32,
    pub set_name: String,
    pub content_hash: String,
    pub decision_number: String,
    #[serde(with = "crate::dates")]
    pub decision_date: Date,
    /// Name of the decision's file.
    pub decision_file: Option<String>,
    pub issued_by: String,
    #[serde(with = "time::serde::rfc3339")]
    pub issued_at: OffsetDateTime,
}

/// The draft as edited. `revision` must be sent back when saving.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    pub set_id: SetId,
    pub source: String,
    pub revision: i64,
    pub updated_by: String,
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
}

/// Puts the draft in force as the next version. The check must be clean and every stored case pass.
#[derive(Clone, Debug)]
pub struct Issue {
    pub set_id: SetId,
    pub revision: i64,
    pub decision_number: String,
    pub decision_date: Date,
    /// The signed decision, as stored.
    pub file: Option<StoredFile>,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Issued {
    Version(VersionId),
    /// The authority wants a second person: the proposal waits for them.
    Proposed,
}

impl Issued {
    pub fn version(self) -> Option<VersionId> {
        match self {
            Issued::Version(id) => Some(id),
            Issued::Proposed => None,
        }
    }
}

/// A draft that waits for a second person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    pub revision: i64,
    pub decision_number: String,
    #[serde(with = "crate::dates")]
    pub decision_date: Date,
    pub decision_file: String,
    pub by: String,
    /// Proposed by the caller, who therefore cannot be the second person.
    pub own: bool,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
}

/// A version that an authority above shares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedVersion {
    pub id: VersionId,
    pub owner: String,
    pub set_slug: String,
    pub set_name: String,
    pub number: i32,
    pub decision_number: String,
    #[serde(with = "crate::dates")]
    pub decision_date: Date,
}

/// A stored case that does not come out as it says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedCase {
    /// Of the indicator.
    pub code: String,
    /// In words, with the code.
    pub told: String,
}

/// What a check found: diagnostics of the script and the cases that failed, in words.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Checked {
    pub diagnostics: Vec<engine::Diagnostic>,
    pub failed_cases: Vec<FailedCase>,
    pub case_count: usize,
}

impl Checked {
    pub fn is_clean(&self) -> bool {
        let errors = self.diagnostics.iter().any(|found| found.severity == engine::Severity::Error);
        !errors && self.failed_cases.is_empty()
    }
}

mod begin;
mod differences;
pub mod edit;
#[cfg(feature = "store")]
mod issue;
#[cfg(feature = "store")]
mod office;
#[cfg(feature = "store")]
mod proof;
#[cfg(feature = "store")]
mod ration;
#[cfg(feature = "store")]
pub mod sandbox;
#[cfg(feature = "store")]
mod sharing;
#[cfg(feature = "store")]
mod store;
#[cfg(feature = "store")]
pub(crate) use self::store::{find_version, rules_by, rules_known_by, rules_of, rules_of_groups, version_used};
pub use self::{
    begin::begin,
    differences::{changes, structure_changes},
};
#[cfg(feature = "store")]
pub use self::{
    issue::{approve, decision_file, four_eyes, issue, proposal, want_four_eyes, withdraw},
    office::OfficeTable,
    proof::{Asked, Proven, prove},
    ration::{Work, turn},
    sharing::{Original, newest_upstream, original, seen_upstream, share, shared_by_us, shared_with_us},
    store::{
        Looked, compiled, create, create_from, draft, label, list, look, look_rationed, rules, save_draft, version,
    },
};
