//! `ceiling(x)`: the smallest whole number not below x.

use rust_decimal::Decimal;

use super::{Calculation, Divisor, Help, Meaning, Threshold};
use crate::exact::Number;
use crate::run::node::Node;
use crate::run::shapes::{Form, Speaker};
use crate::run::tell::Teller;

pub struct Ceiling;

impl Meaning for Ceiling {
    fn help(&self) -> Help {
        Help { name: "ceiling", signature: "ceiling(x)", help: "Làm tròn lên số nguyên." }
    }

    fn calculation<N: Number>() -> Calculation<N> {
        Calculation::One(N::ceiling)
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
        Some(format!("{} làm tròn lên số nguyên", speaker.operand(&arguments[0])?))
    }

    fn sentence(&self, speaker: &Speaker<'_>, call: &Node, _: &[Node]) -> Option<String> {
        speaker.multiplied(call)
    }

    fn forms(&self) -> &'static [Form] {
        &[]
    }
}
