//! One indicator as typed in the side panel: inputs, formula, policies, texts, cases.

use std::collections::BTreeMap;

use engine::{
    Case, Choice, Expected, Formula, Indicator, IndicatorSet, Input, InputKind, Proof, Provider, SelfScore, Value,
    Warning, ZeroRule,
};

use super::{filled, gone, number};
use crate::{Problem, typed};

/// What the panel holds. Empty rows are dropped.
#[derive(Clone, Debug, Default)]
pub struct LeafText {
    pub code: String,
    pub name: String,
    pub max: String,
    pub formula: String,
    /// "error", "not_applicable", "full", "zero".
    pub zero: String,
    pub not_applicable: bool,
    pub evidence: String,
    pub evidence_required: bool,
    /// Characters; empty for none.
    pub explanation_minimum: String,
    /// The unit may enter points of its own.
    pub adjustable: bool,
    pub guidance: String,
    pub source: String,
    pub inputs: Vec<InputText>,
    /// Condition and message.
    pub warnings: Vec<(String, String)>,
    pub cases: Vec<CaseText>,
}

/// A declared figure. `choices` has a line per level: "2 = Đã ban hành".
#[derive(Clone, Debug, Default)]
pub struct InputText {
    pub name: String,
    pub label: String,
    /// "count", "number", "money", "percent", "yes_no", "level".
    pub kind: String,
    pub choices: String,
    /// "unit", "authority", "survey", "feed".
    pub provider: String,
}

/// A stored case. `expected` is points, "KĐG" for not applicable, or "lỗi" for refused.
#[derive(Clone, Debug, Default)]
pub struct CaseText {
    pub name: String,
    pub values: BTreeMap<String, String>,
    pub expected: String,
}

pub fn write(set: &mut IndicatorSet, code: &str, text: &LeafText) -> Result<(), Vec<Problem>> {
    let facts = set.facts.clone();
    let all = set.groups.iter_mut().flat_map(|group| &mut group.main_indexes);
    let leaf = all.flat_map(|main| &mut main.indicators).find(|leaf| leaf.code == code).ok_or_else(gone)?;
    let mut problems = Vec::new();
    let fresh = read(leaf, &facts, text, &mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    *leaf = fresh;
    Ok(())
}

fn read(old: &Indicator, facts: &[Input], text: &LeafText, problems: &mut Vec<Problem>) -> Indicator {
    let inputs: Vec<Input> = inputs(&text.inputs, problems);
    let declared: Vec<&Input> = inputs.iter().chain(facts).collect();
    let cases = text.cases.iter().enumerate().filter(|(_, case)| !case.is_empty());
    let cases = cases.map(|(row, case)| self::case(row, case, &declared, problems)).collect();
    let formula = |text: &str| Formula { text: text.trim().into(), line: 0, column: 0 };
    let said = text.warnings.iter().filter(|(condition, _)| !condition.trim().is_empty());
    let warning = |(condition, message): &(String, String)| Warning {
        condition: formula(condition),
        message: message.trim().into(),
    };
    Indicator {
        code: filled("code", &text.code, "Hãy nhập mã chỉ số.", problems),
        key: old.key.clone(),
        name: filled("name", &text.name, "Hãy nhập tên chỉ số.", problems),
        max: number("max", &text.max, problems),
        formula: (!text.formula.trim().is_empty()).then(|| formula(&text.formula)),
        zero: zero(&text.zero),
        not_applicable: text.not_applicable,
        proof: Proof { evidence: text.evidence_required, explanation: least(&text.explanation_minimum, problems) },
        self_score: if text.adjustable { SelfScore::Adjustable } else { SelfScore::Computed },
        evidence: text.evidence.trim().into(),
        guidance: text.guidance.trim().into(),
        source: text.source.trim().into(),
        warnings: said.map(warning).collect(),
        inputs,
        cases,
    }
}

fn least(text: &str, problems: &mut Vec<Problem>) -> u32 {
    let text = text.trim();
    let read = if text.is_empty() { Some(0) } else { text.parse().ok().filter(|least| *least <= 8000) };
    read.unwrap_or_else(|| {
        problems.push(Problem::new("explanation_minimum", "Số ký tự giải trình từ 0 đến 8000."));
        0
    })
}

fn zero(name: &str) -> ZeroRule {
    match name {
        "not_applicable" => ZeroRule::NotApplicable,
        "full" => ZeroRule::Full,
        "zero" => ZeroRule::Zero,
        _ => ZeroRule::Error,
    }
}

/// Declared figures from their rows; shared figures are written the same way.
pub fn inputs(rows: &[InputText], problems: &mut Vec<Problem>) -> Vec<Input> {
    let typed = rows.iter().enumerate().filter(|(_, row)| !row.name.trim().is_empty() || !row.label.trim().is_empty());
    typed.map(|(place, row)| input(place, row, problems)).collect()
}

fn input(place: usize, row: &InputText, problems: &mut Vec<Problem>) -> Input {
    let field = format!("input.{place}");
    let label = filled(&format!("{field}.label"), &row.label, "Hãy nhập tên gọi của số liệu.", problems);
    let name = row.name.trim().to_lowercase();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) || !name.chars().all(plain) {
        let told = "Tên số liệu chỉ gồm chữ thường không dấu, chữ số và “_”, bắt đầu bằng chữ, ví dụ so_cuoc_hop.";
        problems.push(Problem::new(&format!("{field}.name"), told));
    }
    let kind = match row.kind.as_str() {
        "yes_no" => InputKind::YesNo,
        "number" => InputKind::Number,
        "money" => InputKind::Money,
        "percent" => InputKind::Percent,
        "level" => InputKind::Level(choices(&field, &row.choices, problems)),
        _ => InputKind::Count,
    };
    let provider = match row.provider.as_str() {
        "authority" => Provider::Authority,
        "survey" => Provider::Survey,
        "feed" => Provider::Feed,
        _ => Provider::Unit,
    };
    Input { name, label, kind, provider }
}

fn choices(field: &str, text: &str, problems: &mut Vec<Problem>) -> Vec<Choice> {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let choice = |line: &str| {
        let (value, label) = line.split_once(['=', ':'])?;
        Some(Choice { value: value.trim().parse().ok()?, label: label.trim().into() })
    };
    let read: Option<Vec<Choice>> = lines.map(choice).collect();
    read.unwrap_or_else(|| {
        let told = "Mỗi mức một dòng, dạng “2 = Đã ban hành”, số trước là số nguyên.";
        problems.push(Problem::new(&format!("{field}.choices"), told));
        Vec::new()
    })
}

impl CaseText {
    fn is_empty(&self) -> bool {
        let blank = |text: &String| text.trim().is_empty();
        blank(&self.name) && blank(&self.expected) && self.values.values().all(blank)
    }
}

fn case(row: usize, text: &CaseText, declared: &[&Input], problems: &mut Vec<Problem>) -> Case {
    let mut inputs = BTreeMap::new();
    for (name, typed) in text.values.iter().filter(|(_, typed)| !typed.trim().is_empty()) {
        let Some(input) = declared.iter().find(|input| &input.name == name) else { continue };
        match value(&input.kind, typed) {
            Some(value) => drop(inputs.insert(name.clone(), value)),
            None => problems.push(Problem::new(
                &format!("case.{row}.{name}"),
                &format!("“{}” không hợp với số liệu “{}”.", typed.trim(), input.label),
            )),
        }
    }
    let expected = self::expected(&text.expected).unwrap_or_else(|| {
        let told = "Kết quả mong đợi là số điểm, “KĐG” (không đánh giá) hoặc “lỗi” (số liệu bị từ chối).";
        problems.push(Problem::new(&format!("case.{row}.expected"), told));
        Expected::Invalid
    });
    let name = match text.name.trim() {
        "" => format!("trường hợp {}", row + 1),
        name => name.into(),
    };
    Case { name, inputs, expected }
}

fn value(kind: &InputKind, text: &str) -> Option<Value> {
    match (kind, text.trim().to_lowercase().as_str()) {
        (InputKind::YesNo, "có" | "co" | "1" | "true") => Some(Value::Bool(true)),
        (InputKind::YesNo, "không" | "khong" | "0" | "false") => Some(Value::Bool(false)),
        (InputKind::YesNo, _) => None,
        (kind, text) => typed::number(kind, text).ok().map(Value::Number),
    }
}

fn expected(text: &str) -> Option<Expected> {
    match text.trim().to_lowercase().as_str() {
        "kđg" | "không đánh giá" => Some(Expected::NotApplicable),
        "lỗi" => Some(Expected::Invalid),
        text => engine::number::parse(text).ok().map(Expected::Points),
    }
}

/// The same the other way round.
pub fn expected_text(expected: &Expected) -> String {
    match expected {
        Expected::Points(points) => engine::number::trim(*points),
        Expected::NotApplicable => "KĐG".into(),
        Expected::Invalid => "lỗi".into(),
    }
}

impl LeafText {
    /// An indicator as the panel shows it.
    pub fn of(leaf: &Indicator) -> LeafText {
        let warning = |warning: &Warning| (warning.condition.text.clone(), warning.message.clone());
        LeafText {
            code: leaf.code.clone(),
            name: leaf.name.clone(),
            max: engine::number::trim(leaf.max),
            formula: leaf.formula.as_ref().map(|formula| formula.text.clone()).unwrap_or_default(),
            zero: zero_text(leaf.zero).into(),
            not_applicable: leaf.not_applicable,
            evidence_required: leaf.proof.evidence,
            explanation_minimum: match leaf.proof.explanation {
                0 => String::new(),
                least => least.to_string(),
            },
            adjustable: leaf.self_score == SelfScore::Adjustable,
            evidence: leaf.evidence.clone(),
            guidance: leaf.guidance.clone(),
            source: leaf.source.clone(),
            inputs: leaf.inputs.iter().map(InputText::of).collect(),
            warnings: leaf.warnings.iter().map(warning).collect(),
            cases: leaf.cases.iter().map(CaseText::of).collect(),
        }
    }
}

fn zero_text(zero: ZeroRule) -> &'static str {
    match zero {
        ZeroRule::Error => "error",
        ZeroRule::NotApplicable => "not_applicable",
        ZeroRule::Full => "full",
        ZeroRule::Zero => "zero",
    }
}

impl InputText {
    pub fn of(input: &Input) -> InputText {
        let (kind, choices) = match &input.kind {
            InputKind::YesNo => ("yes_no", String::new()),
            InputKind::Count => ("count", String::new()),
            InputKind::Number => ("number", String::new()),
            InputKind::Money => ("money", String::new()),
            InputKind::Percent => ("percent", String::new()),
            InputKind::Level(all) => {
                let lines: Vec<String> =
                    all.iter().map(|choice| format!("{} = {}", choice.value, choice.label)).collect();
                ("level", lines.join("\n"))
            }
        };
        let provider = match input.provider {
            Provider::Unit => "unit",
            Provider::Authority => "authority",
            Provider::Survey => "survey",
            Provider::Feed => "feed",
        };
        let (name, label) = (input.name.clone(), input.label.clone());
        InputText { name, label, kind: kind.into(), choices, provider: provider.into() }
    }
}

impl CaseText {
    pub fn of(case: &Case) -> CaseText {
        let shown = |value: &Value| match value {
            Value::Bool(yes) => if *yes { "có" } else { "không" }.to_owned(),
            Value::Number(number) => engine::number::trim(*number),
        };
        CaseText {
            name: case.name.clone(),
            values: case.inputs.iter().map(|(name, value)| (name.clone(), shown(value))).collect(),
            expected: expected_text(&case.expected),
        }
    }
}
