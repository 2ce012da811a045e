//! Which indicator a document proves.

use sea_orm::entity::prelude::*;
use time::OffsetDateTime;

use crate::ids::{AssessmentId, EvidenceId, TenantId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "evidence_links")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub assessment_id: AssessmentId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub evidence_id: EvidenceId,
    pub page: String,
    /// `None` for what was attached when its document came in.
    pub attached_at: Option<OffsetDateTime>,
    /// Attached while the council was at work.
    pub supplement: bool,
    /// The document that stands in its place now, and why.
    pub replaced_by: Option<EvidenceId>,
    #[sea_orm(column_type = "Text")]
    pub replaced_reason: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

scoped!(vouched);
