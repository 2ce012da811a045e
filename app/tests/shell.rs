//! What every request passes through: sessions, refusals in words, headers, assets.
#![allow(clippy::unwrap_used)]

use crate::common;

use axum::body::Body;
use axum::http::header::{ACCEPT, ACCEPT_ENCODING, COOKIE, HOST, ORIGIN, SET_COOKIE};
use axum::http::{Method, Request, StatusCode};
use common::{Service, ours};
use tenants::store::operator::{self, NewAccount, NewTenant};
use time::macros::date;

const PASSWORD: &str = "mat-khau-thu";

/// A service with one tenant whose administrator can sign in as `admin`.
async fn with_admin() -> Service {
    let service = Service::start().await;
    let db = &service.app.db;
    let tenant = NewTenant {
        parent: None,
        slug: "thu".into(),
        name: "Tỉnh Thử".into(),
        short_name: "Thử".into(),
        is_sample: true,
        valid_from: date!(2020 - 01 - 01),
    };
    let tenant = operator::create_tenant(db, tenant).await.unwrap();
    let account =
        NewAccount {
            login: "admin".into(), display_name: "Quản trị".into(), email: None, password: PASSWORD.into()
        };
    let account = operator::create_account(db, account).await.unwrap();
    operator::appoint_admin(db, tenant, account).await.unwrap();
    service
}

#[tokio::test]
async fn signing_in_renews_the_id_and_signing_out_ends_it() {
    let service = with_admin().await;
    let before = service.sign_in("admin", PASSWORD).await;
    let answer = service.post("/dang-nhap", &format!("login=admin&password={PASSWORD}"), Some(&before)).await;
    assert_eq!(answer.location(), "/lam-viec");
    let cookie = answer.cookie();
    assert_ne!(cookie, before);
    let old = service.send(ours(Method::GET, "/lam-viec", Some(&before)).body(Body::empty()).unwrap()).await;
    assert_eq!(old.status, StatusCode::SEE_OTHER);
    let set = answer.headers[SET_COOKIE].to_str().unwrap();
    assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax"), "{set}");

    let desk = service.send(ours(Method::GET, "/lam-viec", Some(&cookie)).body(Body::empty()).unwrap()).await;
    assert_eq!(desk.status, StatusCode::OK);
    assert!(desk.body.contains("Tỉnh Thử") && desk.body.contains("Quản trị"));

    service.post("/dang-xuat", "", Some(&cookie)).await;
    let desk = service.send(ours(Method::GET, "/lam-viec", Some(&cookie)).body(Body::empty()).unwrap()).await;
    assert_eq!((desk.status, desk.location()), (StatusCode::SEE_OTHER, "/dang-nhap?tiep=/lam-viec"));
}

#[tokio::test]
async fn signing_out_everywhere_ends_every_session() {
    let service = with_admin().await;
    let (here, there) = (service.sign_in("admin", PASSWORD).await, service.sign_in("admin", PASSWORD).await);
    service.post("/lam-viec/dang-xuat-moi-noi", "", Some(&here)).await;
    for cookie in [here, there] {
        let desk = service.send(ours(Method::GET, "/lam-viec", Some(&cookie)).body(Body::empty()).unwrap()).await;
        assert_eq!(desk.status, StatusCode::SEE_OTHER);
    }
}

#[tokio::test]
async fn whoever_fails_too_often_is_told_when_to_come_again() {
    let service = with_admin().await;
    for _ in 0..20 {
        let answer = service.post("/dang-nhap", "login=admin&password=sai", None).await;
        if answer.status == StatusCode::UNPROCESSABLE_ENTITY {
            continue;
        }
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
        let seconds: u64 = answer.header("retry-after").parse().unwrap();
        assert!(
            (1..=300).contains(&seconds) && answer.body.contains(&format!("đợi {seconds} giây")),
            "{}",
            answer.body
        );
        return;
    }
    panic!("not slowed down");
}

#[tokio::test]
async fn what_a_page_of_somebody_else_sends_is_not_taken() {
    let service = with_admin().await;
    let cookie = service.sign_in("admin", PASSWORD).await;
    let request = ours(Method::GET, "/lam-viec", Some(&cookie)).header(ACCEPT, "application/json");
    let request = request.header(tenants::sheets::VIEWER, "018f0000-0000-7000-8000-000000000000");
    let answer = service.send(request.body(Body::empty()).unwrap()).await;
    assert!(answer.status == StatusCode::UNAUTHORIZED && answer.body.contains("signed-out"), "{}", answer.body);
}

#[tokio::test]
async fn a_form_from_another_site_is_refused() {
    let service = with_admin().await;
    let cookie = service.sign_in("admin", PASSWORD).await;
    let foreign =
        Request::post("/dang-xuat").header(COOKIE, &cookie).header(HOST, "ours").header(ORIGIN, "http://evil");
    let answer = service.send(foreign.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.body.contains("Yêu cầu bị từ chối"));
    let desk = service.send(ours(Method::GET, "/lam-viec", Some(&cookie)).body(Body::empty()).unwrap()).await;
    assert_eq!(desk.status, StatusCode::OK);
}

#[tokio::test]
async fn a_failure_of_ours_shows_a_code_and_nothing_else() {
    let service = with_admin().await;
    let cookie = service.sign_in("admin", PASSWORD).await;
    let file = service.app.config.data.join("thuoc.sqlite");
    break_sessions(&file);
    for json in [false, true] {
        let mut request = ours(Method::GET, "/lam-viec", Some(&cookie));
        if json {
            request = request.header(ACCEPT, "application/json");
        }
        let answer = service.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{}", answer.body);
        let code = answer.header("x-request-id");
        assert!(code.len() == 8 && answer.body.contains(&format!("mã {code}")), "{}", answer.body);
        for inner in ["sqlx", "sqlite", "SELECT", "no such table", "sessions", ".rs", "Backend", "Internal", "panicked"]
        {
            assert!(!answer.body.contains(inner), "{inner} in {}", answer.body);
        }
    }
}

/// Takes the sessions table away under the running service.
fn break_sessions(file: &std::path::Path) {
    let sql = "import sqlite3,sys; sqlite3.connect(sys.argv[1]).execute('ALTER TABLE sessions RENAME TO gone')";
    let done = std::process::Command::new("python3").args(["-c", sql]).arg(file).status().unwrap();
    assert!(done.success());
}

#[tokio::test]
async fn refusals_of_the_framework_are_in_words_too() {
    let service = Service::start().await;
    let malformed = service.post("/dang-nhap", "login=only", None).await;
    assert_eq!(malformed.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(malformed.body.contains("Yêu cầu không hợp lệ") && !malformed.body.contains("missing field"));
    let wrong_method = service.post("/ngon-ngu/vi", "", None).await;
    assert_eq!(wrong_method.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(wrong_method.body.contains("Yêu cầu không hợp lệ"));
    let large = service.post("/dang-nhap", &"x".repeat(2 << 20), None).await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(large.body.contains("quá lớn"));
    let json = Request::get("/khong/co").header(ACCEPT, "application/json").body(Body::empty()).unwrap();
    let json: serde_json::Value = serde_json::from_str(&service.send(json).await.body).unwrap();
    assert_eq!(json["error"]["kind"], "not-found");
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let service = Service::with(|config| config.public_url = Some("https://a.example".into())).await;
    for path in ["/dang-nhap", "/khong/co", "/healthz", "/assets/khong-co"] {
        let answer = service.get(path).await;
        assert!(answer.header("content-security-policy").contains("script-src 'self' 'wasm-unsafe-eval';"), "{path}");
        assert!(!answer.header("content-security-policy").contains("unsafe-inline"));
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert!(answer.header("strict-transport-security").contains("max-age"), "{path}");
    }
}

#[tokio::test]
async fn the_language_is_chosen_by_cookie() {
    let service = Service::start().await;
    let chosen = service.get("/ngon-ngu/en").await;
    let request = Request::get("/dang-nhap").header(COOKIE, chosen.cookie()).body(Body::empty()).unwrap();
    let page = service.send(request).await;
    assert!(page.body.contains("<html lang=\"en\">") && page.body.contains("Sign in"));
    assert_eq!(service.get("/ngon-ngu/xx").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn assets_are_compressed_and_kept_for_ever() {
    let service = Service::start().await;
    let address = service.app.assets.address("public.css").to_owned();
    let plain = service.get(&address).await;
    assert_eq!(plain.status, StatusCode::OK);
    assert!(plain.header("cache-control").contains("immutable") && plain.body.contains("@layer"));
    let request = Request::get(&address).header(ACCEPT_ENCODING, "gzip, br").body(Body::empty()).unwrap();
    assert_eq!(service.send(request).await.header("content-encoding"), "br");
}

#[tokio::test]
async fn readiness_names_the_parts() {
    let service = Service::start().await;
    let answer = service.get("/readyz").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.body, r#"{"database":"up","cache":"up","files":"up","scanner":"off"}"#);
    assert_eq!(service.get("/healthz").await.body, "ok");
}
