//! The one mutable draft of a set.

use sea_orm::entity::prelude::*;
use time::OffsetDateTime;

use crate::ids::{SetId, TenantId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "set_drafts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub set_id: SetId,
    #[sea_orm(column_type = "Text")]
    pub source: String,
    pub revision: i64,
    pub updated_by: String,
    pub updated_at: OffsetDateTime,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

scoped!(unvouched because "a draft binds nobody; what is issued of it is vouched for");
