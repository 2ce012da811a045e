//! The council's decisions; appended only.

use sea_orm::entity::prelude::*;
use time::OffsetDateTime;

use crate::ids::{AccountId, AssessmentId, TenantId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "appraisals")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub assessment_id: AssessmentId,
    pub code: String,
    pub decision: String,
    pub points: Option<i64>,
    pub self_points: Option<i64>,
    pub reason_code: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    /// Figures the council corrected, each with what it was.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub corrections: Option<Json>,
    pub row_revision: i64,
    pub decided_by: AccountId,
    pub decided_name: String,
    pub decided_at: OffsetDateTime,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

scoped!(vouched);
