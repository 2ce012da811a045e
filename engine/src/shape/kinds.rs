//! What each shape asks for, so that a form can be made of it and read back.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{Shape, Term};
use crate::number;

/// A shape as a form. `name` is the tag of the shape's JSON; label and help are Vietnamese.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    pub name: &'static str,
    pub label: &'static str,
    pub help: &'static str,
    pub fields: &'static [Field],
}

/// A field of the form, named like the shape's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    pub name: &'static str,
    pub label: &'static str,
    pub kind: FieldKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// The name of a yes/no figure.
    YesNo,
    /// The name of a figure.
    Figure,
    /// The name of a figure or parameter, or a number.
    Goal,
    Number,
    /// One step a line: a threshold, a colon, percent of the maximum.
    Steps,
}

const fn field(name: &'static str, label: &'static str, kind: FieldKind) -> Field {
    Field { name, label, kind }
}

impl Shape {
    /// Every shape, in the order a newcomer should meet them.
    pub const KINDS: [Kind; 9] = [
        Kind {
            name: "yes_no",
            label: "Có/không",
            help: "Có thì được điểm tối đa, không thì 0 điểm.",
            fields: &[field("input", "Số liệu có/không", FieldKind::YesNo)],
        },
        Kind {
            name: "yes_no_half",
            label: "Đầy đủ, một phần hoặc không",
            help: "Đầy đủ thì được điểm tối đa, một phần thì một nửa, không thì 0 điểm.",
            fields: &[
                field("full", "Thực hiện đầy đủ (có/không)", FieldKind::YesNo),
                field("partly", "Thực hiện một phần (có/không)", FieldKind::YesNo),
            ],
        },
        Kind {
            name: "level",
            label: "Mức đạt được",
            help: "Mức cao nhất được điểm tối đa, mức khác được điểm theo tỷ lệ của mức.",
            fields: &[
                field("input", "Số liệu mức", FieldKind::Figure),
                field("highest", "Mức cao nhất", FieldKind::Number),
            ],
        },
        Kind {
            name: "ratio",
            label: "Tỷ lệ",
            help: "Tử số chia mẫu số, không quá 100%, nhân điểm tối đa.",
            fields: &[field("part", "Tử số", FieldKind::Figure), field("whole", "Mẫu số", FieldKind::Figure)],
        },
        Kind {
            name: "target",
            label: "Đạt chỉ tiêu",
            help: "Đạt chỉ tiêu thì được điểm tối đa, chưa đạt thì được điểm theo tỷ lệ.",
            fields: &[
                field("value", "Kết quả đạt được", FieldKind::Figure),
                field("goal", "Chỉ tiêu", FieldKind::Goal),
            ],
        },
        Kind {
            name: "frequency",
            label: "Tần suất",
            help: "Số lần đã làm chia số lần phải làm, không quá 100%, nhân điểm tối đa.",
            fields: &[
                field("times", "Số lần đã làm", FieldKind::Figure),
                field("periods", "Số kỳ trong năm", FieldKind::Goal),
                field("per_period", "Số lần phải làm mỗi kỳ", FieldKind::Goal),
            ],
        },
        Kind {
            name: "share",
            label: "Tỷ trọng so với ngưỡng",
            help: "Tỷ trọng đạt ngưỡng thì được điểm tối đa, chưa đạt thì được điểm theo tỷ lệ.",
            fields: &[
                field("part", "Phần chi (tử số)", FieldKind::Figure),
                field("whole", "Tổng chi (mẫu số)", FieldKind::Figure),
                field("goal", "Ngưỡng cần đạt (0,05 là 5%)", FieldKind::Goal),
            ],
        },
        Kind {
            name: "survey",
            label: "Khảo sát",
            help: "Tỷ lệ hài lòng theo phiếu khảo sát nhân điểm tối đa.",
            fields: &[
                field("rate", "Tỷ lệ hài lòng (0 đến 100)", FieldKind::Figure),
                field("responses", "Số phiếu thu về", FieldKind::Figure),
            ],
        },
        Kind {
            name: "steps",
            label: "Bậc thang",
            help: "Đạt ngưỡng nào thì được tỷ lệ điểm của ngưỡng ấy; dưới ngưỡng thấp nhất được 0 điểm.",
            fields: &[
                field("value", "Số liệu", FieldKind::Figure),
                field("steps", "Các bậc, mỗi dòng một bậc, ví dụ 4: 100", FieldKind::Steps),
            ],
        },
    ];

    /// What the form's fields hold for this shape, as typed.
    pub fn values(&self) -> BTreeMap<&'static str, String> {
        let text = String::clone;
        let term = |term: &Term| match term {
            Term::Name(name) => name.clone(),
            Term::Number(number) => number::trim(*number),
        };
        let pairs = match self {
            Shape::YesNo { input } => vec![("input", text(input))],
            Shape::YesNoHalf { full, partly } => vec![("full", text(full)), ("partly", text(partly))],
            Shape::Level { input, highest } => vec![("input", text(input)), ("highest", number::trim(*highest))],
            Shape::Ratio { part, whole } => vec![("part", text(part)), ("whole", text(whole))],
            Shape::Target { value, goal } => vec![("value", text(value)), ("goal", term(goal))],
            Shape::Frequency { times, periods, per_period } => {
                vec![("times", text(times)), ("periods", term(periods)), ("per_period", term(per_period))]
            }
            Shape::Share { part, whole, goal } => {
                vec![("part", text(part)), ("whole", text(whole)), ("goal", term(goal))]
            }
            Shape::Survey { rate, responses } => vec![("rate", text(rate)), ("responses", text(responses))],
            Shape::Steps { value, steps } => {
                let step = |(from, percent): &(Decimal, Decimal)| {
                    format!("{}: {}", number::trim(*from), number::trim(*percent))
                };
                let steps: Vec<String> = steps.iter().map(step).collect();
                vec![("value", text(value)), ("steps", steps.join("\n"))]
            }
        };
        pairs.into_iter().collect()
    }

    /// The shape of a form as typed. Each mistake is a field's name and, in Vietnamese, what to do.
    pub fn fill(
        kind: &str,
        given: impl Fn(&str) -> Option<String>,
    ) -> Result<Shape, Vec<(&'static str, &'static str)>> {
        let kind = Shape::KINDS.iter().find(|known| known.name == kind);
        let kind = kind.ok_or_else(|| vec![("kind", "Hãy chọn một dạng công thức.")])?;
        let (mut filled, mut mistakes) = (Filled::default(), Vec::new());
        for field in kind.fields {
            let typed = given(field.name).unwrap_or_default();
            if let Err(message) = filled.take(field, typed.trim()) {
                mistakes.push((field.name, message));
            }
        }
        if mistakes.is_empty() { filled.shape(kind.name) } else { Err(mistakes) }
    }
}

#[derive(Default)]
struct Filled {
    names: BTreeMap<&'static str, String>,
    terms: BTreeMap<&'static str, Term>,
    numbers: BTreeMap<&'static str, Decimal>,
    steps: Vec<(Decimal, Decimal)>,
}

impl Filled {
    fn take(&mut self, field: &Field, typed: &str) -> Result<(), &'static str> {
        match field.kind {
            FieldKind::YesNo | FieldKind::Figure => {
                self.names.insert(field.name, name(typed)?);
            }
            FieldKind::Goal => {
                let term = match goal(typed) {
                    Some(number) => Term::Number(number),
                    None => Term::Name(name(typed).map_err(|_| "Hãy chọn một số liệu hoặc nhập số lớn hơn 0.")?),
                };
                self.terms.insert(field.name, term);
            }
            FieldKind::Number => {
                self.numbers.insert(field.name, goal(typed).ok_or("Hãy nhập số lớn hơn 0.")?);
            }
            FieldKind::Steps => self.steps = steps(typed)?,
        }
        Ok(())
    }

    fn shape(mut self, kind: &str) -> Result<Shape, Vec<(&'static str, &'static str)>> {
        let mut name = |field: &str| self.names.remove(field).unwrap_or_default();
        let mut term = |field: &str| self.terms.remove(field).unwrap_or(Term::Number(Decimal::ONE));
        Ok(match kind {
            "yes_no" => Shape::YesNo { input: name("input") },
            "yes_no_half" => Shape::YesNoHalf { full: name("full"), partly: name("partly") },
            "level" => {
                let highest = self.numbers.remove("highest").unwrap_or(Decimal::ONE);
                Shape::Level { input: name("input"), highest }
            }
            "ratio" => Shape::Ratio { part: name("part"), whole: name("whole") },
            "target" => Shape::Target { value: name("value"), goal: term("goal") },
            "frequency" => {
                Shape::Frequency { times: name("times"), periods: term("periods"), per_period: term("per_period") }
            }
            "share" => Shape::Share { part: name("part"), whole: name("whole"), goal: term("goal") },
            "survey" => Shape::Survey { rate: name("rate"), responses: name("responses") },
            _ => Shape::Steps { value: name("value"), steps: self.steps },
        })
    }
}

/// A name as a formula may read it.
fn name(typed: &str) -> Result<String, &'static str> {
    let starts = typed.starts_with(|c: char| c.is_alphabetic() || c == '_');
    let rest = typed.chars().all(|c| c.is_alphanumeric() || c == '_');
    if starts && rest { Ok(typed.into()) } else { Err("Hãy chọn một số liệu.") }
}

fn goal(typed: &str) -> Option<Decimal> {
    number::parse(typed).ok().filter(|number| *number > Decimal::ZERO)
}

fn steps(typed: &str) -> Result<Vec<(Decimal, Decimal)>, &'static str> {
    let step = |line: &str| {
        let (from, percent) = line.split_once(':')?;
        let percent = number::parse(percent.trim().trim_end_matches('%')).ok()?;
        let is_percent = percent >= Decimal::ZERO && percent <= Decimal::ONE_HUNDRED;
        Some((number::parse(from).ok()?, percent)).filter(|_| is_percent)
    };
    let lines = typed.lines().filter(|line| !line.trim().is_empty());
    let steps: Option<Vec<_>> = lines.map(step).collect();
    let steps = steps.filter(|steps| !steps.is_empty());
    let steps = steps.ok_or("Mỗi dòng là một bậc: ngưỡng, dấu hai chấm, phần trăm điểm, ví dụ 4: 100.")?;
    if steps.is_sorted_by(|higher, lower| higher.0 > lower.0) {
        Ok(steps)
    } else {
        Err("Xếp các bậc từ ngưỡng cao xuống ngưỡng thấp.")
    }
}
