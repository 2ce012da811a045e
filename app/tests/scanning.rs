//! Files on their way in, through a real virus scanner: clean, infected, too large for it, and while it is down.
#![allow(clippy::unwrap_used)]

use crate::common;

use app::maintenance::scan_tenant;
use app::maintenance_commands;
use axum::body::Body;
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::{Method, StatusCode};
use common::authority::{Authority, PASSWORD, login};
use common::{Answer, Service, ours};
use serde_json::Value as Json;
use tenants::caller::Role;
use tenants::files::scanner::Scanner;
use tenants::testing::{INFECTED, PDF, Server, clamd};

struct Desk {
    service: Service,
    authority: Authority,
    server: Server,
    scanner: Scanner,
    clerk: String,
}

impl Desk {
    async fn open() -> Desk {
        let (server, scanner) = clamd();
        let service = Service::with(|config| config.clamd = Some(scanner.clone())).await;
        let authority = Authority::create(&service.app, "mot").await;
        let clerk = service.sign_in(&login("mot", Role::UnitEditor), PASSWORD).await;
        Desk { service, authority, server, scanner, clerk }
    }

    async fn upload(&self, name: &str, bytes: &[u8]) -> Answer {
        let head = format!(
            "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/pdf\r\n\r\n"
        );
        let body = [head.as_bytes(), bytes, b"\r\n--x--\r\n"].concat();
        let path = format!("/lam-viec/phieu/{}/chi-so/1.1/tlkc", self.authority.sheet);
        let request = ours(Method::POST, &path, Some(&self.clerk)).header(ACCEPT, "application/json");
        let mut request = request.body(Body::from(body)).unwrap();
        request.headers_mut().insert(CONTENT_TYPE, "multipart/form-data; boundary=x".parse().unwrap());
        self.service.send(request).await
    }

    /// What is said of the scan of each file of the indicator, and its id.
    async fn scans(&self) -> Vec<(String, String, String)> {
        let path = format!("/lam-viec/phieu/{}/chi-so/1.1", self.authority.sheet);
        let request = ours(Method::GET, &path, Some(&self.clerk)).body(Body::empty()).unwrap();
        let row: Json = serde_json::from_str(&self.service.send(request).await.body).unwrap();
        let text = |value: &Json| value.as_str().unwrap().to_owned();
        let files = row["evidence"].as_array().unwrap().iter().filter(|item| item["length"].is_u64());
        files.map(|item| (text(&item["name"]), text(&item["scan"]), text(&item["id"]))).collect()
    }

    async fn get(&self, path: &str, role: Role) -> Answer {
        let cookie = self.service.sign_in(&login("mot", role), PASSWORD).await;
        self.service.send(ours(Method::GET, path, Some(&cookie)).body(Body::empty()).unwrap()).await
    }

    async fn scan(&self, all: bool) -> (usize, usize, usize) {
        let app = &self.service.app;
        let done = scan_tenant(&app.db, &app.blobs, &self.scanner, self.authority.tenant, all, 100).await.unwrap();
        (done.clean, done.infected.len(), done.too_large)
    }
}

#[tokio::test]
async fn a_clean_file_is_taken_and_an_infected_one_is_not() {
    let desk = Desk::open().await;
    assert_eq!(desk.upload("sach.pdf", PDF).await.status, StatusCode::OK);
    let refused = desk.upload("bao-cao.pdf", INFECTED).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("Thuoc.Test") && refused.body.contains("bản gốc"), "{}", refused.body);
    let scans = desk.scans().await;
    assert_eq!(
        scans.iter().map(|(name, scan, _)| (name.as_str(), scan.as_str())).collect::<Vec<_>>(),
        [("sach.pdf", "clean")]
    );
    let inbox = desk.get("/lam-viec/thong-bao", Role::PeriodManager).await;
    assert!(inbox.body.contains("bao-cao.pdf"), "the manager reads of it");
    let log = desk.get("/lam-viec/nhat-ky", Role::Inspector).await;
    assert!(log.body.contains("Cách ly tệp có mã độc"));
    assert!(desk.service.get("/readyz").await.body.contains(r#""scanner":"up""#));
}

#[tokio::test]
async fn while_the_scanner_is_down_files_are_taken_and_scanned_later() {
    let mut desk = Desk::open().await;
    desk.server.stop();
    assert_eq!(desk.upload("sau.pdf", INFECTED).await.status, StatusCode::OK);
    let ready = desk.service.get("/readyz").await;
    assert!(ready.status == StatusCode::OK && ready.body.contains(r#""scanner":"down""#), "{}", ready.body);
    let (_, scan, id) = desk.scans().await.remove(0);
    assert_eq!(scan, "waiting");
    let page = desk.get(&format!("/lam-viec/phieu/{}/1", desk.authority.sheet), Role::Inspector).await;
    assert!(page.body.contains("chưa quét virus"), "whoever reads it is told");
    (desk.server, desk.scanner) = clamd();
    assert_eq!(desk.scan(false).await, (0, 1, 0));
    assert_eq!(desk.scans().await[0].1, "infected");
    let opened = desk.get(&format!("/lam-viec/tlkc/{id}"), Role::Inspector).await;
    assert_eq!(opened.status, StatusCode::CONFLICT, "nobody is served it any more");
    assert!(!opened.body.contains("virus of the tests"));
    assert!(desk.get("/lam-viec/thong-bao", Role::PeriodManager).await.body.contains("sau.pdf"));
    assert_eq!(desk.scan(false).await, (0, 0, 0), "once");
}

#[tokio::test]
async fn a_file_too_large_for_the_scanner_stays_marked_and_is_asked_about_on_demand_only() {
    let desk = Desk::open().await;
    let large = [b"%PDF-1.4\n%".as_slice(), &vec![b'x'; 2 << 20], b"\n", &PDF[9..]].concat();
    assert_eq!(desk.upload("lon.pdf", &large).await.status, StatusCode::OK);
    assert_eq!(desk.scans().await[0].1, "too_large");
    assert_eq!(desk.scan(false).await, (0, 0, 0), "not again every minute");
    assert_eq!(desk.scan(true).await, (0, 0, 1));
}

#[tokio::test]
async fn the_command_line_scans_and_sweeps() {
    let desk = Desk::open().await;
    desk.upload("sach.pdf", PDF).await;
    let config = desk.service.app.config.clone();
    maintenance_commands::scan(config.clone(), true).await.unwrap();
    maintenance_commands::sweep(config.clone(), 24).await.unwrap();
    assert_eq!(desk.scans().await.len(), 1, "what a document names stays");
    let without = app::Config { clamd: None, ..config };
    assert!(maintenance_commands::scan(without, false).await.unwrap_err().to_string().contains("CLAMD"));
}
