//! The plan of a period: when its stages are to begin and end, its guidance, its submission; and the days nobody works.

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
        let columns = [
            timestamp_with_time_zone_null("self_from").take(),
            date_null("appraise_until").take(),
            date_null("conclude_until").take(),
            date_null("submit_until").take(),
            text_null("guidance_name").take(),
            text_null("guidance_sha256").take(),
            text_null("guidance_link").take(),
            date_null("submitted_on").take(),
            text_null("submitted_number").take(),
        ];
        for column in columns {
            manager.alter_table(Table::alter().table("periods").add_column(column).take()).await?;
        }
        let petition = timestamp_with_time_zone_null("petition_until").take();
        manager.alter_table(Table::alter().table("assessments").add_column(petition).take()).await?;
        manager.create_table(days_off()).await?;
        guard::tenant(manager, "days_off").await
    }
}

fn days_off() -> TableCreateStatement {
    Table::create()
        .table("days_off")
        .col(uuid("tenant_id"))
        .col(date("day"))
        .col(text("name"))
        .primary_key(Index::create().col("tenant_id").col("day"))
        .take()
}
