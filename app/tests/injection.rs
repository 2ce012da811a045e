//! What somebody types stays a text: hostile text goes into every field of every form that any role is shown, through the
//! real routes, and no element, attribute or formula comes of it on any page, document, table or letter.
#![allow(clippy::unwrap_used)]

use crate::common;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io::{Cursor, Read};

use app::config::Mail;
use app::site::Route;
use app::{mailer, server};
use axum::body::Body;
use axum::http::Method;
use axum::http::header::CONTENT_TYPE;
use common::authority::{Authority, PASSWORD, login};
use common::forms::{Field, Form, Kind};
use common::mail::Sink;
use common::{Answer, Service, forms, ours, published};
use scraper::{Html, Selector};
use tenants::caller::{Grant, Role};
use tenants::ids::AccountId;
use tenants::members::{self, NewMember};
use tenants::{Caller, year};

use tenants::store::operator::{self, NewAccount};
use tenants::testing::tamper_sqlite;
use time::{Duration, OffsetDateTime, UtcOffset};

/// Closes everything a text could stand in, then would be an element, an attribute and a formula.
const LONG: &str =
    r#"=1+1</textarea></title></script></noscript></select></style>--><i id=x>"'><i id=x onx=1>" id="x" onx="1"#;
/// For fields that take no more.
const SHORT: &str = r#""><i id=x>"#;

/// Ends the caller's own session, or takes from under the others what they write to; sent last of all, or not a form of texts.
const LAST: [&str; 9] =
    ["/dang-xuat", "/dang-xuat-moi-noi", "/co-quan", "/xoa", "/thu-hoi", "/cong-bo", "/ket-luan", "/thoi", "/bo"];
/// Steps of the sheet, sent each at its time.
const STEPS: [&str; 5] = ["/trinh", "/trinh-lanh-dao", "/tra-chuyen-vien", "/rut-trinh", "/rut"];

fn hostile(field: &Field) -> Option<String> {
    match field.kind {
        Kind::Other => None,
        Kind::File => Some(format!("{LONG}.pdf")),
        Kind::Text if field.longest < LONG.len() => Some(SHORT.into()),
        Kind::Text => Some(LONG.into()),
    }
}

struct Attack {
    service: Service,
    here: Authority,
    people: Vec<(String, String)>,
    /// Forms sent in this wave, by address and fields.
    sent: BTreeSet<String>,
    /// Hostile fields sent, by route.
    tried: BTreeMap<String, BTreeSet<String>>,
    /// Answers that took the hostile form.
    taken: usize,
}

impl Attack {
    async fn begin(sink_url: String) -> Attack {
        let service = Service::with(|config| {
            config.mail = Some(Mail { url: sink_url, from: "Chuyển đổi số <cds@example.vn>".into() });
            config.public_url = Some("https://cds.example.vn".into());
        });
        let service = service.await;
        let here = Authority::create(&service.app, "mot").await;
        // Opened before the engine that there is now.
        tamper_sqlite(&service.app.config.database_url(), "UPDATE periods SET engine = '1'").await;
        let everybody = published::everybody(here.tenant);
        for (year, code) in [(2023, "ba"), (2024, "bon")] {
            let name = format!("Sở {year} {SHORT}");
            let unit = published::add_unit(&service.app, here.tenant, code, &name).await;
            let results = [published::Result { unit: (unit, &name), points: Some("7") }];
            published::concluded(&service.app, &everybody, here.version, year, &results).await;
        }
        let letters = NewAccount {
            login: "van-thu".into(),
            display_name: format!("Văn thư {SHORT}"),
            email: Some("van-thu@example.vn".into()),
            password: PASSWORD.into(),
        };
        let account = operator::create_account(&service.app.db, letters).await.unwrap();
        let tx = service.app.db.begin(&everybody).await.unwrap();
        members::create(&tx, NewMember { account, role: Role::UnitEditor, unit: Some(here.unit) }).await.unwrap();
        tx.commit().await.unwrap();
        let mut people = Vec::new();
        for role in Role::ALL {
            people.push((role.as_str().to_owned(), service.sign_in(&login("mot", role), PASSWORD).await));
        }
        Attack { service, here, people, sent: BTreeSet::new(), tried: BTreeMap::new(), taken: 0 }
    }

    /// Walks every page of every role twice, and sends the forms that `wanted` wants.
    async fn wave(&mut self, wanted: impl Fn(&str) -> bool) {
        self.sent.clear();
        for _ in 0..2 {
            for (role, cookie) in self.people.clone() {
                self.walk(&role, &cookie, "/lam-viec", &wanted).await;
            }
        }
        self.walk("citizen", "", "/mot", &|_: &str| true).await;
    }

    async fn walk(&mut self, role: &str, cookie: &str, start: &str, wanted: &impl Fn(&str) -> bool) {
        let mut queue = VecDeque::from([start.to_owned()]);
        let mut seen = BTreeSet::new();
        while let Some(path) = queue.pop_front() {
            let skipped = path.contains("/ngon-ngu") || path.contains("/dang-nhap") || path.starts_with("/assets");
            if skipped || !seen.insert(path.clone()) {
                continue;
            }
            let answer = self.ask(Method::GET, &path, cookie, ("text/plain", Vec::new())).await;
            let Some(page) = check(&answer, &format!("GET {path} as {role}")) else { continue };
            queue.extend(forms::links(&page));
            for form in forms::forms(&page, &path) {
                if !form.posts || wanted(&form.action) {
                    self.attack(role, cookie, &form).await;
                }
            }
        }
    }

    /// Each typed field alone, then all of them.
    async fn attack(&mut self, role: &str, cookie: &str, form: &Form) {
        let typed: Vec<&Field> = form.fields.iter().filter(|field| field.kind != Kind::Other).collect();
        let key = form.fields.iter().fold(form.action.clone(), |key, field| {
            let hidden =
                if field.kind == Kind::Other && field.name != "revision" { field.value.as_deref() } else { None };
            format!("{key} {}={}", field.name, hidden.unwrap_or_default())
        });
        // A day alone is nothing to type, but without it no unit objects.
        if typed.is_empty() && !form.action.ends_with("/tam-thoi") || !self.sent.insert(key) {
            return;
        }
        for field in &typed {
            let alone = |of: &Field| match of.name == field.name {
                true => hostile(of),
                false => (of.kind == Kind::Text && of.value.as_deref() == Some("")).then(|| "lý do".to_owned()),
            };
            self.send(role, cookie, form, form.filled(alone)).await;
            self.tried.entry(self.route(&form.action)).or_default().insert(field.name.clone());
        }
        self.send(role, cookie, form, form.filled(hostile)).await;
    }

    async fn send(&mut self, role: &str, cookie: &str, form: &Form, fields: Vec<(Field, String)>) {
        let place = format!("{} as {role}: {fields:?}", form.action);
        if !form.posts {
            let (_, query) = forms::encoded(false, &fields);
            let path = format!("{}?{}", form.action.split('?').next().unwrap(), String::from_utf8(query).unwrap());
            let answer = self.ask(Method::GET, &path, cookie, ("text/plain", Vec::new())).await;
            check(&answer, &place);
            return;
        }
        let answer = self.ask(Method::POST, &form.action, cookie, forms::encoded(form.multipart, &fields)).await;
        assert!(!answer.status.is_server_error(), "{place}: {}", answer.body);
        check(&answer, &place);
        if answer.status.is_redirection() {
            let target = answer.location().to_owned();
            let page =
                self.ask(Method::GET, target.split('#').next().unwrap(), cookie, ("text/plain", Vec::new())).await;
            check(&page, &format!("{target} after {place}"));
            self.taken += 1;
        }
    }

    async fn ask(&self, method: Method, path: &str, cookie: &str, (kind, body): (&str, Vec<u8>)) -> Answer {
        let mut request = ours(method, path, Some(cookie).filter(|cookie| !cookie.is_empty()));
        request.headers_mut().unwrap().insert(CONTENT_TYPE, kind.parse().unwrap());
        self.service.send(request.body(Body::from(body)).unwrap()).await
    }

    /// The route an address belongs to.
    fn route(&self, address: &str) -> String {
        let address: Vec<&str> = address.split('?').next().unwrap().split('/').collect();
        let fits = |route: &&Route| {
            let parts: Vec<&str> = route.path.split('/').collect();
            route.method == Method::POST
                && parts.len() == address.len()
                && parts.iter().zip(&address).all(|(part, given)| part.starts_with('{') || part == given)
        };
        let routes = server::site(&self.service.app).routes;
        // Fixed parts win.
        let found = routes.iter().filter(fits).min_by_key(|route| route.path.matches('{').count());
        found.map_or_else(|| address.join("/"), |route| route.path.to_owned())
    }

    async fn start_appraisal(&self) {
        let grants =
            vec![Grant { role: Role::CouncilChair, unit: None }, Grant { role: Role::PeriodManager, unit: None }];
        let caller = Caller { account: Some(AccountId::new()), grants, ..Caller::citizen(self.here.tenant) };
        let tx = self.service.app.db.begin(&caller).await.unwrap();
        year::start_appraisal(&tx, self.here.period).await.unwrap();
        tx.commit().await.unwrap();
    }
}

/// Parses an answer as its reader would; answers the page, where it is one.
fn check(answer: &Answer, place: &str) -> Option<Html> {
    let kind = answer.header("content-type");
    if kind.starts_with("text/html") {
        let page = Html::parse_document(&answer.body);
        let bad = Selector::parse("#x, [onx], i[id]").unwrap();
        let found = page.select(&bad).map(|element| element.html()).next();
        assert!(found.is_none(), "{place}: {found:?}");
        for data in page.select(&Selector::parse("script[type='application/json']").unwrap()) {
            serde_json::from_str::<serde_json::Value>(&data.text().collect::<String>()).expect(place);
        }
        return Some(page);
    }
    if kind.starts_with("application/json") && answer.status.is_success() {
        serde_json::from_str::<serde_json::Value>(&answer.body).expect(place);
    } else if kind.starts_with("text/csv") {
        table(&answer.bytes, place);
    } else if kind.contains("openxmlformats") || kind.starts_with("application/zip") {
        archive(&answer.bytes, place);
    }
    let told = answer.header("content-disposition");
    assert!(told.is_ascii() && !told.contains('<'), "{place}: {told}");
    None
}

fn table(bytes: &[u8], place: &str) {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    for record in reader.records() {
        for cell in &record.expect(place) {
            let number = cell.parse::<f64>().is_ok();
            assert!(number || !cell.starts_with(['=', '+', '-', '@']), "{place}: {cell}");
        }
    }
}

/// Every part of a document is well formed, and a text in it is no element and no formula.
fn archive(bytes: &[u8], place: &str) {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect(place);
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut content = Vec::new();
        part.read_to_end(&mut content).unwrap();
        if name.ends_with(".csv") {
            table(&content, place);
        }
        if !name.ends_with(".xml") {
            continue;
        }
        let text = String::from_utf8(content).unwrap();
        let mut reader = quick_xml::Reader::from_str(&text);
        loop {
            match reader.read_event().unwrap_or_else(|error| panic!("{place}, {name}: {error}")) {
                quick_xml::events::Event::Start(tag) | quick_xml::events::Event::Empty(tag) => {
                    let formula = name.contains("worksheets") && tag.name().as_ref() == "f";
                    assert!(tag.try_get_attribute("onx").unwrap().is_none() && !formula, "{place}, {name}: {tag:?}");
                    assert!(
                        tag.name().as_ref() != "i" || tag.try_get_attribute("id").unwrap().is_none(),
                        "{place}, {name}"
                    );
                }
                quick_xml::events::Event::Eof => break,
                _ => {}
            }
        }
    }
}

/// May be sent at any time.
fn is_harmless(action: &str) -> bool {
    let step = action.contains("/phieu/") && ends(action, &STEPS) || ends(action, &["/tham-dinh"]);
    !ends(action, &LAST) && !step
}

fn ends(action: &str, all: &[&str]) -> bool {
    let path = action.split('?').next().unwrap();
    all.iter().any(|end| path.ends_with(end))
}

#[tokio::test]
async fn no_text_becomes_an_element_a_formula_or_a_letter_of_another_kind() {
    let (sink, url) = Sink::start();
    let mut attack = Attack::begin(url).await;
    attack.wave(is_harmless).await;
    for step in ["/trinh-lanh-dao", "/tra-chuyen-vien", "/trinh-lanh-dao", "/trinh"] {
        attack.wave(|action| action.contains("/phieu/") && ends(action, &[step])).await;
    }
    attack.start_appraisal().await;
    attack.wave(is_harmless).await;
    attack.wave(|action| ends(action, &["/thu-hoi"])).await;
    attack.wave(|action| ends(action, &["/cong-bo", "/thoi", "/bo"])).await;
    let morning = OffsetDateTime::now_utc().to_offset(UtcOffset::from_hms(7, 0, 0).unwrap()) + Duration::days(1);
    attack.service.app.db.clock.set(morning.replace_hour(9).unwrap());
    mailer::round(&attack.service.app).await.unwrap();
    let letters = sink.taken();
    assert!(letters.iter().any(|letter| letter.contains("van-thu@example.vn")), "nobody was written to");
    for letter in letters {
        assert!(letter.contains("Content-Type: text/plain") && !letter.contains("text/html"), "{letter}");
    }
    let tried: Vec<String> = attack.tried.iter().map(|(route, fields)| format!("{route}: {fields:?}")).collect();
    println!("{}\n{} forms taken", tried.join("\n"), attack.taken);
    let missing: Vec<&str> = TYPED.into_iter().filter(|route| !attack.tried.contains_key(*route)).collect();
    assert!(missing.is_empty(), "forms nobody was shown: {missing:?}\ntried:\n{}", tried.join("\n"));
    assert!(attack.taken > 100, "hardly a form was taken: {}", attack.taken);
}

/// Routes whose forms have something to type.
const TYPED: [&str; 1] = ["/lam-viec/ky"];
