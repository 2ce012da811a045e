//! One year of a tenant, walked through the use cases exactly as people would.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::Indicator;
use engine::run::Rules;
use rust_decimal::Decimal;
use tenants::appraisal::{self, AppraisalRow, Decide};
use tenants::assessments::{self, SaveAnswer, Sign};
use tenants::council::{self, NewDecision, NewSeat};
use tenants::decisions::{Decision, ReasonCode};
use tenants::documents::DocumentCard;
use tenants::evidence::{self, Attach, Source};
use tenants::files::StoredFile;
use tenants::ids::{AssessmentId, PeriodId};
use tenants::seats::SeatKind;
use tenants::sheets::{self, Claim, ClaimGround};
use tenants::{Caller, desk, year};

use tenants::store::Db;
use tenants::{Error, Result};

use super::answers::Voice;
use super::people::People;
use super::province::SAMPLE_NUMBER;
use super::units::SampleUnit;

/// How far a unit gets by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Diligence {
    NotStarted,
    /// The first so many indicators.
    Part(usize),
    Complete,
}

/// A unit's sheet in a period.
pub async fn sheet_of(db: &Db, editor: &Caller, period: PeriodId) -> Result<AssessmentId> {
    let tx = db.read(editor).await?;
    let mine = sheets::mine(&tx).await?;
    mine.into_iter().find(|line| line.period.id == period).map(|line| line.id).ok_or(Error::NotFound)
}

/// The clerk fills in the sheet with the unit's figures and what proves them, and claims N/A where there is no function.
/// Where the clerk stops half-way, the last row is not proven yet.
pub async fn fill_in(
    db: &Db,
    editor: &Caller,
    sheet: AssessmentId,
    rules: &Arc<Rules>,
    unit: &SampleUnit,
    (year, diligence): (i32, Diligence),
) -> Result<()> {
    let count = match diligence {
        Diligence::NotStarted => return Ok(()),
        Diligence::Part(count) => count,
        Diligence::Complete => usize::MAX,
    };
    let voice = Voice { unit, year };
    let tx = db.begin(editor).await?;
    for (position, indicator) in rules.set().indicators().take(count).enumerate() {
        let claim = claim_of(unit, indicator);
        let proof = match diligence {
            _ if claim.is_some() || position + 1 == count => Proof::None,
            Diligence::Part(_) if position % 2 == 1 => Proof::Explanation,
            _ => Proof::Evidence,
        };
        let fields = if claim.is_some() { BTreeMap::new() } else { voice.fields(rules, indicator) };
        let explanation = if proof == Proof::Explanation { EXPLANATION.into() } else { String::new() };
        let answer = SaveAnswer {
            code: indicator.code.clone(),
            fields,
            seen: BTreeMap::new(),
            explanation,
            claim,
            confirm: false,
            own_points: None,
            revision: 0,
        };
        assessments::save_answer(&tx, sheet, &answer).await?;
        if proof == Proof::Evidence {
            prove(&tx, sheet, &indicator.code, unit, year).await?;
        }
    }
    tx.commit().await
}

/// What stands behind a row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Proof {
    None,
    Explanation,
    Evidence,
}

const EXPLANATION: &str =
    "Số liệu tổng hợp từ báo cáo của các phòng chuyên môn, sẽ bổ sung văn bản khi có (dữ liệu mẫu).";

fn claim_of(unit: &SampleUnit, indicator: &Indicator) -> Option<Claim> {
    let asks_procedures = unit.no_procedures && indicator.not_applicable && about_procedures(&indicator.code);
    asks_procedures.then(|| Claim {
        ground: ClaimGround::NoFunction,
        reason: "Đơn vị không có chức năng giải quyết thủ tục hành chính.".into(),
    })
}

/// Bảng 1: indicators that only units with administrative procedures can answer.
fn about_procedures(code: &str) -> bool {
    matches!(code, "2.3" | "6.4" | "6.5" | "6.6" | "6.7" | "6.8" | "6.9" | "6.10" | "6.11")
}

async fn prove(tx: &tenants::store::Tx, sheet: AssessmentId, code: &str, unit: &SampleUnit, year: i32) -> Result<()> {
    let title = format!("Báo cáo kết quả chuyển đổi số năm {year} của {} (dữ liệu mẫu)", unit.short);
    let url = format!("https://example.com/du-lieu-mau/{year}/{}/{code}", unit.code);
    let issued_on = time::Date::from_calendar_date(year, time::Month::December, 20).ok();
    let card = DocumentCard {
        number: "Mẫu/BC".into(),
        issued_on,
        issuer: unit.name.into(),
        summary: format!("Kết quả thực hiện chuyển đổi số năm {year}"),
        signer: String::new(),
    };
    let attach = Attach { card, ..Attach::of(Source::Link { title, url }) };
    evidence::attach(tx, sheet, code, attach).await?;
    Ok(())
}

/// The head signs.
pub async fn submit(db: &Db, head: &Caller, sheet: AssessmentId) -> Result<()> {
    let tx = db.begin(head).await?;
    let shown = desk::sheet(&tx, sheet).await?.shown;
    assessments::submit(&tx, sheet, &Sign { name: head.name.clone(), shown }).await?;
    tx.commit().await
}

/// The council decides a whole sheet: claims granted, some scores adjusted, the rest accepted.
pub async fn appraise(db: &Db, member: &Caller, sheet: AssessmentId, voice: Voice<'_>) -> Result<()> {
    let tx = db.begin(member).await?;
    let before = appraisal::sheet(&tx, sheet).await?;
    for row in before.sections.iter().flat_map(|section| &section.rows) {
        if let Some(decide) = exception(row, voice) {
            appraisal::decide(&tx, sheet, &decide).await?;
        }
    }
    appraisal::accept_agreeing(&tx, sheet).await?;
    let after = appraisal::sheet(&tx, sheet).await?;
    for row in after.sections.iter().flat_map(|section| &section.rows).filter(|row| row.decided.is_none()) {
        let decide = Decide {
            figures: BTreeMap::new(),
            code: row.code.clone(),
            decision: Decision::Accept,
            points: String::new(),
            reason: String::new(),
            reason_code: None,
            revision: row.revision,
        };
        appraisal::decide(&tx, sheet, &decide).await?;
    }
    tx.commit().await
}

fn exception(row: &AppraisalRow, voice: Voice<'_>) -> Option<Decide> {
    let base = |decision, points: String, reason: &str| Decide {
        figures: BTreeMap::new(),
        code: row.code.clone(),
        decision,
        points,
        reason: reason.into(),
        reason_code: (decision == Decision::Adjust).then_some(ReasonCode::Evidence),
        revision: row.revision,
    };
    if row.claim.is_some() {
        return Some(base(Decision::NotApplicable, String::new(), "Đơn vị không có chức năng, nhiệm vụ này."));
    }
    let own = row.self_points?;
    let off = voice.correction(&row.code).filter(|off| *off < own)?;
    let points: Decimal = own - off;
    let reason = "Tài liệu kiểm chứng chưa chứng minh đủ số liệu kê khai.";
    Some(base(Decision::Adjust, points.to_string().replace('.', ","), reason))
}

/// Opens a period.
pub async fn open(db: &Db, manager: &Caller, period: PeriodId) -> Result<()> {
    let tx = db.begin(manager).await?;
    year::open(&tx, period).await?;
    tx.commit().await
}

/// A seat to give: login, seat, field.
pub type SampleSeat = (&'static str, SeatKind, &'static str);

/// The council of a period, by a decision of today.
pub async fn seat_council(
    people: &People<'_>,
    manager: &str,
    period: PeriodId,
    seats: &[SampleSeat],
    file: &StoredFile,
) -> Result<()> {
    let tx = people.db.begin(people.caller(manager)?).await?;
    for (login, kind, field) in seats {
        let account = people.caller(login)?.account.ok_or(Error::NotFound)?;
        council::seat(&tx, period, &NewSeat { account, kind: *kind, field: (*field).into() }).await?;
    }
    let date = tx.now().to_offset(tenants::clock::VIETNAM).date();
    let decision = NewDecision { number: SAMPLE_NUMBER.into(), date, file: Some(file.clone()) };
    council::record_decision(&tx, period, &decision).await?;
    tx.commit().await
}

/// Closes self-assessment and hands the sheets to the council.
pub async fn start_appraisal(db: &Db, manager: &Caller, period: PeriodId) -> Result<()> {
    let tx = db.begin(manager).await?;
    year::start_appraisal(&tx, period).await?;
    tx.commit().await
}
