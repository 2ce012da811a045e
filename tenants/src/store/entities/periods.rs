//! Assessment periods.

use sea_orm::entity::prelude::*;
use time::{Date, OffsetDateTime};

use crate::ids::{PeriodId, TenantId, UnitId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "periods")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PeriodId,
    pub year: i32,
    pub name: String,
    pub stage: String,
    pub self_deadline: OffsetDateTime,
    pub publish_deadline: OffsetDateTime,
    pub managing_unit_id: Option<UnitId>,
    pub is_sample: bool,
    pub ranking_generation: i64,
    pub revision: i64,
    pub created_at: OffsetDateTime,
    pub created_by: String,
    /// When all units could read their provisional result.
    pub provisional_at: Option<OffsetDateTime>,
    /// Last second for petitions.
    pub petition_until: Option<OffsetDateTime>,
    /// First moment at which units may write; before it they read the guidance.
    pub self_from: Option<OffsetDateTime>,
    pub appraise_until: Option<Date>,
    pub conclude_until: Option<Date>,
    pub submit_until: Option<Date>,
    pub guidance_name: Option<String>,
    pub guidance_sha256: Option<String>,
    pub guidance_link: Option<String>,
    /// When and under which number the result went to the People's Committee.
    pub submitted_on: Option<Date>,
    pub submitted_number: Option<String>,
    pub rank_unsubmitted: bool,
    pub needs_provisional: bool,
    pub weekly_list: bool,
    /// The version of the engine that calculates its scores.
    pub engine: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

scoped!(vouched RankingGeneration);
