//! Inside a unit: who fills in which indicator, and what colleagues say about it among themselves.

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
        manager.create_table(clerks()).await?;
        guard::tenant(manager, "row_clerks").await?;
        manager.create_table(remarks()).await?;
        guard::index(manager, "remarks", &["tenant_id", "assessment_id"]).await?;
        guard::tenant(manager, "remarks").await?;
        guard::append_only(manager, "remarks").await
    }
}

fn clerks() -> TableCreateStatement {
    Table::create()
        .table("row_clerks")
        .col(uuid("tenant_id"))
        .col(uuid("assessment_id"))
        .col(text("code"))
        .col(uuid("account_id"))
        .col(text("assigned_by"))
        .col(timestamp_with_time_zone("assigned_at"))
        .primary_key(Index::create().col("tenant_id").col("assessment_id").col("code"))
        .take()
}

fn remarks() -> TableCreateStatement {
    Table::create()
        .table("remarks")
        .col(uuid("tenant_id"))
        .col(uuid("id"))
        .col(uuid("assessment_id"))
        .col(text("code"))
        .col(text("text"))
        .col(uuid("said_by"))
        .col(text("said_name"))
        .col(timestamp_with_time_zone("said_at"))
        .primary_key(Index::create().col("tenant_id").col("id"))
        .take()
}
