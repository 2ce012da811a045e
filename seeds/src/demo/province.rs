//! The province: 19 departments and 10 districts, 2024 published, 2025 in progress.

use std::collections::HashMap;
use std::sync::Arc;

use engine::run::Rules;
use tenants::caller::Role;
use tenants::files::blobs::BlobStore;
use tenants::files::{Scan, StoredFile};
use tenants::ids::{PeriodId, TenantId, UnitId, VersionId};
use tenants::indicator_sets::sandbox::WorkerCommand;
use tenants::indicator_sets::{self, Issue};
use tenants::publication::{self, Publish};
use tenants::seats::SeatKind;
use tenants::store::Db;
use tenants::store::operator::{self, NewTenant};
use tenants::units::{self, NewUnit, UnitKind};
use tenants::year::{NewGroup, NewPeriod};
use tenants::{Result, appraisal};
use time::{Date, Duration, Month};

use super::answers::Voice;
use super::people::People;
use super::units::{MANAGING, PROVINCE, SampleUnit};
use super::vietnam;
use super::year::{self, Diligence, SampleSeat};
use crate::SETS;
use tenants::clock::last_second;

/// Stands where a real decision would have its number.
pub const SAMPLE_NUMBER: &str = "Mẫu/QĐ-UBND (dữ liệu mẫu)";

/// A set put in force.
pub struct InForce {
    pub version: VersionId,
    pub rules: Arc<Rules>,
}

/// Creates the province with its two years.
pub async fn load(db: &Db, blobs: &BlobStore, worker: &WorkerCommand) -> Result<TenantId> {
    db.clock.set(vietnam(2022, Month::November, 1, 8));
    let tenant = NewTenant {
        parent: None,
        slug: super::SLUG.into(),
        name: "Tỉnh Điện Biên".into(),
        short_name: "Điện Biên".into(),
        is_sample: true,
        valid_from: day(2022, Month::January, 1),
    };
    let tenant = operator::create_tenant(db, tenant).await?;
    tracing::info!("demo: units and accounts of Tỉnh Điện Biên");
    let mut people = People::of(db, tenant, "quantri", "Quản trị đơn vị").await?;
    let ids = add_units(&people, &PROVINCE).await?;
    add_staff(&mut people, &ids).await?;
    add_clerks(&mut people, &PROVINCE, &ids).await?;
    let departments = put_in_force(&people, blobs, worker, "so", DECISION).await?;
    let districts = put_in_force(&people, blobs, worker, "huyen", DECISION).await?;
    let decision = sample_file(blobs, tenant).await?;
    let province = Province { people, ids, departments, districts, decision };
    province.past_year().await?;
    province.present_year().await?;
    Ok(tenant)
}

/// Adds units in order and answers their ids by code.
pub async fn add_units(people: &People<'_>, sample: &[SampleUnit]) -> Result<HashMap<&'static str, UnitId>> {
    let tx = people.db.begin(&people.admin).await?;
    let mut ids = HashMap::new();
    for unit in sample {
        let new = NewUnit {
            kind: unit.kind,
            official_code: unit.code.into(),
            name: unit.name.into(),
            short_name: unit.short.into(),
            valid_from: day(2022, Month::January, 1),
            parent: None,
        };
        ids.insert(unit.code, units::create(&tx, new).await?);
    }
    tx.commit().await?;
    Ok(ids)
}

async fn add_staff(people: &mut People<'_>, ids: &HashMap<&str, UnitId>) -> Result<()> {
    let unit = |code: &str| ids.get(code).copied();
    people.add("quanly", "Chuyên viên cơ quan thường trực", Role::PeriodManager, unit(MANAGING)).await?;
    people.add("bochiso", "Quản trị bộ chỉ số", Role::RuleAdmin, unit(MANAGING)).await?;
    people.add("hoidong", "Thành viên Hội đồng (Sở Tài chính)", Role::Appraiser, unit("so-tai-chinh")).await?;
    people.add("hoidong2", "Thành viên Hội đồng (Sở Nội vụ)", Role::Appraiser, unit("so-noi-vu")).await?;
    people.add("thuky", "Thư ký Hội đồng", Role::CouncilSecretary, unit(MANAGING)).await?;
    people.add("chutich", "Chủ tịch Hội đồng", Role::CouncilChair, None).await?;
    people.add("congbo", "Phụ trách công bố", Role::Publisher, None).await?;
    people.add("thanhtra", "Thanh tra, kiểm tra", Role::Inspector, None).await
}

/// A clerk and a head for each unit.
pub async fn add_clerks(
    people: &mut People<'_>,
    sample: &[SampleUnit],
    ids: &HashMap<&'static str, UnitId>,
) -> Result<()> {
    for unit in sample {
        let id = ids.get(unit.code).copied();
        let clerk = format!("chuyenvien.{}", unit.code);
        people.add(&clerk, &format!("Chuyên viên {}", unit.name), Role::UnitEditor, id).await?;
        let head = format!("lanhdao.{}", unit.code);
        people.add(&head, &format!("Lãnh đạo {}", unit.name), Role::UnitApprover, id).await?;
    }
    Ok(())
}

/// The decision behind both tables.
const DECISION: (&str, Date) = ("2001/QĐ-UBND", day(2022, Month::October, 31));

/// Issues a shipped set in the tenant under a decision.
pub async fn put_in_force(
    people: &People<'_>,
    blobs: &BlobStore,
    worker: &WorkerCommand,
    slug: &str,
    (number, date): (&str, Date),
) -> Result<InForce> {
    let shipped = SETS.iter().find(|set| set.slug == slug).ok_or(tenants::Error::NotFound)?;
    let tx = people.db.begin(people.caller("bochiso").or_else(|_| people.caller("huyen.bochiso"))?).await?;
    let set_id = indicator_sets::create(&tx, shipped.slug, shipped.name, shipped.source).await?;
    let file = Some(sample_file(blobs, tx.tenant()).await?);
    let issue = Issue { set_id, revision: 1, decision_number: number.into(), decision_date: date, file };
    let issued = indicator_sets::issue(&tx, worker, &issue).await?;
    let version = issued.version().ok_or(tenants::Error::NotFound)?;
    let rules = indicator_sets::rules(&tx, version).await?;
    tx.commit().await?;
    Ok(InForce { version, rules })
}

/// One blank page that stands where the signed decision would be.
const SAMPLE_PDF: &[u8] = b"%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj
trailer<</Root 1 0 R>>
%%EOF
";

pub async fn sample_file(blobs: &BlobStore, tenant: TenantId) -> Result<StoredFile> {
    let bytes = futures::stream::iter([Ok(bytes::Bytes::from_static(SAMPLE_PDF))]);
    let stored = blobs.put(tenant, bytes, 1 << 20).await?;
    Ok(StoredFile {
        sha256: stored.sha256,
        length: stored.length,
        media_type: "application/pdf".into(),
        name: "quyet-dinh-mau.pdf".into(),
        scan: Scan::Unasked,
    })
}

/// Who sits in the council of each year.
const COUNCIL: [SampleSeat; 4] = [
    ("chutich", SeatKind::Chair, ""),
    ("thuky", SeatKind::Secretary, ""),
    ("hoidong", SeatKind::Member, "Thể chế số, nhân lực số, ngân sách"),
    ("hoidong2", SeatKind::Member, "Nhận thức số, hạ tầng số, an toàn thông tin mạng"),
];

struct Province<'a> {
    people: People<'a>,
    ids: HashMap<&'static str, UnitId>,
    departments: InForce,
    districts: InForce,
    /// Stands where the decision on the council would be.
    decision: StoredFile,
}

impl Province<'_> {
    async fn past_year(&self) -> Result<()> {
        let db = self.people.db;
        db.clock.set(vietnam(2025, Month::January, 2, 8));
        let deadline = day(2025, Month::January, 30);
        let period = self.create_period(2024, deadline, day(2025, Month::March, 31)).await?;
        let manager = self.people.caller("quanly")?;
        year::open(db, manager, period).await?;
        year::seat_council(&self.people, "quanly", period, &COUNCIL, &self.decision).await?;
        for (position, unit) in PROVINCE.iter().enumerate() {
            tracing::info!("demo: 2024, {}/{} {}", position + 1, PROVINCE.len(), unit.name);
            self.self_assess(period, unit, (2024, Diligence::Complete), true).await?;
        }
        db.clock.set(vietnam(2025, Month::February, 3, 8));
        year::start_appraisal(db, manager, period).await?;
        self.appraise_all(period).await?;
        db.clock.set(vietnam(2025, Month::March, 10, 9));
        let tx = db.begin(self.people.caller("chutich")?).await?;
        appraisal::conclude(&tx, period).await?;
        tx.commit().await?;
        self.publish(period).await
    }

    async fn publish(&self, period: PeriodId) -> Result<()> {
        let db = self.people.db;
        db.clock.set(vietnam(2025, Month::March, 20, 10));
        let tx = db.begin(self.people.caller("congbo")?).await?;
        let decision = Publish {
            decision_number: SAMPLE_NUMBER.into(),
            decision_date: day(2025, Month::March, 20),
            note: String::new(),
        };
        publication::publish(&tx, period, &decision).await?;
        tx.commit().await
    }

    async fn present_year(&self) -> Result<()> {
        let db = self.people.db;
        db.clock.release();
        // Whenever the demo is loaded, there is time left to try it.
        let today = db.clock.now().to_offset(tenants::clock::VIETNAM).date();
        let deadline = day(2026, Month::January, 30).max(today + Duration::days(45));
        let period = self.create_period(2025, deadline, deadline + Duration::days(60)).await?;
        year::open(db, self.people.caller("quanly")?, period).await?;
        year::seat_council(&self.people, "quanly", period, &COUNCIL, &self.decision).await?;
        for (position, unit) in PROVINCE.iter().enumerate() {
            tracing::info!("demo: 2025, {}/{} {}", position + 1, PROVINCE.len(), unit.name);
            let diligence = match (unit.code, position % 8) {
                ("so-noi-vu", _) => Diligence::Part(22),
                (_, 0) => Diligence::Complete,
                (_, 1 | 5) => Diligence::Part(12),
                (_, 2 | 6) => Diligence::NotStarted,
                _ => Diligence::Part(28),
            };
            self.self_assess(period, unit, (2025, diligence), diligence == Diligence::Complete).await?;
        }
        Ok(())
    }

    async fn create_period(&self, year: i32, deadline: Date, publish: Date) -> Result<PeriodId> {
        let of =
            |kind| PROVINCE.iter().filter(move |unit| unit.kind == kind).filter_map(|unit| self.ids.get(unit.code));
        let group = |slug: &str, name: &str, version, kind| NewGroup {
            slug: slug.into(),
            name: name.into(),
            version,
            units: of(kind).copied().collect(),
        };
        let new = NewPeriod {
            year,
            name: format!("Đánh giá chuyển đổi số năm {year}"),
            self_deadline: last_second(deadline),
            publish_deadline: last_second(publish),
            managing_unit: self.ids.get(MANAGING).copied(),
            is_sample: true,
            groups: vec![
                group("so", "Sở, ban, ngành", self.departments.version, UnitKind::Department),
                group("huyen", "Cấp huyện", self.districts.version, UnitKind::District),
            ],
        };
        let tx = self.people.db.begin(self.people.caller("quanly")?).await?;
        let id = tenants::year::create(&tx, new).await?;
        tx.commit().await?;
        Ok(id)
    }

    async fn self_assess(
        &self,
        period: PeriodId,
        unit: &SampleUnit,
        (year, diligence): (i32, Diligence),
        submitted: bool,
    ) -> Result<()> {
        let db = self.people.db;
        let editor = self.people.caller(&format!("chuyenvien.{}", unit.code))?;
        let rules = if unit.kind == UnitKind::Department { &self.departments.rules } else { &self.districts.rules };
        let sheet = year::sheet_of(db, editor, period).await?;
        year::fill_in(db, editor, sheet, rules, unit, (year, diligence)).await?;
        if submitted {
            year::submit(db, self.people.caller(&format!("lanhdao.{}", unit.code))?, sheet).await?;
        }
        Ok(())
    }

    async fn appraise_all(&self, period: PeriodId) -> Result<()> {
        let db = self.people.db;
        for unit in &PROVINCE {
            tracing::info!("demo: appraising {}", unit.name);
            let editor = self.people.caller(&format!("chuyenvien.{}", unit.code))?;
            let sheet = year::sheet_of(db, editor, period).await?;
            // Nobody judges the own unit; the standing agency's sheet goes to the chair.
            let judge = match unit.code {
                MANAGING => "chutich",
                "so-tai-chinh" => "hoidong2",
                _ => "hoidong",
            };
            let voice = Voice { unit, year: 2024 };
            year::appraise(db, self.people.caller(judge)?, sheet, voice).await?;
        }
        Ok(())
    }
}

pub const fn day(year: i32, month: Month, day: u8) -> Date {
    match Date::from_calendar_date(year, month, day) {
        Ok(date) => date,
        Err(_) => Date::MIN,
    }
}
