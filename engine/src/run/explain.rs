//! How a score came about, in Vietnamese, from what the formula read and what its functions left behind.

use rust_decimal::Decimal;

use super::evaluate::Known;
use super::formula::CompiledFormula;
use super::vocabulary::Step;
use crate::number;
use crate::round::half_up;
use crate::scorecard::{Explanation, Read, ReadSource};
use crate::set::{InputKind, ZeroRule};
use crate::{ENGINE_VERSION, Value};

const CAPPED: &str = "Tử số lớn hơn mẫu số; điểm tính tối đa 100%, hãy kiểm tra lại số liệu.";

/// A warning for every ratio above one.
pub fn capped(steps: &[Step]) -> Option<String> {
    let above = |step: &Step| matches!(step, Step::Ratio(a, b) if a > b);
    steps.iter().any(above).then(|| CAPPED.into())
}

/// The explanation of a computed score.
pub fn scored(
    known: &Known<'_>,
    formula: &CompiledFormula,
    steps: &[Step],
    exact: Decimal,
    points: Decimal,
) -> Explanation {
    let max = known.indicator.max;
    let reads = reads(known, formula);
    let mut told: Vec<String> = steps.iter().map(words).collect();
    if told.is_empty() {
        told.push(figures(known, &reads));
    }
    let last = match (steps, fraction(steps)) {
        ([_], Some(part)) if times_max(known) => {
            format!("{} × {} = {} điểm", percent(part), number::trim(max), shown(points))
        }
        _ => format!("{}/{} điểm", shown(points), number::trim(max)),
    };
    told.push(last);
    if exact > max || exact < Decimal::ZERO {
        told.push(format!("công thức cho {}, điểm nằm trong 0 đến {}", number::trim(exact), number::trim(max)));
    }
    let text = told.iter().filter(|step| !step.is_empty()).cloned().collect::<Vec<_>>().join(" → ");
    explanation(known, text, reads, told, Some(exact.normalize().to_string()))
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

fn words(step: &Step) -> String {
    let n = number::trim;
    match *step {
        Step::Ratio(a, b) if a > b => format!("{}/{} = {}, tính tối đa 100%", n(a), n(b), percent(a / b)),
        Step::Ratio(a, b) => format!("{}/{} = {}", n(a), n(b), percent(a / b)),
        Step::Target(a, goal) if a >= goal => format!("{}/{} chỉ tiêu, đạt 100%", n(a), n(goal)),
        Step::Target(a, goal) => format!("{}/{} chỉ tiêu = {}", n(a), n(goal), percent(a / goal)),
        Step::Share(a, b, goal) => {
            let reached = (a / b / goal).min(Decimal::ONE);
            format!("{}/{} = {}, ngưỡng {} → đạt {}", n(a), n(b), percent(a / b), percent(goal), percent(reached))
        }
        Step::Survey(rate) => format!("Kết quả khảo sát {}%", n(rate)),
        Step::Steps(value, part) => format!("Mức {} → được {}", n(value), percent(part)),
    }
}

/// The fraction of the points a single step gives.
fn fraction(steps: &[Step]) -> Option<Decimal> {
    let part = match *steps.first()? {
        Step::Ratio(a, b) => a.checked_div(b)?,
        Step::Target(a, goal) => a.checked_div(goal)?,
        Step::Share(a, b, goal) => a.checked_div(b)?.checked_div(goal)?,
        Step::Survey(rate) => rate / Decimal::ONE_HUNDRED,
        Step::Steps(_, part) => part,
    };
    Some(part.min(Decimal::ONE))
}

fn times_max(known: &Known<'_>) -> bool {
    let text = known.indicator.formula.as_ref().map_or("", |formula| formula.text.as_str());
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    plain.ends_with(")*max") && !plain.contains("if")
}

/// The figures read, when no function has put them into words: "Có", "người đứng đầu đơn vị", "Số cuộc họp: 3".
fn figures(known: &Known<'_>, reads: &[Read]) -> String {
    let own: Vec<&Read> =
        reads.iter().filter(|read| matches!(read.source, ReadSource::Input | ReadSource::Fact)).collect();
    let tell = |read: &&Read| match (read.value, choice(known, read)) {
        (Value::Bool(yes), _) => if yes { "Có" } else { "Không" }.to_string(),
        (_, Some(label)) => label,
        (Value::Number(given), None) => format!("{}: {}", read.label, number::trim(given)),
    };
    own.iter().map(tell).collect::<Vec<_>>().join("; ")
}

fn choice(known: &Known<'_>, read: &Read) -> Option<String> {
    let Value::Number(given) = read.value else { return None };
    let input = known.indicator.inputs.iter().find(|input| input.name == read.name)?;
    let InputKind::Level(choices) = &input.kind else { return None };
    choices.iter().find(|choice| Decimal::from(choice.value) == given).map(|choice| choice.label.clone())
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

fn percent(part: Decimal) -> String {
    let percent = half_up(part.saturating_mul(Decimal::ONE_HUNDRED), 2).normalize();
    format!("{}%", number::trim(percent))
}

/// Points carry the set's rounding already; they are shown with exactly those places.
fn shown(points: Decimal) -> String {
    number::format(points, points.scale())
}
