//! The cache behaves alike in process and in Redis, and a Redis in trouble is only a slower one.

use std::convert::Infallible;
use std::net::TcpListener;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use bytes::Bytes;
use tenants::cache::Cache;
use tenants::testing::{redis, redis_cli};

const MINUTE: Duration = Duration::from_secs(60);

async fn on_both(test: impl AsyncFn(Cache)) {
    test(Cache::memory()).await;
    let server = redis();
    test(Cache::redis(&server.url).unwrap()).await;
}

fn bytes(text: &'static str) -> Bytes {
    Bytes::from_static(text.as_bytes())
}

#[tokio::test]
async fn values_are_kept_replaced_and_forgotten() {
    on_both(async |cache| {
        assert_eq!(cache.get("key").await, None);
        cache.set("key", bytes("one"), MINUTE).await;
        cache.set("key", bytes("two"), MINUTE).await;
        assert_eq!(cache.get("key").await, Some(bytes("two")));
        cache.remove("key").await;
        assert_eq!(cache.get("key").await, None);
        cache.set("key", bytes("three"), Duration::from_secs(1)).await;
        tokio::time::sleep(Duration::from_millis(1100)).await;
        assert_eq!(cache.get("key").await, None);
        assert!(cache.ping().await);
    })
    .await;
}

#[tokio::test]
async fn counters_count_and_forget_themselves() {
    on_both(async |cache| {
        let second = Duration::from_secs(1);
        assert_eq!(cache.add("count", 1, MINUTE).await, 1);
        assert_eq!(cache.add("count", 2, MINUTE).await, 3);
        assert_eq!(cache.add("count", -1, MINUTE).await, 2);
        cache.remove("count").await;
        assert_eq!(cache.add("count", 1, second).await, 1);
        tokio::time::sleep(Duration::from_millis(600)).await;
        assert_eq!(cache.add("count", 1, second).await, 2);
        tokio::time::sleep(Duration::from_millis(600)).await;
        assert_eq!(cache.add("count", 1, second).await, 1, "the window is not prolonged by use");
    })
    .await;
}

#[tokio::test]
async fn a_value_asked_for_by_many_is_made_once() {
    on_both(async |cache| {
        let made = AtomicU32::new(0);
        let make = || async {
            made.fetch_add(1, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(50)).await;
            Ok::<_, Infallible>(bytes("page"))
        };
        let answers = futures::future::join_all((0..50).map(|_| cache.get_or_make("key", MINUTE, make()))).await;
        assert!(answers.into_iter().all(|answer| answer.unwrap() == bytes("page")));
        assert_eq!(made.load(Ordering::SeqCst), 1);
        assert_eq!(cache.get("key").await, Some(bytes("page")));
        cache.remove("key").await;
        cache.get_or_make("key", MINUTE, make()).await.unwrap();
        assert_eq!(made.load(Ordering::SeqCst), 2, "what was removed is made again");
    })
    .await;
}

#[tokio::test]
async fn a_failure_is_not_kept() {
    on_both(async |cache| {
        let failed = cache.get_or_make("key", MINUTE, async { Err::<Bytes, _>("no") }).await;
        assert_eq!(*failed.unwrap_err(), "no");
        let second = cache.get_or_make("key", MINUTE, async { Ok::<_, &str>(bytes("yes")) }).await;
        assert_eq!(second.unwrap(), bytes("yes"));
    })
    .await;
}

#[tokio::test]
async fn redis_may_go_away_and_come_back_flushed() {
    let mut server = redis();
    let cache = Cache::redis(&server.url).unwrap();
    cache.set("key", bytes("value"), MINUTE).await;
    redis_cli(&server, &["FLUSHALL"]);
    assert_eq!(cache.get("key").await, None);
    server.stop();
    check_without_redis(&cache).await;
}

#[tokio::test]
async fn a_redis_that_never_answers_is_a_miss() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let cache = Cache::redis(&format!("redis://{}", silent.local_addr().unwrap())).unwrap();
    check_without_redis(&cache).await;
}

async fn check_without_redis(cache: &Cache) {
    cache.set("key", bytes("value"), MINUTE).await;
    assert_eq!(cache.get("key").await, None);
    let made = cache.get_or_make("key", MINUTE, async { Ok::<_, Infallible>(bytes("made")) }).await;
    assert_eq!(made.unwrap(), bytes("made"));
    assert_eq!(cache.add("count", 1, MINUTE).await, 1);
    assert_eq!(cache.add("count", 1, MINUTE).await, 2, "limits hold without Redis");
    assert!(!cache.ping().await);
}

#[tokio::test]
async fn rubbish_under_our_key_is_a_miss() {
    let server = redis();
    let cache = Cache::redis(&server.url).unwrap();
    redis_cli(&server, &["RPUSH", "thuoc:key", "rubbish"]);
    assert_eq!(cache.get("key").await, None);
    redis_cli(&server, &["SET", "thuoc:count", "rubbish"]);
    assert_eq!(cache.add("count", 1, MINUTE).await, 1);
    cache.set("other", bytes("value"), MINUTE).await;
    assert_eq!(cache.get("other").await, Some(bytes("value")), "the rest goes on");
}

#[tokio::test]
async fn what_somebody_else_wrote_is_a_miss_and_made_anew() {
    let server = redis();
    let cache = Cache::redis(&server.url).unwrap();
    let poisons: [&[&str]; 6] = [
        &["SET", "thuoc:page", "<h1>Nothing of ours</h1>"],
        &["SET", "thuoc:page", ""],
        &["APPEND", "thuoc:page", "more"],
        &["SETRANGE", "thuoc:page", "20", "X"],
        &["COPY", "thuoc:other", "thuoc:page", "REPLACE"],
        &["HSET", "thuoc:page", "field", "value"],
    ];
    for poison in poisons {
        cache.remove("page").await;
        cache.set("page", bytes("the page as it was rendered"), MINUTE).await;
        cache.set("other", bytes("another page"), MINUTE).await;
        if poison[0] == "HSET" {
            redis_cli(&server, &["DEL", "thuoc:page"]);
        }
        redis_cli(&server, poison);
        assert_eq!(cache.get("page").await, None, "{poison:?}");
        let made = cache.get_or_make("page", MINUTE, async { Ok::<_, Infallible>(bytes("anew")) }).await;
        assert_eq!(made.unwrap(), bytes("anew"), "{poison:?}");
        assert_eq!(cache.get("page").await, Some(bytes("anew")), "{poison:?}");
    }
}

#[tokio::test]
async fn a_counter_somebody_else_set_holds_nobody_up_for_ever() {
    let server = redis();
    let cache = Cache::redis(&server.url).unwrap();
    for poison in
        [["SET", "thuoc:count", "1000000"], ["SET", "thuoc:count", "rubbish"], ["LPUSH", "thuoc:count", "list"]]
    {
        redis_cli(&server, &["DEL", "thuoc:count"]);
        redis_cli(&server, &poison);
        cache.add("count", 1, MINUTE).await;
        assert!(cache.add("count", 1, MINUTE).await <= 2, "{poison:?}");
        cache.remove("count").await;
    }
}
