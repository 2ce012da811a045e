//! Sessions mean the same in the database and in Redis.

use tenants::Error;
use tenants::ids::AccountId;
use tenants::store::sessions::{Sessions, StoredSession};
use tenants::testing::{TestDb, redis};
use time::{Duration, OffsetDateTime};

/// Runs a test on every kind of store.
async fn on_all(test: impl AsyncFn(Sessions)) {
    for db in [TestDb::sqlite().await, TestDb::postgres().await] {
        test(Sessions::database(&db.db)).await;
    }
    let server = redis();
    test(Sessions::redis(&server.url).unwrap()).await;
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

#[tokio::test]
async fn nobody_is_signed_in_while_redis_is_away() {
    let mut server = redis();
    let sessions = Sessions::redis(&server.url).unwrap();
    sessions.create("id", &session(None, "")).await.unwrap();
    server.stop();
    assert!(matches!(sessions.load("id").await, Err(Error::Internal(_))));
}
