//! Many at once: writers wait for their turn and all succeed; readers never wait for writers.

use tenants::caller::Role;
use tenants::store::{Clock, Db};
use tenants::testing::{caller, on_both};
use tenants::{Error, units};

use super::unit;

#[tokio::test(flavor = "multi_thread")]
async fn fifty_writers_all_succeed() {
    on_both(async |db| {
        let admin = caller(db.tenant("a").await, &[Role::TenantAdmin]);
        let writers = (0..50).map(|number| {
            let (db, admin) = (db.db.clone(), admin.clone());
            tokio::spawn(async move {
                let tx = db.begin(&admin).await?;
                unit(&tx, &format!("u{number}")).await?;
                tx.commit().await
            })
        });
        for writer in writers.collect::<Vec<_>>() {
            writer.await.unwrap().unwrap();
        }
        assert_eq!(units::list(&db.db.read(&admin).await.unwrap()).await.unwrap().len(), 50);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_may_write_at_once() {
    on_both(async |db| {
        let admin = caller(db.tenant("a").await, &[Role::TenantAdmin]);
        let second = Db::connect(db.settings()).await.unwrap();
        let writers = (0..30).map(|number| {
            let db = if number % 2 == 0 { db.db.clone() } else { second.clone() };
            let admin = admin.clone();
            tokio::spawn(async move {
                let tx = db.begin(&admin).await?;
                // Reading before writing is what makes a deferred SQLite transaction fail at its first write.
                units::list(&tx).await?;
                unit(&tx, &format!("u{number}")).await?;
                tx.commit().await
            })
        });
        for writer in writers.collect::<Vec<_>>() {
            writer.await.unwrap().unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn readers_see_one_moment_while_somebody_writes() {
    on_both(async |db| {
        let admin = caller(db.tenant("a").await, &[Role::TenantAdmin]);
        let before = db.db.read(&admin).await.unwrap();
        assert_eq!(units::list(&before).await.unwrap().len(), 0);
        let writing = db.db.begin(&admin).await.unwrap();
        unit(&writing, "u").await.unwrap();
        assert_eq!(units::list(&db.db.read(&admin).await.unwrap()).await.unwrap().len(), 0);
        writing.commit().await.unwrap();
        assert_eq!(units::list(&before).await.unwrap().len(), 0, "still the moment it began");
        assert_eq!(units::list(&db.db.read(&admin).await.unwrap()).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_reading_transaction_cannot_write() {
    on_both(async |db| {
        let admin = caller(db.tenant("a").await, &[Role::TenantAdmin]);
        let outcome = unit(&db.db.read(&admin).await.unwrap(), "u").await;
        assert!(matches!(outcome, Err(Error::Internal(_))), "{outcome:?}");
    })
    .await;
}

/// SQLite sorts times as texts, and cuts trailing zeros.
#[test]
fn times_sort_alike_as_texts() {
    let clock = Clock::default();
    assert!((0..1000).all(|_| clock.now().microsecond() % 10 != 0));
}
