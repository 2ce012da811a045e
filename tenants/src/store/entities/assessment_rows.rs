//! One indicator of a sheet: what was entered, and what the engine made of it.

use sea_orm::entity::prelude::*;
use time::OffsetDateTime;

use crate::ids::{AssessmentId, TenantId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "assessment_rows")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub assessment_id: AssessmentId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    #[sea_orm(column_type = "JsonBinary")]
    pub inputs: Json,
    #[sea_orm(column_type = "Text")]
    pub explanation: String,
    pub claim: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub claim_reason: String,
    /// The claim is the managing agency's, made for the unit.
    pub exempt: bool,
    /// Taken over from last year and not confirmed yet: counts for nothing.
    pub unconfirmed: bool,
    /// The unit's own points, ten-thousandths, where the set lets it enter some.
    pub own_points: Option<i64>,
    pub state: String,
    /// What the rules in force make of it, ten-thousandths.
    pub self_points: Option<i64>,
    /// What stood here when the head signed; `None` while nobody has signed. Only a signature writes it.
    pub signed_points: Option<i64>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub score: Option<Json>,
    pub revision: i64,
    pub updated_by: String,
    pub updated_at: OffsetDateTime,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

scoped!();
