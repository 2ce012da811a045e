//! Servers whose own clocks are a day apart, on one database: everything goes by the database's clock.
#![allow(clippy::unwrap_used)]

use crate::common;

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use app::server;
use app::site::Access;
use axum::http::Method;
use axum::http::header::CONTENT_TYPE;
use common::Service;
use common::authority::{Authority, PASSWORD, login, path};
use tenants::caller::Role;
use tenants::testing::TestDb;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The real program, whose clock is off.
struct Elsewhere {
    child: Child,
    address: String,
    _data: tempfile::TempDir,
}

impl Elsewhere {
    async fn start(database: &str, off: &str) -> Elsewhere {
        let places = std::fs::read_dir("/usr/lib").unwrap().map(|place| place.unwrap().path());
        let mut libraries = places.map(|place| place.join("faketime/libfaketime.so.1"));
        let library = libraries.find(|place| place.exists()).expect("libfaketime is not installed: run scripts/setup");
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let data = tempfile::tempdir().unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_thuoc"))
            .arg("serve")
            .env_clear()
            .env("LD_PRELOAD", library)
            .envs([("FAKETIME", off), ("FAKETIME_DONT_FAKE_MONOTONIC", "1"), ("RUST_LOG", "warn")])
            .envs([("DATABASE_URL", database), ("THUOC_LISTEN", &address)])
            .env("THUOC_DATA", data.path())
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        let began = Instant::now();
        while TcpStream::connect(&address).await.is_err() {
            assert!(began.elapsed() < Duration::from_secs(30), "no server at {address}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Elsewhere { child, address, _data: data }
    }

    /// Status, head and body of an answer.
    async fn ask(&self, request: &str) -> (u16, String, String) {
        let mut connection = TcpStream::connect(&self.address).await.unwrap();
        connection.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        connection.read_to_end(&mut answer).await.unwrap();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), head.to_owned(), body.to_owned())
    }

    async fn page(&self, path: &str, cookie: &str) -> (u16, String) {
        let request = format!("GET {path} HTTP/1.0\r\nHost: a\r\nCookie: {cookie}\r\n\r\n");
        let (status, _, body) = self.ask(&request).await;
        (status, body)
    }

    async fn sign_in(&self, login: &str) -> String {
        let form = format!("login={login}&password={PASSWORD}");
        let request = format!(
            "POST /dang-nhap HTTP/1.0\r\nHost: a\r\nSec-Fetch-Site: same-origin\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            form.len()
        );
        let (status, head, _) = self.ask(&request).await;
        assert_eq!(status, 303, "{head}");
        let cookie = head.split("thuoc=").nth(1).and_then(|rest| rest.split(';').next()).unwrap();
        format!("thuoc={cookie}")
    }
}

impl Drop for Elsewhere {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Every page that is not the same on both servers, by role.
async fn differing(here: &Service, there: &Elsewhere, of: &Authority, role: Role) -> Vec<String> {
    let cookie = here.sign_in(&login("mot", role), PASSWORD).await;
    let routes = server::site(&here.app).routes.into_iter();
    let pages = routes.filter(|route| route.method == Method::GET && route.access == Access::Signed);
    let (mut differing, mut same) = (Vec::new(), 0);
    for path in pages.map(|route| path(&route, of)) {
        let own = here.page(&path, &cookie).await;
        let is_page = own.headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
        if own.status != 200 || !is_page {
            continue;
        }
        let theirs = there.page(&path, &cookie).await;
        if theirs == (200, own.body) {
            same += 1;
        } else {
            differing.push(format!("{role:?} {path}: {}", theirs.0));
        }
    }
    assert!(same + differing.len() > 5, "{role:?} saw {same} pages");
    differing
}

#[tokio::test]
async fn servers_a_day_apart_show_the_same_and_know_the_same_people() {
    let db = TestDb::postgres().await;
    let url = db.settings().url.clone();
    let here = Service::with(|config| config.database_url = Some(url.clone())).await;
    let of = Authority::create(&here.app, "mot").await;
    for off in ["+1d", "-1d"] {
        let there = Elsewhere::start(&url, off).await;
        let cookie = there.sign_in(&login("mot", Role::UnitEditor)).await;
        assert_eq!(here.page("/lam-viec", &cookie).await.status, 200, "signed in at the one whose clock is {off}");
        let mut all = Vec::new();
        for role in [Role::PeriodManager, Role::CouncilChair, Role::UnitEditor, Role::RuleAdmin, Role::CouncilSecretary]
        {
            all.extend(differing(&here, &there, &of, role).await);
        }
        assert!(all.is_empty(), "{off}:\n{}", all.join("\n"));
    }
}
