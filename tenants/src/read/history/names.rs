//! What the ids in the log are called, so that people can read it. The log itself keeps ids: names change.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

use crate::audit::Entry;
use crate::policy::{Action, Subject};
use crate::store::Tx;
use crate::store::entities::{
    accounts, assessments, evidence, indicator_sets, members, periods, ranking_groups, set_versions,
};
use crate::{Result, units};

/// The names of everything these entries speak of, as they are now, by id. What has no name is absent. A constant number of
/// statements, whatever the entries.
pub async fn names(tx: &Tx, entries: &[Entry]) -> Result<BTreeMap<Uuid, String>> {
    tx.allow(Action::ReadAudit, Subject::Tenant)?;
    let mut ids = BTreeSet::new();
    for entry in entries {
        ids.extend(entry.subject_id.parse::<Uuid>().ok());
        gather(&entry.detail, &mut ids);
    }
    let among = || ids.iter().copied();
    let mut names: BTreeMap<Uuid, String> =
        units::list(tx).await?.into_iter().map(|unit| (unit.id.0, unit.name)).collect();
    let found = tx.scoped::<assessments::Entity>().filter(assessments::Column::Id.is_in(among()));
    names.extend(found.all(tx.conn()).await?.into_iter().map(|sheet| (sheet.id.0, sheet.unit_name)));
    let found = tx.scoped::<periods::Entity>().filter(periods::Column::Id.is_in(among()));
    names.extend(found.all(tx.conn()).await?.into_iter().map(|period| (period.id.0, period.name)));
    let found = tx.scoped::<ranking_groups::Entity>().filter(ranking_groups::Column::Id.is_in(among()));
    names.extend(found.all(tx.conn()).await?.into_iter().map(|group| (group.id.0, group.name)));
    let found = tx.scoped::<indicator_sets::Entity>().filter(indicator_sets::Column::Id.is_in(among()));
    names.extend(found.all(tx.conn()).await?.into_iter().map(|set| (set.id.0, set.name)));
    let found = tx.scoped::<set_versions::Entity>().filter(set_versions::Column::Id.is_in(among()));
    let label = |version: set_versions::Model| (version.id.0, crate::indicator_sets::label(version.number));
    names.extend(found.all(tx.conn()).await?.into_iter().map(label));
    let found = tx.scoped::<evidence::Entity>().filter(evidence::Column::Id.is_in(among()));
    names.extend(found.all(tx.conn()).await?.into_iter().map(|evidence| (evidence.id.0, evidence.name)));
    people(tx, &ids, &mut names).await?;
    Ok(names)
}

/// Accounts by their own id, and by that of a membership.
async fn people(tx: &Tx, ids: &BTreeSet<Uuid>, names: &mut BTreeMap<Uuid, String>) -> Result<()> {
    let found = tx.scoped::<members::Entity>().filter(members::Column::Id.is_in(ids.iter().copied()));
    let seats = found.all(tx.conn()).await?;
    let wanted: BTreeSet<Uuid> = ids.iter().copied().chain(seats.iter().map(|member| member.account_id.0)).collect();
    let found = accounts::Entity::find().filter(accounts::Column::Id.is_in(wanted));
    let people: BTreeMap<Uuid, String> =
        found.all(tx.conn()).await?.into_iter().map(|account| (account.id.0, account.display_name)).collect();
    let seated = seats.iter().filter_map(|member| Some((member.id.0, people.get(&member.account_id.0)?.clone())));
    names.extend(seated);
    names.extend(people);
    Ok(())
}

/// Every id a detail holds, as a value or as a key.
fn gather(detail: &Json, ids: &mut BTreeSet<Uuid>) {
    match detail {
        Json::String(text) => ids.extend(text.parse::<Uuid>().ok()),
        Json::Array(items) => items.iter().for_each(|item| gather(item, ids)),
        Json::Object(fields) => fields.iter().for_each(|(key, value)| {
            ids.extend(key.parse::<Uuid>().ok());
            gather(value, ids);
        }),
        _ => {}
    }
}
