//! Indicator sets of a tenant: one mutable draft each, and issued versions that never change.

use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};

use crate::ids::{SetId, VersionId};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetHead {
    pub id: SetId,
    pub slug: String,
    pub name: String,
    /// Revision of the draft; 0 when there is none.
    pub draft_revision: i64,
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
    pub decision_date: Date,
    #[serde(with = "time::serde::rfc3339")]
    pub issued_at: OffsetDateTime,
}

/// The draft as edited. `revision` must be sent back when saving.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    pub set_id: SetId,
    pub source: String,
    pub revision: i64,
}

/// Puts the draft in force as the next version. The check must be clean and every stored case pass.
#[derive(Clone, Debug, Deserialize)]
pub struct Issue {
    pub set_id: SetId,
    pub revision: i64,
    pub decision_number: String,
    pub decision_date: Date,
}

/// What a check found: diagnostics of the script and the cases that failed, in words.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Checked {
    pub diagnostics: Vec<engine::Diagnostic>,
    pub failed_cases: Vec<String>,
    pub case_count: usize,
}

impl Checked {
    pub fn is_clean(&self) -> bool {
        let errors = self.diagnostics.iter().any(|found| found.severity == engine::Severity::Error);
        !errors && self.failed_cases.is_empty()
    }
}

#[cfg(feature = "store")]
pub mod sandbox;
#[cfg(feature = "store")]
mod store;
#[cfg(feature = "store")]
pub use store::*;
