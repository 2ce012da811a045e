//! What happened, hash-chained per tenant; appended only.

use sea_orm::entity::prelude::*;
use time::OffsetDateTime;

use crate::ids::{AccountId, TenantId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_entries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    pub at: OffsetDateTime,
    pub account_id: Option<AccountId>,
    pub account_name: String,
    pub action: String,
    pub subject_kind: String,
    pub subject_id: String,
    #[sea_orm(column_type = "JsonBinary")]
    pub detail: Json,
    pub previous_hash: String,
    pub hash: String,
    /// Fingerprints of the rows the act has written; see `store::vouch`.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub vouched: Option<Json>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

scoped!(unvouched because "the chain itself; each entry carries the hash of the one before");
