//! Taking last year's figures over.

use std::collections::BTreeMap;

use engine::{Indicator, Value};
use serde_json::json;

use crate::audit::{self, Event};
use crate::desk::{former, predecessor};
use crate::ids::AssessmentId;
use crate::policy::Action;
use crate::sheets::{self, Loaded, inputs_of, keep_rows, refuse_when_sheet_closed, untouched, visible_to_change};
use crate::store::Tx;
use crate::{Error, Result, typed};

/// Takes last year's figures over into every row that has none yet; each waits for its confirmation and counts for
/// nothing before. Shared figures are not taken over: one of them moves many scores. Answers how many rows.
pub async fn prefill(tx: &Tx, id: AssessmentId) -> Result<u32> {
    let mut loaded = visible_to_change(tx, id).await?;
    tx.allow(Action::SaveAnswer, sheets::subject(&loaded.sheet, &loaded.period))?;
    refuse_when_sheet_closed(tx, &loaded)?;
    let none = || Error::Conflict("Đơn vị chưa có phiếu của năm trước để lấy số liệu.".into());
    let then = former(tx, &loaded).await?.ok_or_else(none)?;
    let rules = std::sync::Arc::clone(&loaded.rules);
    let mut taken = std::collections::BTreeSet::new();
    for now in rules.set().indicators() {
        let figures = fitting(&loaded, &then, now)?;
        if figures.is_empty() || is_begun(&loaded, &now.code)? {
            continue;
        }
        let fresh = untouched(tx, loaded.sheet.id, &now.code);
        let row = loaded.rows.entry(now.code.clone()).or_insert(fresh);
        row.inputs = serde_json::to_value(figures).map_err(Error::internal)?;
        row.unconfirmed = true;
        row.revision += 1;
        row.updated_by = tx.caller().name.clone();
        row.updated_at = tx.now();
        taken.insert(now.code.clone());
    }
    if !taken.is_empty() {
        keep_rows(tx, &mut loaded, &taken).await?;
        super::answer::start_drafting(tx, &loaded).await?;
        let detail = json!({ "from": then.period.name, "codes": taken });
        audit::record(tx, Event { action: "sheet.prefill", subject: ("sheet", id.to_string()), detail }).await?;
    }
    u32::try_from(taken.len()).map_err(Error::internal)
}

/// The clerk, or the managing agency, has already said something here.
fn is_begun(loaded: &Loaded, code: &str) -> Result<bool> {
    let Some(row) = loaded.rows.get(code) else { return Ok(false) };
    Ok(row.claim.is_some() || row.unconfirmed || row.own_points.is_some() || !inputs_of(row)?.is_empty())
}

/// Last year's own figures that the indicator still asks for in the same way.
fn fitting(sheet: &Loaded, then: &Loaded, now: &Indicator) -> Result<BTreeMap<String, Value>> {
    let Some(old) = predecessor(sheet, then, now) else { return Ok(BTreeMap::new()) };
    let mut entered = then.rows.get(&old.code).map(inputs_of).transpose()?.unwrap_or_default();
    entered.retain(|name, value| {
        let asked = now.inputs.iter().find(|input| &input.name == name);
        asked.is_some_and(|input| typed::parse(input, &typed::shown(value)).is_ok_and(|same| same == Some(*value)))
    });
    Ok(entered)
}
