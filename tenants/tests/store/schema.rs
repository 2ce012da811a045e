//! What holds for every table, also for those that are yet to come.

use tenants::testing::{TestDb, on_both};

/// Tables that belong to no tenant. This list may only shrink.
const SHARED: [&str; 4] = ["accounts", "seaql_migrations", "sessions", "tenants"];
/// The one index that looks across tenants: an account's roles, at sign-in.
const ACROSS: [&str; 2] = [
    "members_account_id",
    // Whoever opens a link once has nothing but its token.
    "one_time_links_token_hash",
];

#[tokio::test]
async fn every_table_of_a_tenant_is_under_row_level_security() {
    let db = TestDb::postgres().await;
    let open = "SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
                WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') \
                AND NOT (c.relrowsecurity AND c.relforcerowsecurity) ORDER BY 1";
    assert_eq!(db.texts(open).await, SHARED);
    let lax = "SELECT tablename::text FROM pg_policies WHERE schemaname = 'public' AND cmd = 'ALL' \
               AND (qual IS DISTINCT FROM with_check OR qual NOT LIKE '%app.tenant_id%')";
    assert_eq!(db.texts(lax).await, Vec::<String>::new());
}

#[tokio::test]
async fn every_key_and_index_of_a_tenant_begins_with_it() {
    let db = TestDb::postgres().await;
    let others = "SELECT i.relname::text FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid \
                  JOIN pg_class t ON t.oid = x.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace \
                  JOIN pg_attribute tenant ON tenant.attrelid = t.oid AND tenant.attname = 'tenant_id' \
                  WHERE n.nspname = 'public' AND t.relname <> 'sessions' AND x.indkey[0] <> tenant.attnum";
    assert_eq!(db.texts(others).await, ACROSS);
}

#[tokio::test]
async fn the_application_owns_nothing_and_may_not_rewrite_history() {
    let db = TestDb::postgres().await;
    let owned = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' AND tableowner <> 'thuoc_owner'";
    assert_eq!(db.texts(owned).await, Vec::<String>::new());
    let appended = "SELECT DISTINCT event_object_table::text FROM information_schema.triggers \
                    WHERE trigger_name LIKE '%_append_only' ORDER BY 1";
    let tables = db.texts(appended).await;
    assert_eq!(
        tables,
        [
            "appraisals",
            "audit_entries",
            "council_decisions",
            "petition_answers",
            "petitions",
            "publications",
            "remarks",
            "reopenings",
            "reviews",
            "rule_changes",
            "second_samples",
            "second_scores",
            "set_versions",
            "simulations",
            "talks",
            "votes"
        ]
    );
    for table in tables {
        let rights = format!(
            "SELECT privilege_type::text FROM information_schema.role_table_grants \
             WHERE grantee = 'thuoc_app' AND table_name = '{table}' ORDER BY 1"
        );
        assert_eq!(db.texts(&rights).await, ["INSERT", "SELECT"], "{table}");
    }
}

#[tokio::test]
async fn the_application_changes_what_it_needs_and_nothing_else() {
    let db = TestDb::postgres().await;
    let (above, below) = (db.tenant("tren").await, db.tenant("duoi").await);
    let as_tenant = format!("SELECT set_config('app.tenant_id', '{below}', false);");
    for refused in [
        "UPDATE audit_heads SET seq = 0, hash = ''".to_owned(),
        "DELETE FROM audit_heads".to_owned(),
        format!("UPDATE tenants SET parent_id = '{above}'"),
        "UPDATE tenants SET slug = 'khac'".to_owned(),
        "DELETE FROM tenants".to_owned(),
        "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m99', 0)".to_owned(),
    ] {
        let told = db.as_app(&format!("{as_tenant} {refused}")).await.unwrap_err().to_string();
        assert!(told.contains("permission denied"), "{refused}: {told}");
    }
    db.as_app(&format!("{as_tenant} UPDATE tenants SET four_eyes = true")).await.unwrap();
}

#[tokio::test]
async fn migrating_again_changes_nothing() {
    on_both(async |db| db.db.migrate().await.unwrap()).await;
}
