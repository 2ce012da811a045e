//! Scorecards: one unit in one period, its shared figures, its indicators.

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
        manager.create_table(assessments()).await?;
        guard::unique(manager, "assessments", &["tenant_id", "period_id", "unit_id"]).await?;
        guard::index(manager, "assessments", &["tenant_id", "unit_id"]).await?;
        guard::tenant(manager, "assessments").await?;
        manager.create_table(assessment_facts()).await?;
        guard::tenant(manager, "assessment_facts").await?;
        manager.create_table(assessment_rows()).await?;
        guard::tenant(manager, "assessment_rows").await?;
        Ok(())
    }
}

fn assessments() -> TableCreateStatement {
    Table::create()
        .table("assessments")
        .col(uuid("tenant_id"))
        .col(uuid("id"))
        .col(uuid("period_id"))
        .col(uuid("group_id"))
        .col(uuid("unit_id"))
        .col(text("unit_name"))
        .col(text("unit_code"))
        .col(text_null("parent_name"))
        .col(boolean("ranked"))
        .col(text("state"))
        .col(boolean("late"))
        .col(timestamp_with_time_zone_null("extended_to"))
        .col(timestamp_with_time_zone_null("submitted_at"))
        .col(text_null("submitted_by"))
        .col(text_null("signed_name"))
        .col(text_null("return_reason"))
        .col(big_integer_null("self_points"))
        .col(big_integer_null("self_maximum"))
        .col(big_integer("revision"))
        .col(timestamp_with_time_zone("updated_at"))
        .primary_key(Index::create().col("tenant_id").col("id"))
        .take()
}

fn assessment_facts() -> TableCreateStatement {
    Table::create()
        .table("assessment_facts")
        .col(uuid("tenant_id"))
        .col(uuid("assessment_id"))
        .col(text("name"))
        .col(text("value"))
        .col(text("source"))
        .col(big_integer("revision"))
        .col(text("updated_by"))
        .col(timestamp_with_time_zone("updated_at"))
        .primary_key(Index::create().col("tenant_id").col("assessment_id").col("name"))
        .take()
}

fn assessment_rows() -> TableCreateStatement {
    Table::create()
        .table("assessment_rows")
        .col(uuid("tenant_id"))
        .col(uuid("assessment_id"))
        .col(text("code"))
        .col(json_binary("inputs"))
        .col(text("explanation"))
        .col(text_null("claim"))
        .col(text("claim_reason"))
        .col(text("state"))
        .col(big_integer_null("self_points"))
        .col(json_binary_null("score"))
        .col(big_integer("revision"))
        .col(text("updated_by"))
        .col(timestamp_with_time_zone("updated_at"))
        .primary_key(Index::create().col("tenant_id").col("assessment_id").col("code"))
        .take()
}
