//! What every table gets beside its columns: indexes, row-level security, grants, and refusal of changes to history.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

/// The role the application runs under on PostgreSQL. It is created outside the migrations.
const APP_ROLE: &str = "thuoc_app";

pub async fn index(manager: &SchemaManager<'_>, table: &'static str, columns: &[&'static str]) -> Result<(), DbErr> {
    manager.create_index(on(table, columns)).await
}

pub async fn unique(manager: &SchemaManager<'_>, table: &'static str, columns: &[&'static str]) -> Result<(), DbErr> {
    manager.create_index(on(table, columns).unique().take()).await
}

fn on(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(format!("{table}_{}", columns.join("_"))).table(table);
    for column in columns {
        index.col(*column);
    }
    index
}

/// A table of tenant data: nobody reads or writes a row of another tenant, whatever the query says.
pub async fn tenant(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Postgres {
        let mine = "tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid";
        let statements = format!(
            "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
             ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
             CREATE POLICY one_tenant ON {table} USING ({mine}) WITH CHECK ({mine});"
        );
        manager.get_connection().execute_unprepared(&statements).await?;
    }
    shared(manager, table).await
}

/// Beside its tenant's rows, a transaction may read the rows of the account it was opened for.
pub async fn own_rows(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Postgres {
        let mine = "account_id = NULLIF(current_setting('app.account_id', true), '')::uuid";
        let statement = format!("CREATE POLICY own_rows ON {table} FOR SELECT USING ({mine})");
        manager.get_connection().execute_unprepared(&statement).await?;
    }
    Ok(())
}

/// A table of what belongs to an account and to no tenant: a transaction sees the rows of the account it was opened for.
pub async fn account(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Postgres {
        let mine = "account_id = NULLIF(current_setting('app.account_id', true), '')::uuid";
        let statements = format!(
            "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
             ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
             CREATE POLICY own_read ON {table} FOR SELECT USING ({mine});
             CREATE POLICY own_insert ON {table} FOR INSERT WITH CHECK ({mine});
             CREATE POLICY own_update ON {table} FOR UPDATE USING ({mine}) WITH CHECK ({mine});
             CREATE POLICY own_delete ON {table} FOR DELETE USING ({mine});"
        );
        manager.get_connection().execute_unprepared(&statements).await?;
    }
    shared(manager, table).await
}

/// Beside its own rows, an authority may read those of every authority above it.
pub async fn readable_below(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Postgres {
        let statement = format!(
            "CREATE POLICY readable_below ON {table} FOR SELECT USING (tenant_id IN (
               WITH RECURSIVE above(id, parent_id) AS (
                 SELECT id, parent_id FROM tenants
                 WHERE id = NULLIF(current_setting('app.tenant_id', true), '')::uuid
                 UNION SELECT t.id, t.parent_id FROM tenants t JOIN above a ON t.id = a.parent_id
               ) SELECT id FROM above));"
        );
        manager.get_connection().execute_unprepared(&statement).await?;
    }
    Ok(())
}

/// Grants the application's role what it needs on a table.
pub async fn shared(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    grant(manager, table, "SELECT, INSERT, UPDATE, DELETE").await
}

async fn grant(manager: &SchemaManager<'_>, table: &str, rights: &str) -> Result<(), DbErr> {
    if manager.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    let statement = format!(
        "DO $$ BEGIN
           IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{APP_ROLE}') THEN
             REVOKE ALL ON {table} FROM {APP_ROLE};
             GRANT {rights} ON {table} TO {APP_ROLE};
           END IF;
         END $$;"
    );
    manager.get_connection().execute_unprepared(&statement).await?;
    Ok(())
}

/// History: rows are added, never changed or removed, not even by the owner's everyday statements.
pub async fn append_only(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    grant(manager, table, "SELECT, INSERT").await?;
    let statements = match manager.get_database_backend() {
        DbBackend::Postgres => format!(
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
               $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;
             CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
               FOR EACH ROW EXECUTE FUNCTION refuse_change();
             CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
               FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();"
        ),
        _ => format!(
            "CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
               BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;
             CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
               BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;"
        ),
    };
    manager.get_connection().execute_unprepared(&statements).await?;
    Ok(())
}
