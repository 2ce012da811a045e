//! Plausible answers without randomness: the same unit, year and indicator always give the same figures.

use std::collections::BTreeMap;

use engine::run::Rules;
use engine::{Indicator, Input, InputKind};
use rust_decimal::Decimal;

use super::figures::figure_of;
use super::units::SampleUnit;

/// A unit in a year.
#[derive(Clone, Copy)]
pub struct Voice<'a> {
    pub unit: &'a SampleUnit,
    pub year: i32,
}

impl Voice<'_> {
    /// 0..range, the same for the same words.
    fn pick(&self, words: &str, range: u64) -> u64 {
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        for byte in self.unit.code.bytes().chain(words.bytes()) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        (hash >> 17) % range
    }

    /// How well the unit does on an indicator, in percent: its own level, give or take, and a little better each year.
    fn level(&self, code: &str) -> u64 {
        let own = 52 + self.pick("level", 38);
        let years = u64::try_from(self.year - 2024).unwrap_or(0) * 4;
        (own + years + self.pick(code, 31)).saturating_sub(15).min(100)
    }

    /// A total the indicator divides by, the same wherever the name means the same.
    fn total(&self, code: &str, input: &Input) -> Decimal {
        let figure = figure_of(self.unit.kind, code, &input.name);
        let total = figure.base + figure.each * self.unit.size + self.pick(&input.name, figure.spread);
        let unit = if input.kind == InputKind::Money { 1_000_000 } else { 1 };
        Decimal::from(total * unit)
    }

    /// The fields of one indicator, own figures and the shared ones it reads.
    pub fn fields(&self, rules: &Rules, indicator: &Indicator) -> BTreeMap<String, String> {
        let (code, reads) = (indicator.code.as_str(), rules.reads(&indicator.code));
        let shared: Vec<_> = rules.set().facts.iter().filter(|fact| reads.contains(&fact.name.as_str())).collect();
        let below = indicator.inputs.get(1).or(shared.first().copied()).map(|input| self.total(code, input));
        let mut fields = BTreeMap::new();
        for (position, input) in indicator.inputs.iter().enumerate() {
            let value = if position == 0 {
                self.first(rules, indicator, input, below)
            } else {
                self.total(code, input).to_string()
            };
            fields.insert(input.name.clone(), value);
        }
        fields.extend(shared.into_iter().map(|fact| (fact.name.clone(), self.total(code, fact).to_string())));
        fields
    }

    fn first(&self, rules: &Rules, indicator: &Indicator, input: &Input, below: Option<Decimal>) -> String {
        let level = Decimal::from(self.level(&indicator.code));
        let part = level / Decimal::ONE_HUNDRED;
        let reads = rules.reads(&indicator.code);
        let goal =
            rules.set().params.iter().find(|param| reads.contains(&param.name.as_str())).map(|param| param.value);
        match (&input.kind, below, goal) {
            (InputKind::YesNo, ..) => (level > Decimal::from(45)).to_string(),
            (InputKind::Level(choices), ..) => {
                let step = if level > Decimal::from(60) { 0 } else { choices.len() / 2 };
                choices.get(step).map(|choice| choice.value.to_string()).unwrap_or_default()
            }
            (InputKind::Percent, ..) => (Decimal::from(60) + part * Decimal::from(40)).round_dp(1).to_string(),
            (InputKind::Number, ..) => (part * Decimal::from(4)).round_dp(1).to_string(),
            (_, Some(below), Some(goal)) => (below * goal * part).ceil().to_string(),
            (_, Some(below), None) => (below * part).round().to_string(),
            (_, None, Some(goal)) => (goal * part).round().to_string(),
            (_, None, None) => Decimal::from(1 + self.pick(&input.name, 5)).to_string(),
        }
    }

    /// Points the council takes off an indicator of this unit, rarely.
    pub fn correction(&self, code: &str) -> Option<Decimal> {
        (self.pick(&format!("council{code}"), 23) == 0).then(|| Decimal::from(1 + self.pick(code, 3)))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use engine::{Answer, Answers, Value};

    use super::*;
    use crate::demo::units::{COMMUNES, PROVINCE};
    use tenants::units::UnitKind;

    /// The figures of a whole sheet, as the engine reads them.
    fn answers(rules: &Rules, voice: Voice<'_>) -> Answers {
        let mut all = Answers::default();
        for indicator in rules.set().indicators() {
            let read = |(name, text): (String, String)| {
                let value = text.parse().map(Value::Bool).unwrap_or_else(|_| Value::Number(text.parse().unwrap()));
                (name, value)
            };
            let fields = voice.fields(rules, indicator).into_iter().map(read);
            let own = |name: &String| indicator.inputs.iter().any(|input| &input.name == name);
            let (inputs, facts): (BTreeMap<_, _>, BTreeMap<_, _>) = fields.partition(|(name, _)| own(name));
            for (name, value) in facts {
                assert_eq!(*all.facts.entry(name).or_insert(value), value, "one value for one thing");
            }
            all.answers.insert(indicator.code.clone(), Answer { inputs, ..Answer::default() });
        }
        all
    }

    #[test]
    fn every_sample_sheet_is_complete_and_without_warnings() {
        let rules = |slug: &str| {
            let source = crate::SETS.iter().find(|set| set.slug == slug).unwrap().source;
            Rules::new(engine::run::compile(source).unwrap().set).unwrap()
        };
        let (departments, districts, communes) = (rules("so"), rules("huyen"), rules("xa"));
        for unit in PROVINCE.iter().chain(&COMMUNES) {
            let rules = match unit.kind {
                UnitKind::Department => &departments,
                UnitKind::District => &districts,
                _ => &communes,
            };
            for year in [2024, 2025] {
                let card = rules.evaluate(&answers(rules, Voice { unit, year }));
                assert!(card.pending.is_empty(), "{}: {:?}", unit.code, card.pending);
                let index = card.index.unwrap();
                assert!(index > Decimal::from(40) && index < Decimal::from(99), "{} {year}: {index}", unit.code);
                for score in &card.indicators {
                    assert!(score.warnings.is_empty(), "{} {}: {:?}", unit.code, score.code, score.warnings);
                }
            }
        }
    }
}
