//! Authorities.

use sea_orm::entity::prelude::*;
use time::{Date, OffsetDateTime};

use crate::ids::TenantId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "tenants")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TenantId,
    pub parent_id: Option<TenantId>,
    pub slug: String,
    pub name: String,
    pub short_name: String,
    pub host: Option<String>,
    #[sea_orm(column_type = "JsonBinary")]
    pub branding: Json,
    pub is_sample: bool,
    pub valid_from: Date,
    pub valid_to: Option<Date>,
    pub created_at: OffsetDateTime,
    /// Issuing a set needs a second person.
    pub four_eyes: bool,
    /// Bytes of evidence a unit may bring in a period; `None` for the default.
    pub evidence_quota: Option<i64>,
    /// What kind of authority; unsaid for those from before it was asked.
    pub kind: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
