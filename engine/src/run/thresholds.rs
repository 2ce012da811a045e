//! The numbers at which a formula's points may jump: what figures are compared with, divided by, and stepped by.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::flags;
use super::leaf::ScoredLeaf;
use super::node::{Node, Shape};
use super::vocabulary::Threshold;
use crate::Value;

/// By the name of the figure, ascending. Thresholds are numbers written in the formula, or parameters.
pub fn of<'a>(scored: &'a ScoredLeaf<'_>) -> BTreeMap<&'a str, BTreeSet<Decimal>> {
    flags::begin();
    let mut found = Found { scored, all: BTreeMap::new() };
    found.walk(&scored.formula.node);
    found.all
}

/// Of each `share(part, whole, goal)` the names and the goal.
pub fn shares<'a>(scored: &'a ScoredLeaf<'_>) -> Vec<(&'a str, &'a str, Decimal)> {
    flags::begin();
    let fixed = |name: &str| scored.fixed.get(name).copied();
    let mut found = Vec::new();
    visit(&scored.formula.node, &mut |node| {
        if let Shape::Word(word, arguments) = &node.shape
            && let Some(Threshold::Share(part, whole, goal)) = word.threshold(arguments)
            && let (Some(part), Some(whole)) = (figure(part), figure(whole))
            && let Some(goal) = goal.number(&fixed).and_then(|goal| goal.nearest())
        {
            found.push((part, whole, goal));
        }
    });
    found
}

/// Names of figures that something is divided by.
pub fn denominators<'a>(scored: &'a ScoredLeaf<'_>) -> BTreeSet<&'a str> {
    let mut names = BTreeSet::new();
    visit(&scored.formula.node, &mut |node| {
        let divisor = match &node.shape {
            Shape::Word(word, arguments) => word.divisors().first().and_then(|divisor| arguments.get(divisor.at)),
            Shape::Arithmetic('/', operands) => operands.get(1),
            _ => None,
        };
        names.extend(divisor.and_then(figure).filter(|name| scored.read.iter().any(|input| input.name == *name)));
    });
    names
}

/// The node and all inside it, from the outside in.
pub fn visit<'a>(node: &'a Node, see: &mut dyn FnMut(&'a Node)) {
    see(node);
    match &node.shape {
        Shape::Not(inner) => visit(inner, see),
        Shape::And(parts) | Shape::Or(parts) | Shape::Arithmetic(_, parts) | Shape::Word(_, parts) => {
            parts.iter().for_each(|part| visit(part, see));
        }
        Shape::Compare(_, a, b) => [a, b].into_iter().for_each(|side| visit(side, see)),
        Shape::If(condition, then, otherwise) => {
            [condition, then].into_iter().chain(otherwise).for_each(|part| visit(part, see));
        }
        Shape::Switch(looked_at, arms) => {
            visit(looked_at, see);
            arms.iter().for_each(|arm| visit(&arm.gives, see));
        }
        _ => {}
    }
}

fn figure(node: &Node) -> Option<&str> {
    match &node.shape {
        Shape::Name(name) => Some(name),
        _ => None,
    }
}

struct Found<'a, 'b> {
    scored: &'a ScoredLeaf<'b>,
    all: BTreeMap<&'a str, BTreeSet<Decimal>>,
}

impl<'a> Found<'a, '_> {
    fn walk(&mut self, node: &'a Node) {
        visit(node, &mut |node| match &node.shape {
            Shape::Compare(_, a, b) => {
                self.add(a, b);
                self.add(b, a);
            }
            Shape::Arithmetic('/', operands) => {
                if let [value, goal] = operands.as_slice() {
                    self.add(value, goal);
                }
            }
            Shape::Word(word, arguments) => match word.threshold(arguments) {
                Some(Threshold::Goal(value, goal)) => self.add(value, goal),
                Some(Threshold::Table(value, edges)) => {
                    let edges = edges.iter().map(|(from, _)| *from);
                    self.all.entry(figure(value).unwrap_or_default()).or_default().extend(edges);
                }
                Some(Threshold::Share(..)) | None => {}
            },
            Shape::Switch(value, arms) => {
                let numbers = arms.iter().flat_map(|arm| &arm.values).filter_map(|value| match value {
                    Value::Number(number) => Some(*number),
                    Value::Bool(_) => None,
                });
                self.all.entry(figure(value).unwrap_or_default()).or_default().extend(numbers);
            }
            _ => {}
        });
        let is_read = |name: &str| self.scored.read.iter().any(|input| input.name == name);
        self.all.retain(|name, _| is_read(name));
    }

    fn add(&mut self, value: &'a Node, threshold: &Node) {
        let fixed = |name: &str| self.scored.fixed.get(name).copied();
        // A threshold without an end cannot be entered; the figures around it can.
        let edge = threshold.number(&fixed).and_then(|edge| edge.nearest());
        if let (Some(name), Some(edge)) = (figure(value), edge) {
            self.all.entry(name).or_default().insert(edge);
        }
    }
}
