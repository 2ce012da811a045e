//! The log as its readers may see it.

use std::collections::HashSet;

use serde_json::json;

use crate::Result;
use crate::audit::{self, Entry};
use crate::decisions;
use crate::ids::AssessmentId;
use crate::store::Tx;

/// Of actions by which the council says what it thinks of a row.
const COUNCIL: [&str; 3] = ["appraisal.", "petition.", "sample."];

/// Newest first, `page` from 0, fifty a page. What the council did about a row that the reader scores blind is known to have
/// been done, and no more.
pub async fn logged(tx: &Tx, page: u64) -> Result<Vec<Entry>> {
    let entries = audit::list(tx, page).await?;
    let blind = decisions::all_blind(tx).await?;
    Ok(entries.into_iter().map(|entry| masked(entry, &blind)).collect())
}

fn masked(entry: Entry, blind: &HashSet<(AssessmentId, String)>) -> Entry {
    let code = entry.detail.get("code").and_then(|code| code.as_str()).map(str::to_owned);
    let (Some(code), Ok(sheet)) = (code, entry.subject_id.parse().map(AssessmentId)) else { return entry };
    let of_council = COUNCIL.iter().any(|kind| entry.action.starts_with(kind));
    if of_council && blind.contains(&(sheet, code.clone())) {
        return Entry { detail: json!({ "code": code }), ..entry };
    }
    entry
}
