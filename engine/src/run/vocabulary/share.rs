//! `share(a, b, goal)`: how far a part of a whole comes up to the part that is wanted, at most 1.

use rust_decimal::Decimal;

use super::target::target;
use super::{Calculation, Divisor, Help, Meaning, Threshold};
use crate::exact::{Exact, Number, Outcome};
use crate::run::node::Node;
use crate::run::shapes::{Form, Speaker, figure, goal};
use crate::run::tell::{Teller, over, percent, shown};

pub struct Share;

pub const FORM: Form = Form {
    name: "share",
    label: "Tỷ trọng so với ngưỡng",
    help: "Tỷ trọng đạt ngưỡng thì được điểm tối đa, chưa đạt thì được điểm theo tỷ lệ.",
    fields: &[
        figure("part", "Phần chi (tử số)"),
        figure("whole", "Tổng chi (mẫu số)"),
        goal("goal", "Ngưỡng cần đạt (0,05 là 5%)"),
    ],
    spelling: "share({part}, {whole}, {goal}) * max",
};

impl Meaning for Share {
    fn help(&self) -> Help {
        let help = "Tỷ trọng a/b so với ngưỡng, không quá 1: đạt ngưỡng thì được trọn điểm.";
        Help { name: "share", signature: "share(a, b, nguong)", help }
    }

    fn calculation<N: Number>() -> Calculation<N> {
        Calculation::Three(share)
    }

    fn divisors(&self) -> &'static [Divisor] {
        &[Divisor { at: 1, is_whole: true }, Divisor { at: 2, is_whole: false }]
    }

    fn threshold<'a>(&self, arguments: &'a [Node]) -> Option<Threshold<'a>> {
        Some(Threshold::Share(&arguments[0], &arguments[1], &arguments[2]))
    }

    fn part_of_max(&self) -> Option<Decimal> {
        None
    }

    fn explain(&self, teller: &mut Teller<'_>, _: &Node, arguments: &[Node]) -> Option<()> {
        teller.share(&arguments[0], &arguments[1], &arguments[2])
    }

    fn phrase(&self, speaker: &Speaker<'_>, arguments: &[Node]) -> Option<String> {
        let of = |at: usize| speaker.operand(&arguments[at]);
        Some(format!("{} chia {} chia {}, không quá 100%", of(0)?, of(1)?, of(2)?))
    }

    fn sentence(&self, speaker: &Speaker<'_>, _: &Node, arguments: &[Node]) -> Option<String> {
        speaker.goal(&arguments[0], Some(&arguments[1]), &arguments[2])
    }

    fn forms(&self) -> &'static [Form] {
        &[FORM]
    }
}

fn share<N: Number>(a: &N, b: &N, goal: &N) -> Outcome<N> {
    target(&a.div(b)?, goal)
}

impl Teller<'_> {
    /// A part of a whole, and the part that is wanted.
    pub fn share(&mut self, a: &Node, b: &Node, goal: &Node) -> Option<()> {
        let (a, b, goal) = (self.number(a)?, self.number(b)?, self.number(goal)?);
        let share = a.div(&b).ok()?;
        let reached = percent(&target(&share, &goal).ok()?);
        let goal = if goal > Exact::one() { shown(&goal) } else { percent(&goal) };
        self.push(format!("{} = {}, chỉ tiêu {goal}", over(&a, &b), percent(&share)));
        self.push(format!("đạt {reached}"));
        Some(())
    }
}
