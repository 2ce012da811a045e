//! Branches of a formula – the arms of `if` and `switch`, the steps of `steps` – and which of them the stored cases go through.

use std::collections::BTreeSet;

use rhai::Position;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::leaf::ScoredLeaf;
use super::lines::Lines;
use super::node::{self, Arm, Node, Shape};
use super::{Rules, flags, message};
use crate::diagnostic::AnswerErrorKind;
use crate::set::{Case, Indicator};
use crate::{Value, number};

/// How many branches of an indicator's formula its cases go through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    pub indicator: String,
    pub reached: usize,
    pub all: usize,
}

/// One way through a formula.
#[derive(Debug)]
pub struct Branch {
    /// As an author would call it: "if so_hop >= 4", "từ 2 đến dưới 4".
    pub text: String,
    /// In the formula.
    pub position: Position,
    id: Id,
    /// The branch this one lies in, as an index.
    inside: Option<usize>,
}

/// Where the branching stands in the formula, and the number of the arm.
type Id = (usize, usize, usize);

/// Branches of a formula with, for each, whether a stored case goes through it.
pub fn covered(rules: &Rules, scored: &ScoredLeaf<'_>) -> Vec<(Branch, bool)> {
    let mut listed = Listed { text: &scored.source.text, lines: Lines::of(&scored.source.text), all: Vec::new() };
    listed.list(&scored.formula.node, None);
    if listed.all.is_empty() {
        return Vec::new();
    }
    let mut reached = BTreeSet::new();
    for case in scored.leaf.cases.iter().filter(|case| is_computed(rules, scored.leaf, case)) {
        let given = |name: &str| case.inputs.get(name).or_else(|| scored.fixed.get(name)).copied();
        flags::begin();
        follow(&scored.formula.node, &given, &mut reached);
    }
    listed
        .all
        .into_iter()
        .map(|branch| (reached.contains(&branch.id), branch))
        .map(|(yes, branch)| (branch, yes))
        .collect()
}

/// Branches no case goes through; of those inside one another, the outermost.
pub fn unreached(rules: &Rules, scored: &ScoredLeaf<'_>) -> Vec<Branch> {
    let all = covered(rules, scored);
    let is_open: Vec<bool> = all.iter().map(|(branch, _)| branch.inside.is_none_or(|outer| all[outer].1)).collect();
    let missed = all.into_iter().zip(is_open).filter(|((_, reached), is_open)| !reached && *is_open);
    missed.map(|((branch, _), _)| branch).collect()
}

impl Rules {
    /// For each indicator whose formula has branches, how many of them its cases go through.
    pub fn coverage(&self) -> Vec<Coverage> {
        let of = |leaf: &Indicator| {
            let branches = covered(self, &ScoredLeaf::of(self.set(), leaf)?);
            let reached = branches.iter().filter(|(_, reached)| *reached).count();
            let coverage = Coverage { indicator: leaf.code.clone(), reached, all: branches.len() };
            (coverage.all > 0).then_some(coverage)
        };
        self.set().indicators().filter_map(of).collect()
    }
}

/// Whether the case comes as far as its formula: figures that are refused go through no branch.
fn is_computed(rules: &Rules, leaf: &Indicator, case: &Case) -> bool {
    let score = rules.score(&leaf.code, &rules.answers_of(leaf, case));
    let refused = score.and_then(|score| score.error).map(|error| error.kind);
    matches!(refused, None | Some(AnswerErrorKind::ZeroDenominator))
}

/// Marks the branches taken, as far as the formula can be followed.
fn follow(node: &Node, given: &dyn Fn(&str) -> Option<Value>, reached: &mut BTreeSet<Id>) {
    match &node.shape {
        Shape::If(condition, then, otherwise) => {
            follow(condition, given, reached);
            let Some(holds) = condition.holds(given) else { return };
            reached.insert(id(node, usize::from(!holds)));
            let taken = if holds { Some(then) } else { otherwise.as_ref() };
            taken.into_iter().for_each(|node| follow(node, given, reached));
        }
        Shape::Switch(looked_at, arms) => {
            follow(looked_at, given, reached);
            if let Some(arm) = looked_at.value(given).and_then(|value| node::arm(arms, &value)) {
                reached.insert(id(node, arm));
                follow(&arms[arm].gives, given, reached);
            }
        }
        Shape::Word(_, arguments) if let Some((value, edges)) = node::table(arguments) => {
            follow(value, given, reached);
            if let Some(value) = value.number(given) {
                let arm = edges.iter().position(|(from, _)| value >= *from).unwrap_or(edges.len());
                reached.insert(id(node, arm));
            }
        }
        Shape::And(parts) => follow_until(parts, false, given, reached),
        Shape::Or(parts) => follow_until(parts, true, given, reached),
        Shape::Not(inner) => follow(inner, given, reached),
        Shape::Compare(_, a, b) => [a, b].into_iter().for_each(|side| follow(side, given, reached)),
        Shape::Arithmetic(_, parts) | Shape::Word(_, parts) => {
            parts.iter().for_each(|part| follow(part, given, reached));
        }
        _ => {}
    }
}

fn follow_until(parts: &[Node], end: bool, given: &dyn Fn(&str) -> Option<Value>, reached: &mut BTreeSet<Id>) {
    for part in parts {
        follow(part, given, reached);
        if part.holds(given).is_none_or(|holds| holds == end) {
            return;
        }
    }
}

fn id(node: &Node, arm: usize) -> Id {
    let (line, column) = message::place(node.position);
    (line, column, arm)
}

/// Where an expression begins: an operator's own place is between its operands.
fn start(node: &Node) -> Position {
    match &node.shape {
        Shape::Compare(_, a, _) => start(a),
        Shape::Arithmetic(_, parts) if parts.len() == 2 => start(&parts[0]),
        Shape::And(parts) | Shape::Or(parts) => parts.first().map_or(node.position, start),
        _ => node.position,
    }
}

struct Listed<'a> {
    text: &'a str,
    lines: Lines<'a>,
    all: Vec<Branch>,
}

impl Listed<'_> {
    fn list(&mut self, node: &Node, inside: Option<usize>) {
        match &node.shape {
            Shape::If(condition, then, otherwise) => {
                self.list(condition, inside);
                let condition = self.head(node.position, "if");
                let outer = self.push((node, 0), start(then), format!("if {condition}"), inside);
                self.list(then, outer);
                let Some(otherwise) = otherwise else { return };
                let text = match otherwise.shape {
                    Shape::If(..) => format!("else if {}", self.head(otherwise.position, "if")),
                    _ => format!("else, khi không phải {condition}"),
                };
                let outer = self.push((node, 1), start(otherwise), text, inside);
                self.list(otherwise, outer);
            }
            Shape::Switch(looked_at, arms) => {
                self.list(looked_at, inside);
                let switch = self.head(node.position, "switch");
                for (at, arm) in arms.iter().enumerate() {
                    let text = format!("switch {switch}, khi {}", values(arm));
                    let outer = self.push((node, at), start(&arm.gives), text, inside);
                    self.list(&arm.gives, outer);
                }
            }
            Shape::Word(_, arguments) if let Some((value, edges)) = node::table(arguments) => {
                self.list(value, inside);
                for (arm, text) in steps(edges).into_iter().enumerate() {
                    self.push((node, arm), node.position, text, inside);
                }
            }
            Shape::Not(inner) => self.list(inner, inside),
            Shape::And(parts) | Shape::Or(parts) | Shape::Arithmetic(_, parts) | Shape::Word(_, parts) => {
                parts.iter().for_each(|part| self.list(part, inside));
            }
            Shape::Compare(_, a, b) => [a, b].into_iter().for_each(|side| self.list(side, inside)),
            _ => {}
        }
    }

    fn push(
        &mut self,
        (node, arm): (&Node, usize),
        position: Position,
        text: String,
        inside: Option<usize>,
    ) -> Option<usize> {
        self.all.push(Branch { text, position, id: id(node, arm), inside });
        Some(self.all.len() - 1)
    }

    /// The text between an `if` or a `switch` and its brace.
    fn head(&self, position: Position, word: &str) -> String {
        let from = self.lines.offset(position).and_then(|start| self.text.get(start..)).unwrap_or_default();
        let written = from.strip_prefix(word).unwrap_or_default().split('{').next().unwrap_or_default();
        written.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// An arm by its values, as they are written.
fn values(arm: &Arm) -> String {
    let tell = |value: &Value| match value {
        Value::Number(number) => number.normalize().to_string(),
        Value::Bool(yes) => yes.to_string(),
    };
    let all: Vec<String> = arm.values.iter().map(tell).collect();
    if all.is_empty() { "không là giá trị nào ở trên".into() } else { all.join(" | ") }
}

/// Steps in words. What lies below the last one is a way of its own, unless nothing can lie there.
fn steps(edges: &[(Decimal, Decimal)]) -> Vec<String> {
    let from = |at: usize| number::trim(edges[at].0);
    let mut all: Vec<String> = (0..edges.len())
        .map(|at| match at {
            0 => format!("từ {} trở lên", from(0)),
            _ => format!("từ {} đến dưới {}", from(at), from(at - 1)),
        })
        .collect();
    if let Some((lowest, _)) = edges.last().filter(|(lowest, _)| *lowest > Decimal::ZERO) {
        all.push(format!("dưới {}", number::trim(*lowest)));
    }
    all
}
