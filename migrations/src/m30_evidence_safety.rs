//! What a virus scanner said of each file, how much a unit may bring in a period, and what ties a ranking compares.

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
        let of_files = [
            text_null("scan").take(),
            text_null("scan_found").take(),
            timestamp_with_time_zone_null("scanned_at").take(),
        ];
        for column in of_files {
            manager.alter_table(Table::alter().table("evidence_files").add_column(column).take()).await?;
        }
        let quota = big_integer_null("evidence_quota").take();
        manager.alter_table(Table::alter().table("tenants").add_column(quota).take()).await?;
        let ties = text_null("ties").take();
        manager.alter_table(Table::alter().table("rankings").add_column(ties).take()).await
    }
}
