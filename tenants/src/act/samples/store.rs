//! Scoring a row of the sample without seeing what was decided, and what came of it.

use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use serde_json::json;

use super::{Agreement, Pair, SampleLine, SampleRow, SecondScore, agreement};
use crate::appraisal::blind_row;
use crate::audit::{self, Event};
use crate::decisions::official::decisions;
use crate::decisions::scores;
use crate::guards;
use crate::ids::{AssessmentId, PeriodId, SampleId};
use crate::periods::Stage;
use crate::points::{from_stored, to_stored};
use crate::policy::{Action, Subject};
use crate::seats::{self, SeatKind};
use crate::sheets::{self, Loaded};
use crate::store::entities::{assessments, second_samples, second_scores};
use crate::store::{Tx, new_row};
use crate::{Error, Problem, Result};

/// Rows given to the caller in periods under appraisal, those to do first.
pub async fn mine(tx: &Tx) -> Result<Vec<SampleLine>> {
    tx.allow(Action::ViewBoard, Subject::Tenant)?;
    let account = tx.caller().account.ok_or(Error::Forbidden)?;
    let given = tx.scoped::<second_samples::Entity>().filter(second_samples::Column::AccountId.eq(account));
    let given = given.order_by_asc(second_samples::Column::Id).all(tx.conn()).await?;
    let scored = scores(tx, &given).await?;
    let sheets = crate::sheets::at_stage(tx, Stage::Appraisal).await?;
    let line = |row: second_samples::Model| {
        let sheet = sheets.iter().find(|sheet| sheet.id == row.assessment_id)?;
        Some(line(&row, &sheet.unit_name, scored.contains_key(&row.id)))
    };
    let mut lines: Vec<SampleLine> = given.into_iter().filter_map(line).collect();
    lines.sort_by_key(|line| line.scored);
    Ok(lines)
}

fn line(row: &second_samples::Model, unit_name: &str, scored: bool) -> SampleLine {
    SampleLine { id: row.id, unit_name: unit_name.into(), code: row.code.clone(), scored }
}

/// The caller's own row, not scored yet, while the council is at work. Somebody else's is not found.
async fn open(tx: &Tx, id: SampleId) -> Result<(second_samples::Model, Loaded)> {
    let found = tx.scoped::<second_samples::Entity>().filter(second_samples::Column::Id.eq(id)).one(tx.conn()).await?;
    let sample = found.ok_or(Error::NotFound)?;
    if !guards::holds(Some(sample.account_id) == tx.caller().account) {
        return Err(Error::NotFound);
    }
    let loaded = crate::sheets::visible(tx, sample.assessment_id).await?;
    tx.allow(Action::Appraise, sheets::subject(&loaded.sheet, &loaded.period))?;
    seats::require(tx, sample.period_id, &[SeatKind::Chair, SeatKind::Member]).await?;
    if loaded.period.stage()? != Stage::Appraisal {
        return Err(Error::Conflict("Chỉ chấm lại khi kỳ đang ở giai đoạn thẩm định.".into()));
    }
    if !scores(tx, std::slice::from_ref(&sample)).await?.is_empty() {
        return Err(Error::Conflict("Bạn đã chấm lại chỉ số này; điểm chấm lại không sửa được.".into()));
    }
    Ok((sample, loaded))
}

/// A row to score, with everything but what was decided.
pub async fn row(tx: &Tx, id: SampleId) -> Result<SampleRow> {
    let (sample, loaded) = open(tx, id).await?;
    let row = blind_row(tx, &loaded, &sample.code).await?;
    Ok(SampleRow { line: line(&sample, &loaded.sheet.unit_name, false), sheet: loaded.sheet.id, row })
}

/// Keeps the second score beside the first, once. `Err(Invalid)` for points outside 0..max.
pub async fn score(tx: &Tx, id: SampleId, score: &SecondScore) -> Result<()> {
    let (sample, loaded) = open(tx, id).await?;
    let indicator = loaded.rules.set().indicator(&sample.code).ok_or(Error::NotFound)?;
    let mut problems = Vec::new();
    let typed = engine::number::parse(&score.points).ok();
    let points = typed.filter(|points| !points.is_sign_negative() && *points <= indicator.max);
    if score.not_applicable && !indicator.not_applicable {
        problems.push(Problem::new("points", "Bộ chỉ số không cho phép “không đánh giá” ở chỉ số này."));
    }
    if !score.not_applicable && points.is_none() {
        let told = format!("Điểm phải là số từ 0 đến {}.", engine::number::trim(indicator.max));
        problems.push(Problem::new("points", &told));
    }
    if score.reason.chars().count() > 2_000 {
        problems.push(Problem::new("reason", "Nội dung dài quá 2.000 ký tự; hãy rút gọn."));
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let places = loaded.rules.set().policy.round;
    let points = points.filter(|_| !score.not_applicable).map(|points| engine::round::half_up(points, places));
    tx.insert(second_scores::ActiveModel {
        sample_id: Set(id),
        points: Set(points.map(to_stored)),
        reason: Set(score.reason.trim().into()),
        scored_at: Set(tx.now()),
        ..new_row(tx)
    })
    .await?;
    let detail = json!({ "code": sample.code, "points": points });
    audit::record(tx, Event { action: "sample.score", subject: ("sheet", loaded.sheet.id.to_string()), detail }).await
}

/// What the sample of a period says so far. Rows without a standing decision are left out.
pub async fn agreement_of(tx: &Tx, period: PeriodId) -> Result<Agreement> {
    tx.allow(Action::ViewBoard, Subject::Tenant)?;
    let given = tx.scoped::<second_samples::Entity>().filter(second_samples::Column::PeriodId.eq(period));
    let given = given.all(tx.conn()).await?;
    let scored = scores(tx, &given).await?;
    let ids: Vec<AssessmentId> = given.iter().map(|row| row.assessment_id).collect();
    let past = decisions(tx, &ids).await?;
    let sheets = tx.scoped::<assessments::Entity>().filter(assessments::Column::Id.is_in(ids)).all(tx.conn()).await?;
    let mut pairs = Vec::new();
    for row in &given {
        let standing = past.get(&row.assessment_id).and_then(|by_code| by_code.get(&row.code)?.last());
        let sheet = sheets.iter().find(|sheet| sheet.id == row.assessment_id);
        let (Some(first), Some(second), Some(sheet)) = (standing, scored.get(&row.id), sheet) else { continue };
        let version = crate::periods::group(tx, sheet.group_id).await?.version_id;
        let rules = crate::indicator_sets::rules(tx, version).await?;
        let places = rules.set().policy.round;
        let Some(indicator) = rules.set().indicator(&row.code) else { continue };
        pairs.push(Pair {
            sheet: sheet.id,
            unit_name: sheet.unit_name.clone(),
            code: row.code.clone(),
            maximum: indicator.max,
            first: first.points.map(|points| from_stored(points, places)),
            first_by: first.decided_name.clone(),
            second: second.points.map(|points| from_stored(points, places)),
            second_by: row.name.clone(),
            reason: second.reason.clone(),
        });
    }
    let waiting = given.iter().filter(|row| !scored.contains_key(&row.id)).count();
    Ok(agreement(pairs, given.len(), u32::try_from(waiting).map_err(Error::internal)?))
}
