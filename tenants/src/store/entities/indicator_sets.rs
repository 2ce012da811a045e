//! Sets by slug; their content is in drafts and versions.

use sea_orm::entity::prelude::*;
use time::OffsetDateTime;

use crate::ids::{SetId, TenantId, VersionId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "indicator_sets")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SetId,
    pub slug: String,
    pub name: String,
    pub created_at: OffsetDateTime,
    /// The version it was copied from: one's own or a shared one.
    pub origin_version_id: Option<VersionId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

scoped!(vouched);
