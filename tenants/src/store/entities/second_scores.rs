//! Second scores, beside the appraised ones.

use sea_orm::entity::prelude::*;
use time::OffsetDateTime;

use crate::ids::{SampleId, TenantId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "second_scores")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub sample_id: SampleId,
    /// Ten-thousandths of a point; none for "not applicable".
    pub points: Option<i64>,
    pub reason: String,
    pub scored_at: OffsetDateTime,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

scoped!(vouched);
