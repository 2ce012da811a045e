//! Changes of the tree: adding, copying, removing, moving and renaming its nodes.

use engine::{Group, Indicator, IndicatorSet, MainIndex, ZeroRule};
use rust_decimal::Decimal;

use super::{Node, filled, gone, number, problem};
use crate::Problem;

type Done = Result<(), Vec<Problem>>;

pub fn rename(set: &mut IndicatorSet, node: &Node, code: &str, name: &str, points: &str) -> Done {
    let mut problems = Vec::new();
    let code = filled("code", code, "Hãy nhập mã.", &mut problems);
    let name = filled("name", name, "Hãy nhập tên.", &mut problems);
    let points = number("points", points, &mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    match node {
        Node::Group(slug) => {
            let group = set.groups.iter_mut().find(|group| &group.slug == slug).ok_or_else(gone)?;
            (group.slug, group.name, group.points) = (code, name, points);
        }
        Node::Main(old) => {
            let main = mains(set).find(|main| &main.code == old).ok_or_else(gone)?;
            (main.code, main.name, main.points) = (code, name, points);
        }
        Node::Set | Node::Leaf(_) => return Err(gone()),
    }
    Ok(())
}

fn mains(set: &mut IndicatorSet) -> impl Iterator<Item = &mut MainIndex> {
    set.groups.iter_mut().flat_map(|group| &mut group.main_indexes)
}

pub fn add(set: &mut IndicatorSet, under: &Node, name: &str, points: &str) -> Done {
    let mut problems = Vec::new();
    let name = filled("name", name, "Hãy nhập tên.", &mut problems);
    let points = number("points", points, &mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    match under {
        Node::Set => {
            let slug = free(|slug| set.groups.iter().any(|group| group.slug == slug), "nhom-");
            set.groups.push(Group { slug, name, points, main_indexes: Vec::new() });
        }
        Node::Group(slug) => {
            let code = free(|code| set.main_index(code).is_some(), "");
            let group = set.groups.iter_mut().find(|group| &group.slug == slug).ok_or_else(gone)?;
            group.main_indexes.push(MainIndex { code, name, points, indicators: Vec::new() });
        }
        Node::Main(code) => {
            let leaf = blank(set, &free_leaf(set, code), name, points);
            mains(set).find(|main| &main.code == code).ok_or_else(gone)?.indicators.push(leaf);
        }
        Node::Leaf(_) => return Err(gone()),
    }
    Ok(())
}

fn blank(set: &IndicatorSet, code: &str, name: String, max: Decimal) -> Indicator {
    Indicator {
        code: code.into(),
        key: free_key(set, code),
        name,
        max,
        inputs: Vec::new(),
        formula: None,
        zero: ZeroRule::Error,
        not_applicable: set.policy.not_applicable,
        evidence: String::new(),
        guidance: String::new(),
        proof: engine::Proof::default(),
        self_score: engine::SelfScore::default(),
        source: String::new(),
        warnings: Vec::new(),
        cases: Vec::new(),
    }
}

/// The first of prefix1, prefix2, … that nobody has.
fn free(taken: impl Fn(&str) -> bool, prefix: &str) -> String {
    (1..).map(|number: u32| format!("{prefix}{number}")).find(|name| !taken(name)).unwrap_or_default()
}

fn free_leaf(set: &IndicatorSet, main: &str) -> String {
    let count = set.main_index(main).map_or(0, |main| main.indicators.len());
    (count + 1..)
        .map(|number| format!("{main}.{number}"))
        .find(|code| set.indicator(code).is_none())
        .unwrap_or_default()
}

/// A new indicator never takes the identity of another, even one that stands under another code now.
fn free_key(set: &IndicatorSet, code: &str) -> String {
    let taken = |key: &str| set.indicators().any(|leaf| leaf.key == key);
    if taken(code) { free(taken, &format!("{code}-")) } else { code.into() }
}

pub fn copy(set: &mut IndicatorSet, node: &Node) -> Done {
    let Node::Leaf(code) = node else {
        return Err(problem("", "Chỉ nhân bản được chỉ số thành phần."));
    };
    let (group, main, at) = find(set, code).ok_or_else(gone)?;
    let main_code = set.groups[group].main_indexes[main].code.clone();
    let fresh = free_leaf(set, &main_code);
    let mut leaf = set.groups[group].main_indexes[main].indicators[at].clone();
    leaf.key = free_key(set, &fresh);
    leaf.code = fresh;
    leaf.name = format!("{} (bản sao)", leaf.name);
    set.groups[group].main_indexes[main].indicators.insert(at + 1, leaf);
    Ok(())
}

/// Group, main index and position of an indicator.
fn find(set: &IndicatorSet, code: &str) -> Option<(usize, usize, usize)> {
    set.groups.iter().enumerate().find_map(|(g, group)| {
        group
            .main_indexes
            .iter()
            .enumerate()
            .find_map(|(m, main)| main.indicators.iter().position(|leaf| leaf.code == code).map(|leaf| (g, m, leaf)))
    })
}

fn find_main(set: &IndicatorSet, code: &str) -> Option<(usize, usize)> {
    set.groups
        .iter()
        .enumerate()
        .find_map(|(g, group)| group.main_indexes.iter().position(|main| main.code == code).map(|main| (g, main)))
}

pub fn remove(set: &mut IndicatorSet, node: &Node) -> Done {
    match node {
        Node::Leaf(code) => {
            let (group, main, at) = find(set, code).ok_or_else(gone)?;
            set.groups[group].main_indexes[main].indicators.remove(at);
        }
        Node::Main(code) => {
            let (group, at) = find_main(set, code).ok_or_else(gone)?;
            set.groups[group].main_indexes.remove(at);
        }
        Node::Group(slug) => {
            let at = set.groups.iter().position(|group| &group.slug == slug).ok_or_else(gone)?;
            set.groups.remove(at);
        }
        Node::Set => return Err(gone()),
    }
    Ok(())
}

/// The siblings' list is left at an edge for the neighbour's, where there is one.
pub fn step(set: &mut IndicatorSet, node: &Node, up: bool) -> Done {
    match node {
        Node::Leaf(code) => {
            let (group, main, at) = find(set, code).ok_or_else(gone)?;
            let all = &mut set.groups[group].main_indexes[main].indicators;
            if swap(all, at, up) {
                return Ok(());
            }
            let order: Vec<String> = set.main_indexes().map(|main| main.code.clone()).collect();
            let own = set.groups[group].main_indexes[main].code.clone();
            let Some(neighbour) = beside(&order, &own, up) else { return Ok(()) };
            let leaf = set.groups[group].main_indexes[main].indicators.remove(at);
            let to = mains(set).find(|main| main.code == neighbour).ok_or_else(gone)?;
            let place = if up { to.indicators.len() } else { 0 };
            to.indicators.insert(place, leaf);
        }
        Node::Main(code) => {
            let (group, at) = find_main(set, code).ok_or_else(gone)?;
            if swap(&mut set.groups[group].main_indexes, at, up) {
                return Ok(());
            }
            let Some(to) = (if up { group.checked_sub(1) } else { Some(group + 1) }) else { return Ok(()) };
            if to < set.groups.len() {
                let main = set.groups[group].main_indexes.remove(at);
                let place = if up { set.groups[to].main_indexes.len() } else { 0 };
                set.groups[to].main_indexes.insert(place, main);
            }
        }
        Node::Group(slug) => {
            let at = set.groups.iter().position(|group| &group.slug == slug).ok_or_else(gone)?;
            swap(&mut set.groups, at, up);
        }
        Node::Set => return Err(gone()),
    }
    Ok(())
}

fn swap<T>(all: &mut [T], at: usize, up: bool) -> bool {
    let with = if up { at.checked_sub(1) } else { Some(at + 1) };
    match with.filter(|with| *with < all.len()) {
        Some(with) => {
            all.swap(at, with);
            true
        }
        None => false,
    }
}

fn beside(order: &[String], own: &str, up: bool) -> Option<String> {
    let at = order.iter().position(|code| code == own)?;
    let with = if up { at.checked_sub(1)? } else { at + 1 };
    order.get(with).cloned()
}

pub fn drop_on(set: &mut IndicatorSet, node: &Node, target: &Node) -> Done {
    if node == target {
        return Ok(());
    }
    match (node, target) {
        (Node::Leaf(code), Node::Leaf(_) | Node::Main(_)) => {
            let (group, main, at) = find(set, code).ok_or_else(gone)?;
            let leaf = set.groups[group].main_indexes[main].indicators.remove(at);
            let (to_group, to_main, place) = match target {
                Node::Leaf(before) => find(set, before),
                Node::Main(code) => find_main(set, code).map(|(group, main)| (group, main, usize::MAX)),
                _ => None,
            }
            .ok_or_else(gone)?;
            let all = &mut set.groups[to_group].main_indexes[to_main].indicators;
            all.insert(place.min(all.len()), leaf);
        }
        (Node::Main(code), Node::Main(_) | Node::Group(_)) => {
            let (group, at) = find_main(set, code).ok_or_else(gone)?;
            let main = set.groups[group].main_indexes.remove(at);
            let (to, place) = match target {
                Node::Main(before) => find_main(set, before),
                Node::Group(slug) => {
                    set.groups.iter().position(|group| &group.slug == slug).map(|group| (group, usize::MAX))
                }
                _ => None,
            }
            .ok_or_else(gone)?;
            let all = &mut set.groups[to].main_indexes;
            all.insert(place.min(all.len()), main);
        }
        (Node::Group(slug), Node::Group(before)) => {
            let at = set.groups.iter().position(|group| &group.slug == slug).ok_or_else(gone)?;
            let group = set.groups.remove(at);
            let place = set.groups.iter().position(|group| &group.slug == before).unwrap_or(set.groups.len());
            set.groups.insert(place, group);
        }
        _ => return Err(problem("", "Không thể chuyển mục này tới đó.")),
    }
    Ok(())
}

pub fn renumber(set: &mut IndicatorSet) {
    let mut codes = std::collections::HashMap::new();
    for (number, main) in (1..).zip(mains(set)) {
        let code = number.to_string();
        codes.insert(std::mem::replace(&mut main.code, code.clone()), code.clone());
        for (place, leaf) in (1..).zip(&mut main.indicators) {
            let fresh = format!("{code}.{place}");
            codes.insert(std::mem::replace(&mut leaf.code, fresh.clone()), fresh);
        }
    }
    for code in &mut set.policy.tie_breakers {
        if let Some(fresh) = codes.get(code) {
            code.clone_from(fresh);
        }
    }
}

/// `from` is the main index's code upstream, and the indicator.
pub fn take(set: &mut IndicatorSet, key: &str, from: Option<&(String, Indicator)>) -> Done {
    let own = set.indicators().find(|leaf| leaf.key == key).map(|leaf| leaf.code.clone());
    match (own, from) {
        (Some(code), None) => remove(set, &Node::Leaf(code)),
        (Some(code), Some((_, leaf))) => {
            let (group, main, at) = find(set, &code).ok_or_else(gone)?;
            set.groups[group].main_indexes[main].indicators[at] = Indicator { code, ..leaf.clone() };
            Ok(())
        }
        (None, Some((main, leaf))) => {
            let mut leaf = leaf.clone();
            if set.indicator(&leaf.code).is_some() {
                leaf.code = free_leaf(set, main);
            }
            let told = "Bản thảo không có chỉ số chính để nhận chỉ số này; hãy thêm chỉ số chính trước.";
            mains(set).find(|own| &own.code == main).ok_or_else(|| problem("", told))?.indicators.push(leaf);
            Ok(())
        }
        (None, None) => Ok(()),
    }
}
