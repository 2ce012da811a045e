//! An authority with published years: the council gives each unit its points without more ado.

use app::App;
use tenants::Caller;
use tenants::appraisal::{self, Decide};
use tenants::caller::{Grant, Role};
use tenants::council::{self, NewDecision, NewSeat};
use tenants::decisions::{Decision, ReasonCode};
use tenants::ids::{AccountId, AssessmentId, PeriodId, TenantId, UnitId, VersionId};
use tenants::members::{self, NewMember};
use tenants::publication::{self, Publish};
use tenants::seats::SeatKind;
use tenants::store::operator::{self, NewAccount};
use tenants::units::{self, NewUnit, UnitKind};
use tenants::year::{self, NewGroup, NewPeriod};
use time::macros::date;
use time::{Date, Duration, Month};

/// A unit (id and name) and the points of its only indicator, ten at most; `None` is "không đánh giá".
pub struct Result<'a> {
    pub unit: (UnitId, &'a str),
    pub points: Option<&'a str>,
}

/// Publishes `year` with one group, "thu".
pub async fn publish(app: &App, tenant: TenantId, version: VersionId, year: i32, results: &[Result<'_>]) {
    let council = everybody(tenant);
    let period = concluded(app, &council, version, year, results).await;
    let tx = app.db.begin(&council).await.unwrap();
    // In the spring after the year, and not before that of 2026.
    let decision_date = Date::from_calendar_date((year + 1).max(2026), Month::March, 20).unwrap();
    let decision = Publish { decision_number: format!("5/QĐ-{year}"), decision_date, note: String::new() };
    publication::publish(&tx, period, &decision).await.unwrap();
    tx.commit().await.unwrap();
}

/// A period the council has concluded, ready to be published.
pub async fn concluded(app: &App, council: &Caller, version: VersionId, year: i32, results: &[Result<'_>]) -> PeriodId {
    let tx = app.db.begin(council).await.unwrap();
    let now = app.db.clock.now();
    let units = results.iter().map(|result| result.unit.0).collect();
    let new = NewPeriod {
        year,
        name: format!("Năm {year}"),
        self_deadline: now + Duration::days(1),
        publish_deadline: now + Duration::days(60),
        managing_unit: None,
        is_sample: true,
        groups: vec![NewGroup { slug: "thu".into(), name: "Nhóm thử".into(), version, units }],
    };
    let period = year::create(&tx, new).await.unwrap();
    year::open(&tx, period).await.unwrap();
    tx.commit().await.unwrap();
    let chair = seat_chair(app, council, period, year).await;
    let tx = app.db.begin(&chair).await.unwrap();
    year::start_appraisal(&tx, period).await.unwrap();
    let board = year::board(&tx, period).await.unwrap();
    for result in results {
        let row = board.groups[0].units.iter().find(|row| row.unit_name == result.unit.1).unwrap();
        decide(&tx, row.assessment, result.points).await;
    }
    appraisal::conclude(&tx, period).await.unwrap();
    tx.commit().await.unwrap();
    period
}

/// Somebody with every role, in the chair of the period's council.
async fn seat_chair(app: &App, everybody: &Caller, period: PeriodId, year: i32) -> Caller {
    let new = NewAccount {
        login: format!("chair.{period}"),
        display_name: "Chủ tịch Hội đồng".into(),
        email: None,
        password: super::authority::PASSWORD.into(),
    };
    let account = operator::create_account(&app.db, new).await.unwrap();
    let tx = app.db.begin(everybody).await.unwrap();
    members::create(&tx, NewMember { account, role: Role::CouncilChair, unit: None }).await.unwrap();
    let seat = NewSeat { account, kind: SeatKind::Chair, field: String::new() };
    council::seat(&tx, period, &seat).await.unwrap();
    let date = Date::from_calendar_date(year, Month::December, 20).unwrap();
    let decision = NewDecision { number: "12/QĐ-UBND".into(), date, file: None };
    council::record_decision(&tx, period, &decision).await.unwrap();
    tx.commit().await.unwrap();
    Caller { account: Some(account), ..everybody.clone() }
}

async fn decide(tx: &tenants::store::Tx, sheet: AssessmentId, points: Option<&str>) {
    let decide = Decide {
        figures: Default::default(),
        code: "1.1".into(),
        decision: points.map_or(Decision::NotApplicable, |_| Decision::Adjust),
        points: points.unwrap_or_default().into(),
        reason: "Theo biên bản".into(),
        reason_code: Some(ReasonCode::Other),
        revision: 0,
    };
    appraisal::decide(tx, sheet, &decide).await.unwrap();
}

/// A caller that may do everything in the tenant.
pub fn everybody(tenant: TenantId) -> Caller {
    let grants = Role::ALL.into_iter().map(|role| Grant { role, unit: None }).collect();
    Caller { account: Some(AccountId::new()), grants, ..Caller::citizen(tenant) }
}

pub async fn add_unit(app: &App, tenant: TenantId, code: &str, name: &str) -> UnitId {
    let tx = app.db.begin(&everybody(tenant)).await.unwrap();
    let new = NewUnit {
        kind: UnitKind::Department,
        official_code: code.into(),
        name: name.into(),
        short_name: String::new(),
        valid_from: date!(2020 - 01 - 01),
        parent: None,
    };
    let unit = units::create(&tx, new).await.unwrap();
    tx.commit().await.unwrap();
    unit
}
