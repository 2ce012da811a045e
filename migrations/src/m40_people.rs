//! Authorities of one's own and their people: what kind an authority is, links that let somebody in once, and from when an
//! account's failed attempts count.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

use crate::guard;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [("tenants", text_null("kind")), ("accounts", timestamp_with_time_zone_null("unlocked_at"))];
        for (table, mut column) in columns {
            manager.alter_table(Table::alter().table(table).add_column(column.take()).take()).await?;
        }
        manager.create_table(links()).await?;
        guard::unique(manager, "one_time_links", &["token_hash"]).await?;
        guard::index(manager, "one_time_links", &["tenant_id", "account_id"]).await?;
        guard::tenant(manager, "one_time_links").await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            manager.get_connection().execute_unprepared(POSTGRES).await?;
        }
        Ok(())
    }
}

fn links() -> TableCreateStatement {
    Table::create()
        .table("one_time_links")
        .col(uuid("tenant_id"))
        .col(uuid("id"))
        .col(uuid("account_id"))
        .col(text("purpose"))
        .col(text("token_hash"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("expires_at"))
        .col(timestamp_with_time_zone_null("used_at"))
        .primary_key(Index::create().col("tenant_id").col("id"))
        .take()
}

/// Whoever brings a link's token may see that one link, to learn which authority it is of.
const POSTGRES: &str = "
CREATE POLICY by_token ON one_time_links FOR SELECT
  USING (token_hash = NULLIF(current_setting('app.link', true), ''));
DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'thuoc_app') THEN
    GRANT UPDATE (name, short_name, kind) ON tenants TO thuoc_app;
  END IF;
END $$;";
