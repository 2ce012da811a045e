//! The council's desk: a sheet to judge, a decision on one row, acceptance of everything that proves itself.

use engine::{Indicator, ScoreState};
use rust_decimal::Decimal;
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::official::{decisions, scorecard};
use super::{AppraisalRow, AppraisalSection, AppraisalSheet, Decide, Decided, Decision};
use crate::assessments::{self, Loaded, RowState, SheetLine, visible, visible_to_change};
use crate::audit::{self, Event};
use crate::caller::Role;
use crate::ids::AssessmentId;
use crate::periods::{self, Stage};
use crate::points::{from_stored, to_stored};
use crate::policy::{self, Action, Subject};
use crate::ranking;
use crate::store::entities::appraisals;
use crate::store::{Tx, new_row};
use crate::{Error, Problem, Result};

/// Sheets before the council.
pub async fn list(tx: &Tx) -> Result<Vec<SheetLine>> {
    tx.allow(Action::ViewBoard, Subject::Tenant)?;
    let sheets = assessments::at_stage(tx, Stage::Appraisal).await?;
    assessments::lines(tx, sheets).await
}

/// One sheet with everything needed to judge it.
pub async fn sheet(tx: &Tx, id: AssessmentId) -> Result<AppraisalSheet> {
    tx.allow(Action::ViewBoard, Subject::Tenant)?;
    let loaded = visible(tx, id).await?;
    let past = Past::read(tx, &loaded).await?;
    let card = scorecard(&loaded.rules, past.0.get(&id));
    let mut sections = Vec::new();
    for main in loaded.rules.set().main_indexes() {
        let rows = main.indicators.iter().map(|indicator| build_row(&loaded, &past, indicator));
        let rows: Vec<AppraisalRow> = rows.collect::<Result<_>>()?;
        let decided = count(rows.iter().filter(|row| row.decided.is_some()).count())?;
        sections.push(AppraisalSection { code: main.code.clone(), name: main.name.clone(), decided, rows });
    }
    Ok(AppraisalSheet {
        head: assessments::head(tx, &loaded)?,
        points: card.points,
        applicable_maximum: card.applicable_maximum,
        index: card.index,
        decided: sections.iter().map(|section| section.decided).sum(),
        total: count(loaded.rules.set().indicators().count())?,
        recused: is_recused(tx, &loaded),
        sections,
    })
}

fn count(rows: usize) -> Result<u32> {
    u32::try_from(rows).map_err(Error::internal)
}

fn is_recused(tx: &Tx, loaded: &Loaded) -> bool {
    let subject = periods::subject(&loaded.sheet, &loaded.period);
    tx.caller().has_any(&[Role::Appraiser, Role::CouncilChair])
        && !policy::allows(tx.caller(), Action::Appraise, subject)
}

/// The decisions on one sheet.
struct Past(super::official::Decisions);

impl Past {
    async fn read(tx: &Tx, loaded: &Loaded) -> Result<Past> {
        Ok(Past(decisions(tx, &[loaded.sheet.id]).await?))
    }

    /// Oldest first.
    fn of(&self, loaded: &Loaded, code: &str) -> &[appraisals::Model] {
        self.0.get(&loaded.sheet.id).and_then(|by_code| by_code.get(code)).map_or(&[], Vec::as_slice)
    }
}

fn build_row(loaded: &Loaded, past: &Past, indicator: &Indicator) -> Result<AppraisalRow> {
    let code = indicator.code.as_str();
    let score = loaded.score(code, &loaded.answers()?)?;
    let places = loaded.rules.set().policy.round;
    let mut history = Vec::new();
    for model in past.of(loaded, code).iter().rev() {
        history.push(decided(loaded, model, places)?);
    }
    Ok(AppraisalRow {
        code: code.into(),
        name: indicator.name.clone(),
        maximum: indicator.max,
        guidance: indicator.guidance.clone(),
        self_points: score.points,
        explanation: loaded.explanation_of(code).into(),
        claim: loaded.claim_of(code),
        may_be_not_applicable: indicator.not_applicable,
        evidence: loaded.evidence_of(code).to_vec(),
        state: loaded.row_state(code, &score),
        decided: history.first().cloned(),
        revision: i64::try_from(history.len()).map_err(Error::internal)?,
        history,
        score,
    })
}

fn decided(loaded: &Loaded, model: &appraisals::Model, places: u32) -> Result<Decided> {
    let decision = Decision::parse(&model.decision);
    Ok(Decided {
        decision: decision.ok_or_else(|| Error::internal(format!("unknown decision {}", model.decision)))?,
        points: model.points.map(|points| from_stored(points, places)),
        reason: model.reason.clone(),
        by: model.decided_name.clone(),
        at: model.decided_at,
        stale: is_stale(loaded, model),
    })
}

/// Something about the row changed after the decision: "cần xem lại".
pub(super) fn is_stale(loaded: &Loaded, model: &appraisals::Model) -> bool {
    let latest = loaded.evidence_of(&model.code).iter().map(|item| item.uploaded_at).max();
    let row = loaded.rows.get(&model.code);
    let retyped = row.map_or(0, |row| row.revision) != model.row_revision;
    // A shared figure or another rule moves the score without anybody touching the row.
    let rescored = row.is_some_and(|row| row.self_points != model.self_points);
    retyped || rescored || latest.is_some_and(|added| added > model.decided_at)
}

/// Appends a decision. `Err(Stale)` when another decision came first, `Err(Forbidden)` for one's own unit,
/// `Err(Invalid)` for points outside 0..max or a missing reason.
pub async fn decide(tx: &Tx, id: AssessmentId, input: &Decide) -> Result<AppraisalRow> {
    let loaded = to_judge(tx, id).await?;
    let past = Past::read(tx, &loaded).await?;
    let rules = std::sync::Arc::clone(&loaded.rules);
    let indicator = rules.set().indicator(&input.code).ok_or(Error::NotFound)?;
    let row = build_row(&loaded, &past, indicator)?;
    if row.revision != input.revision {
        return Err(Error::Stale);
    }
    let points = judged_points(&row, input, rules.set().policy.round)?;
    append(tx, &loaded, &row, input.decision, points, &input.reason).await?;
    ranking::refresh(tx, loaded.period.id).await?;
    let past = Past::read(tx, &loaded).await?;
    build_row(&loaded, &past, indicator)
}

async fn to_judge(tx: &Tx, id: AssessmentId) -> Result<Loaded> {
    let loaded = visible_to_change(tx, id).await?;
    tx.allow(Action::Appraise, periods::subject(&loaded.sheet, &loaded.period))?;
    if loaded.period.stage()? != Stage::Appraisal {
        return Err(Error::Conflict("Chỉ quyết định điểm khi kỳ đang ở giai đoạn thẩm định.".into()));
    }
    Ok(loaded)
}

/// The points a decision gives; `None` for N/A.
fn judged_points(row: &AppraisalRow, input: &Decide, places: u32) -> Result<Option<Decimal>> {
    let refuse = |field: &str, message: &str| Err(Error::Invalid(vec![Problem::new(field, message)]));
    match input.decision {
        Decision::Accept if row.claim.is_some() || row.self_points.is_none() => refuse(
            "decision",
            "Chưa có điểm tự đánh giá để công nhận; hãy điều chỉnh điểm hoặc quyết định không đánh giá.",
        ),
        Decision::Accept => Ok(row.self_points),
        Decision::NotApplicable if !row.may_be_not_applicable => {
            refuse("decision", "Bộ chỉ số không cho phép “không đánh giá” ở chỉ số này.")
        }
        Decision::NotApplicable | Decision::Adjust if input.reason.trim().is_empty() => {
            refuse("reason", "Hãy ghi lý do.")
        }
        Decision::NotApplicable => Ok(None),
        Decision::Adjust => match engine::number::parse(&input.points) {
            Ok(points) if points >= Decimal::ZERO && points <= row.maximum => {
                Ok(Some(engine::round::half_up(points, places)))
            }
            _ => refuse("points", &format!("Điểm phải là số từ 0 đến {}.", engine::number::trim(row.maximum))),
        },
    }
}

async fn append(
    tx: &Tx,
    loaded: &Loaded,
    row: &AppraisalRow,
    decision: Decision,
    points: Option<Decimal>,
    reason: &str,
) -> Result<()> {
    let sheet = loaded.sheet.id;
    tx.insert(appraisals::ActiveModel {
        id: Set(uuid::Uuid::now_v7()),
        assessment_id: Set(sheet),
        code: Set(row.code.clone()),
        decision: Set(decision.as_str().into()),
        points: Set(points.map(to_stored)),
        self_points: Set(row.self_points.map(to_stored)),
        reason_code: Set(None),
        reason: Set(reason.trim().into()),
        row_revision: Set(loaded.rows.get(&row.code).map_or(0, |stored| stored.revision)),
        decided_by: Set(tx.caller().account.ok_or(Error::Forbidden)?),
        decided_name: Set(tx.caller().name.clone()),
        decided_at: Set(tx.now()),
        ..new_row(tx)
    })
    .await?;
    let detail = json!({ "code": row.code, "decision": decision, "points": points, "reason": reason.trim() });
    audit::record(tx, Event { action: "appraisal.decide", subject: ("sheet", sheet.to_string()), detail }).await
}

/// Accepts every undecided row whose score the formula gives and evidence supports. Answers how many.
pub async fn accept_agreeing(tx: &Tx, id: AssessmentId) -> Result<u32> {
    let loaded = to_judge(tx, id).await?;
    let past = Past::read(tx, &loaded).await?;
    let rules = std::sync::Arc::clone(&loaded.rules);
    let mut accepted = 0;
    for indicator in rules.set().indicators() {
        let row = build_row(&loaded, &past, indicator)?;
        let proven = row.state == RowState::Done && !row.evidence.is_empty();
        let scored = row.score.state == ScoreState::Scored && row.score.warnings.is_empty();
        if row.decided.is_none() && row.claim.is_none() && proven && scored {
            append(tx, &loaded, &row, Decision::Accept, row.self_points, "").await?;
            accepted += 1;
        }
    }
    ranking::refresh(tx, loaded.period.id).await?;
    Ok(accepted)
}
