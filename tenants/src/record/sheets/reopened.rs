//! Which indicators of a submitted sheet are open again.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use time::{Duration, OffsetDateTime};

use super::read::Which;
use crate::ids::AssessmentId;
use crate::store::Tx;
use crate::store::entities::reopenings;
use crate::{Error, Result};

/// Until when each re-opened indicator of each sheet is open, those already closed left out.
pub(crate) async fn reopened(tx: &Tx, which: Which) -> Result<HashMap<AssessmentId, HashMap<String, OffsetDateTime>>> {
    let of_sheets = tx.scoped::<reopenings::Entity>().filter(which.named_by(tx, reopenings::Column::AssessmentId));
    // The last second counts in full.
    let live = reopenings::Column::Until.gt(tx.now() - Duration::SECOND);
    let live = of_sheets.filter(live).all(tx.conn()).await?;
    let mut open: HashMap<AssessmentId, HashMap<String, OffsetDateTime>> = HashMap::new();
    for reopening in live {
        let codes: Vec<String> = serde_json::from_value(reopening.codes).map_err(Error::internal)?;
        let of_sheet = open.entry(reopening.assessment_id).or_default();
        for code in codes {
            let until = of_sheet.entry(code).or_insert(reopening.until);
            *until = reopening.until.max(*until);
        }
    }
    Ok(open)
}

/// Every re-opening of an indicator, oldest first, those closed again too.
pub(crate) async fn reopenings_of(tx: &Tx, sheet: AssessmentId, code: &str) -> Result<Vec<reopenings::Model>> {
    let of_sheet = tx.scoped::<reopenings::Entity>().filter(reopenings::Column::AssessmentId.eq(sheet));
    let mut all = of_sheet.order_by_asc(reopenings::Column::ReopenedAt).all(tx.conn()).await?;
    all.retain(|one| one.codes.as_array().is_some_and(|codes| codes.iter().any(|known| known == code)));
    Ok(all)
}
