//! The council's desk: a sheet to judge, a decision on one row, acceptance of everything that proves itself.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use engine::Indicator;
use rust_decimal::Decimal;
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::bulk::in_bulk;
use super::correct::corrected;
use super::{AppraisalRow, AppraisalSection, AppraisalSheet, CouncilLine, Decide, UnitView};
use crate::audit::{self, Event};
use crate::clock;
use crate::decisions::official::scorecard;
use crate::decisions::{
    self, Assigned, Closed, Correction, Decision, Proceedings, ReasonCode, closed, decided, is_open, petitions,
};
use crate::guards;
use crate::ids::AssessmentId;
use crate::periods::{self, Stage};
use crate::points::to_stored;
use crate::policy::{self, Action, Subject};
use crate::seats::{self, SeatKind};
use crate::sheets::{self, Loaded, SheetLine, SheetState, visible, visible_to_change};
use crate::store::entities::{appraisals, talks};
use crate::store::{Tx, new_row};
use crate::{Error, Problem, Result, desk, ranking};

/// Sheets before the council, each with why it is closed to the caller.
pub async fn list(tx: &Tx) -> Result<Vec<CouncilLine>> {
    tx.allow(Action::ViewBoard, Subject::Tenant)?;
    let sheets = sheets::at_stage(tx, Stage::Appraisal).await?;
    let mut periods = HashMap::new();
    let mut closed_to = HashMap::new();
    for sheet in &sheets {
        if let Entry::Vacant(vacant) = periods.entry(sheet.period_id) {
            vacant.insert(periods::find(tx, sheet.period_id).await?);
        }
        closed_to.insert(sheet.id, closed(tx, sheet, &periods[&sheet.period_id]).await?);
    }
    let lines = sheets::lines(tx, sheets).await?;
    let shown = |line: SheetLine| CouncilLine { closed: closed_to.get(&line.id).copied().flatten(), line };
    Ok(lines.into_iter().map(shown).collect())
}

/// One sheet with everything needed to judge it.
pub async fn sheet(tx: &Tx, id: AssessmentId) -> Result<AppraisalSheet> {
    tx.allow(Action::ViewBoard, Subject::Tenant)?;
    let loaded = visible(tx, id).await?;
    let past = Proceedings::read(tx, &loaded).await?;
    let last = desk::last_year(tx, &loaded).await?;
    let card = scorecard(&loaded.rules, Some(&past.seen()));
    let mut sections = Vec::new();
    for main in loaded.rules.set().main_indexes() {
        let rows = main.indicators.iter().map(|indicator| build_row(&loaded, &past, last.as_ref(), indicator));
        let rows: Vec<AppraisalRow> = rows.collect::<Result<_>>()?;
        let decided = count(rows.iter().filter(|row| row.is_settled()).count())?;
        sections.push(AppraisalSection { code: main.code.clone(), name: main.name.clone(), decided, rows });
    }
    Ok(AppraisalSheet {
        head: sheets::head(tx, &loaded)?,
        points: card.points,
        applicable_maximum: card.applicable_maximum,
        index: card.index,
        decided: sections.iter().map(|section| section.decided).sum(),
        total: count(loaded.rules.set().indicators().count())?,
        closed: closed(tx, &loaded.sheet, &loaded.period).await?,
        sections,
    })
}

fn count(rows: usize) -> Result<u32> {
    u32::try_from(rows).map_err(Error::internal)
}

pub(super) fn build_row(
    loaded: &Loaded,
    past: &Proceedings,
    last: Option<&desk::LastYear>,
    indicator: &Indicator,
) -> Result<AppraisalRow> {
    let code = indicator.code.as_str();
    let score = loaded.score(code, &loaded.answers_of(&[code.to_owned()].into())?)?;
    let places = loaded.rules.set().policy.round;
    let (mut history, blind) = (Vec::new(), past.blind.contains(code));
    for model in past.of(code).iter().rev() {
        history.push(decided(loaded, model, past.talks_of(code), places)?);
    }
    let main = loaded.rules.set().main_indexes().find(|main| main.indicators.iter().any(|leaf| leaf.code == code));
    let (signed, is_signed) = (loaded.signed(&score)?, loaded.sheet.is_signed());
    let mut row = AppraisalRow {
        code: code.into(),
        main: main.map(|main| main.code.clone()).unwrap_or_default(),
        name: indicator.name.clone(),
        maximum: indicator.max,
        guidance: indicator.guidance.clone(),
        fields: sheets::fields(loaded, indicator)?,
        warnings: desk::warnings(loaded, indicator, &score, &past.uses, last)?,
        self_points: signed.now,
        signed_points: signed.unlike(signed.now),
        explanation: loaded.explanation_of(code).into(),
        exempt: loaded.is_exempt(code),
        unsigned: !is_signed,
        to_sign: is_signed && signed.draft,
        claim: signed.claim,
        reopened: loaded.reopened.contains_key(code),
        may_be_not_applicable: indicator.not_applicable,
        evidence: loaded.evidence_of(code).to_vec(),
        state: loaded.row_state(code, &score),
        decided: history.first().cloned(),
        revision: i64::try_from(history.len()).map_err(Error::internal)?,
        history,
        score,
        talks: past.talks_of(code).iter().map(talks::Model::shown).collect(),
        is_asked: is_open(past.talks_of(code), past.today),
        petition: past.petitions.get(code).cloned(),
        may: !guards::keeps_out(blind)
            && guards::holds(past.given.as_ref().is_some_and(|given| given.covers(loaded, code))),
        blind,
        bulk: false,
    };
    row.bulk = in_bulk(loaded, past, &row).is_some();
    Ok(row)
}

/// The row of an indicator as whoever scores it a second time reads it: without a decision.
pub(crate) async fn blind_row(tx: &Tx, loaded: &Loaded, code: &str) -> Result<AppraisalRow> {
    let mut past = Proceedings::read(tx, loaded).await?;
    past.blind.insert(code.into());
    build_row(loaded, &past, None, loaded.rules.set().indicator(code).ok_or(Error::NotFound)?)
}

/// Appends a decision. `Err(Stale)` when another decision came first, `Err(Forbidden)` for one's own unit,
/// `Err(Invalid)` for points outside 0..max or a missing reason.
pub async fn decide(tx: &Tx, id: AssessmentId, input: &Decide) -> Result<AppraisalRow> {
    let loaded = to_judge(tx, id, &input.code).await?;
    let past = Proceedings::read(tx, &loaded).await?;
    let rules = std::sync::Arc::clone(&loaded.rules);
    let indicator = rules.set().indicator(&input.code).ok_or(Error::NotFound)?;
    let row = build_row(&loaded, &past, None, indicator)?;
    let (points, corrections) = match input.decision {
        Decision::Correct => {
            check_reason(input)?;
            let (points, corrections) = corrected(&loaded, indicator, &input.figures)?;
            (Some(points), corrections)
        }
        _ => (judged_points(&row, input, rules.set().policy.round)?, Vec::new()),
    };
    if row.revision != input.revision {
        // Sent twice, it is one decision.
        let again = row.revision == input.revision + 1
            && audit::repeats(tx, &event(id, &row.code, input, points, &corrections)).await?;
        return if again { Ok(row) } else { Err(Error::Stale) };
    }
    append(tx, &loaded, &row, input, (points, corrections)).await?;
    ranking::refresh_sheets(tx, &loaded.group, &rules, &[id]).await?;
    let past = Proceedings::read(tx, &loaded).await?;
    build_row(&loaded, &past, None, indicator)
}

/// A sheet the caller may judge at this indicator. `Err(Conflict)` for what others were given.
pub(crate) async fn to_judge(tx: &Tx, id: AssessmentId, code: &str) -> Result<Loaded> {
    let loaded = sheet_to_judge(tx, id).await?;
    if !guards::holds(Assigned::of(tx, &loaded).await?.covers(&loaded, code)) {
        return Err(Error::Conflict("Chỉ số này được phân công cho thành viên khác của Hội đồng.".into()));
    }
    if guards::keeps_out(decisions::blind(tx, &loaded.sheet).await?.contains(code)) {
        return Err(Error::Conflict("Bạn đang chấm lại độc lập chỉ số này; hãy ghi điểm chấm lại trước.".into()));
    }
    Ok(loaded)
}

pub(super) async fn sheet_to_judge(tx: &Tx, id: AssessmentId) -> Result<Loaded> {
    let loaded = visible_to_change(tx, id).await?;
    tx.allow(Action::Appraise, sheets::subject(&loaded.sheet, &loaded.period))?;
    match closed(tx, &loaded.sheet, &loaded.period).await? {
        // The seat of the chair, which the role alone does not give.
        Some(Closed::Managing) => seats::require(tx, loaded.period.id, &[SeatKind::Chair]).await?,
        Some(Closed::OwnUnit) => return Err(Error::Forbidden),
        Some(Closed::Unseated) => seats::require(tx, loaded.period.id, &[SeatKind::Chair, SeatKind::Member]).await?,
        None => (),
    }
    if loaded.period.stage()? != Stage::Appraisal {
        return Err(Error::Conflict("Chỉ quyết định điểm khi kỳ đang ở giai đoạn thẩm định.".into()));
    }
    if loaded.sheet.state()?.is_with_unit() {
        return take_up(tx, loaded).await;
    }
    Ok(loaded)
}

/// A sheet the unit was given more time for: not before that time is over, and then as one that was not sent.
async fn take_up(tx: &Tx, mut loaded: Loaded) -> Result<Loaded> {
    if let Some(until) = loaded.sheet.extended_to.filter(|until| !periods::is_over(*until, tx.now())) {
        let until = clock::wall_clock(until);
        return Err(Error::Conflict(format!("Đơn vị được gia hạn tự đánh giá đến {until}; hãy thẩm định sau đó.")));
    }
    sheets::lapse(tx, &loaded.sheet, &loaded.period).await?;
    loaded.sheet.state = SheetState::NotSubmitted.as_str().into();
    Ok(loaded)
}

/// The points a decision gives; `None` for N/A.
fn judged_points(row: &AppraisalRow, input: &Decide, places: u32) -> Result<Option<Decimal>> {
    let refuse = |field: &str, message: &str| Err(Error::Invalid(vec![Problem::new(field, message)]));
    match input.decision {
        Decision::Accept if row.to_sign && row.reopened => refuse(
            "decision",
            "Chỉ số đang được mở lại và chờ lãnh đạo đơn vị ký lại; hãy công nhận sau khi ký hoặc khi hết hạn mở lại.",
        ),
        Decision::Accept if row.claim.is_some() || row.self_points.is_none() => refuse(
            "decision",
            "Chưa có điểm tự đánh giá để công nhận; hãy điều chỉnh điểm hoặc quyết định không đánh giá.",
        ),
        Decision::Accept => Ok(row.self_points),
        Decision::NotApplicable if !row.may_be_not_applicable => {
            refuse("decision", "Bộ chỉ số không cho phép “không đánh giá” ở chỉ số này.")
        }
        Decision::NotApplicable => check_reason(input).map(|()| None),
        Decision::Adjust | Decision::Correct => adjusted(row, input, places).map(Some),
    }
}

fn check_reason(input: &Decide) -> Result<()> {
    if input.reason.trim().is_empty() {
        return Err(Error::Invalid(vec![Problem::new("reason", "Hãy ghi lý do.")]));
    }
    Ok(())
}

/// Everything an adjustment lacks is named at once.
fn adjusted(row: &AppraisalRow, input: &Decide, places: u32) -> Result<Decimal> {
    let mut problems = Vec::new();
    if input.reason.trim().is_empty() {
        problems.push(Problem::new("reason", "Hãy ghi lý do."));
    }
    if input.reason_code.is_none() {
        problems.push(Problem::new("reason_code", "Hãy chọn nhóm lý do điều chỉnh."));
    }
    let typed = engine::number::parse(&input.points).ok();
    let points = typed.filter(|points| *points >= Decimal::ZERO && *points <= row.maximum);
    if points.is_none() {
        let told = format!("Điểm phải là số từ 0 đến {}.", engine::number::trim(row.maximum));
        problems.push(Problem::new("points", &told));
    }
    match points {
        Some(points) if problems.is_empty() => Ok(engine::round::half_up(points, places)),
        _ => Err(Error::Invalid(problems)),
    }
}

pub(super) async fn append(
    tx: &Tx,
    loaded: &Loaded,
    row: &AppraisalRow,
    input: &Decide,
    (points, corrections): (Option<Decimal>, Vec<Correction>),
) -> Result<()> {
    let (decision, reason) = (input.decision, input.reason.trim());
    let sheet = loaded.sheet.id;
    // A corrected figure is its own reason.
    let why = if decision == Decision::Correct { Some(ReasonCode::Figures) } else { input.reason_code };
    tx.insert(appraisals::ActiveModel {
        id: Set(uuid::Uuid::now_v7()),
        assessment_id: Set(sheet),
        code: Set(row.code.clone()),
        decision: Set(decision.as_str().into()),
        points: Set(points.map(to_stored)),
        self_points: Set(row.self_points.map(to_stored)),
        reason_code: Set(why.map(|code| code.as_str().into())),
        corrections: Set((!corrections.is_empty()).then(|| json!(corrections))),
        reason: Set(reason.into()),
        row_revision: Set(loaded.rows.get(&row.code).map_or(0, |stored| stored.revision)),
        decided_by: Set(tx.caller().account.ok_or(Error::Forbidden)?),
        decided_name: Set(tx.caller().name.clone()),
        decided_at: Set(tx.now()),
        ..new_row(tx)
    })
    .await?;
    audit::record(tx, event(sheet, &row.code, input, points, &corrections)).await
}

/// A decision as the log tells it.
fn event(
    sheet: AssessmentId,
    code: &str,
    input: &Decide,
    points: Option<Decimal>,
    corrections: &[Correction],
) -> Event {
    let detail = json!({
        "code": code, "decision": input.decision, "points": points, "reason": input.reason.trim(),
        "corrections": corrections,
    });
    Event { action: "appraisal.decide", subject: ("sheet", sheet.to_string()), detail }
}

/// The council's questions to a unit, and its provisional scores once they are announced. Decisions stay hidden until then.
pub async fn unit_view(tx: &Tx, id: AssessmentId) -> Result<UnitView> {
    let loaded = visible(tx, id).await?;
    let past = Proceedings::read(tx, &loaded).await?;
    let stage = loaded.period.stage()?;
    let provisional = loaded.period.provisional_at.is_some() || stage > Stage::Appraisal;
    let mut rows = Vec::new();
    for indicator in loaded.rules.set().indicators() {
        let row = build_row(&loaded, &past, None, indicator)?;
        if provisional {
            rows.push(row);
        } else if !row.talks.is_empty() {
            rows.push(AppraisalRow { decided: None, history: Vec::new(), ..row });
        }
    }
    let subject = sheets::subject(&loaded.sheet, &loaded.period);
    let now = |action| policy::allows(tx.caller(), action, subject) && stage == Stage::Appraisal;
    Ok(UnitView {
        head: sheets::head(tx, &loaded)?,
        rows,
        provisional,
        may_reply: now(Action::Reply),
        may_petition: now(Action::Petition) && petitions::in_time(tx, &loaded.sheet, &loaded.period),
    })
}
