//! What council and unit said to each other about an indicator; appended only.

use sea_orm::entity::prelude::*;
use time::OffsetDateTime;

use crate::ids::{AccountId, AssessmentId, TenantId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "talks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub assessment_id: AssessmentId,
    pub code: String,
    /// Of the council; otherwise the unit's answer.
    pub is_question: bool,
    #[sea_orm(column_type = "Text")]
    pub text: String,
    pub due_on: Option<time::Date>,
    pub said_by: AccountId,
    pub said_name: String,
    pub said_at: OffsetDateTime,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

scoped!(vouched);
