//! What the decision is silent on, settled for each period: whether a unit that sent nothing is ranked, whether the
//! provisional result must be announced, and whether the weekly list goes out.

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
            boolean("rank_unsubmitted").default(true).take(),
            boolean("needs_provisional").default(false).take(),
            boolean("weekly_list").default(true).take(),
        ];
        for column in columns {
            manager.alter_table(Table::alter().table("periods").add_column(column).take()).await?;
        }
        Ok(())
    }
}
