//! Documents behind files and links.

use sea_orm::entity::prelude::*;
use time::{Date, OffsetDateTime};

use crate::ids::{EvidenceId, TenantId, UnitId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "evidence")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EvidenceId,
    pub unit_id: UnitId,
    pub sha256: Option<String>,
    pub link: Option<String>,
    pub name: String,
    pub document_number: String,
    pub issued_on: Option<Date>,
    pub issuer: String,
    #[sea_orm(column_type = "Text")]
    pub summary: String,
    pub signer: String,
    pub side: String,
    pub uploaded_by: String,
    pub uploaded_at: OffsetDateTime,
    pub after_submission: bool,
    pub removed_at: Option<OffsetDateTime>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

scoped!(vouched);
