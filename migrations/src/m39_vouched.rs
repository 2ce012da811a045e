//! What the log vouches for, and the exact text that was published.
//!
//! An audit entry carries a fingerprint of every row its act has written, so that a row altered past the application is
//! found. A publication keeps the text its hash was taken of; editions from before keep theirs in `snapshot`.

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
        let columns = [("audit_entries", json_binary_null("vouched")), ("publications", text_null("content"))];
        for (table, mut column) in columns {
            manager.alter_table(Table::alter().table(table).add_column(column.take()).take()).await?;
        }
        Ok(())
    }
}
