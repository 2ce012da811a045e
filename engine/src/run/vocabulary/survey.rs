//! `survey(rate, responses)`: the outcome of a survey, 0 to 100, as a part of 1; without responses there is none.

use rust_decimal::Decimal;

use super::{Calculation, Divisor, Help, Meaning, Threshold};
use crate::exact::{Number, Outcome};
use crate::run::node::Node;
use crate::run::shapes::{Form, Speaker, figure};
use crate::run::tell::{Teller, shown};

pub struct Survey;

const FORM: Form = Form {
    name: "survey",
    label: "Khảo sát",
    help: "Tỷ lệ hài lòng theo phiếu khảo sát nhân điểm tối đa.",
    fields: &[figure("rate", "Tỷ lệ hài lòng (0 đến 100)"), figure("responses", "Số phiếu thu về")],
    spelling: "survey({rate}, {responses}) * max",
};

impl Meaning for Survey {
    fn help(&self) -> Help {
        let help = "Kết quả khảo sát 0–100 thành 0–1; không có phiếu thì như mẫu số bằng 0.";
        Help { name: "survey", signature: "survey(ty_le, so_phieu)", help }
    }

    fn calculation<N: Number>() -> Calculation<N> {
        Calculation::Two(survey)
    }

    fn divisors(&self) -> &'static [Divisor] {
        &[Divisor { at: 1, is_whole: false }]
    }

    fn threshold<'a>(&self, _: &'a [Node]) -> Option<Threshold<'a>> {
        None
    }

    fn part_of_max(&self) -> Option<Decimal> {
        None
    }

    fn explain(&self, teller: &mut Teller<'_>, _: &Node, arguments: &[Node]) -> Option<()> {
        let rate = shown(&teller.number(&arguments[0])?);
        teller.push(format!("Kết quả khảo sát {rate}%"));
        Some(())
    }

    fn phrase(&self, speaker: &Speaker<'_>, arguments: &[Node]) -> Option<String> {
        Some(format!("{} chia 100, không quá 100%", speaker.operand(&arguments[0])?))
    }

    fn sentence(&self, speaker: &Speaker<'_>, call: &Node, arguments: &[Node]) -> Option<String> {
        let Some(rate) = speaker.percentage(&arguments[0]) else { return speaker.multiplied(call) };
        Some(format!("{rate}, nhân {}", speaker.amount(&speaker.indicator.max.into())))
    }

    fn forms(&self) -> &'static [Form] {
        &[FORM]
    }
}

fn survey<N: Number>(rate: &N, responses: &N) -> Outcome<N> {
    let hundred = N::from(Decimal::ONE_HUNDRED);
    if *responses == N::zero() {
        return rate.div(responses);
    }
    rate.min(&hundred).div(&hundred)
}
