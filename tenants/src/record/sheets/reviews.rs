//! What went to and fro between clerks and head.

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use super::find;
use super::loaded::Loaded;
use super::state::{Review, ReviewAct};
use crate::Result;
use crate::policy::{self, Action};
use crate::store::Tx;
use crate::store::entities::reviews;

/// Every step so far, oldest first; nothing for those who are not of the unit.
pub(crate) async fn reviews(tx: &Tx, loaded: &Loaded) -> Result<Vec<Review>> {
    if !policy::allows(tx.caller(), Action::Plan, find::subject(&loaded.sheet, &loaded.period)) {
        return Ok(Vec::new());
    }
    let steps = tx.scoped::<reviews::Entity>().filter(reviews::Column::AssessmentId.eq(loaded.sheet.id));
    let steps = steps.order_by_asc(reviews::Column::DoneAt).order_by_asc(reviews::Column::Id);
    let shown = |step: reviews::Model| {
        let act = ReviewAct::parse(&step.act)?;
        Some(Review { act, note: step.note, by: step.done_name, at: step.done_at })
    };
    Ok(steps.all(tx.conn()).await?.into_iter().filter_map(shown).collect())
}

/// The head's word, while it is the last one and the clerks are at the sheet again.
pub(crate) async fn handed_back(tx: &Tx, loaded: &Loaded) -> Result<Option<Review>> {
    if !loaded.sheet.state()?.is_writable() {
        return Ok(None);
    }
    Ok(reviews(tx, loaded).await?.pop().filter(|step| step.act == ReviewAct::HandedBack))
}
