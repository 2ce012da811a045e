//! Places an account is known at, so that others' failures never keep it out there; and a disabled account's sessions end
//! with it, whoever disables it, so that none lives again when it is enabled.

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
        let places = Table::create()
            .table("known_places")
            .col(uuid("account_id"))
            .col(text("place"))
            .col(timestamp_with_time_zone("last_at"))
            .primary_key(Index::create().col("account_id").col("place"))
            .take();
        manager.create_table(places).await?;
        guard::account(manager, "known_places").await?;
        let trigger = match manager.get_database_backend() {
            DbBackend::Postgres => POSTGRES,
            _ => SQLITE,
        };
        manager.get_connection().execute_unprepared(trigger).await?;
        Ok(())
    }
}

const POSTGRES: &str = "
CREATE FUNCTION end_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM sessions WHERE account_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER accounts_disabled AFTER UPDATE OF disabled_at ON accounts
  FOR EACH ROW WHEN (NEW.disabled_at IS NOT NULL) EXECUTE FUNCTION end_sessions();";

const SQLITE: &str = "
CREATE TRIGGER accounts_disabled AFTER UPDATE OF disabled_at ON accounts WHEN NEW.disabled_at IS NOT NULL BEGIN
  DELETE FROM sessions WHERE account_id = NEW.id;
END;";
