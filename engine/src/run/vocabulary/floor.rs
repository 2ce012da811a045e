//! `floor(x)`: the largest whole number not above x.

use rust_decimal::Decimal;

use super::{Calculation, Divisor, Help, Meaning, Threshold};
use crate::exact::Number;
use crate::run::node::Node;
use crate::run::shapes::{Form, Speaker};
use crate::run::tell::Teller;

pub struct Floor;

impl Meaning for Floor {
    fn help(&self) -> Help {
        Help { name: "floor", signature: "floor(x)", help: "Làm tròn xuống số nguyên." }
    }

    fn calculation<N: Number>() -> Calculation<N> {
        Calculation::One(N::floor)
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
        teller.each(arguments)
    }

    fn phrase(&self, speaker: &Speaker<'_>, arguments: &[Node]) -> Option<String> {
        Some(format!("{} làm tròn xuống số nguyên", speaker.operand(&arguments[0])?))
    }

    fn sentence(&self, speaker: &Speaker<'_>, call: &Node, _: &[Node]) -> Option<String> {
        speaker.multiplied(call)
    }

    fn forms(&self) -> &'static [Form] {
        &[]
    }
}
