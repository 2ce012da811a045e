//! Indicators a unit may correct while the council is at work; appended only.

use sea_orm::entity::prelude::*;
use time::OffsetDateTime;

use crate::ids::{AssessmentId, TenantId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "reopenings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub assessment_id: AssessmentId,
    /// Codes of the indicators.
    #[sea_orm(column_type = "JsonBinary")]
    pub codes: Json,
    pub until: OffsetDateTime,
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    pub reopened_by: String,
    pub reopened_at: OffsetDateTime,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

scoped!(vouched);
