//! What is left while something underneath is away, and how it comes back.
#![allow(clippy::unwrap_used)]

use crate::common;

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::header::{ACCEPT, RETRY_AFTER};
use axum::http::{Method, StatusCode};
use common::authority::{Authority, PASSWORD, login};
use common::published::{Result, add_unit, publish};
use common::{Answer, Service, ours};
use tenants::caller::Role;
use tenants::testing::{Server, Tap, TestDb, redis, redis_cli};

/// A service on PostgreSQL with a published year, through a way that can be cut.
struct Far {
    service: Service,
    tap: Tap,
    cookie: String,
    _db: TestDb,
}

const RANKING: &str = "/mot/xep-hang/2024/thu";
/// Of an authority nobody has asked for yet; there is none.
const NEVER_SEEN: &str = "/hai/xep-hang/2024/thu";

impl Far {
    async fn start() -> Far {
        let db = TestDb::postgres().await;
        let (tap, settings) = db.tapped();
        let service = Service::with(|config| config.database_url = Some(settings.url)).await;
        let authority = Authority::create(&service.app, "mot").await;
        let unit = add_unit(&service.app, authority.tenant, "u", "Sở Tài chính").await;
        let results = [Result { unit: (unit, "Sở Tài chính"), points: Some("8") }];
        publish(&service.app, authority.tenant, authority.version, 2024, &results).await;
        let cookie = service.sign_in(&login("mot", Role::UnitEditor), PASSWORD).await;
        Far { service, tap, cookie, _db: db }
    }

    async fn staff(&self) -> Answer {
        self.service.page("/lam-viec", &self.cookie).await
    }

    async fn check_away(&self) {
        // Past the second in which a page is answered before anything else, and the two its edition is not asked for.
        tokio::time::sleep(Duration::from_millis(2200)).await;
        let began = Instant::now();
        let staff = self.staff().await;
        assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
        assert_eq!(staff.status, StatusCode::SERVICE_UNAVAILABLE);
        for (path, status) in [(RANKING, 200), (NEVER_SEEN, 503), ("/mot", 303), ("/", 303), ("/healthz", 200)] {
            let began = Instant::now();
            let answer = self.service.get(path).await;
            assert_eq!(answer.status, status, "{path}: {}", answer.body);
            assert!(began.elapsed() < Duration::from_millis(500), "{path}: {:?}", began.elapsed());
        }
        assert!(self.service.get(RANKING).await.body.contains("Sở Tài chính"));
        let began = Instant::now();
        let staff = self.staff().await;
        assert!(began.elapsed() < Duration::from_millis(500), "at once: {:?}", began.elapsed());
        assert!(staff.body.contains("Cơ sở dữ liệu tạm thời không trả lời"), "{}", staff.body);
        assert!(staff.headers.contains_key(RETRY_AFTER));
        let request = ours(Method::GET, "/lam-viec", Some(&self.cookie)).header(ACCEPT, "application/json");
        let json = self.service.send(request.body(Body::empty()).unwrap()).await;
        let json: serde_json::Value = serde_json::from_str(&json.body).unwrap();
        assert_eq!(json["error"]["kind"], "database-away");
        let form = format!("login={}&password={PASSWORD}", login("mot", Role::UnitEditor));
        assert_eq!(self.service.post("/dang-nhap", &form, None).await.status, StatusCode::SERVICE_UNAVAILABLE);
        let began = Instant::now();
        let ready = self.service.get("/readyz").await;
        assert!(ready.status == 503 && ready.body.contains(r#""database":"down","cache":"up""#), "{}", ready.body);
        assert!(began.elapsed() < Duration::from_millis(1500), "{:?}", began.elapsed());
    }

    /// Nobody has to do anything, not even to sign in again.
    async fn check_back(&self) {
        let began = Instant::now();
        while self.staff().await.status != StatusCode::OK {
            assert!(began.elapsed() < Duration::from_secs(10), "not back");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
        assert_eq!(self.service.get(NEVER_SEEN).await.status, StatusCode::NOT_FOUND);
        assert_eq!(self.service.get("/readyz").await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn the_database_may_be_killed_and_come_back() {
    let far = Far::start().await;
    assert_eq!(far.service.get(RANKING).await.status, StatusCode::OK);
    assert_eq!(far.service.get("/").await.status, StatusCode::SEE_OTHER);
    assert_eq!(far.staff().await.status, StatusCode::OK);
    far.tap.cut();
    far.check_away().await;
    far.tap.open();
    far.check_back().await;
}

#[tokio::test]
async fn the_database_may_hang_and_go_on() {
    let far = Far::start().await;
    assert_eq!(far.service.get(RANKING).await.status, StatusCode::OK);
    assert_eq!(far.service.get("/").await.status, StatusCode::SEE_OTHER);
    far.tap.hold();
    far.check_away().await;
    far.tap.open();
    far.check_back().await;
}

/// Whatever Redis does, the person stays signed in, others sign in, and everybody can sign out.
async fn check_redis(trouble: impl AsyncFn(&mut Server)) {
    let mut server = redis();
    let url = server.url.clone();
    let service = Service::with(|config| config.redis_url = Some(url)).await;
    Authority::create(&service.app, "mot").await;
    let cookie = service.sign_in(&login("mot", Role::UnitEditor), PASSWORD).await;
    assert_eq!(service.page("/lam-viec", &cookie).await.status, StatusCode::OK);
    trouble(&mut server).await;
    let page = service.page("/lam-viec", &cookie).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let other = service.sign_in(&login("mot", Role::PeriodManager), PASSWORD).await;
    assert_eq!(service.page("/lam-viec/ky", &other).await.status, StatusCode::OK);
    service.post("/dang-xuat", "", Some(&cookie)).await;
    assert_eq!(service.page("/lam-viec", &cookie).await.status, StatusCode::SEE_OTHER, "signed out");
    service.post("/lam-viec/dang-xuat-moi-noi", "", Some(&other)).await;
    assert_eq!(service.page("/lam-viec", &other).await.status, StatusCode::SEE_OTHER, "signed out everywhere");
    assert_eq!(service.get("/mot").await.status, StatusCode::OK);
}

#[tokio::test]
async fn redis_may_be_killed() {
    check_redis(async |server| server.stop()).await;
}

#[tokio::test]
async fn redis_may_be_flushed() {
    check_redis(async |server| redis_cli(server, &["FLUSHALL"])).await;
}

#[tokio::test]
async fn redis_may_hang() {
    check_redis(async |server| server.freeze()).await;
}

#[tokio::test]
async fn redis_may_be_full_of_rubbish() {
    for poison in ["redis.call('SET', key, 'rubbish')", "redis.call('DEL', key); redis.call('RPUSH', key, 'a', 'b')"] {
        let script = format!("for _, key in ipairs(redis.call('KEYS', 'thuoc:*')) do {poison} end return 1");
        check_redis(async |server| redis_cli(server, &["EVAL", &script, "0"])).await;
    }
}

#[tokio::test]
async fn a_page_somebody_wrote_into_redis_is_shown_to_nobody() {
    let server = redis();
    let url = server.url.clone();
    let service = Service::with(|config| config.redis_url = Some(url)).await;
    let authority = Authority::create(&service.app, "mot").await;
    let unit = add_unit(&service.app, authority.tenant, "u", "Sở Tài chính").await;
    let results = [Result { unit: (unit, "Sở Tài chính"), points: Some("8") }];
    publish(&service.app, authority.tenant, authority.version, 2024, &results).await;
    assert_eq!(service.get(RANKING).await.status, StatusCode::OK);
    let script = "local n = 0 for _, key in ipairs(redis.call('KEYS', 'thuoc:page:*')) do \
                  redis.call('SET', key, '<h1>Nothing of ours</h1>') n = n + 1 end return n";
    redis_cli(&server, &["EVAL", script, "0"]);
    // Another replica, which has rendered nothing yet.
    let (url, database) = (server.url.clone(), service.app.config.data.join("thuoc.sqlite"));
    let replica = Service::with(|config| {
        config.redis_url = Some(url);
        config.database_url = Some(format!("sqlite://{}?mode=rwc", database.display()));
    })
    .await;
    let page = replica.get(RANKING).await;
    assert!(page.status == 200 && page.body.contains("Sở Tài chính") && !page.body.contains("Nothing of ours"));
}

#[tokio::test]
async fn readiness_asks_its_parts_at_the_same_time() {
    let silent: Vec<_> = (0..3).map(|_| std::net::TcpListener::bind("127.0.0.1:0").unwrap()).collect();
    let address = |at: usize| silent[at].local_addr().unwrap();
    let service = Service::with(|config| {
        config.redis_url = Some(format!("redis://{}", address(0)));
        config.s3 = Some(app::config::S3 {
            endpoint: format!("http://{}", address(1)),
            bucket: "x".into(),
            region: "x".into(),
            access_key: "x".into(),
            secret_key: "x".into(),
        });
        config.clamd = tenants::files::scanner::Scanner::parse(&format!("tcp://{}", address(2)));
    })
    .await;
    let began = Instant::now();
    let ready = service.get("/readyz").await;
    assert!(began.elapsed() < Duration::from_millis(1500), "{:?}", began.elapsed());
    assert_eq!(ready.body, r#"{"database":"up","cache":"down","files":"down","scanner":"down"}"#);
    assert_eq!(ready.status, StatusCode::OK, "most pages work without them");
}

/// A copy of the embedded database as it is now.
fn back_up(service: &Service, to: &std::path::Path) {
    let sql = "import sqlite3,sys; sqlite3.connect(sys.argv[1]).execute('VACUUM INTO ?', (sys.argv[2],))";
    let from = service.app.config.data.join("thuoc.sqlite");
    let done = std::process::Command::new("python3").args(["-c", sql]).args([&from, to]).status().unwrap();
    assert!(done.success());
}

#[tokio::test]
async fn after_a_restored_backup_nobody_reads_the_edition_that_is_no_more() {
    let server = redis();
    let url = server.url.clone();
    let first = Service::with(|config| config.redis_url = Some(url.clone())).await;
    let authority = Authority::create(&first.app, "mot").await;
    let unit = add_unit(&first.app, authority.tenant, "u", "Sở Tài chính").await;
    let folder = tempfile::tempdir().unwrap();
    let backup = folder.path().join("backup.sqlite");
    back_up(&first, &backup);
    let edition = async |service: &Service, points| {
        let results = [Result { unit: (unit, "Sở Tài chính"), points: Some(points) }];
        publish(&service.app, authority.tenant, authority.version, 2024, &results).await;
        service.get(RANKING).await.body
    };
    let before = edition(&first, "8").await;
    // The same authority, the same year, the same first revision, another result.
    let restored = Service::with(|config| {
        config.redis_url = Some(url);
        config.database_url = Some(format!("sqlite://{}?mode=rwc", backup.display()));
    })
    .await;
    let after = edition(&restored, "3").await;
    assert!(before.contains("8,00") && after.contains("3,00"), "{after}");
    assert!(!after.contains("8,00"), "of the edition before");
}
