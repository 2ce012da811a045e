//! Files through the real routes: what is refused and leaves nothing, what they are called, how they come back.
#![allow(clippy::unwrap_used)]

use crate::common;

use app::maintenance::look_of_tenant;
use axum::body::Body;
use axum::http::header::{ACCEPT, CONTENT_TYPE, RANGE};
use axum::http::{HeaderValue, Method, StatusCode};
use common::authority::{Authority, PASSWORD, login};
use common::{Answer, Service, ours};
use serde_json::Value as Json;
use tenants::caller::{Grant, Role};
use tenants::ids::AccountId;
use tenants::testing::PDF;
use tenants::{Caller, evidence, files};

struct Desk {
    service: Service,
    here: Authority,
    clerk: String,
}

impl Desk {
    async fn open() -> Desk {
        let service = Service::start().await;
        let here = Authority::create(&service.app, "mot").await;
        let clerk = service.sign_in(&login("mot", Role::UnitEditor), PASSWORD).await;
        Desk { service, here, clerk }
    }

    fn path(&self) -> String {
        format!("/lam-viec/phieu/{}/chi-so/1.1", self.here.sheet)
    }

    /// A form of files and texts, as a browser sends it.
    async fn attach(&self, files: &[(&str, &[u8])], texts: &[(&str, &str)]) -> Answer {
        let mut body = Vec::new();
        for (name, bytes) in files {
            let head = format!("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
            body.extend([head.as_bytes(), bytes, b"\r\n"].concat());
        }
        for (name, text) in texts {
            let part = format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n");
            body.extend(part.into_bytes());
        }
        body.extend(b"--x--\r\n");
        let request = ours(Method::POST, &format!("{}/tlkc", self.path()), Some(&self.clerk));
        let mut request = request.header(ACCEPT, "application/json").body(Body::from(body)).unwrap();
        request.headers_mut().insert(CONTENT_TYPE, "multipart/form-data; boundary=x".parse().unwrap());
        self.service.send(request).await
    }

    async fn piece(&self, bytes: Vec<u8>, whole: Option<&str>) -> Answer {
        let mut request = ours(Method::POST, &format!("{}/phan", self.path()), Some(&self.clerk));
        if let Some(whole) = whole {
            request = request.header(files::WHOLE, whole);
        }
        // Without a declared length, as a client that streams.
        let stream = futures::stream::iter([Ok::<_, std::io::Error>(bytes)]);
        let mut request = request.body(Body::from_stream(stream)).unwrap();
        // Bytes, as a browser sends them: no form.
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
        self.service.send(request).await
    }

    async fn get(&self, path: &str, range: Option<&str>) -> Answer {
        let mut request = ours(Method::GET, path, Some(&self.clerk));
        if let Some(range) = range {
            request = request.header(RANGE, range);
        }
        self.service.send(request.body(Body::empty()).unwrap()).await
    }

    /// The evidence of the indicator.
    async fn shown(&self) -> Vec<Json> {
        let row: Json = serde_json::from_str(&self.get(&self.path(), None).await.body).unwrap();
        row["evidence"].as_array().unwrap().clone()
    }

    /// Files of the authority in the store, half-received ones too.
    fn stored(&self) -> usize {
        let folder = self.service.app.config.data.join("evidence").join(self.here.tenant.to_string());
        std::fs::read_dir(folder).map_or(0, Iterator::count)
    }

    /// Bytes of pieces on all shelves: folders beside the authority's.
    fn shelves(&self) -> u64 {
        let folders = std::fs::read_dir(self.service.app.config.data.join("evidence")).unwrap().flatten();
        let shelves = folders.filter(|folder| folder.file_name() != *self.here.tenant.to_string());
        let pieces = shelves.flat_map(|shelf| std::fs::read_dir(shelf.path()).unwrap().flatten());
        pieces.map(|piece| piece.metadata().unwrap().len()).sum()
    }

    async fn allow(&self, bytes: u64) {
        let grants = vec![Grant { role: Role::PeriodManager, unit: None }];
        let manager = Caller { account: Some(AccountId::new()), grants, ..Caller::citizen(self.here.tenant) };
        let tx = self.service.app.db.begin(&manager).await.unwrap();
        evidence::set_quota(&tx, bytes).await.unwrap();
        tx.commit().await.unwrap();
    }
}

/// A document of so many bytes.
fn large(length: usize, mark: u8) -> Vec<u8> {
    let mut bytes = b"%PDF-1.4\n%".to_vec();
    bytes.resize(length - PDF.len(), mark);
    bytes.push(b'\n');
    bytes.extend(&PDF[9..]);
    bytes
}

#[tokio::test]
async fn what_nobody_could_open_is_refused_in_words_and_leaves_nothing() {
    let desk = Desk::open().await;
    let before = desk.stored();
    for (name, bytes, words) in [
        ("khoa.pdf", &include_bytes!("../../tenants/tests/files/encrypted.pdf")[..], "mật khẩu"),
        ("cut.pdf", include_bytes!("../../tenants/tests/files/truncated.pdf"), "cắt cụt"),
        ("rong.pdf", include_bytes!("../../tenants/tests/files/zero-pages.pdf"), "không có trang"),
        ("cut.png", b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR", "cắt cụt"),
        ("cut.jpg", b"\xff\xd8\xff\xe0\0\x04ab\xff\xda\0\x02drawn", "cắt cụt"),
        ("hong.docx", b"PK\x03\x04 ...", "bị hỏng"),
        ("trang.pdf", b"<html>", "Chỉ nhận PDF"),
    ] {
        let refused = desk.attach(&[(name, bytes)], &[]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}: {}", refused.body);
        assert!(refused.body.contains(words), "{name}: {}", refused.body);
    }
    let dated = desk.attach(&[("a.pdf", PDF)], &[("issued_on", "31/13/2025")]).await;
    assert_eq!(dated.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", dated.body);
    let unknown = desk.here.tenant.to_string();
    let stranger = desk.attach(&[("a.pdf", PDF)], &[("replaces", &unknown), ("replace_reason", "x")]).await;
    assert_eq!(stranger.status, StatusCode::NOT_FOUND);
    assert_eq!(desk.stored(), before, "a refused file leaves nothing behind");
    let late = [&b"\n\n   "[..], PDF].concat();
    assert_eq!(desk.attach(&[("muon.pdf", &late)], &[]).await.status, StatusCode::OK, "a header may begin late");
}

/// Stored before anybody looked into what came in: it is looked into once, and what does not open is said wherever it is
/// listed.
#[tokio::test]
async fn a_file_from_before_is_looked_into_once_and_marked() {
    let desk = Desk::open().await;
    let (app, tenant) = (&desk.service.app, desk.here.tenant);
    assert_eq!(desk.attach(&[("tot.pdf", PDF)], &[]).await.status, StatusCode::OK);
    let cut = include_bytes!("../../tenants/tests/files/truncated.pdf");
    let stream = futures::stream::once(std::future::ready(Ok(bytes::Bytes::from_static(cut))));
    let stored = app.blobs.put(tenant, stream, 1 << 20).await.unwrap();
    let grants = vec![Grant { role: Role::UnitEditor, unit: Some(desk.here.unit) }];
    let editor = Caller { account: Some(AccountId::new()), grants, ..Caller::citizen(tenant) };
    let tx = app.db.begin(&editor).await.unwrap();
    let source = evidence::Source::File(files::StoredFile {
        sha256: stored.sha256.clone(),
        length: stored.length,
        media_type: "application/pdf".into(),
        name: "cut.pdf".into(),
        scan: files::Scan::Unasked,
    });
    evidence::attach(&tx, desk.here.sheet, "1.1", evidence::Attach::of(source)).await.unwrap();
    tx.commit().await.unwrap();
    let look = async || look_of_tenant(&app.db, &app.blobs, &app.worker, tenant, 50).await.unwrap();
    assert_eq!(look().await, [(stored.sha256, files::Unreadable::CutShort)]);
    assert_eq!(look().await, [], "once");
    let marks = desk.shown().await.into_iter().map(|item| (item["name"].clone(), item["unreadable"].clone()));
    let marked: Vec<_> = marks.filter(|(_, mark)| !mark.is_null()).collect();
    assert_eq!(marked, [("cut.pdf".into(), "cut_short".into())]);
    let page = desk.get(&format!("/lam-viec/phieu/{}/1", desk.here.sheet), None).await;
    assert!(page.body.contains("bị cắt cụt, không mở được"), "{}", page.body);
}

#[tokio::test]
async fn a_name_keeps_its_ending_and_says_what_the_file_is() {
    let desk = Desk::open().await;
    let long = format!("{}.pdf", "a".repeat(300));
    for (sent, kept) in
        [(long.as_str(), format!("{}.pdf", "a".repeat(196))), ("x.exe", "x.pdf".into()), ("CON", "_CON.pdf".into())]
    {
        let bytes = large(PDF.len() + 40 + sent.len(), b'n');
        let answer = desk.attach(&[(sent, &bytes)], &[]).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        let item = desk.shown().await.into_iter().find(|item| item["name"] == kept.as_str());
        let id = item.unwrap_or_else(|| panic!("{sent} is not kept as {kept}"))["id"].as_str().unwrap().to_owned();
        let download = desk.get(&format!("/lam-viec/tlkc/{id}"), None).await;
        assert!(download.header("content-disposition").ends_with(".pdf"), "{sent}");
    }
}

#[tokio::test]
async fn files_sent_together_all_arrive_and_a_card_says_its_day() {
    let desk = Desk::open().await;
    let before = desk.shown().await.len();
    let (one, two) = (large(700, b'1'), large(700, b'2'));
    let both = desk.attach(&[("mot.pdf", &one), ("hai.pdf", &two)], &[("issued_on", "31/12/2025")]).await;
    assert_eq!(both.status, StatusCode::OK, "{}", both.body);
    let shown = desk.shown().await;
    assert_eq!(shown.len(), before + 2, "{shown:?}");
    let dated = shown.iter().filter(|item| item["card"]["issued_on"].to_string().contains("2025"));
    assert_eq!(dated.count(), 2, "{shown:?}");
    let again = desk.attach(&[("mot lần nữa.pdf", &one)], &[]).await;
    assert!(again.status == StatusCode::UNPROCESSABLE_ENTITY && again.body.contains("đã đính kèm"), "{}", again.body);
    let id = shown.iter().find(|item| item["name"] == "mot.pdf").unwrap()["id"].as_str().unwrap().to_owned();
    let corrected = desk
        .service
        .post(&format!("{}/tlkc/{id}/the", desk.path()), "number=9/BC&issued_on=1.2.2026", Some(&desk.clerk))
        .await;
    assert!(corrected.status.is_redirection(), "{}", corrected.body);
    let item = desk.shown().await.into_iter().find(|item| item["id"] == id.as_str()).unwrap();
    assert_eq!(item["card"]["number"], "9/BC");
    let course = desk.get(&format!("{}/qua-trinh", desk.path()), None).await;
    assert!(course.body.contains("Sửa thông tin tài liệu") && course.body.contains("01/02/2026"), "{}", course.body);
}

#[tokio::test]
async fn pieces_fill_no_more_than_what_may_still_be_brought() {
    let desk = Desk::open().await;
    desk.allow(64 << 20).await;
    let full = large(60 << 20, b'f');
    assert_eq!(desk.attach(&[("day.pdf", &full)], &[]).await.status, StatusCode::OK);
    let stored = desk.stored();
    let piece = |mark: u8| vec![mark; 512 * 1024];
    assert_eq!(desk.piece(piece(0), None).await.status, StatusCode::BAD_REQUEST, "how long the whole is must be said");
    let said = desk.piece(piece(0), Some("8388608")).await;
    assert_eq!(said.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", said.body);
    let lied = desk.piece(piece(0), Some("10")).await;
    assert_eq!(lied.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", lied.body);
    for mark in 0..130 {
        let sent = desk.piece(piece(mark), Some("1048576")).await;
        assert_eq!(sent.status, StatusCode::OK, "{}", sent.body);
    }
    assert!(desk.shelves() <= 60 << 20, "{}", desk.shelves());
    let beyond = desk.attach(&[("them.pdf", &large(5 << 20, b'g'))], &[]).await;
    assert_eq!(beyond.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", beyond.body);
    assert_eq!(desk.stored(), stored, "what was refused is gone");
}

#[tokio::test]
async fn a_file_comes_back_whole_or_in_the_part_asked_for() {
    let desk = Desk::open().await;
    desk.attach(&[("a.pdf", PDF)], &[]).await;
    let shown = desk.shown().await;
    let id = shown.iter().find(|item| item["name"] == "a.pdf").unwrap()["id"].as_str().unwrap().to_owned();
    let path = format!("/lam-viec/tlkc/{id}");
    let length = PDF.len();
    let check = async |range: Option<&str>, status: u16, about: String, bytes: &[u8]| {
        let answer = desk.get(&path, range).await;
        assert_eq!((answer.status.as_u16(), answer.header("content-range")), (status, about.as_str()), "{range:?}");
        assert_eq!(answer.bytes, bytes, "{range:?}");
        assert_eq!(answer.header("cache-control"), "no-store");
    };
    check(None, 200, String::new(), PDF).await;
    check(Some("bytes=0-4"), 206, format!("bytes 0-4/{length}"), &PDF[..5]).await;
    check(Some("bytes=-6"), 206, format!("bytes {}-{}/{length}", length - 6, length - 1), &PDF[length - 6..]).await;
    check(Some("bytes=0-1,3-4"), 200, String::new(), PDF).await;
    check(Some("bytes=99999-"), 416, format!("bytes */{length}"), b"").await;
}

#[tokio::test]
async fn nothing_behind_the_sign_in_is_kept_by_a_browser() {
    let desk = Desk::open().await;
    let sheet = desk.here.sheet;
    for path in [
        "/lam-viec".to_owned(),
        format!("/lam-viec/phieu/{sheet}"),
        format!("/lam-viec/phieu/{sheet}/1"),
        format!("/lam-viec/phieu/{sheet}/ho-so.zip"),
        format!("/lam-viec/phieu/{sheet}/bieu.xlsx"),
        desk.path(),
        "/lam-viec/khong-co".to_owned(),
        format!("/lam-viec/phieu/{}", desk.here.tenant),
        "/dang-nhap".to_owned(),
    ] {
        let answer = desk.get(&path, None).await;
        assert_eq!(answer.header("cache-control"), "no-store", "{path}: {}", answer.status);
    }
    let signed_out = desk.service.get(&format!("/lam-viec/phieu/{sheet}")).await;
    assert_eq!(signed_out.header("cache-control"), "no-store", "the way to the sign-in page");
}
