//! Units scored by one version and ranked together.

use sea_orm::entity::prelude::*;

use crate::ids::{GroupId, PeriodId, TenantId, VersionId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "ranking_groups")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: GroupId,
    pub period_id: PeriodId,
    pub slug: String,
    pub name: String,
    pub version_id: VersionId,
    pub position: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

scoped!(vouched);
