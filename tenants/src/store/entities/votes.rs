//! Votes of the council; appended only.

use sea_orm::entity::prelude::*;
use time::OffsetDateTime;

use crate::ids::{CouncilSessionId, TenantId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "votes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub session_id: CouncilSessionId,
    #[sea_orm(column_type = "Text")]
    pub question: String,
    pub in_favour: i32,
    pub against: i32,
    pub abstained: i32,
    pub recorded_by: String,
    pub recorded_at: OffsetDateTime,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

scoped!(vouched);
