//! The same unit's newest earlier sheet, beside this one.

use std::collections::{BTreeMap, HashMap, HashSet};

use engine::Indicator;
use engine::diff::{Relation, predecessors};
use sea_orm::{ColumnTrait, QueryFilter};

use super::{LastChange, LastRow, LastYear};
use crate::decisions::official::{decisions, scorecard};
use crate::decisions::{self, Decided, Decision, petitions};
use crate::ids::{AssessmentId, PeriodId, UnitId};
use crate::periods::{self, Stage};
use crate::sheets::{Loaded, facts_of, inputs_of};
use crate::store::Tx;
use crate::store::entities::{appraisals, assessments};
use crate::{Result, typed};

/// What the unit had at each indicator of `loaded` in its newest earlier period, where the indicator is of the same set and
/// scored by the same rule; others are left out, for nothing can be compared. Points are given once the council has
/// concluded. `None` for a unit without an earlier period.
pub(crate) async fn last_year(tx: &Tx, loaded: &Loaded) -> Result<Option<LastYear>> {
    let Some(then) = former(tx, loaded).await? else { return Ok(None) };
    let concluded = then.period.stage()? >= Stage::Concluded;
    let decided = decisions(tx, &[then.sheet.id]).await?;
    let card = scorecard(&then.rules, decided.get(&then.sheet.id).filter(|_| concluded));
    // A year that is not over is nobody's lesson yet.
    let mut petitions = if concluded { petitions::of_sheet(tx, then.sheet.id).await? } else { HashMap::new() };
    let mut rows = BTreeMap::new();
    for (now, old) in comparable(loaded, &then) {
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
    let may_prefill = loaded.rules.set().indicators().any(|now| predecessor(loaded, &then, now).is_some());
    Ok(Some(LastYear { year: then.period.year, rows, may_prefill }))
}

/// The indicators of `now` with what they were then, where points and figures of the two years mean the same.
fn comparable<'a>(now: &'a Loaded, then: &'a Loaded) -> Vec<(&'a Indicator, &'a Indicator)> {
    if now.set != then.set {
        return Vec::new();
    }
    let (new, old) = (now.rules.set(), then.rules.set());
    let same = predecessors(old, new).into_iter().filter(|leaf| leaf.relation == Relation::Same);
    let both = same.filter_map(|leaf| Some((new.indicator(&leaf.new_code?)?, old.indicator(&leaf.old_code?)?)));
    both.collect()
}

/// The decision, where it is not an acceptance.
fn changed(then: &Loaded, standing: &appraisals::Model) -> Result<Option<LastChange>> {
    let places = then.rules.set().policy.round;
    let decided = Decided { stale: false, ..decisions::decided(then, standing, &[], places)? };
    let claimed = then.signed_points(&standing.code);
    Ok((decided.decision != Decision::Accept).then_some(LastChange { claimed, decided }))
}

/// The figures of an earlier sheet alone, by the codes of this year's indicators.
pub(crate) fn figures_of(now: &Loaded, then: &Loaded) -> Result<LastYear> {
    let mut rows = BTreeMap::new();
    for (leaf, old) in comparable(now, then) {
        let row = LastRow { code: old.code.clone(), values: values(then, old)?, ..LastRow::default() };
        rows.insert(leaf.code.clone(), row);
    }
    Ok(LastYear { year: then.period.year, rows, may_prefill: false })
}

/// The unit's newest earlier sheet.
pub(crate) async fn former(tx: &Tx, loaded: &Loaded) -> Result<Option<Loaded>> {
    let newest = newest_before(tx, loaded.period.year, &[loaded.sheet.unit_id]).await?;
    match newest.into_iter().next() {
        Some(sheet) => Loaded::read(tx, sheet.id).await.map(Some),
        None => Ok(None),
    }
}

/// The newest earlier sheet of each unit of one period's sheets. As many statements as there are earlier periods to look at.
pub(crate) async fn formers(tx: &Tx, sheets: &[Loaded]) -> Result<HashMap<UnitId, Loaded>> {
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

/// The same indicator of an earlier version of the same set, whatever its rule was: keys of unrelated sets mean nothing to
/// each other.
pub(crate) fn predecessor<'a>(now: &Loaded, then: &'a Loaded, leaf: &Indicator) -> Option<&'a Indicator> {
    then.rules.set().indicators().find(|old| old.key == leaf.key && now.set == then.set)
}

/// Everything the indicator was scored from, as a clerk writes it.
fn values(then: &Loaded, old: &Indicator) -> Result<BTreeMap<String, String>> {
    let own = then.rows.get(&old.code).map(inputs_of).transpose()?.unwrap_or_default();
    let facts = facts_of(then, old).filter_map(|fact| Some((fact.name.clone(), *then.facts.get(&fact.name)?)));
    Ok(own.into_iter().chain(facts).map(|(name, value)| (name, typed::shown(&value))).collect())
}
