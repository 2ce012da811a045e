//! What people are told: an inbox for each account of a tenant, which is also the outbox of mail.

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
        manager.create_table(notices()).await?;
        guard::index(manager, "notices", &["tenant_id", "account_id", "created_at"]).await?;
        guard::index(manager, "notices", &["tenant_id", "mail_due_at"]).await?;
        guard::unique(manager, "notices", &["tenant_id", "account_id", "occasion"]).await?;
        guard::tenant(manager, "notices").await
    }
}

fn notices() -> TableCreateStatement {
    Table::create()
        .table("notices")
        .col(uuid("tenant_id"))
        .col(uuid("id"))
        .col(uuid("account_id"))
        .col(text("kind"))
        // What must not be told twice, e.g. a deadline seven days ahead.
        .col(text("occasion"))
        .col(json_binary("detail"))
        .col(text("link"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone_null("read_at"))
        // When the next attempt to mail it is due; null once it has been sent or given up.
        .col(timestamp_with_time_zone_null("mail_due_at"))
        .col(integer("mail_attempts").default(0))
        .col(timestamp_with_time_zone_null("mailed_at"))
        .primary_key(Index::create().col("tenant_id").col("id"))
        .take()
}
