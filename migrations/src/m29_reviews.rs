//! What goes to and fro between a unit's clerks and its head before the head signs.

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
        manager.create_table(reviews()).await?;
        guard::index(manager, "reviews", &["tenant_id", "assessment_id"]).await?;
        guard::tenant(manager, "reviews").await?;
        guard::append_only(manager, "reviews").await
    }
}

fn reviews() -> TableCreateStatement {
    Table::create()
        .table("reviews")
        .col(uuid("tenant_id"))
        .col(uuid("id"))
        .col(uuid("assessment_id"))
        .col(text("act"))
        .col(text("note"))
        .col(uuid("done_by"))
        .col(text("done_name"))
        .col(timestamp_with_time_zone("done_at"))
        .primary_key(Index::create().col("tenant_id").col("id"))
        .take()
}
