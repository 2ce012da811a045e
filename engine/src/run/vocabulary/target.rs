//! `target(a, goal)`: how far a goal is reached, at most 1.

use rust_decimal::Decimal;

use super::{Calculation, Divisor, Help, Meaning, Threshold};
use crate::exact::{Exact, Number, Outcome};
use crate::run::node::Node;
use crate::run::shapes::{Form, Speaker, figure, goal, percent};
use crate::run::tell::{self, Teller, over, shown};

pub struct Target;

pub const FORM: Form = Form {
    name: "target",
    label: "Đạt chỉ tiêu",
    help: "Đạt chỉ tiêu thì được điểm tối đa, chưa đạt thì được điểm theo tỷ lệ.",
    fields: &[figure("value", "Kết quả đạt được"), goal("goal", "Chỉ tiêu")],
    spelling: "target({value}, {goal}) * max",
};

impl Meaning for Target {
    fn help(&self) -> Help {
        Help { name: "target", signature: "target(a, chi_tieu)", help: "Mức đạt chỉ tiêu a/chi_tieu, không quá 1." }
    }

    fn calculation<N: Number>() -> Calculation<N> {
        Calculation::Two(target)
    }

    fn divisors(&self) -> &'static [Divisor] {
        &[Divisor { at: 1, is_whole: false }]
    }

    fn threshold<'a>(&self, arguments: &'a [Node]) -> Option<Threshold<'a>> {
        Some(Threshold::Goal(&arguments[0], &arguments[1]))
    }

    fn part_of_max(&self) -> Option<Decimal> {
        None
    }

    fn explain(&self, teller: &mut Teller<'_>, _: &Node, arguments: &[Node]) -> Option<()> {
        teller.target(&arguments[0], &arguments[1])
    }

    fn phrase(&self, speaker: &Speaker<'_>, arguments: &[Node]) -> Option<String> {
        let (value, goal) = (speaker.operand(&arguments[0])?, speaker.operand(&arguments[1])?);
        Some(format!("{value} chia {goal}, không quá 100%"))
    }

    fn sentence(&self, speaker: &Speaker<'_>, _: &Node, arguments: &[Node]) -> Option<String> {
        speaker.goal(&arguments[0], None, &arguments[1])
    }

    fn forms(&self) -> &'static [Form] {
        const FREQUENCY: Form = Form {
            name: "frequency",
            label: "Tần suất",
            help: "Số lần đã làm chia số lần phải làm, không quá 100%, nhân điểm tối đa.",
            fields: &[
                figure("times", "Số lần đã làm"),
                goal("periods", "Số kỳ trong năm"),
                goal("per_period", "Số lần phải làm mỗi kỳ"),
            ],
            spelling: "target({times}, {periods} * {per_period}) * max",
        };
        &[FORM, FREQUENCY]
    }
}

pub fn target<N: Number>(a: &N, goal: &N) -> Outcome<N> {
    Ok(a.div(goal)?.min(N::one()))
}

impl Teller<'_> {
    /// A value and the goal it comes up to.
    pub fn target(&mut self, a: &Node, goal: &Node) -> Option<()> {
        let (a, goal) = (self.number(a)?, self.number(goal)?);
        let reached = tell::percent(&target(&a, &goal).ok()?);
        self.told.quotient = Some((a.div(&goal).ok()?, over(&a, &goal)));
        let word = if a >= goal { "chỉ tiêu, đạt" } else { "chỉ tiêu =" };
        self.push(format!("{} {word} {reached}", over(&a, &goal)));
        Some(())
    }
}

impl Speaker<'_> {
    /// A goal that gives the maximum when a value, or its part of a whole, reaches it.
    pub fn goal(&self, value: &Node, whole: Option<&Node>, goal: &Node) -> Option<String> {
        let is_percent = whole.is_none() && self.percentage(value).is_some();
        let value = match whole {
            Some(whole) => format!("{} chia {}", self.operand(value)?, self.operand(whole)?),
            None => self.expression(value)?,
        };
        let goal = match self.constant(goal) {
            Some(goal) if whole.is_some() && goal <= Exact::one() => percent(&goal),
            Some(goal) if is_percent => format!("{}%", shown(&goal)),
            Some(goal) => shown(&goal),
            None => self.operand(goal)?,
        };
        let max = self.amount(&self.indicator.max.into());
        Some(format!("{value}: đạt từ {goal} trở lên được {max}, thấp hơn thì tính điểm theo tỷ lệ"))
    }
}
