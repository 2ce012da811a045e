//! Drafts that wait for a second person to issue them.

use sea_orm::entity::prelude::*;
use time::{Date, OffsetDateTime};

use crate::ids::{AccountId, SetId, TenantId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "set_proposals")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub set_id: SetId,
    pub revision: i64,
    pub decision_number: String,
    pub decision_date: Date,
    pub decision_file: String,
    pub decision_sha256: String,
    pub proposed_by: AccountId,
    pub proposed_name: String,
    pub proposed_at: OffsetDateTime,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

scoped!(vouched);
