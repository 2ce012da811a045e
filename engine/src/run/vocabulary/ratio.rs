//! `ratio(a, b)`: a part of a whole, at most 1.

use rust_decimal::Decimal;

use super::{Calculation, Divisor, Help, Meaning, Threshold};
use crate::exact::{Number, Outcome};
use crate::run::flags;
use crate::run::node::Node;
use crate::run::shapes::{Form, Speaker, figure};
use crate::run::tell::{Teller, over, percent};

pub struct Ratio;

const FORM: Form = Form {
    name: "ratio",
    label: "Tỷ lệ",
    help: "Tử số chia mẫu số, không quá 100%, nhân điểm tối đa.",
    fields: &[figure("part", "Tử số"), figure("whole", "Mẫu số")],
    spelling: "ratio({part}, {whole}) * max",
};

impl Meaning for Ratio {
    fn help(&self) -> Help {
        let help = "Tỷ lệ a/b, không quá 1. Khi a lớn hơn b có cảnh báo số liệu.";
        Help { name: "ratio", signature: "ratio(a, b)", help }
    }

    fn calculation<N: Number>() -> Calculation<N> {
        Calculation::Two(ratio)
    }

    fn divisors(&self) -> &'static [Divisor] {
        &[Divisor { at: 1, is_whole: true }]
    }

    fn threshold<'a>(&self, _: &'a [Node]) -> Option<Threshold<'a>> {
        None
    }

    fn part_of_max(&self) -> Option<Decimal> {
        None
    }

    fn explain(&self, teller: &mut Teller<'_>, _: &Node, arguments: &[Node]) -> Option<()> {
        teller.ratio(&arguments[0], &arguments[1], true)
    }

    fn phrase(&self, speaker: &Speaker<'_>, arguments: &[Node]) -> Option<String> {
        let (part, whole) = (speaker.operand(&arguments[0])?, speaker.operand(&arguments[1])?);
        Some(format!("{part} chia {whole}, không quá 100%"))
    }

    fn sentence(&self, speaker: &Speaker<'_>, call: &Node, _: &[Node]) -> Option<String> {
        speaker.multiplied(call)
    }

    fn forms(&self) -> &'static [Form] {
        &[FORM]
    }
}

fn ratio<N: Number>(a: &N, b: &N) -> Outcome<N> {
    let (exact, one) = (a.div(b)?, N::one());
    if exact > one {
        flags::capped();
        return Ok(one);
    }
    Ok(exact)
}

impl Teller<'_> {
    /// `a / b` of a part and its whole; `capped` where more than the whole counts as the whole.
    pub fn ratio(&mut self, a: &Node, b: &Node, capped: bool) -> Option<()> {
        let (part, whole) = (self.number(a)?, self.number(b)?);
        let quotient = part.div(&whole).ok()?;
        let written = over(&part, &whole);
        let mut text = format!("{written} = {}", percent(&quotient));
        self.told.quotient = Some((quotient, written));
        if capped && part > whole {
            text.push_str(", tính tối đa 100%");
            self.told.capped = true;
        }
        self.push(text);
        Some(())
    }
}
