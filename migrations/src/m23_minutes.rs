//! Sessions of the council, their minutes and votes.

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
        manager.create_table(sessions()).await?;
        guard::index(manager, "council_sessions", &["tenant_id", "period_id"]).await?;
        guard::tenant(manager, "council_sessions").await?;
        manager.create_table(votes()).await?;
        guard::index(manager, "votes", &["tenant_id", "session_id"]).await?;
        guard::tenant(manager, "votes").await?;
        guard::append_only(manager, "votes").await
    }
}

fn sessions() -> TableCreateStatement {
    Table::create()
        .table("council_sessions")
        .col(uuid("tenant_id"))
        .col(uuid("id"))
        .col(uuid("period_id"))
        .col(date("held_on"))
        .col(text("place"))
        .col(text("chair"))
        .col(text("secretary"))
        .col(text("present"))
        .col(text("absent"))
        .col(text("proceedings"))
        .col(text("conclusion"))
        .col(big_integer("revision"))
        .col(text("written_by"))
        .col(timestamp_with_time_zone("written_at"))
        .col(timestamp_with_time_zone_null("sealed_at"))
        .col(text_null("sealed_by"))
        .primary_key(Index::create().col("tenant_id").col("id"))
        .take()
}

fn votes() -> TableCreateStatement {
    Table::create()
        .table("votes")
        .col(uuid("tenant_id"))
        .col(uuid("id"))
        .col(uuid("session_id"))
        .col(text("question"))
        .col(integer("in_favour"))
        .col(integer("against"))
        .col(integer("abstained"))
        .col(text("recorded_by"))
        .col(timestamp_with_time_zone("recorded_at"))
        .primary_key(Index::create().col("tenant_id").col("id"))
        .take()
}
