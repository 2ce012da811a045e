//! People who can sign in, and their sessions. They belong to no tenant.

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
        manager.create_table(accounts()).await?;
        guard::unique(manager, "accounts", &["login"]).await?;
        guard::shared(manager, "accounts").await?;
        manager.create_table(sessions()).await?;
        guard::index(manager, "sessions", &["account_id"]).await?;
        guard::shared(manager, "sessions").await?;
        Ok(())
    }
}

fn accounts() -> TableCreateStatement {
    Table::create()
        .table("accounts")
        .col(uuid("id"))
        .col(text("login"))
        .col(text_null("email"))
        .col(text("display_name"))
        .col(text("password_hash"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone_null("disabled_at"))
        .primary_key(Index::create().col("id"))
        .take()
}

fn sessions() -> TableCreateStatement {
    Table::create()
        .table("sessions")
        .col(text("id_hash"))
        .col(uuid_null("account_id"))
        .col(uuid_null("tenant_id"))
        .col(text("data"))
        .col(timestamp_with_time_zone("expires_at"))
        .col(timestamp_with_time_zone("touched_at"))
        .primary_key(Index::create().col("id_hash"))
        .take()
}
