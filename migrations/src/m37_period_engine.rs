//! The version of the score engine a period is calculated by, kept when it opens. What ran or was concluded before there was
//! a second one goes on by the first, so that no stored score moves by itself.

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
        let column = string("engine").default("1").take();
        manager.alter_table(Table::alter().table("periods").add_column(column).take()).await
    }
}
