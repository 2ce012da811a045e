//! A formula as a typed plan on decimals: names are slots, types are known, nothing is looked up or allocated.
//!
//! Rhai stays the meaning. A plan is used only where every part is understood, gives the same decimal to the last digit
//! and scale (the differential tests below), and answers nothing at all where Rhai would end in an error, so that the
//! error is always Rhai's.

use std::cmp::Ordering;
use std::sync::atomic::{self, AtomicBool};

use rust_decimal::Decimal;

use super::node::{self, Arm, Node, Shape};
use super::types::Type;
use super::vocabulary;
use crate::Value;

/// More names than any formula of ours reads; one with more has no plan.
pub const SLOTS: usize = 16;

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
    Constant(Decimal),
    Slot(usize),
    Negative(Box<Number>),
    /// `a / b / c * d`, from left to right: brackets on the left are steps as well.
    Chain(Box<Number>, Vec<(Operator, Number)>),
    Ratio(Box<[Number; 2]>),
    Target(Box<[Number; 2]>),
    Share(Box<[Number; 3]>),
    Survey(Box<[Number; 2]>),
    Steps(Box<Number>, Vec<(Decimal, Decimal)>),
    Half(Box<Number>),
    Least(Box<[Number; 2]>),
    Greatest(Box<[Number; 2]>),
    Absolute(Box<Number>),
    Floor(Box<Number>),
    Ceiling(Box<Number>),
    If(Truth, Box<[Number; 2]>),
    /// `if x >= 4 { … } else if x >= 2 { … } else { … }` on one name: where its steps begin, and what lies below all.
    Stairs(usize, Vec<(Decimal, Number)>, Box<Number>),
    Switch(Box<Number>, Vec<(Vec<Decimal>, Number)>),
}

#[derive(Debug)]
enum Truth {
    Constant(bool),
    Slot(usize),
    Not(Box<Truth>),
    All(Vec<Truth>),
    Any(Vec<Truth>),
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
}

impl Plan {
    /// `None` where a part is not understood, or a name's type is not known.
    pub fn of(node: &Node, types: &dyn Fn(&str) -> Option<Type>) -> Option<Plan> {
        let mut planner = Planner { names: Vec::new(), types };
        let root = planner.number(node)?;
        (planner.names.len() <= SLOTS).then_some(Plan { root, names: planner.names })
    }

    /// Whether plans are in use at all.
    pub fn in_use() -> bool {
        IN_USE.load(atomic::Ordering::Relaxed)
    }

    /// The value for the figures `known` answers; `None` where one is missing or the calculation fails.
    pub fn evaluate(&self, known: impl Fn(&str) -> Option<Value>) -> Option<Decimal> {
        let mut slots = [Value::Bool(false); SLOTS];
        for (slot, name) in slots.iter_mut().zip(&self.names) {
            *slot = known(name)?;
        }
        self.root.value(&slots)
    }

    /// The same for figures already in their slots.
    pub fn run(&self, slots: &[Value; SLOTS]) -> Option<Decimal> {
        self.root.value(slots)
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
            Shape::Constant(Value::Number(number)) => Number::Constant(*number),
            Shape::Name(name) => Number::Slot(self.slot(name, Type::Number)?),
            Shape::Arithmetic('-', operands) if operands.len() == 1 => Number::Negative(self.boxed(&operands[0])?),
            Shape::Arithmetic(operator, operands) => self.chain(*operator, operands)?,
            Shape::Word(word, arguments) => self.word(word, arguments)?,
            Shape::Steps(value, edges) => Number::Steps(self.boxed(value)?, edges.clone()),
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
            Number::Chain(first, steps) => (first, steps),
            first => (Box::new(first), Vec::new()),
        };
        steps.push((operator, self.number(right)?));
        Some(Number::Chain(first, steps))
    }

    fn stairs(&mut self, node: &Node) -> Option<Number> {
        let (mut name, mut steps, mut rest) = (None, Vec::new(), node);
        while let Shape::If(condition, then, Some(otherwise)) = &rest.shape
            && let Some((compared, from)) = edge(condition)
            && name.is_none_or(|name| name == compared)
        {
            name = Some(compared);
            steps.push((from, self.number(then)?));
            rest = otherwise;
        }
        Some(Number::Stairs(self.slot(name?, Type::Number)?, steps, self.boxed(rest)?))
    }

    /// A number is looked for among the arms' numbers; yes and no are two branches. An arm of the other type is never
    /// taken.
    fn switch(&mut self, looked_at: &Node, arms: &[Arm]) -> Option<Number> {
        let Some(value) = self.number(looked_at) else {
            let [yes, no] = [true, false].map(|yes| node::arm(arms, Value::Bool(yes)));
            let branches = [self.number(&arms[yes?].gives)?, self.number(&arms[no?].gives)?];
            return Some(Number::If(self.truth(looked_at)?, Box::new(branches)));
        };
        let mut planned = Vec::new();
        for arm in arms {
            let values: Vec<Decimal> = arm.values.iter().filter_map(number).copied().collect();
            if values.is_empty() == arm.values.is_empty() {
                planned.push((values, self.number(&arm.gives)?));
            }
        }
        Some(Number::Switch(Box::new(value), planned))
    }

    fn word(&mut self, word: &str, arguments: &[Node]) -> Option<Number> {
        Some(match (word, arguments) {
            ("share", [a, b, goal]) => Number::Share(Box::new([self.number(a)?, self.number(b)?, self.number(goal)?])),
            ("ratio", _) => Number::Ratio(self.pair(arguments)?),
            ("target", _) => Number::Target(self.pair(arguments)?),
            ("survey", _) => Number::Survey(self.pair(arguments)?),
            ("min", _) => Number::Least(self.pair(arguments)?),
            ("max", _) => Number::Greatest(self.pair(arguments)?),
            ("half", [inner]) => Number::Half(self.boxed(inner)?),
            ("abs", [inner]) => Number::Absolute(self.boxed(inner)?),
            ("floor", [inner]) => Number::Floor(self.boxed(inner)?),
            ("ceiling", [inner]) => Number::Ceiling(self.boxed(inner)?),
            _ => return None,
        })
    }

    fn boxed(&mut self, node: &Node) -> Option<Box<Number>> {
        Some(Box::new(self.number(node)?))
    }

    fn pair(&mut self, nodes: &[Node]) -> Option<Box<[Number; 2]>> {
        match nodes {
            [a, b] => Some(Box::new([self.number(a)?, self.number(b)?])),
            _ => None,
        }
    }

    fn truth(&mut self, node: &Node) -> Option<Truth> {
        let mut each = |nodes: &[Node]| nodes.iter().map(|node| self.truth(node)).collect::<Option<Vec<_>>>();
        Some(match &node.shape {
            Shape::Constant(Value::Bool(yes)) => Truth::Constant(*yes),
            Shape::Name(name) => Truth::Slot(self.slot(name, Type::YesNo)?),
            Shape::Not(inner) => Truth::Not(Box::new(self.truth(inner)?)),
            Shape::And(parts) => Truth::All(each(parts)?),
            Shape::Or(parts) => Truth::Any(each(parts)?),
            Shape::Compare(operator, a, b) => {
                Truth::Compare(order(operator)?, Box::new([self.number(a)?, self.number(b)?]))
            }
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

fn number(value: &Value) -> Option<&Decimal> {
    match value {
        Value::Number(number) => Some(number),
        Value::Bool(_) => None,
    }
}

type Slots = [Value; SLOTS];

impl Number {
    fn value(&self, slots: &Slots) -> Option<Decimal> {
        match self {
            Number::Constant(number) => Some(*number),
            Number::Slot(slot) => number(&slots[*slot]).copied(),
            Number::Chain(first, steps) => {
                let mut place = Decimal::ZERO;
                let mut total = *first.operand(slots, &mut place)?;
                for (operator, operand) in steps {
                    let operand = operand.operand(slots, &mut place)?;
                    total = match operator {
                        Operator::Plus => total.checked_add(*operand)?,
                        Operator::Minus => total.checked_sub(*operand)?,
                        Operator::Times => total.checked_mul(*operand)?,
                        Operator::Over => total.checked_div(*operand)?,
                    };
                }
                Some(total)
            }
            Number::Least(pair) => two(pair, slots, |a, b| Some(if compare(a, b).is_gt() { *b } else { *a })),
            Number::Greatest(pair) => two(pair, slots, |a, b| Some(if compare(a, b).is_lt() { *b } else { *a })),
            Number::Stairs(slot, steps, below) => {
                let value = number(&slots[*slot])?;
                let reached = steps.iter().find(|(from, _)| compare(value, from).is_ge());
                reached.map_or(&**below, |(_, then)| then).value(slots)
            }
            Number::If(condition, branches) => {
                let taken = if condition.holds(slots)? { &branches[0] } else { &branches[1] };
                taken.value(slots)
            }
            word => word.word(slots),
        }
    }

    /// The value for an operator to read: names and constants where they stand, all else in `place`. Moving every
    /// operand through an `Option` of its own costs as much as calculating with it.
    #[inline(always)]
    fn operand<'a>(&'a self, slots: &'a Slots, place: &'a mut Decimal) -> Option<&'a Decimal> {
        match self {
            Number::Constant(number) => Some(number),
            Number::Slot(slot) => number(&slots[*slot]),
            calculated => {
                *place = calculated.value(slots)?;
                Some(place)
            }
        }
    }

    /// The vocabulary's own functions, so that both ways calculate with the same lines.
    fn word(&self, slots: &Slots) -> Option<Decimal> {
        match self {
            Number::Ratio(pair) => two(pair, slots, |a, b| vocabulary::ratio(*a, *b).ok()),
            Number::Target(pair) => two(pair, slots, |a, b| vocabulary::target(*a, *b).ok()),
            Number::Survey(pair) => two(pair, slots, |a, b| vocabulary::survey(*a, *b).ok()),
            Number::Share(three) => {
                let [a, b, goal] = &**three;
                vocabulary::share(a.value(slots)?, b.value(slots)?, goal.value(slots)?).ok()
            }
            Number::Steps(value, edges) => {
                let value = value.value(slots)?;
                let reached = edges.iter().find(|(from, _)| compare(&value, from).is_ge());
                Some(reached.map_or(Decimal::ZERO, |(_, part)| *part))
            }
            Number::Switch(value, arms) => {
                let value = value.value(slots)?;
                let taken = arms.iter().find(|(values, _)| values.is_empty() || values.contains(&value));
                taken?.1.value(slots)
            }
            Number::Negative(inner) => Some(-inner.value(slots)?),
            Number::Half(inner) => Some(vocabulary::half(inner.value(slots)?)),
            Number::Absolute(inner) => Some(inner.value(slots)?.abs()),
            Number::Floor(inner) => Some(inner.value(slots)?.floor()),
            Number::Ceiling(inner) => Some(inner.value(slots)?.ceil()),
            _ => None,
        }
    }
}

#[inline(always)]
fn two<T>(pair: &[Number; 2], slots: &Slots, calculate: impl Fn(&Decimal, &Decimal) -> Option<T>) -> Option<T> {
    let (mut a, mut b) = (Decimal::ZERO, Decimal::ZERO);
    calculate(pair[0].operand(slots, &mut a)?, pair[1].operand(slots, &mut b)?)
}

/// Decimals of one scale, as most figures and thresholds are, compare by their digits.
#[inline(always)]
fn compare(a: &Decimal, b: &Decimal) -> Ordering {
    if a.scale() == b.scale() { a.mantissa().cmp(&b.mantissa()) } else { a.cmp(b) }
}

impl Truth {
    fn holds(&self, slots: &Slots) -> Option<bool> {
        Some(match self {
            Truth::Constant(yes) => *yes,
            Truth::Slot(slot) => match slots[*slot] {
                Value::Bool(yes) => yes,
                Value::Number(_) => return None,
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
            Truth::Compare(order, pair) => {
                let ordering = two(pair, slots, |a, b| Some(compare(a, b)))?;
                match order {
                    Order::Equal => ordering.is_eq(),
                    Order::Unequal => ordering.is_ne(),
                    Order::Less => ordering.is_lt(),
                    Order::AtMost => ordering.is_le(),
                    Order::More => ordering.is_gt(),
                    Order::AtLeast => ordering.is_ge(),
                }
            }
        })
    }
}
