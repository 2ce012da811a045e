//! The council at work: who judges what, questions and answers, provisional results and petitions.

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
        for column in ["provisional_at", "petition_until"] {
            let moment = timestamp_with_time_zone_null(column);
            manager.alter_table(Table::alter().table("periods").add_column(moment).take()).await?;
        }
        manager.create_table(duties()).await?;
        guard::unique(manager, "duties", &["tenant_id", "group_id", "account_id", "main_code"]).await?;
        guard::tenant(manager, "duties").await?;
        manager.create_table(talks()).await?;
        guard::index(manager, "talks", &["tenant_id", "assessment_id", "code"]).await?;
        guard::tenant(manager, "talks").await?;
        guard::append_only(manager, "talks").await?;
        manager.create_table(petitions()).await?;
        guard::unique(manager, "petitions", &["tenant_id", "assessment_id", "code"]).await?;
        guard::tenant(manager, "petitions").await?;
        guard::append_only(manager, "petitions").await?;
        manager.create_table(petition_answers()).await?;
        guard::tenant(manager, "petition_answers").await?;
        guard::append_only(manager, "petition_answers").await
    }
}

/// A member judges a main index of a group; an empty code stands for all of them.
fn duties() -> TableCreateStatement {
    Table::create()
        .table("duties")
        .col(uuid("tenant_id"))
        .col(uuid("id"))
        .col(uuid("period_id"))
        .col(uuid("group_id"))
        .col(uuid("account_id"))
        .col(text("main_code"))
        .col(text("assigned_by"))
        .col(timestamp_with_time_zone("assigned_at"))
        .primary_key(Index::create().col("tenant_id").col("id"))
        .take()
}

fn talks() -> TableCreateStatement {
    Table::create()
        .table("talks")
        .col(uuid("tenant_id"))
        .col(uuid("id"))
        .col(uuid("assessment_id"))
        .col(text("code"))
        .col(boolean("is_question"))
        .col(text("text"))
        .col(date_null("due_on"))
        .col(uuid("said_by"))
        .col(text("said_name"))
        .col(timestamp_with_time_zone("said_at"))
        .primary_key(Index::create().col("tenant_id").col("id"))
        .take()
}

fn petitions() -> TableCreateStatement {
    Table::create()
        .table("petitions")
        .col(uuid("tenant_id"))
        .col(uuid("id"))
        .col(uuid("assessment_id"))
        .col(text("code"))
        .col(text("text"))
        .col(uuid("made_by"))
        .col(text("made_name"))
        .col(timestamp_with_time_zone("made_at"))
        .primary_key(Index::create().col("tenant_id").col("id"))
        .take()
}

fn petition_answers() -> TableCreateStatement {
    Table::create()
        .table("petition_answers")
        .col(uuid("tenant_id"))
        .col(uuid("petition_id"))
        .col(text("text"))
        .col(text("answered_name"))
        .col(timestamp_with_time_zone("answered_at"))
        .primary_key(Index::create().col("tenant_id").col("petition_id"))
        .take()
}
