//! What differs between two versions of a set, in words.

use engine::IndicatorSet;
use engine::diff::{Change, diff, structure_changed};

/// Every difference, one sentence each.
pub fn changes(old: &IndicatorSet, new: &IndicatorSet) -> Vec<String> {
    texts(diff(old, new))
}

/// Differences a running period does not allow: the tree, its codes and points, and where N/A is permitted.
pub fn structure_changes(old: &IndicatorSet, new: &IndicatorSet) -> Vec<String> {
    texts(structure_changed(old, new))
}

fn texts(changes: Vec<Change>) -> Vec<String> {
    changes.into_iter().map(|change| change.text).collect()
}
