//! The rule workshop: the decision's file, where a set came from, sets shared with lower authorities, proposals that wait
//! for a second person, simulations, and changes of rules inside a running period.

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
        add(manager, "set_versions", text_null("decision_file")).await?;
        add(manager, "set_versions", text_null("decision_sha256")).await?;
        add(manager, "indicator_sets", uuid_null("origin_version_id")).await?;
        add(manager, "tenants", boolean("four_eyes").default(false)).await?;
        manager.create_table(set_proposals()).await?;
        guard::tenant(manager, "set_proposals").await?;
        manager.create_table(shared_versions()).await?;
        guard::tenant(manager, "shared_versions").await?;
        guard::readable_below(manager, "shared_versions").await?;
        manager.create_table(simulations()).await?;
        guard::index(manager, "simulations", &["tenant_id", "set_id"]).await?;
        guard::tenant(manager, "simulations").await?;
        guard::append_only(manager, "simulations").await?;
        manager.create_table(rule_changes()).await?;
        guard::index(manager, "rule_changes", &["tenant_id", "period_id"]).await?;
        guard::tenant(manager, "rule_changes").await?;
        guard::append_only(manager, "rule_changes").await
    }
}

async fn add(manager: &SchemaManager<'_>, table: &'static str, column: impl IntoColumnDef) -> Result<(), DbErr> {
    manager.alter_table(Table::alter().table(table).add_column(column).take()).await
}

fn set_proposals() -> TableCreateStatement {
    Table::create()
        .table("set_proposals")
        .col(uuid("tenant_id"))
        .col(uuid("set_id"))
        .col(big_integer("revision"))
        .col(text("decision_number"))
        .col(date("decision_date"))
        .col(text("decision_file"))
        .col(text("decision_sha256"))
        .col(uuid("proposed_by"))
        .col(text("proposed_name"))
        .col(timestamp_with_time_zone("proposed_at"))
        .primary_key(Index::create().col("tenant_id").col("set_id"))
        .take()
}

/// Written by its authority, read by every authority below it.
fn shared_versions() -> TableCreateStatement {
    Table::create()
        .table("shared_versions")
        .col(uuid("tenant_id"))
        .col(uuid("version_id"))
        .col(text("owner_name"))
        .col(uuid("set_id"))
        .col(text("set_slug"))
        .col(integer("number"))
        .col(text("source"))
        .col(json_binary("compiled"))
        .col(text("decision_number"))
        .col(date("decision_date"))
        .col(timestamp_with_time_zone("shared_at"))
        .primary_key(Index::create().col("tenant_id").col("version_id"))
        .take()
}

fn simulations() -> TableCreateStatement {
    Table::create()
        .table("simulations")
        .col(uuid("tenant_id"))
        .col(uuid("id"))
        .col(uuid("set_id"))
        .col(uuid("period_id"))
        .col(uuid("group_id"))
        .col(json_binary("report"))
        .col(text("made_by"))
        .col(timestamp_with_time_zone("made_at"))
        .primary_key(Index::create().col("tenant_id").col("id"))
        .take()
}

fn rule_changes() -> TableCreateStatement {
    Table::create()
        .table("rule_changes")
        .col(uuid("tenant_id"))
        .col(uuid("id"))
        .col(uuid("period_id"))
        .col(uuid("group_id"))
        .col(uuid("from_version_id"))
        .col(uuid("to_version_id"))
        .col(text("reason"))
        .col(json_binary("report"))
        .col(text("changed_by"))
        .col(timestamp_with_time_zone("changed_at"))
        .primary_key(Index::create().col("tenant_id").col("id"))
        .take()
}
