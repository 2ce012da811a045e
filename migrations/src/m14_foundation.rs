//! The head of an audit chain follows its entries by itself, and no entry is taken that does not continue the chain.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let statements = match manager.get_database_backend() {
            DbBackend::Postgres => POSTGRES,
            _ => SQLITE,
        };
        manager.get_connection().execute_unprepared(statements).await?;
        Ok(())
    }
}

const POSTGRES: &str = "
CREATE FUNCTION extend_audit_chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE audit_heads SET seq = NEW.seq, hash = NEW.hash
    WHERE tenant_id = NEW.tenant_id AND seq = NEW.seq - 1 AND hash = NEW.previous_hash;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'entry % does not continue the audit chain', NEW.seq;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER audit_entries_extend AFTER INSERT ON audit_entries
  FOR EACH ROW EXECUTE FUNCTION extend_audit_chain();";

const SQLITE: &str = "
CREATE TRIGGER audit_entries_extend AFTER INSERT ON audit_entries BEGIN
  SELECT RAISE(ABORT, 'the entry does not continue the audit chain') WHERE NOT EXISTS (
    SELECT 1 FROM audit_heads
      WHERE tenant_id = NEW.tenant_id AND seq = NEW.seq - 1 AND hash = NEW.previous_hash);
  UPDATE audit_heads SET seq = NEW.seq, hash = NEW.hash WHERE tenant_id = NEW.tenant_id;
END;";
