//! Issued versions; appended only.

use sea_orm::entity::prelude::*;
use time::{Date, OffsetDateTime};

use crate::ids::{SetId, TenantId, VersionId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "set_versions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: VersionId,
    pub set_id: SetId,
    pub number: i32,
    #[sea_orm(column_type = "Text")]
    pub source: String,
    #[sea_orm(column_type = "JsonBinary")]
    pub compiled: Json,
    pub content_hash: String,
    pub decision_number: String,
    pub decision_date: Date,
    pub engine: String,
    pub issued_by: String,
    pub issued_at: OffsetDateTime,
    /// Name of the decision's file.
    pub decision_file: Option<String>,
    pub decision_sha256: Option<String>,
    /// Of the draft it was issued from; `None` for versions issued before this was kept.
    pub draft_revision: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

scoped!();
