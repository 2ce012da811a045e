//! Shared figures of a sheet.

use sea_orm::entity::prelude::*;
use time::OffsetDateTime;

use crate::ids::{AssessmentId, TenantId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "assessment_facts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub assessment_id: AssessmentId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    pub value: String,
    #[sea_orm(column_type = "Text")]
    pub source: String,
    pub revision: i64,
    pub updated_by: String,
    pub updated_at: OffsetDateTime,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

scoped!(vouched Revision);
