//! The same unit's sheet of the last year before: shown beside the figures, and taken over where the clerk wishes so.

use std::collections::{BTreeMap, HashMap, HashSet};

use engine::{Indicator, Value};
use sea_orm::{ColumnTrait, QueryFilter};
use serde_json::json;

use super::answer::refuse_when_sheet_closed;
use super::desk::{facts_of, visible_to_change};
use super::loaded::{Loaded, inputs_of};
use super::rows::{keep_rows, untouched};
use super::{LastChange, LastRow, LastYear, typed};
use crate::appraisal::official::scorecard;
use crate::appraisal::{self, Decided, Decision, decisions};
use crate::audit::{self, Event};
use crate::ids::{AssessmentId, PeriodId, UnitId};
use crate::periods::{self, Stage};
use crate::petitions;
use crate::points::from_stored;
use crate::policy::Action;
use crate::store::Tx;
use crate::store::entities::{appraisals, assessments};
use crate::{Error, Result};

/// What the unit had at each indicator of `loaded` in its newest earlier period; indicators are matched by their keys.
/// Points are given once the council has concluded. `None` for a unit without one.
pub(crate) async fn last_year(tx: &Tx, loaded: &Loaded) -> Result<Option<LastYear>> {
    let Some(then) = former(tx, loaded).await? else { return Ok(None) };
    let concluded = then.period.stage()? >= Stage::Concluded;
    let decided = decisions(tx, &[then.sheet.id]).await?;
    let card = scorecard(&then.rules, decided.get(&then.sheet.id).filter(|_| concluded));
    // A year that is not over is nobody's lesson yet.
    let mut petitions = if concluded { petitions::of_sheet(tx, then.sheet.id).await? } else { HashMap::new() };
    let mut rows = BTreeMap::new();
    for now in loaded.rules.set().indicators() {
        let Some(old) = predecessor(&then, now) else { continue };
        let scored = card.indicators.iter().find(|score| score.code == old.code).filter(|_| concluded);
        let row = LastRow {
            code: old.code.clone(),
            values: values(&then, old)?,
            points: scored.and_then(|score| score.points),
            maximum: old.max,
            changed: match decided.get(&then.sheet.id).and_then(|by_code| by_code.get(&old.code)?.last()) {
                Some(standing) if concluded => changed(&then, standing)?,
                _ => None,
            },
            petition: petitions.remove(&old.code),
        };
        rows.insert(now.code.clone(), row);
    }
    Ok(Some(LastYear { year: then.period.year, rows }))
}

/// The decision, where it is not an acceptance.
fn changed(then: &Loaded, standing: &appraisals::Model) -> Result<Option<LastChange>> {
    let places = then.rules.set().policy.round;
    let decided = Decided { stale: false, ..appraisal::decided(then, standing, &[], places)? };
    let claimed = standing.self_points.map(|points| from_stored(points, places));
    Ok((decided.decision != Decision::Accept).then_some(LastChange { claimed, decided }))
}

/// The figures of an earlier sheet alone, by the codes of this year's indicators.
pub(super) fn figures_of(now: &Loaded, then: &Loaded) -> Result<LastYear> {
    let mut rows = BTreeMap::new();
    for leaf in now.rules.set().indicators() {
        if let Some(old) = predecessor(then, leaf) {
            let row = LastRow { code: old.code.clone(), values: values(then, old)?, ..LastRow::default() };
            rows.insert(leaf.code.clone(), row);
        }
    }
    Ok(LastYear { year: then.period.year, rows })
}

/// The unit's newest earlier sheet.
async fn former(tx: &Tx, loaded: &Loaded) -> Result<Option<Loaded>> {
    let newest = newest_before(tx, loaded.period.year, &[loaded.sheet.unit_id]).await?;
    match newest.into_iter().next() {
        Some(sheet) => Loaded::read(tx, sheet.id).await.map(Some),
        None => Ok(None),
    }
}

/// The newest earlier sheet of each unit of one period's sheets. As many statements as there are earlier periods to look at.
pub(super) async fn formers(tx: &Tx, sheets: &[Loaded]) -> Result<HashMap<UnitId, Loaded>> {
    let Some(year) = sheets.first().map(|loaded| loaded.period.year) else { return Ok(HashMap::new()) };
    let units: Vec<UnitId> = sheets.iter().map(|loaded| loaded.sheet.unit_id).collect();
    let newest = newest_before(tx, year, &units).await?;
    let wanted: HashSet<AssessmentId> = newest.iter().map(|sheet| sheet.id).collect();
    let years: HashSet<PeriodId> = newest.iter().map(|sheet| sheet.period_id).collect();
    let mut before = HashMap::new();
    for period in years {
        let all = Loaded::read_period(tx, period).await?.into_iter();
        before.extend(all.filter(|then| wanted.contains(&then.sheet.id)).map(|then| (then.sheet.unit_id, then)));
    }
    Ok(before)
}

/// The newest sheet of each unit from a period of an earlier year.
async fn newest_before(tx: &Tx, year: i32, units: &[UnitId]) -> Result<Vec<assessments::Model>> {
    let earlier = periods::list(tx).await?.into_iter();
    let earlier = earlier.filter(|period| period.year < year && period.stage > Stage::Draft);
    let years: BTreeMap<_, _> = earlier.map(|period| (period.id, period.year)).collect();
    let own = tx
        .scoped::<assessments::Entity>()
        .filter(assessments::Column::UnitId.is_in(units.iter().copied()))
        .filter(assessments::Column::PeriodId.is_in(years.keys().copied()));
    let mut newest: HashMap<UnitId, assessments::Model> = HashMap::new();
    for sheet in own.all(tx.conn()).await? {
        let year = |sheet: &assessments::Model| years.get(&sheet.period_id).copied();
        if newest.get(&sheet.unit_id).is_none_or(|known| year(known) < year(&sheet)) {
            newest.insert(sheet.unit_id, sheet);
        }
    }
    Ok(newest.into_values().collect())
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
fn fitting(then: &Loaded, now: &Indicator) -> Result<BTreeMap<String, Value>> {
    let Some(old) = predecessor(then, now) else { return Ok(BTreeMap::new()) };
    let mut entered = then.rows.get(&old.code).map(inputs_of).transpose()?.unwrap_or_default();
    entered.retain(|name, value| {
        let asked = now.inputs.iter().find(|input| &input.name == name);
        asked.is_some_and(|input| typed::parse(input, &typed::shown(value)).is_ok_and(|same| same == Some(*value)))
    });
    Ok(entered)
}
