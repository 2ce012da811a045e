//! Documents used again and documents replaced: when each was attached to an indicator, and what stands in its place now.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            timestamp_with_time_zone_null("attached_at").take(),
            boolean("supplement").default(false).take(),
            uuid_null("replaced_by").take(),
            text("replaced_reason").default("").take(),
        ];
        for column in columns {
            manager.alter_table(Table::alter().table("evidence_links").add_column(column).take()).await?;
        }
        Ok(())
    }
}
