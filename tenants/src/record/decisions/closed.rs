//! Which sheets a member of the council may not judge, and why.

use super::Closed;
use crate::caller::Role;
use crate::guards;
use crate::policy::{self, Action, Subject};
use crate::store::Tx;
use crate::store::entities::{assessments, periods as periods_table};
use crate::{Result, seats, sheets};

/// Why the sheet is closed to a caller whose role judges; `None` where it is open, and for everybody else.
pub(crate) async fn closed(
    tx: &Tx,
    sheet: &assessments::Model,
    period: &periods_table::Model,
) -> Result<Option<Closed>> {
    if !tx.caller().has_any(&[Role::Appraiser, Role::CouncilChair]) {
        return Ok(None);
    }
    let seated = seats::seated(tx, period.id).await?;
    let subject = sheets::subject(sheet, period);
    let managing = matches!(subject, Subject::Sheet { managing: true, .. });
    Ok(if managing {
        (!(seated.presides() && policy::allows(tx.caller(), Action::Appraise, subject))).then_some(Closed::Managing)
    } else if guards::keeps_out(tx.caller().belongs_to(sheet.unit_id))
        || guards::keeps_out(seated.comes_from(sheet.unit_id))
    {
        Some(Closed::OwnUnit)
    } else {
        (!seated.judges()).then_some(Closed::Unseated)
    })
}
