//! Reading one's own tenant. Creating tenants is the operator's (`store::operator`).

use sea_orm::EntityTrait;

use super::TenantHead;
use crate::store::{Tx, entities::tenants};
use crate::{Error, Result};

/// The caller's tenant.
pub async fn head(tx: &Tx) -> Result<TenantHead> {
    let found = tenants::Entity::find_by_id(tx.caller().tenant).one(tx.conn()).await?;
    let tenant = found.ok_or(Error::NotFound)?;
    Ok(TenantHead {
        id: tenant.id,
        slug: tenant.slug,
        name: tenant.name,
        short_name: tenant.short_name,
        is_sample: tenant.is_sample,
    })
}
