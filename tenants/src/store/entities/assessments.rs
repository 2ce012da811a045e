//! One unit in one period; names frozen at enrolment.

use sea_orm::entity::prelude::*;
use time::OffsetDateTime;

use crate::ids::{AssessmentId, GroupId, PeriodId, TenantId, UnitId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "assessments")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AssessmentId,
    pub period_id: PeriodId,
    pub group_id: GroupId,
    pub unit_id: UnitId,
    pub unit_name: String,
    pub unit_code: String,
    pub parent_name: Option<String>,
    pub ranked: bool,
    pub state: String,
    pub late: bool,
    pub extended_to: Option<OffsetDateTime>,
    pub submitted_at: Option<OffsetDateTime>,
    pub submitted_by: Option<String>,
    pub signed_name: Option<String>,
    pub return_reason: Option<String>,
    pub self_points: Option<i64>,
    pub self_maximum: Option<i64>,
    /// A longer time for this unit's petitions.
    pub petition_until: Option<OffsetDateTime>,
    /// What the head signed of indicators re-opened and changed since, by code: points in ten-thousandths, and the claim.
    pub to_sign: Option<Json>,
    pub revision: i64,
    pub updated_at: OffsetDateTime,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

scoped!(vouched);
