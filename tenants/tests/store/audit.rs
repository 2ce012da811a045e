//! The audit log is a chain: what is changed, removed or cut off behind the application's back is noticed.

use tenants::Caller;
use tenants::audit::{self, Break};
use tenants::caller::Role;
use tenants::testing::{TestDb, caller, on_both};

use super::unit;

/// A tenant whose log has five entries.
async fn five(db: &TestDb) -> Caller {
    let admin = caller(db.tenant("a").await, &[Role::TenantAdmin]);
    for number in 1..=5 {
        let tx = db.db.begin(&admin).await.unwrap();
        unit(&tx, &format!("u{number}")).await.unwrap();
        tx.commit().await.unwrap();
    }
    admin
}

async fn verify(db: &TestDb, admin: &Caller) -> Option<Break> {
    audit::verify(&db.db.read(admin).await.unwrap()).await.unwrap()
}

async fn check_tampering(sql: &str, broken_at: i64) {
    on_both(async |db| {
        let admin = five(&db).await;
        assert_eq!(verify(&db, &admin).await, None);
        db.tamper(sql).await;
        assert_eq!(verify(&db, &admin).await, Some(Break { seq: broken_at }), "{sql}");
    })
    .await;
}

#[tokio::test]
async fn tampering_is_noticed() {
    check_tampering("UPDATE audit_entries SET account_name = 'Người khác' WHERE seq = 2", 2).await;
    check_tampering("UPDATE audit_entries SET detail = '{}' WHERE seq = 3", 3).await;
    check_tampering("UPDATE audit_entries SET at = '2020-01-01T00:00:00Z' WHERE seq = 5", 5).await;
    check_tampering("DELETE FROM audit_entries WHERE seq = 3", 4).await;
    check_tampering("DELETE FROM audit_entries WHERE seq = 5", 5).await;
    check_tampering("DELETE FROM audit_entries", 1).await;
    check_tampering("DELETE FROM audit_heads", 6).await;
}

#[tokio::test]
async fn an_entry_that_is_right_by_itself_but_not_in_its_chain_is_noticed() {
    on_both(async |db| {
        let admin = five(&db).await;
        let head = |seq| {
            format!("UPDATE audit_heads SET seq = {seq}, hash = (SELECT hash FROM audit_entries WHERE seq = {seq})")
        };
        db.tamper("CREATE TABLE later AS SELECT * FROM audit_entries WHERE seq > 3").await;
        db.tamper("DELETE FROM audit_entries WHERE seq >= 3").await;
        db.tamper(&head(2)).await;
        let tx = db.db.begin(&admin).await.unwrap();
        unit(&tx, "forged").await.unwrap();
        tx.commit().await.unwrap();
        db.tamper("INSERT INTO audit_entries SELECT * FROM later").await;
        db.tamper(&head(5)).await;
        assert_eq!(verify(&db, &admin).await, Some(Break { seq: 4 }));
    })
    .await;
}

#[tokio::test]
async fn writers_at_once_make_one_chain() {
    on_both(async |db| {
        let admin = caller(db.tenant("a").await, &[Role::TenantAdmin]);
        let writers = (0..20).map(|number| {
            let (db, admin) = (db.db.clone(), admin.clone());
            tokio::spawn(async move {
                let tx = db.begin(&admin).await.unwrap();
                unit(&tx, &format!("u{number}")).await.unwrap();
                tx.commit().await.unwrap();
            })
        });
        for writer in writers.collect::<Vec<_>>() {
            writer.await.unwrap();
        }
        assert_eq!(verify(&db, &admin).await, None);
        let log = audit::list(&db.db.read(&admin).await.unwrap(), 0).await.unwrap();
        assert_eq!(log.iter().map(|entry| entry.seq).collect::<Vec<_>>(), (1..=20).rev().collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test]
async fn what_is_rolled_back_was_never_logged() {
    on_both(async |db| {
        let admin = five(&db).await;
        let tx = db.db.begin(&admin).await.unwrap();
        unit(&tx, "u6").await.unwrap();
        drop(tx);
        let log = audit::list(&db.db.read(&admin).await.unwrap(), 0).await.unwrap();
        assert_eq!(log[0].seq, 5);
        assert_eq!(verify(&db, &admin).await, None);
    })
    .await;
}

#[tokio::test]
async fn the_database_itself_takes_no_entry_that_does_not_continue_the_chain() {
    on_both(async |db| {
        let admin = five(&db).await;
        let copy = |seq: u32, previous: &str| {
            format!(
                "INSERT INTO audit_entries (tenant_id, seq, at, account_name, action, subject_kind, subject_id, detail, previous_hash, hash)
                 SELECT tenant_id, {seq}, at, account_name, action, subject_kind, subject_id, detail, {previous}, 'x'
                 FROM audit_entries WHERE seq = 5"
            )
        };
        for forged in [copy(6, "'y'"), copy(7, "hash"), copy(6, "previous_hash")] {
            let tx = db.db.begin(&admin).await.unwrap();
            assert!(tenants::testing::execute(&tx, &forged).await.is_err(), "{forged}");
        }
        let tx = db.db.begin(&admin).await.unwrap();
        assert_eq!(tenants::testing::execute(&tx, &copy(6, "hash")).await.unwrap(), 1);
    })
    .await;
}
