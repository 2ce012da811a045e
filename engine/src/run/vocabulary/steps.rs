//! `steps(x, [[4, 1], [2, 0.5]])`: what the first step gives that a number reaches.

use rust_decimal::Decimal;

use super::{Calculation, Divisor, Help, Meaning, Threshold};
use crate::exact::{Exact, Number};
use crate::run::node::{Node, table};
use crate::run::shapes::{Form, Speaker, figure, steps};
use crate::run::tell::{Teller, percent};

pub struct Steps;

pub const FORM: Form = Form {
    name: "steps",
    label: "Bậc thang",
    help: "Đạt ngưỡng nào thì được tỷ lệ điểm của ngưỡng ấy; dưới ngưỡng thấp nhất được 0 điểm.",
    fields: &[figure("value", "Số liệu"), steps("steps", "Các bậc, mỗi dòng một bậc, ví dụ 4: 100")],
    spelling: "steps({value}, {steps}) * max",
};

impl Meaning for Steps {
    fn help(&self) -> Help {
        let help = "Bậc thang: bậc đầu tiên x đạt tới cho tỷ lệ điểm của bậc ấy; không đạt bậc nào thì 0.";
        Help { name: "steps", signature: "steps(x, [[4, 1], [2, 0.5]])", help }
    }

    fn calculation<N: Number>() -> Calculation<N> {
        Calculation::Table
    }

    fn divisors(&self) -> &'static [Divisor] {
        &[]
    }

    fn threshold<'a>(&self, arguments: &'a [Node]) -> Option<Threshold<'a>> {
        table(arguments).map(|(value, edges)| Threshold::Table(value, edges))
    }

    fn part_of_max(&self) -> Option<Decimal> {
        None
    }

    fn explain(&self, teller: &mut Teller<'_>, call: &Node, arguments: &[Node]) -> Option<()> {
        teller.each(&arguments[..1])?;
        let reached = percent(&teller.number(call)?);
        teller.push(format!("bậc đạt được: {reached}"));
        Some(())
    }

    fn phrase(&self, _: &Speaker<'_>, _: &[Node]) -> Option<String> {
        None
    }

    fn sentence(&self, speaker: &Speaker<'_>, _: &Node, arguments: &[Node]) -> Option<String> {
        let (value, edges) = table(arguments)?;
        let max = Exact::from(speaker.indicator.max);
        let edge = |(from, part): &(Decimal, Decimal)| Some(((*from).into(), max.mul(&(*part).into()).ok()?));
        let edges: Option<Vec<_>> = edges.iter().map(edge).collect();
        speaker.stairs(&speaker.expression(value)?, &edges?, &Exact::zero())
    }

    fn forms(&self) -> &'static [Form] {
        &[FORM]
    }
}
