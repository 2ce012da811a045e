//! Every route × signed out, every role, every role of another authority. The answers are printed to `access.snap`,
//! which a person can review; a route that is not in the site map cannot be reached, one without a body here fails.
#![allow(clippy::unwrap_used)]

use crate::common;

use std::collections::BTreeMap;
use std::fmt::Write;

use app::server;
use app::site::{Access, Route};
use axum::body::Body;
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::{Method, StatusCode};
use common::authority::{Authority, PASSWORD, login};
use common::later::{self, Later};
use common::{Answer, Service, ours};
use tenants::caller::Role;
use tenants::ids::DutyId;

/// What anybody may ask for. It may only shrink; each new line is a decision.
const OPEN: [&str; 17] = [
    "GET /",
    "GET /dang-nhap",
    "GET /ngon-ngu/{lang}",
    "GET /{tenant}",
    "GET /{tenant}/du-lieu/{year}",
    "GET /{tenant}/du-lieu/{year}/ket-qua.csv",
    "GET /{tenant}/du-lieu/{year}/ket-qua.json",
    "GET /{tenant}/du-lieu/{year}/{group}/{unit}/{code}",
    "GET /{tenant}/phuong-phap/{year}/{group}",
    "GET /{tenant}/so-sanh/{year}/{group}",
    "GET /{tenant}/tim",
    "GET /{tenant}/xep-hang",
    "GET /{tenant}/xep-hang/{year}/{group}",
    "GET /{tenant}/xep-hang/{year}/{group}/{unit}",
    "GET /{tenant}/xep-hang/{year}/{group}/{unit}/{code}",
    "POST /dang-nhap",
    "POST /dang-xuat",
];

/// Acts that nobody can be let into with this test's data, and why. It may only shrink.
const UNREACHED: [(&str, &str); 0] = [];

fn name(route: &Route) -> String {
    format!("{} {}", route.method, route.path)
}

/// An authority with everything its year brings.
struct Place {
    here: Authority,
    later: Later,
}

impl Place {
    async fn create(service: &Service, slug: &'static str) -> Place {
        let here = Authority::create(&service.app, slug).await;
        let later = Later::of(&service.app, &here).await;
        Place { here, later }
    }
}

/// The path for the first authority's things.
fn path(route: &Route, of: &Place) -> String {
    let (here, later) = (&of.here, &of.later);
    let in_appraisal = ["/mo-lai", "{decision}"].iter().any(|end| route.path.ends_with(end));
    let (period, sheet) = if in_appraisal { (later.period, later.sheet) } else { (here.period, here.sheet) };
    let set = match route.path.rsplit('/').next() {
        Some("nguon") => later.copied,
        Some("phe-duyet") => later.proposed[0],
        Some("rut") => later.proposed[1],
        _ => here.set,
    };
    let version = if route.path.ends_with("/quyet-dinh") { later.version } else { here.version };
    let values = [
        ("{period}", period.to_string()),
        ("{sheet}", sheet.to_string()),
        ("{set}", set.to_string()),
        ("{version}", version.to_string()),
        ("{evidence}", here.evidence.to_string()),
        ("{simulation}", here.simulation.to_string()),
        ("{group}", here.group.to_string()),
        ("{task}", later.task.to_string()),
        ("{session}", later.session.to_string()),
        ("{decision}", later.decision.to_string()),
        ("{sample}", later.sample.to_string()),
        ("{code}", "1.1".to_owned()),
        ("{main}", "1".to_owned()),
    ];
    let path = values.iter().fold(route.path.to_owned(), |path, (name, value)| path.replace(name, value));
    assert!(!path.contains('{'), "no value for a part of {path}");
    path
}

/// A body that gets past reading the form, so that the answer is about permission.
fn body(route: &Route, of: &Place, duty: DutyId) -> (&'static str, String) {
    let (of, later) = (&of.here, &of.later);
    const FORM: &str = "application/x-www-form-urlencoded";
    let form = |text: &str| (FORM, text.to_owned());
    match route.path {
        "/lam-viec/co-quan" => form(&format!("tenant={}", of.tenant)),
        "/lam-viec/ky" => form("year=2026&name=N&self_deadline=2027-01-30&publish_deadline=2027-03-31"),
        "/lam-viec/ky/{period}/gia-han" => form(&format!("sheet={}&until=2030-01-01&reason=mot+ly+do", of.sheet)),
        "/lam-viec/ky/{period}/tra-lai" => form(&format!("sheet={}&reason=mot+ly+do", of.sheet)),
        "/lam-viec/ky/{period}/cong-bo" => form("decision_number=1/QD&decision_date=2026-03-20"),
        "/lam-viec/ky/{period}/cham-lai" => form("per=member&count=1"),
        "/lam-viec/cham-lai/{sample}" => form("points=1"),
        "/lam-viec/ky/{period}/hoi-dong" => form(&format!("account={}&kind=member", later.candidate)),
        "/lam-viec/ky/{period}/hoi-dong/bo" => form(&format!("seat={}", later.seat)),
        "/lam-viec/ky/{period}/hoi-dong/thoi" => form(&format!("seat={}&on=2026-01-02&reason=x", later.seat)),
        "/lam-viec/ky/{period}/hoi-dong/quyet-dinh" => multipart(&[("number", "13/QĐ"), ("date", "2026-01-02")]),
        "/lam-viec/ky/{period}/phan-cong" => form(&format!("group={}&account={}", of.group, later.judge)),
        "/lam-viec/ky/{period}/phan-cong/bo" => form(&format!("duty={duty}")),
        "/lam-viec/ky/{period}/han" => form("self_deadline=2030-01-30&publish_deadline=2030-03-31&reason=x"),
        "/lam-viec/ky/{period}/tam-thoi" => form("until=2030-01-01"),
        "/lam-viec/tham-dinh/{sheet}/chi-so/{code}/hoi" => form("text=x&due=2030-01-01"),
        "/lam-viec/tham-dinh/{sheet}/chi-so/{code}/kien-nghi"
        | "/lam-viec/phieu/{sheet}/hoi-dong/{code}/tra-loi"
        | "/lam-viec/phieu/{sheet}/hoi-dong/{code}/kien-nghi" => form("text=x"),
        "/lam-viec/ky/{period}/phien-hop" => form("held_on=2026-02-10&chair=A&secretary=B&present=C"),
        "/lam-viec/ky/phien-hop/{session}" => form("held_on=2026-02-10&chair=A&secretary=B&present=C&revision=1"),
        "/lam-viec/ky/phien-hop/{session}/bieu-quyet" => form("question=x&in_favour=1"),
        "/lam-viec/ky/{period}/ke-hoach" => form("self_from="),
        "/lam-viec/ky/{period}/huong-dan" => multipart(&[("title", "Hướng dẫn"), ("url", "https://example.com/h")]),
        "/lam-viec/ky/{period}/trinh" => form("submitted_number=1&submitted_on=2026-03-01"),
        "/lam-viec/ky/dung-luong" => form("quota=2048"),
        "/lam-viec/ky/{period}/ngay-nghi" => form("day=2030-01-01&day_name=x"),
        "/lam-viec/ky/{period}/ngay-nghi/bo" => form("day=2030-01-01"),
        "/lam-viec/phieu/{sheet}/phan-viec" => form("code=1.1&clerk="),
        "/lam-viec/phieu/{sheet}/chi-so/{code}/trao-doi" => form("text=x"),
        "/lam-viec/thong-bao/thu" => form("daily=false"),
        "/lam-viec/phieu/{sheet}/viec" => form("code=1.1&text=x"),
        "/lam-viec/phieu/{sheet}/viec/{task}" => form("done=true"),
        "/lam-viec/phieu/{sheet}/mo-lai" => form("code=1.1&until=2030-01-01&reason=x"),
        "/lam-viec/phieu/{sheet}/chi-so/{code}/phan" => ("application/octet-stream", "x".to_owned()),
        "/lam-viec/tham-dinh/nhom/{group}/{code}" => form(""),
        "/lam-viec/tham-dinh/{sheet}/chi-so/{code}" => form("decision=accept&revision=0"),
        "/lam-viec/phieu/{sheet}/trinh" => form("signed_name=Nguyen+Van+A"),
        "/lam-viec/phieu/{sheet}/trinh-lanh-dao" => form("note=&despite=1"),
        "/lam-viec/phieu/{sheet}/tra-chuyen-vien" => form("reason=x"),
        "/lam-viec/phieu/{sheet}/bieu" | "/lam-viec/phieu/{sheet}/bieu/ghi" => {
            let filled = r#"{"sheet":"","title":"","rules":"","revisions":{},"was":{},"cells":{}}"#;
            multipart(&[("filled", filled)])
        }
        "/lam-viec/phieu/{sheet}/chi-so/{code}" => form("a=true&revision=0"),
        "/lam-viec/phieu/{sheet}/tra-loi" => {
            let answer = r#"{"code":"1.1","fields":{"a":"true"},"explanation":"","claim":null,"revision":0}"#;
            ("application/json", answer.to_owned())
        }
        "/lam-viec/phieu/{sheet}/chi-so/{code}/tlkc" => {
            multipart(&[("title", "Báo cáo"), ("url", "https://example.com/b")])
        }
        "/lam-viec/bo-chi-so/moi" => multipart(&[("name", "Thu"), ("start", "blank"), ("act", "preview")]),
        "/lam-viec/bo-chi-so/{set}/ma" => form("source=x&revision=999&act=save"),
        "/lam-viec/bo-chi-so/{set}/kiem" => ("application/json", r#"{"source":"x"}"#.to_owned()),
        "/lam-viec/bo-chi-so/{set}/bang" | "/lam-viec/bo-chi-so/{set}/xem" => form("act=up&at=leaf:1.1&revision=999"),
        "/lam-viec/bo-chi-so/{set}/mo-phong" => form(&format!("group={}", of.group)),
        "/lam-viec/bo-chi-so/{set}/nguon" => form("revision=999"),
        "/lam-viec/bo-chi-so/{set}/ban-hanh" => multipart(&[("revision", "999"), ("decision_number", "1")]),
        "/lam-viec/ky/{period}/quy-tac" => {
            form(&format!("group={0}&from={1}&version={1}&reason=x&seen=1", of.group, of.version))
        }
        "/lam-viec/ky/{period}/bo-may" => form("from=1&reason=x&seen=1"),
        "/lam-viec/ky/nhom/{group}/khong-danh-gia" => form("code=1.1&ground=no_function&reason=x"),
        "/lam-viec/ky/{period}/thu-hoi" => form("opinion=x"),
        "/lam-viec/thong-bao"
        | "/lam-viec/ky/{period}/don-vi"
        | "/lam-viec/ky/{period}/xoa"
        | "/lam-viec/ky/{period}/quy-dinh"
        | "/lam-viec/ky/phien-hop/{session}/khoa"
        | "/lam-viec/phieu/{sheet}/rut"
        | "/lam-viec/phieu/{sheet}/rut-trinh"
        | "/lam-viec/phieu/{sheet}/nam-truoc"
        | "/lam-viec/bo-chi-so/hai-nguoi"
        | "/lam-viec/bo-chi-so/{set}/phe-duyet"
        | "/lam-viec/bo-chi-so/{set}/rut"
        | "/lam-viec/phien-ban/{version}/chia-se"
        | "/lam-viec/dang-xuat-moi-noi"
        | "/lam-viec/ky/{period}/hoi-dong/ky-truoc"
        | "/lam-viec/ky/{period}/mo"
        | "/lam-viec/ky/{period}/tham-dinh"
        | "/lam-viec/ky/{period}/ket-luan"
        | "/lam-viec/tham-dinh/{sheet}/cong-nhan"
        | "/lam-viec/phieu/{sheet}/chi-so/{code}/tlkc/{evidence}/the"
        | "/lam-viec/phieu/{sheet}/chi-so/{code}/tlkc/{evidence}/go" => form(""),
        other => panic!("POST {other} has no body in tests/access.rs"),
    }
}

fn multipart(parts: &[(&str, &str)]) -> (&'static str, String) {
    let part = |(name, value): &(&str, &str)| {
        format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let parts: String = parts.iter().map(part).collect();
    ("multipart/form-data; boundary=x", format!("{parts}--x--\r\n"))
}

async fn ask(service: &Service, route: &Route, of: &Place, cookie: Option<&str>) -> Answer {
    let mut request = ours(route.method.clone(), &path(route, of), cookie);
    let mut content = String::new();
    if route.method == Method::POST {
        let duty = later::duty(&service.app, &of.here, of.later.judge).await;
        let (kind, text) = body(route, of, duty);
        request.headers_mut().unwrap().insert(CONTENT_TYPE, kind.parse().unwrap());
        content = text;
    }
    service.send(request.body(Body::from(content)).unwrap()).await
}

/// Signed-in routes. Ending one's own sessions needs nothing but being signed in, and would end them here.
fn guarded(service: &Service) -> Vec<Route> {
    let routes = server::site(&service.app).routes.into_iter();
    routes.filter(|route| route.access == Access::Signed && !route.path.ends_with("/dang-xuat-moi-noi")).collect()
}

async fn cookies(service: &Service, slug: &str) -> Vec<(Role, String)> {
    let mut cookies = Vec::new();
    for role in Role::ALL {
        cookies.push((role, service.sign_in(&login(slug, role), PASSWORD).await));
    }
    cookies
}

#[tokio::test]
async fn only_the_listed_routes_are_open() {
    let service = Service::start().await;
    let open = server::site(&service.app).routes.into_iter().filter(|route| route.access == Access::Open);
    let mut open: Vec<_> = open.map(|route| name(&route)).collect();
    open.sort();
    assert_eq!(open, OPEN);
}

#[tokio::test]
async fn nobody_gets_in_signed_out() {
    let service = Service::start().await;
    let mine = Place::create(&service, "mot").await;
    for route in guarded(&service) {
        let answer = ask(&service, &route, &mine, None).await;
        let to_sign_in = answer.status == StatusCode::SEE_OTHER && answer.location().starts_with("/dang-nhap");
        assert!(to_sign_in || answer.status == StatusCode::UNAUTHORIZED, "{}: {}", name(&route), answer.status);
        let request = ours(route.method.clone(), &path(&route, &mine), None).header(ACCEPT, "application/json");
        let answer = service.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}", name(&route));
    }
}

#[tokio::test]
async fn another_authoritys_things_are_not_found() {
    let service = Service::start().await;
    let mine = Place::create(&service, "mot").await;
    Authority::create(&service.app, "hai").await;
    let strangers = cookies(&service, "hai").await;
    for route in guarded(&service).into_iter().filter(|route| route.path.contains('{')) {
        for (role, cookie) in &strangers {
            let answer = ask(&service, &route, &mine, Some(cookie)).await;
            // A role that may never do this is told so before anything is looked up; nobody learns that it exists.
            let denied = matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::FORBIDDEN);
            assert!(denied, "{} as a stranger's {role:?}: {} {}", name(&route), answer.status, answer.location());
        }
    }
}

#[tokio::test]
async fn each_role_gets_what_is_its_own() {
    let service = Service::start().await;
    let mine = Place::create(&service, "mot").await;
    let people = cookies(&service, "mot").await;
    let mut table = BTreeMap::new();
    for route in guarded(&service) {
        let mut allowed = Vec::new();
        for (role, cookie) in &people {
            let answer = ask(&service, &route, &mine, Some(cookie)).await;
            assert!(!answer.status.is_server_error(), "{} as {role:?}: {}", name(&route), answer.body);
            if !matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::FORBIDDEN) {
                allowed.push(role.as_str());
            }
        }
        // An empty line would say that nobody may, and mean that nothing was reached.
        let unreached = UNREACHED.iter().any(|(unreached, _)| *unreached == name(&route));
        assert_eq!(allowed.is_empty(), unreached, "{}: {allowed:?}", name(&route));
        table.insert(name(&route), allowed);
    }
    let printed = table.iter().fold(String::new(), |mut text, (route, roles)| {
        let roles = if roles.len() == Role::ALL.len() { "everybody".to_owned() } else { roles.join(" ") };
        writeln!(text, "{route}\n    {roles}").unwrap();
        text
    });
    insta::with_settings!({ snapshot_path => ".", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("access", printed);
    });
}
