//! Ranking rows of a generation.

use sea_orm::entity::prelude::*;

use crate::ids::{AssessmentId, GroupId, PeriodId, TenantId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "rankings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub period_id: PeriodId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub generation: i64,
    pub group_id: GroupId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub assessment_id: AssessmentId,
    pub points: i64,
    pub applicable_maximum: i64,
    pub index_value: Option<i64>,
    pub rank: Option<i32>,
    pub pending: i32,
    /// What the set's tie-breakers compare, as a JSON list of decimals; `None` when it was not kept yet.
    pub ties: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

scoped!(unvouched because "derived; calculated again and compared");
