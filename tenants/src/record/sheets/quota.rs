//! How much evidence a unit may bring in a period.

use std::collections::BTreeMap;

use sea_orm::EntityTrait;

use super::loaded::Loaded;
use crate::documents::{Quota, Side};
use crate::store::Tx;
use crate::store::entities::tenants;
use crate::{Error, Result};

/// Bytes a unit may bring in a period where the authority has set nothing else.
const DEFAULT: u64 = 2 << 30;

/// Bytes each unit of the tenant may bring in a period.
pub async fn quota_of_units(tx: &Tx) -> Result<u64> {
    let tenant = tenants::Entity::find_by_id(tx.tenant()).one(tx.conn()).await?.ok_or(Error::NotFound)?;
    Ok(tenant.evidence_quota.and_then(|bytes| u64::try_from(bytes).ok()).unwrap_or(DEFAULT))
}

/// What the unit of a sheet has brought in its period.
pub async fn quota(tx: &Tx, loaded: &Loaded) -> Result<Quota> {
    Ok(Quota { used: brought(loaded).into_values().sum(), allowed: quota_of_units(tx).await? })
}

/// By content.
pub(crate) fn brought(loaded: &Loaded) -> BTreeMap<String, u64> {
    let own = loaded.evidence.values().flatten().filter(|item| item.side == Side::Unit);
    own.filter_map(|item| Some((item.sha256.clone()?, item.length?))).collect()
}
