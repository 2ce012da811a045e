//! New cases offered to an author: where points are full or none, where a denominator is 0, around each threshold.

use std::cell::Cell;
use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::leaf::ScoredLeaf;
use super::{Rules, edges, thresholds};
use crate::scorecard::{IndicatorScore, ScoreState};
use crate::set::{Case, Expected, Input, InputKind};
use crate::{Value, number};

/// Most cases offered at once.
const MOST: usize = 8;

impl Rules {
    /// Edge cases of an indicator's formula that are not stored yet, at most eight, the most telling first. Each expects
    /// what is computed now, so the author only has to judge it. Empty for a code without a formula.
    pub fn suggest_cases(&self, code: &str) -> Vec<Case> {
        let scored = self.set().indicator(code).and_then(|leaf| ScoredLeaf::of(self.set(), leaf));
        scored.map(|scored| Suggested::of(self, &scored)).unwrap_or_default()
    }
}

type Figures = BTreeMap<String, Value>;

struct Suggested<'a, 'b> {
    rules: &'a Rules,
    scored: &'a ScoredLeaf<'b>,
    cases: Vec<Case>,
    /// How often the formula may still be tried.
    left: Cell<usize>,
}

impl Suggested<'_, '_> {
    fn of(rules: &Rules, scored: &ScoredLeaf<'_>) -> Vec<Case> {
        let mut suggested = Suggested { rules, scored, cases: Vec::new(), left: Cell::new(2 * edges::most(scored)) };
        let full = suggested.full();
        let none = suggested.none();
        let base = full.as_ref().unwrap_or(&none);
        if let Some(full) = full.as_ref().filter(|_| !suggested.is_expected(scored.leaf.max)) {
            suggested.offer(suggested.named("đạt điểm tối đa", full), full.clone());
        }
        if !suggested.is_expected(Decimal::ZERO) {
            suggested.offer(suggested.named("không có", &none), none.clone());
        }
        suggested.zero_denominators(&none);
        suggested.thresholds(base);
        suggested.shares(base);
        suggested.choices(base);
        suggested.above_the_whole(base);
        suggested.missing(base);
        suggested.cases.truncate(MOST);
        suggested.cases
    }

    /// Keeps a case that is neither stored nor offered already, while there is room.
    fn offer(&mut self, name: String, inputs: Figures) {
        if self.cases.len() >= MOST {
            return;
        }
        let known = self.scored.leaf.cases.iter().chain(&self.cases).any(|case| case.inputs == inputs);
        let case = Case { name, inputs, expected: Expected::Invalid };
        if let Some(expected) = self.score(&case).as_ref().and_then(expected).filter(|_| !known) {
            self.cases.push(Case { expected, ..case });
        }
    }

    /// Whether a stored case gives these points.
    fn is_expected(&self, points: Decimal) -> bool {
        self.scored.leaf.cases.iter().any(|case| case.expected == Expected::Points(points))
    }

    /// `None` also when the formula has been tried often enough: one with many figures has no end of edges.
    fn score(&self, case: &Case) -> Option<IndicatorScore> {
        self.left.set(self.left.get().checked_sub(1)?);
        let leaf = self.scored.leaf;
        self.rules.score(&leaf.code, &self.rules.answers_of(leaf, case))
    }

    /// Own figures that the formula does not read have to be entered as well.
    fn with_unread(&self, read: impl Iterator<Item = (String, Value)>) -> Figures {
        let own = self.scored.leaf.inputs.iter().map(|input| (input.name.clone(), lowest(&input.kind)));
        own.chain(read).collect()
    }

    /// Figures that give the maximum, without a data warning where that is possible.
    fn full(&self) -> Option<Figures> {
        let edges = edges::combinations(self.scored).into_iter();
        let edges =
            edges.map(|figures| self.with_unread(figures.into_iter().map(|(name, value)| (name.into(), value))));
        let hundreds = thresholds::denominators(self.scored).first().map(|_| self.hundreds());
        if let Some(whole) = hundreds.filter(|whole| self.is_full(whole)) {
            return Some(whole);
        }
        let scored = edges.filter_map(|inputs| {
            let case = Case { name: String::new(), inputs, expected: Expected::Invalid };
            let score = self.score(&case)?;
            (score.points == Some(score.maximum)).then_some((score.warnings.len(), case.inputs))
        });
        scored.min_by_key(|(warnings, inputs)| (*warnings, largest(inputs))).map(|(_, inputs)| inputs)
    }

    /// A whole of 100 and all of it.
    fn hundreds(&self) -> Figures {
        let value = |input: &Input| match input.kind {
            InputKind::YesNo => Value::Bool(true),
            InputKind::Level(_) => lowest(&input.kind),
            _ => Value::Number(Decimal::ONE_HUNDRED),
        };
        self.with_unread(self.scored.read.iter().map(|input| (input.name.clone(), value(input))))
    }

    fn is_full(&self, inputs: &Figures) -> bool {
        let case = Case { name: String::new(), inputs: inputs.clone(), expected: Expected::Invalid };
        let score = self.score(&case);
        score.is_some_and(|score| score.points == Some(score.maximum) && score.warnings.is_empty())
    }

    /// Nothing reached: everything 0, denominators 100.
    fn none(&self) -> Figures {
        let denominators = thresholds::denominators(self.scored);
        let value = |input: &&Input| match denominators.contains(input.name.as_str()) {
            true => Value::Number(Decimal::ONE_HUNDRED),
            false => lowest(&input.kind),
        };
        self.with_unread(self.scored.read.iter().map(|input| (input.name.clone(), value(input))))
    }

    fn zero_denominators(&mut self, none: &Figures) {
        let names = thresholds::denominators(self.scored);
        let count = names.len();
        let zero = |name: &str| match self.input(name) {
            Some(input) if count > 1 => format!("“{}” bằng 0", input.label),
            _ => "mẫu số bằng 0".into(),
        };
        let cases: Vec<_> = names.iter().map(|name| (zero(name), with(none, name, Decimal::ZERO))).collect();
        cases.into_iter().for_each(|(name, inputs)| self.offer(name, inputs));
    }

    fn thresholds(&mut self, base: &Figures) {
        let all = thresholds::of(self.scored);
        let mut cases = Vec::new();
        for (name, edges) in all.iter().rev() {
            let Some(input) = self.input(name).filter(|input| !matches!(input.kind, InputKind::Level(_))) else {
                continue;
            };
            let several = all.len() > 1;
            for edge in edges.iter().rev() {
                for (word, near) in around(&input.kind, *edge) {
                    let about = if several { format!(" của “{}”", input.label) } else { String::new() };
                    cases.push((format!("{word} ngưỡng {}{about}", number::trim(*edge)), with(base, name, near)));
                }
            }
        }
        cases.into_iter().for_each(|(name, inputs)| self.offer(name, inputs));
    }

    /// A part that just is, and just is not, the share of 100 that was asked for.
    fn shares(&mut self, base: &Figures) {
        let hundred = Decimal::ONE_HUNDRED;
        for (part, whole, goal) in thresholds::shares(self.scored) {
            let Some(input) = self.input(part) else { continue };
            let Some(edge) = goal.checked_mul(hundred).filter(|edge| *edge <= hundred) else { continue };
            let (kind, goal) = (input.kind.clone(), number::trim(edge));
            for (word, near) in around(&kind, edge) {
                self.offer(format!("{word} ngưỡng {goal}%"), with(&with(base, whole, hundred), part, near));
            }
        }
    }

    /// Each level, and yes and no, with all else at its best.
    fn choices(&mut self, base: &Figures) {
        for input in self.scored.read.clone() {
            for value in choices(&input.kind) {
                let mut inputs = base.clone();
                inputs.insert(input.name.clone(), value);
                let alone = self.scored.read.len() == 1;
                let choice = told(input, value);
                let name = if alone { choice } else { format!("{}: {choice}", input.label) };
                self.offer(name, inputs);
            }
        }
    }

    /// A part larger than its whole.
    fn above_the_whole(&mut self, base: &Figures) {
        for name in thresholds::denominators(self.scored) {
            for input in self.scored.read.clone().into_iter().filter(|input| input.name != name) {
                let whole = with(base, name, Decimal::ONE_HUNDRED);
                let inputs = with(&whole, &input.name, Decimal::from(120));
                let case = Case { name: String::new(), inputs, expected: Expected::Invalid };
                if self.score(&case).is_some_and(|score| score.points.is_some() && !score.warnings.is_empty()) {
                    self.offer("vượt 100%".into(), case.inputs);
                }
            }
        }
    }

    fn missing(&mut self, base: &Figures) {
        for name in thresholds::denominators(self.scored) {
            let mut inputs = base.clone();
            inputs.remove(name);
            self.offer("chưa nhập mẫu số".into(), inputs);
        }
    }

    fn input(&self, name: &str) -> Option<&Input> {
        self.scored.read.iter().find(|input| input.name == name).copied()
    }

    /// The only figure's choice says more than what it gives.
    fn named(&self, what: &str, inputs: &Figures) -> String {
        match self.scored.read.as_slice() {
            [only] if !choices(&only.kind).is_empty() => {
                inputs.get(&only.name).map_or_else(|| what.into(), |value| told(only, *value))
            }
            _ => what.into(),
        }
    }
}

fn expected(score: &IndicatorScore) -> Option<Expected> {
    match (score.state, score.points) {
        (ScoreState::NotApplicable, _) => Some(Expected::NotApplicable),
        (ScoreState::Invalid, _) => Some(Expected::Invalid),
        (ScoreState::Scored, Some(points)) => Some(Expected::Points(points.normalize())),
        _ => None,
    }
}

fn with(figures: &Figures, name: &str, number: Decimal) -> Figures {
    let mut figures = figures.clone();
    figures.insert(name.into(), Value::Number(number.normalize()));
    figures
}

fn lowest(kind: &InputKind) -> Value {
    match kind {
        InputKind::YesNo => Value::Bool(false),
        InputKind::Level(choices) => {
            Value::Number(choices.iter().map(|choice| Decimal::from(choice.value)).min().unwrap_or_default())
        }
        InputKind::Count | InputKind::Number | InputKind::Money | InputKind::Percent => Value::Number(Decimal::ZERO),
    }
}

/// A yardstick for figures that look like a real unit's: of equally good ones the smallest are the easiest to check.
fn largest(figures: &Figures) -> Decimal {
    let number = |value: &Value| match value {
        Value::Number(number) => *number,
        Value::Bool(_) => Decimal::ZERO,
    };
    figures.values().map(number).max().unwrap_or_default()
}

fn choices(kind: &InputKind) -> Vec<Value> {
    match kind {
        InputKind::YesNo => vec![Value::Bool(true), Value::Bool(false)],
        InputKind::Level(choices) => choices.iter().map(|choice| Value::Number(Decimal::from(choice.value))).collect(),
        InputKind::Count | InputKind::Number | InputKind::Money | InputKind::Percent => Vec::new(),
    }
}

fn told(input: &Input, value: Value) -> String {
    match (value, &input.kind) {
        (Value::Bool(yes), _) => if yes { "có" } else { "không" }.into(),
        (Value::Number(given), InputKind::Level(choices)) => {
            let choice = choices.iter().find(|choice| Decimal::from(choice.value) == given);
            choice.map_or_else(|| number::trim(given), |choice| choice.label.clone())
        }
        (Value::Number(given), _) => number::trim(given),
    }
}

/// At a threshold and just below it, or on both sides where the kind cannot meet it: a count does not reach 2.5.
fn around(kind: &InputKind, edge: Decimal) -> Vec<(&'static str, Decimal)> {
    let last_place = Decimal::new(1, edge.normalize().scale());
    let below = match kind {
        InputKind::Count => edge.ceil() - Decimal::ONE,
        _ => edge - last_place,
    };
    let reached = match kind {
        InputKind::Count if !edge.fract().is_zero() => ("trên", edge.ceil()),
        _ => ("đúng", edge),
    };
    [reached, ("dưới", below)].into_iter().filter(|(_, near)| edges::allows(kind, *near)).collect()
}
