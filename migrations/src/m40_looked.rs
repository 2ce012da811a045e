//! What a look at a stored file's content found: files from before that look was part of taking them in are looked at once.

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
        let column = string_null("look").take();
        manager.alter_table(Table::alter().table("evidence_files").add_column(column).take()).await
    }
}
