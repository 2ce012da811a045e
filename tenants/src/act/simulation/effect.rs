//! The pure part of a simulation: two scorecards per unit in, a report's figures out.

use std::collections::BTreeMap;

use engine::rank::{RankRow, exact_index, rank};
use engine::{Policy, ScoreState, Scorecard, round};
use rust_decimal::Decimal;

use super::{IndicatorEffect, Standing, Unanswered, UnitEffect};
use crate::ids::AssessmentId;

/// One unit under both rule sets.
#[derive(Clone, Debug)]
pub struct Pair {
    pub assessment: AssessmentId,
    pub unit_name: String,
    /// Of those ranked; otherwise assessed outside the ranking.
    pub ranked: bool,
    /// Of a sheet that its head has not signed.
    pub draft: bool,
    pub old: Scorecard,
    pub new: Scorecard,
}

/// Units by movement, indicators by effect, and what the new rules cannot score.
pub fn compare(
    (old_policy, new_policy): (&Policy, &Policy),
    name: impl Fn(&str) -> String,
    pairs: &[Pair],
) -> (Vec<UnitEffect>, Vec<IndicatorEffect>, Vec<Unanswered>) {
    let old = standings(old_policy, &pairs.iter().map(|pair| (&pair.old, pair.ranked)).collect::<Vec<_>>());
    let new = standings(new_policy, &pairs.iter().map(|pair| (&pair.new, pair.ranked)).collect::<Vec<_>>());
    let both = pairs.iter().zip(old.into_iter().zip(new));
    let mut units: Vec<UnitEffect> = both
        .map(|(pair, (old, new))| UnitEffect {
            assessment: pair.assessment,
            unit_name: pair.unit_name.clone(),
            draft: pair.draft,
            old,
            new,
        })
        .collect();
    units.sort_by_key(|unit| {
        (std::cmp::Reverse(unit.climbed().abs()), std::cmp::Reverse(unit.gained().abs()), unit.new.rank)
    });
    (units, indicators(&name, pairs), unanswered(pairs))
}

/// Points, provisional index and rank of each card, in the given order; without a rank where it is not among those ranked.
pub fn standings(policy: &Policy, cards: &[(&Scorecard, bool)]) -> Vec<Standing> {
    let index = |card: &Scorecard| {
        let exact = exact_index(card.points, card.applicable_maximum)?;
        Some((exact, round::fraction(exact, policy.round)?))
    };
    let ranked = cards.iter().enumerate().filter(|(_, (_, ranked))| *ranked);
    let rows = ranked.map(|(position, (card, _))| RankRow {
        unit: position.to_string(),
        points: card.points,
        applicable_maximum: card.applicable_maximum,
        index: index(card).map(|(_, rounded)| rounded),
        exact_index: index(card).map(|(exact, _)| exact),
        ties: Vec::new(),
    });
    let mut all: Vec<Standing> = cards
        .iter()
        .map(|(card, _)| Standing { points: card.points, index: index(card).map(|(_, rounded)| rounded), rank: None })
        .collect();
    for ranked in rank(rows.collect(), policy) {
        if let Some(standing) = ranked.unit.parse::<usize>().ok().and_then(|position| all.get_mut(position)) {
            standing.rank = ranked.rank;
        }
    }
    all
}

fn indicators(name: &impl Fn(&str) -> String, pairs: &[Pair]) -> Vec<IndicatorEffect> {
    let mut effects: BTreeMap<String, IndicatorEffect> = BTreeMap::new();
    for pair in pairs {
        for new in &pair.new.indicators {
            let old = pair.old.indicators.iter().find(|old| old.code == new.code);
            let points = |points: Option<Decimal>| points.unwrap_or_default();
            let difference = points(new.points) - points(old.and_then(|old| old.points));
            if difference.is_zero() {
                continue;
            }
            let effect = effects.entry(new.code.clone()).or_insert_with(|| IndicatorEffect {
                code: new.code.clone(),
                name: name(&new.code),
                units: 0,
                sum: Decimal::ZERO,
                greatest: Decimal::ZERO,
                greatest_unit: String::new(),
            });
            effect.units += 1;
            effect.sum += difference;
            if difference.abs() > effect.greatest.abs() {
                effect.greatest = difference;
                effect.greatest_unit.clone_from(&pair.unit_name);
            }
        }
    }
    let mut effects: Vec<IndicatorEffect> = effects.into_values().collect();
    effects.sort_by_key(|effect| std::cmp::Reverse(effect.sum.abs()));
    effects
}

/// What was scored before and cannot be scored now.
fn unanswered(pairs: &[Pair]) -> Vec<Unanswered> {
    let mut found: BTreeMap<String, Unanswered> = BTreeMap::new();
    for pair in pairs {
        for new in pair.new.indicators.iter().filter(|new| new.state == ScoreState::Invalid) {
            let old = pair.old.indicators.iter().find(|old| old.code == new.code);
            if old.is_some_and(|old| old.state != ScoreState::Scored) {
                continue;
            }
            let reason = new.error.as_ref().map(|error| error.message.clone()).unwrap_or_default();
            let one = Unanswered { code: new.code.clone(), units: 0, reason };
            found.entry(new.code.clone()).or_insert(one).units += 1;
        }
    }
    found.into_values().collect()
}
