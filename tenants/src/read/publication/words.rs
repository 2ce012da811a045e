//! The formulas of a published year in words, from the version whose hash the publication names.

use std::collections::BTreeMap;

use sea_orm::{ColumnTrait, QueryFilter};

use super::PublishedGroup;
use crate::policy::{Action, Subject};
use crate::store::entities::set_versions;
use crate::store::{Tx, sha256_hex};
use crate::{Result, indicator_sets};

/// By indicator; what is not understood has none. Nothing where the version is not the one that was published.
pub async fn in_words(tx: &Tx, group: &PublishedGroup) -> Result<BTreeMap<String, String>> {
    tx.allow(Action::ReadPublished, Subject::Tenant)?;
    let named = tx.scoped::<set_versions::Entity>().filter(set_versions::Column::ContentHash.eq(&group.rules_hash));
    let Some(version) = named.one(tx.conn()).await? else { return Ok(BTreeMap::new()) };
    let rules = indicator_sets::rules_of(&version)?;
    let set = rules.set();
    if sha256_hex(engine::print(set).as_bytes()) != group.rules_hash {
        return Ok(BTreeMap::new());
    }
    let told = set.indicators().filter_map(|leaf| Some((leaf.code.clone(), engine::run::shapes::words(leaf, set)?)));
    Ok(told.collect())
}
