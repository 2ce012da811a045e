//! The common formulas as forms to fill in: what is asked for, and the expression it makes. The words of the language bring
//! theirs; here are those that need none.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::number;
use crate::run::vocabulary::Word;

/// A form. Label and help are Vietnamese.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    pub name: &'static str,
    pub label: &'static str,
    pub help: &'static str,
    pub fields: &'static [Field],
    /// The expression it makes; "{part}" stands for what the field `part` holds.
    pub spelling: &'static str,
}

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

pub(in crate::run) const fn figure(name: &'static str, label: &'static str) -> Field {
    Field { name, label, kind: FieldKind::Figure }
}

pub(in crate::run) const fn goal(name: &'static str, label: &'static str) -> Field {
    Field { name, label, kind: FieldKind::Goal }
}

pub(in crate::run) const fn steps(name: &'static str, label: &'static str) -> Field {
    Field { name, label, kind: FieldKind::Steps }
}

const fn yes_no(name: &'static str, label: &'static str) -> Field {
    Field { name, label, kind: FieldKind::YesNo }
}

pub(super) const YES_NO: Form = Form {
    name: "yes_no",
    label: "Có/không",
    help: "Có thì được điểm tối đa, không thì 0 điểm.",
    fields: &[yes_no("input", "Số liệu có/không")],
    spelling: "if {input} { max } else { 0 }",
};

pub(super) const YES_NO_HALF: Form = Form {
    name: "yes_no_half",
    label: "Đầy đủ, một phần hoặc không",
    help: "Đầy đủ thì được điểm tối đa, một phần thì một nửa, không thì 0 điểm.",
    fields: &[yes_no("full", "Thực hiện đầy đủ (có/không)"), yes_no("partly", "Thực hiện một phần (có/không)")],
    spelling: "if {full} { max } else if {partly} { half(max) } else { 0 }",
};

pub(super) const LEVEL: Form = Form {
    name: "level",
    label: "Mức đạt được",
    help: "Mức cao nhất được điểm tối đa, mức khác được điểm theo tỷ lệ của mức.",
    fields: &[
        figure("input", "Số liệu mức"),
        Field { name: "highest", label: "Mức cao nhất", kind: FieldKind::Number },
    ],
    spelling: "{input} / {highest} * max",
};

/// Every form, in the order a newcomer should meet them.
pub fn forms() -> impl Iterator<Item = &'static Form> {
    let own: &'static [Form] = &[YES_NO, YES_NO_HALF, LEVEL];
    own.iter().chain(Word::ALL.iter().flat_map(|word| word.forms()))
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    Name(String),
    Number(Decimal),
    /// Thresholds from the highest down, each with percent of the maximum.
    Steps(Vec<(Decimal, Decimal)>),
}

/// A form filled in: a formula that is one of the common ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    pub form: Form,
    /// One for each field.
    pub entries: Vec<Entry>,
}

impl Shape {
    /// The expression, in the canonical spelling.
    pub fn write(&self) -> String {
        let filled = |text: String, (field, entry): (&Field, &Entry)| {
            text.replace(&format!("{{{}}}", field.name), &entry.written())
        };
        self.filled().fold(self.form.spelling.to_owned(), filled)
    }

    /// What the form's fields hold, as typed.
    pub fn values(&self) -> BTreeMap<&'static str, String> {
        self.filled().map(|(field, entry)| (field.name, entry.typed())).collect()
    }

    fn filled(&self) -> impl Iterator<Item = (&Field, &Entry)> {
        self.form.fields.iter().zip(&self.entries)
    }

    /// The shape of a form as typed. Each mistake is a field's name and, in Vietnamese, what to do.
    pub fn fill(
        form: &str,
        given: impl Fn(&str) -> Option<String>,
    ) -> Result<Shape, Vec<(&'static str, &'static str)>> {
        let form = forms().find(|known| known.name == form);
        let form = *form.ok_or_else(|| vec![("kind", "Hãy chọn một dạng công thức.")])?;
        let (mut entries, mut mistakes) = (Vec::new(), Vec::new());
        for field in form.fields {
            match Entry::of(field.kind, given(field.name).unwrap_or_default().trim()) {
                Ok(entry) => entries.push(entry),
                Err(message) => mistakes.push((field.name, message)),
            }
        }
        if mistakes.is_empty() { Ok(Shape { form, entries }) } else { Err(mistakes) }
    }
}

impl Entry {
    fn of(kind: FieldKind, typed: &str) -> Result<Entry, &'static str> {
        match kind {
            FieldKind::YesNo | FieldKind::Figure => typed_name(typed).map(Entry::Name),
            FieldKind::Goal => match positive(typed) {
                Some(number) => Ok(Entry::Number(number)),
                None => typed_name(typed).map(Entry::Name).map_err(|_| "Hãy chọn một số liệu hoặc nhập số lớn hơn 0."),
            },
            FieldKind::Number => positive(typed).map(Entry::Number).ok_or("Hãy nhập số lớn hơn 0."),
            FieldKind::Steps => typed_steps(typed).map(Entry::Steps),
        }
    }

    fn written(&self) -> String {
        let plain = |number: &Decimal| number.normalize().to_string();
        match self {
            Entry::Name(name) => name.clone(),
            Entry::Number(number) => plain(number),
            Entry::Steps(steps) => {
                let step = |(from, percent): &(Decimal, Decimal)| {
                    let part = percent.checked_div(Decimal::ONE_HUNDRED).unwrap_or_default();
                    format!("[{}, {}]", plain(from), plain(&part))
                };
                let steps: Vec<String> = steps.iter().map(step).collect();
                format!("[{}]", steps.join(", "))
            }
        }
    }

    fn typed(&self) -> String {
        match self {
            Entry::Name(name) => name.clone(),
            Entry::Number(number) => number::trim(*number),
            Entry::Steps(steps) => {
                let step = |(from, percent): &(Decimal, Decimal)| {
                    format!("{}: {}", number::trim(*from), number::trim(*percent))
                };
                steps.iter().map(step).collect::<Vec<_>>().join("\n")
            }
        }
    }
}

/// A name as a formula may read it.
fn typed_name(typed: &str) -> Result<String, &'static str> {
    let starts = typed.starts_with(|c: char| c.is_alphabetic() || c == '_');
    let rest = typed.chars().all(|c| c.is_alphanumeric() || c == '_');
    if starts && rest { Ok(typed.into()) } else { Err("Hãy chọn một số liệu.") }
}

fn positive(typed: &str) -> Option<Decimal> {
    number::parse(typed).ok().filter(|number| *number > Decimal::ZERO)
}

fn typed_steps(typed: &str) -> Result<Vec<(Decimal, Decimal)>, &'static str> {
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
