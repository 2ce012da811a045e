//! Signing in: names, passwords, limits.

use tenants::cache::Cache;
use tenants::caller::Role;
use tenants::store::operator::{self, NewAccount};
use tenants::store::sign_in::{self, SignIn};
use tenants::testing::{PASSWORD, TestDb, on_both};
use tenants::{Error, Problem};

async fn attempt(db: &TestDb, cache: &Cache, login: &str, password: &str) -> SignIn {
    sign_in::sign_in(&db.db, cache, login, password, "192.0.2.1").await.unwrap()
}

#[tokio::test]
async fn name_and_password_must_both_be_right() {
    on_both(async |db| {
        let cache = Cache::memory();
        let account = db.account("ChuyenVien").await;
        assert_eq!(attempt(&db, &cache, " CHUYENVIEN ", PASSWORD).await, SignIn::Welcome(account));
        assert_eq!(attempt(&db, &cache, "chuyenvien", "sai mật khẩu").await, SignIn::Refused);
        assert_eq!(attempt(&db, &cache, "khongai", PASSWORD).await, SignIn::Refused);
        // The name nobody has must not be opened by the password of the hash that stands in for it.
        assert_eq!(attempt(&db, &cache, "khongai", "nobody has this password").await, SignIn::Refused);
        db.tamper("UPDATE accounts SET disabled_at = '2025-01-01T00:00:00Z'").await;
        assert_eq!(attempt(&db, &cache, "chuyenvien", PASSWORD).await, SignIn::Refused);
    })
    .await;
}

#[tokio::test]
async fn many_failures_close_the_account_for_a_while() {
    let db = TestDb::sqlite().await;
    let cache = Cache::memory();
    let account = db.account("nguoi").await;
    for _ in 0..9 {
        assert_eq!(attempt(&db, &cache, "nguoi", "sai").await, SignIn::Refused);
    }
    assert_eq!(attempt(&db, &cache, "nguoi", PASSWORD).await, SignIn::Welcome(account), "success forgives");
    for _ in 0..10 {
        assert_eq!(attempt(&db, &cache, "nguoi", "sai").await, SignIn::Refused);
    }
    assert_eq!(attempt(&db, &cache, "nguoi", PASSWORD).await, SignIn::Throttled);
    assert_eq!(attempt(&db, &cache, "khac", "sai").await, SignIn::Refused, "others go on");
}

#[tokio::test]
async fn attempts_at_the_same_moment_all_count() {
    let db = TestDb::sqlite().await;
    let cache = Cache::memory();
    let attempts = (0..20).map(|_| attempt(&db, &cache, "nguoi", "sai"));
    let outcomes = futures::future::join_all(attempts).await;
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == SignIn::Refused).count(), 10);
}

#[tokio::test]
async fn a_role_that_ended_opens_nothing() {
    on_both(async |db| {
        let (tenant, account) = (db.tenant("a").await, db.account("nguoi").await);
        db.member(tenant, account, Role::Inspector, None).await;
        assert!(sign_in::caller_of(&db.db, account, tenant).await.unwrap().is_some());
        db.tamper("UPDATE members SET valid_to = '2025-01-01T00:00:00Z'").await;
        assert_eq!(sign_in::caller_of(&db.db, account, tenant).await.unwrap(), None);
        assert_eq!(sign_in::tenants_of(&db.db, account).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn names_are_unique_and_passwords_long() {
    on_both(async |db| {
        db.account("nguoi").await;
        let again = |login: &str, password: &str| NewAccount {
            login: login.into(),
            display_name: "Người khác".into(),
            email: None,
            password: password.into(),
        };
        let field = |outcome| match outcome {
            Err(Error::Invalid(problems)) => {
                problems.into_iter().map(|problem: Problem| problem.field).collect::<String>()
            }
            other => format!("{other:?}"),
        };
        assert_eq!(field(operator::create_account(&db.db, again("NGUOI", PASSWORD)).await), "login");
        assert_eq!(field(operator::create_account(&db.db, again("khac", "ngắn")).await), "password");
    })
    .await;
}
