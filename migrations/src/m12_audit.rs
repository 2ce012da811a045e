//! The audit log, appended only, and the head of its chain.

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
        manager.create_table(audit_entries()).await?;
        guard::index(manager, "audit_entries", &["tenant_id", "subject_kind", "subject_id"]).await?;
        guard::tenant(manager, "audit_entries").await?;
        guard::append_only(manager, "audit_entries").await?;
        manager.create_table(audit_heads()).await?;
        guard::tenant(manager, "audit_heads").await?;
        Ok(())
    }
}

fn audit_entries() -> TableCreateStatement {
    Table::create()
        .table("audit_entries")
        .col(uuid("tenant_id"))
        .col(big_integer("seq"))
        .col(timestamp_with_time_zone("at"))
        .col(uuid_null("account_id"))
        .col(text("account_name"))
        .col(text("action"))
        .col(text("subject_kind"))
        .col(text("subject_id"))
        .col(json_binary("detail"))
        .col(text("previous_hash"))
        .col(text("hash"))
        .primary_key(Index::create().col("tenant_id").col("seq"))
        .take()
}

fn audit_heads() -> TableCreateStatement {
    Table::create()
        .table("audit_heads")
        .col(uuid("tenant_id"))
        .col(big_integer("seq"))
        .col(text("hash"))
        .primary_key(Index::create().col("tenant_id"))
        .take()
}
