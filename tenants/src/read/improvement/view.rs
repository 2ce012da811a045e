//! A unit's result beside the others of its group.

use std::collections::{BTreeMap, HashMap};

use engine::{IndicatorScore, ScoreState, Scorecard};
use rust_decimal::Decimal;

use super::task::of_unit;
use super::{Cause, Improvement, LIFTS, Outcome, Standing, WhatIf};
use crate::appraisal::corrected;
use crate::decisions::official::{self, Decisions, decisions, scorecard};
use crate::decisions::{self, ReasonCode};
use crate::ids::AssessmentId;
use crate::periods::Stage;
use crate::points::median;
use crate::policy::{self, Action};
use crate::ranking::{self, Figures, calculate};
use crate::sheets::{self, Loaded, fields, visible};

use crate::store::Tx;
use crate::{Error, Result};

/// The scorecard of a unit of the group.
struct Ranked {
    assessment: AssessmentId,
    card: Scorecard,
}

/// The scorecards of a group as they may be known to a unit.
struct Group {
    own: Scorecard,
    /// Of the ranked units, this one among them; empty before the provisional result is announced.
    all: Vec<Ranked>,
    decisions: Decisions,
    /// The council's points, not the unit's own.
    appraised: bool,
}

impl Group {
    async fn read(tx: &Tx, loaded: &Loaded) -> Result<Group> {
        let appraised = loaded.period.provisional_at.is_some() || loaded.period.stage()? > Stage::Appraisal;
        if !appraised {
            let own = loaded.rules.evaluate(&loaded.answers()?);
            return Ok(Group { own, all: Vec::new(), decisions: Decisions::new(), appraised });
        }
        let ids = sheets::ranked(tx, loaded.group.id).await?;
        let known: Vec<AssessmentId> = ids.iter().copied().chain([loaded.sheet.id]).collect();
        let decisions = decisions(tx, &known).await?;
        let card = |id: AssessmentId| scorecard(&loaded.rules, decisions.get(&id));
        let ranked = |id| Ranked { assessment: id, card: card(id) };
        let (own, all) = (card(loaded.sheet.id), ids.into_iter().map(ranked).collect());
        Ok(Group { own, all, decisions, appraised })
    }

    fn indexes(&self) -> Vec<Decimal> {
        self.all.iter().filter_map(|unit| unit.card.index).collect()
    }

    /// The place the unit has with a scorecard instead of its own; `None` for a unit outside the ranking.
    fn rank(&self, loaded: &Loaded, card: &Scorecard) -> Option<u32> {
        let policy = &loaded.rules.set().policy;
        let with = |unit: &Ranked| {
            let card = if unit.assessment == loaded.sheet.id { card } else { &unit.card };
            let figures = Figures::of(policy, card);
            ranking::Standing {
                assessment: unit.assessment,
                unit_name: String::new(),
                ranked: true,
                self_assessed: true,
                figures,
            }
        };
        let lines = calculate(policy, &self.all.iter().map(with).collect::<Vec<_>>());
        lines.iter().find(|line| line.assessment == loaded.sheet.id)?.rank
    }
}

/// A unit's result, taken apart. Whoever may see the sheet may see it.
pub async fn improvement(tx: &Tx, id: AssessmentId) -> Result<Improvement> {
    let loaded = visible(tx, id).await?;
    decisions::refuse_blind(tx, loaded.period.id).await?;
    let group = Group::read(tx, &loaded).await?;
    let indexes = group.indexes();
    let rows = standings(&loaded, &group);
    let lifts = lifts(&rows, group.own.applicable_maximum);
    let subject = sheets::subject(&loaded.sheet, &loaded.period);
    Ok(Improvement {
        head: sheets::head(tx, &loaded)?,
        appraised: group.appraised,
        to_sign: !group.appraised && !loaded.sheet.to_sign()?.is_empty(),
        points: group.own.points,
        applicable_maximum: group.own.applicable_maximum,
        index: group.own.index,
        rank: group.rank(&loaded, &group.own),
        ranked: u32::try_from(indexes.len()).map_err(Error::internal)?,
        best_index: indexes.iter().max().copied(),
        median_index: median(indexes, 2),
        lost: lost(&loaded, &group),
        rows,
        lifts,
        tasks: of_unit(tx, loaded.sheet.unit_id).await?,
        may_plan: policy::allows(tx.caller(), Action::Plan, subject),
    })
}

fn standings(loaded: &Loaded, group: &Group) -> Vec<Standing> {
    let mut of_code: HashMap<&str, Vec<Decimal>> = HashMap::new();
    for score in group.all.iter().flat_map(|unit| &unit.card.indicators) {
        of_code.entry(&score.code).or_default().extend(score.points);
    }
    let standing = |score: &IndicatorScore| {
        let leaf = loaded.rules.set().indicator(&score.code)?;
        let others = of_code.get(score.code.as_str()).cloned().unwrap_or_default();
        (score.state != ScoreState::NotApplicable).then(|| Standing {
            code: leaf.code.clone(),
            name: leaf.name.clone(),
            maximum: leaf.max,
            points: score.points.unwrap_or_default(),
            best: others.iter().max().copied(),
            median: median(others, loaded.rules.set().policy.round),
        })
    };
    group.own.indicators.iter().filter_map(standing).collect()
}

/// The indicators with most to gain, with what full points would add to the index.
fn lifts(rows: &[Standing], applicable_maximum: Decimal) -> Vec<(String, Decimal)> {
    let mut missing: Vec<&Standing> = rows.iter().filter(|row| row.lost() > Decimal::ZERO).collect();
    missing.sort_by_key(|row| std::cmp::Reverse(row.lost()));
    let lift = |row: &&Standing| Some((row.code.clone(), engine::rank::percent(row.lost(), applicable_maximum, 2)?));
    missing.iter().take(LIFTS).filter_map(lift).collect()
}

fn lost(loaded: &Loaded, group: &Group) -> Vec<(Cause, Decimal)> {
    let places = loaded.rules.set().policy.round;
    let decided = group.decisions.get(&loaded.sheet.id);
    let mut by_cause: BTreeMap<Cause, Decimal> = BTreeMap::new();
    for score in &group.own.indicators {
        let Some(leaf) = loaded.rules.set().indicator(&score.code) else { continue };
        if score.state == ScoreState::NotApplicable {
            continue;
        }
        let Some(points) = score.points else {
            *by_cause.entry(Cause::Unscored).or_default() += leaf.max;
            continue;
        };
        let standing = decided.and_then(|by_code| by_code.get(&score.code)?.last());
        let claimed = standing.and_then(|standing| standing.self_points);
        let claimed = claimed.map_or(points, |stored| crate::points::from_stored(stored, places));
        let reason = standing.and_then(|standing| ReasonCode::parse(standing.reason_code.as_deref()?));
        let taken = (claimed - points).max(Decimal::ZERO);
        if taken > Decimal::ZERO {
            *by_cause.entry(Cause::Council(reason.unwrap_or(ReasonCode::Other))).or_default() += taken;
        }
        *by_cause.entry(Cause::Figures).or_default() += leaf.max - points - taken;
    }
    let mut lost: Vec<(Cause, Decimal)> = by_cause.into_iter().filter(|(_, points)| *points > Decimal::ZERO).collect();
    lost.sort_by_key(|(_, points)| std::cmp::Reverse(*points));
    lost
}

/// What other figures at one indicator would make of the result, through the formula in force. `typed` are figures by
/// name, as a clerk writes them; none of them is stored.
pub async fn what_if(tx: &Tx, id: AssessmentId, code: &str, typed: &BTreeMap<String, String>) -> Result<WhatIf> {
    let loaded = visible(tx, id).await?;
    let indicator = loaded.rules.set().indicator(code).ok_or(Error::NotFound)?;
    let outcome = match typed.is_empty() {
        true => None,
        false => {
            let (points, changes) = corrected(&loaded, indicator, typed)?;
            let group = Group::read(tx, &loaded).await?;
            Some(outcome(&loaded, &group, code, points, changes)?)
        }
    };
    Ok(WhatIf { code: code.into(), name: indicator.name.clone(), fields: fields(&loaded, indicator)?, outcome })
}

fn outcome(
    loaded: &Loaded,
    group: &Group,
    code: &str,
    points: Decimal,
    changes: Vec<crate::decisions::Correction>,
) -> Result<Outcome> {
    let now = group.own.indicators.iter().find(|score| score.code == code).and_then(|score| score.points);
    let mut answers = match group.appraised {
        true => official::answers(&loaded.rules, group.decisions.get(&loaded.sheet.id)),
        false => loaded.answers()?,
    };
    answers.answers.insert(code.into(), engine::Answer { points: Some(points), ..engine::Answer::default() });
    let then = loaded.rules.evaluate(&answers);
    Ok(Outcome {
        changes,
        points: (now.unwrap_or_default(), points),
        rank: (group.rank(loaded, &group.own), group.rank(loaded, &then)),
        index: (group.own.index, then.index),
    })
}
