//! The matrix of what is not assessed: the managing agency exempts units from an indicator before they fill it in. The row
//! is ready without anything entered; the council still decides it, as it decides every claim.

use std::collections::{BTreeSet, HashSet};

use sea_orm::{ColumnTrait, QueryFilter};
use serde_json::json;

use super::answer::{refresh_rows, untouched};
use super::{Claim, ExemptIndicator, ExemptUnit, Exemption, Loaded};
use crate::audit::{self, Event};
use crate::ids::GroupId;
use crate::periods::{self, Stage};
use crate::policy::{Action, Subject};
use crate::simulation;
use crate::store::Tx;
use crate::store::entities::assessment_rows;
use crate::{Error, Problem, Result};

/// Longest reason, in characters.
const LONGEST: usize = 2_000;

/// Every indicator of a group that may be not applicable, with how many units are exempt from it.
pub async fn exemptions(tx: &Tx, group: GroupId) -> Result<Vec<ExemptIndicator>> {
    tx.allow(Action::ViewBoard, Subject::Tenant)?;
    let group = simulation::group(tx, group).await?;
    let rules = crate::indicator_sets::rules(tx, group.version_id).await?;
    let sheets: HashSet<_> = simulation::sheets(tx, group.id).await?.iter().map(|loaded| loaded.sheet.id).collect();
    let exempt = tx.scoped::<assessment_rows::Entity>().filter(assessment_rows::Column::Exempt.eq(true));
    let exempt = exempt.all(tx.conn()).await?;
    let allowed = rules.set().policy.not_applicable;
    let leaves = rules.set().indicators().filter(|leaf| allowed && leaf.not_applicable);
    let indicator = |leaf: &engine::Indicator| ExemptIndicator {
        code: leaf.code.clone(),
        name: leaf.name.clone(),
        units: exempt.iter().filter(|row| row.code == leaf.code && sheets.contains(&row.assessment_id)).count(),
    };
    Ok(leaves.map(indicator).collect())
}

/// The units of a group and whether each is exempt from an indicator.
pub async fn exempt_units(tx: &Tx, group: GroupId, code: &str) -> Result<Vec<ExemptUnit>> {
    tx.allow(Action::ViewBoard, Subject::Tenant)?;
    let sheets = simulation::sheets(tx, group).await?;
    let unit = |loaded: Loaded| ExemptUnit {
        sheet: loaded.sheet.id,
        unit_name: loaded.sheet.unit_name.clone(),
        exempt: loaded.claim_of(code).filter(|_| loaded.is_exempt(code)),
        open: loaded.sheet.state().is_ok_and(super::SheetState::is_writable),
    };
    Ok(sheets.into_iter().map(unit).collect())
}

/// Exempts exactly these units of a group from an indicator; others that were exempt are so no longer. `Err(Conflict)`
/// once the units have submitted or the council is at work.
pub async fn exempt(tx: &Tx, wanted: &Exemption) -> Result<u32> {
    tx.allow(Action::ManagePeriod, Subject::Tenant)?;
    let group = simulation::group(tx, wanted.group).await?;
    let period = periods::find(tx, group.period_id).await?;
    if period.stage()? > Stage::SelfAssessment {
        return Err(Error::Conflict("Danh mục không đánh giá chỉ đổi trước giai đoạn thẩm định.".into()));
    }
    let rules = crate::indicator_sets::rules(tx, group.version_id).await?;
    let leaf = rules.set().indicator(&wanted.code).ok_or(Error::NotFound)?;
    if !(rules.set().policy.not_applicable && leaf.not_applicable) {
        return Err(Error::Conflict("Bộ chỉ số không cho phép “không đánh giá” ở chỉ số này.".into()));
    }
    let length = wanted.claim.reason.trim().chars().count();
    if !wanted.sheets.is_empty() && (length == 0 || length > LONGEST) {
        return Err(Error::Invalid(vec![Problem::new("reason", "Hãy ghi lý do, tối đa 2.000 ký tự.")]));
    }
    let mut changed = 0;
    for mut loaded in simulation::sheets(tx, group.id).await? {
        let claim = wanted.sheets.contains(&loaded.sheet.id).then_some(&wanted.claim);
        if put(tx, &mut loaded, &wanted.code, claim)? {
            refresh_rows(tx, &mut loaded, &BTreeSet::from([wanted.code.clone()])).await?;
            changed += 1;
        }
    }
    let detail = json!({
        "group": group.name, "code": wanted.code, "units": wanted.sheets, "ground": wanted.claim.ground,
        "reason": wanted.claim.reason.trim(),
    });
    audit::record(tx, Event { action: "period.exempt", subject: ("period", period.id.to_string()), detail }).await?;
    Ok(changed)
}

/// The row as it will stand; `false` when it is so already.
fn put(tx: &Tx, loaded: &mut Loaded, code: &str, claim: Option<&Claim>) -> Result<bool> {
    let was = loaded.is_exempt(code);
    let now = claim.map(|claim| Claim { reason: claim.reason.trim().into(), ..claim.clone() });
    if was == now.is_some() && (!was || loaded.claim_of(code) == now) {
        return Ok(false);
    }
    if !loaded.sheet.state()?.is_writable() {
        let told = format!("{} đã nộp phiếu; hãy trả lại phiếu trước khi đổi danh mục.", loaded.sheet.unit_name);
        return Err(Error::Conflict(told));
    }
    let fresh = untouched(tx, loaded.sheet.id, code);
    let row = loaded.rows.entry(code.to_owned()).or_insert(fresh);
    row.exempt = now.is_some();
    row.claim = now.as_ref().map(|claim| claim.ground.as_str().into());
    row.claim_reason = now.map(|claim| claim.reason).unwrap_or_default();
    row.revision += 1;
    row.updated_by = tx.caller().name.clone();
    row.updated_at = tx.now();
    Ok(true)
}
