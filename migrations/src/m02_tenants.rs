//! Authorities.

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
        manager.create_table(tenants()).await?;
        guard::unique(manager, "tenants", &["slug"]).await?;
        guard::shared(manager, "tenants").await?;
        Ok(())
    }
}

fn tenants() -> TableCreateStatement {
    Table::create()
        .table("tenants")
        .col(uuid("id"))
        .col(uuid_null("parent_id"))
        .col(text("slug"))
        .col(text("name"))
        .col(text("short_name"))
        .col(text_null("host"))
        .col(json_binary("branding"))
        .col(boolean("is_sample"))
        .col(date("valid_from"))
        .col(date_null("valid_to"))
        .col(timestamp_with_time_zone("created_at"))
        .primary_key(Index::create().col("id"))
        .take()
}
