//! Edge values of figures: where their kinds end, and around each threshold of the formula that reads them.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::leaf::ScoredLeaf;
use super::thresholds;
use crate::Value;
use crate::set::InputKind;

/// Most combinations of edge values tried for one formula, whole and one by one.
const COMBINATIONS: usize = 300;
const ONE_BY_ONE: usize = 2_000;

/// Most work the combinations of one formula may be, in bytes of formula evaluated: a long formula, which no honest one is,
/// is tried on fewer.
const WORK: usize = 1_000_000;
const FEWEST: usize = 100;

/// Most thresholds of one figure that are tried.
const THRESHOLDS: usize = 12;

/// Every combination of edge values; for many figures, all at the same edge and each alone at every other.
pub fn combinations<'a>(scored: &'a ScoredLeaf<'_>) -> Vec<BTreeMap<&'a str, Value>> {
    let thresholds = thresholds::of(scored);
    let values = |name: &str, kind| values(kind, thresholds.get(name));
    let edges: Vec<(&str, Vec<Value>)> =
        scored.read.iter().map(|input| (input.name.as_str(), values(&input.name, &input.kind))).collect();
    let count = edges.iter().map(|(_, values)| values.len()).try_fold(1usize, usize::checked_mul);
    let most = most(scored);
    if count.is_some_and(|count| count <= COMBINATIONS.min(most)) { product(&edges) } else { one_by_one(&edges, most) }
}

/// How many combinations of its figures a formula is tried on at the most.
pub fn most(scored: &ScoredLeaf<'_>) -> usize {
    (WORK / scored.source.text.len().max(1)).clamp(FEWEST, ONE_BY_ONE)
}

fn product<'a>(edges: &[(&'a str, Vec<Value>)]) -> Vec<BTreeMap<&'a str, Value>> {
    let mut all = vec![BTreeMap::new()];
    for (name, values) in edges {
        let with = |known: &BTreeMap<&'a str, Value>, value: &Value| {
            let mut more = known.clone();
            more.insert(*name, *value);
            more
        };
        all = all.iter().flat_map(|known| values.iter().map(|value| with(known, value)).collect::<Vec<_>>()).collect();
    }
    all
}

/// All at the same edge, then each alone at every other, as many as may be tried.
fn one_by_one<'a>(edges: &[(&'a str, Vec<Value>)], most: usize) -> Vec<BTreeMap<&'a str, Value>> {
    let longest = edges.iter().map(|(_, values)| values.len()).max().unwrap_or_default();
    let same_edge = |edge: usize| {
        let at = |(name, values): &(&'a str, Vec<Value>)| Some((*name, *values.get(edge).or(values.last())?));
        edges.iter().filter_map(at).collect::<BTreeMap<_, _>>()
    };
    let bases: Vec<_> = (0..longest).map(same_edge).collect();
    let varied = bases.iter().flat_map(|base| {
        edges.iter().flat_map(move |(name, values)| {
            values.iter().map(move |value| {
                let mut varied = base.clone();
                varied.insert(*name, *value);
                varied
            })
        })
    });
    bases.iter().cloned().chain(varied).take(most).collect()
}

/// The kind's own edges first, then one below, at and one above each threshold, as far as the kind allows them.
fn values(kind: &InputKind, thresholds: Option<&BTreeSet<Decimal>>) -> Vec<Value> {
    let numbers = |given: &[i64]| given.iter().map(|given| Decimal::from(*given)).collect::<Vec<_>>();
    let mut edges = match kind {
        InputKind::YesNo => return vec![Value::Bool(true), Value::Bool(false)],
        InputKind::Level(choices) => {
            return choices.iter().map(|choice| Value::Number(Decimal::from(choice.value))).collect();
        }
        InputKind::Percent => numbers(&[0, 100, 50]),
        InputKind::Count | InputKind::Number | InputKind::Money => numbers(&[0, 1, 1000, 10]),
    };
    for edge in thresholds.into_iter().flatten().take(THRESHOLDS) {
        for near in [edge.checked_sub(Decimal::ONE), Some(*edge), edge.checked_add(Decimal::ONE)].into_iter().flatten()
        {
            if allows(kind, near) && !edges.contains(&near) {
                edges.push(near);
            }
        }
    }
    edges.into_iter().map(Value::Number).collect()
}

/// Whether a number of this kind can be entered.
pub fn allows(kind: &InputKind, number: Decimal) -> bool {
    let fits = match kind {
        InputKind::Count => number.fract().is_zero(),
        InputKind::Percent => number <= Decimal::ONE_HUNDRED,
        InputKind::Level(choices) => choices.iter().any(|choice| Decimal::from(choice.value) == number),
        InputKind::YesNo => false,
        InputKind::Number | InputKind::Money => true,
    };
    fits && number >= Decimal::ZERO
}
