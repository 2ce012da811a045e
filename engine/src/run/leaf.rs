//! An indicator that is scored by a formula, with all its formula reads.

use std::collections::BTreeMap;

use super::formula::{self, CompiledFormula};
use crate::Value;
use crate::set::{Formula, Indicator, IndicatorSet, Input};

pub struct ScoredLeaf<'a> {
    pub leaf: &'a Indicator,
    pub source: &'a Formula,
    pub formula: CompiledFormula,
    /// The figures the formula reads: shared ones, then the indicator's own.
    pub read: Vec<&'a Input>,
    /// Parameters and `max`.
    pub fixed: BTreeMap<&'a str, Value>,
}

impl<'a> ScoredLeaf<'a> {
    /// `None` without a formula, and for one that does not compile.
    pub fn of(set: &'a IndicatorSet, leaf: &'a Indicator) -> Option<ScoredLeaf<'a>> {
        let source = leaf.formula.as_ref()?;
        let params = set.params.iter().map(|param| (param.name.as_str(), Value::Number(param.value)));
        let fixed: BTreeMap<&str, Value> = params.chain([("max", Value::Number(leaf.max))]).collect();
        let figures = || set.facts.iter().chain(&leaf.inputs);
        let names: Vec<&str> = figures().map(|input| input.name.as_str()).chain(fixed.keys().copied()).collect();
        let formula = formula::compile(source, &names).ok()?;
        let read = figures().filter(|input| formula.reads.contains(&input.name)).collect();
        Some(ScoredLeaf { leaf, source, formula, read, fixed })
    }

    /// All values for these figures.
    pub fn values<'b>(&'b self, figures: &'b BTreeMap<&'b str, Value>) -> impl Iterator<Item = (&'b str, Value)> {
        self.fixed.iter().chain(figures).map(|(name, value)| (*name, *value))
    }
}
