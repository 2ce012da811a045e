//! What goes to and fro between a unit's clerks and its head; appended only.

use sea_orm::entity::prelude::*;
use time::OffsetDateTime;

use crate::ids::{AccountId, AssessmentId, TenantId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "reviews")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub assessment_id: AssessmentId,
    pub act: String,
    #[sea_orm(column_type = "Text")]
    pub note: String,
    pub done_by: AccountId,
    pub done_name: String,
    pub done_at: OffsetDateTime,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

scoped!(vouched);
