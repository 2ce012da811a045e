//! What an entry vouches for: the rows its act has written.

use sea_orm::{ColumnTrait, IntoActiveModel, QueryFilter, Select};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{Event, record};
use crate::store::entities::{
    assessment_rows, assessments, council_seats, council_sessions, evidence, evidence_links, periods,
};
use crate::store::{TenantEntity, TenantRow, Tx};
use crate::{Error, Result};

/// The prints of what the transaction has written so far; rows that were updated in place are read again.
pub(super) async fn of_act(tx: &Tx, (kind, id): &(&'static str, String)) -> Result<Option<Json>> {
    let id: Option<Uuid> = id.parse().ok();
    match id {
        Some(id) if *kind == "sheet" => {
            let own = assessments::Column::Id.eq(id);
            again(tx, |sheets: Select<assessments::Entity>| sheets.filter(own)).await?;
            let own = assessment_rows::Column::AssessmentId.eq(id);
            again(tx, |rows: Select<assessment_rows::Entity>| rows.filter(own)).await?;
            let own = evidence_links::Column::AssessmentId.eq(id);
            again(tx, |links: Select<evidence_links::Entity>| links.filter(own)).await?;
        }
        Some(id) if *kind == "period" => {
            let own = assessments::Column::PeriodId.eq(id);
            again(tx, |sheets: Select<assessments::Entity>| sheets.filter(own)).await?;
            let own = council_seats::Column::PeriodId.eq(id);
            again(tx, |seats: Select<council_seats::Entity>| seats.filter(own)).await?;
            again(tx, |periods: Select<periods::Entity>| periods.filter(periods::Column::Id.eq(id))).await?;
        }
        Some(id) if *kind == "council_session" => {
            let own = council_sessions::Column::Id.eq(id);
            again(tx, |sessions: Select<council_sessions::Entity>| sessions.filter(own)).await?;
        }
        _ => {}
    }
    let prints = tx.take_prints();
    if prints.is_empty() {
        return Ok(None);
    }
    Ok(Some(serde_json::to_value(prints).map_err(Error::internal)?))
}

/// Entries that vouch for rows and say nothing more: of a database from before, and of acts that go on writing after their
/// entry.
pub(super) const SILENT: [&str; 2] = ["log.ground", "log.rows"];

/// Part of committing: nothing is written that the log does not vouch for. What was updated in place and not read again
/// since, whichever rows that was, is read whole.
pub(crate) async fn close(tx: &Tx) -> Result<()> {
    again(tx, |all: Select<assessments::Entity>| all).await?;
    again(tx, |all: Select<assessment_rows::Entity>| all).await?;
    again(tx, |all: Select<evidence::Entity>| all).await?;
    again(tx, |all: Select<evidence_links::Entity>| all).await?;
    again(tx, |all: Select<council_seats::Entity>| all).await?;
    again(tx, |all: Select<council_sessions::Entity>| all).await?;
    again(tx, |all: Select<periods::Entity>| all).await?;
    if tx.has_prints() {
        let subject = ("tenant", tx.tenant().to_string());
        record(tx, Event { action: "log.rows", subject, detail: json!({}) }).await?;
    }
    Ok(())
}

/// Vouches for rows of a table as they stand now, if any of it was updated in place since this was last asked.
async fn again<E>(tx: &Tx, among: impl FnOnce(Select<E>) -> Select<E>) -> Result<()>
where
    E: TenantEntity<ActiveModel: TenantRow, Model: IntoActiveModel<E::ActiveModel>>,
{
    if !tx.take_updated::<E>() {
        return Ok(());
    }
    for row in among(tx.scoped::<E>()).all(tx.conn()).await? {
        tx.vouch(&row.into_active_model());
    }
    Ok(())
}
