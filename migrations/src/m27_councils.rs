//! The council of a period: the decisions that set it up, and its seats. Periods already before a council keep the one they
//! have: everybody who holds a council role is seated.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, Statement};

use crate::guard;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(decisions()).await?;
        guard::index(manager, "council_decisions", &["tenant_id", "period_id"]).await?;
        guard::tenant(manager, "council_decisions").await?;
        guard::append_only(manager, "council_decisions").await?;
        manager.create_table(seats()).await?;
        guard::index(manager, "council_seats", &["tenant_id", "period_id"]).await?;
        // Nobody sits twice in the same seat, and there is one chair.
        let unique = "CREATE UNIQUE INDEX council_seats_once ON council_seats (tenant_id, period_id, account_id, kind)
               WHERE ended_on IS NULL;
             CREATE UNIQUE INDEX council_seats_chair ON council_seats (tenant_id, period_id)
               WHERE ended_on IS NULL AND kind = 'chair';";
        manager.get_connection().execute_unprepared(unique).await?;
        guard::tenant(manager, "council_seats").await?;
        seat_everybody(manager).await
    }
}

fn decisions() -> TableCreateStatement {
    Table::create()
        .table("council_decisions")
        .col(uuid("tenant_id"))
        .col(uuid("id"))
        .col(uuid("period_id"))
        .col(text("number"))
        .col(date("decided_on"))
        .col(text_null("file_name"))
        .col(text_null("file_sha256"))
        .col(text("recorded_by"))
        .col(timestamp_with_time_zone("recorded_at"))
        .primary_key(Index::create().col("tenant_id").col("id"))
        .take()
}

fn seats() -> TableCreateStatement {
    Table::create()
        .table("council_seats")
        .col(uuid("tenant_id"))
        .col(uuid("id"))
        .col(uuid("period_id"))
        .col(uuid("account_id"))
        .col(text("name"))
        .col(text("kind"))
        .col(uuid_null("unit_id"))
        .col(text("field"))
        .col(date("seated_on"))
        .col(text("seated_by"))
        .col(timestamp_with_time_zone("seated_at"))
        .col(date_null("ended_on"))
        .col(text_null("ended_reason"))
        .col(text_null("ended_by"))
        .col(timestamp_with_time_zone_null("ended_at"))
        .primary_key(Index::create().col("tenant_id").col("id"))
        .take()
}

async fn seat_everybody(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let conn = manager.get_connection();
    if manager.get_database_backend() != DbBackend::Postgres {
        for statement in statements("randomblob(16)", "strftime('%Y-%m-%dT%H:%M:%SZ', 'now')") {
            conn.execute_unprepared(&statement).await?;
        }
        return Ok(());
    }
    // Row-level security holds for the migrating role too: one authority after the other.
    let tenants = "SELECT id::text FROM tenants";
    for tenant in conn.query_all_raw(Statement::from_string(DbBackend::Postgres, tenants)).await? {
        let tenant: String = tenant.try_get_by_index(0)?;
        conn.execute_unprepared(&format!("SELECT set_config('app.tenant_id', '{tenant}', true)")).await?;
        for statement in statements("gen_random_uuid()", "CURRENT_TIMESTAMP") {
            conn.execute_unprepared(&statement).await?;
        }
    }
    conn.execute_unprepared("SELECT set_config('app.tenant_id', '', true)").await?;
    Ok(())
}

/// The first chair keeps the chair, further ones sit as members, because a council has one.
fn statements(id: &str, now: &str) -> [String; 3] {
    let seat = |kind: &str, who: &str| {
        format!(
            "INSERT INTO council_seats (tenant_id, id, period_id, account_id, name, kind, unit_id, field, seated_on,
               seated_by, seated_at)
             SELECT p.tenant_id, {id}, p.id, m.account_id, a.display_name, '{kind}', m.unit_id, '', CURRENT_DATE,
               'Hệ thống', {now}
             FROM periods p JOIN members m ON m.tenant_id = p.tenant_id JOIN accounts a ON a.id = m.account_id
             WHERE p.stage IN ('appraisal', 'concluded') AND m.valid_to IS NULL AND {who}
             ORDER BY m.id ON CONFLICT DO NOTHING"
        )
    };
    let not_chair = "NOT EXISTS (SELECT 1 FROM council_seats s WHERE s.tenant_id = p.tenant_id AND s.period_id = p.id
           AND s.account_id = m.account_id AND s.kind = 'chair')";
    [
        seat("chair", "m.role = 'council_chair'"),
        seat("secretary", "m.role = 'council_secretary'"),
        seat("member", &format!("m.role IN ('appraiser', 'council_chair') AND {not_chair}")),
    ]
}
