//! What a head signed, beside what the rules in force make of it: a change of rules moves the one and never the other.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = Table::alter().table("assessment_rows").add_column(big_integer_null("signed_points")).take();
        manager.alter_table(column).await?;
        let conn = manager.get_connection();
        // The owner, too, sees no tenant's rows under row-level security.
        let [lift, force] = match conn.get_database_backend() {
            DbBackend::Postgres => ["NO FORCE", "FORCE"].map(|how| {
                format!("ALTER TABLE assessments {how} ROW LEVEL SECURITY; ALTER TABLE assessment_rows {how} ROW LEVEL SECURITY;")
            }),
            _ => [String::new(), String::new()],
        };
        conn.execute_unprepared(&format!("{lift}{SIGNED};{force}")).await?;
        Ok(())
    }
}

/// Nearest to what was signed: until now a change of rules wrote over it.
const SIGNED: &str = "
UPDATE assessment_rows SET signed_points = self_points WHERE EXISTS (
  SELECT 1 FROM assessments WHERE assessments.tenant_id = assessment_rows.tenant_id
  AND assessments.id = assessment_rows.assessment_id AND assessments.submitted_at IS NOT NULL)";
