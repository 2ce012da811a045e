//! Assessment periods.

use sea_orm::entity::prelude::*;
use time::OffsetDateTime;

use crate::ids::{PeriodId, TenantId, UnitId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "periods")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PeriodId,
    pub year: i32,
    pub name: String,
    pub stage: String,
    pub self_deadline: OffsetDateTime,
    pub publish_deadline: OffsetDateTime,
    pub managing_unit_id: Option<UnitId>,
    pub is_sample: bool,
    pub ranking_generation: i64,
    pub revision: i64,
    pub created_at: OffsetDateTime,
    pub created_by: String,
    /// When all units could read their provisional result.
    pub provisional_at: Option<OffsetDateTime>,
    /// Last second for petitions.
    pub petition_until: Option<OffsetDateTime>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

scoped!();
