//! A formula as a typed plan on fractions: names are slots, types are known, nothing is looked up, allocated or reduced.
//!
//! Rhai stays the meaning. A plan is used only where every part is understood, gives the same number (the differential
//! tests of `node`), and answers nothing at all where Rhai would end in an error, so that the error is always Rhai's, or
//! where 128 bits are not enough.

use std::cmp::Ordering;
use std::sync::atomic::{self, AtomicBool};

use rust_decimal::Decimal;

use super::node::{self, Arm, Given, Node, Shape};
use super::types::Type;
use super::vocabulary::{Calculation, Word};
use crate::Value;
use crate::exact::{Fraction, Number as Calculate, Outcome};

/// More names than any formula of ours reads; one with more has no plan.
const SLOTS: usize = 16;

/// A figure in its place, ready to be calculated with.
#[derive(Clone, Copy, Debug)]
pub enum Slot {
    YesNo(bool),
    Number(Fraction),
}

/// What a plan reads, in the order of its names.
pub type Slots = [Slot; SLOTS];

impl From<Value> for Slot {
    #[inline(always)]
    fn from(value: Value) -> Slot {
        match value {
            Value::Bool(yes) => Slot::YesNo(yes),
            Value::Number(number) => Slot::Number(number.into()),
        }
    }
}

static IN_USE: AtomicBool = AtomicBool::new(true);

/// Switches plans off or on for the whole process. Scores are the same either way.
pub fn use_plans(wanted: bool) {
    IN_USE.store(wanted, atomic::Ordering::Relaxed);
}

#[derive(Debug)]
pub struct Plan {
    root: Number,
    /// The names read, by slot.
    pub names: Vec<String>,
}

#[derive(Debug)]
enum Number {
    Constant(Fraction),
    Slot(usize),
    Negative(Box<Number>),
    /// `a / b` of two names, and two more of the parts that most formulas are made of: `min(1, x)`, and `x * 20`.
    Quotient(usize, usize),
    Capped(Box<Number>),
    Scaled(Box<Number>, Fraction),
    /// `a / b / c * d`, from left to right: brackets on the left are steps as well.
    Chain(Box<Number>, Vec<(Operator, Number)>),
    One(fn(&Fraction) -> Outcome<Fraction>, Box<Number>),
    Two(fn(&Fraction, &Fraction) -> Outcome<Fraction>, Box<[Number; 2]>),
    Three(fn(&Fraction, &Fraction, &Fraction) -> Outcome<Fraction>, Box<[Number; 3]>),
    Table(Box<Number>, Vec<(Fraction, Fraction)>),
    If(Truth, Box<[Number; 2]>),
    /// `if x >= 4 { … } else if x >= 2 { … } else { … }` on one name: where its steps begin, and what lies below all.
    Stairs(usize, Vec<(Fraction, Number)>, Box<Number>),
    Switch(Box<Number>, Vec<(Vec<Fraction>, Number)>),
}

#[derive(Debug)]
enum Truth {
    Constant(bool),
    Slot(usize),
    Not(Box<Truth>),
    All(Vec<Truth>),
    Any(Vec<Truth>),
    /// A name against a number of the formula.
    Against(Order, usize, Fraction),
    Compare(Order, Box<[Number; 2]>),
}

#[derive(Clone, Copy, Debug)]
enum Operator {
    Plus,
    Minus,
    Times,
    Over,
}

#[derive(Clone, Copy, Debug)]
enum Order {
    Equal,
    Unequal,
    Less,
    AtMost,
    More,
    AtLeast,
}

/// Makes a plan of a formula that gives a number.
struct Planner<'a> {
    names: Vec<String>,
    types: &'a dyn Fn(&str) -> Option<Type>,
    max: Option<Decimal>,
}

impl Plan {
    /// The plan of a formula of an indicator with this maximum. `None` where a part is not understood, or a name's type is not
    /// known.
    pub fn of(node: &Node, types: &dyn Fn(&str) -> Option<Type>, max: Option<Decimal>) -> Option<Plan> {
        let mut planner = Planner { names: Vec::new(), types, max };
        let root = planner.number(node)?;
        (planner.names.len() <= SLOTS).then_some(Plan { root, names: planner.names })
    }

    /// Whether plans are in use at all.
    pub fn in_use() -> bool {
        IN_USE.load(atomic::Ordering::Relaxed)
    }

    /// The value for the figures `known` answers; `None` where one is missing or the calculation fails.
    pub fn evaluate(&self, known: impl Fn(&str) -> Option<Value>) -> Option<Fraction> {
        self.run(&self.slots(known)?)
    }

    /// The figures `known` answers in their slots; `None` where one is missing.
    pub fn slots(&self, known: impl Fn(&str) -> Option<Value>) -> Option<Slots> {
        let mut slots = [Slot::YesNo(false); SLOTS];
        for (slot, name) in slots.iter_mut().zip(&self.names) {
            *slot = known(name)?.into();
        }
        Some(slots)
    }

    /// The same for figures already in their slots.
    #[inline]
    pub fn run(&self, slots: &Slots) -> Option<Fraction> {
        match &self.root {
            // So little to do that a call would be a good part of it.
            Number::Stairs(slot, steps, below) => reached(number(&slots[*slot])?, steps, below).operand(slots),
            root => root.value(slots),
        }
    }
}

impl Planner<'_> {
    fn slot(&mut self, name: &str, wanted: Type) -> Option<usize> {
        if (self.types)(name)? != wanted {
            return None;
        }
        let known = self.names.iter().position(|known| known == name);
        Some(known.unwrap_or_else(|| {
            self.names.push(name.into());
            self.names.len() - 1
        }))
    }

    fn number(&mut self, node: &Node) -> Option<Number> {
        Some(match &node.shape {
            Shape::Constant(Value::Number(number)) => Number::Constant((*number).into()),
            Shape::Name(name) => match self.max.filter(|_| name == "max") {
                Some(max) => Number::Constant(max.into()),
                None => Number::Slot(self.slot(name, Type::Number)?),
            },
            Shape::Arithmetic('-', operands) if operands.len() == 1 => match self.number(&operands[0])? {
                Number::Constant(number) => Number::Constant(number.neg().ok()?),
                number => Number::Negative(Box::new(number)),
            },
            Shape::Arithmetic(operator, operands) => self.chain(*operator, operands)?,
            Shape::Word(word, arguments) => self.word(*word, arguments)?,
            Shape::If(condition, _, Some(_)) if edge(condition).is_some() => self.stairs(node)?,
            Shape::If(condition, then, Some(otherwise)) => {
                let condition = self.truth(condition)?;
                Number::If(condition, Box::new([self.number(then)?, self.number(otherwise)?]))
            }
            Shape::Switch(looked_at, arms) => self.switch(looked_at, arms)?,
            _ => return None,
        })
    }

    fn chain(&mut self, operator: char, operands: &[Node]) -> Option<Number> {
        let [left, right] = operands else { return None };
        let operator = match operator {
            '+' => Operator::Plus,
            '-' => Operator::Minus,
            '*' => Operator::Times,
            '/' => Operator::Over,
            _ => return None,
        };
        let (first, mut steps) = match self.number(left)? {
            Number::Chain(first, steps) => (*first, steps),
            // What begins with a quotient of two names and goes on is a chain like any other.
            Number::Quotient(a, b) => (Number::Slot(a), vec![(Operator::Over, Number::Slot(b))]),
            first => (first, Vec::new()),
        };
        let right = self.number(right)?;
        if let (Number::Constant(number), [], Number::Constant(other)) = (&first, steps.as_slice(), &right)
            && let Ok(done) = operator.calculate(number, other)
        {
            return Some(Number::Constant(done));
        }
        Some(match (first, operator, right) {
            (Number::Slot(a), Operator::Over, Number::Slot(b)) if steps.is_empty() => Number::Quotient(a, b),
            (first, Operator::Times, Number::Constant(by)) if steps.is_empty() => Number::Scaled(Box::new(first), by),
            (first, operator, right) => {
                steps.push((operator, right));
                Number::Chain(Box::new(first), steps)
            }
        })
    }

    fn stairs(&mut self, node: &Node) -> Option<Number> {
        let (mut name, mut steps, mut rest) = (None, Vec::new(), node);
        while let Shape::If(condition, then, Some(otherwise)) = &rest.shape
            && let Some((compared, from)) = edge(condition)
            && name.is_none_or(|name| name == compared)
        {
            name = Some(compared);
            steps.push((from.into(), self.number(then)?));
            rest = otherwise;
        }
        Some(Number::Stairs(self.slot(name?, Type::Number)?, steps, self.boxed(rest)?))
    }

    /// A number is looked for among the arms' numbers; yes and no are two branches. An arm of the other type is never
    /// taken.
    fn switch(&mut self, looked_at: &Node, arms: &[Arm]) -> Option<Number> {
        let Some(value) = self.number(looked_at) else {
            let [yes, no] = [true, false].map(|yes| node::arm(arms, &Given::YesNo(yes)));
            let branches = [self.number(&arms[yes?].gives)?, self.number(&arms[no?].gives)?];
            return Some(Number::If(self.truth(looked_at)?, Box::new(branches)));
        };
        let mut planned = Vec::new();
        for arm in arms {
            let values: Vec<Fraction> =
                arm.values.iter().filter_map(|value| number(&(*value).into()).copied()).collect();
            if values.is_empty() == arm.values.is_empty() {
                planned.push((values, self.number(&arm.gives)?));
            }
        }
        Some(Number::Switch(Box::new(value), planned))
    }

    fn word(&mut self, word: Word, arguments: &[Node]) -> Option<Number> {
        Some(match (word.calculation::<Fraction>(), arguments) {
            (Calculation::One(of), [a]) => Number::One(of, self.boxed(a)?),
            (Calculation::Two(of), [a, b]) => match (word, self.number(a)?, self.number(b)?) {
                (Word::Min, Number::Constant(one), other) | (Word::Min, other, Number::Constant(one))
                    if one == Fraction::one() =>
                {
                    Number::Capped(Box::new(other))
                }
                (_, a, b) => Number::Two(of, Box::new([a, b])),
            },
            (Calculation::Three(of), [a, b, c]) => {
                Number::Three(of, Box::new([self.number(a)?, self.number(b)?, self.number(c)?]))
            }
            (Calculation::Table, _) => {
                let (value, edges) = node::table(arguments)?;
                let edges = edges.iter().map(|(from, gives)| ((*from).into(), (*gives).into()));
                Number::Table(self.boxed(value)?, edges.collect())
            }
            _ => return None,
        })
    }

    fn boxed(&mut self, node: &Node) -> Option<Box<Number>> {
        Some(Box::new(self.number(node)?))
    }

    fn truth(&mut self, node: &Node) -> Option<Truth> {
        let mut each = |nodes: &[Node]| nodes.iter().map(|node| self.truth(node)).collect::<Option<Vec<_>>>();
        Some(match &node.shape {
            Shape::Constant(Value::Bool(yes)) => Truth::Constant(*yes),
            Shape::Name(name) => Truth::Slot(self.slot(name, Type::YesNo)?),
            Shape::Not(inner) => Truth::Not(Box::new(self.truth(inner)?)),
            Shape::And(parts) => Truth::All(each(parts)?),
            Shape::Or(parts) => Truth::Any(each(parts)?),
            Shape::Compare(operator, a, b) => match (order(operator)?, self.number(a)?, self.number(b)?) {
                (order, Number::Slot(slot), Number::Constant(number)) => Truth::Against(order, slot, number),
                (order, a, b) => Truth::Compare(order, Box::new([a, b])),
            },
            _ => return None,
        })
    }
}

/// `x >= 4`.
fn edge(condition: &Node) -> Option<(&str, Decimal)> {
    let Shape::Compare(">=", name, from) = &condition.shape else { return None };
    match (&name.shape, &from.shape) {
        (Shape::Name(name), Shape::Constant(Value::Number(from))) => Some((name, *from)),
        _ => None,
    }
}

fn order(operator: &str) -> Option<Order> {
    Some(match operator {
        "==" => Order::Equal,
        "!=" => Order::Unequal,
        "<" => Order::Less,
        "<=" => Order::AtMost,
        ">" => Order::More,
        ">=" => Order::AtLeast,
        _ => return None,
    })
}

#[inline(always)]
fn number(slot: &Slot) -> Option<&Fraction> {
    match slot {
        Slot::Number(number) => Some(number),
        Slot::YesNo(_) => None,
    }
}

impl Operator {
    #[inline(always)]
    fn calculate(self, a: &Fraction, b: &Fraction) -> Outcome<Fraction> {
        match self {
            Operator::Plus => a.add(b),
            Operator::Minus => a.sub(b),
            Operator::Times => a.mul(b),
            Operator::Over => a.div(b),
        }
    }
}

impl Order {
    #[inline(always)]
    fn holds(self, ordering: Ordering) -> bool {
        match self {
            Order::Equal => ordering.is_eq(),
            Order::Unequal => ordering.is_ne(),
            Order::Less => ordering.is_lt(),
            Order::AtMost => ordering.is_le(),
            Order::More => ordering.is_gt(),
            Order::AtLeast => ordering.is_ge(),
        }
    }
}

/// What the first step leads to that a value reaches.
#[inline(always)]
fn reached<'a>(value: &Fraction, steps: &'a [(Fraction, Number)], below: &'a Number) -> &'a Number {
    steps.iter().find(|(from, _)| value >= from).map_or(below, |(_, then)| then)
}

/// `None`: the calculation fails, or a slot is without its kind of value.
impl Number {
    fn value(&self, slots: &Slots) -> Option<Fraction> {
        match self {
            Number::Constant(number) => Some(*number),
            Number::Slot(slot) => number(&slots[*slot]).copied(),
            Number::Stairs(slot, steps, below) => reached(number(&slots[*slot])?, steps, below).operand(slots),
            Number::Quotient(a, b) => number(&slots[*a])?.div(number(&slots[*b])?).ok(),
            Number::Capped(inner) => Some(inner.operand(slots)?.at_most_one()),
            Number::Scaled(inner, by) => inner.operand(slots)?.mul(by).ok(),
            Number::Chain(first, steps) => {
                let mut total = first.operand(slots)?;
                for (operator, operand) in steps {
                    total = operator.calculate(&total, &operand.operand(slots)?).ok()?;
                }
                Some(total)
            }
            Number::Two(of, pair) => of(&pair[0].operand(slots)?, &pair[1].operand(slots)?).ok(),
            Number::One(of, inner) => of(&inner.operand(slots)?).ok(),
            Number::Three(of, three) => {
                let [a, b, c] = &**three;
                of(&a.operand(slots)?, &b.operand(slots)?, &c.operand(slots)?).ok()
            }
            Number::Table(value, edges) => {
                let value = value.operand(slots)?;
                let reached = edges.iter().find(|(from, _)| value >= *from);
                Some(reached.map_or_else(Fraction::zero, |(_, gives)| *gives))
            }
            Number::Negative(inner) => inner.operand(slots)?.neg().ok(),
            Number::If(condition, branches) => {
                let taken = if condition.holds(slots)? { &branches[0] } else { &branches[1] };
                taken.operand(slots)
            }
            Number::Switch(value, arms) => {
                let value = value.operand(slots)?;
                let taken = arms.iter().find(|(values, _)| values.is_empty() || values.contains(&value));
                taken?.1.operand(slots)
            }
        }
    }

    /// The value for an operator to read, without a call for names and constants.
    #[inline(always)]
    fn operand(&self, slots: &Slots) -> Option<Fraction> {
        match self {
            Number::Constant(number) => Some(*number),
            Number::Slot(slot) => number(&slots[*slot]).copied(),
            calculated => calculated.value(slots),
        }
    }
}

impl Truth {
    fn holds(&self, slots: &Slots) -> Option<bool> {
        Some(match self {
            Truth::Constant(yes) => *yes,
            Truth::Slot(slot) => match slots[*slot] {
                Slot::YesNo(yes) => yes,
                Slot::Number(_) => return None,
            },
            Truth::Not(inner) => !inner.holds(slots)?,
            Truth::All(parts) => {
                for part in parts {
                    if !part.holds(slots)? {
                        return Some(false);
                    }
                }
                true
            }
            Truth::Any(parts) => {
                for part in parts {
                    if part.holds(slots)? {
                        return Some(true);
                    }
                }
                false
            }
            Truth::Against(order, slot, against) => order.holds(number(&slots[*slot])?.cmp(against)),
            Truth::Compare(order, pair) => order.holds(pair[0].operand(slots)?.cmp(&pair[1].operand(slots)?)),
        })
    }
}
