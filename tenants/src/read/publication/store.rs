//! Publishing a concluded period, and reading what is published.

use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter, QueryOrder};
use serde_json::json;

use super::snapshot::take;
use super::{Publish, Published, PublishedYear, Snapshot};
use crate::audit::{self, Event};
use crate::calendar::legal;
use crate::seats;

use crate::ids::{PeriodId, PublicationId};
use crate::periods::{self, Stage};
use crate::policy::{Action, Subject};
use crate::store::entities::{periods as periods_table, publications};
use crate::store::{Tx, new_row, sha256_hex};
use crate::{Error, Problem, Result};

/// The results as they would be published now.
pub async fn preview(tx: &Tx, id: PeriodId) -> Result<Snapshot> {
    tx.allow(Action::ViewBoard, Subject::Tenant)?;
    take(tx, &periods::find(tx, id).await?).await
}

/// Freezes the snapshot under the decision and makes it public. `Err(Conflict)` unless the council has concluded.
pub async fn publish(tx: &Tx, id: PeriodId, publish: &Publish) -> Result<PublicationId> {
    tx.allow(Action::Publish, Subject::Tenant)?;
    if publish.decision_number.trim().is_empty() {
        return Err(Error::Invalid(vec![Problem::new("decision_number", "Hãy nhập số quyết định công bố.")]));
    }
    let period = periods::find(tx, id).await?;
    legal::refuse("decision_date", seats::dates(tx, &period).await?.publication(publish.decision_date))?;
    periods::move_to(tx, &period, Stage::Concluded, Stage::Published).await?;
    let snapshot = serde_json::to_value(take(tx, &period).await?).map_err(Error::internal)?;
    let content = snapshot.to_string();
    let content_hash = sha256_hex(content.as_bytes());
    let publication = PublicationId::new();
    tx.insert(publications::ActiveModel {
        id: Set(publication),
        period_id: Set(id),
        revision: Set(1),
        decision_number: Set(publish.decision_number.trim().into()),
        decision_date: Set(publish.decision_date),
        snapshot: Set(snapshot),
        content: Set(Some(content)),
        content_hash: Set(content_hash.clone()),
        supersedes: Set(None),
        note: Set(publish.note.trim().into()),
        published_by: Set(tx.caller().name.clone()),
        published_at: Set(tx.now()),
        ..new_row(tx)
    })
    .await?;
    let detail = json!({ "publication": publication, "decision": publish.decision_number, "hash": content_hash });
    audit::record(tx, Event { action: "period.publish", subject: ("period", id.to_string()), detail }).await?;
    Ok(publication)
}

/// Published years, newest first, each with its newest revision.
pub async fn years(tx: &Tx) -> Result<Vec<PublishedYear>> {
    tx.allow(Action::ReadPublished, Subject::Tenant)?;
    let published = tx.scoped::<periods_table::Entity>();
    let published = published.filter(periods_table::Column::Stage.eq(Stage::Published.as_str()));
    let published = published.order_by_desc(periods_table::Column::Year).all(tx.conn()).await?;
    let mut years = Vec::new();
    for period in published {
        if let Some((revision, content_hash)) = newest_edition(tx, period.id).await? {
            years.push(PublishedYear { year: period.year, revision, content_hash });
        }
    }
    years.dedup_by_key(|year| year.year);
    Ok(years)
}

/// The newest revision of a period's publication and its content hash.
async fn newest_edition(tx: &Tx, period: PeriodId) -> Result<Option<(i32, String)>> {
    use sea_orm::QuerySelect;
    let newest = tx.scoped::<publications::Entity>().filter(publications::Column::PeriodId.eq(period));
    let newest = newest.order_by_desc(publications::Column::Revision).select_only();
    let newest = newest.column(publications::Column::Revision).column(publications::Column::ContentHash);
    Ok(newest.into_tuple().one(tx.conn()).await?)
}

/// A year's publication: the newest revision, or the one named. `Err(NotFound)` when the year is not published.
pub async fn read(tx: &Tx, year: i32, revision: Option<i32>) -> Result<Published> {
    tx.allow(Action::ReadPublished, Subject::Tenant)?;
    let of_year = tx.scoped::<periods_table::Entity>().filter(periods_table::Column::Year.eq(year));
    let of_year = of_year.filter(periods_table::Column::Stage.eq(Stage::Published.as_str()));
    let newest = of_year.order_by_desc(periods_table::Column::CreatedAt);
    let period = newest.one(tx.conn()).await?.ok_or(Error::NotFound)?;
    let (newest, _) = newest_edition(tx, period.id).await?.ok_or(Error::NotFound)?;
    let wanted = tx.scoped::<publications::Entity>().filter(publications::Column::PeriodId.eq(period.id));
    let wanted = wanted.filter(publications::Column::Revision.eq(revision.unwrap_or(newest)));
    let found = wanted.one(tx.conn()).await?.ok_or(Error::NotFound)?;
    shown(found, year, newest)
}

/// The newest edition of a period, its hash not looked at.
pub(crate) async fn newest(tx: &Tx, period: PeriodId) -> Result<Option<Snapshot>> {
    let of_period = tx.scoped::<publications::Entity>().filter(publications::Column::PeriodId.eq(period));
    let newest = of_period.order_by_desc(publications::Column::Revision).one(tx.conn()).await?;
    newest.map(|edition| serde_json::from_str(&content(&edition)).map_err(Error::internal)).transpose()
}

/// The text an edition's hash was taken of. Before it was kept, it was what the stored JSON is written as.
pub(crate) fn content(edition: &publications::Model) -> String {
    edition.content.clone().unwrap_or_else(|| edition.snapshot.to_string())
}

/// `Err(Mismatch)` when the content is not what was published.
fn shown(found: publications::Model, year: i32, newest: i32) -> Result<Published> {
    let content = content(&found);
    if sha256_hex(content.as_bytes()) != found.content_hash {
        let what = format!("publication {} of {year}, revision {}", found.id, found.revision);
        return Err(Error::Mismatch(format!("{what}: its content does not match its hash {}", found.content_hash)));
    }
    Ok(Published {
        id: found.id,
        period: found.period_id,
        year,
        revision: found.revision,
        decision_number: found.decision_number,
        decision_date: found.decision_date,
        content_hash: found.content_hash,
        published_at: found.published_at,
        note: found.note,
        superseded: found.revision < newest,
        snapshot: serde_json::from_str(&content).map_err(Error::internal)?,
        content,
    })
}
