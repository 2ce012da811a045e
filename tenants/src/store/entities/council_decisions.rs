//! Decisions that set up or change the council of a period.

use sea_orm::entity::prelude::*;
use time::{Date, OffsetDateTime};

use crate::ids::{CouncilDecisionId, PeriodId, TenantId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "council_decisions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CouncilDecisionId,
    pub period_id: PeriodId,
    pub number: String,
    pub decided_on: Date,
    pub file_name: Option<String>,
    pub file_sha256: Option<String>,
    pub recorded_by: String,
    pub recorded_at: OffsetDateTime,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

scoped!(vouched);
