//! Which council member judges what.

use sea_orm::entity::prelude::*;
use time::OffsetDateTime;

use crate::ids::{AccountId, AssessmentId, DutyId, GroupId, PeriodId, TenantId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "duties")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DutyId,
    pub period_id: PeriodId,
    pub group_id: GroupId,
    pub account_id: AccountId,
    /// Empty: every main index of the group.
    pub main_code: String,
    /// One indicator instead of a main index; empty otherwise.
    pub code: String,
    /// For this unit only; the whole group otherwise.
    pub assessment_id: Option<AssessmentId>,
    pub assigned_by: String,
    pub assigned_at: OffsetDateTime,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

scoped!(vouched);
