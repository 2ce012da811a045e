//! Bringing a schema up to date: once, whoever else does so at the same moment, and never half; a database of another
//! version is refused in words.

use tenants::Error;
use tenants::store::{Db, DbSettings, Schema};
use tenants::testing::{TestDb, empty_postgres, on_both};

fn told(outcome: tenants::Result<()>) -> String {
    match outcome {
        Err(Error::Internal(cause)) => cause.to_string(),
        other => format!("{other:?}"),
    }
}

async fn three_at_once(settings: &DbSettings) {
    let connect = || async { Db::connect(settings).await.unwrap() };
    let (a, b, c) = (connect().await, connect().await, connect().await);
    assert_eq!(a.schema().await.unwrap(), Schema::Empty);
    assert!(told(a.ping().await).contains("thuoc migrate"), "an empty database is not ready");
    let migrations = [a, b, c].map(|db| tokio::spawn(async move { (db.migrate().await, db) }));
    for migration in migrations {
        let (outcome, db) = migration.await.unwrap();
        outcome.unwrap();
        assert_eq!(db.schema().await.unwrap(), Schema::Current);
        db.ping().await.unwrap();
        db.close().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn three_migrations_at_once_wait_for_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/neu.sqlite?mode=rwc", folder.path().display());
    three_at_once(&DbSettings { url, owner_url: None, max_connections: 2 }).await;
    let empty = empty_postgres().await;
    three_at_once(&empty.settings()).await;
}

#[tokio::test]
async fn a_database_of_another_version_is_refused_in_words() {
    on_both(async |test: TestDb| {
        assert_eq!(test.db.schema().await.unwrap(), Schema::Current);
        test.as_owner("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m99_tomorrow', 0)").await.unwrap();
        assert_eq!(test.db.schema().await.unwrap(), Schema::Newer("m99_tomorrow".into()));
        let refused = told(test.db.schema().await.unwrap().refuse_other());
        assert!(refused.contains("newer version") && refused.contains("m99_tomorrow"), "{refused}");
        assert!(told(test.db.migrate().await).contains("newer version"), "nor is it migrated");
        test.db.ping().await.unwrap();
        test.as_owner("DELETE FROM seaql_migrations WHERE version IN ('m99_tomorrow', 'm34_rights')").await.unwrap();
        assert_eq!(test.db.schema().await.unwrap(), Schema::Older(1));
        assert!(told(test.db.ping().await).contains("older version"), "not ready");
    })
    .await;
}
