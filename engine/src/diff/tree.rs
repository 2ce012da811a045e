//! What differs in the tree: groups, main indexes and indicators that came, went or moved.

use std::collections::{HashMap, HashSet};

use super::{About, ChangeKind, Changes, Field, Subject, indicator, words};
use crate::number::trim;
use crate::{Group, Indicator, IndicatorSet, MainIndex};

pub fn compare(old: &IndicatorSet, new: &IndicatorSet, changes: &mut Changes) {
    let matched = Matched::of(old, new);
    groups(old, new, &matched, changes);
    mains(old, new, &matched, changes);
    leaves(old, new, &matched, changes);
}

/// For each thing of the new version its predecessor, both by position.
struct Matched {
    groups: HashMap<usize, usize>,
    mains: HashMap<usize, usize>,
    leaves: HashMap<usize, usize>,
}

impl Matched {
    fn of(old: &IndicatorSet, new: &IndicatorSet) -> Matched {
        let groups = pair(&old.groups, &new.groups, &[|group| &group.slug, |group| &group.name]);
        let all =
            |set: &'_ IndicatorSet| set.main_indexes().map(|main| (main.code.clone(), main.name.clone())).collect();
        let (before, after): (Vec<(String, String)>, Vec<_>) = (all(old), all(new));
        // A main index that was renumbered keeps its name; one that was renamed keeps its code.
        let both = pair_by(&before, &after, HashMap::new(), |main| format!("{}\n{}", main.0, main.1));
        let named = pair_by(&before, &after, both, |main| main.1.clone());
        let mains = pair_by(&before, &after, named, |main| main.0.clone());
        let all = |set: &'_ IndicatorSet| set.indicators().map(|leaf| (leaf.key.clone(), leaf.code.clone())).collect();
        let (before, after): (Vec<(String, String)>, Vec<_>) = (all(old), all(new));
        let leaves = pair(&before, &after, &[|leaf| &leaf.0, |leaf| &leaf.1]);
        Matched { groups, mains, leaves }
    }
}

type Name<T> = fn(&T) -> &String;

/// Pairs by the first name, what is left by the second.
fn pair<T>(old: &[T], new: &[T], names: &[Name<T>]) -> HashMap<usize, usize> {
    names.iter().fold(HashMap::new(), |paired, name| pair_by(old, new, paired, |item| name(item).clone()))
}

fn pair_by<T>(
    old: &[T],
    new: &[T],
    mut paired: HashMap<usize, usize>,
    name: impl Fn(&T) -> String,
) -> HashMap<usize, usize> {
    let mut taken: HashSet<usize> = paired.values().copied().collect();
    let mut by_name: HashMap<String, usize> = HashMap::new();
    for (at, item) in old.iter().enumerate().filter(|(at, _)| !taken.contains(at)) {
        by_name.entry(name(item)).or_insert(at);
    }
    for (at, item) in new.iter().enumerate() {
        if let Some(before) =
            by_name.get(&name(item)).filter(|before| !paired.contains_key(&at) && taken.insert(**before))
        {
            paired.insert(at, *before);
        }
    }
    paired
}

/// Positions of the old version that nothing follows.
fn gone(count: usize, paired: &HashMap<usize, usize>) -> impl Iterator<Item = usize> + use<> {
    let followed: HashSet<usize> = paired.values().copied().collect();
    (0..count).filter(move |at| !followed.contains(at))
}

fn group_subject(group: &Group) -> Subject {
    Subject { about: About::Group(group.slug.clone()), key: None, called: format!("Nhóm “{}”", group.name) }
}

fn groups(old: &IndicatorSet, new: &IndicatorSet, matched: &Matched, changes: &mut Changes) {
    for (at, group) in new.groups.iter().enumerate() {
        let of = group_subject(group);
        match matched.groups.get(&at).map(|before| &old.groups[*before]) {
            None => {
                let text = format!("Thêm nhóm “{}” ({})", group.name, words::points(group.points));
                changes.added(&of, Field::Itself, &group.name, text);
            }
            Some(before) => {
                let of = Subject { called: group_subject(before).called, ..of };
                changes.text(&of, Field::Slug, "mã", &before.slug, &group.slug);
                changes.text(&of, Field::Name, "tên", &before.name, &group.name);
                changes.value(&of, Field::Points, "điểm tối đa", &trim(before.points), &trim(group.points));
            }
        }
    }
    for group in gone(old.groups.len(), &matched.groups).map(|at| &old.groups[at]) {
        let text = format!("Bỏ nhóm “{}” ({})", group.name, words::points(group.points));
        changes.removed(&group_subject(group), Field::Itself, &group.name, text);
    }
    let slugs = |set: &IndicatorSet| set.groups.iter().map(|group| group.slug.clone()).collect::<Vec<_>>();
    let whole = Subject { about: About::Set, key: None, called: "Bộ chỉ số".into() };
    changes.order(&whole, "nhóm", &slugs(old), &slugs(new));
}

/// Each main index with the position of its group.
fn placed_mains(set: &IndicatorSet) -> Vec<(usize, &MainIndex)> {
    set.groups
        .iter()
        .enumerate()
        .flat_map(|(at, group)| group.main_indexes.iter().map(move |main| (at, main)))
        .collect()
}

fn main_subject(code: &str) -> Subject {
    Subject { about: About::MainIndex(code.into()), key: None, called: format!("Chỉ số chính {code}") }
}

fn mains(old: &IndicatorSet, new: &IndicatorSet, matched: &Matched, changes: &mut Changes) {
    let (before, after) = (placed_mains(old), placed_mains(new));
    for (at, (group, main)) in after.iter().enumerate() {
        let of = main_subject(&main.code);
        let Some((old_group, was)) = matched.mains.get(&at).map(|before_at| before[*before_at]) else {
            let text = format!("Thêm chỉ số chính {} “{}” ({})", main.code, main.name, words::points(main.points));
            changes.added(&of, Field::Itself, &main.name, text);
            continue;
        };
        if was.code != main.code {
            let text = format!("Chỉ số chính {} chuyển thành {}", was.code, main.code);
            changes.push(&of, ChangeKind::Moved, Field::Itself, (Some(&was.code), Some(&main.code)), text);
        }
        if matched.groups.get(group) != Some(&old_group) {
            let (from, to) = (&old.groups[old_group].name, &new.groups[*group].name);
            let text = format!("{} chuyển từ nhóm “{from}” sang nhóm “{to}”", of.called);
            changes.push(&of, ChangeKind::Moved, Field::Itself, (Some(from), Some(to)), text);
        }
        changes.text(&of, Field::Name, "tên", &was.name, &main.name);
        changes.value(&of, Field::Points, "điểm tối đa", &trim(was.points), &trim(main.points));
    }
    for (_, main) in gone(before.len(), &matched.mains).map(|at| before[at]) {
        let text = format!("Bỏ chỉ số chính {} “{}” ({})", main.code, main.name, words::points(main.points));
        changes.removed(&main_subject(&main.code), Field::Itself, &main.name, text);
    }
    let codes = |set: &IndicatorSet| set.main_indexes().map(|main| main.code.clone()).collect::<Vec<_>>();
    let whole = Subject { about: About::Set, key: None, called: "Bộ chỉ số".into() };
    changes.order(&whole, "chỉ số chính", &codes(old), &codes(new));
}

/// Each indicator with the position of its main index.
fn placed_leaves(set: &IndicatorSet) -> Vec<(usize, &Indicator)> {
    let mains = set.main_indexes().enumerate();
    mains.flat_map(|(at, main)| main.indicators.iter().map(move |leaf| (at, leaf))).collect()
}

fn leaf_subject(leaf: &Indicator) -> Subject {
    Subject { about: About::Indicator(leaf.code.clone()), key: Some(leaf.key.clone()), called: leaf.code.clone() }
}

fn leaves(old: &IndicatorSet, new: &IndicatorSet, matched: &Matched, changes: &mut Changes) {
    let (before, after) = (placed_leaves(old), placed_leaves(new));
    let main_code = |set: &IndicatorSet, at: usize| set.main_indexes().nth(at).map(|main| main.code.clone());
    for (at, (main, leaf)) in after.iter().enumerate() {
        let of = leaf_subject(leaf);
        let Some((old_main, was)) = matched.leaves.get(&at).map(|before_at| before[*before_at]) else {
            let text = format!("Thêm chỉ số {} “{}” ({})", leaf.code, leaf.name, words::points(leaf.max));
            changes.added(&of, Field::Itself, &leaf.name, text);
            continue;
        };
        if was.code != leaf.code {
            let text = format!("{} chuyển thành {}", was.code, leaf.code);
            changes.push(&of, ChangeKind::Moved, Field::Itself, (Some(&was.code), Some(&leaf.code)), text);
        } else if matched.mains.get(main) != Some(&old_main) {
            let (from, to) = (main_code(old, old_main).unwrap_or_default(), main_code(new, *main).unwrap_or_default());
            let text = format!("{} chuyển từ chỉ số chính {from} sang chỉ số chính {to}", leaf.code);
            changes.push(&of, ChangeKind::Moved, Field::Itself, (Some(&from), Some(&to)), text);
        }
        indicator::compare(&of, was, leaf, changes);
    }
    for (_, leaf) in gone(before.len(), &matched.leaves).map(|at| before[at]) {
        let text = format!("Bỏ chỉ số {} “{}” ({})", leaf.code, leaf.name, words::points(leaf.max));
        changes.removed(&leaf_subject(leaf), Field::Itself, &leaf.name, text);
    }
    let codes = |set: &IndicatorSet| set.indicators().map(|leaf| leaf.code.clone()).collect::<Vec<_>>();
    let whole = Subject { about: About::Set, key: None, called: "Bộ chỉ số".into() };
    changes.order(&whole, "chỉ số", &codes(old), &codes(new));
}
