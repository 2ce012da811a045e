//! What the database gives up to let something else go on may be tried again; the clock is the database's.

use tenants::Error;
use tenants::testing::{TestDb, deadlock, on_both};
use time::{Duration, OffsetDateTime};

#[tokio::test]
async fn a_deadlock_may_be_tried_again_and_another_failure_may_not() {
    let failing = deadlock().await;
    assert!(failing().may_be_tried_again());
    assert!(!Error::Stale.may_be_tried_again());
    let test = TestDb::postgres().await;
    let broken = test.as_app("SELECT nothing FROM nowhere").await.unwrap_err();
    assert!(!Error::from(broken).may_be_tried_again());
}

#[tokio::test]
async fn a_transaction_goes_by_the_clock_of_its_database() {
    on_both(async |test: TestDb| {
        let caller = tenants::testing::caller(test.tenant("a").await, &[]);
        let tx = test.db.begin(&caller).await.unwrap();
        let sql = if test.is_postgres() { "SELECT transaction_timestamp()::text" } else { "SELECT datetime('now')" };
        let told = tenants::testing::texts(&tx, sql).await.remove(0);
        assert!((tx.now() - OffsetDateTime::now_utc()).abs() < Duration::MINUTE, "{told}");
    })
    .await;
}
