//! Sessions of the council with their minutes.

use sea_orm::entity::prelude::*;
use time::{Date, OffsetDateTime};

use crate::ids::{CouncilSessionId, PeriodId, TenantId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "council_sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CouncilSessionId,
    pub period_id: PeriodId,
    pub held_on: Date,
    #[sea_orm(column_type = "Text")]
    pub place: String,
    pub chair: String,
    pub secretary: String,
    #[sea_orm(column_type = "Text")]
    pub present: String,
    #[sea_orm(column_type = "Text")]
    pub absent: String,
    #[sea_orm(column_type = "Text")]
    pub proceedings: String,
    #[sea_orm(column_type = "Text")]
    pub conclusion: String,
    pub revision: i64,
    pub written_by: String,
    pub written_at: OffsetDateTime,
    pub sealed_at: Option<OffsetDateTime>,
    pub sealed_by: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

scoped!(vouched);
