//! A small authority in the middle of its year: two units, a council, a set of three indicators.
#![allow(clippy::unwrap_used, dead_code)]

pub mod engine_one;

use std::collections::BTreeMap;
use std::path::PathBuf;

use tenants::appraisal::{self, Decide};
use tenants::assessments::{self, SaveAnswer, Saved, Sign};
use tenants::caller::{Grant, Role};
use tenants::council::{self, NewDecision, NewSeat};
use tenants::decisions::{Decision, ReasonCode};
use tenants::evidence::{self, Attach, Source};
use tenants::files::{Scan, StoredFile};
use tenants::ids::{AccountId, AssessmentId, PeriodId, SeatId, SetId, TenantId, UnitId, VersionId};
use tenants::indicator_sets::sandbox::WorkerCommand;
use tenants::indicator_sets::{self, Issue};
use tenants::seats::SeatKind;
use tenants::sheets::{self, Claim};
use tenants::store::Tx;
use tenants::testing::TestDb;
use tenants::units::{self, NewUnit, UnitKind};
use tenants::year::{self, NewGroup, NewPeriod};
use tenants::{Caller, Result, desk};
use time::OffsetDateTime;
use time::macros::{date, datetime};

/// 1.1 and 1.2 share a fact; 2.1 may be not applicable.
pub const SET: &str = r#"
indicator_set("thu", #{ name: "Bộ thử", total: 100, not_applicable: true });
fact("tong", count("Tổng số"));
group("chung", "Nhóm chung", 100);
main_index("1", "Chỉ số một", 60);
indicator("1.1", "Tỷ lệ A", 40).input("a", count("Số A")).formula("ratio(a, tong) * max").not_applicable(false);
indicator("1.2", "Tỷ lệ B", 20).input("b", count("Số B")).formula("ratio(b, tong) * max").not_applicable(false);
main_index("2", "Chỉ số hai", 40);
indicator("2.1", "Có C", 40).input("c", yes_no("Có C")).formula("if c { max } else { 0 }");
"#;

pub const DEADLINE: OffsetDateTime = datetime!(2026-01-30 23:59:59 +7);

pub struct Authority<'a> {
    pub test: &'a TestDb,
    pub tenant: TenantId,
    pub period: PeriodId,
    pub units: [UnitId; 2],
    pub sheets: [AssessmentId; 2],
    /// Who chairs, keeps the minutes, judges.
    pub council: [(Role, AccountId); 3],
}

pub fn worker() -> WorkerCommand {
    WorkerCommand { program: PathBuf::from(env!("CARGO_BIN_EXE_rules-worker")), args: Vec::new() }
}

impl<'a> Authority<'a> {
    /// A period open for self-assessment; the second unit is the managing agency where `managing` says so.
    pub async fn open(test: &'a TestDb, slug: &str, managing: bool) -> Authority<'a> {
        Authority::open_with(test, slug, managing, SET).await
    }

    /// The same with another set of rules.
    pub async fn open_with(test: &'a TestDb, slug: &str, managing: bool, script: &str) -> Authority<'a> {
        test.db.clock.set(datetime!(2026-01-05 08:00 +7));
        let tenant = test.tenant(slug).await;
        let units =
            [add_unit(test, tenant, "mot", "Đơn vị một").await, add_unit(test, tenant, "hai", "Đơn vị hai").await];
        let council = stored_council(test, tenant, slug).await;
        let sheets = [AssessmentId::new(); 2];
        let mut authority = Authority { test, tenant, period: PeriodId::new(), units, sheets, council };
        authority.period = authority.new_period(managing, script).await;
        authority.seat_council(authority.period).await;
        let tx = test.db.begin(&authority.as_role(Role::PeriodManager)).await.unwrap();
        year::open(&tx, authority.period).await.unwrap();
        tx.commit().await.unwrap();
        for position in 0..2 {
            let tx = test.db.read(&authority.editor(position)).await.unwrap();
            authority.sheets[position] = sheets::mine(&tx).await.unwrap()[0].id;
        }
        authority
    }

    async fn new_period(&self, managing: bool, script: &str) -> PeriodId {
        let tx = self.test.db.begin(&self.as_roles(&[Role::RuleAdmin, Role::PeriodManager])).await.unwrap();
        let set_id = indicator_sets::create(&tx, "thu", "Bộ thử", script).await.unwrap();
        let version = issue(&tx, set_id, 1).await;
        let group = NewGroup { slug: "thu".into(), name: "Nhóm thử".into(), version, units: self.units.to_vec() };
        let new = NewPeriod {
            year: 2025,
            name: "Năm 2025".into(),
            self_deadline: DEADLINE,
            publish_deadline: datetime!(2026-03-31 23:59:59 +7),
            managing_unit: managing.then_some(self.units[1]),
            is_sample: false,
            groups: vec![group],
        };
        let period = year::create(&tx, new).await.unwrap();
        tx.commit().await.unwrap();
        period
    }

    pub fn as_role(&self, role: Role) -> Caller {
        self.as_roles(&[role])
    }

    /// Roles of the council are those of the person seated with them.
    pub fn as_roles(&self, roles: &[Role]) -> Caller {
        let caller = tenants::testing::caller(self.tenant, roles);
        let seated = self.council.iter().find(|(role, _)| roles.contains(role));
        Caller { account: seated.map(|(_, account)| *account).or(caller.account), ..caller }
    }

    /// A chair, a secretary and a member by decision.
    pub async fn seat_council(&self, period: PeriodId) {
        let tx = self.test.db.begin(&self.as_role(Role::PeriodManager)).await.unwrap();
        for (role, account) in self.council {
            let new = NewSeat { account, kind: kind_of(role), field: String::new() };
            council::seat(&tx, period, &new).await.unwrap();
        }
        let decision = NewDecision { number: "12/QĐ-UBND".into(), date: date!(2025 - 12 - 20), file: None };
        council::record_decision(&tx, period, &decision).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// A person with a stored role, so that notices reach them; whoever holds a role of the council is seated.
    pub async fn person(&self, login: &str, role: Role, unit: Option<usize>) -> Caller {
        let account = self.test.account(login).await;
        let unit = unit.map(|unit| self.units[unit]);
        self.test.member(self.tenant, account, role, unit).await;
        if matches!(role, Role::Appraiser | Role::CouncilSecretary) {
            self.seat(account, kind_of(role)).await.unwrap();
        }
        Caller { tenant: self.tenant, account: Some(account), name: login.into(), grants: vec![Grant { role, unit }] }
    }

    pub async fn seat(&self, account: AccountId, kind: SeatKind) -> Result<SeatId> {
        let tx = self.test.db.begin(&self.as_role(Role::PeriodManager)).await?;
        let seat = council::seat(&tx, self.period, &NewSeat { account, kind, field: String::new() }).await?;
        tx.commit().await?;
        Ok(seat)
    }

    pub fn of_unit(&self, role: Role, unit: usize) -> Caller {
        let grants = vec![Grant { role, unit: Some(self.units[unit]) }];
        Caller { tenant: self.tenant, account: Some(AccountId::new()), name: format!("{role:?} {unit}"), grants }
    }

    pub fn editor(&self, unit: usize) -> Caller {
        self.of_unit(Role::UnitEditor, unit)
    }

    pub async fn save(&self, unit: usize, answer: SaveAnswer) -> Result<Saved> {
        let tx = self.test.db.begin(&self.editor(unit)).await?;
        let saved = assessments::save_answer(&tx, self.sheets[unit], &answer).await?;
        tx.commit().await?;
        Ok(saved)
    }

    pub async fn prove(&self, by: &Caller, unit: usize, code: &str) -> Result<()> {
        self.prove_by(by, unit, code, "https://example.com/bc").await
    }

    /// The same with a document of one's choice.
    pub async fn prove_by(&self, by: &Caller, unit: usize, code: &str, url: &str) -> Result<()> {
        let tx = self.test.db.begin(by).await?;
        let link = Source::Link { title: "Báo cáo".into(), url: url.into() };
        evidence::attach(&tx, self.sheets[unit], code, Attach::of(link)).await?;
        tx.commit().await
    }

    /// Everything filled in: 1.1 = `a`/10, 1.2 = 5/10, 2.1 claimed or yes.
    pub async fn complete(&self, unit: usize, a: u32, claim: Option<Claim>) {
        self.save(unit, answer("1.1", &[("a", &a.to_string()), ("tong", "10")])).await.unwrap();
        self.save(unit, answer("1.2", &[("b", "5")])).await.unwrap();
        let claimed = claim.is_some();
        let last = SaveAnswer { claim, ..answer("2.1", if claimed { &[] } else { &[("c", "true")] }) };
        self.save(unit, last).await.unwrap();
        for code in ["1.1", "1.2", "2.1"] {
            self.prove(&self.editor(unit), unit, code).await.unwrap();
        }
    }

    pub async fn submit(&self, unit: usize) -> Result<()> {
        let tx = self.test.db.begin(&self.of_unit(Role::UnitApprover, unit)).await?;
        sign(&tx, self.sheets[unit]).await?;
        tx.commit().await
    }

    pub async fn start_appraisal(&self) -> Result<()> {
        let tx = self.test.db.begin(&self.as_role(Role::PeriodManager)).await?;
        year::start_appraisal(&tx, self.period).await?;
        tx.commit().await
    }

    /// Decides, and answers the row as it is shown afterwards.
    pub async fn decide(&self, by: &Caller, unit: usize, decide: Decide) -> Result<appraisal::AppraisalRow> {
        let tx = self.test.db.begin(by).await?;
        appraisal::decide(&tx, self.sheets[unit], &decide).await?;
        tx.commit().await?;
        let tx = self.test.db.read(by).await?;
        let sections = appraisal::sheet(&tx, self.sheets[unit]).await?.sections;
        let mut rows = sections.into_iter().flat_map(|section| section.rows);
        Ok(rows.find(|row| row.code == decide.code).unwrap())
    }

    pub async fn accept_all(&self, unit: usize) -> u32 {
        let tx = self.test.db.begin(&self.as_role(Role::Appraiser)).await.unwrap();
        let accepted = appraisal::accept_agreeing(&tx, self.sheets[unit]).await.unwrap();
        tx.commit().await.unwrap();
        accepted
    }

    pub async fn conclude(&self) -> Result<()> {
        let tx = self.test.db.begin(&self.as_role(Role::CouncilChair)).await?;
        appraisal::conclude(&tx, self.period).await?;
        tx.commit().await
    }
}

/// The head's signature under the sheet as it stands.
pub async fn sign(tx: &Tx, sheet: AssessmentId) -> Result<()> {
    let shown = desk::sheet(tx, sheet).await?.shown;
    assessments::submit(tx, sheet, &Sign { name: "Thủ trưởng".into(), shown }).await
}

fn kind_of(role: Role) -> SeatKind {
    match role {
        Role::CouncilChair => SeatKind::Chair,
        Role::CouncilSecretary => SeatKind::Secretary,
        _ => SeatKind::Member,
    }
}

async fn stored_council(test: &TestDb, tenant: TenantId, slug: &str) -> [(Role, AccountId); 3] {
    let mut all = [Role::CouncilChair, Role::CouncilSecretary, Role::Appraiser].map(|role| (role, AccountId::new()));
    for (role, account) in &mut all {
        *account = test.account(&format!("{slug}.{}", role.as_str())).await;
        test.member(tenant, *account, *role, None).await;
    }
    all
}

async fn add_unit(test: &TestDb, tenant: TenantId, code: &str, name: &str) -> UnitId {
    let tx = test.db.begin(&tenants::testing::caller(tenant, &[Role::TenantAdmin])).await.unwrap();
    let new = NewUnit {
        kind: UnitKind::Department,
        official_code: code.into(),
        name: name.into(),
        short_name: String::new(),
        valid_from: date!(2020 - 01 - 01),
        parent: None,
    };
    let id = units::create(&tx, new).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// A first save of a row.
pub fn answer(code: &str, fields: &[(&str, &str)]) -> SaveAnswer {
    let fields: BTreeMap<String, String> = fields.iter().map(|(name, text)| ((*name).into(), (*text).into())).collect();
    SaveAnswer {
        code: code.into(),
        fields,
        seen: BTreeMap::new(),
        explanation: String::new(),
        claim: None,
        confirm: false,
        own_points: None,
        revision: 0,
    }
}

pub fn adjust(code: &str, points: &str, reason: &str, revision: i64) -> Decide {
    Decide {
        code: code.into(),
        decision: Decision::Adjust,
        points: points.into(),
        reason: reason.into(),
        reason_code: Some(ReasonCode::Other),
        figures: BTreeMap::new(),
        revision,
    }
}

pub fn decision(code: &str, decision: Decision, reason: &str) -> Decide {
    Decide {
        code: code.into(),
        decision,
        points: String::new(),
        reason: reason.into(),
        reason_code: None,
        figures: BTreeMap::new(),
        revision: 0,
    }
}

/// Stands for a signed decision.
pub fn decision_file() -> StoredFile {
    StoredFile {
        sha256: "0".repeat(64),
        length: 4,
        media_type: "application/pdf".into(),
        name: "quyet-dinh.pdf".into(),
        scan: Scan::Unasked,
    }
}

/// Issues a set's draft as somebody with a signed decision at hand would.
pub async fn issue(tx: &Tx, set_id: SetId, revision: i64) -> VersionId {
    let (number, date) = ("1/QĐ".into(), date!(2025 - 12 - 01));
    let issue = Issue { set_id, revision, decision_number: number, decision_date: date, file: Some(decision_file()) };
    indicator_sets::issue(tx, &worker(), &issue).await.unwrap().version().unwrap()
}
