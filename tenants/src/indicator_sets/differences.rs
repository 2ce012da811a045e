//! What differs between two versions of a set, in words.

use engine::IndicatorSet;

/// Every difference, one sentence each.
pub fn changes(old: &IndicatorSet, new: &IndicatorSet) -> Vec<String> {
    structure_changes(old, new)
}

/// Differences a running period does not allow: the tree, its codes and points, and where N/A is permitted.
pub fn structure_changes(old: &IndicatorSet, new: &IndicatorSet) -> Vec<String> {
    let shape = |set: &IndicatorSet| {
        set.indicators().map(|leaf| (leaf.code.clone(), leaf.max, leaf.not_applicable)).collect::<Vec<_>>()
    };
    if shape(old) == shape(new) { Vec::new() } else { vec!["Cấu trúc hoặc điểm tối đa khác nhau.".into()] }
}
