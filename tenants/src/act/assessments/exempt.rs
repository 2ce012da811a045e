//! The matrix of what is not assessed, unit by indicator: the managing agency exempts units before they fill in their
//! sheets. Such a row is ready without anything entered; the council still decides it, as it decides every claim.

use std::collections::{BTreeMap, BTreeSet};

use engine::{Indicator, IndicatorScore, IndicatorSet, ScoreState};
use rust_decimal::Decimal;
use serde_json::json;

use crate::audit::{self, Event};
use crate::decisions::Decision;
use crate::decisions::official::decisions;
use crate::ids::{AssessmentId, GroupId};
use crate::periods::{self, PeriodHead, Stage};
use crate::policy::{self, Action, Subject};
use crate::sheets::{Claim, Loaded, keep_rows, untouched};

use crate::store::Tx;
use crate::store::entities::appraisals;
use crate::{Error, Problem, Result};

/// Longest reason, in characters.
const LONGEST: usize = 2_000;

/// The units of a group by the indicators that may be not applicable.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    pub period: PeriodHead,
    pub group: GroupId,
    pub group_name: String,
    /// In the set's order.
    pub indicators: Vec<MatrixColumn>,
    pub units: Vec<MatrixUnit>,
    /// The caller may exempt units, and the period is early enough.
    pub may: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct MatrixColumn {
    pub code: String,
    pub name: String,
    pub maximum: Decimal,
}

#[derive(Clone, Debug, PartialEq)]
pub struct MatrixUnit {
    pub sheet: AssessmentId,
    pub unit_name: String,
    /// The sheet is not submitted, so its cells can still change.
    pub open: bool,
    /// One for each indicator, in their order.
    pub cells: Vec<Cell>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    /// Whose claim it is, when there is one.
    pub by: Option<ClaimedBy>,
    /// The unit's head has not signed it.
    pub draft: bool,
    pub claim: Option<Claim>,
    /// The council's decision about it, once there is one.
    pub verdict: Option<Verdict>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimedBy {
    Unit,
    Authority,
    /// Nobody's words: a denominator of zero, by the set's rule.
    Rule,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Out of the denominator.
    Approved,
    /// Scored all the same.
    Rejected,
}

/// Cells to exempt with a claim, or, without one, to exempt no longer.
#[derive(Clone, Debug)]
pub struct Exemption {
    pub group: GroupId,
    /// Sheet and code.
    pub cells: Vec<(AssessmentId, String)>,
    pub claim: Option<Claim>,
}

/// The matrix of a group.
pub async fn matrix(tx: &Tx, group: GroupId) -> Result<Matrix> {
    tx.allow(Action::ViewBoard, Subject::Tenant)?;
    let group = periods::group(tx, group).await?;
    let period = periods::find(tx, group.period_id).await?;
    let rules = crate::indicator_sets::rules(tx, group.version_id).await?;
    let sheets = Loaded::read_group(tx, group.id).await?;
    let ids: Vec<AssessmentId> = sheets.iter().map(|loaded| loaded.sheet.id).collect();
    let past = decisions(tx, &ids).await?;
    let standing = |sheet: AssessmentId, code: &str| past.get(&sheet)?.get(code)?.last();
    let early = period.stage()? <= Stage::SelfAssessment;
    let mut units = Vec::new();
    for loaded in &sheets {
        let answers = loaded.answers()?;
        let shown = |leaf: &Indicator| {
            let score = loaded.score(&leaf.code, &answers)?;
            cell(loaded, &score, early, standing(loaded.sheet.id, &leaf.code))
        };
        units.push(MatrixUnit {
            sheet: loaded.sheet.id,
            unit_name: loaded.sheet.unit_name.clone(),
            open: loaded.sheet.state()?.is_with_unit(),
            cells: exemptible(rules.set()).map(shown).collect::<Result<_>>()?,
        });
    }
    let column =
        |leaf: &Indicator| MatrixColumn { code: leaf.code.clone(), name: leaf.name.clone(), maximum: leaf.max };
    Ok(Matrix {
        period: period.head()?,
        group: group.id,
        group_name: group.name,
        indicators: exemptible(rules.set()).map(column).collect(),
        units,
        may: early && policy::allows(tx.caller(), Action::ManagePeriod, Subject::Tenant),
    })
}

/// The indicators that may be not applicable.
fn exemptible(set: &IndicatorSet) -> impl Iterator<Item = &Indicator> {
    set.indicators().filter(|leaf| set.policy.not_applicable && leaf.not_applicable)
}

/// While units fill in their sheets, the agency sees what they are about to claim, as a draft; later only what was signed.
fn cell(loaded: &Loaded, score: &IndicatorScore, early: bool, standing: Option<&appraisals::Model>) -> Result<Cell> {
    let signed = loaded.signed(score)?;
    let draft = signed.draft && early;
    let (claim, implied) = match draft {
        true => (loaded.claim_of(&score.code), score.state == ScoreState::NotApplicable),
        false => (signed.claim, signed.implied),
    };
    let by = match &claim {
        Some(_) if loaded.is_exempt(&score.code) => Some(ClaimedBy::Authority),
        Some(_) => Some(ClaimedBy::Unit),
        None => implied.then_some(ClaimedBy::Rule),
    };
    let excluded = standing.is_some_and(|standing| standing.decision == Decision::NotApplicable.as_str());
    let rejected = standing.is_some() && by.is_some();
    let verdict = if excluded { Some(Verdict::Approved) } else { rejected.then_some(Verdict::Rejected) };
    Ok(Cell { draft: draft && by.is_some(), by, claim, verdict })
}

/// Exempts the units named from the indicators named, or takes that back. Answers how many cells changed. `Err(Conflict)`
/// for a unit that has submitted, an indicator that is always assessed, or once the council is at work.
pub async fn exempt(tx: &Tx, wanted: &Exemption) -> Result<u32> {
    tx.allow(Action::ManagePeriod, Subject::Tenant)?;
    let group = periods::group(tx, wanted.group).await?;
    let period = periods::find(tx, group.period_id).await?;
    if period.stage()? > Stage::SelfAssessment {
        return Err(Error::Conflict("Danh mục không đánh giá chỉ đổi trước giai đoạn thẩm định.".into()));
    }
    let rules = crate::indicator_sets::rules(tx, group.version_id).await?;
    check(rules.set(), wanted)?;
    let claim = wanted.claim.as_ref().map(|claim| Claim { reason: claim.reason.trim().into(), ..claim.clone() });
    let mut by_code: BTreeMap<String, Vec<AssessmentId>> = BTreeMap::new();
    for mut loaded in Loaded::read_group(tx, group.id).await? {
        let sheet = loaded.sheet.id;
        let mut changed = BTreeSet::new();
        for (_, code) in wanted.cells.iter().filter(|(of, _)| *of == sheet) {
            if put(tx, &mut loaded, code, claim.as_ref())? {
                changed.insert(code.clone());
                by_code.entry(code.clone()).or_default().push(sheet);
            }
        }
        if !changed.is_empty() {
            keep_rows(tx, &mut loaded, &changed).await?;
        }
    }
    let changed = by_code.values().map(Vec::len).sum::<usize>();
    if changed > 0 {
        let detail = json!({ "group": group.name, "cells": by_code, "claim": claim });
        audit::record(tx, Event { action: "period.exempt", subject: ("period", period.id.to_string()), detail })
            .await?;
    }
    u32::try_from(changed).map_err(Error::internal)
}

fn check(set: &IndicatorSet, wanted: &Exemption) -> Result<()> {
    let mut problems = Vec::new();
    if wanted.cells.is_empty() {
        problems.push(Problem::new("cell", "Hãy chọn ít nhất một ô trong bảng."));
    }
    for (_, code) in &wanted.cells {
        let leaf = set.indicator(code).ok_or(Error::NotFound)?;
        if !(set.policy.not_applicable && leaf.not_applicable) {
            let told = format!("Bộ chỉ số không cho phép “không đánh giá” ở chỉ số {code}.");
            return Err(Error::Conflict(told));
        }
    }
    let length = wanted.claim.as_ref().map_or(1, |claim| claim.reason.trim().chars().count());
    if length == 0 || length > LONGEST {
        problems.push(Problem::new("reason", "Hãy ghi lý do, tối đa 2.000 ký tự."));
    }
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

/// The row as it will stand; `false` when it is so already. What a unit claims itself is not taken back for it.
fn put(tx: &Tx, loaded: &mut Loaded, code: &str, claim: Option<&Claim>) -> Result<bool> {
    let was = loaded.is_exempt(code);
    if was == claim.is_some() && (!was || loaded.claim_of(code).as_ref() == claim) {
        return Ok(false);
    }
    if !loaded.sheet.state()?.is_with_unit() {
        let told = format!("{} đã nộp phiếu; hãy trả lại phiếu trước khi đổi danh mục.", loaded.sheet.unit_name);
        return Err(Error::Conflict(told));
    }
    let fresh = untouched(tx, loaded.sheet.id, code);
    let row = loaded.rows.entry(code.to_owned()).or_insert(fresh);
    row.exempt = claim.is_some();
    row.claim = claim.map(|claim| claim.ground.as_str().into());
    row.claim_reason = claim.map(|claim| claim.reason.clone()).unwrap_or_default();
    row.revision += 1;
    row.updated_by = tx.caller().name.clone();
    row.updated_at = tx.now();
    Ok(true)
}
