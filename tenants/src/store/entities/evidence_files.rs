//! Stored files, once per tenant.

use sea_orm::entity::prelude::*;
use time::OffsetDateTime;

use crate::ids::TenantId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "evidence_files")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub sha256: String,
    pub length: i64,
    pub media_type: String,
    pub created_at: OffsetDateTime,
    /// What a virus scanner said of it; `None` before there was one.
    pub scan: Option<String>,
    /// The name of what was found.
    pub scan_found: Option<String>,
    pub scanned_at: Option<OffsetDateTime>,
    /// What a look at its content found once it was stored; `None` before there was one.
    pub look: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

scoped!(vouched Look);
