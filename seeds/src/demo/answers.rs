//! Plausible answers without randomness: the same unit, year and indicator always give the same figures.

use std::collections::BTreeMap;

use engine::run::Rules;
use engine::{Indicator, Input, InputKind};
use rust_decimal::Decimal;

/// A unit in a year.
#[derive(Clone, Copy)]
pub struct Voice {
    pub unit: &'static str,
    pub year: i32,
}

impl Voice {
    /// 0..range, the same for the same words.
    fn pick(&self, words: &str, range: u64) -> u64 {
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        for byte in self.unit.bytes().chain(words.bytes()) {
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

    /// The shared figures of the unit, as a clerk would type them.
    pub fn facts(&self, rules: &Rules) -> BTreeMap<String, String> {
        let facts = rules.set().facts.iter();
        facts.map(|fact| (fact.name.clone(), self.total(fact).to_string())).collect()
    }

    fn total(&self, input: &Input) -> Decimal {
        let (from, range) = match (input.name.as_str(), &input.kind) {
            (_, InputKind::Money) => return Decimal::from(20 + self.pick(&input.name, 400)) * Decimal::from(1_000_000_000),
            ("ccvc" | "may_tram", _) => (45, 60),
            ("cbcc", _) => (20, 6),
            ("dan_so_truong_thanh", _) => (24_000, 40_000),
            ("ho_gia_dinh", _) => (1_100, 14_000),
            ("thon_ban", _) => (12, 120),
            ("xa", _) => (8, 14),
            ("doanh_nghiep" | "dnnvv", _) => (40, 300),
            _ => (20, 80),
        };
        Decimal::from(from + self.pick(&input.name, range))
    }

    /// The fields of one indicator, own figures and the shared ones it reads.
    pub fn fields(&self, rules: &Rules, indicator: &Indicator) -> BTreeMap<String, String> {
        let reads = rules.reads(&indicator.code);
        let mut fields = self.facts(rules);
        fields.retain(|name, _| reads.contains(&name.as_str()));
        let shared = fields.values().next().and_then(|total| total.parse::<Decimal>().ok());
        let below = indicator.inputs.get(1).map(|input| self.total(input)).or(shared);
        for (position, input) in indicator.inputs.iter().enumerate() {
            let value = if position == 0 { self.first(rules, indicator, input, below) } else { self.second(input, below) };
            fields.insert(input.name.clone(), value);
        }
        fields
    }

    fn first(&self, rules: &Rules, indicator: &Indicator, input: &Input, below: Option<Decimal>) -> String {
        let level = Decimal::from(self.level(&indicator.code));
        let part = level / Decimal::ONE_HUNDRED;
        let reads = rules.reads(&indicator.code);
        let goal = rules.set().params.iter().find(|param| reads.contains(&param.name.as_str())).map(|param| param.value);
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

    fn second(&self, input: &Input, below: Option<Decimal>) -> String {
        below.unwrap_or_else(|| self.total(input)).to_string()
    }

    /// Points the council takes off an indicator of this unit, rarely.
    pub fn correction(&self, code: &str) -> Option<Decimal> {
        (self.pick(&format!("council{code}"), 23) == 0).then(|| Decimal::from(1 + self.pick(code, 3)))
    }
}
