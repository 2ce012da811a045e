//! What units mean to do better.

use sea_orm::entity::prelude::*;
use time::{Date, OffsetDateTime};

use crate::ids::{AssessmentId, TaskId, TenantId, UnitId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "tasks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TaskId,
    pub unit_id: UnitId,
    /// The sheet whose result led to it.
    pub assessment_id: AssessmentId,
    pub code: String,
    /// The indicator's identity across versions.
    pub indicator_key: String,
    #[sea_orm(column_type = "Text")]
    pub text: String,
    pub owner: String,
    pub due_on: Option<Date>,
    pub added_by: String,
    pub added_at: OffsetDateTime,
    pub done_at: Option<OffsetDateTime>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

scoped!(vouched);
