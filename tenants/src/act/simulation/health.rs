//! The integrity of an index on real answers: indicators that separate nobody, pairs that say the same, and how far the
//! ranking hangs on a single indicator or on the weights. For the owner of the set, before next year's revision.

use engine::{IndicatorSet, Policy, ScoreState, Scorecard};
use rust_decimal::{Decimal, MathematicalOps};
use serde::{Deserialize, Serialize};

use super::effect::standings;

/// Pairs at least this strongly related are told.
const RELATED: Decimal = Decimal::from_parts(9, 0, 0, false, 1);
/// Fewer units than this say nothing about a relation.
const ENOUGH: usize = 5;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Health {
    pub units: u32,
    pub indicators: Vec<IndicatorHealth>,
    /// Strongest first.
    pub related: Vec<Related>,
    /// Each indicator left out in turn: those that move somebody, greatest first.
    pub dropped: Vec<Shift>,
    /// Each main index weighed ten percent more, then less.
    pub weighted: Vec<Shift>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IndicatorHealth {
    pub code: String,
    pub name: String,
    pub maximum: Decimal,
    /// Share of the set's total, percent with one decimal.
    pub weight: Decimal,
    /// Units scored, at the maximum, at zero, not applicable, and without an answer.
    pub scored: u32,
    pub at_maximum: u32,
    pub at_zero: u32,
    pub not_applicable: u32,
    pub missing: u32,
    /// Mean of the points over the maximum, percent.
    pub mean: Option<Decimal>,
}

impl IndicatorHealth {
    pub fn everyone_full(&self) -> bool {
        self.scored > 0 && self.at_maximum == self.scored
    }

    pub fn nobody(&self) -> bool {
        self.scored > 0 && self.at_zero == self.scored
    }

    /// More than 35 % of the units gave no answer.
    pub fn often_missing(&self, units: u32) -> bool {
        units > 0 && self.missing * 100 > units * 35
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Related {
    pub one: String,
    pub other: String,
    /// Pearson's coefficient, two decimals.
    pub coefficient: Decimal,
}

/// What a change of the weights does to the ranking.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shift {
    pub code: String,
    /// −10 or 10 percent; 0 when left out.
    pub percent: i32,
    pub units_moved: u32,
    pub greatest_move: u32,
}

/// Figures of a group's scorecards under one set.
pub fn health(set: &IndicatorSet, cards: &[Scorecard]) -> Health {
    let indicators: Vec<IndicatorHealth> = set.indicators().map(|leaf| one(set, leaf, cards)).collect();
    Health {
        units: u32::try_from(cards.len()).unwrap_or(u32::MAX),
        related: related(set, cards),
        dropped: dropped(set, cards),
        weighted: weighted(set, cards),
        indicators,
    }
}

fn one(set: &IndicatorSet, leaf: &engine::Indicator, cards: &[Scorecard]) -> IndicatorHealth {
    let scores: Vec<_> =
        cards.iter().filter_map(|card| card.indicators.iter().find(|score| score.code == leaf.code)).collect();
    let points: Vec<Decimal> = scores.iter().filter_map(|score| score.points).collect();
    let count = |matches: &dyn Fn(&Decimal) -> bool| size(points.iter().filter(|points| matches(points)).count());
    let state = |wanted: &[ScoreState]| size(scores.iter().filter(|score| wanted.contains(&score.state)).count());
    let share = |part: Decimal, whole: Decimal| engine::rank::percent(part, whole, 1);
    IndicatorHealth {
        code: leaf.code.clone(),
        name: leaf.name.clone(),
        maximum: leaf.max,
        weight: share(leaf.max, set.total).unwrap_or_default(),
        scored: size(points.len()),
        at_maximum: count(&|points| *points == leaf.max),
        at_zero: count(&|points| points.is_zero()),
        not_applicable: state(&[ScoreState::NotApplicable]),
        missing: state(&[ScoreState::Pending, ScoreState::Invalid]),
        mean: share(points.iter().sum(), leaf.max * Decimal::from(points.len())),
    }
}

fn size(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn related(set: &IndicatorSet, cards: &[Scorecard]) -> Vec<Related> {
    let column = |code: &str| -> Vec<Option<Decimal>> {
        let points = |card: &Scorecard| card.indicators.iter().find(|score| score.code == code)?.points;
        cards.iter().map(points).collect()
    };
    let columns: Vec<(&str, Vec<Option<Decimal>>)> =
        set.indicators().map(|leaf| (leaf.code.as_str(), column(&leaf.code))).collect();
    let mut found = Vec::new();
    for (position, (one, a)) in columns.iter().enumerate() {
        for (other, b) in &columns[position + 1..] {
            let both: Vec<(Decimal, Decimal)> = a.iter().zip(b).filter_map(|(a, b)| Some(((*a)?, (*b)?))).collect();
            let Some(coefficient) = correlation(&both).filter(|r| r.abs() >= RELATED) else { continue };
            let coefficient = engine::round::half_up(coefficient, 2);
            found.push(Related { one: (*one).into(), other: (*other).into(), coefficient });
        }
    }
    found.sort_by_key(|pair| std::cmp::Reverse(pair.coefficient.abs()));
    found
}

/// Pearson's coefficient; `None` where one side does not vary or too few are known.
fn correlation(pairs: &[(Decimal, Decimal)]) -> Option<Decimal> {
    if pairs.len() < ENOUGH {
        return None;
    }
    let count = Decimal::from(pairs.len());
    let mean_a = pairs.iter().map(|(a, _)| a).sum::<Decimal>() / count;
    let mean_b = pairs.iter().map(|(_, b)| b).sum::<Decimal>() / count;
    // Four decimals are what points have; more would only make the products longer.
    let apart: Vec<(Decimal, Decimal)> =
        pairs.iter().map(|(a, b)| ((a - mean_a).round_dp(4), (b - mean_b).round_dp(4))).collect();
    let sum = |term: &dyn Fn(Decimal, Decimal) -> Decimal| apart.iter().map(|(a, b)| term(*a, *b)).sum::<Decimal>();
    let spread_a = sum(&|a, _| a * a).sqrt()?;
    let spread_b = sum(&|_, b| b * b).sqrt()?;
    sum(&|a, b| a * b).checked_div(spread_a)?.checked_div(spread_b)
}

fn dropped(set: &IndicatorSet, cards: &[Scorecard]) -> Vec<Shift> {
    let without = |code: &str| {
        let other = |card: &Scorecard| {
            let mut card = card.clone();
            if let Some(gone) = card.indicators.iter().find(|score| score.code == code) {
                card.points -= gone.points.unwrap_or_default();
                if gone.state != ScoreState::NotApplicable {
                    card.applicable_maximum -= gone.maximum;
                }
            }
            card
        };
        shift(&set.policy, code, 0, cards, &cards.iter().map(other).collect::<Vec<_>>())
    };
    sorted(set.indicators().map(|leaf| without(&leaf.code)).collect())
}

fn weighted(set: &IndicatorSet, cards: &[Scorecard]) -> Vec<Shift> {
    let with = |main: &str, percent: i32| {
        let factor = Decimal::new(i64::from(percent), 2);
        let other = |card: &Scorecard| {
            let mut card = card.clone();
            if let Some(part) = card.main_indexes.iter().find(|part| part.code == main) {
                card.points += part.points * factor;
                card.applicable_maximum += part.applicable_maximum * factor;
            }
            card
        };
        shift(&set.policy, main, percent, cards, &cards.iter().map(other).collect::<Vec<_>>())
    };
    let each = |main: &engine::MainIndex| [with(&main.code, 10), with(&main.code, -10)];
    sorted(set.main_indexes().flat_map(each).collect())
}

fn shift(policy: &Policy, code: &str, percent: i32, before: &[Scorecard], after: &[Scorecard]) -> Shift {
    let [before, after] =
        [before, after].map(|cards| standings(policy, &cards.iter().map(|card| (card, true)).collect::<Vec<_>>()));
    let moves = before.iter().zip(&after).filter_map(|(a, b)| Some(a.rank?.abs_diff(b.rank?)));
    let moves: Vec<u32> = moves.filter(|places| *places > 0).collect();
    let greatest_move = moves.iter().copied().max().unwrap_or(0);
    Shift { code: code.into(), percent, units_moved: size(moves.len()), greatest_move }
}

fn sorted(mut shifts: Vec<Shift>) -> Vec<Shift> {
    shifts.retain(|shift| shift.units_moved > 0);
    shifts.sort_by_key(|shift| std::cmp::Reverse((shift.greatest_move, shift.units_moved)));
    shifts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(all: &[(i64, i64)]) -> Vec<(Decimal, Decimal)> {
        all.iter().map(|(a, b)| (Decimal::from(*a), Decimal::from(*b))).collect()
    }

    #[test]
    fn what_moves_together_is_related_and_what_stands_still_is_not() {
        let same = pairs(&[(1, 2), (2, 4), (3, 6), (4, 8), (5, 10)]);
        assert_eq!(correlation(&same).map(|r| r.round_dp(6)), Some(Decimal::ONE));
        let against = pairs(&[(1, 5), (2, 4), (3, 3), (4, 2), (5, 1)]);
        assert_eq!(correlation(&against).map(|r| r.round_dp(6)), Some(Decimal::NEGATIVE_ONE));
        assert_eq!(correlation(&pairs(&[(1, 7), (2, 7), (3, 7), (4, 7), (5, 7)])), None);
        assert_eq!(correlation(&same[..4]), None, "four units say nothing");
        let unrelated = correlation(&pairs(&[(1, 3), (2, 1), (3, 4), (4, 1), (5, 3)]));
        assert!(unrelated.is_some_and(|r| r.abs() < RELATED));
    }
}
