//! Indicator sets, their drafts, and issued versions, which are appended only.

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
        manager.create_table(indicator_sets()).await?;
        guard::unique(manager, "indicator_sets", &["tenant_id", "slug"]).await?;
        guard::tenant(manager, "indicator_sets").await?;
        manager.create_table(set_drafts()).await?;
        guard::tenant(manager, "set_drafts").await?;
        manager.create_table(set_versions()).await?;
        guard::unique(manager, "set_versions", &["tenant_id", "set_id", "number"]).await?;
        guard::tenant(manager, "set_versions").await?;
        guard::append_only(manager, "set_versions").await?;
        Ok(())
    }
}

fn indicator_sets() -> TableCreateStatement {
    Table::create()
        .table("indicator_sets")
        .col(uuid("tenant_id"))
        .col(uuid("id"))
        .col(text("slug"))
        .col(text("name"))
        .col(timestamp_with_time_zone("created_at"))
        .primary_key(Index::create().col("tenant_id").col("id"))
        .take()
}

fn set_drafts() -> TableCreateStatement {
    Table::create()
        .table("set_drafts")
        .col(uuid("tenant_id"))
        .col(uuid("set_id"))
        .col(text("source"))
        .col(big_integer("revision"))
        .col(text("updated_by"))
        .col(timestamp_with_time_zone("updated_at"))
        .primary_key(Index::create().col("tenant_id").col("set_id"))
        .take()
}

fn set_versions() -> TableCreateStatement {
    Table::create()
        .table("set_versions")
        .col(uuid("tenant_id"))
        .col(uuid("id"))
        .col(uuid("set_id"))
        .col(integer("number"))
        .col(text("source"))
        .col(json_binary("compiled"))
        .col(text("content_hash"))
        .col(text("decision_number"))
        .col(date("decision_date"))
        .col(text("engine"))
        .col(text("issued_by"))
        .col(timestamp_with_time_zone("issued_at"))
        .primary_key(Index::create().col("tenant_id").col("id"))
        .take()
}
