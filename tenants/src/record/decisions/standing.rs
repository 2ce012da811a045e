//! The decision that stands, and whether something changed since.

use super::proceedings::Proceedings;
use super::since::Since;
use super::{Decided, Decision, ReasonCode, Talk};
use crate::points::from_stored;
use crate::sheets::Loaded;
use crate::store::Tx;
use crate::store::entities::{appraisals, talks};
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
        stale: Since::of(loaded, model, talks).is_anything(),
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
