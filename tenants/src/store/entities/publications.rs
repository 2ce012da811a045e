//! Published snapshots; appended only.

use sea_orm::entity::prelude::*;
use time::{Date, OffsetDateTime};

use crate::ids::{PeriodId, PublicationId, TenantId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "publications")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PublicationId,
    pub period_id: PeriodId,
    pub revision: i32,
    pub decision_number: String,
    pub decision_date: Date,
    #[sea_orm(column_type = "JsonBinary")]
    pub snapshot: Json,
    /// The text the hash was taken of, byte for byte; editions from before it was kept have it in `snapshot`.
    #[sea_orm(column_type = "Text", nullable)]
    pub content: Option<String>,
    pub content_hash: String,
    pub supersedes: Option<PublicationId>,
    #[sea_orm(column_type = "Text")]
    pub note: String,
    pub published_by: String,
    pub published_at: OffsetDateTime,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

scoped!(vouched);
