//! The council's corrections of figures, and indicators re-opened for their unit.

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
        let corrections = json_binary_null("corrections").take();
        manager.alter_table(Table::alter().table("appraisals").add_column(corrections).take()).await?;
        manager.create_table(reopenings()).await?;
        guard::index(manager, "reopenings", &["tenant_id", "assessment_id"]).await?;
        guard::tenant(manager, "reopenings").await?;
        guard::append_only(manager, "reopenings").await
    }
}

fn reopenings() -> TableCreateStatement {
    Table::create()
        .table("reopenings")
        .col(uuid("tenant_id"))
        .col(uuid("id"))
        .col(uuid("assessment_id"))
        .col(json_binary("codes"))
        .col(timestamp_with_time_zone("until"))
        .col(text("reason"))
        .col(text("reopened_by"))
        .col(timestamp_with_time_zone("reopened_at"))
        .primary_key(Index::create().col("tenant_id").col("id"))
        .take()
}
