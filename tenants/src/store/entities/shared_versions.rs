//! Issued versions that an authority shares with those below it.

use sea_orm::entity::prelude::*;
use time::{Date, OffsetDateTime};

use crate::ids::{SetId, TenantId, VersionId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "shared_versions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub version_id: VersionId,
    pub owner_name: String,
    pub set_id: SetId,
    pub set_slug: String,
    pub number: i32,
    #[sea_orm(column_type = "Text")]
    pub source: String,
    #[sea_orm(column_type = "JsonBinary")]
    pub compiled: Json,
    pub decision_number: String,
    pub decision_date: Date,
    pub shared_at: OffsetDateTime,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

scoped!(vouched);
