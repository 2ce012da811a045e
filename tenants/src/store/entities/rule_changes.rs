//! Changes of rules inside running periods; appended only.

use sea_orm::entity::prelude::*;
use time::OffsetDateTime;

use crate::ids::{GroupId, PeriodId, TenantId, VersionId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "rule_changes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub period_id: PeriodId,
    pub group_id: GroupId,
    pub from_version_id: VersionId,
    pub to_version_id: VersionId,
    pub reason: String,
    #[sea_orm(column_type = "JsonBinary")]
    pub report: Json,
    pub changed_by: String,
    pub changed_at: OffsetDateTime,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

scoped!(vouched);
