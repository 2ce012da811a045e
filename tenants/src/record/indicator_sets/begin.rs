//! A set as it begins: its groups, and no formulas yet.

use engine::{Group, IndicatorSet, Policy, RankBy};
use rust_decimal::Decimal;

/// A set of these groups, or an empty one. Where it allows indicators that are not assessed, each of them is such, until its
/// author says otherwise.
pub fn begin(slug: &str, name: &str, mut groups: Vec<Group>) -> IndicatorSet {
    let policy = Policy {
        not_applicable: true,
        round: 2,
        bands: Vec::new(),
        rank_by: RankBy::Published,
        tie_breakers: Vec::new(),
    };
    let leaves = groups.iter_mut().flat_map(|group| &mut group.main_indexes).flat_map(|main| &mut main.indicators);
    leaves.for_each(|leaf| leaf.not_applicable = policy.not_applicable);
    let total: Decimal = groups.iter().map(|group| group.points).sum();
    IndicatorSet {
        slug: slug.into(),
        name: name.into(),
        basis: String::new(),
        note: String::new(),
        total: if groups.is_empty() { Decimal::from(500) } else { total },
        policy,
        params: Vec::new(),
        facts: Vec::new(),
        groups,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_the_set_allows_is_forbidden_in_no_row() {
        let table = "TT\tChỉ số\tĐiểm\n1\tNhận thức\t10\n1.1\tHọp\t10";
        let set = begin("x", "X", engine::table::read(&engine::table::split(table)).unwrap());
        assert!(set.policy.not_applicable && set.indicators().all(|leaf| leaf.not_applicable));
        assert!(!engine::print(&set).contains("not_applicable(false)"));
    }
}
