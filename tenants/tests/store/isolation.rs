//! One tenant never sees or touches another's rows, not even with SQL of its own.

use tenants::caller::Role;
use tenants::members::{self, NewMember};
use tenants::store::{Db, sign_in};
use tenants::testing::{TestDb, caller, count, execute, on_both};
use tenants::{Caller, Error, units};

use super::unit;

const ADMIN: [Role; 1] = [Role::TenantAdmin];

/// Two tenants, each with one unit.
async fn two(db: &TestDb) -> (Caller, Caller) {
    let (a, b) = (caller(db.tenant("a").await, &ADMIN), caller(db.tenant("b").await, &ADMIN));
    for caller in [&a, &b] {
        let tx = db.db.begin(caller).await.unwrap();
        unit(&tx, "snv").await.unwrap();
        tx.commit().await.unwrap();
    }
    (a, b)
}

#[tokio::test]
async fn another_tenants_rows_are_not_found() {
    on_both(async |db| {
        let (a, b) = two(&db).await;
        let theirs = units::list(&db.db.read(&b).await.unwrap()).await.unwrap()[0].id;
        let account = db.account("nguoi").await;
        let tx = db.db.begin(&a).await.unwrap();
        assert!(units::list(&tx).await.unwrap().iter().all(|unit| unit.id != theirs));
        let outcome = members::create(&tx, NewMember { account, role: Role::UnitEditor, unit: Some(theirs) }).await;
        assert!(matches!(outcome, Err(Error::NotFound)), "{outcome:?}");
    })
    .await;
}

#[tokio::test]
async fn raw_sql_reaches_only_the_callers_tenant() {
    let db = TestDb::postgres().await;
    let (a, b) = two(&db).await;
    let tx = db.db.begin(&a).await.unwrap();
    assert_eq!(count(&tx, "SELECT count(*) FROM units").await, 1);
    assert_eq!(count(&tx, "SELECT count(*) FROM audit_entries").await, 1);
    assert_eq!(execute(&tx, "UPDATE units SET kind = 'agency'").await.unwrap(), 1);
    let theirs = format!("DELETE FROM units WHERE tenant_id = '{}'", b.tenant);
    assert_eq!(execute(&tx, &theirs).await.unwrap(), 0);
    tx.commit().await.unwrap();
    let tx = db.db.read(&b).await.unwrap();
    assert_eq!(count(&tx, "SELECT count(*) FROM units WHERE kind = 'department'").await, 1);
}

#[tokio::test]
async fn a_row_cannot_be_put_or_moved_into_another_tenant() {
    let db = TestDb::postgres().await;
    let (a, b) = two(&db).await;
    for statement in [
        format!("UPDATE units SET tenant_id = '{}'", b.tenant),
        format!(
            "INSERT INTO units (tenant_id, id, kind, official_code, valid_from) \
             VALUES ('{}', gen_random_uuid(), 'agency', 'x', '2020-01-01')",
            b.tenant
        ),
    ] {
        let tx = db.db.begin(&a).await.unwrap();
        let refused = execute(&tx, &statement).await.unwrap_err().to_string();
        assert!(refused.contains("row-level security"), "{refused}");
    }
}

#[tokio::test]
async fn without_a_tenant_there_are_no_rows() {
    let db = TestDb::postgres().await;
    two(&db).await;
    assert_eq!(db.as_app("UPDATE units SET kind = 'agency'").await.unwrap(), 0);
    assert_eq!(db.as_owner("UPDATE units SET kind = 'agency'").await.unwrap(), 0);
}

#[tokio::test]
async fn an_account_sees_its_own_roles_and_nobody_elses() {
    on_both(async |db| {
        let (a, b) = two(&db).await;
        let (mine, other) = (db.account("toi").await, db.account("khac").await);
        db.member(a.tenant, mine, Role::Inspector, None).await;
        db.member(b.tenant, mine, Role::Publisher, None).await;
        db.member(b.tenant, other, Role::Inspector, None).await;

        let seats = sign_in::tenants_of(&db.db, mine).await.unwrap();
        assert_eq!(seats.iter().map(|seat| seat.id).collect::<Vec<_>>(), [a.tenant, b.tenant]);
        let there = sign_in::caller_of(&db.db, mine, b.tenant, None).await.unwrap().unwrap();
        assert!(there.has(Role::Publisher) && !there.has(Role::Inspector));
        assert_eq!(sign_in::caller_of(&db.db, other, a.tenant, None).await.unwrap(), None);

        let tx = db.db.read(&a).await.unwrap();
        if db.is_postgres() {
            assert_eq!(count(&tx, "SELECT count(*) FROM members").await, 1);
        }
    })
    .await;
}

#[tokio::test]
async fn the_application_does_not_start_as_a_superuser() {
    let db = TestDb::postgres().await;
    let refused = Db::connect(&db.superuser_settings()).await;
    assert!(matches!(refused, Err(Error::Internal(_))), "{refused:?}");
}
