//! What became of each indicator from one version to the next, by its key.

use std::collections::{HashMap, HashSet};

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{Indicator, IndicatorSet, Input, InputKind, Provider};

/// An indicator in two versions. `old_code` is `None` for a new one, `new_code` for one that was dropped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lineage {
    pub key: String,
    pub old_code: Option<String>,
    pub new_code: Option<String>,
    pub relation: Relation,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Points mean the same in both versions; the code or the wording may differ.
    Same,
    /// The maximum, the formula, the rule of a zero denominator, or an input, shared figure or parameter it reads
    /// differs: points of the two versions are not comparable at once.
    Changed,
    New,
    Dropped,
}

/// Every indicator of the new version in its order, then those that were dropped.
pub fn predecessors(old: &IndicatorSet, new: &IndicatorSet) -> Vec<Lineage> {
    let before: HashMap<&str, &Indicator> = old.indicators().map(|leaf| (leaf.key.as_str(), leaf)).collect();
    let kept: HashSet<&str> = new.indicators().map(|leaf| leaf.key.as_str()).collect();
    let follow = |leaf: &Indicator| {
        let was = before.get(leaf.key.as_str());
        let relation = match was {
            None => Relation::New,
            Some(was) if basis(old, was) == basis(new, leaf) => Relation::Same,
            Some(_) => Relation::Changed,
        };
        let old_code = was.map(|was| was.code.clone());
        Lineage { key: leaf.key.clone(), old_code, new_code: Some(leaf.code.clone()), relation }
    };
    let drop = |leaf: &Indicator| Lineage {
        key: leaf.key.clone(),
        old_code: Some(leaf.code.clone()),
        new_code: None,
        relation: Relation::Dropped,
    };
    let dropped = old.indicators().filter(|leaf| !kept.contains(leaf.key.as_str())).map(drop);
    new.indicators().map(follow).chain(dropped).collect()
}

/// Everything that decides the points, without words and without the order of declarations.
#[derive(PartialEq)]
struct Basis<'a> {
    max: Decimal,
    formula: Vec<&'a str>,
    zero: crate::ZeroRule,
    figures: Vec<(&'a str, InputKind, Provider)>,
    params: Vec<(&'a str, Decimal)>,
}

fn basis<'a>(set: &'a IndicatorSet, leaf: &'a Indicator) -> Basis<'a> {
    let formula = leaf.formula.as_ref().map(|formula| formula.text.as_str()).unwrap_or_default();
    let names: HashSet<&str> = names(formula).collect();
    let facts = set.facts.iter().filter(|fact| names.contains(fact.name.as_str()));
    let mut figures: Vec<_> = leaf.inputs.iter().chain(facts).map(figure).collect();
    figures.sort_by_key(|(name, ..)| *name);
    let read = set.params.iter().filter(|param| names.contains(param.name.as_str()));
    let mut params: Vec<_> = read.map(|param| (param.name.as_str(), param.value)).collect();
    params.sort();
    Basis { max: leaf.max, formula: formula.split_whitespace().collect(), zero: leaf.zero, figures, params }
}

/// A level's choices count by their values: their labels are words.
fn figure(input: &Input) -> (&str, InputKind, Provider) {
    let kind = match &input.kind {
        InputKind::Level(choices) => {
            let mut bare = choices.clone();
            bare.iter_mut().for_each(|choice| choice.label.clear());
            bare.sort_by_key(|choice| choice.value);
            InputKind::Level(bare)
        }
        other => other.clone(),
    };
    (&input.name, kind, input.provider)
}

/// The names that a formula's text may read. Words of the vocabulary are among them; no parameter is called like one.
fn names(formula: &str) -> impl Iterator<Item = &str> {
    formula.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|name| !name.is_empty())
}
