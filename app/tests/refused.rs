//! Every form of the site map, refused: the person is led back to the page it stood on, and what was typed is there. No form
//! ends on a page that says no and nothing else.
#![allow(clippy::unwrap_used)]

use crate::common;

use std::collections::BTreeSet;

use app::server;
use app::site::{Access, Route};
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, HOST, REFERER};
use axum::http::{Method, StatusCode};
use common::authority::{Authority, PASSWORD, login};
use common::{Answer, Service, ours};
use tenants::caller::Role;
use tenants::ids::CouncilSessionId;
use tenants::minutes::{self, Written};
use tenants::store::sign_in;
use tenants::testing::tamper_sqlite;
use tenants::{Caller, year};

/// What a person typed: no use case takes it for a number or a day.
const TYPED: &str = "Lời đã gõ 731";

/// The same in the letters of .VnTime.
const OLD: &str = "KÕ ho¹ch chuyÓn ®æi sè";

/// Forms that no use case refuses here for what was typed. It may only shrink; each line says why.
const NEVER_REFUSED: [(&str, &str); 22] = [
    ("/lam-viec/nguoi-dung/{account}/bo-gioi-han", "one button; whoever is not there is not found"),
    ("/lam-viec/nguoi-dung/{account}/khoa", "one button; whoever is not there is not found"),
    ("/lam-viec/nguoi-dung/{account}/mo", "one button; whoever is not there is not found"),
    ("/lam-viec/nguoi-dung/{account}/vai-tro", "chooses among roles; one that is not there is not found"),
    ("/lam-viec/nguoi-dung/{account}/vai-tro/thoi", "one button; a role that is not there is not found"),
    ("/lam-viec/thong-bao", "marks what is there as read"),
    ("/lam-viec/thong-bao/thu", "either choice is right"),
    ("/lam-viec/co-quan", "an authority one does not work for is not there"),
    ("/lam-viec/ky/{period}/quy-dinh", "boxes alone, open until the council has concluded"),
    ("/lam-viec/ky/{period}/hoi-dong/bo", "one button; a seat that is not there is not found"),
    ("/lam-viec/ky/{period}/phan-cong", "chooses among people; who is not there is not found"),
    ("/lam-viec/ky/{period}/phan-cong/bo", "one button; a duty that is not there is not found"),
    ("/lam-viec/phieu/{sheet}/phan-viec", "chooses among people; who is not there is not found"),
    ("/lam-viec/tham-dinh/nhom/{group}/{code}", "one button; accepts what there is to accept"),
    ("/lam-viec/bo-chi-so/hai-nguoi", "one box"),
    ("/lam-viec/bo-chi-so/{set}/mo-phong", "chooses among what there is; what is not there is not found"),
    ("/lam-viec/bo-chi-so/{set}/nguon", "chooses among what there is; what is not there is not found"),
    ("/lam-viec/bo-chi-so/{set}/phe-duyet", "one button; without a proposal not found"),
    ("/lam-viec/bo-chi-so/{set}/rut", "one button; without a proposal not found"),
    ("/lam-viec/phien-ban/{version}/chia-se", "one button"),
    ("/lam-viec/phieu/{sheet}/viec/{task}", "one button"),
    ("/lam-viec/cham-lai/{sample}", "drawn by chance from decided rows; its page comes back by itself"),
];

/// Sent by scripts, which read JSON and keep their page.
const BY_SCRIPTS: [&str; 3] =
    ["/lam-viec/phieu/{sheet}/tra-loi", "/lam-viec/phieu/{sheet}/chi-so/{code}/phan", "/lam-viec/bo-chi-so/{set}/kiem"];

struct Here {
    service: Service,
    authority: Authority,
    session: Option<CouncilSessionId>,
    cookies: Vec<(Role, String)>,
}

impl Here {
    async fn new() -> Here {
        let service = Service::start().await;
        let authority = Authority::create(&service.app, "mot").await;
        // Opened before the engine that there is now.
        tamper_sqlite(&service.app.config.database_url(), "UPDATE periods SET engine = '1'").await;
        let mut cookies = Vec::new();
        for role in Role::ALL {
            cookies.push((role, service.sign_in(&login("mot", role), PASSWORD).await));
        }
        Here { service, authority, session: None, cookies }
    }

    /// The council at work, with minutes begun.
    async fn appraise(&mut self) {
        let chair = self.stored(Role::CouncilChair).await;
        let tx = self.service.app.db.begin(&self.stored(Role::PeriodManager).await).await.unwrap();
        year::start_appraisal(&tx, self.authority.period).await.unwrap();
        tx.commit().await.unwrap();
        let tx = self.service.app.db.begin(&chair).await.unwrap();
        let written = Written {
            held_on: tx.now().date(),
            place: String::new(),
            chair: "A".into(),
            secretary: "B".into(),
            present: "C".into(),
            absent: String::new(),
            proceedings: String::new(),
            conclusion: String::new(),
        };
        self.session = Some(minutes::open(&tx, self.authority.period, &written).await.unwrap());
        tx.commit().await.unwrap();
    }

    async fn stored(&self, role: Role) -> Caller {
        let app = &self.service.app;
        let place = sign_in::Place { address: "test", device: None };
        let found = sign_in::sign_in(&app.db, &app.cache, &login("mot", role), PASSWORD, place).await.unwrap();
        let sign_in::SignIn::Welcome { account, .. } = found else { panic!("no account for {role:?}") };
        sign_in::caller_of(&app.db, account, self.authority.tenant, None).await.unwrap().unwrap()
    }

    fn path(&self, pattern: &str) -> String {
        let of = &self.authority;
        let values = [
            ("{period}", of.period.to_string()),
            ("{sheet}", of.sheet.to_string()),
            ("{set}", of.set.to_string()),
            ("{version}", of.version.to_string()),
            ("{evidence}", of.evidence.to_string()),
            ("{group}", of.group.to_string()),
            ("{account}", of.leaver.to_string()),
            ("{session}", self.session.map_or_else(|| of.tenant.to_string(), |id| id.to_string())),
            ("{task}", of.tenant.to_string()),
            ("{sample}", of.tenant.to_string()),
            ("{code}", "1.1".to_owned()),
        ];
        values.iter().fold(pattern.to_owned(), |path, (name, value)| path.replace(name, value))
    }

    /// The fields of a form that will be refused, one of them holding what was typed; and whether it takes files.
    fn form(&self, pattern: &str) -> (Vec<(&'static str, String)>, bool) {
        let of = &self.authority;
        let t = || TYPED.to_owned();
        let id = of.tenant.to_string();
        let files = pattern.ends_with("/huong-dan")
            || pattern.ends_with("/quyet-dinh")
            || pattern.ends_with("/ban-hanh")
            || pattern.ends_with("/tlkc")
            || pattern.ends_with("/bieu")
            || pattern.ends_with("/bieu/ghi")
            || pattern.ends_with("/bo-chi-so/moi");
        let fields = match pattern {
            "/lam-viec/co-quan" => vec![("tenant", id)],
            "/lam-viec/mat-khau" => vec![("old", "sai".into()), ("password", "x".into()), ("again", "y".into())],
            "/lam-viec/nguoi-dung" => vec![
                ("name", t()),
                ("login", "x y".into()),
                ("email", "x".into()),
                ("role", "publisher".into()),
                ("unit", String::new()),
            ],
            "/lam-viec/nguoi-dung/{account}/vai-tro" => vec![("role", "x".into()), ("unit", String::new())],
            "/lam-viec/nguoi-dung/{account}/vai-tro/thoi" => vec![("member", id)],
            "/lam-viec/don-vi" => vec![
                ("name", t()),
                ("short_name", String::new()),
                ("official_code", String::new()),
                ("kind", "agency".into()),
                ("valid_from", "x".into()),
                ("parent", String::new()),
            ],
            "/lam-viec/don-vi/nhap" => vec![("text", t()), ("act", "save".into())],
            "/lam-viec/ky" => vec![("year", t()), ("name", t()), ("self_deadline", t()), ("publish_deadline", t())],
            "/lam-viec/thong-bao/thu" => vec![("daily", "false".into())],
            "/lam-viec/ky/dung-luong" => vec![("quota", t())],
            "/lam-viec/ky/{period}/ke-hoach" => vec![("self_from", t())],
            "/lam-viec/ky/{period}/huong-dan" => vec![("title", t()), ("url", "x".into())],
            "/lam-viec/ky/{period}/trinh" => vec![("submitted_number", t()), ("submitted_on", "x".into())],
            "/lam-viec/ky/{period}/ngay-nghi" => vec![("day", "x".into()), ("day_name", t())],
            "/lam-viec/ky/{period}/ngay-nghi/bo" => vec![("day", t())],
            "/lam-viec/ky/{period}/han" => {
                vec![("self_deadline", "x".into()), ("publish_deadline", "x".into()), ("reason", t())]
            }
            "/lam-viec/ky/{period}/gia-han" => {
                vec![("sheet", of.sheet.to_string()), ("until", "x".into()), ("reason", t())]
            }
            "/lam-viec/ky/{period}/tra-lai" => vec![("sheet", of.sheet.to_string()), ("reason", t())],
            "/lam-viec/ky/{period}/thu-hoi" => vec![("opinion", t())],
            "/lam-viec/ky/{period}/cong-bo" => vec![("decision_number", t()), ("decision_date", "x".into())],
            "/lam-viec/ky/{period}/tam-thoi" => vec![("until", t())],
            "/lam-viec/ky/{period}/cham-lai" => vec![("per", "member".into()), ("count", t())],
            "/lam-viec/ky/{period}/hoi-dong" => {
                vec![("account", id), ("kind", "member".into()), ("field", format!("{TYPED} {OLD}"))]
            }
            "/lam-viec/ky/{period}/hoi-dong/bo" => vec![("seat", id)],
            "/lam-viec/ky/{period}/hoi-dong/thoi" => vec![("seat", id), ("on", "x".into()), ("reason", t())],
            "/lam-viec/ky/{period}/hoi-dong/quyet-dinh" => vec![("number", t()), ("date", "x".into())],
            "/lam-viec/ky/{period}/phan-cong" => vec![("group", of.group.to_string()), ("account", id)],
            "/lam-viec/ky/{period}/phan-cong/bo" => vec![("duty", id)],
            "/lam-viec/ky/{period}/phien-hop" => vec![("held_on", "x".into()), ("chair", t())],
            "/lam-viec/ky/phien-hop/{session}" => {
                vec![("held_on", "x".into()), ("proceedings", t()), ("revision", "1".into())]
            }
            "/lam-viec/ky/phien-hop/{session}/bieu-quyet" => {
                vec![("question", t()), ("in_favour", "x".into()), ("proceedings", t()), ("revision", "1".into())]
            }
            "/lam-viec/ky/{period}/quy-tac" => vec![
                ("group", of.group.to_string()),
                ("from", of.version.to_string()),
                ("version", of.version.to_string()),
                ("reason", t()),
                ("seen", "1".into()),
            ],
            "/lam-viec/ky/{period}/bo-may" => vec![("from", "0".into()), ("reason", t()), ("seen", "1".into())],
            "/lam-viec/ky/nhom/{group}/khong-danh-gia" => {
                vec![("column", "1.1".into()), ("ground", "x".into()), ("reason", t())]
            }
            "/lam-viec/tham-dinh/{sheet}/chi-so/{code}" => vec![
                ("decision", "adjust".into()),
                ("points", "nhiều".into()),
                ("reason", t()),
                ("revision", "0".into()),
            ],
            "/lam-viec/tham-dinh/{sheet}/chi-so/{code}/hoi" => vec![("text", t()), ("due", "2020-01-01".into())],
            "/lam-viec/tham-dinh/{sheet}/chi-so/{code}/kien-nghi"
            | "/lam-viec/phieu/{sheet}/hoi-dong/{code}/tra-loi"
            | "/lam-viec/phieu/{sheet}/hoi-dong/{code}/kien-nghi" => vec![("text", t())],
            "/lam-viec/phieu/{sheet}/chi-so/{code}/trao-doi" => vec![("text", format!("{TYPED}{}", "x".repeat(9000)))],
            "/lam-viec/phieu/{sheet}/phan-viec" => vec![("code", "1.1".into()), ("clerk", id)],
            "/lam-viec/phieu/{sheet}/viec" => vec![("code", "1.1".into()), ("text", String::new()), ("owner", t())],
            "/lam-viec/phieu/{sheet}/viec/{task}" => vec![("done", "true".into())],
            "/lam-viec/phieu/{sheet}/mo-lai" => vec![("code", "1.1".into()), ("until", "x".into()), ("reason", t())],
            "/lam-viec/phieu/{sheet}/trinh" => vec![("signed_name", t())],
            "/lam-viec/phieu/{sheet}/trinh-lanh-dao" => vec![("note", t())],
            "/lam-viec/phieu/{sheet}/tra-chuyen-vien" => vec![("reason", t())],
            "/lam-viec/phieu/{sheet}/chi-so/{code}" => {
                vec![("explanation", t()), ("f-a", "có lẽ".into()), ("revision", "0".into())]
            }
            "/lam-viec/phieu/{sheet}/chi-so/{code}/tlkc" => vec![("title", t()), ("url", "x".into())],
            "/lam-viec/cham-lai/{sample}" => vec![("points", t())],
            "/lam-viec/bo-chi-so/moi" => {
                vec![("name", t()), ("slug", "x y".into()), ("start", "blank".into()), ("act", "create".into())]
            }
            "/lam-viec/bo-chi-so/{set}/bang" | "/lam-viec/bo-chi-so/{set}/xem" => {
                vec![("act", "leaf".into()), ("at", "leaf:1.1".into()), ("name", t()), ("revision", "999".into())]
            }
            "/lam-viec/bo-chi-so/{set}/ma" => {
                vec![("source", t()), ("revision", "999".into()), ("act", "save".into())]
            }
            "/lam-viec/bo-chi-so/{set}/mo-phong" => vec![("group", id)],
            "/lam-viec/bo-chi-so/{set}/nguon" => vec![("revision", "999".into())],
            "/lam-viec/bo-chi-so/{set}/ban-hanh" => vec![("revision", "999".into()), ("decision_number", t())],
            _ => Vec::new(),
        };
        (fields, files)
    }

    async fn send(&self, route: &Route, cookie: &str) -> Answer {
        let (fields, files) = self.form(route.path);
        self.send_with(route, cookie, (fields, files)).await
    }

    async fn send_with(
        &self,
        route: &Route,
        cookie: &str,
        (fields, files): (Vec<(&'static str, String)>, bool),
    ) -> Answer {
        let (kind, content) = if files { multipart(&fields) } else { urlencoded(&fields) };
        let request = ours(Method::POST, &self.path(route.path), Some(cookie)).header(HOST, "thuoc.test");
        let request = request.header(REFERER, format!("http://thuoc.test{}", self.page(route.path)));
        let mut request = request.body(Body::from(content)).unwrap();
        request.headers_mut().insert(CONTENT_TYPE, kind.parse().unwrap());
        self.service.send(request).await
    }

    /// The page a form stands on.
    fn page(&self, pattern: &str) -> String {
        let places = server::site(&self.service.app).places();
        match pattern {
            "/lam-viec/phieu/{sheet}/chi-so/{code}" => self.path("/lam-viec/phieu/{sheet}/1"),
            "/lam-viec/phieu/{sheet}/trinh" | "/lam-viec/phieu/{sheet}/tra-chuyen-vien" => {
                self.path("/lam-viec/phieu/{sheet}/ky")
            }
            "/lam-viec/ky/{period}/trinh" => self.path("/lam-viec/ky/{period}/ke-hoach"),
            _ => places.above(pattern, &self.path(pattern)),
        }
    }

    async fn get(&self, path: &str, cookie: &str) -> Answer {
        self.service.send(ours(Method::GET, path, Some(cookie)).body(Body::empty()).unwrap()).await
    }

    /// Sends the form as everybody. Answers whether a use case refused it, and complains where what was typed is gone.
    async fn refuse(&self, route: &Route, complaints: &mut Vec<String>) -> bool {
        let typed = self.form(route.path).0.iter().any(|(_, text)| text.starts_with(TYPED));
        let mut refused = false;
        for (role, cookie) in &self.cookies {
            let answer = self.send(route, cookie).await;
            let led_back = answer.status == StatusCode::SEE_OTHER && answer.location().ends_with("#can-sua");
            if answer.status == StatusCode::SEE_OTHER && !led_back {
                continue;
            }
            let shown = match led_back {
                true => self.get(answer.location().split('#').next().unwrap(), cookie).await.body,
                false => answer.body.clone(),
            };
            let denied = matches!(answer.status, StatusCode::FORBIDDEN | StatusCode::NOT_FOUND);
            // Who does not see the page has no form to send.
            let sees = self.get(&self.page(route.path), cookie).await.status == StatusCode::OK;
            let own_page = shown.contains("class=\"staff");
            let wrong = [
                (answer.status.is_server_error(), "a failure"),
                (sees && led_back && !shown.contains("id=\"can-sua\""), "nothing says why"),
                (sees && typed && !shown.contains(TYPED), "what was typed is gone"),
                (sees && !denied && !own_page, "a bare page"),
                (sees && !own_page && !shown.contains("Quay lại trang trước"), "no way back"),
            ];
            for (_, what) in wrong.into_iter().filter(|(holds, _)| *holds) {
                let (status, place) = (answer.status, answer.location());
                complaints.push(format!("POST {} as {role:?}: {status} {place}: {what}", route.path));
            }
            refused |= !denied;
        }
        refused
    }
}

fn urlencoded(fields: &[(&str, String)]) -> (&'static str, String) {
    let pairs = fields.iter().map(|(name, text)| format!("{name}={}", app::site::encode(text)));
    ("application/x-www-form-urlencoded", pairs.collect::<Vec<_>>().join("&"))
}

fn multipart(fields: &[(&str, String)]) -> (&'static str, String) {
    let part = |(name, text): &(&str, String)| {
        format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n")
    };
    ("multipart/form-data; boundary=x", format!("{}--x--\r\n", fields.iter().map(part).collect::<String>()))
}

fn forms(here: &Here) -> Vec<Route> {
    let routes = server::site(&here.service.app).routes.into_iter();
    let forms = routes.filter(|route| route.method == Method::POST && route.access == Access::Signed);
    // Ending one's own sessions would end the test.
    forms.filter(|route| !BY_SCRIPTS.contains(&route.path) && !route.path.ends_with("/dang-xuat-moi-noi")).collect()
}

#[tokio::test]
async fn whatever_is_refused_goes_back_to_its_page_with_what_was_typed() {
    let mut here = Here::new().await;
    let (mut open, mut complaints) = (BTreeSet::new(), Vec::new());
    for route in forms(&here) {
        if !here.refuse(&route, &mut complaints).await {
            open.insert(route.path);
        }
    }
    here.appraise().await;
    for route in forms(&here) {
        if open.contains(route.path) && here.refuse(&route, &mut complaints).await {
            open.remove(route.path);
        }
    }
    assert!(complaints.is_empty(), "{complaints:#?}\nnever refused: {open:#?}");
    let known: BTreeSet<&str> = NEVER_REFUSED.iter().map(|(path, _)| *path).collect();
    assert_eq!(open, known, "forms that nothing refused here");
}

/// Previews, which keep nothing: the act behind them refuses.
const PREVIEWS: [&str; 1] = ["/lam-viec/bo-chi-so/{set}/xem"];

/// Not named yet where the act itself looks at each field, after what refuses these bodies. It may only shrink.
const NOT_NAMED: [&str; 3] = [
    "/lam-viec/bo-chi-so/{set}/bang",
    "/lam-viec/ky/nhom/{group}/khong-danh-gia",
    "/lam-viec/phieu/{sheet}/chi-so/{code}",
];

#[tokio::test]
async fn letters_of_an_old_encoding_are_named_by_every_form() {
    let mut here = Here::new().await;
    here.appraise().await;
    let (mut complaints, mut named) = (Vec::new(), 0);
    for route in forms(&here).iter().filter(|route| !PREVIEWS.contains(&route.path) && !NOT_NAMED.contains(&route.path))
    {
        let (mut fields, files) = here.form(route.path);
        if !fields.iter().any(|(_, text)| text.starts_with(TYPED)) {
            continue;
        }
        fields.iter_mut().for_each(|(_, text)| *text = text.replace(TYPED, OLD));
        for (role, cookie) in &here.cookies {
            let page = here.page(route.path);
            if here.get(&page, cookie).await.status != StatusCode::OK {
                continue;
            }
            let answer = here.send_with(route, cookie, (fields.clone(), files)).await;
            let shown = match answer.status {
                StatusCode::SEE_OTHER => here.get(answer.location().split('#').next().unwrap(), cookie).await.body,
                StatusCode::FORBIDDEN | StatusCode::NOT_FOUND => continue,
                _ => answer.body.clone(),
            };
            named += 1;
            if !shown.contains("TCVN3") || !shown.contains(OLD) {
                complaints.push(format!("POST {} as {role:?}: {} {}", route.path, answer.status, answer.location()));
            }
        }
    }
    assert!(complaints.is_empty() && named > 30, "{named} refused; {complaints:#?}");
}

#[tokio::test]
async fn what_was_typed_when_the_session_had_ended_stands_there_after_signing_in() {
    let here = Here::new().await;
    let (path, manager) = (here.path("/lam-viec/ky/{period}"), login("mot", Role::PeriodManager));
    let form = format!("login={manager}&password={PASSWORD}");
    let cookies = here.service.post("/dang-nhap", &form, None).await.cookies();
    let last = cookies.split("; ").find(|part| part.starts_with("thuoc_last")).unwrap().to_owned();
    let form = format!("sheet={}&until=2030-01-04&reason={}", here.authority.sheet, app::site::encode(TYPED));
    let send = async |cookie: &str| {
        let request = ours(Method::POST, &format!("{path}/gia-han"), Some(cookie)).header(HOST, "thuoc.test");
        let request = request.header(REFERER, format!("http://thuoc.test{path}")).body(Body::from(form.clone()));
        here.service.send(request.unwrap()).await
    };
    let ended = send(&last).await;
    assert_eq!(ended.status, StatusCode::UNAUTHORIZED);
    let hidden = ended.body.split("name=\"waiting\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let waiting = hidden.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");

    // The same person, after a wrong password too.
    let sign_in = async |login: &str, password: &str| {
        let form = format!("login={login}&password={password}&waiting={}", app::site::encode(&waiting));
        here.service.post("/dang-nhap", &form, Some(&last)).await
    };
    let wrong = sign_in(&manager, "khong-dung").await;
    assert!(wrong.body.contains("name=\"waiting\"") && wrong.body.contains(TYPED), "{}", wrong.body);
    let again = sign_in(&manager, PASSWORD).await;
    assert_eq!(again.location(), format!("{path}#can-sua"));
    let page = here.get(&path, &again.cookie()).await.body;
    assert!(page.contains(TYPED) && page.contains("chưa được gửi") && page.contains("2030-01-04"), "{page}");

    // Somebody else is not given it.
    let other = sign_in(&login("mot", Role::CouncilChair), PASSWORD).await;
    let page = here.get("/lam-viec", &other.cookie()).await.body;
    assert!(!page.contains(TYPED) && page.contains("tài khoản khác"), "{page}");

    // Nobody in particular: told that it could not be kept.
    let unknown = send("").await;
    assert!(!unknown.body.contains("name=\"waiting\"") && unknown.body.contains("không giữ lại được"));
}

#[tokio::test]
async fn minutes_being_written_outlive_the_recording_of_a_vote() {
    let mut here = Here::new().await;
    here.appraise().await;
    let path = here.path("/lam-viec/ky/phien-hop/{session}");
    let cookie = here.service.sign_in(&login("mot", Role::CouncilChair), PASSWORD).await;
    let form = [
        ("held_on", "2026-02-10".to_owned()),
        ("chair", "A".to_owned()),
        ("secretary", "B".to_owned()),
        ("present", "C".to_owned()),
        ("proceedings", TYPED.to_owned()),
        ("revision", "1".to_owned()),
        ("question", "Thông qua kết quả".to_owned()),
        ("in_favour", "3".to_owned()),
    ];
    let answer = here.service.post(&format!("{path}/bieu-quyet"), &urlencoded(&form).1, Some(&cookie)).await;
    assert_eq!(answer.location(), format!("{path}#can-sua"), "{}", answer.body);
    let page = here.get(&path, &cookie).await.body;
    assert!(page.contains("<td>Thông qua kết quả"), "{page}");
    assert!(page.contains(&format!(">{TYPED}</textarea>")) && page.contains("2026-02-10"), "{page}");
    assert!(!page.contains(">Thông qua kết quả</textarea>"), "a vote that was recorded is not offered again");
}

#[tokio::test]
async fn a_refusal_says_which_field_of_which_form() {
    let here = Here::new().await;
    let (path, cookie) = (
        here.path("/lam-viec/ky/{period}"),
        &here.cookies[Role::ALL.iter().position(|role| *role == Role::PeriodManager).unwrap()].1,
    );
    let form = format!("sheet={}&until=2026-01-01&reason={}", here.authority.sheet, app::site::encode(TYPED));
    let answer = here.service.post(&format!("{path}/gia-han"), &form, Some(cookie)).await;
    assert_eq!(answer.location(), format!("{path}#can-sua"));
    let page = here.get(&path, cookie).await.body;
    let details = page.split("<details").find(|part| part.contains("id=\"can-sua\"")).unwrap();
    assert!(details.contains("open=\"\"") && details.contains("aria-invalid=\"true\""), "{details}");
    assert!(details.contains("field-problem") && details.contains("Hạn mới phải sau hạn chung"), "{details}");
    assert_eq!(page.matches("Hạn mới phải sau hạn chung").count(), 1, "said once, at its field");
}
