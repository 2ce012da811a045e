//! The council's answers to petitions; appended only.

use sea_orm::entity::prelude::*;
use time::OffsetDateTime;

use crate::ids::{PetitionId, TenantId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "petition_answers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub petition_id: PetitionId,
    #[sea_orm(column_type = "Text")]
    pub text: String,
    pub answered_name: String,
    pub answered_at: OffsetDateTime,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

scoped!(vouched);
