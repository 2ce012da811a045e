//! Units' petitions against provisional scores; appended only.

use sea_orm::entity::prelude::*;
use time::OffsetDateTime;

use crate::ids::{AccountId, AssessmentId, PetitionId, TenantId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "petitions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PetitionId,
    pub assessment_id: AssessmentId,
    pub code: String,
    #[sea_orm(column_type = "Text")]
    pub text: String,
    pub made_by: AccountId,
    pub made_name: String,
    pub made_at: OffsetDateTime,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

scoped!(vouched);
