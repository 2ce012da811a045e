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

/// Findings told at once; nobody reads more.
const MOST: usize = 500;

/// A formula that leaves 0..max: its points are clamped, so a draft can still be tried, but never put in force.
pub const OUT_OF_RANGE: &str = "out-of-range";

/// Where a script declares things: line and column.
pub type Places = BTreeMap<About, (usize, usize)>;

/// A declared thing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    Set,
    Group(String),
    /// A main index or an indicator.
    Code(String),
    /// A parameter or a shared figure.
    Name(String),
}

/// Everything wrong with a set, and everything odd about it.
pub fn check(set: &IndicatorSet) -> Vec<Diagnostic> {
    check_at(set, &Places::new())
}

/// The same, pointing at the declarations of the script the set was compiled from.
pub fn check_at(set: &IndicatorSet, places: &Places) -> Vec<Diagnostic> {
    let mut check = Check { set, places, found: Vec::new() };
    check.sums();
    check.codes();
    check.names();
    set.indicators().for_each(|leaf| check.policies(leaf));
    set.indicators().for_each(|leaf| check.cases(leaf));
    match Rules::new(set.clone()) {
        Err(mistakes) => check.found.extend(mistakes),
        Ok(rules) => {
            check.unread(&rules);
            check.found.extend(set.indicators().filter_map(|leaf| edges(&rules, leaf)));
        }
    }
    check.found.sort_by_key(|found| (found.line, found.column));
    check.found.truncate(MOST);
    check.found
}

struct Check<'a> {
    set: &'a IndicatorSet,
    places: &'a Places,
    found: Vec<Diagnostic>,
}

impl Check<'_> {
    fn find(&mut self, code: &str, about: About, message: String) {
        self.push(error(code, message, (0, 0)), about);
    }

    fn warn(&mut self, code: &str, about: About, message: String) {
        self.push(Diagnostic { severity: Severity::Warning, ..error(code, message, (0, 0)) }, about);
    }

    fn push(&mut self, found: Diagnostic, about: About) {
        let (line, column) = self.places.get(&about).copied().unwrap_or_default();
        let indicator = match about {
            About::Code(code) => Some(code),
            _ => None,
        };
        self.found.push(Diagnostic { line, column, indicator, ..found });
    }

    fn sums(&mut self) {
        let set = self.set;
        let groups = set.groups.iter().map(|group| group.points).sum();
        self.sum(About::Set, format!("Bộ chỉ số “{}”", set.name), set.total, groups);
        for group in &set.groups {
            let mains = group.main_indexes.iter().map(|main| main.points).sum();
            self.sum(About::Group(group.slug.clone()), format!("Nhóm “{}”", group.name), group.points, mains);
        }
        for main in set.main_indexes() {
            let leaves = main.indicators.iter().map(|leaf| leaf.max).sum();
            let what = format!("Chỉ số chính {} “{}”", main.code, main.name);
            self.sum(About::Code(main.code.clone()), what, main.points, leaves);
        }
    }

    fn sum(&mut self, about: About, what: String, declared: Decimal, actual: Decimal) {
        if declared != actual {
            let (declared, actual) = (number::trim(declared), number::trim(actual));
            self.find(
                "sum-mismatch",
                about,
                format!("{what} ghi {declared} điểm nhưng các phần cộng lại được {actual}."),
            );
        }
    }

    fn codes(&mut self) {
        let set = self.set;
        let (mut codes, mut keys, mut slugs) = (HashSet::new(), HashSet::new(), HashSet::new());
        let mains = set.main_indexes().map(|main| &main.code);
        for code in mains.chain(set.indicators().map(|leaf| &leaf.code)).filter(|code| !codes.insert(*code)) {
            self.find("duplicate-code", About::Code(code.clone()), format!("Mã “{code}” dùng hai lần."));
        }
        for leaf in set.indicators().filter(|leaf| !keys.insert(&leaf.key)) {
            self.find("duplicate-key", About::Code(leaf.code.clone()), format!("Khóa “{}” dùng hai lần.", leaf.key));
        }
        for group in set.groups.iter().filter(|group| !slugs.insert(&group.slug)) {
            let text = format!("Mã nhóm “{}” dùng hai lần.", group.slug);
            self.find("duplicate-code", About::Group(group.slug.clone()), text);
        }
        for code in set.policy.tie_breakers.iter().filter(|code| !codes.contains(code)) {
            self.find("unknown-code", About::Set, format!("tie_breakers nêu mã “{code}” không có trong bộ chỉ số."));
        }
    }

    fn names(&mut self) {
        let set = self.set;
        let mut shared: HashSet<&str> = HashSet::from(["max"]);
        let declared = set.params.iter().map(|param| &param.name).chain(set.facts.iter().map(|fact| &fact.name));
        for name in declared.filter(|name| !shared.insert(name)) {
            self.find("duplicate-name", About::Name(name.clone()), format!("Tên “{name}” khai báo hai lần."));
        }
        for leaf in set.indicators() {
            let mut own = shared.clone();
            for input in leaf.inputs.iter().filter(|input| !own.insert(&input.name)) {
                let text = format!("Tên “{}” đã được khai báo.", input.name);
                self.find("duplicate-name", About::Code(leaf.code.clone()), text);
            }
        }
    }

    fn policies(&mut self, leaf: &Indicator) {
        let about = || About::Code(leaf.code.clone());
        if leaf.max <= Decimal::ZERO {
            self.find("no-points", about(), "Điểm tối đa phải lớn hơn 0.".into());
        }
        if leaf.max.normalize().scale() > self.set.policy.round {
            let text = "Điểm tối đa có nhiều chữ số thập phân hơn mức làm tròn của bộ chỉ số.";
            self.find("too-precise", about(), text.into());
        }
        if leaf.not_applicable && !self.set.policy.not_applicable {
            let text = "Bộ chỉ số không cho phép “không đánh giá”, chỉ số này lại cho phép.";
            self.find("not-applicable-forbidden", about(), text.into());
        }
        if leaf.zero == ZeroRule::NotApplicable && !leaf.not_applicable {
            let text = "Mẫu số bằng 0 được coi là “không đánh giá”, nhưng chỉ số này không cho phép “không đánh giá”.";
            self.find("not-applicable-forbidden", about(), text.into());
        }
        for input in leaf.inputs.iter().filter(|input| matches!(&input.kind, InputKind::Level(all) if all.is_empty())) {
            self.find("no-choices", about(), format!("Số liệu “{}” chưa có mức nào để chọn.", input.name));
        }
    }

    /// A case with a misspelt name would be refused like one that is meant to be refused.
    fn cases(&mut self, leaf: &Indicator) {
        let names: HashSet<&String> = leaf.inputs.iter().chain(&self.set.facts).map(|input| &input.name).collect();
        for case in &leaf.cases {
            for name in case.inputs.keys().filter(|name| !names.contains(name)) {
                let text = format!("Trường hợp “{}” nêu số liệu “{name}” không được khai báo.", case.name);
                self.find("unknown-name", About::Code(leaf.code.clone()), text);
            }
        }
    }

    fn unread(&mut self, rules: &Rules) {
        for leaf in self.set.indicators().filter(|leaf| leaf.formula.is_some()) {
            let reads = rules.reads(&leaf.code);
            for input in leaf.inputs.iter().filter(|input| !reads.contains(&input.name.as_str())) {
                let text = format!("Công thức không đọc số liệu “{}”.", input.name);
                self.warn("unread-input", About::Code(leaf.code.clone()), text);
            }
        }
        for fact in self.set.facts.iter().filter(|fact| rules.readers(&fact.name).is_empty()) {
            let text = format!("Không công thức nào đọc số liệu dùng chung “{}”.", fact.name);
            self.warn("unread-fact", About::Name(fact.name.clone()), text);
        }
        for param in self.set.params.iter().filter(|param| rules.readers(&param.name).is_empty()) {
            let text = format!("Không công thức nào đọc tham số “{}”.", param.name);
            self.warn("unread-param", About::Name(param.name.clone()), text);
        }
    }
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
            let text = format!(
                "Với {}, công thức cho {points}, ngoài khoảng 0 đến {max}; hãy giới hạn bằng min(1, …) hoặc max(0, …).",
                given()
            );
            Some(at(leaf, error(OUT_OF_RANGE, text, place)))
        }
        Ok(_) => None,
        Err(cause) if vocabulary::is_zero_denominator(&cause) => None,
        Err(cause) => {
            let (code, text) = super::message::of_eval(&cause, &words());
            let text = if inputs.is_empty() { text } else { format!("{text} (với {})", given()) };
            let inner = formula::inside(source, super::message::place(cause.position()));
            Some(at(leaf, error(code, text, inner)))
        }
    }
}

/// Every combination of edge values; for many figures, all at the same edge and each alone at every other.
fn combinations<'a>(inputs: &[&'a Input]) -> Vec<BTreeMap<&'a str, Value>> {
    let edges: Vec<(&str, Vec<Value>)> =
        inputs.iter().map(|input| (input.name.as_str(), edge_values(&input.kind))).collect();
    let count = edges.iter().map(|(_, values)| values.len()).try_fold(1usize, usize::checked_mul);
    if count.is_some_and(|count| count <= COMBINATIONS) { product(&edges) } else { one_by_one(&edges) }
}

fn product<'a>(edges: &[(&'a str, Vec<Value>)]) -> Vec<BTreeMap<&'a str, Value>> {
    let mut all = vec![BTreeMap::new()];
    for (name, values) in edges {
        let with = |known: &BTreeMap<&'a str, Value>, value: &Value| {
            let mut more = known.clone();
            more.insert(*name, *value);
            more
        };
        all = all.iter().flat_map(|known| values.iter().map(|value| with(known, value)).collect::<Vec<_>>()).collect();
    }
    all
}

fn one_by_one<'a>(edges: &[(&'a str, Vec<Value>)]) -> Vec<BTreeMap<&'a str, Value>> {
    let most = edges.iter().map(|(_, values)| values.len()).max().unwrap_or_default();
    let same_edge = |edge: usize| {
        let at = |(name, values): &(&'a str, Vec<Value>)| Some((*name, *values.get(edge).or(values.last())?));
        edges.iter().filter_map(at).collect::<BTreeMap<_, _>>()
    };
    let mut all: Vec<_> = (0..most).map(same_edge).collect();
    for base in all.clone() {
        for (name, values) in edges {
            all.extend(values.iter().map(|value| {
                let mut varied = base.clone();
                varied.insert(*name, *value);
                varied
            }));
        }
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

fn words() -> Vec<&'static str> {
    super::vocabulary().iter().map(|word| word.name).collect()
}

fn at(leaf: &Indicator, diagnostic: Diagnostic) -> Diagnostic {
    Diagnostic { indicator: Some(leaf.code.clone()), ..diagnostic }
}
