//! What citizens read: rankings of published years, files that match their hash, pages rendered once and kept.
#![allow(clippy::unwrap_used)]

use crate::common;

use std::io::Read;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use app::page_cache::{self, Body};
use axum::body::Body as Request;
use axum::http::header::{ACCEPT_ENCODING, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use common::authority::Authority;
use common::published::{Result, add_unit, publish};
use common::{Answer, Service};
use sha2::{Digest, Sha256};
use tenants::Caller;
use tenants::caller::{Grant, Role};
use tenants::files::{Scan, StoredFile};
use tenants::ids::{AccountId, UnitId, VersionId};
use time::macros::{date, datetime};

const NAMES: [&str; 5] = ["Sở Tài chính", "Sở Y tế", "Sở Nội vụ", "=Ban Dân tộc", "Thanh tra tỉnh"];
const POINTS_2023: [Option<&str>; 5] = [Some("5"), Some("8"), Some("6"), Some("3"), Some("4")];
const POINTS_2024: [Option<&str>; 5] = [Some("9"), Some("7.5"), Some("7.5"), Some("2"), None];

struct Published {
    service: Service,
    authority: Authority,
    units: Vec<(UnitId, &'static str)>,
}

impl Published {
    async fn two_years() -> Published {
        let service = Service::start().await;
        let authority = Authority::create(&service.app, "mot").await;
        let mut units = Vec::new();
        for (position, name) in NAMES.into_iter().enumerate() {
            units.push((add_unit(&service.app, authority.tenant, &format!("u{position}"), name).await, name));
        }
        let published = Published { service, authority, units };
        published.add_year(2023, &POINTS_2023).await;
        published.add_year(2024, &POINTS_2024).await;
        published
    }

    async fn add_year(&self, year: i32, points: &[Option<&str>]) {
        let results: Vec<_> =
            self.units.iter().zip(points).map(|(unit, points)| Result { unit: *unit, points: *points }).collect();
        publish(&self.service.app, self.authority.tenant, self.authority.version, year, &results).await;
    }

    async fn get(&self, path: &str) -> Answer {
        self.service.get(path).await
    }

    async fn get_with(&self, path: &str, name: axum::http::HeaderName, value: &str) -> Answer {
        self.service.send(axum::http::Request::get(path).header(name, value).body(Request::empty()).unwrap()).await
    }
}

/// The words of a page, without its marks.
fn words(html: &str) -> String {
    let mut inside = false;
    let kept = html.chars().map(|letter| match letter {
        '<' => {
            inside = true;
            ' '
        }
        '>' => {
            inside = false;
            ' '
        }
        _ if inside => ' ',
        letter => letter,
    });
    kept.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn the_ranking_shows_ties_changes_and_units_without_a_rank() {
    let published = Published::two_years().await;
    let newest = published.get("/mot").await;
    assert_eq!(newest.location(), "/mot/xep-hang/2024/thu");
    let page = published.get("/mot/xep-hang/2024/thu").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains("<script"), "a citizens' page holds no script");
    let text = words(&page.body);
    for row in [
        "1 Sở Tài chính xem từng chỉ số",
        "9,00/10 90,00% tăng +40,00",
        "75,00% giảm −5,00",
        "75,00% tăng +15,00",
        "– Thanh tra tỉnh chưa xếp hạng",
        "Quyết định số 5/QĐ-2024 ngày 20/03/2026",
        "Tăng nhiều nhất +40,00",
        "Xếp hạng chuyển đổi số nhóm thử năm 2024",
        "Dữ liệu mẫu",
    ] {
        assert!(text.contains(row), "{row}: {text}");
    }
    assert_eq!(text.matches("2 Sở").count(), 2, "both tied units are second: {text}");
    assert_eq!(text.matches("đồng hạng").count(), 2);
    assert!(text.find("Thanh tra tỉnh") > text.find("=Ban Dân tộc"), "unranked units come last");
}

/// A version of the authority's set whose only formula differs.
async fn another_rule(here: &Published) -> VersionId {
    use tenants::indicator_sets::{self, Draft, Issue};
    let app = &here.service.app;
    let grants = [Role::RuleAdmin].map(|role| Grant { role, unit: None }).to_vec();
    let admin = Caller { account: Some(AccountId::new()), grants, ..Caller::citizen(here.authority.tenant) };
    let tx = app.db.begin(&admin).await.unwrap();
    let draft = indicator_sets::draft(&tx, here.authority.set).await.unwrap();
    let source = draft.source.replace("{ max } else { 0 }", "{ max } else { max / 2 }");
    let revision = indicator_sets::save_draft(&tx, &Draft { source, ..draft }).await.unwrap();
    let (decision_number, decision_date) = ("2/QĐ".into(), date!(2025 - 12 - 02));
    let file = Some(StoredFile {
        sha256: "0".repeat(64),
        length: 4,
        media_type: "application/pdf".into(),
        name: "quyet-dinh.pdf".into(),
        scan: Scan::Unasked,
    });
    let issue = Issue { set_id: here.authority.set, revision, decision_number, decision_date, file };
    let version = indicator_sets::issue(&tx, &app.worker, &issue).await.unwrap().version().unwrap();
    tx.commit().await.unwrap();
    version
}

#[tokio::test]
async fn a_year_under_other_rules_is_not_compared() {
    let mut published = Published::two_years().await;
    published.authority.version = another_rule(&published).await;
    published.add_year(2022, &POINTS_2024).await;
    tokio::time::sleep(Duration::from_millis(2_200)).await;
    let page = published.get("/mot/xep-hang/2023/thu").await;
    let text = words(&page.body);
    assert!(!text.contains("Tăng nhiều nhất") && !text.contains("So với 2022"), "{text}");
    let unit = words(&published.get("/mot/xep-hang/2023/thu/u0").await.body);
    assert!(!unit.contains("Chỉ số năm 2022") && !unit.contains("điểm %"), "{unit}");
    let same = words(&published.get("/mot/xep-hang/2024/thu").await.body);
    assert!(same.contains("So với 2023") && same.contains("+40,00 điểm %"), "{same}");
}

#[tokio::test]
async fn a_unit_nobody_signed_for_is_marked() {
    let published = Published::two_years().await;
    let told = "không tự đánh giá";
    let ranking = words(&published.get("/mot/xep-hang/2024/thu").await.body);
    assert_eq!(ranking.matches(told).count(), NAMES.len(), "{ranking}");
    for path in ["xep-hang/2024/thu/u0", "xep-hang/2024/thu/u0/1.1", "so-sanh/2024/thu?don-vi=u0&don-vi=u1"] {
        let page = words(&published.get(&format!("/mot/{path}")).await.body);
        assert!(page.contains(told), "{path}: {page}");
    }
}

#[tokio::test]
async fn a_unit_is_explained_down_to_its_indicators() {
    let published = Published::two_years().await;
    let page = published.get("/mot/xep-hang/2024/thu/u0").await;
    let text = words(&page.body);
    for told in [
        "Hạng 1/4",
        "Chỉ số năm 2023 50,00%",
        "Ý kiến của Hội đồng: Theo biên bản",
        "Điểm mạnh nhất so với trung vị của nhóm: 1. Chỉ số một (+15,00 điểm phần trăm)",
        "Xếp dưới: Sở",
    ] {
        assert!(text.contains(told), "{told}: {text}");
    }
    assert!(!text.contains("Xếp trên:"), "nobody stands above the first");
    let absent = published.get("/mot/xep-hang/2024/thu/khong-co").await;
    assert_eq!(absent.status, StatusCode::NOT_FOUND);
    let unpublished = published.get("/mot/xep-hang/2025/thu").await;
    assert_eq!(unpublished.status, StatusCode::NOT_FOUND, "2025 is still open");
}

#[tokio::test]
async fn the_json_file_hashes_to_the_published_code_and_the_csv_opens_harmlessly() {
    let published = Published::two_years().await;
    let json = published.get("/mot/du-lieu/2024/ket-qua.json").await;
    let hash: String = Sha256::digest(json.body.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    let about = published.get("/mot/du-lieu/2024").await;
    assert!(about.body.contains(&hash), "{hash} is not on {}", words(&about.body));

    let csv = published.get("/mot/du-lieu/2024/ket-qua.csv").await;
    assert!(csv.header("content-type").starts_with("text/csv"));
    let text = csv.body.strip_prefix('\u{feff}').expect("Excel needs the mark");
    let mut lines = text.lines();
    assert!(lines.next().unwrap().starts_with("nam,nhom,ma_don_vi,don_vi,hang,chi_so_phan_tram"));
    assert!(lines.next().unwrap().starts_with("2024,Nhóm thử,u0,Sở Tài chính,1,90.00,1.1,"), "{text}");
    assert!(text.contains(",'=Ban Dân tộc,"), "{text}");
    assert!(text.contains(",Thanh tra tỉnh,,,1.1,Có A,10.00,not_applicable,"), "{text}");
    assert_eq!(text.lines().count(), 6);
}

/// What is kept is not what was published: citizens are not shown it, and are told why.
#[tokio::test]
async fn a_result_that_does_not_match_its_code_is_not_shown() {
    let published = Published::two_years().await;
    let url = published.service.app.config.database_url();
    let sql = "UPDATE publications SET content = replace(content, 'Sở Tài chính', 'Sở Y tế') WHERE decision_number LIKE '%2024'";
    tenants::testing::tamper_sqlite(&url, sql).await;
    for address in
        ["xep-hang/2024/thu", "xep-hang/2024/thu/u0", "du-lieu/2024/ket-qua.json", "du-lieu/2024", "so-sanh/2024/thu"]
    {
        let page = published.get(&format!("/mot/{address}")).await;
        assert_eq!(page.status, StatusCode::INTERNAL_SERVER_ERROR, "{address}");
        assert!(words(&page.body).contains("không khớp mã xác thực khi công bố"), "{address}: {}", words(&page.body));
    }
    assert_eq!(published.get("/mot/xep-hang/2023/thu").await.status, StatusCode::OK, "another year is not touched");
}

#[tokio::test]
async fn days_in_files_are_days() {
    let published = Published::two_years().await;
    let told = published.get("/mot/du-lieu/2024/thu/u0/1.1").await;
    let told: serde_json::Value = serde_json::from_str(&told.body).unwrap();
    let day = told["rules"]["decision_date"].as_str().unwrap_or_default();
    assert!(day.len() == 10 && day.starts_with("20") && day.matches('-').count() == 2, "{}", told["rules"]);
}

#[tokio::test]
async fn a_closing_slash_leads_to_the_page_and_every_page_has_its_heading() {
    let published = Published::two_years().await;
    for address in ["/mot", "/mot/xep-hang/2024/thu", "/mot/du-lieu/2024", "/lam-viec", "/dang-nhap"] {
        let answer = published.get(&format!("{address}/")).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::MOVED_PERMANENTLY, address));
    }
    let quiet = Authority::create(&published.service.app, "lang").await;
    assert_ne!(quiet.tenant, published.authority.tenant);
    let pages = ["/lang", "/mot/xep-hang/2024/thu", "/mot/xep-hang/2024/thu/u0", "/mot/xep-hang/2024/thu/u0/1.1"];
    let more = ["/mot/phuong-phap/2024/thu", "/mot/so-sanh/2024/thu", "/mot/du-lieu/2024", "/mot/tim?q=so", "/"];
    for address in pages.into_iter().chain(more) {
        let page = published.get(address).await;
        assert_eq!((page.status, page.body.matches("<h1").count()), (StatusCode::OK, 1), "{address}");
    }
}

#[tokio::test]
async fn names_are_found_without_accents_and_at_most_four_units_stand_side_by_side() {
    let published = Published::two_years().await;
    let found = published.get("/mot/tim?q=so%20tai%20chinh").await;
    assert!(found.body.contains("href=\"/mot/xep-hang/2024/thu/u0\""), "{}", words(&found.body));
    assert!(!found.body.contains("thu/u1\""));
    for words in ["S%E1%BB%9F%20T%C3%A0i-ch%C3%ADnh", "so%20tc", "S%C6%A1%CC%89%20Ta%CC%80i%20chi%CC%81nh"] {
        let found = published.get(&format!("/mot/tim?q={words}")).await;
        assert!(found.body.contains("href=\"/mot/xep-hang/2024/thu/u0\""), "{words}");
    }
    let spelled = published.get("/mot/tim?q=%EF%BB%BFS%C6%A1%CC%89%E2%80%8B").await;
    assert!(spelled.body.contains("value=\"S\u{1edf}\""), "typed in pieces, kept in one: {}", spelled.body);
    let nothing = published.get("/mot/tim?q=khong%20co").await;
    assert!(words(&nothing.body).contains("Không tìm thấy đơn vị"));

    let two = published.get("/mot/so-sanh/2024/thu?don-vi=u3&don-vi=u0").await;
    assert!(words(&two.body).contains("Chỉ số 90,00% 20,00% Hạng 1 4"), "{}", words(&two.body));
    let all = published.get("/mot/so-sanh/2024/thu?don-vi=u0&don-vi=u1&don-vi=u2&don-vi=u3&don-vi=u4").await;
    assert!(words(&all.body).contains("tối đa bốn đơn vị; đang hiển thị"));
    assert!(words(&all.body).contains("Chỉ số 90,00% 75,00% 75,00% 20,00% Hạng"));
}

#[tokio::test]
async fn a_year_without_the_group_shows_its_first_one() {
    let published = Published::two_years().await;
    let same = published.get("/mot/xep-hang?nam=2023&nhom=thu").await;
    assert_eq!(same.location(), "/mot/xep-hang/2023/thu");
    let other = published.get("/mot/xep-hang?nam=2023&nhom=khac").await;
    assert_eq!(other.location(), "/mot/xep-hang/2023/thu");
    assert_eq!(published.get("/mot/xep-hang?nam=2020&nhom=thu").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_kept_page_is_sent_compressed_or_not_at_all() {
    let published = Published::two_years().await;
    let path = "/mot/xep-hang/2024/thu";
    let plain = published.get(path).await;
    let tag = plain.header("etag").to_owned();
    let appended = published.get(&format!("{path}?fbclid=x")).await;
    assert_eq!(appended.header("etag"), tag, "the same page, whatever is appended");
    for held in [tag.clone(), format!("\"khac\", {tag}"), tag.trim_start_matches("W/").to_owned()] {
        let known = published.get_with(path, IF_NONE_MATCH, &held).await;
        assert_eq!((known.status, known.body.len()), (StatusCode::NOT_MODIFIED, 0), "{held}");
    }
    let changed = published.get_with(path, IF_NONE_MATCH, "\"khac\"").await;
    assert_eq!(changed.status, StatusCode::OK);
    let refused = published.get_with(path, ACCEPT_ENCODING, "br;q=0, gzip;q=0").await;
    assert_eq!((refused.header("content-encoding"), refused.body == plain.body), ("", true));

    let mut request =
        axum::http::Request::get(path).header(ACCEPT_ENCODING, "gzip, br").body(Request::empty()).unwrap();
    request.extensions_mut().insert(axum::extract::ConnectInfo(std::net::SocketAddr::from(([127, 0, 0, 1], 4000))));
    let answer = tower::ServiceExt::oneshot(app::server::service(&published.service.app), request).await.unwrap();
    assert_eq!(answer.headers()["content-encoding"], "br");
    let bytes = http_body_util::BodyExt::collect(answer.into_body()).await.unwrap().to_bytes();
    let mut opened = String::new();
    brotli::Decompressor::new(bytes.as_ref(), 4096).read_to_string(&mut opened).unwrap();
    assert_eq!(opened, plain.body);
}

#[tokio::test]
async fn many_who_ask_at_once_wait_for_one_rendering() {
    let published = Published::two_years().await;
    let app = &published.service.app;
    let portal = page_cache::portal(app, "mot").await.unwrap();
    let made = AtomicUsize::new(0);
    let asked = (0..50).map(|_| async {
        let make = async {
            made.fetch_add(1, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(20)).await;
            Ok(Body::Page("trang".into()))
        };
        page_cache::send(app, &portal, "/mot/thu", &HeaderMap::new(), make).await.unwrap().status()
    });
    let answers = futures::future::join_all(asked).await;
    assert!(answers.iter().all(|status| *status == StatusCode::OK));
    assert_eq!(made.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_new_publication_is_seen_within_seconds() {
    let published = Published::two_years().await;
    assert_eq!(published.get("/mot").await.location(), "/mot/xep-hang/2024/thu");
    published.service.app.db.clock.set(datetime!(2027-03-25 08:00 +7));
    published.add_year(2026, &POINTS_2023).await;
    tokio::time::sleep(Duration::from_millis(2_200)).await;
    assert_eq!(published.get("/mot").await.location(), "/mot/xep-hang/2026/thu");
    let earlier = published.get("/mot/xep-hang/2024/thu").await;
    assert!(words(&earlier.body).contains("Năm 2026"), "the year's select knows of it");
}

#[tokio::test]
async fn a_page_from_the_front_is_the_answer_the_layers_gave() {
    let published = Published::two_years().await;
    let path = "/mot/xep-hang/2024/thu";
    let [mut worked_out, kept] = [published.get(path).await, published.get(path).await];
    assert!(worked_out.headers.remove("x-request-id").is_some());
    // On the wire the server adds the length itself.
    worked_out.headers.remove("content-length");
    assert!(kept.header("content-security-policy").contains("default-src 'self'"));
    assert_eq!((&kept.body, kept.headers.len()), (&worked_out.body, worked_out.headers.len()));
    for (name, value) in &worked_out.headers {
        assert_eq!(kept.headers.get(name), Some(value), "{name}");
    }
    let english = published.get_with(path, axum::http::header::COOKIE, "lang=en").await;
    assert!(english.body.contains("<html lang=\"en\""), "each language has its own");
    assert!(published.get(path).await.body.contains("<html lang=\"vi\""));
}

#[tokio::test]
async fn anybody_reads_how_a_score_came_about_and_nobody_is_named() {
    let here = Published::two_years().await;
    let page = here.get("/mot/xep-hang/2024/thu/u0/1.1").await;
    assert_eq!(page.status, StatusCode::OK);
    let words = words(&page.body);
    assert!(words.contains("9,00/10") && words.contains("Hội đồng thẩm định"), "{words}");
    let data = here.get("/mot/du-lieu/2024/thu/u0/1.1").await;
    let told: serde_json::Value = serde_json::from_str(&data.body).unwrap();
    assert_eq!((told["unit"].as_str(), told["appraised"]["points"].as_str()), (Some("Sở Tài chính"), Some("9.00")));
    assert!(told["entered"].is_null(), "nobody signed it, so it is not published");
    for path in ["2022/thu/u0/1.1", "2024/hai/u0/1.1", "2024/thu/u9/1.1", "2024/thu/u0/9.9"] {
        assert_eq!(here.get(&format!("/mot/du-lieu/{path}")).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}
