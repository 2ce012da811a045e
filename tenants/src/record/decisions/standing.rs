//! The decision that stands, and whether something changed since.

use super::proceedings::Proceedings;
use super::{Decided, Decision, ReasonCode, Talk};
use crate::points::from_stored;
use crate::sheets::Loaded;
use crate::store::Tx;
use crate::store::entities::{appraisals, assessment_rows, talks};
use crate::{Error, Result};

/// A decision as it is shown; `talks` are those about its indicator.
pub(crate) fn decided(
    loaded: &Loaded,
    model: &appraisals::Model,
    talks: &[talks::Model],
    places: u32,
) -> Result<Decided> {
    let decision = Decision::parse(&model.decision);
    Ok(Decided {
        decision: decision.ok_or_else(|| Error::internal(format!("unknown decision {}", model.decision)))?,
        points: model.points.map(|points| from_stored(points, places)),
        reason: model.reason.clone(),
        reason_code: model.reason_code.as_deref().and_then(ReasonCode::parse),
        corrections: match &model.corrections {
            Some(kept) => serde_json::from_value(kept.clone()).map_err(Error::internal)?,
            None => Vec::new(),
        },
        by: model.decided_name.clone(),
        at: model.decided_at,
        stale: is_stale(loaded, model, talks),
    })
}

/// The decision on an indicator as it stands.
pub(crate) async fn standing(tx: &Tx, loaded: &Loaded, code: &str) -> Result<Option<Decided>> {
    let past = Proceedings::read(tx, loaded).await?;
    let last = past.of(code).last();
    let places = loaded.rules.set().policy.round;
    last.map(|model| decided(loaded, model, past.talks_of(code), places)).transpose()
}

/// Everything decided and everything said about an indicator, oldest first.
pub(crate) async fn course(tx: &Tx, loaded: &Loaded, code: &str) -> Result<(Vec<Decided>, Vec<Talk>)> {
    let past = Proceedings::read(tx, loaded).await?;
    let (said, places) = (past.talks_of(code), loaded.rules.set().policy.round);
    let decided = past.of(code).iter().map(|model| decided(loaded, model, said, places));
    Ok((decided.collect::<Result<_>>()?, said.iter().map(talks::Model::shown).collect()))
}

/// Something about the row changed after the decision: "cần xem lại".
pub(crate) fn is_stale(loaded: &Loaded, model: &appraisals::Model, talks: &[talks::Model]) -> bool {
    let evidence = loaded.evidence_of(&model.code);
    // Brought later, or found infected later: either way it is no longer what was judged.
    let latest =
        evidence.iter().map(|item| item.quarantined_at.map_or(item.uploaded_at, |at| at.max(item.uploaded_at))).max();
    let row = loaded.rows.get(&model.code);
    // What was re-opened and changed is before the council once the head has signed it again.
    let waiting = loaded.sheet.to_sign().unwrap_or_default();
    let retyped = !waiting.contains_key(&model.code) && row.map_or(0, |row| row.revision) != model.row_revision;
    // A shared figure or another rule moves the score without anybody touching the row.
    let claimed = |row: &assessment_rows::Model| waiting.get(&model.code).copied().unwrap_or(row.self_points);
    let claimed = |row: &assessment_rows::Model| claimed(row).filter(|_| loaded.sheet.is_signed());
    let rescored = row.is_some_and(|row| claimed(row) != model.self_points);
    let answered = talks.iter().any(|said| !said.is_question && said.said_at > model.decided_at);
    retyped || rescored || answered || latest.is_some_and(|added| added > model.decided_at)
}
