//! What the head signed of indicators that were re-opened and changed since, until the head signs again.

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
        let column = json_null("to_sign").take();
        manager.alter_table(Table::alter().table("assessments").add_column(column).take()).await
    }
}
