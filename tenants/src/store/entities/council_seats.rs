//! Seats in the council of a period.

use sea_orm::entity::prelude::*;
use time::{Date, OffsetDateTime};

use crate::ids::{AccountId, PeriodId, SeatId, TenantId, UnitId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "council_seats")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SeatId,
    pub period_id: PeriodId,
    pub account_id: AccountId,
    /// As it stood when the seat was given.
    pub name: String,
    pub kind: String,
    /// Where the person comes from.
    pub unit_id: Option<UnitId>,
    /// What the person judges, in words.
    pub field: String,
    pub seated_on: Date,
    pub seated_by: String,
    pub seated_at: OffsetDateTime,
    /// Set together with the three below when the seat ends.
    pub ended_on: Option<Date>,
    pub ended_reason: Option<String>,
    pub ended_by: Option<String>,
    pub ended_at: Option<OffsetDateTime>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

scoped!(vouched);
