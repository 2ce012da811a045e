//! Versions shared with the authorities below, and drafts copied from one's own or a shared version.

use engine::IndicatorSet;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Select};
use serde_json::json;

use super::{SharedVersion, VersionHead, find_version};
use crate::audit::{self, Event};
use crate::ids::{SetId, TenantId, VersionId};
use crate::policy::{Action, Subject};
use crate::store::entities::{indicator_sets, shared_versions, tenants};
use crate::store::{Tx, new_row};
use crate::tenant;
use crate::{Error, Result};

/// Deepest nesting of authorities: province, district, commune, and room to spare.
const LEVELS: usize = 6;

/// Lets every authority below copy a version. Doing it again changes nothing.
pub async fn share(tx: &Tx, version: VersionId) -> Result<()> {
    tx.allow(Action::IssueSet, Subject::Tenant)?;
    let model = find_version(tx, version).await?;
    if shared_by_us(tx).await?.contains(&version) {
        return Ok(());
    }
    let set = tx.scoped::<indicator_sets::Entity>().filter(indicator_sets::Column::Id.eq(model.set_id));
    let set = set.one(tx.conn()).await?.ok_or(Error::NotFound)?;
    let row = shared_versions::ActiveModel {
        version_id: Set(version),
        owner_name: Set(tenant::head(tx).await?.name),
        set_id: Set(model.set_id),
        set_slug: Set(set.slug),
        number: Set(model.number),
        source: Set(model.source),
        compiled: Set(model.compiled),
        decision_number: Set(model.decision_number),
        decision_date: Set(model.decision_date),
        shared_at: Set(tx.now()),
        ..new_row(tx)
    };
    tx.insert(row).await?;
    let subject = ("set", model.set_id.to_string());
    audit::record(tx, Event { action: "set.share", subject, detail: json!({ "version": version }) }).await
}

/// Which of the tenant's own versions are shared.
pub async fn shared_by_us(tx: &Tx) -> Result<Vec<VersionId>> {
    tx.allow(Action::ViewSets, Subject::Tenant)?;
    let own = tx.scoped::<shared_versions::Entity>();
    Ok(own.all(tx.conn()).await?.into_iter().map(|shared| shared.version_id).collect())
}

/// What the authorities above share, nearest first, newest first.
pub async fn shared_with_us(tx: &Tx) -> Result<Vec<SharedVersion>> {
    tx.allow(Action::ViewSets, Subject::Tenant)?;
    let mut all = Vec::new();
    for owner in above(tx).await? {
        let theirs = shared_versions::Entity::find().filter(shared_versions::Column::TenantId.eq(owner));
        let newest = theirs.order_by_desc(shared_versions::Column::SharedAt).all(tx.conn()).await?;
        for model in newest {
            all.push(head(&model)?);
        }
    }
    Ok(all)
}

/// Versions of the authorities above.
async fn from_above(tx: &Tx) -> Result<Select<shared_versions::Entity>> {
    Ok(shared_versions::Entity::find().filter(shared_versions::Column::TenantId.is_in(above(tx).await?)))
}

/// Nearest first.
async fn above(tx: &Tx) -> Result<Vec<TenantId>> {
    let mut chain = Vec::new();
    let mut next = Some(tx.tenant());
    while let Some(id) = next.filter(|_| chain.len() <= LEVELS) {
        let tenant = tenants::Entity::find_by_id(id).one(tx.conn()).await?.ok_or(Error::NotFound)?;
        chain.push(id);
        next = tenant.parent_id;
    }
    chain.remove(0);
    Ok(chain)
}

fn head(model: &shared_versions::Model) -> Result<SharedVersion> {
    Ok(SharedVersion {
        id: model.version_id,
        owner: model.owner_name.clone(),
        set_slug: model.set_slug.clone(),
        set_name: compiled(&model.compiled)?.name,
        number: model.number,
        decision_number: model.decision_number.clone(),
        decision_date: model.decision_date,
    })
}

fn compiled(json: &serde_json::Value) -> Result<IndicatorSet> {
    serde_json::from_value(json.clone()).map_err(Error::internal)
}

/// A version somebody may start from: one's own, or shared by an authority above. `Err(NotFound)` for any other.
pub struct Original {
    pub id: VersionId,
    pub set_id: SetId,
    /// "Bản 2 của Tỉnh Điện Biên", for pages; empty owner for one's own.
    pub owner: String,
    pub number: i32,
    pub source: String,
    pub set: IndicatorSet,
}

/// The version behind an id, own or shared from above.
pub async fn original(tx: &Tx, id: VersionId) -> Result<Original> {
    tx.allow(Action::ViewSets, Subject::Tenant)?;
    match find_version(tx, id).await {
        Ok(own) => {
            let (set_id, number, set) = (own.set_id, own.number, compiled(&own.compiled)?);
            return Ok(Original { id, set_id, owner: String::new(), number, source: own.source, set });
        }
        Err(Error::NotFound) => {}
        Err(error) => return Err(error),
    }
    let shared = from_above(tx).await?.filter(shared_versions::Column::VersionId.eq(id));
    let shared = shared.one(tx.conn()).await?.ok_or(Error::NotFound)?;
    let set = compiled(&shared.compiled)?;
    let (set_id, owner, number) = (shared.set_id, shared.owner_name, shared.number);
    Ok(Original { id, set_id, owner, number, source: shared.source, set })
}

/// The newest version of the set that `origin` is a version of, as far as the caller may see it.
pub async fn newest_upstream(tx: &Tx, origin: &Original) -> Result<Original> {
    if origin.owner.is_empty() {
        let own = super::list(tx).await?.into_iter().find(|set| set.id == origin.set_id);
        let newest: Option<VersionHead> = own.and_then(|set| set.versions.into_iter().next());
        return original(tx, newest.map_or(origin.id, |version| version.id)).await;
    }
    let all = from_above(tx).await?.filter(shared_versions::Column::SetId.eq(origin.set_id));
    let newest = all.order_by_desc(shared_versions::Column::Number).one(tx.conn()).await?;
    original(tx, newest.map_or(origin.id, |version| version.version_id)).await
}

/// Notes that everything up to a version upstream has been looked at.
pub async fn seen_upstream(tx: &Tx, set: SetId, version: VersionId) -> Result<()> {
    tx.allow(Action::EditSet, Subject::Tenant)?;
    original(tx, version).await?;
    let seen = tx
        .update_aside::<indicator_sets::Entity>()
        .col_expr(indicator_sets::Column::OriginVersionId, sea_orm::sea_query::Expr::value(Some(version)))
        .filter(indicator_sets::Column::Id.eq(set));
    if tx.update_vouched(seen).await? == 0 {
        return Err(Error::NotFound);
    }
    let subject = ("set", set.to_string());
    audit::record(tx, Event { action: "set.upstream_seen", subject, detail: json!({ "version": version }) }).await
}
