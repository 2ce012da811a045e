//! Duties for one indicator and for one unit; and the sample of rows that a second member scores without seeing the first.

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
        let columns = [text("code").default("").take(), uuid_null("assessment_id").take()];
        for column in columns {
            manager.alter_table(Table::alter().table("duties").add_column(column).take()).await?;
        }
        let unique = "DROP INDEX duties_tenant_id_group_id_account_id_main_code;
             CREATE UNIQUE INDEX duties_of_group ON duties (tenant_id, group_id, account_id, main_code, code)
               WHERE assessment_id IS NULL;
             CREATE UNIQUE INDEX duties_of_unit ON duties (tenant_id, assessment_id, account_id, main_code, code)
               WHERE assessment_id IS NOT NULL;
             CREATE INDEX duties_of_period ON duties (tenant_id, period_id);";
        manager.get_connection().execute_unprepared(unique).await?;
        manager.create_table(samples()).await?;
        guard::unique(manager, "second_samples", &["tenant_id", "assessment_id", "code"]).await?;
        guard::index(manager, "second_samples", &["tenant_id", "period_id"]).await?;
        guard::tenant(manager, "second_samples").await?;
        guard::append_only(manager, "second_samples").await?;
        manager.create_table(scores()).await?;
        guard::tenant(manager, "second_scores").await?;
        guard::append_only(manager, "second_scores").await
    }
}

/// One row of the sample and who scores it a second time.
fn samples() -> TableCreateStatement {
    Table::create()
        .table("second_samples")
        .col(uuid("tenant_id"))
        .col(uuid("id"))
        .col(uuid("period_id"))
        .col(uuid("assessment_id"))
        .col(text("code"))
        .col(uuid("account_id"))
        .col(text("name"))
        .col(text("drawn_by"))
        .col(timestamp_with_time_zone("drawn_at"))
        .primary_key(Index::create().col("tenant_id").col("id"))
        .take()
}

/// Ten-thousandths of a point; none for "not applicable".
fn scores() -> TableCreateStatement {
    Table::create()
        .table("second_scores")
        .col(uuid("tenant_id"))
        .col(uuid("sample_id"))
        .col(big_integer_null("points"))
        .col(text("reason"))
        .col(timestamp_with_time_zone("scored_at"))
        .primary_key(Index::create().col("tenant_id").col("sample_id"))
        .take()
}
