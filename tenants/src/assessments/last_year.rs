//! The same unit's sheet of the last year before: shown beside the figures, and taken over where the clerk wishes so.

use std::collections::BTreeMap;

use engine::{Indicator, Value};
use sea_orm::{ColumnTrait, QueryFilter};
use serde_json::json;

use super::answer::{refresh_rows, refuse_when_sheet_closed, untouched};
use super::desk::{facts_of, visible_to_change};
use super::loaded::{Loaded, inputs_of};
use super::{LastRow, LastYear, typed};
use crate::appraisal::decisions;
use crate::appraisal::official::scorecard;
use crate::audit::{self, Event};
use crate::ids::AssessmentId;
use crate::periods::{self, Stage};
use crate::policy::Action;
use crate::store::Tx;
use crate::store::entities::assessments;
use crate::{Error, Result};

/// What the unit had at each indicator of `loaded` in its newest earlier period; indicators are matched by their keys.
/// Points are given once the council has concluded. `None` for a unit without one.
pub(crate) async fn last_year(tx: &Tx, loaded: &Loaded) -> Result<Option<LastYear>> {
    let Some(then) = former(tx, loaded).await? else { return Ok(None) };
    let concluded = then.period.stage()? >= Stage::Concluded;
    let decided = decisions(tx, &[then.sheet.id]).await?;
    let card = scorecard(&then.rules, decided.get(&then.sheet.id).filter(|_| concluded));
    let mut rows = BTreeMap::new();
    for now in loaded.rules.set().indicators() {
        let Some(old) = predecessor(&then, now) else { continue };
        let scored = card.indicators.iter().find(|score| score.code == old.code).filter(|_| concluded);
        let row = LastRow {
            code: old.code.clone(),
            values: values(&then, old)?,
            points: scored.and_then(|score| score.points),
            maximum: old.max,
        };
        rows.insert(now.code.clone(), row);
    }
    Ok(Some(LastYear { year: then.period.year, rows }))
}

/// The unit's newest earlier sheet.
async fn former(tx: &Tx, loaded: &Loaded) -> Result<Option<Loaded>> {
    let earlier = periods::list(tx).await?.into_iter();
    let earlier = earlier.filter(|period| period.year < loaded.period.year && period.stage > Stage::Draft);
    let years: BTreeMap<_, _> = earlier.map(|period| (period.id, period.year)).collect();
    let own = tx
        .scoped::<assessments::Entity>()
        .filter(assessments::Column::UnitId.eq(loaded.sheet.unit_id))
        .filter(assessments::Column::PeriodId.is_in(years.keys().copied()));
    let newest = own.all(tx.conn()).await?.into_iter().max_by_key(|sheet| years.get(&sheet.period_id).copied());
    match newest {
        Some(sheet) => Loaded::read(tx, sheet.id).await.map(Some),
        None => Ok(None),
    }
}

fn predecessor<'a>(then: &'a Loaded, now: &Indicator) -> Option<&'a Indicator> {
    then.rules.set().indicators().find(|old| old.key == now.key)
}

/// Everything the indicator was scored from, as a clerk writes it.
fn values(then: &Loaded, old: &Indicator) -> Result<BTreeMap<String, String>> {
    let own = then.rows.get(&old.code).map(inputs_of).transpose()?.unwrap_or_default();
    let facts = facts_of(then, old).filter_map(|fact| Some((fact.name.clone(), *then.facts.get(&fact.name)?)));
    Ok(own.into_iter().chain(facts).map(|(name, value)| (name, typed::shown(&value))).collect())
}

/// Takes last year's figures over into every row that has none yet; each waits for its confirmation and counts for
/// nothing before. Shared figures are not taken over: one of them moves many scores. Answers how many rows.
pub async fn prefill(tx: &Tx, id: AssessmentId) -> Result<u32> {
    let mut loaded = visible_to_change(tx, id).await?;
    tx.allow(Action::SaveAnswer, periods::subject(&loaded.sheet, &loaded.period))?;
    refuse_when_sheet_closed(tx, &loaded)?;
    let none = || Error::Conflict("Đơn vị chưa có phiếu của năm trước để lấy số liệu.".into());
    let then = former(tx, &loaded).await?.ok_or_else(none)?;
    let rules = std::sync::Arc::clone(&loaded.rules);
    let mut taken = std::collections::BTreeSet::new();
    for now in rules.set().indicators() {
        let figures = fitting(&then, now)?;
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
        refresh_rows(tx, &mut loaded, &taken).await?;
        super::answer::start_drafting(tx, &loaded).await?;
        let detail = json!({ "from": then.period.name, "codes": taken });
        audit::record(tx, Event { action: "sheet.prefill", subject: ("sheet", id.to_string()), detail }).await?;
    }
    u32::try_from(taken.len()).map_err(Error::internal)
}

/// The clerk, or the managing agency, has already said something here.
fn is_begun(loaded: &Loaded, code: &str) -> Result<bool> {
    let Some(row) = loaded.rows.get(code) else { return Ok(false) };
    Ok(row.claim.is_some() || row.unconfirmed || !inputs_of(row)?.is_empty())
}

/// Last year's own figures that the indicator still asks for in the same way.
fn fitting(then: &Loaded, now: &Indicator) -> Result<BTreeMap<String, Value>> {
    let Some(old) = predecessor(then, now) else { return Ok(BTreeMap::new()) };
    let mut entered = then.rows.get(&old.code).map(inputs_of).transpose()?.unwrap_or_default();
    entered.retain(|name, value| {
        let asked = now.inputs.iter().find(|input| &input.name == name);
        asked.is_some_and(|input| typed::parse(input, &typed::shown(value)).is_ok_and(|same| same == Some(*value)))
    });
    Ok(entered)
}
