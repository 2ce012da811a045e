//! The steps of a computed score in words: what was divided by what, which branch was taken, what was reached.

use rust_decimal::Decimal;

use super::evaluate::Known;
use super::flags;
use super::formula::CompiledFormula;
use super::node::{Given, Node, Shape};
use super::version::Version;
use super::vocabulary::Word;
use crate::exact::{Exact, Number};
use crate::set::{Input, InputKind, Provider};
use crate::{Value, number, round};

/// Longest fraction written out, in characters; of a longer one nobody reads more than about how much it is.
const LONGEST: usize = 41;

/// Steps in the order a person would calculate.
#[derive(Debug, Default)]
pub struct Told {
    pub steps: Vec<String>,
    /// The part of the maximum that was reached, where the formula is such a part times `max`.
    pub part: Option<Exact>,
    /// The last quotient, as it was written down.
    pub quotient: Option<(Exact, String)>,
    /// A figure entered by the unit was larger than the one it is a part of.
    pub capped: bool,
    /// A power in it has no end and was cut.
    pub is_approximate: bool,
}

/// Tells how `formula` came to `exact`. `None` where the shape is not fully understood: better silent than wrong.
pub fn tell(formula: &CompiledFormula, known: &Known<'_>, exact: &Exact) -> Option<Told> {
    flags::begin();
    let node = &formula.node;
    let values = |name: &str| known.value(name);
    let told = node.number(&values)?;
    // What the first version cut at its twenty-eighth digit is told wherever that moves no point.
    let places = known.set.policy.round;
    let same =
        told == *exact || known.version == Version::First && round::exact(&told, places) == round::exact(exact, places);
    if !same {
        return None;
    }
    let alone = formula.reads.iter().filter(|name| known.input(name).is_some()).count() == 1;
    let mut teller = Teller { known, values: &values, alone, told: Told::default() };
    teller.told.part = teller.points(node)?;
    teller.told.steps.dedup();
    Some(teller.told)
}

/// 12/13 as "92,31%".
pub fn percent(part: &Exact) -> String {
    let hundreds = part.mul(&Decimal::ONE_HUNDRED.into()).ok().and_then(|hundreds| round::exact(&hundreds, 2));
    hundreds.map_or_else(|| shown(part), |hundreds| format!("{}%", number::trim(hundreds)))
}

impl Told {
    /// The part as the maximum is multiplied by it: in per cent where two places say it all, as the quotient it is where
    /// they do not.
    pub fn factor(&self, part: &Exact) -> String {
        let hundreds = part.mul(&Decimal::ONE_HUNDRED.into()).ok().and_then(|hundreds| hundreds.decimal());
        match (hundreds, &self.quotient) {
            (Some(hundreds), _) if hundreds.normalize().scale() <= 2 => percent(part),
            (_, Some((quotient, written))) if quotient == part => written.clone(),
            _ => shown(part),
        }
    }
}

/// A number as it is: a decimal that ends, or a fraction. Only where that would fill the line, about how much it is.
pub fn shown(number: &Exact) -> String {
    if let Some(decimal) = number.decimal() {
        return number::trim(decimal);
    }
    let text = number.to_string();
    if text.len() > LONGEST {
        let about = round::exact(number, 6).map_or_else(|| "rất lớn".into(), number::trim);
        return format!("≈ {about}");
    }
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("−", digits));
    let parts: Vec<String> = digits.split('/').map(number::group).collect();
    format!("{sign}{}", parts.join("/"))
}

/// `a/b`, with a fraction in brackets.
pub fn over(a: &Exact, b: &Exact) -> String {
    let side = |number: &Exact| match number.decimal() {
        Some(decimal) => number::trim(decimal),
        None => format!("({})", shown(number)),
    };
    format!("{}/{}", side(a), side(b))
}

/// Tells the steps of one calculation.
pub struct Teller<'a> {
    known: &'a Known<'a>,
    values: &'a dyn Fn(&str) -> Option<Value>,
    /// The formula reads one figure only, so its name need not be said.
    alone: bool,
    pub told: Told,
}

impl Teller<'_> {
    pub fn number(&self, node: &Node) -> Option<Exact> {
        node.number(self.values)
    }

    pub fn push(&mut self, step: String) {
        self.told.steps.push(step);
    }

    /// An expression of points. Answers the part of the maximum, where there is one.
    fn points(&mut self, node: &Node) -> Option<Option<Exact>> {
        match &node.shape {
            Shape::If(decides, ..) | Shape::Switch(decides, _) => {
                self.decision(decides)?;
                self.points(node.taken(self.values)?)
            }
            Shape::Arithmetic('*', operands) if is_max(operands.last()?) => self.part(&operands[0], true),
            Shape::Arithmetic('*', operands) if is_max(&operands[0]) => self.part(operands.last()?, true),
            Shape::Arithmetic('/', operands) if is_max(&operands[0]) && is_constant(operands.last()?) => {
                Some(Exact::one().div(&self.number(operands.last()?)?).ok())
            }
            Shape::Word(word, arguments) if is_max(&arguments[0]) && word.part_of_max().is_some() => {
                Some(word.part_of_max().map(Exact::from))
            }
            Shape::Name(_) if is_max(node) => Some(Some(Exact::one())),
            _ => self.part(node, false).map(|_| None),
        }
    }

    /// An expression that the maximum is multiplied by (`whole`), or any other.
    fn part(&mut self, node: &Node, whole: bool) -> Option<Option<Exact>> {
        match &node.shape {
            Shape::Arithmetic('/', operands) => self.quotient(&operands[0], operands.last()?, whole)?,
            Shape::Word(word, arguments) => word.explain(self, node, arguments)?,
            Shape::Arithmetic(_, operands) => self.each(operands)?,
            Shape::If(decides, ..) | Shape::Switch(decides, _) => {
                self.decision(decides)?;
                return self.part(node.taken(self.values)?, whole);
            }
            Shape::Name(name) => self.figure(name)?,
            Shape::Constant(_) => {}
            _ => return None,
        }
        Some(self.number(node).filter(|_| whole))
    }

    /// Tells of each of several expressions.
    pub fn each(&mut self, nodes: &[Node]) -> Option<()> {
        nodes.iter().try_for_each(|node| self.part(node, false).map(|_| ()))
    }

    /// `a / b`, where `b` may be a threshold or the highest level rather than a whole. Only a quotient that stands for
    /// a part of something (`whole`) reaches a threshold.
    fn quotient(&mut self, a: &Node, b: &Node, whole: bool) -> Option<()> {
        match &below_cap(a).shape {
            _ if !whole && self.is_goal(b) => {
                let (a, b) = (self.number(a)?, self.number(b)?);
                let quotient = a.div(&b).ok()?;
                let told = format!("{} = {}", over(&a, &b), number::trim(round::exact(&quotient, 2)?));
                self.push(told);
                Some(())
            }
            _ if !self.is_goal(b) => self.ratio(a, b, false),
            Shape::Arithmetic('/', inner) => self.share(&inner[0], inner.last()?, b),
            Shape::Name(name) if self.is_percent(name) => self.figure(name),
            Shape::Name(name) if self.choice(name).is_some() => {
                self.figure(name)?;
                let (a, b) = (self.number(a)?, self.number(b)?);
                self.push(format!("{} = {}", over(&a, &b), percent(&a.div(&b).ok()?)));
                Some(())
            }
            _ => self.target(a, b),
        }
    }

    /// `min(1, x)`.
    pub fn capped(&mut self, inner: &Node) -> Option<()> {
        match &inner.shape {
            Shape::Arithmetic('/', operands) if !self.is_goal(operands.last()?) => {
                self.ratio(&operands[0], operands.last()?, true)
            }
            _ => self.part(inner, true).map(|_| ()),
        }
    }

    /// What a branch was chosen by: conditions, or a number and how it came about.
    fn decision(&mut self, node: &Node) -> Option<()> {
        let Given::Number(number) = node.value(self.values)? else { return self.condition(node) };
        self.part(node, false)?;
        if !matches!(node.shape, Shape::Name(_) | Shape::Constant(_)) {
            self.push(format!("tính được {}", shown(&number)));
        }
        Some(())
    }

    /// The conditions that decided, each as it turned out: "Số tin bài 2 < 4".
    fn condition(&mut self, node: &Node) -> Option<()> {
        match &node.shape {
            Shape::Name(name) => self.figure(name),
            Shape::Not(inner) => self.condition(inner),
            Shape::And(parts) | Shape::Or(parts) => parts.iter().try_for_each(|part| self.condition(part)),
            Shape::Compare(operator, a, b) => {
                if let Some(level) = self.level(a, b) {
                    self.push(level);
                    return Some(());
                }
                let held = if node.holds(self.values)? { operator } else { opposite(operator) };
                let text = format!("{} {} {}", self.side(a)?, sign(held), self.side(b)?);
                self.push(text);
                Some(())
            }
            Shape::Constant(_) => Some(()),
            _ => None,
        }
    }

    /// The level that a comparison is about: its name says more than "2 = 2".
    fn level(&self, a: &Node, b: &Node) -> Option<String> {
        [a, b].into_iter().find_map(|side| match &side.shape {
            Shape::Name(name) => self.choice(name),
            _ => None,
        })
    }

    fn side(&self, node: &Node) -> Option<String> {
        let value = match node.value(self.values)? {
            Given::Number(number) => shown(&number),
            Given::YesNo(yes) => yes_no(yes).into(),
        };
        match &node.shape {
            Shape::Name(name) => match self.input(name) {
                Some(input) => Some(format!("{} {value}", input.label)),
                None => Some(value),
            },
            _ => Some(value),
        }
    }

    /// A figure by itself: "Có", the level's name, "Số cuộc họp: 3".
    fn figure(&mut self, name: &str) -> Option<()> {
        let Some(input) = self.input(name) else { return Some(()) };
        let text = match (self.known.value(name)?, self.choice(name)) {
            (Value::Bool(yes), _) if self.alone => yes_no(yes).to_string(),
            (Value::Bool(yes), _) => format!("{}: {}", input.label, yes_no(yes)),
            (_, Some(label)) => label,
            (Value::Number(given), _) => {
                let unit = if input.kind == InputKind::Percent { "%" } else { "" };
                format!("{}: {}{unit}", input.label, number::trim(given))
            }
        };
        self.push(text);
        Some(())
    }

    fn input(&self, name: &str) -> Option<&Input> {
        self.known.input(name)
    }

    fn choice(&self, name: &str) -> Option<String> {
        let Value::Number(given) = self.known.value(name)? else { return None };
        let InputKind::Level(choices) = &self.input(name)?.kind else { return None };
        choices.iter().find(|choice| Decimal::from(choice.value) == given).map(|choice| choice.label.clone())
    }

    fn is_percent(&self, name: &str) -> bool {
        self.input(name).is_some_and(|input| input.kind == InputKind::Percent)
    }

    /// A threshold rather than a whole: a number in the formula, a parameter, or a figure the authority assigns.
    fn is_goal(&self, node: &Node) -> bool {
        match &node.shape {
            Shape::Constant(_) => true,
            Shape::Name(name) => self.input(name).is_none_or(|input| input.provider == Provider::Authority),
            _ => false,
        }
    }
}

fn is_max(node: &Node) -> bool {
    matches!(&node.shape, Shape::Name(name) if name == "max")
}

fn is_constant(node: &Node) -> bool {
    matches!(node.shape, Shape::Constant(_))
}

/// `x` of `min(100, x)`, where the cap has not been reached by a percentage that cannot pass it.
fn below_cap(node: &Node) -> &Node {
    match &node.shape {
        Shape::Word(Word::Min, operands) => match operands.as_slice() {
            [cap, inner] | [inner, cap] if is_constant(cap) && matches!(inner.shape, Shape::Name(_)) => inner,
            _ => node,
        },
        _ => node,
    }
}

/// `x` of `min(1, x)` and `min(x, 1)`.
pub fn unit_cap(operands: &[Node], number: impl Fn(&Node) -> Option<Exact>) -> Option<&Node> {
    match operands {
        [one, inner] | [inner, one] if number(one) == Some(Exact::one()) => Some(inner),
        _ => None,
    }
}

/// A number that is written in the formula.
pub fn constant(node: &Node) -> Option<Exact> {
    match node.shape {
        Shape::Constant(Value::Number(number)) => Some(number.into()),
        _ => None,
    }
}

fn yes_no(yes: bool) -> &'static str {
    if yes { "Có" } else { "Không" }
}

fn opposite(operator: &str) -> &'static str {
    match operator {
        "<" => ">=",
        "<=" => ">",
        ">" => "<=",
        ">=" => "<",
        "==" => "!=",
        _ => "==",
    }
}

fn sign(operator: &str) -> &'static str {
    match operator {
        "<" => "<",
        "<=" => "≤",
        ">" => ">",
        ">=" => "≥",
        "==" => "=",
        _ => "≠",
    }
}
