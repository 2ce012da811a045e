//! How a score came about, in Vietnamese: one line to read, its steps, and everything the formula read.

use rust_decimal::Decimal;

use super::evaluate::Known;
use super::formula::CompiledFormula;
use super::tell::{self, Told};
use crate::exact::Exact;
use crate::number;
use crate::scorecard::{Explanation, Read, ReadSource};
use crate::set::ZeroRule;
use crate::{ENGINE_VERSION, Value};

/// Said where a power whose exponent is not whole was worked out.
const APPROXIMATE: &str = "lũy thừa với số mũ không nguyên được tính gần đúng đến 28 chữ số có nghĩa";

/// The data warning for a part larger than its whole.
pub const CAPPED: &str = "Tử số lớn hơn mẫu số; điểm tính tối đa 100%, hãy kiểm tra lại số liệu.";

/// The explanation of a computed score.
pub fn scored(
    known: &Known<'_>,
    formula: &CompiledFormula,
    exact: &Exact,
    points: Decimal,
    told: &Told,
) -> Explanation {
    let max = known.indicator.max;
    let reads = reads(known, formula);
    let mut steps = told.steps.clone();
    if steps.is_empty() {
        steps.extend(figures(known, &reads));
    }
    if told.is_approximate {
        steps.push(APPROXIMATE.into());
    }
    steps.push(match &told.part {
        Some(part) if *part > Decimal::ZERO && *part < Decimal::ONE => {
            format!("{} × {} = {} điểm", told.factor(part), number::trim(max), shown(points))
        }
        _ => format!("{}/{} điểm", shown(points), number::trim(max)),
    });
    if *exact > max || *exact < Decimal::ZERO {
        steps.push(format!("công thức cho {}, điểm nằm trong 0 đến {}", tell::shown(exact), number::trim(max)));
    }
    let about = if told.is_approximate { "≈ " } else { "" };
    explanation(known, steps.join(" → "), reads, steps, Some(format!("{about}{exact}")))
}

/// A zero denominator, answered by the indicator's rule.
pub fn zero(known: &Known<'_>, formula: &CompiledFormula, rule: ZeroRule, points: Option<Decimal>) -> Explanation {
    let max = number::trim(known.indicator.max);
    let meaning = match (rule, points) {
        (ZeroRule::NotApplicable, _) | (_, None) => "không đánh giá".to_string(),
        (_, Some(points)) => format!("{}/{max} điểm theo quy định của chỉ số", shown(points)),
    };
    let text = format!("Mẫu số bằng 0 → {meaning}");
    let steps = vec!["Mẫu số bằng 0".into(), meaning];
    explanation(known, text, reads(known, formula), steps, points.map(|points| points.normalize().to_string()))
}

/// Points given directly.
pub fn given(points: Decimal, max: Decimal) -> Explanation {
    plain(format!("Điểm được chấm trực tiếp: {}/{}", shown(points), number::trim(max)))
}

/// Points of the unit's own, told after what the formula gives.
pub fn own(points: Decimal, max: Decimal, computed: Option<Explanation>) -> Explanation {
    let told = format!("đơn vị tự chấm {}/{} điểm", shown(points), number::trim(max));
    match computed {
        Some(computed) => Explanation {
            text: format!("Theo công thức: {}; {told}", computed.text),
            steps: computed.steps.into_iter().chain([told]).collect(),
            exact: Some(points.normalize().to_string()),
            ..computed
        },
        None => plain(format!("Chỉ số không có công thức; {told}")),
    }
}

pub fn accepted_not_applicable() -> Explanation {
    plain("Không đánh giá: không tính vào điểm tối đa.".into())
}

fn plain(text: String) -> Explanation {
    let steps = vec![text.clone()];
    Explanation { text, formula: String::new(), reads: Vec::new(), steps, exact: None, engine: ENGINE_VERSION.into() }
}

fn explanation(
    known: &Known<'_>,
    text: String,
    reads: Vec<Read>,
    steps: Vec<String>,
    exact: Option<String>,
) -> Explanation {
    let formula = known.indicator.formula.as_ref().map(|formula| formula.text.clone()).unwrap_or_default();
    Explanation { text, formula, reads, steps, exact, engine: ENGINE_VERSION.into() }
}

/// The figures read, where the formula's shape could not be put into words.
fn figures(known: &Known<'_>, reads: &[Read]) -> Option<String> {
    let own = reads.iter().filter(|read| known.input(&read.name).is_some());
    let tell = |read: &Read| match read.value {
        Value::Bool(yes) => format!("{}: {}", read.label, if yes { "Có" } else { "Không" }),
        Value::Number(given) => format!("{}: {}", read.label, number::trim(given)),
    };
    let told: Vec<String> = own.map(tell).collect();
    (!told.is_empty()).then(|| told.join("; "))
}

fn reads(known: &Known<'_>, formula: &CompiledFormula) -> Vec<Read> {
    let read = |(name, value): (&str, Value)| {
        let (source, label) = describe(known, name);
        Read { name: name.into(), label, source, value }
    };
    known.values().filter(|(name, _)| formula.reads.contains(*name)).map(read).collect()
}

fn describe(known: &Known<'_>, name: &str) -> (ReadSource, String) {
    let own = known.indicator.inputs.iter().find(|input| input.name == name);
    let fact = known.set.facts.iter().find(|fact| fact.name == name);
    let param = known.set.params.iter().find(|param| param.name == name);
    match (own, fact, param) {
        (Some(input), ..) => (ReadSource::Input, input.label.clone()),
        (_, Some(fact), _) => (ReadSource::Fact, fact.label.clone()),
        (_, _, Some(param)) => (ReadSource::Param, param.label.clone()),
        _ => (ReadSource::Max, "Điểm tối đa".into()),
    }
}

/// Points carry the set's rounding already; they are shown with exactly those places.
fn shown(points: Decimal) -> String {
    number::format(points, points.scale())
}
