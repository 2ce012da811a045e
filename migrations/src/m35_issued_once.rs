//! Which revision of its draft a version was issued from: under one decision a draft is issued once.

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
        let column = big_integer_null("draft_revision").take();
        manager.alter_table(Table::alter().table("set_versions").add_column(column).take()).await?;
        // Versions issued before have none, and are no two alike to the index.
        guard::unique(manager, "set_versions", &["tenant_id", "set_id", "draft_revision", "decision_number"]).await
    }
}
