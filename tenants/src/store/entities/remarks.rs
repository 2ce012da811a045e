//! What colleagues of a unit say about an indicator among themselves; appended only.

use sea_orm::entity::prelude::*;
use time::OffsetDateTime;

use crate::ids::{AccountId, AssessmentId, TenantId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "remarks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub assessment_id: AssessmentId,
    pub code: String,
    #[sea_orm(column_type = "Text")]
    pub text: String,
    pub said_by: AccountId,
    pub said_name: String,
    pub said_at: OffsetDateTime,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

scoped!(vouched);
