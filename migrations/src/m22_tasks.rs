//! What a unit means to do better next year.

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
        manager.create_table(tasks()).await?;
        guard::index(manager, "tasks", &["tenant_id", "unit_id"]).await?;
        guard::tenant(manager, "tasks").await
    }
}

fn tasks() -> TableCreateStatement {
    Table::create()
        .table("tasks")
        .col(uuid("tenant_id"))
        .col(uuid("id"))
        .col(uuid("unit_id"))
        .col(uuid("assessment_id"))
        .col(text("code"))
        .col(text("indicator_key"))
        .col(text("text"))
        .col(text("owner"))
        .col(date_null("due_on"))
        .col(text("added_by"))
        .col(timestamp_with_time_zone("added_at"))
        .col(timestamp_with_time_zone_null("done_at"))
        .primary_key(Index::create().col("tenant_id").col("id"))
        .take()
}
