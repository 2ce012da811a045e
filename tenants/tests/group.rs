//! A whole group at once: as many statements for many units as for few, a column in pages, and units outside the ranking.
#![allow(clippy::unwrap_used)]

use crate::common;

use common::{DEADLINE, SET, adjust, answer, decision, issue};
use tenants::appraisal::{self, Spot};
use tenants::assessments::{self, SaveAnswer};
use tenants::cache::Cache;
use tenants::caller::{Grant, Role};
use tenants::council::{self, NewDecision, NewSeat};
use tenants::decisions::Decision;
use tenants::evidence::{self, Attach, Source};
use tenants::ids::{AccountId, AssessmentId, GroupId, PeriodId, TenantId, UnitId};
use tenants::publication::{self, Publish};
use tenants::seats::SeatKind;
use tenants::store::Db;
use tenants::testing::{TestDb, on_both};
use tenants::units::{self, NewUnit, UnitKind};
use tenants::year::{self, NewGroup, NewPeriod};
use tenants::{Caller, indicator_sets, minutes, petitions, ranking, sheets, simulation};
use time::macros::{date, datetime};

/// An authority whose group has as many units as wanted, all submitted, before the council.
struct Crowd<'a> {
    test: &'a TestDb,
    tenant: TenantId,
    period: PeriodId,
    group: GroupId,
    sheets: Vec<AssessmentId>,
    /// Who chairs the council.
    chair: AccountId,
}

impl<'a> Crowd<'a> {
    async fn gather(test: &'a TestDb, slug: &str, count: usize) -> Crowd<'a> {
        test.db.clock.set(datetime!(2026-01-05 08:00 +7));
        let tenant = test.tenant(slug).await;
        let caller = |roles: &[Role]| tenants::testing::caller(tenant, roles);
        let tx = test.db.begin(&caller(&[Role::TenantAdmin, Role::RuleAdmin, Role::PeriodManager])).await.unwrap();
        let mut of_group: Vec<UnitId> = Vec::new();
        for at in 0..count {
            let new = NewUnit {
                kind: UnitKind::Department,
                official_code: format!("dv-{at:03}"),
                name: format!("Đơn vị {at:03}"),
                short_name: String::new(),
                valid_from: date!(2020 - 01 - 01),
                parent: None,
            };
            of_group.push(units::create(&tx, new).await.unwrap());
        }
        let set = indicator_sets::create(&tx, "thu", "Bộ thử", SET).await.unwrap();
        let version = issue(&tx, set, 1).await;
        let group = NewGroup { slug: "thu".into(), name: "Nhóm thử".into(), version, units: of_group.clone() };
        let new = NewPeriod {
            year: 2025,
            name: "Năm 2025".into(),
            self_deadline: DEADLINE,
            publish_deadline: datetime!(2026-03-31 23:59:59 +7),
            managing_unit: None,
            is_sample: false,
            groups: vec![group],
        };
        let period = year::create(&tx, new).await.unwrap();
        year::open(&tx, period).await.unwrap();
        let group = simulation::grounds(&tx, set).await.unwrap().remove(0).group;
        tx.commit().await.unwrap();
        let chair = seat_chair(test, tenant, slug, period).await;
        let sheets = fill(test, tenant, &of_group).await;
        test.db.clock.set(datetime!(2026-02-02 09:00 +7));
        let tx = test.db.begin(&caller(&[Role::PeriodManager])).await.unwrap();
        year::start_appraisal(&tx, period).await.unwrap();
        tx.commit().await.unwrap();
        Crowd { test, tenant, period, group, sheets, chair }
    }

    /// The chair where the roles say so, otherwise anybody with them.
    fn caller(&self, roles: &[Role]) -> Caller {
        let caller = tenants::testing::caller(self.tenant, roles);
        let account = if roles.contains(&Role::CouncilChair) { Some(self.chair) } else { caller.account };
        Caller { account, ..caller }
    }

    async fn decide(&self, at: usize, input: appraisal::Decide) {
        let tx = self.test.db.begin(&self.caller(&[Role::CouncilChair])).await.unwrap();
        appraisal::decide(&tx, self.sheets[at], &input).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn accept(&self, code: &str) -> u32 {
        let tx = self.test.db.begin(&self.caller(&[Role::CouncilChair])).await.unwrap();
        let accepted = appraisal::accept_column(&tx, self.group, code).await.unwrap();
        tx.commit().await.unwrap();
        accepted
    }

    async fn column(&self, spot: Spot) -> appraisal::Column {
        let tx = self.test.db.read(&self.caller(&[Role::CouncilChair])).await.unwrap();
        appraisal::column(&tx, self.group, Some("1.1"), spot).await.unwrap()
    }

    async fn verify(&self) {
        let tx = self.test.db.read(&self.caller(&[Role::CouncilChair])).await.unwrap();
        ranking::verify(&tx, self.period).await.unwrap();
    }

    /// Statements of one piece of work, after the same work has warmed what is kept in memory.
    async fn cost(&self, work: impl AsyncFn(&Crowd<'_>, Db)) -> Vec<String> {
        work(self, self.test.db.clone()).await;
        self.test.statements(async |db| work(self, db).await).await
    }
}

/// A council of one, by decision.
async fn seat_chair(test: &TestDb, tenant: TenantId, slug: &str, period: PeriodId) -> AccountId {
    let account = test.account(&format!("{slug}.chutich")).await;
    test.member(tenant, account, Role::CouncilChair, None).await;
    let tx = test.db.begin(&tenants::testing::caller(tenant, &[Role::PeriodManager])).await.unwrap();
    council::seat(&tx, period, &NewSeat { account, kind: SeatKind::Chair, field: String::new() }).await.unwrap();
    let decision = NewDecision { number: "12/QĐ".into(), date: date!(2025 - 12 - 20), file: None };
    council::record_decision(&tx, period, &decision).await.unwrap();
    tx.commit().await.unwrap();
    account
}

/// Every unit fills in all three indicators and submits; unit n has n of 100 at 1.1.
async fn fill(test: &TestDb, tenant: TenantId, units: &[UnitId]) -> Vec<AssessmentId> {
    let mut sheets = Vec::new();
    for (at, unit) in units.iter().enumerate() {
        let grants = [Role::UnitEditor, Role::UnitApprover].map(|role| Grant { role, unit: Some(*unit) }).to_vec();
        let clerk = Caller { tenant, account: Some(AccountId::new()), name: "Văn thư".into(), grants };
        let tx = test.db.begin(&clerk).await.unwrap();
        let sheet = sheets::mine(&tx).await.unwrap()[0].id;
        let a = (at + 1).to_string();
        for save in [
            answer("1.1", &[("a", &a), ("tong", "100")]),
            answer("1.2", &[("b", "5")]),
            answer("2.1", &[("c", "true")]),
        ] {
            let explained = SaveAnswer { explanation: "Theo báo cáo".into(), ..save };
            assessments::save_answer(&tx, sheet, &explained).await.unwrap();
        }
        let link = Source::Link { title: "Báo cáo".into(), url: "https://example.com/bc".into() };
        evidence::attach(&tx, sheet, "1.1", Attach::of(link)).await.unwrap();
        common::sign(&tx, sheet).await.unwrap();
        tx.commit().await.unwrap();
        sheets.push(sheet);
    }
    sheets
}

async fn same_cost(few: &Crowd<'_>, many: &Crowd<'_>, what: &str, work: impl AsyncFn(&Crowd<'_>, Db)) {
    let (a, b) = (few.cost(&work).await, many.cost(&work).await);
    assert_eq!(a.len(), b.len(), "{what}: {a:#?}\n{b:#?}");
}

/// Four times the units, not one statement more.
#[tokio::test]
async fn reading_a_group_costs_the_same_for_few_and_for_many() {
    on_both(async |test| {
        let (few, many) = (Crowd::gather(&test, "it", 3).await, Crowd::gather(&test, "nhieu", 12).await);
        same_cost(&few, &many, "column", async |here, db| {
            let tx = db.read(&here.caller(&[Role::CouncilChair])).await.unwrap();
            appraisal::column(&tx, here.group, Some("1.1"), Spot::Page(0)).await.unwrap();
        })
        .await;
        same_cost(&few, &many, "open rows", async |here, db| {
            let tx = db.read(&here.caller(&[Role::CouncilChair])).await.unwrap();
            let open = appraisal::open_rows(&tx, here.period).await.unwrap();
            assert_eq!(open.len(), here.sheets.len());
        })
        .await;
        same_cost(&few, &many, "exemptions", async |here, db| {
            let tx = db.read(&here.caller(&[Role::PeriodManager])).await.unwrap();
            assert_eq!(assessments::matrix(&tx, here.group).await.unwrap().units.len(), here.sheets.len());
        })
        .await;
        same_cost(&few, &many, "simulation", async |here, db| {
            let tx = db.read(&here.caller(&[Role::RuleAdmin])).await.unwrap();
            let (health, _) = simulation::examine(&tx, here.group).await.unwrap();
            assert_eq!(usize::try_from(health.units).unwrap(), here.sheets.len());
        })
        .await;
        same_cost(&few, &many, "record and lists", async |here, db| {
            let tx = db.read(&here.caller(&[Role::CouncilChair])).await.unwrap();
            minutes::record(&tx, here.period).await.unwrap();
            assert_eq!(appraisal::list(&tx).await.unwrap().len(), here.sheets.len());
            appraisal::differences(&tx, here.period).await.unwrap();
            ranking::verify(&tx, here.period).await.unwrap();
        })
        .await;
        same_cost(&few, &many, "snapshot", async |here, db| {
            let tx = db.read(&here.caller(&[Role::Publisher])).await.unwrap();
            publication::preview(&tx, here.period).await.unwrap();
        })
        .await;
    })
    .await;
}

/// One decision scores one sheet and writes one row of the ranking, however many there are.
#[tokio::test]
async fn a_decision_costs_what_it_changes() {
    on_both(async |test| {
        let (few, many) = (Crowd::gather(&test, "it", 3).await, Crowd::gather(&test, "nhieu", 12).await);
        let mut costs = Vec::new();
        for here in [&few, &many] {
            here.decide(0, adjust("1.1", "1", "Đối chiếu", 0)).await;
            let generations = "SELECT count(DISTINCT generation) FROM rankings WHERE period_id = ";
            let period = match test.is_postgres() {
                true => format!("'{}'", here.period),
                false => format!("x'{}'", here.period.to_string().replace('-', "")),
            };
            let tx = test.db.read(&here.caller(&[Role::Inspector])).await.unwrap();
            assert_eq!(tenants::testing::count(&tx, &format!("{generations}{period}")).await, 2);
            drop(tx);
            let work = async |db: Db| {
                let tx = db.begin(&here.caller(&[Role::CouncilChair])).await.unwrap();
                appraisal::decide(&tx, here.sheets[1], &adjust("1.1", "2", "Đối chiếu", 0)).await.unwrap();
                tx.commit().await.unwrap();
            };
            costs.push(test.statements(work).await);
            here.verify().await;
        }
        assert_eq!(costs[0].len(), costs[1].len(), "{costs:#?}");
    })
    .await;
}

#[tokio::test]
async fn ranks_kept_after_single_decisions_are_those_calculated_from_scratch() {
    on_both(async |test| {
        let here = Crowd::gather(&test, "tinh", 4).await;
        here.verify().await;
        assert_eq!(here.accept("1.1").await, 4);
        here.verify().await;
        for (at, points) in [(2, "20"), (0, "20"), (3, "1"), (1, "20")] {
            for code in ["1.2", "2.1"] {
                here.decide(at, decision(code, Decision::Accept, "")).await;
                here.verify().await;
            }
            here.decide(at, adjust("1.1", points, "Đối chiếu", 1)).await;
            here.verify().await;
        }
        let tx = test.db.read(&here.caller(&[Role::Inspector])).await.unwrap();
        let ranking = ranking::read(&tx, &Cache::memory(), here.period).await.unwrap().remove(0);
        let ranks: Vec<_> = ranking.rows.iter().map(|line| (line.unit_name.as_str(), line.rank)).collect();
        let first = [("Đơn vị 000", Some(1)), ("Đơn vị 001", Some(1)), ("Đơn vị 002", Some(1))];
        assert_eq!(ranks, [&first[..], &[("Đơn vị 003", Some(4))]].concat());
    })
    .await;
}

#[tokio::test]
async fn a_column_shows_a_page_and_leads_to_what_is_left() {
    on_both(async |test| {
        let here = Crowd::gather(&test, "tinh", 27).await;
        let column = here.column(Spot::Page(0)).await;
        assert_eq!((column.rows.len(), column.pages, column.units, column.open), (25, 2, 27, 27));
        assert_eq!(column.focus, Some(here.sheets[0]));
        assert_eq!(here.column(Spot::Page(9)).await.rows.len(), 2, "past the end is the last page");
        assert_eq!(here.column(Spot::At(here.sheets[26])).await.page, 1);
        assert_eq!(here.column(Spot::After(here.sheets[24])).await.focus, Some(here.sheets[25]));
        assert_eq!(here.column(Spot::After(here.sheets[26])).await.focus, Some(here.sheets[0]), "around the end");
        here.decide(0, adjust("1.1", "1", "Đối chiếu", 0)).await;
        assert_eq!(here.column(Spot::After(here.sheets[26])).await.focus, Some(here.sheets[1]));
        assert_eq!(here.accept("1.1").await, 26, "on both pages, the decided one left alone");
        let column = here.column(Spot::After(here.sheets[26])).await;
        assert_eq!((column.open, column.focus, column.page), (0, Some(here.sheets[26]), 1), "nothing is left: stay");
        assert_eq!(column.codes, [("1.1".into(), 0), ("1.2".into(), 27), ("2.1".into(), 27)]);
    })
    .await;
}

#[tokio::test]
async fn a_unit_outside_the_ranking_has_an_index_and_takes_nobodys_place() {
    on_both(async |test| {
        let here = Crowd::gather(&test, "tinh", 3).await;
        let best = here.sheets[2].to_string();
        let id = if test.is_postgres() { format!("'{best}'") } else { format!("x'{}'", best.replace('-', "")) };
        test.tamper(&format!("UPDATE assessments SET ranked = FALSE WHERE id = {id}")).await;
        here.accept("1.1").await;
        for at in 0..3 {
            for code in ["1.2", "2.1"] {
                here.decide(at, decision(code, Decision::Accept, "")).await;
            }
        }
        here.verify().await;
        let tx = test.db.begin(&here.caller(&[Role::CouncilChair, Role::Publisher])).await.unwrap();
        let ranking = ranking::read(&tx, &Cache::memory(), here.period).await.unwrap().remove(0);
        let places: Vec<_> =
            ranking.rows.iter().map(|line| (line.unit_name.as_str(), line.rank, line.ranked)).collect();
        let expected = [("Đơn vị 001", Some(1), true), ("Đơn vị 000", Some(2), true), ("Đơn vị 002", None, false)];
        assert_eq!(places, expected);
        assert!(ranking.rows[2].index > ranking.rows[0].index);
        let until = datetime!(2026-02-09 16:00 +7);
        petitions::announce(&tx, here.period, until).await.unwrap();
        tx.commit().await.unwrap();
        test.db.clock.set(datetime!(2026-02-10 08:00 +7));
        let tx = test.db.begin(&here.caller(&[Role::CouncilChair, Role::Publisher])).await.unwrap();
        appraisal::conclude(&tx, here.period).await.unwrap();
        let publish =
            Publish { decision_number: "1/QĐ".into(), decision_date: date!(2026 - 02 - 10), note: String::new() };
        publication::publish(&tx, here.period, &publish).await.unwrap();
        tx.commit().await.unwrap();
        let tx = test.db.read(&Caller::citizen(here.tenant)).await.unwrap();
        let published = publication::read(&tx, 2025, None).await.unwrap();
        let last = published.snapshot.groups[0].units.last().unwrap();
        assert_eq!((last.code.as_str(), last.rank, last.ranked), ("dv-002", None, false));
        assert!(last.index.is_some());
        publication::explain(&tx, 2025, "thu", "dv-002", "1.1").await.unwrap();
    })
    .await;
}
