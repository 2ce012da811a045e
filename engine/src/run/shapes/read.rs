//! An expression that somebody wrote, recognised as one of the common shapes. Only spellings that give the same points
//! for every answer are.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use crate::run::formula;
use crate::run::node::{Node, Shape as Expression};
use crate::shape::{Shape, Term};
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
        Expression::Word("ratio", arguments) => {
            Some(Shape::Ratio { part: name(&arguments[0])?, whole: name(&arguments[1])? })
        }
        Expression::Word("target", arguments) => of_target(&arguments[0], &arguments[1]),
        Expression::Word("share", arguments) => {
            let goal = term(&arguments[2])?;
            Some(Shape::Share { part: name(&arguments[0])?, whole: name(&arguments[1])?, goal })
        }
        Expression::Word("survey", arguments) => {
            Some(Shape::Survey { rate: name(&arguments[0])?, responses: name(&arguments[1])? })
        }
        Expression::Word("min", arguments) => match arguments.as_slice() {
            [one, inner] | [inner, one] if number(one) == Some(Decimal::ONE) => of_capped(inner),
            _ => None,
        },
        Expression::Steps(value, edges) => {
            let percent = |(from, part): &(Decimal, Decimal)| Some((*from, part.checked_mul(Decimal::ONE_HUNDRED)?));
            let steps = edges.iter().map(percent).collect::<Option<Vec<_>>>()?;
            steps_of(name(value)?, steps)
        }
        Expression::Arithmetic('/', operands) => {
            Some(Shape::Level { input: name(&operands[0])?, highest: positive(operands.get(1)?)? })
        }
        _ => None,
    }
}

fn of_target(value: &Node, goal: &Node) -> Option<Shape> {
    if let Expression::Arithmetic('*', operands) = &goal.shape {
        let (periods, per_period) = (term(&operands[0])?, term(operands.get(1)?)?);
        return Some(Shape::Frequency { times: name(value)?, periods, per_period });
    }
    Some(Shape::Target { value: name(value)?, goal: term(goal)? })
}

/// `x` of `min(1, x)`. A quotient of two figures is left alone: whether the second is a whole or a goal cannot be seen.
fn of_capped(node: &Node) -> Option<Shape> {
    let Expression::Arithmetic('/', operands) = &node.shape else { return None };
    let goal = Term::Number(positive(operands.get(1)?)?);
    match &operands[0].shape {
        Expression::Arithmetic('/', inner) => {
            Some(Shape::Share { part: name(&inner[0])?, whole: name(inner.get(1)?)?, goal })
        }
        _ => Some(Shape::Target { value: name(&operands[0])?, goal }),
    }
}

fn of_choice(node: &Node) -> Option<Shape> {
    let Expression::If(condition, then, otherwise) = &node.shape else { return None };
    let otherwise = otherwise.as_ref()?;
    match (&condition.shape, share_of_max(then), share_of_max(otherwise)) {
        (Expression::Not(inner), Some(0), Some(100)) => Some(Shape::YesNo { input: name(inner)? }),
        (Expression::Name(input), Some(100), Some(0)) => Some(Shape::YesNo { input: input.clone() }),
        (Expression::Name(full), Some(100), None) => match &otherwise.shape {
            Expression::If(second, half, last) => {
                let is_half = share_of_max(half) == Some(50) && share_of_max(last.as_ref()?) == Some(0);
                let partly = name(second).filter(|_| is_half)?;
                Some(Shape::YesNoHalf { full: full.clone(), partly })
            }
            _ => None,
        },
        (Expression::Compare(">=", value, _), ..) => {
            let mut steps = Vec::new();
            let value = name(value)?;
            stairs(node, &value, &mut steps)?;
            steps_of(value, steps)
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
fn steps_of(value: String, steps: Vec<(Decimal, Decimal)>) -> Option<Shape> {
    let steps: Vec<_> = steps.into_iter().map(|(from, percent)| (from.normalize(), percent.normalize())).collect();
    steps.is_sorted_by(|higher, lower| higher.0 > lower.0).then_some(Shape::Steps { value, steps })
}

fn share_of_max(node: &Node) -> Option<i64> {
    part_of_max(node).filter(Decimal::is_integer)?.try_into().ok()
}

/// Percent of the maximum: of `max`, `half(max)`, `max / 4`, `max * 0.25`, `0.25 * max` and `0`.
fn part_of_max(node: &Node) -> Option<Decimal> {
    let percent = match &node.shape {
        _ if number(node) == Some(Decimal::ZERO) => Decimal::ZERO,
        Expression::Name(_) if is_max(node) => Decimal::ONE_HUNDRED,
        Expression::Word("half", arguments) if is_max(&arguments[0]) => Decimal::from(50),
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

fn term(node: &Node) -> Option<Term> {
    name(node).map(Term::Name).or_else(|| positive(node).map(Term::Number))
}
