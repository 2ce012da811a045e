//! Figures taken over from last year, until the clerk confirms them.

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
        let column = boolean("unconfirmed").default(false).take();
        manager.alter_table(Table::alter().table("assessment_rows").add_column(column).take()).await
    }
}
