//! The application's role may change what it needs and nothing else: not the heads of the audit chains, which follow the
//! entries by themselves, and not where an authority belongs. It may read which migrations were applied.

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
        if manager.get_database_backend() == DbBackend::Postgres {
            manager.get_connection().execute_unprepared(POSTGRES).await?;
        }
        Ok(())
    }
}

const POSTGRES: &str = "
ALTER FUNCTION extend_audit_chain() SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp;
REVOKE EXECUTE ON FUNCTION extend_audit_chain() FROM PUBLIC;
DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'thuoc_app') THEN
    REVOKE ALL ON audit_heads FROM thuoc_app;
    GRANT SELECT, INSERT ON audit_heads TO thuoc_app;
    REVOKE ALL ON tenants FROM thuoc_app;
    GRANT SELECT, INSERT ON tenants TO thuoc_app;
    GRANT UPDATE (four_eyes, evidence_quota) ON tenants TO thuoc_app;
    GRANT SELECT ON seaql_migrations TO thuoc_app;
  END IF;
END $$;";
