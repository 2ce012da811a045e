//! A set as its canonical script: printing, compiling and printing again changes nothing.

use std::fmt::Write as _;

use rust_decimal::Decimal;

use crate::{Case, Expected, Indicator, IndicatorSet, Input, InputKind, Provider, RankBy, Value, ZeroRule};

/// The canonical definition script of a set.
pub fn print(set: &IndicatorSet) -> String {
    let mut out = format!("indicator_set({}, #{{\n", quoted(&set.slug));
    head(set, &mut out);
    out.push_str("});\n");
    for param in &set.params {
        line(
            &mut out,
            format_args!("param({}, {}, {});", quoted(&param.name), plain(param.value), quoted(&param.label)),
        );
    }
    for fact in &set.facts {
        line(&mut out, format_args!("fact({}, {});", quoted(&fact.name), kind(fact)));
    }
    for group in &set.groups {
        out.push('\n');
        line(
            &mut out,
            format_args!("group({}, {}, {});", quoted(&group.slug), quoted(&group.name), plain(group.points)),
        );
        for main in &group.main_indexes {
            out.push('\n');
            let (code, name) = (quoted(&main.code), quoted(&main.name));
            line(&mut out, format_args!("main_index({code}, {name}, {});", plain(main.points)));
            main.indicators.iter().for_each(|leaf| indicator(set, leaf, &mut out));
        }
    }
    out
}

fn head(set: &IndicatorSet, out: &mut String) {
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

fn indicator(set: &IndicatorSet, leaf: &Indicator, out: &mut String) {
    out.push('\n');
    let _ = write!(out, "indicator({}, {}, {})", quoted(&leaf.code), quoted(&leaf.name), plain(leaf.max));
    let mut chain = |call: std::fmt::Arguments<'_>| {
        let _ = write!(out, "\n    .{call}");
    };
    if leaf.key != leaf.code {
        chain(format_args!("key({})", quoted(&leaf.key)));
    }
    for input in &leaf.inputs {
        chain(format_args!("input({}, {})", quoted(&input.name), kind(input)));
    }
    if let Some(formula) = &leaf.formula {
        chain(format_args!("formula({})", quoted(&formula.text)));
    }
    if leaf.zero != ZeroRule::Error {
        chain(format_args!("zero({})", zero(leaf.zero)));
    }
    if leaf.not_applicable != set.policy.not_applicable {
        chain(format_args!("not_applicable({})", leaf.not_applicable));
    }
    for (call, text) in [("evidence", &leaf.evidence), ("guidance", &leaf.guidance), ("source", &leaf.source)] {
        if !text.is_empty() {
            chain(format_args!("{call}({})", quoted(text)));
        }
    }
    for warning in &leaf.warnings {
        chain(format_args!("warn({}, {})", quoted(&warning.condition.text), quoted(&warning.message)));
    }
    leaf.cases.iter().for_each(|case| chain(format_args!("{}", expect(case))));
    out.push_str(";\n");
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
