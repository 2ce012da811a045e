//! Accepting many rows at once: those that prove themselves. Screen, counts and act ask `in_bulk`.

use std::collections::BTreeMap;

use engine::{Indicator, ScoreState};

use super::store::{append, build_row, sheet_to_judge};
use super::{AppraisalRow, Decide};
use crate::decisions::{Decision, Proceedings, Since};
use crate::documents::EvidenceItem;
use crate::ids::AssessmentId;
use crate::points::to_stored;
use crate::sheets::{Loaded, RowState};
use crate::store::Tx;
use crate::{Result, ranking};

/// The decision a row gets in bulk; `None` for one that somebody has to look at. A row of the caller's that the unit's head
/// signed, the formula scores, evidence supports and nothing warns of or asks about is accepted; an exemption by the managing
/// agency is accepted as not applicable.
pub(super) fn in_bulk(loaded: &Loaded, past: &Proceedings, row: &AppraisalRow) -> Option<Decision> {
    let proven = row.state == RowState::Done && row.evidence.iter().any(EvidenceItem::proves);
    let scored = row.score.state == ScoreState::Scored && row.warnings.is_empty() && !row.score.departs();
    let agreed = !row.unsigned && !row.to_sign && row.claim.is_none() && proven && scored;
    let decision = match row.exempt {
        true => Decision::NotApplicable,
        false => Decision::Accept,
    };
    let wanted = row.may && !row.is_asked && (agreed || row.exempt) && is_new_or_the_same(loaded, past, row, decision);
    wanted.then_some(decision)
}

/// Undecided, or to be seen again and decided like this before: with the same points, or with others only because the rules
/// changed. What the unit changed so that it scores otherwise, and what it answered, somebody has to read.
fn is_new_or_the_same(loaded: &Loaded, past: &Proceedings, row: &AppraisalRow, decision: Decision) -> bool {
    let Some(standing) = past.of(&row.code).last() else { return true };
    let since = Since::of(loaded, standing, past.talks_of(&row.code));
    let same_points = standing.points == row.self_points.filter(|_| !row.exempt).map(to_stored);
    let by_rules = row.signed_points.is_some() && !since.retyped && !since.evidence;
    since.is_anything() && !since.answered && standing.decision == decision.as_str() && (same_points || by_rules)
}

/// Accepts every row of a sheet that may be accepted in bulk. Answers how many.
pub async fn accept_agreeing(tx: &Tx, id: AssessmentId) -> Result<u32> {
    let loaded = sheet_to_judge(tx, id).await?;
    let past = Proceedings::read(tx, &loaded).await?;
    let rules = std::sync::Arc::clone(&loaded.rules);
    let mut accepted = 0;
    for indicator in rules.set().indicators() {
        accepted += u32::from(accept_proven(tx, &loaded, &past, indicator).await?);
    }
    if accepted > 0 {
        ranking::refresh_sheets(tx, &loaded.group, &rules, &[id]).await?;
    }
    Ok(accepted)
}

/// Accepts one row, if it may be accepted in bulk.
pub(super) async fn accept_proven(tx: &Tx, loaded: &Loaded, past: &Proceedings, indicator: &Indicator) -> Result<bool> {
    let row = build_row(loaded, past, None, indicator)?;
    let Some(decision) = in_bulk(loaded, past, &row) else { return Ok(false) };
    let reason = row.claim.as_ref().map(|claim| claim.reason.clone()).unwrap_or_default();
    let (code, revision) = (row.code.clone(), row.revision);
    let (points, figures) = (String::new(), BTreeMap::new());
    let accept = Decide { code, decision, points, reason, reason_code: None, figures, revision };
    append(tx, loaded, &row, &accept, (row.self_points.filter(|_| !row.exempt), Vec::new())).await?;
    Ok(true)
}
