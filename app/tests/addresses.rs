//! Addresses and fields as nobody honest sends them: none leads to another host, none is a failure of ours.
#![allow(clippy::unwrap_used)]

use crate::common;

use app::server;
use axum::body::Body;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, HOST, REFERER};
use common::authority::{Authority, PASSWORD, login};
use common::{Service, ours};
use tenants::caller::Role;
use tenants::testing::TestDb;

const ELSEWHERE: [&str; 10] = [
    "//evil.example",
    "https://evil.example/",
    "/%09/evil.example",
    "/%0A/evil.example",
    "/%0D%0A/evil.example",
    "/%5Cevil.example",
    "/%5C/evil.example",
    "%09//evil.example",
    "/%20/evil.example",
    "/%C2%A0/evil.example",
];

#[tokio::test]
async fn signing_in_leads_to_no_other_host() {
    let service = Service::start().await;
    Authority::create(&service.app, "mot").await;
    for target in ELSEWHERE {
        let form = format!("login={}&password={PASSWORD}&tiep={target}", login("mot", Role::UnitEditor));
        let answer = service.post("/dang-nhap", &form, None).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/lam-viec"), "{target}");
    }
}

#[tokio::test]
async fn choosing_a_language_leads_to_no_other_host() {
    let service = Service::start().await;
    for before in
        ["http://a//evil.example", "http://a/\t/evil.example", "http://a/\\evil.example", "http://evil.example/x"]
    {
        let request = axum::http::Request::get("/ngon-ngu/en").header(HOST, "a").header(REFERER, before);
        let answer = service.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.location(), "/", "{before}");
    }
}

/// Everything the site map holds, with a NUL in every part that may vary, in the query, in a form and in JSON.
#[tokio::test]
async fn a_nul_is_no_failure_of_ours_wherever_it_stands() {
    let db = TestDb::postgres().await;
    let url = db.settings().url.clone();
    let service = Service::with(|config| config.database_url = Some(url)).await;
    let authority = Authority::create(&service.app, "mot").await;
    let cookie = service.sign_in(&login("mot", Role::TenantAdmin), PASSWORD).await;
    let mut asked = 0;
    // Signing out would let the rest pass by the door.
    let stays = |route: &app::site::Route| !route.path.contains("dang-xuat");
    for route in server::site(&service.app).routes.into_iter().filter(stays) {
        let in_path = with_parts(route.path, "a%00b");
        let there = route.path.replace("{tenant}", authority.slug).replace("{sheet}", &authority.sheet.to_string());
        let there = with_parts(&there, "1");
        let sent = [
            (in_path, "application/x-www-form-urlencoded", "a=b".to_owned()),
            (format!("{there}?nam=%00&tu=%00&tiep=/%00&muc=%00"), "application/x-www-form-urlencoded", String::new()),
            (
                there.clone(),
                "application/x-www-form-urlencoded",
                "login=%00&password=%00&reason=%00&name=%00".to_owned(),
            ),
            (there.clone(), "application/json", r#"{"source":"\u0000","code":"\u0000"}"#.to_owned()),
            (there, "multipart/form-data; boundary=x", multipart("reason", "a\0b")),
        ];
        for (path, kind, body) in sent {
            let mut request = ours(route.method.clone(), &path, Some(&cookie));
            request.headers_mut().unwrap().insert(CONTENT_TYPE, kind.parse().unwrap());
            let answer = service.send(request.body(Body::from(body)).unwrap()).await;
            assert!(!answer.status.is_server_error(), "{} {path} ({kind}): {}", route.method, answer.status);
            asked += 1;
        }
    }
    assert!(asked > 500, "{asked}");
    assert_eq!(service.get("/%00").await.status, StatusCode::NOT_FOUND);
    assert_eq!(service.post("/dang-nhap", "login=%00&password=x", None).await.status, StatusCode::BAD_REQUEST);
}

fn with_parts(path: &str, part: &str) -> String {
    let parts = path.split('/').map(|known| if known.starts_with('{') { part } else { known });
    parts.collect::<Vec<_>>().join("/")
}

fn multipart(name: &str, text: &str) -> String {
    format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n--x--\r\n")
}
