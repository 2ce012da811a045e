//! Roles held in a tenant.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::guard;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(members()).await?;
        guard::index(manager, "members", &["tenant_id", "account_id"]).await?;
        guard::tenant(manager, "members").await?;
        Ok(())
    }
}

fn members() -> TableCreateStatement {
    Table::create()
        .table("members")
        .col(uuid("tenant_id"))
        .col(uuid("id"))
        .col(uuid("account_id"))
        .col(text("role"))
        .col(uuid_null("unit_id"))
        .col(timestamp_with_time_zone("valid_from"))
        .col(timestamp_with_time_zone_null("valid_to"))
        .primary_key(Index::create().col("tenant_id").col("id"))
        .take()
}
