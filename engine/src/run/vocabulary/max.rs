//! `max(a, b)`: the larger number. By itself `max` is the maximum of the indicator.

use rust_decimal::Decimal;

use super::{Calculation, Divisor, Help, Meaning, Threshold};
use crate::exact::Number;
use crate::run::node::Node;
use crate::run::shapes::{Form, Speaker};
use crate::run::tell::Teller;

pub struct Max;

impl Meaning for Max {
    fn help(&self) -> Help {
        let help = "Số lớn hơn. Đứng một mình, max là điểm tối đa của chỉ số.";
        Help { name: "max", signature: "max(a, b)", help }
    }

    fn calculation<N: Number>() -> Calculation<N> {
        Calculation::Two(|a, b| Ok(a.max(b).clone()))
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
        speaker.bounded(arguments, "không dưới", "lớn")
    }

    fn sentence(&self, speaker: &Speaker<'_>, call: &Node, _: &[Node]) -> Option<String> {
        speaker.multiplied(call)
    }

    fn forms(&self) -> &'static [Form] {
        &[]
    }
}
