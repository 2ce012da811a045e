//! An expression that somebody wrote, recognised as one of the common shapes. Only spellings that give the same points
//! for every answer are.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use rust_decimal::Decimal;

use super::form::{Entry, Field, FieldKind, Form, Shape, YES_NO, YES_NO_HALF, forms};
use crate::run::formula;
use crate::run::node::{Node, Shape as Expression};
use crate::run::vocabulary::{Word, share, steps, target};
use crate::{Formula, Value};

impl Shape {
    /// The shape of an expression; `None` where it is none of the common ones, or no expression at all.
    pub fn read(text: &str) -> Option<Shape> {
        let names: BTreeSet<&str> = names(text).collect();
        let names: Vec<&str> = names.into_iter().collect();
        let formula = Formula { text: text.into(), line: 1, column: 1 };
        let compiled = formula::compile(&formula, &names).ok()?;
        of_node(&compiled.node)
    }
}

/// The names that a text may read, keywords and words of the vocabulary among them.
fn names(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.filter(|word| word.starts_with(|c: char| c.is_alphabetic() || c == '_'))
}

fn of_node(node: &Node) -> Option<Shape> {
    match &node.shape {
        Expression::If(..) => of_choice(node),
        Expression::Arithmetic('*', operands) => match operands.as_slice() {
            [part, max] | [max, part] if is_max(max) => of_part(part),
            _ => None,
        },
        _ => None,
    }
}

/// An expression that is multiplied by the maximum.
fn of_part(node: &Node) -> Option<Shape> {
    match &node.shape {
        Expression::Word(Word::Min, arguments) => match arguments.as_slice() {
            [one, inner] | [inner, one] if number(one) == Some(Decimal::ONE) => of_capped(inner),
            _ => None,
        },
        _ => PARTS.iter().find_map(|(form, pattern)| {
            let mut entries = vec![None; form.fields.len()];
            fits(pattern, node, form.fields, &mut entries)?;
            Some(Shape { form: *form, entries: entries.into_iter().collect::<Option<_>>()? })
        }),
    }
}

/// Forms of something that the maximum is multiplied by, each with that part of its own expression, where the names of the
/// fields stand for what they hold.
static PARTS: LazyLock<Vec<(Form, Node)>> = LazyLock::new(|| {
    let part = |form: &Form| {
        let holes = form.fields.iter().fold(form.spelling.to_owned(), |text, field| {
            let hole = if field.kind == FieldKind::Steps { "[[1, 1]]" } else { field.name };
            text.replace(&format!("{{{}}}", field.name), hole)
        });
        let formula = Formula { text: holes, line: 1, column: 1 };
        let names: Vec<&str> = form.fields.iter().map(|field| field.name).chain(["max"]).collect();
        match formula::compile(&formula, &names).ok()?.node.shape {
            Expression::Arithmetic('*', operands) if operands.last().is_some_and(is_max) => {
                Some((*form, operands.into_iter().next()?))
            }
            _ => None,
        }
    };
    forms().filter_map(part).collect()
});

/// Whether an expression is built like the pattern; `entries` takes what stands in the places of the fields.
fn fits(pattern: &Node, node: &Node, fields: &[Field], entries: &mut [Option<Entry>]) -> Option<()> {
    let mut each = |patterns: &[Node], nodes: &[Node]| {
        let mut pairs = patterns.iter().zip(nodes);
        (patterns.len() == nodes.len()).then_some(())?;
        pairs.try_for_each(|(pattern, node)| fits(pattern, node, fields, entries))
    };
    match (&pattern.shape, &node.shape) {
        (Expression::Word(one, patterns), Expression::Word(other, nodes)) if one == other => each(patterns, nodes),
        (Expression::Arithmetic(one, patterns), Expression::Arithmetic(other, nodes)) if one == other => {
            each(patterns, nodes)
        }
        (Expression::Table(_), Expression::Table(edges)) => {
            let percent = |(from, part): &(Decimal, Decimal)| Some((*from, part.checked_mul(Decimal::ONE_HUNDRED)?));
            let steps = edges.iter().map(percent).collect::<Option<Vec<_>>>()?;
            let at = fields.iter().position(|field| field.kind == FieldKind::Steps)?;
            entries[at] = Some(descending(steps)?);
            Some(())
        }
        (Expression::Name(hole), _) => {
            let at = fields.iter().position(|field| field.name == hole)?;
            entries[at] = Some(match fields[at].kind {
                FieldKind::YesNo | FieldKind::Figure => Entry::Name(name(node)?),
                FieldKind::Goal => term(node)?,
                FieldKind::Number => Entry::Number(positive(node)?),
                FieldKind::Steps => return None,
            });
            Some(())
        }
        _ => None,
    }
}

/// `x` of `min(1, x)`. A quotient of two figures is left alone: whether the second is a whole or a goal cannot be seen.
fn of_capped(node: &Node) -> Option<Shape> {
    let Expression::Arithmetic('/', operands) = &node.shape else { return None };
    let goal = Entry::Number(positive(operands.get(1)?)?);
    match &operands[0].shape {
        Expression::Arithmetic('/', inner) => {
            let (part, whole) = (Entry::Name(name(&inner[0])?), Entry::Name(name(inner.get(1)?)?));
            Some(Shape { form: share::FORM, entries: vec![part, whole, goal] })
        }
        _ => Some(Shape { form: target::FORM, entries: vec![Entry::Name(name(&operands[0])?), goal] }),
    }
}

fn of_choice(node: &Node) -> Option<Shape> {
    let Expression::If(condition, then, otherwise) = &node.shape else { return None };
    let otherwise = otherwise.as_ref()?;
    match (&condition.shape, share_of_max(then), share_of_max(otherwise)) {
        (Expression::Not(inner), Some(0), Some(100)) => {
            Some(Shape { form: YES_NO, entries: vec![Entry::Name(name(inner)?)] })
        }
        (Expression::Name(input), Some(100), Some(0)) => {
            Some(Shape { form: YES_NO, entries: vec![Entry::Name(input.clone())] })
        }
        (Expression::Name(full), Some(100), None) => match &otherwise.shape {
            Expression::If(second, half, last) => {
                let is_half = share_of_max(half) == Some(50) && share_of_max(last.as_ref()?) == Some(0);
                let partly = name(second).filter(|_| is_half)?;
                Some(Shape { form: YES_NO_HALF, entries: vec![Entry::Name(full.clone()), Entry::Name(partly)] })
            }
            _ => None,
        },
        (Expression::Compare(">=", value, _), ..) => {
            let mut steps = Vec::new();
            let value = name(value)?;
            stairs(node, &value, &mut steps)?;
            Some(Shape { form: steps::FORM, entries: vec![Entry::Name(value), descending(steps)?] })
        }
        _ => None,
    }
}

/// `if x >= 4 { max } else if x >= 2 { half(max) } else { 0 }`.
fn stairs(node: &Node, value: &str, steps: &mut Vec<(Decimal, Decimal)>) -> Option<()> {
    let Expression::If(condition, then, otherwise) = &node.shape else {
        return (share_of_max(node) == Some(0)).then_some(());
    };
    let Expression::Compare(">=", compared, edge) = &condition.shape else { return None };
    if name(compared)? != value {
        return None;
    }
    steps.push((number(edge)?, part_of_max(then)?));
    stairs(otherwise.as_ref()?, value, steps)
}

/// Steps are refused unless they go down; a stair of conditions that does not is another formula.
fn descending(steps: Vec<(Decimal, Decimal)>) -> Option<Entry> {
    let steps: Vec<_> = steps.into_iter().map(|(from, percent)| (from.normalize(), percent.normalize())).collect();
    steps.is_sorted_by(|higher, lower| higher.0 > lower.0).then_some(Entry::Steps(steps))
}

fn share_of_max(node: &Node) -> Option<i64> {
    part_of_max(node).filter(Decimal::is_integer)?.try_into().ok()
}

/// Percent of the maximum: of `max`, `half(max)`, `max / 4`, `max * 0.25`, `0.25 * max` and `0`.
fn part_of_max(node: &Node) -> Option<Decimal> {
    let percent = match &node.shape {
        _ if number(node) == Some(Decimal::ZERO) => Decimal::ZERO,
        Expression::Name(_) if is_max(node) => Decimal::ONE_HUNDRED,
        Expression::Word(word, arguments) if is_max(&arguments[0]) => {
            Decimal::ONE_HUNDRED.checked_mul(word.part_of_max()?)?
        }
        Expression::Arithmetic('/', operands) if is_max(&operands[0]) => {
            Decimal::ONE_HUNDRED.checked_div(positive(operands.get(1)?)?)?
        }
        Expression::Arithmetic('*', operands) => match operands.as_slice() {
            [max, part] | [part, max] if is_max(max) => Decimal::ONE_HUNDRED.checked_mul(number(part)?)?,
            _ => return None,
        },
        _ => return None,
    };
    // A third of the maximum has no exact percentage.
    (percent.normalize().scale() <= 4).then_some(percent.normalize())
}

fn is_max(node: &Node) -> bool {
    matches!(&node.shape, Expression::Name(name) if name == "max")
}

/// A name that is not the maximum.
fn name(node: &Node) -> Option<String> {
    match &node.shape {
        Expression::Name(name) if name != "max" => Some(name.clone()),
        _ => None,
    }
}

fn number(node: &Node) -> Option<Decimal> {
    match &node.shape {
        Expression::Constant(Value::Number(number)) => Some(number.normalize()),
        _ => None,
    }
}

fn positive(node: &Node) -> Option<Decimal> {
    number(node).filter(|number| *number > Decimal::ZERO)
}

fn term(node: &Node) -> Option<Entry> {
    name(node).map(Entry::Name).or_else(|| positive(node).map(Entry::Number))
}
