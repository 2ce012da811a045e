//! History is appended: nobody changes or removes it, not the application, not the owner of the tables.

use tenants::caller::Role;
use tenants::testing::{TestDb, caller, execute, on_both};

/// Tables of history, each with the columns a row needs and their values.
const HISTORY: [(&str, &str, &str); 4] = [
    (
        "appraisals",
        "id, assessment_id, code, decision, reason, row_revision, decided_by, decided_name, decided_at",
        "ID, ID, '1.1', 'accept', '', 1, ID, 'A', '2025-01-01T00:00:00Z'",
    ),
    (
        "set_versions",
        "id, set_id, number, source, compiled, content_hash, decision_number, decision_date, engine, issued_by, issued_at",
        "ID, ID, 1, '', '{}', '', '', '2025-01-01', '', '', '2025-01-01T00:00:00Z'",
    ),
    (
        "publications",
        "id, period_id, revision, decision_number, decision_date, snapshot, content_hash, note, published_by, published_at",
        "ID, ID, 1, '', '2025-01-01', '{}', '', '', '', '2025-01-01T00:00:00Z'",
    ),
    (
        "audit_entries",
        "seq, at, account_name, action, subject_kind, subject_id, detail, previous_hash, hash",
        "1, '2025-01-01T00:00:00Z', '', 'x', 'x', 'x', '{}', '', ''",
    ),
];

fn literal(db: &TestDb, id: uuid::Uuid) -> String {
    if db.is_postgres() { format!("'{id}'::uuid") } else { format!("x'{}'", id.simple()) }
}

#[tokio::test]
async fn history_is_never_changed_or_removed() {
    on_both(async |db| {
        let admin = caller(db.tenant("a").await, &[Role::TenantAdmin]);
        let tenant = literal(&db, admin.tenant.0);
        let as_tenant = match db.is_postgres() {
            true => format!("SELECT set_config('app.tenant_id', '{}', false);", admin.tenant),
            false => "PRAGMA recursive_triggers = on;".into(),
        };
        let tx = db.db.begin(&admin).await.unwrap();
        execute(&tx, &format!("INSERT INTO audit_heads (tenant_id, seq, hash) VALUES ({tenant}, 0, '')"))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        for (table, columns, values) in HISTORY {
            let values = values.replace("ID", &literal(&db, uuid::Uuid::now_v7()));
            let insert = format!("INTO {table} (tenant_id, {columns}) VALUES ({tenant}, {values})");
            let tx = db.db.begin(&admin).await.unwrap();
            assert_eq!(execute(&tx, &format!("INSERT {insert}")).await.unwrap(), 1);
            tx.commit().await.unwrap();

            let mut attempts =
                vec![format!("UPDATE {table} SET tenant_id = tenant_id"), format!("DELETE FROM {table}")];
            match db.is_postgres() {
                true => attempts.push(format!("TRUNCATE {table}")),
                false => attempts.push(format!("INSERT OR REPLACE {insert}")),
            }
            for attempt in attempts {
                let tx = db.db.begin(&admin).await.unwrap();
                let refused = execute(&tx, &attempt).await.unwrap_err().to_string();
                assert!(
                    refused.contains("append-only") || refused.contains("permission denied"),
                    "{attempt}: {refused}"
                );
                drop(tx);
                let refused = db.as_owner(&format!("{as_tenant} {attempt}")).await.unwrap_err().to_string();
                assert!(refused.contains("append-only"), "as the owner, {attempt}: {refused}");
            }
        }
    })
    .await;
}
