//! A set as its canonical script: printing, compiling and printing again changes nothing.

use std::fmt::Write as _;

use rust_decimal::Decimal;

use crate::{
    Case, Expected, Group, Indicator, IndicatorSet, Input, InputKind, MainIndex, Param, Provider, RankBy, SelfScore,
    Value, Warning, ZeroRule,
};

/// The canonical definition script of a set.
pub fn print(set: &IndicatorSet) -> String {
    let mut out = String::new();
    let mut piece = |spacing: &str, text: String| {
        out.push_str(spacing);
        out.push_str(&text);
        out.push('\n');
    };
    piece("", head(set));
    set.params.iter().for_each(|given| piece("", param(given)));
    set.facts.iter().for_each(|given| piece("", fact(given)));
    for declared in &set.groups {
        piece("\n", group(declared));
        for main in &declared.main_indexes {
            piece("\n", main_index(main));
            main.indicators.iter().for_each(|leaf| piece("\n", indicator(leaf, set.policy.not_applicable)));
        }
    }
    out
}

pub(crate) fn head(set: &IndicatorSet) -> String {
    let mut out = format!("indicator_set({}, #{{\n", quoted(&set.slug));
    options(set, &mut out);
    out.push_str("});");
    out
}

pub(crate) fn param(param: &Param) -> String {
    format!("param({}, {}, {});", quoted(&param.name), plain(param.value), quoted(&param.label))
}

pub(crate) fn fact(fact: &Input) -> String {
    format!("fact({}, {});", quoted(&fact.name), kind(fact))
}

pub(crate) fn group(group: &Group) -> String {
    format!("group({}, {}, {});", quoted(&group.slug), quoted(&group.name), plain(group.points))
}

pub(crate) fn main_index(main: &MainIndex) -> String {
    format!("main_index({}, {}, {});", quoted(&main.code), quoted(&main.name), plain(main.points))
}

/// `not_applicable` is the set's default, which an indicator that follows it does not repeat.
pub(crate) fn indicator(leaf: &Indicator, not_applicable: bool) -> String {
    let mut out = format!("indicator({}, {}, {})", quoted(&leaf.code), quoted(&leaf.name), plain(leaf.max));
    for call in calls(leaf, not_applicable) {
        let _ = write!(out, "\n    .{call}");
    }
    out.push(';');
    out
}

fn options(set: &IndicatorSet, out: &mut String) {
    line(out, format_args!("    name: {},", quoted(&set.name)));
    for (field, text) in [("basis", &set.basis), ("note", &set.note)] {
        if !text.is_empty() {
            line(out, format_args!("    {field}: {},", quoted(text)));
        }
    }
    line(out, format_args!("    total: {},", plain(set.total)));
    line(out, format_args!("    not_applicable: {},", set.policy.not_applicable));
    line(out, format_args!("    round: {},", set.policy.round));
    if !set.policy.bands.is_empty() {
        out.push_str("    bands: [\n");
        for band in &set.policy.bands {
            let (name, from) = (quoted(&band.name), plain(band.from));
            line(out, format_args!("        #{{ name: {name}, from: {from}, inclusive: {} }},", band.inclusive));
        }
        out.push_str("    ],\n");
    }
    if set.policy.rank_by == RankBy::Unrounded {
        out.push_str("    rank_by: \"unrounded\",\n");
    }
    if !set.policy.tie_breakers.is_empty() {
        let codes: Vec<String> = set.policy.tie_breakers.iter().map(|code| quoted(code)).collect();
        line(out, format_args!("    tie_breakers: [{}],", codes.join(", ")));
    }
}

/// The calls that follow `indicator(…)`, without their dots.
fn calls(leaf: &Indicator, not_applicable: bool) -> Vec<String> {
    let mut calls = Vec::new();
    if leaf.key != leaf.code {
        calls.push(format!("key({})", quoted(&leaf.key)));
    }
    calls.extend(leaf.inputs.iter().map(|input| format!("input({}, {})", quoted(&input.name), kind(input))));
    calls.extend(leaf.formula.iter().map(|formula| format!("formula({})", quoted(&formula.text))));
    if leaf.zero != ZeroRule::Error {
        calls.push(format!("zero({})", zero(leaf.zero)));
    }
    if leaf.not_applicable != not_applicable {
        calls.push(format!("not_applicable({})", leaf.not_applicable));
    }
    if leaf.proof.evidence {
        calls.push("evidence_required(true)".into());
    }
    if leaf.proof.explanation > 0 {
        calls.push(format!("explanation_minimum({})", leaf.proof.explanation));
    }
    if leaf.self_score == SelfScore::Adjustable {
        calls.push("self_score(\"adjustable\")".into());
    }
    let texts = [("evidence", &leaf.evidence), ("guidance", &leaf.guidance), ("source", &leaf.source)];
    let texts = texts.iter().filter(|(_, text)| !text.is_empty());
    calls.extend(texts.map(|(call, text)| format!("{call}({})", quoted(text))));
    let warn = |warning: &Warning| format!("warn({}, {})", quoted(&warning.condition.text), quoted(&warning.message));
    calls.extend(leaf.warnings.iter().map(warn));
    calls.extend(leaf.cases.iter().map(expect));
    calls
}

fn zero(rule: ZeroRule) -> &'static str {
    match rule {
        ZeroRule::Error => "error",
        ZeroRule::NotApplicable => "na",
        ZeroRule::Full => "full",
        ZeroRule::Zero => "nought",
    }
}

fn expect(case: &Case) -> String {
    let value = |value: &Value| match value {
        Value::Bool(yes) => yes.to_string(),
        Value::Number(number) => plain(*number),
    };
    let inputs: Vec<String> = case.inputs.iter().map(|(name, given)| format!("{name}: {}", value(given))).collect();
    let inputs = if inputs.is_empty() { "#{}".into() } else { format!("#{{ {} }}", inputs.join(", ")) };
    let expected = match case.expected {
        Expected::Points(points) => plain(points),
        Expected::NotApplicable => "na".into(),
        Expected::Invalid => "invalid".into(),
    };
    format!("expect({}, {inputs}, {expected})", quoted(&case.name))
}

fn kind(input: &Input) -> String {
    let label = quoted(&input.label);
    let declared = match &input.kind {
        InputKind::YesNo => format!("yes_no({label})"),
        InputKind::Count => format!("count({label})"),
        InputKind::Number => format!("number({label})"),
        InputKind::Money => format!("money({label})"),
        InputKind::Percent => format!("percent({label})"),
        InputKind::Level(choices) => {
            let choice = choices.iter().map(|choice| format!("[{}, {}]", choice.value, quoted(&choice.label)));
            format!("level({label}, [{}])", choice.collect::<Vec<_>>().join(", "))
        }
    };
    match input.provider {
        Provider::Unit => declared,
        Provider::Authority => format!("{declared}.by(\"authority\")"),
        Provider::Survey => format!("{declared}.by(\"survey\")"),
        Provider::Feed => format!("{declared}.by(\"feed\")"),
    }
}

fn plain(number: Decimal) -> String {
    number.normalize().to_string()
}

fn quoted(text: &str) -> String {
    let escaped =
        text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\r', "\\r").replace('\t', "\\t");
    format!("\"{escaped}\"")
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = writeln!(out, "{text}");
}
