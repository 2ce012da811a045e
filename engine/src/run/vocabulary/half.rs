//! `half(x)`: a half of x.

use rust_decimal::Decimal;

use super::{Calculation, Divisor, Help, Meaning, Threshold};
use crate::exact::{Number, Outcome};
use crate::run::node::Node;
use crate::run::shapes::{Form, Speaker};
use crate::run::tell::Teller;

pub struct Half;

impl Meaning for Half {
    fn help(&self) -> Help {
        Help { name: "half", signature: "half(x)", help: "Một nửa của x." }
    }

    fn calculation<N: Number>() -> Calculation<N> {
        Calculation::One(half)
    }

    fn divisors(&self) -> &'static [Divisor] {
        &[]
    }

    fn threshold<'a>(&self, _: &'a [Node]) -> Option<Threshold<'a>> {
        None
    }

    fn part_of_max(&self) -> Option<Decimal> {
        Some(Decimal::from_parts(5, 0, 0, false, 1))
    }

    fn explain(&self, teller: &mut Teller<'_>, _: &Node, arguments: &[Node]) -> Option<()> {
        teller.each(arguments)
    }

    fn phrase(&self, speaker: &Speaker<'_>, arguments: &[Node]) -> Option<String> {
        Some(format!("một nửa của {}", speaker.operand(&arguments[0])?))
    }

    fn sentence(&self, speaker: &Speaker<'_>, call: &Node, _: &[Node]) -> Option<String> {
        speaker.multiplied(call)
    }

    fn forms(&self) -> &'static [Form] {
        &[]
    }
}

fn half<N: Number>(value: &N) -> Outcome<N> {
    value.div(&N::from(Decimal::TWO))
}
