//! Roles held in a tenant. An account also sees its own roles everywhere, to choose where to work after signing in.

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
        manager.create_table(members()).await?;
        guard::index(manager, "members", &["tenant_id", "account_id"]).await?;
        // The one index that does not begin with the tenant: at sign-in the tenant is what is looked for.
        guard::index(manager, "members", &["account_id"]).await?;
        guard::tenant(manager, "members").await?;
        guard::own_rows(manager, "members").await?;
        Ok(())
    }
}

fn members() -> TableCreateStatement {
    Table::create()
        .table("members")
        .col(uuid("tenant_id"))
        .col(uuid("id"))
        .col(uuid("account_id"))
        .col(text("role"))
        .col(uuid_null("unit_id"))
        .col(timestamp_with_time_zone("valid_from"))
        .col(timestamp_with_time_zone_null("valid_to"))
        .primary_key(Index::create().col("tenant_id").col("id"))
        .take()
}
