//! `min(a, b)`: the smaller number; `min(1, x)` and `min(100, x)` are caps, and told as such.

use rust_decimal::Decimal;

use super::{Calculation, Divisor, Help, Meaning, Threshold};
use crate::exact::Number;
use crate::run::node::{Node, Shape};
use crate::run::shapes::{Form, Speaker};
use crate::run::tell::{Teller, constant, shown, unit_cap};

pub struct Min;

impl Meaning for Min {
    fn help(&self) -> Help {
        Help { name: "min", signature: "min(a, b)", help: "Số nhỏ hơn." }
    }

    fn calculation<N: Number>() -> Calculation<N> {
        Calculation::Two(|a, b| Ok(a.min(b).clone()))
    }

    fn divisors(&self) -> &'static [Divisor] {
        &[]
    }

    fn threshold<'a>(&self, _: &'a [Node]) -> Option<Threshold<'a>> {
        None
    }

    fn part_of_max(&self) -> Option<Decimal> {
        None
    }

    fn explain(&self, teller: &mut Teller<'_>, _: &Node, arguments: &[Node]) -> Option<()> {
        match unit_cap(arguments, constant) {
            Some(inner) => teller.capped(inner),
            None => teller.each(arguments),
        }
    }

    fn phrase(&self, speaker: &Speaker<'_>, arguments: &[Node]) -> Option<String> {
        speaker.bounded(arguments, "không quá", "nhỏ")
    }

    fn sentence(&self, speaker: &Speaker<'_>, call: &Node, arguments: &[Node]) -> Option<String> {
        let goal = speaker.unit_cap(arguments).and_then(|inner| match &inner.shape {
            Shape::Arithmetic('/', quotient) if speaker.constant(&quotient[1]).is_some() => Some(quotient),
            _ => None,
        });
        match goal.map(|quotient| (&quotient[0].shape, quotient)) {
            Some((Shape::Arithmetic('/', inner), quotient)) => speaker.goal(&inner[0], Some(&inner[1]), &quotient[1]),
            Some((_, quotient)) => speaker.goal(&quotient[0], None, &quotient[1]),
            None => speaker.multiplied(call),
        }
    }

    fn forms(&self) -> &'static [Form] {
        &[]
    }
}

impl Speaker<'_> {
    /// The smaller or larger of two, as a limit where one of them is a number.
    pub fn bounded(&self, arguments: &[Node], limit: &str, which: &str) -> Option<String> {
        let [a, b] = arguments else { return None };
        let (bound, inner) = match (self.constant(a), self.constant(b)) {
            (Some(bound), None) => (bound, self.expression(b)?),
            (None, Some(bound)) => (bound, self.expression(a)?),
            _ => return Some(format!("số {which} hơn trong hai số {} và {}", self.operand(a)?, self.operand(b)?)),
        };
        Some(format!("{inner}, {limit} {}", shown(&bound)))
    }
}
