//! Published snapshots, appended only.

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
        manager.create_table(publications()).await?;
        guard::unique(manager, "publications", &["tenant_id", "period_id", "revision"]).await?;
        guard::tenant(manager, "publications").await?;
        guard::append_only(manager, "publications").await?;
        Ok(())
    }
}

fn publications() -> TableCreateStatement {
    Table::create()
        .table("publications")
        .col(uuid("tenant_id"))
        .col(uuid("id"))
        .col(uuid("period_id"))
        .col(integer("revision"))
        .col(text("decision_number"))
        .col(date("decision_date"))
        .col(json_binary("snapshot"))
        .col(text("content_hash"))
        .col(uuid_null("supersedes"))
        .col(text("note"))
        .col(text("published_by"))
        .col(timestamp_with_time_zone("published_at"))
        .primary_key(Index::create().col("tenant_id").col("id"))
        .take()
}
