//! Points a unit enters itself beside what the formula gives, where the set lets it; ten-thousandths.

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
        let column = big_integer_null("own_points").take();
        manager.alter_table(Table::alter().table("assessment_rows").add_column(column).take()).await
    }
}
