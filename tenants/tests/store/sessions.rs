//! Sessions mean the same in the database alone and with Redis before it, whatever Redis does.

use tenants::Error;
use tenants::cache::Cache;
use tenants::ids::AccountId;
use tenants::store::sessions::{Sessions, StoredSession};
use tenants::store::sha256_hex;
use tenants::testing::{Server, TestDb, redis, redis_cli};
use time::{Duration, OffsetDateTime};

/// Runs a test on every kind of store.
async fn on_all(test: impl AsyncFn(Sessions)) {
    for db in [TestDb::sqlite().await, TestDb::postgres().await] {
        test(Sessions::database(&db.db)).await;
    }
    let (db, server) = (TestDb::sqlite().await, redis());
    test(Sessions::behind(Cache::redis(&server.url).unwrap(), &db.db)).await;
}

fn session(account: Option<AccountId>, data: &str) -> StoredSession {
    let expires_at = OffsetDateTime::now_utc().replace_nanosecond(0).unwrap() + Duration::hours(1);
    StoredSession { account, data: data.into(), expires_at }
}

#[tokio::test]
async fn a_session_is_created_once_and_saved_while_it_lives() {
    on_all(async |sessions| {
        let first = session(Some(AccountId::new()), "one");
        sessions.create("id", &first).await.unwrap();
        assert!(matches!(sessions.create("id", &session(None, "two")).await, Err(Error::Stale)));
        assert_eq!(sessions.load("id").await.unwrap(), Some(first.clone()));

        let changed = StoredSession { data: "three".into(), ..first };
        sessions.save("id", &changed).await.unwrap();
        assert_eq!(sessions.load("id").await.unwrap(), Some(changed.clone()));

        sessions.delete("id").await.unwrap();
        assert!(matches!(sessions.save("id", &changed).await, Err(Error::NotFound)), "a save brings nobody back");
        assert_eq!(sessions.load("id").await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn signing_out_everywhere_ends_every_session_of_the_account() {
    on_all(async |sessions| {
        let (mine, other) = (AccountId::new(), AccountId::new());
        sessions.create("a", &session(Some(mine), "")).await.unwrap();
        // A session gets its account when somebody signs in on it.
        sessions.create("b", &session(None, "")).await.unwrap();
        sessions.save("b", &session(Some(mine), "")).await.unwrap();
        sessions.create("c", &session(Some(other), "")).await.unwrap();
        sessions.delete_all_of(mine).await.unwrap();
        for (id, lives) in [("a", false), ("b", false), ("c", true)] {
            assert_eq!(sessions.load(id).await.unwrap().is_some(), lives, "{id}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_expired_session_is_gone() {
    on_all(async |sessions| {
        let over = StoredSession { expires_at: OffsetDateTime::now_utc() - Duration::seconds(1), ..session(None, "") };
        sessions.create("id", &over).await.unwrap();
        assert_eq!(sessions.load("id").await.unwrap(), None);
        sessions.create("live", &session(None, "")).await.unwrap();
        sessions.sweep().await.unwrap();
        assert!(sessions.load("live").await.unwrap().is_some());
    })
    .await;
}

#[tokio::test]
async fn the_stored_key_is_not_the_cookie() {
    let db = TestDb::sqlite().await;
    Sessions::database(&db.db).create("secret-id", &session(None, "")).await.unwrap();
    let keys = db.texts("SELECT id_hash FROM sessions").await;
    assert!(keys.len() == 1 && !keys[0].contains("secret-id"), "{keys:?}");
}

/// What Redis may do to a session that was stored, and what is left of it.
async fn check_with_redis(trouble: impl Fn(&mut Server, &str)) {
    let (db, mut server) = (TestDb::sqlite().await, redis());
    let sessions = Sessions::behind(Cache::redis(&server.url).unwrap(), &db.db);
    let (mine, account) = (session(Some(AccountId::new()), "mine"), AccountId::new());
    sessions.create("id", &mine).await.unwrap();
    sessions.create("ended", &session(Some(account), "")).await.unwrap();
    assert_eq!(sessions.load("id").await.unwrap(), Some(mine.clone()));
    trouble(&mut server, &format!("thuoc:session:{}", sha256_hex(b"id")));
    assert_eq!(sessions.load("id").await.unwrap(), Some(mine.clone()), "nobody is signed out");
    let changed = StoredSession { data: "changed".into(), ..mine };
    sessions.save("id", &changed).await.unwrap();
    assert_eq!(sessions.load("id").await.unwrap(), Some(changed));
    sessions.delete_all_of(account).await.unwrap();
    assert_eq!(sessions.load("ended").await.unwrap(), None, "who signs out is out");
    sessions.create("new", &session(Some(account), "")).await.unwrap();
    assert!(sessions.load("new").await.unwrap().is_some());
}

#[tokio::test]
async fn nobody_is_signed_out_by_a_redis_that_is_away() {
    check_with_redis(|server, _| server.stop()).await;
}

#[tokio::test]
async fn nobody_is_signed_out_by_a_redis_that_is_flushed() {
    check_with_redis(|server, _| redis_cli(server, &["FLUSHALL"])).await;
}

#[tokio::test]
async fn nobody_is_signed_out_by_a_redis_that_is_frozen() {
    check_with_redis(|server, _| server.freeze()).await;
}

#[tokio::test]
async fn nobody_is_signed_out_by_what_somebody_else_wrote() {
    check_with_redis(|server, key| redis_cli(server, &["SET", key, "rubbish"])).await;
    check_with_redis(|server, key| redis_cli(server, &["SET", key, r#"{"account":null,"data":"","expires_at":"x"}"#]))
        .await;
    check_with_redis(|server, key| {
        redis_cli(server, &["DEL", key]);
        redis_cli(server, &["RPUSH", key, "a list"]);
    })
    .await;
    // Somebody else's session under this one's key.
    check_with_redis(|server, key| {
        let other = format!("thuoc:session:{}", sha256_hex(b"ended"));
        redis_cli(server, &["COPY", &other, key, "REPLACE"]);
    })
    .await;
}

#[tokio::test]
async fn what_did_not_reach_redis_is_not_read_from_it() {
    let (db, server) = (TestDb::sqlite().await, redis());
    let sessions = Sessions::behind(Cache::redis(&server.url).unwrap(), &db.db);
    let mine = session(Some(AccountId::new()), "before");
    sessions.create("id", &mine).await.unwrap();
    sessions.create("out", &mine).await.unwrap();
    server.freeze();
    let changed = StoredSession { data: "after".into(), ..mine };
    sessions.save("id", &changed).await.unwrap();
    sessions.delete("out").await.unwrap();
    server.thaw();
    tokio::time::sleep(std::time::Duration::from_millis(2500)).await;
    assert_eq!(sessions.load("id").await.unwrap(), Some(changed));
    assert_eq!(sessions.load("out").await.unwrap(), None);
}
