//! Branches of a formula that no stored case goes through.

use crate::diagnostic::{Diagnostic, Severity};
use crate::run::leaf::ScoredLeaf;
use crate::run::{Rules, branches, formula, message};

/// A warning for each, at its branching. Without any case there is a warning of its own, and none here.
pub fn branches(rules: &Rules, scored: &ScoredLeaf<'_>) -> Vec<Diagnostic> {
    if scored.leaf.cases.is_empty() {
        return Vec::new();
    }
    let warning = |branch: branches::Branch| {
        let text = format!("Nhánh “{}” của công thức chưa có trường hợp thử nào đi qua.", branch.text);
        let place = formula::inside(scored.source, message::place(branch.position));
        let found = message::error("unreached-branch", text, place);
        Diagnostic { severity: Severity::Warning, indicator: Some(scored.leaf.code.clone()), ..found }
    };
    branches::unreached(rules, scored).into_iter().map(warning).collect()
}
