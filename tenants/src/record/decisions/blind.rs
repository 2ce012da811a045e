//! What a second scorer must not see yet.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use sea_orm::{ColumnTrait, QueryFilter};

use crate::guards::Asking;
use crate::ids::{AssessmentId, PeriodId, SampleId};
use crate::periods::{self, Stage};
use crate::store::Tx;
use crate::store::entities::{assessments, second_samples, second_scores};
use crate::{Error, Result};

/// Rows whose decisions the caller must not see, by sheet and indicator.
#[derive(Clone)]
struct Blind(Arc<HashSet<(AssessmentId, String)>>);

pub(crate) async fn scores(tx: &Tx, of: &[second_samples::Model]) -> Result<HashMap<SampleId, second_scores::Model>> {
    let ids = of.iter().map(|row| row.id);
    let found = tx.scoped::<second_scores::Entity>().filter(second_scores::Column::SampleId.is_in(ids));
    Ok(found.all(tx.conn()).await?.into_iter().map(|score| (score.sample_id, score)).collect())
}

/// Indicators of a sheet whose decisions the caller must not see yet.
#[track_caller]
pub(crate) fn blind(tx: &Tx, sheet: &assessments::Model) -> impl Future<Output = Result<HashSet<String>>> {
    let asking = Asking::here();
    async move {
        let waiting = waiting(tx, sheet.period_id).await?;
        let hidden = waiting.iter().filter(|(of, _)| *of == sheet.id).map(|(_, code)| code.clone());
        let hidden: HashSet<String> = hidden.collect();
        Ok(if asking.holds(hidden.is_empty()) { HashSet::new() } else { hidden })
    }
}

/// Rows of a period the caller has still to score blind. Nobody in particular was given one.
async fn waiting(tx: &Tx, period: PeriodId) -> Result<Arc<HashSet<(AssessmentId, String)>>> {
    if let Some(Blind(known)) = tx.remembered(period.0) {
        return Ok(known);
    }
    let mut rows = HashSet::new();
    if let Some(account) = tx.caller().account {
        let given = tx.scoped::<second_samples::Entity>().filter(second_samples::Column::AccountId.eq(account));
        let given = given.filter(second_samples::Column::PeriodId.eq(period)).all(tx.conn()).await?;
        let scored = if given.is_empty() { HashMap::new() } else { scores(tx, &given).await? };
        let open = given.into_iter().filter(|row| !scored.contains_key(&row.id));
        rows.extend(open.map(|row| (row.assessment_id, row.code)));
    }
    let rows = Arc::new(rows);
    tx.remember(period.0, Blind(Arc::clone(&rows)));
    Ok(rows)
}

/// `Err(Conflict)` while the caller still has rows of a period to score blind: asked before anything that tells many
/// decisions at once, or a sum or a place one could be worked out from. Once the council has concluded nobody scores.
#[track_caller]
pub fn refuse_blind(tx: &Tx, period: PeriodId) -> impl Future<Output = Result<()>> {
    let asking = Asking::here();
    async move {
        let free =
            waiting(tx, period).await?.is_empty() || periods::find(tx, period).await?.stage()? != Stage::Appraisal;
        if asking.holds(free) {
            return Ok(());
        }
        Err(Error::Conflict("Bạn còn chỉ số phải chấm lại độc lập; trang này xem được sau khi chấm xong.".into()))
    }
}
