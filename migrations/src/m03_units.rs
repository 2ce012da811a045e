//! Units with dated names, parents and lineage.

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
        manager.create_table(units()).await?;
        guard::unique(manager, "units", &["tenant_id", "official_code"]).await?;
        guard::tenant(manager, "units").await?;
        manager.create_table(unit_names()).await?;
        guard::index(manager, "unit_names", &["tenant_id", "unit_id"]).await?;
        guard::tenant(manager, "unit_names").await?;
        manager.create_table(unit_parents()).await?;
        guard::index(manager, "unit_parents", &["tenant_id", "unit_id"]).await?;
        guard::tenant(manager, "unit_parents").await?;
        manager.create_table(unit_lineage()).await?;
        guard::index(manager, "unit_lineage", &["tenant_id", "successor_id"]).await?;
        guard::tenant(manager, "unit_lineage").await?;
        Ok(())
    }
}

fn units() -> TableCreateStatement {
    Table::create()
        .table("units")
        .col(uuid("tenant_id"))
        .col(uuid("id"))
        .col(text("kind"))
        .col(text("official_code"))
        .col(uuid_null("child_tenant_id"))
        .col(date("valid_from"))
        .col(date_null("valid_to"))
        .primary_key(Index::create().col("tenant_id").col("id"))
        .take()
}

fn unit_names() -> TableCreateStatement {
    Table::create()
        .table("unit_names")
        .col(uuid("tenant_id"))
        .col(uuid("id"))
        .col(uuid("unit_id"))
        .col(text("name"))
        .col(text("short_name"))
        .col(date("valid_from"))
        .col(date_null("valid_to"))
        .primary_key(Index::create().col("tenant_id").col("id"))
        .take()
}

fn unit_parents() -> TableCreateStatement {
    Table::create()
        .table("unit_parents")
        .col(uuid("tenant_id"))
        .col(uuid("id"))
        .col(uuid("unit_id"))
        .col(uuid("parent_unit_id"))
        .col(date("valid_from"))
        .col(date_null("valid_to"))
        .primary_key(Index::create().col("tenant_id").col("id"))
        .take()
}

fn unit_lineage() -> TableCreateStatement {
    Table::create()
        .table("unit_lineage")
        .col(uuid("tenant_id"))
        .col(uuid("id"))
        .col(uuid("predecessor_id"))
        .col(uuid("successor_id"))
        .col(text("kind"))
        .col(date("happened_on"))
        .col(text("basis"))
        .primary_key(Index::create().col("tenant_id").col("id"))
        .take()
}
