//! Rankings by generation.

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
        manager.create_table(rankings()).await?;
        guard::tenant(manager, "rankings").await?;
        Ok(())
    }
}

fn rankings() -> TableCreateStatement {
    Table::create()
        .table("rankings")
        .col(uuid("tenant_id"))
        .col(uuid("period_id"))
        .col(big_integer("generation"))
        .col(uuid("group_id"))
        .col(uuid("assessment_id"))
        .col(big_integer("points"))
        .col(big_integer("applicable_maximum"))
        .col(big_integer_null("index_value"))
        .col(integer_null("rank"))
        .col(integer("pending"))
        .primary_key(Index::create().col("tenant_id").col("period_id").col("generation").col("assessment_id"))
        .take()
}
