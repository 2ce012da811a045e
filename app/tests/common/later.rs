//! What an authority has only later in a year than `Authority`'s own period, so that every act of the site map is reached.

use app::App;
use tenants::appraisal::{self, Decide, NewDuty};
use tenants::caller::{Caller, Grant, Role};
use tenants::council::{self, NewDecision, NewSeat};
use tenants::decisions::{Decision, Part, ReasonCode};
use tenants::files::{Scan, StoredFile};
use tenants::ids::{
    AccountId, AssessmentId, CouncilDecisionId, CouncilSessionId, DutyId, PeriodId, SampleId, SeatId, SetId, TaskId,
    VersionId,
};
use tenants::improvement::{self, NewTask};
use tenants::indicator_sets::{self, Issue};
use tenants::members::{self, NewMember};
use tenants::minutes::{self, Written};
use tenants::samples::{self, Draw, Per};
use tenants::seats::{self, SeatKind};
use tenants::store::Tx;
use tenants::store::operator::{self, NewAccount};
use tenants::year::{self, Guidance, NewGroup, NewPeriod};
use time::{Duration, macros::date};

use super::authority::{Authority, PASSWORD, SET};
use super::published::everybody;

pub struct Later {
    /// In its appraisal.
    pub period: PeriodId,
    pub sheet: AssessmentId,
    pub session: CouncilSessionId,
    /// The member's to score a second time.
    pub sample: SampleId,
    /// With a file.
    pub decision: CouncilDecisionId,
    /// Of the authority's own period: somebody who could sit in the council, and the seat of somebody who does.
    pub candidate: AccountId,
    pub seat: SeatId,
    pub judge: AccountId,
    pub task: TaskId,
    /// Copied from another version.
    pub copied: SetId,
    /// Proposed for issue, and waiting for a second person.
    pub proposed: [SetId; 2],
    /// Issued with a file that is stored.
    pub version: VersionId,
}

impl Later {
    pub async fn of(app: &App, here: &Authority) -> Later {
        let all = everybody(here.tenant);
        let file = store(app, here).await;
        let candidates = [add_judge(app, here, "ghe-mot").await, add_judge(app, here, "ghe-hai").await];
        let tx = app.db.begin(&all).await.unwrap();
        year::guide(&tx, here.period, &guidance()).await.unwrap();
        let new = NewSeat { account: candidates[1], kind: SeatKind::Member, field: String::new() };
        let seat = council::seat(&tx, here.period, &new).await.unwrap();
        let members = seats::read(&tx, here.period).await.unwrap().seats;
        let judge = members.iter().find(|seat| seat.name == Role::Appraiser.as_str()).unwrap().account;
        let (version, copied, proposed) = sets(app, &tx, here, file.clone()).await;
        tx.commit().await.unwrap();
        let task = plan(app, here).await;
        let (period, decision) = open(app, here, file).await;
        let (sheet, session, sample) = appraise(app, here, period).await;
        let candidate = candidates[0];
        Later { period, sheet, session, sample, decision, candidate, seat, judge, task, copied, proposed, version }
    }
}

/// A duty of the authority's own period; another one where it was taken away.
pub async fn duty(app: &App, here: &Authority, judge: AccountId) -> DutyId {
    let tx = app.db.begin(&everybody(here.tenant)).await.unwrap();
    let known = appraisal::duties(&tx, here.period).await.unwrap();
    if let Some(duty) = known.first() {
        return duty.id;
    }
    let (period, group) = (here.period, here.group);
    let new = NewDuty { period, group, account: judge, part: Part::All, sheet: None };
    appraisal::assign(&tx, &new).await.unwrap();
    let id = appraisal::duties(&tx, here.period).await.unwrap()[0].id;
    tx.commit().await.unwrap();
    id
}

async fn plan(app: &App, here: &Authority) -> TaskId {
    let grants = vec![Grant { role: Role::UnitEditor, unit: Some(here.unit) }];
    let editor = Caller { account: Some(AccountId::new()), grants, ..Caller::citizen(here.tenant) };
    let tx = app.db.begin(&editor).await.unwrap();
    let new = NewTask { code: "1.1".into(), text: "Việc".into(), owner: String::new(), due: None };
    improvement::add(&tx, here.sheet, &new).await.unwrap();
    let task = improvement::improvement(&tx, here.sheet).await.unwrap().tasks.remove(0).id;
    tx.commit().await.unwrap();
    task
}

fn guidance() -> Guidance {
    Guidance::Link { title: "Hướng dẫn".into(), url: "https://example.com/h".into() }
}

async fn store(app: &App, here: &Authority) -> StoredFile {
    let bytes = bytes::Bytes::from_static(tenants::testing::PDF);
    let stream = futures::stream::iter([Ok::<_, std::io::Error>(bytes)]);
    let stored = app.blobs.put(here.tenant, stream, 1 << 20).await.unwrap();
    StoredFile {
        sha256: stored.sha256,
        length: stored.length,
        media_type: "application/pdf".into(),
        name: "quyet-dinh.pdf".into(),
        scan: Scan::Unasked,
    }
}

async fn add_judge(app: &App, here: &Authority, login: &str) -> AccountId {
    let new = NewAccount {
        login: format!("{}.{login}", here.slug),
        display_name: login.into(),
        email: None,
        password: PASSWORD.into(),
    };
    let account = operator::create_account(&app.db, new).await.unwrap();
    let tx = app.db.begin(&everybody(here.tenant)).await.unwrap();
    members::create(&tx, NewMember { account, role: Role::Appraiser, unit: None }).await.unwrap();
    tx.commit().await.unwrap();
    account
}

async fn sets(app: &App, tx: &Tx, here: &Authority, file: StoredFile) -> (VersionId, SetId, [SetId; 2]) {
    let issue = async |set_id: SetId| {
        let (decision_number, decision_date) = ("2/QĐ".into(), date!(2025 - 12 - 02));
        let issue = Issue { set_id, revision: 1, decision_number, decision_date, file: Some(file.clone()) };
        indicator_sets::issue(tx, &app.worker, &issue).await.unwrap()
    };
    let own = indicator_sets::create(tx, "sau", "Bộ sau", SET).await.unwrap();
    let version = issue(own).await.version().unwrap();
    let copied = indicator_sets::create_from(tx, "chep", "Bộ chép", SET, Some(here.version)).await.unwrap();
    indicator_sets::want_four_eyes(tx, true).await.unwrap();
    let proposed = [
        indicator_sets::create(tx, "cho-mot", "Bộ chờ một", SET).await.unwrap(),
        indicator_sets::create(tx, "cho-hai", "Bộ chờ hai", SET).await.unwrap(),
    ];
    for set in proposed {
        assert!(issue(set).await.version().is_none(), "it waits for a second person");
    }
    (version, copied, proposed)
}

async fn open(app: &App, here: &Authority, file: StoredFile) -> (PeriodId, CouncilDecisionId) {
    let tx = app.db.begin(&everybody(here.tenant)).await.unwrap();
    let now = app.db.clock.now();
    let (version, units) = (here.version, vec![here.unit]);
    let new = NewPeriod {
        year: 2024,
        name: "Năm 2024".into(),
        self_deadline: now + Duration::days(1),
        publish_deadline: now + Duration::days(60),
        managing_unit: None,
        is_sample: true,
        groups: vec![NewGroup { slug: "thu".into(), name: "Nhóm thử".into(), version, units }],
    };
    let period = year::create(&tx, new).await.unwrap();
    // One member, who alone can score again what the chair decided.
    let candidates = seats::read(&tx, period).await.unwrap().candidates;
    for candidate in candidates.into_iter().filter(|candidate| !candidate.name.starts_with("ghe-")) {
        let kind = SeatKind::ALL.into_iter().find(|kind| candidate.may_sit_as(*kind)).unwrap();
        let new = NewSeat { account: candidate.account, kind, field: String::new() };
        council::seat(&tx, period, &new).await.unwrap();
    }
    let new = NewDecision { number: "13/QĐ-UBND".into(), date: date!(2025 - 12 - 20), file: Some(file) };
    council::record_decision(&tx, period, &new).await.unwrap();
    let decision = seats::read(&tx, period).await.unwrap().decisions[0].id;
    year::open(&tx, period).await.unwrap();
    year::start_appraisal(&tx, period).await.unwrap();
    tx.commit().await.unwrap();
    (period, decision)
}

/// The chair decides a row, opens a session and has the row scored again by the member of the authority's own period.
async fn appraise(app: &App, here: &Authority, period: PeriodId) -> (AssessmentId, CouncilSessionId, SampleId) {
    let all = everybody(here.tenant);
    let tx = app.db.begin(&all).await.unwrap();
    let sheet = year::board(&tx, period).await.unwrap().groups[0].units[0].assessment;
    let seated = seats::read(&tx, period).await.unwrap().seats;
    drop(tx);
    let of = |kind: SeatKind| {
        let seat = seated.iter().find(|seat| seat.kind == kind).unwrap();
        Caller { account: Some(seat.account), ..all.clone() }
    };
    let tx = app.db.begin(&of(SeatKind::Chair)).await.unwrap();
    let decide = Decide {
        code: "1.1".into(),
        decision: Decision::Adjust,
        points: "5".into(),
        reason: "Theo biên bản".into(),
        reason_code: Some(ReasonCode::Other),
        figures: Default::default(),
        revision: 0,
    };
    appraisal::decide(&tx, sheet, &decide).await.unwrap();
    let draw = Draw { per: Per::Member, count: 1, drawn: 0 };
    assert_eq!(samples::draw(&tx, period, &draw).await.unwrap().rows, 1);
    let written = Written {
        held_on: app.db.clock.now().date(),
        place: String::new(),
        chair: "A".into(),
        secretary: "B".into(),
        present: "C".into(),
        absent: String::new(),
        proceedings: String::new(),
        conclusion: "Thông qua".into(),
    };
    let session = minutes::open(&tx, period, &written).await.unwrap();
    tx.commit().await.unwrap();
    let tx = app.db.read(&of(SeatKind::Member)).await.unwrap();
    let sample = samples::mine(&tx).await.unwrap()[0].id;
    (sheet, session, sample)
}
