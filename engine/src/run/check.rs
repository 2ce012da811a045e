//! Static checks of a set: sums, codes, names, formulas, and what formulas give at the edges of their inputs.

use std::collections::{BTreeMap, HashSet};

use rust_decimal::Decimal;

use super::formula::{self, CompiledFormula};
use super::message::error;
use super::{Rules, vocabulary};
use crate::diagnostic::{Diagnostic, Severity};
use crate::set::{Formula, Indicator, IndicatorSet, Input, InputKind, ZeroRule};
use crate::{Value, number};

/// Most combinations of edge inputs tried for one formula.
const COMBINATIONS: usize = 300;

/// Everything wrong with a set, and everything odd about it.
pub fn check(set: &IndicatorSet) -> Vec<Diagnostic> {
    let mut found = sums(set);
    found.extend(codes(set));
    found.extend(set.indicators().flat_map(|indicator| policies(set, indicator)));
    match Rules::new(set.clone()) {
        Err(mistakes) => found.extend(mistakes),
        Ok(rules) => {
            found.extend(unread(&rules));
            found.extend(set.indicators().filter_map(|indicator| edges(&rules, indicator)));
        }
    }
    found
}

fn sums(set: &IndicatorSet) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut compare = |what: String, declared: Decimal, actual: Decimal, code: Option<&str>| {
        if declared != actual {
            let (declared, actual) = (number::trim(declared), number::trim(actual));
            let text = format!("{what} ghi {declared} điểm nhưng các phần cộng lại được {actual}.");
            found.push(Diagnostic { indicator: code.map(String::from), ..error("sum-mismatch", text, (0, 0)) });
        }
    };
    let groups = set.groups.iter().map(|group| group.points).sum();
    compare(format!("Bộ chỉ số “{}”", set.name), set.total, groups, None);
    for group in &set.groups {
        let mains = group.main_indexes.iter().map(|main| main.points).sum();
        compare(format!("Nhóm “{}”", group.name), group.points, mains, None);
        for main in &group.main_indexes {
            let leaves = main.indicators.iter().map(|leaf| leaf.max).sum();
            compare(format!("Chỉ số chính {} “{}”", main.code, main.name), main.points, leaves, Some(&main.code));
        }
    }
    found
}

fn codes(set: &IndicatorSet) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    let mains = set.main_indexes().map(|main| &main.code);
    for code in mains.chain(set.indicators().map(|leaf| &leaf.code)) {
        if !seen.insert(code) {
            let text = format!("Mã “{code}” dùng hai lần.");
            found.push(Diagnostic { indicator: Some(code.clone()), ..error("duplicate-code", text, (0, 0)) });
        }
    }
    let mut keys = HashSet::new();
    for leaf in set.indicators().filter(|leaf| !keys.insert(&leaf.key)) {
        let text = format!("Khóa “{}” dùng hai lần.", leaf.key);
        found.push(at(leaf, error("duplicate-key", text, (0, 0))));
    }
    found.extend(names(set));
    found
}

fn names(set: &IndicatorSet) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut shared: HashSet<&str> = HashSet::from(["max"]);
    let declared = set.params.iter().map(|param| &param.name).chain(set.facts.iter().map(|fact| &fact.name));
    for name in declared.filter(|name| !shared.insert(name)) {
        found.push(error("duplicate-name", format!("Tên “{name}” khai báo hai lần."), (0, 0)));
    }
    for leaf in set.indicators() {
        let mut own = shared.clone();
        for input in leaf.inputs.iter().filter(|input| !own.insert(&input.name)) {
            let text = format!("Tên “{}” đã được khai báo.", input.name);
            found.push(at(leaf, error("duplicate-name", text, (0, 0))));
        }
    }
    found
}

fn policies(set: &IndicatorSet, leaf: &Indicator) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if leaf.max < Decimal::ZERO {
        found.push(error("negative-points", "Điểm tối đa không được âm.".into(), place(leaf)));
    }
    if leaf.not_applicable && !set.policy.not_applicable {
        let text = "Bộ chỉ số không cho phép “không đánh giá”, chỉ số này lại cho phép.";
        found.push(error("not-applicable-forbidden", text.into(), place(leaf)));
    }
    if leaf.zero == ZeroRule::NotApplicable && !leaf.not_applicable {
        let text = "Mẫu số bằng 0 được coi là “không đánh giá”, nhưng chỉ số này không cho phép “không đánh giá”.";
        found.push(error("not-applicable-forbidden", text.into(), place(leaf)));
    }
    found.into_iter().map(|diagnostic| at(leaf, diagnostic)).collect()
}

fn unread(rules: &Rules) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let warn = |text: String, place| Diagnostic { severity: Severity::Warning, ..error("unread-input", text, place) };
    for leaf in rules.set().indicators().filter(|leaf| leaf.formula.is_some()) {
        let reads = rules.reads(&leaf.code);
        for input in leaf.inputs.iter().filter(|input| !reads.contains(&input.name.as_str())) {
            let text = format!("Công thức không đọc số liệu “{}”.", input.name);
            found.push(at(leaf, warn(text, place(leaf))));
        }
    }
    for fact in rules.set().facts.iter().filter(|fact| rules.readers(&fact.name).is_empty()) {
        found.push(warn(format!("Không công thức nào đọc số liệu dùng chung “{}”.", fact.name), (0, 0)));
    }
    found
}

/// Tries the formula on the edges of its inputs: it must give a number, and should stay in 0..max.
fn edges(rules: &Rules, leaf: &Indicator) -> Option<Diagnostic> {
    let source = leaf.formula.as_ref()?;
    let all = rules.set().params.iter().map(|param| param.name.as_str());
    let facts = rules.set().facts.iter().map(|fact| fact.name.as_str());
    let own = leaf.inputs.iter().map(|input| input.name.as_str());
    let names: Vec<&str> = own.chain(facts).chain(all).chain(std::iter::once("max")).collect();
    let compiled = formula::compile(source, &names).ok()?;
    let read = rules.set().facts.iter().chain(&leaf.inputs).filter(|input| compiled.reads.contains(&input.name));
    let read: Vec<&Input> = read.collect();
    let params = rules.set().params.iter().map(|param| (param.name.as_str(), Value::Number(param.value)));
    let fixed: BTreeMap<&str, Value> = params.chain([("max", Value::Number(leaf.max))]).collect();
    combinations(&read).into_iter().find_map(|inputs| edge(leaf, source, &compiled, &fixed, &inputs))
}

fn edge(
    leaf: &Indicator,
    source: &Formula,
    compiled: &CompiledFormula,
    fixed: &BTreeMap<&str, Value>,
    inputs: &BTreeMap<&str, Value>,
) -> Option<Diagnostic> {
    let place = (source.line, source.column);
    let given = || {
        let tell = |(name, value): (&&str, &Value)| match value {
            Value::Bool(yes) => format!("{name} = {}", if *yes { "có" } else { "không" }),
            Value::Number(given) => format!("{name} = {}", number::trim(*given)),
        };
        inputs.iter().map(tell).collect::<Vec<_>>().join(", ")
    };
    let values = fixed.iter().chain(inputs).map(|(name, value)| (*name, *value));
    match compiled.number(values) {
        Ok(points) if points < Decimal::ZERO || points > leaf.max => {
            let (points, max) = (number::trim(points), number::trim(leaf.max));
            let text = format!("Với {}, công thức cho {points}, ngoài 0 đến {max}; điểm sẽ bị đưa về khoảng này.", given());
            let odd = Diagnostic { severity: Severity::Warning, ..error("out-of-range", text, place) };
            Some(at(leaf, odd))
        }
        Ok(_) => None,
        Err(cause) if vocabulary::is_zero_denominator(&cause) => None,
        Err(cause) => {
            let (code, text) = super::message::of_eval(&cause, &[]);
            let text = if inputs.is_empty() { text } else { format!("{text} (với {})", given()) };
            let inner = formula::inside(source, super::message::place(cause.position()));
            Some(at(leaf, error(code, text, inner)))
        }
    }
}

fn combinations<'a>(inputs: &[&'a Input]) -> Vec<BTreeMap<&'a str, Value>> {
    let mut all = vec![BTreeMap::new()];
    for input in inputs {
        let values = edge_values(&input.kind);
        let grown = all.iter().flat_map(|known| {
            let with = |value: &Value| {
                let mut more = known.clone();
                more.insert(input.name.as_str(), *value);
                more
            };
            values.iter().map(with).collect::<Vec<_>>()
        });
        all = grown.take(COMBINATIONS).collect();
    }
    all
}

fn edge_values(kind: &InputKind) -> Vec<Value> {
    let numbers = |given: &[i64]| given.iter().map(|given| Value::Number(Decimal::from(*given))).collect();
    match kind {
        InputKind::YesNo => vec![Value::Bool(true), Value::Bool(false)],
        InputKind::Percent => numbers(&[0, 100, 50]),
        InputKind::Level(choices) => choices.iter().map(|choice| Value::Number(Decimal::from(choice.value))).collect(),
        InputKind::Count | InputKind::Number | InputKind::Money => numbers(&[0, 1, 1000, 10]),
    }
}

fn place(leaf: &Indicator) -> (usize, usize) {
    leaf.formula.as_ref().map_or((0, 0), |formula| (formula.line, formula.column))
}

fn at(leaf: &Indicator, diagnostic: Diagnostic) -> Diagnostic {
    Diagnostic { indicator: Some(leaf.code.clone()), ..diagnostic }
}
