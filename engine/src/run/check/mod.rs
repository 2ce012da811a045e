//! Static checks of a set: sums, codes, names, cases, formulas, and what formulas give at the edges of their inputs.

mod edges;
mod form;
mod minuses;
mod unreached;

use std::collections::{BTreeMap, HashSet};

use rust_decimal::Decimal;

use super::Rules;
use super::leaf::ScoredLeaf;
use super::message::error;
use crate::diagnostic::{Diagnostic, Severity};
use crate::number;
use crate::set::{Indicator, IndicatorSet, InputKind, ZeroRule};

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
    check.form();
    check.codes();
    check.names();
    set.indicators().for_each(|leaf| check.policies(leaf));
    set.indicators().for_each(|leaf| check.cases(leaf));
    match Rules::new(set.clone()) {
        Err(mistakes) => check.found.extend(mistakes),
        Ok(rules) => {
            check.unread(&rules);
            for leaf in set.indicators() {
                let Some(scored) = ScoredLeaf::of(set, leaf) else { continue };
                if leaf.cases.is_empty() {
                    let text = "Công thức chưa có trường hợp thử nào.";
                    check.warn("no-case", About::Code(leaf.code.clone()), text.into());
                }
                check.found.extend(edges::out_of_range(&scored));
                check.found.extend(minuses::ambiguous(&scored));
                check.found.extend(unreached::branches(&rules, &scored));
            }
        }
    }
    at_most(MOST, check.found)
}

/// In the order of the script. Where there are too many, mistakes come before what is merely odd.
fn at_most(most: usize, mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    if found.len() > most {
        found.sort_by_key(|found| found.severity == Severity::Warning);
        found.truncate(most);
    }
    found.sort_by_key(|found| (found.line, found.column));
    found
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
        let about = || About::Code(leaf.code.clone());
        for (at, case) in leaf.cases.iter().enumerate() {
            if let Some(same) = leaf.cases[..at].iter().find(|same| same.inputs == case.inputs) {
                let text = format!("Trường hợp “{}” có cùng số liệu với “{}”.", case.name, same.name);
                self.warn("duplicate-case", about(), text);
            }
        }
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
