//! The council's decisions, appended only.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::guard;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(appraisals()).await?;
        guard::index(manager, "appraisals", &["tenant_id", "assessment_id", "code", "decided_at"]).await?;
        guard::tenant(manager, "appraisals").await?;
        guard::append_only(manager, "appraisals").await?;
        Ok(())
    }
}

fn appraisals() -> TableCreateStatement {
    Table::create()
        .table("appraisals")
        .col(uuid("tenant_id"))
        .col(uuid("id"))
        .col(uuid("assessment_id"))
        .col(text("code"))
        .col(text("decision"))
        .col(big_integer_null("points"))
        .col(big_integer_null("self_points"))
        .col(text_null("reason_code"))
        .col(text("reason"))
        .col(big_integer("row_revision"))
        .col(uuid("decided_by"))
        .col(text("decided_name"))
        .col(timestamp_with_time_zone("decided_at"))
        .primary_key(Index::create().col("tenant_id").col("id"))
        .take()
}
