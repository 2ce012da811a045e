//! Stored simulations; appended only.

use sea_orm::entity::prelude::*;
use time::OffsetDateTime;

use crate::ids::{GroupId, PeriodId, SetId, SimulationId, TenantId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "simulations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SimulationId,
    pub set_id: SetId,
    pub period_id: PeriodId,
    pub group_id: GroupId,
    #[sea_orm(column_type = "JsonBinary")]
    pub report: Json,
    pub made_by: String,
    pub made_at: OffsetDateTime,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

scoped!(vouched);
