//! Rows that a second member scores without seeing the first decision.

use sea_orm::entity::prelude::*;
use time::OffsetDateTime;

use crate::ids::{AccountId, AssessmentId, PeriodId, SampleId, TenantId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "second_samples")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SampleId,
    pub period_id: PeriodId,
    pub assessment_id: AssessmentId,
    pub code: String,
    /// Who scores it, and under which name.
    pub account_id: AccountId,
    pub name: String,
    pub drawn_by: String,
    pub drawn_at: OffsetDateTime,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

scoped!(vouched);
