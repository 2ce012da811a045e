//! Periods and their ranking groups.

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
        manager.create_table(periods()).await?;
        guard::index(manager, "periods", &["tenant_id", "year"]).await?;
        guard::tenant(manager, "periods").await?;
        manager.create_table(ranking_groups()).await?;
        guard::unique(manager, "ranking_groups", &["tenant_id", "period_id", "slug"]).await?;
        guard::tenant(manager, "ranking_groups").await?;
        Ok(())
    }
}

fn periods() -> TableCreateStatement {
    Table::create()
        .table("periods")
        .col(uuid("tenant_id"))
        .col(uuid("id"))
        .col(integer("year"))
        .col(text("name"))
        .col(text("stage"))
        .col(timestamp_with_time_zone("self_deadline"))
        .col(timestamp_with_time_zone("publish_deadline"))
        .col(uuid_null("managing_unit_id"))
        .col(boolean("is_sample"))
        .col(big_integer("ranking_generation"))
        .col(big_integer("revision"))
        .col(timestamp_with_time_zone("created_at"))
        .col(text("created_by"))
        .primary_key(Index::create().col("tenant_id").col("id"))
        .take()
}

fn ranking_groups() -> TableCreateStatement {
    Table::create()
        .table("ranking_groups")
        .col(uuid("tenant_id"))
        .col(uuid("id"))
        .col(uuid("period_id"))
        .col(text("slug"))
        .col(text("name"))
        .col(uuid("version_id"))
        .col(integer("position"))
        .primary_key(Index::create().col("tenant_id").col("id"))
        .take()
}
