//! A district below the province, a tenant of its own: its commune set, three communes, a period in progress.

use std::collections::HashMap;

use tenants::Result;
use tenants::caller::Role;
use tenants::files::StoredFile;
use tenants::files::blobs::BlobStore;
use tenants::ids::{TenantId, UnitId};
use tenants::indicator_sets::sandbox::WorkerCommand;
use tenants::seats::SeatKind;
use tenants::store::Db;
use tenants::store::operator::{self, NewTenant};
use tenants::year::{NewGroup, NewPeriod};
use time::{Duration, Month};

use super::people::People;
use super::province::{InForce, SAMPLE_NUMBER, add_clerks, add_units, day, put_in_force, sample_file};
use super::units::COMMUNES;
use super::year::{self, Diligence};
use tenants::clock::last_second;

pub async fn load(db: &Db, blobs: &BlobStore, worker: &WorkerCommand, province: TenantId) -> Result<()> {
    tracing::info!("demo: Huyện Điện Biên and its communes");
    let tenant = NewTenant {
        parent: Some(province),
        slug: "huyen-dien-bien".into(),
        name: "Huyện Điện Biên".into(),
        short_name: "Huyện Điện Biên".into(),
        is_sample: true,
        valid_from: day(2022, Month::January, 1),
    };
    let tenant = operator::create_tenant(db, tenant).await?;
    let mut people = People::of(db, tenant, "huyen.quantri", "Quản trị Huyện Điện Biên").await?;
    let ids = add_units(&people, &COMMUNES).await?;
    people.add("huyen.bochiso", "Quản trị bộ chỉ số Huyện Điện Biên", Role::RuleAdmin, None).await?;
    people.add("huyen.quanly", "Quản lý kỳ Huyện Điện Biên", Role::PeriodManager, None).await?;
    people.add("huyen.chutich", "Chủ tịch Hội đồng Huyện Điện Biên", Role::CouncilChair, None).await?;
    people.add("huyen.hoidong", "Thành viên Hội đồng Huyện Điện Biên", Role::Appraiser, None).await?;
    people.add("huyen.congbo", "Phụ trách công bố Huyện Điện Biên", Role::Publisher, None).await?;
    add_clerks(&mut people, &COMMUNES, &ids).await?;
    let set = put_in_force(&people, blobs, worker, "xa", (SAMPLE_NUMBER, day(2022, Month::December, 15))).await?;
    let decision = sample_file(blobs, tenant).await?;
    open_year(&people, &ids, &set, &decision).await
}

async fn open_year(
    people: &People<'_>,
    ids: &HashMap<&'static str, UnitId>,
    set: &InForce,
    decision: &StoredFile,
) -> Result<()> {
    let db = people.db;
    let manager = people.caller("huyen.quanly")?;
    let deadline = db.clock.now().to_offset(tenants::clock::VIETNAM).date() + Duration::days(30);
    let units = COMMUNES.iter().filter_map(|unit| ids.get(unit.code)).copied().collect();
    let new = NewPeriod {
        year: 2025,
        name: "Đánh giá chuyển đổi số cấp xã năm 2025".into(),
        self_deadline: last_second(deadline),
        publish_deadline: last_second(deadline + Duration::days(60)),
        managing_unit: None,
        is_sample: true,
        groups: vec![NewGroup { slug: "xa".into(), name: "Cấp xã".into(), version: set.version, units }],
    };
    let tx = db.begin(manager).await?;
    let period = tenants::year::create(&tx, new).await?;
    tx.commit().await?;
    year::open(db, manager, period).await?;
    let seats = [("huyen.chutich", SeatKind::Chair, ""), ("huyen.hoidong", SeatKind::Member, "Mọi lĩnh vực")];
    year::seat_council(people, "huyen.quanly", period, &seats, decision).await?;
    for (position, unit) in COMMUNES.iter().enumerate() {
        let diligence = if position < 2 { Diligence::Complete } else { Diligence::Part(9) };
        let editor = people.caller(&format!("chuyenvien.{}", unit.code))?;
        let sheet = year::sheet_of(db, editor, period).await?;
        year::fill_in(db, editor, sheet, &set.rules, unit, (2025, diligence)).await?;
    }
    Ok(())
}
