//! An authority in the middle of its year, with one account for each role, and one sheet with evidence.

use app::App;
use app::site::Route;
use tenants::caller::{Grant, Role};
use tenants::council::{self, NewDecision, NewSeat};
use tenants::evidence::{self, Attach, Source};
use tenants::files::{Scan, StoredFile};
use tenants::ids::{
    AccountId, AssessmentId, EvidenceId, GroupId, MemberId, PeriodId, SetId, SimulationId, TenantId, UnitId, VersionId,
};
use tenants::indicator_sets::{self, Issue};
use tenants::members::{self, NewMember};
use tenants::seats::{self, SeatKind};
use tenants::store::Tx;
use tenants::store::operator::{self, NewAccount, NewTenant};
use tenants::units::{self, NewUnit, UnitKind};
use tenants::year::{self, NewGroup, NewPeriod};
use tenants::{Caller, sheets, simulation};
use time::macros::date;
use time::{Duration, OffsetDateTime};

pub const PASSWORD: &str = "mat-khau-thu";

pub const SET: &str = r#"
indicator_set("thu", #{ name: "Bộ thử", total: 10, not_applicable: true });
group("chung", "Nhóm chung", 10);
main_index("1", "Chỉ số một", 10);
indicator("1.1", "Có A", 10).input("a", yes_no("Có A")).formula("if a { max } else { 0 }");
"#;

pub struct Authority {
    pub slug: &'static str,
    pub tenant: TenantId,
    pub unit: UnitId,
    pub set: SetId,
    pub version: VersionId,
    pub period: PeriodId,
    pub sheet: AssessmentId,
    pub evidence: EvidenceId,
    pub group: GroupId,
    pub simulation: SimulationId,
    /// Somebody whose role and account may end.
    pub leaver: AccountId,
    pub leaver_role: MemberId,
}

/// The account of a role in an authority: "mot.unit_editor".
pub fn login(slug: &str, role: Role) -> String {
    format!("{slug}.{}", role.as_str())
}

/// The path of a route for an authority's things.
pub fn path(route: &Route, of: &Authority) -> String {
    let values = [
        ("{period}", of.period.to_string()),
        ("{sheet}", of.sheet.to_string()),
        ("{set}", of.set.to_string()),
        ("{version}", of.version.to_string()),
        ("{evidence}", of.evidence.to_string()),
        ("{simulation}", of.simulation.to_string()),
        ("{group}", of.group.to_string()),
        ("{account}", of.leaver.to_string()),
        // Nobody has one: those who may plan are told it is not there.
        ("{task}", of.tenant.to_string()),
        ("{session}", of.tenant.to_string()),
        ("{decision}", of.tenant.to_string()),
        ("{sample}", of.tenant.to_string()),
        ("{code}", "1.1".to_owned()),
        ("{main}", "1".to_owned()),
    ];
    let path = values.iter().fold(route.path.to_owned(), |path, (name, value)| path.replace(name, value));
    assert!(!path.contains('{'), "no value for a part of {path}");
    path
}

impl Authority {
    pub async fn create(app: &App, slug: &'static str) -> Authority {
        let new = NewTenant {
            parent: None,
            slug: slug.into(),
            name: format!("Tỉnh {slug}"),
            short_name: slug.into(),
            is_sample: true,
            valid_from: date!(2020 - 01 - 01),
        };
        let tenant = operator::create_tenant(&app.db, new).await.unwrap();
        let all = Caller { grants: all_roles(), ..Caller::citizen(tenant) };
        let tx = app.db.begin(&Caller { account: Some(AccountId::new()), ..all }).await.unwrap();
        let unit = add_unit(&tx, slug).await;
        let (set, version) = issue_set(app, &tx).await;
        let period = open_period(&tx, unit, version).await;
        let (group, simulation) = simulate(&tx, set, version).await;
        tx.commit().await.unwrap();
        add_people(app, slug, tenant, unit).await;
        let (leaver, leaver_role) = add_leaver(app, slug, tenant).await;
        seat_council(app, tenant, period).await;
        let (sheet, evidence) = prove(app, tenant, unit).await;
        Authority { slug, tenant, unit, set, version, period, sheet, evidence, group, simulation, leaver, leaver_role }
    }
}

fn all_roles() -> Vec<Grant> {
    Role::ALL.into_iter().map(|role| Grant { role, unit: None }).collect()
}

async fn add_unit(tx: &Tx, slug: &str) -> UnitId {
    let new = NewUnit {
        kind: UnitKind::Department,
        official_code: slug.into(),
        name: format!("Sở {slug}"),
        short_name: String::new(),
        valid_from: date!(2020 - 01 - 01),
        parent: None,
    };
    units::create(tx, new).await.unwrap()
}

async fn issue_set(app: &App, tx: &Tx) -> (SetId, VersionId) {
    let set_id = indicator_sets::create(tx, "thu", "Bộ thử", SET).await.unwrap();
    let file = StoredFile {
        sha256: "0".repeat(64),
        length: 4,
        media_type: "application/pdf".into(),
        name: "quyet-dinh.pdf".into(),
        scan: Scan::Unasked,
    };
    let (number, date) = ("1/QĐ".into(), date!(2025 - 12 - 01));
    let issue = Issue { set_id, revision: 1, decision_number: number, decision_date: date, file: Some(file) };
    (set_id, indicator_sets::issue(tx, &app.worker, &issue).await.unwrap().version().unwrap())
}

/// A stored simulation of the version in force against itself.
async fn simulate(tx: &Tx, set: SetId, version: VersionId) -> (GroupId, SimulationId) {
    let group = simulation::grounds(tx, set).await.unwrap().remove(0).group;
    let rules = indicator_sets::rules(tx, version).await.unwrap();
    let report = simulation::simulate(tx, group, &rules, "Bản thảo lần 1", &|_, _| ()).await.unwrap();
    (group, simulation::keep(tx, set, group, &report).await.unwrap())
}

async fn open_period(tx: &Tx, unit: UnitId, version: VersionId) -> PeriodId {
    let now = OffsetDateTime::now_utc();
    let new = NewPeriod {
        year: 2025,
        name: "Năm 2025".into(),
        self_deadline: now + Duration::days(30),
        publish_deadline: now + Duration::days(60),
        managing_unit: None,
        is_sample: true,
        groups: vec![NewGroup { slug: "thu".into(), name: "Nhóm thử".into(), version, units: vec![unit] }],
    };
    let period = year::create(tx, new).await.unwrap();
    year::open(tx, period).await.unwrap();
    period
}

/// Unit roles belong to the unit; the council comes from nowhere, so it may judge it.
async fn add_people(app: &App, slug: &str, tenant: TenantId, unit: UnitId) {
    for role in Role::ALL {
        let new = NewAccount {
            login: login(slug, role),
            display_name: role.as_str().into(),
            email: None,
            password: PASSWORD.into(),
        };
        let account = operator::create_account(&app.db, new).await.unwrap();
        let admin = Caller {
            account: Some(AccountId::new()),
            grants: vec![Grant { role: Role::TenantAdmin, unit: None }],
            ..Caller::citizen(tenant)
        };
        let tx = app.db.begin(&admin).await.unwrap();
        let unit = role.needs_unit().then_some(unit);
        members::create(&tx, NewMember { account, role, unit }).await.unwrap();
        tx.commit().await.unwrap();
    }
}

async fn add_leaver(app: &App, slug: &str, tenant: TenantId) -> (AccountId, MemberId) {
    let new = NewAccount {
        login: format!("{slug}.leaver"),
        display_name: "leaver".into(),
        email: None,
        password: PASSWORD.into(),
    };
    let account = operator::create_account(&app.db, new).await.unwrap();
    let tx = app.db.begin(&Caller::operator(tenant)).await.unwrap();
    let role = members::create(&tx, NewMember { account, role: Role::Inspector, unit: None }).await.unwrap();
    tx.commit().await.unwrap();
    (account, role)
}

/// Everybody with a role of the council sits in the council of the period.
async fn seat_council(app: &App, tenant: TenantId, period: PeriodId) {
    let grants = vec![Grant { role: Role::PeriodManager, unit: None }];
    let manager = Caller { account: Some(AccountId::new()), grants, ..Caller::citizen(tenant) };
    let tx = app.db.begin(&manager).await.unwrap();
    for candidate in seats::read(&tx, period).await.unwrap().candidates {
        let kind = SeatKind::ALL.into_iter().find(|kind| candidate.may_sit_as(*kind)).unwrap();
        let new = NewSeat { account: candidate.account, kind, field: String::new() };
        council::seat(&tx, period, &new).await.unwrap();
    }
    let decision = NewDecision { number: "12/QĐ-UBND".into(), date: date!(2025 - 12 - 20), file: None };
    council::record_decision(&tx, period, &decision).await.unwrap();
    tx.commit().await.unwrap();
}

async fn prove(app: &App, tenant: TenantId, unit: UnitId) -> (AssessmentId, EvidenceId) {
    let grants = vec![Grant { role: Role::UnitEditor, unit: Some(unit) }];
    let editor = Caller { account: Some(AccountId::new()), grants, ..Caller::citizen(tenant) };
    let tx = app.db.begin(&editor).await.unwrap();
    let sheet = sheets::mine(&tx).await.unwrap()[0].id;
    let link = Source::Link { title: "Báo cáo".into(), url: "https://example.com/bc".into() };
    let row = evidence::attach(&tx, sheet, "1.1", Attach::of(link)).await.unwrap();
    tx.commit().await.unwrap();
    (sheet, row.evidence[0].id)
}
