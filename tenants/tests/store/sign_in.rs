//! Signing in: names, passwords, limits.

use std::time::Duration;

use tenants::cache::Cache;
use tenants::caller::Role;
use tenants::store::operator::{self, NewAccount};
use tenants::store::sessions::{Sessions, StoredSession};
use tenants::store::sign_in::{self, Place, SignIn};
use tenants::testing::{PASSWORD, TestDb, caller, on_both};
use tenants::{Error, Problem, audit};
use time::OffsetDateTime;

/// An attempt from an address, with a browser that was never here.
async fn attempt(db: &TestDb, cache: &Cache, login: &str, password: &str, address: &str) -> SignIn {
    sign_in::sign_in(&db.db, cache, login, password, Place { address, device: None }).await.unwrap()
}

const HERE: &str = "192.0.2.1";
const ELSEWHERE: &str = "198.51.100.7";

fn is_welcome(outcome: &SignIn) -> bool {
    matches!(outcome, SignIn::Welcome { .. })
}

fn is_throttled(outcome: &SignIn) -> bool {
    matches!(outcome, SignIn::Throttled { .. })
}

/// Fails from elsewhere until it is told to wait; answers how long. The turns before come at once and ever more slowly.
async fn slowed(db: &TestDb, cache: &Cache, login: &str) -> Duration {
    for _ in 0..20 {
        if let SignIn::Throttled { wait } = attempt(db, cache, login, "sai", ELSEWHERE).await {
            return wait;
        }
    }
    panic!("not slowed down");
}

#[tokio::test]
async fn name_and_password_must_both_be_right() {
    on_both(async |db| {
        let cache = Cache::memory();
        let account = db.account("ChuyenVien").await;
        let outcome = attempt(&db, &cache, " CHUYENVIEN ", PASSWORD, HERE).await;
        assert!(matches!(outcome, SignIn::Welcome { account: found, .. } if found == account), "{outcome:?}");
        assert_eq!(attempt(&db, &cache, "chuyenvien", "sai mật khẩu", HERE).await, SignIn::Refused);
        assert_eq!(attempt(&db, &cache, "khongai", PASSWORD, HERE).await, SignIn::Refused);
        assert_eq!(attempt(&db, &cache, "chuyenvien", &"x".repeat(2000), HERE).await, SignIn::Refused);
        db.tamper("UPDATE accounts SET disabled_at = '2025-01-01T00:00:00Z'").await;
        assert_eq!(attempt(&db, &cache, "chuyenvien", PASSWORD, HERE).await, SignIn::Refused);
    })
    .await;
}

#[tokio::test]
async fn failures_slow_down_the_place_they_come_from_and_no_other() {
    let db = TestDb::sqlite().await;
    let cache = Cache::memory();
    db.account("nguoi").await;
    for _ in 0..5 {
        assert_eq!(attempt(&db, &cache, "nguoi", "sai", ELSEWHERE).await, SignIn::Refused, "the first are free");
    }
    let slowed = slowed(&db, &cache, "nguoi").await;
    assert!(slowed >= Duration::from_secs(1) && slowed <= Duration::from_secs(300), "{slowed:?}");
    assert!(is_welcome(&attempt(&db, &cache, "nguoi", PASSWORD, HERE).await), "the same account from elsewhere");
    assert_eq!(attempt(&db, &cache, "khac", "sai", ELSEWHERE).await, SignIn::Refused, "another account from there");
}

#[tokio::test]
async fn the_right_password_is_never_refused_at_a_known_place() {
    let db = TestDb::sqlite().await;
    let cache = Cache::memory();
    db.account("nguoi").await;
    let SignIn::Welcome { device, .. } = attempt(&db, &cache, "nguoi", PASSWORD, HERE).await else { panic!("not in") };
    // Somebody in the same office, and somebody with many addresses.
    for _ in 0..8 {
        attempt(&db, &cache, "nguoi", "sai", HERE).await;
    }
    let mut throttled = 0;
    for address in 0..120 {
        let outcome = attempt(&db, &cache, "nguoi", "sai", &format!("203.0.113.{address}")).await;
        throttled += usize::from(is_throttled(&outcome));
    }
    assert!(throttled > 0, "guesses from everywhere slow down");
    assert!(is_welcome(&attempt(&db, &cache, "nguoi", PASSWORD, HERE).await), "known by its address");
    let own = Place { address: "2001:db8::1", device: Some(&device) };
    let at_home = sign_in::sign_in(&db.db, &cache, "nguoi", PASSWORD, own).await.unwrap();
    assert!(
        matches!(&at_home, SignIn::Welcome { device: same, .. } if *same == device),
        "known by its browser: {at_home:?}"
    );
}

#[tokio::test]
async fn a_hundred_failures_of_one_address_keep_nobody_out_who_is_known_there() {
    let db = TestDb::sqlite().await;
    let cache = Cache::memory();
    db.account("nguoi").await;
    assert!(is_welcome(&attempt(&db, &cache, "nguoi", PASSWORD, HERE).await));
    for name in 0..101 {
        assert_eq!(attempt(&db, &cache, &format!("ten{name}"), "sai", HERE).await, SignIn::Refused);
    }
    let mut throttled = 0;
    for name in 0..20 {
        throttled += usize::from(is_throttled(&attempt(&db, &cache, &format!("ten{name}"), "sai", HERE).await));
    }
    assert!(throttled > 0, "one password tried on everybody");
    assert!(is_welcome(&attempt(&db, &cache, "nguoi", PASSWORD, HERE).await));
}

#[tokio::test]
async fn attempts_at_the_same_moment_all_count() {
    let db = TestDb::sqlite().await;
    let cache = Cache::memory();
    let attempts = (0..20).map(|_| attempt(&db, &cache, "nguoi", "sai", HERE));
    let outcomes = futures::future::join_all(attempts).await;
    let looked_at = outcomes.iter().filter(|outcome| **outcome == SignIn::Refused).count();
    assert!((6..=8).contains(&looked_at), "{looked_at}");
}

#[tokio::test]
async fn sign_ins_refusals_and_sign_outs_are_in_the_log() {
    on_both(async |db| {
        let cache = Cache::memory();
        let (tenant, account) = (db.tenant("a").await, db.account("nguoi").await);
        db.member(tenant, account, Role::Inspector, None).await;
        attempt(&db, &cache, "nguoi", PASSWORD, HERE).await;
        slowed(&db, &cache, "nguoi").await;
        attempt(&db, &cache, "nguoi", "sai", ELSEWHERE).await;
        sign_in::signed_out(&db.db, account, false, HERE).await.unwrap();
        let tx = db.db.read(&caller(tenant, &[Role::TenantAdmin])).await.unwrap();
        let entries = audit::list(&tx, 0).await.unwrap();
        let about = entries.iter().rev().filter(|entry| entry.subject_kind == "account");
        let told: Vec<_> = about.map(|entry| (entry.action.as_str(), entry.account_name.as_str())).collect();
        let (own, system) = ("Người dùng nguoi", "Hệ thống");
        assert_eq!(told.first(), Some(&("account.sign_in", own)));
        assert_eq!(told.last(), Some(&("account.sign_out", own)));
        let count = |entry| told.iter().filter(|told| **told == entry).count();
        assert!(count(("account.refuse", system)) >= 6, "{told:?}");
        assert!(count(("account.slow", system)) >= 1 && count(("account.slow", system)) <= 2, "{told:?}");
        assert!(entries.iter().any(|entry| entry.detail["address"] == ELSEWHERE));
        assert_eq!(audit::verify(&tx).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_session_that_has_ended_lets_nobody_in_whatever_a_cache_tells() {
    on_both(async |db| {
        let (tenant, account) = (db.tenant("a").await, db.account("nguoi").await);
        db.member(tenant, account, Role::Inspector, None).await;
        let sessions = Sessions::database(&db.db);
        let stored = StoredSession {
            account: Some(account),
            data: String::new(),
            expires_at: OffsetDateTime::now_utc() + time::Duration::HOUR,
        };
        sessions.create("id", &stored).await.unwrap();
        let known = async || sign_in::caller_of(&db.db, account, tenant, Some("id")).await.unwrap();
        assert!(known().await.is_some());
        let other = db.account("khac").await;
        assert_eq!(sign_in::caller_of(&db.db, other, tenant, Some("id")).await.unwrap(), None, "somebody else's");
        sessions.delete("id").await.unwrap();
        assert_eq!(known().await, None);
    })
    .await;
}

#[tokio::test]
async fn sessions_of_a_disabled_account_do_not_live_again() {
    on_both(async |db| {
        let (tenant, account) = (db.tenant("a").await, db.account("nguoi").await);
        db.member(tenant, account, Role::Inspector, None).await;
        let sessions = Sessions::database(&db.db);
        let expires_at = OffsetDateTime::now_utc() + time::Duration::HOUR;
        for (id, owner) in [("mine", account), ("other", db.account("khac").await)] {
            let stored = StoredSession { account: Some(owner), data: String::new(), expires_at };
            sessions.create(id, &stored).await.unwrap();
        }
        db.as_app("UPDATE accounts SET disabled_at = '2025-01-01T00:00:00Z' WHERE login = 'nguoi'").await.unwrap();
        db.as_app("UPDATE accounts SET disabled_at = NULL WHERE login = 'nguoi'").await.unwrap();
        assert_eq!(sessions.load("mine").await.unwrap(), None);
        assert_eq!(sign_in::caller_of(&db.db, account, tenant, Some("mine")).await.unwrap(), None);
        assert!(sessions.load("other").await.unwrap().is_some());
    })
    .await;
}

#[tokio::test]
async fn a_role_that_ended_opens_nothing() {
    on_both(async |db| {
        let (tenant, account) = (db.tenant("a").await, db.account("nguoi").await);
        db.member(tenant, account, Role::Inspector, None).await;
        assert!(sign_in::caller_of(&db.db, account, tenant, None).await.unwrap().is_some());
        db.tamper("UPDATE members SET valid_to = '2025-01-01T00:00:00Z'").await;
        assert_eq!(sign_in::caller_of(&db.db, account, tenant, None).await.unwrap(), None);
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

/// Of this process: what it holds now, and the most it ever held, in KiB.
fn memory(what: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(what)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn four_hundred_attempts_at_once_cost_one_buffer() {
    let db = TestDb::sqlite().await;
    let cache = Cache::memory();
    db.account("nguoi").await;
    let before = memory("VmRSS");
    let addresses: Vec<String> = (0..400).map(|at| format!("10.0.{}.{}", at / 250, at % 250)).collect();
    let attempts = addresses.iter().map(|address| attempt(&db, &cache, "khongai", "sai", address));
    let outcomes = futures::future::join_all(attempts).await;
    assert!(outcomes.iter().any(is_throttled), "strangers do not wait without end");
    let grown = memory("VmHWM").saturating_sub(before);
    println!("{} MB more at the most", grown / 1024);
    assert!(grown < 40 * 1024, "{} MB", grown / 1024);
}
