//! The pieces of a set, each with its canonical text, and which piece of one set is which of another.

use super::script::Kind;
use crate::print;
use crate::set::IndicatorSet;

/// One declared thing. Two pieces declare the same when their texts are equal.
pub struct Piece {
    pub kind: Kind,
    pub text: String,
    /// Identity across versions, where it has one.
    key: String,
    code: String,
    name: String,
}

impl Piece {
    fn new(kind: Kind, text: String, code: &str, name: &str) -> Piece {
        Piece { kind, text, key: code.into(), code: code.into(), name: name.into() }
    }

    /// Groups, main indexes and indicators: their order is the set's.
    pub fn is_in_tree(&self) -> bool {
        matches!(self.kind, Kind::Group | Kind::MainIndex | Kind::Indicator)
    }
}

/// In canonical order.
pub fn of_set(set: &IndicatorSet) -> Vec<Piece> {
    of_set_with_default(set, set.policy.not_applicable)
}

/// The same, with texts for a set where "không đánh giá" has another default.
pub fn of_set_with_default(set: &IndicatorSet, not_applicable: bool) -> Vec<Piece> {
    let mut pieces = vec![Piece::new(Kind::Set, print::head(set), &set.slug, &set.name)];
    let mut push = |piece| pieces.push(piece);
    for param in &set.params {
        push(Piece::new(Kind::Param, print::param(param), &param.name, &param.label));
    }
    for fact in &set.facts {
        push(Piece::new(Kind::Fact, print::fact(fact), &fact.name, &fact.label));
    }
    for group in &set.groups {
        push(Piece::new(Kind::Group, print::group(group), &group.slug, &group.name));
        for main in &group.main_indexes {
            push(Piece::new(Kind::MainIndex, print::main_index(main), &main.code, &main.name));
            for leaf in &main.indicators {
                let text = print::indicator(leaf, not_applicable);
                push(Piece { key: leaf.key.clone(), ..Piece::new(Kind::Indicator, text, &leaf.code, &leaf.name) });
            }
        }
    }
    pieces
}

/// For each new piece the old one it is: the surest likeness first, so that renumbering takes comments along.
pub fn matched(old: &[Piece], new: &[Piece]) -> Vec<Option<usize>> {
    let likeness: [fn(&Piece, &Piece) -> bool; 6] = [
        |a, b| a.text == b.text,
        |a, b| a.key == b.key && a.name == b.name,
        |a, b| a.name == b.name && !a.name.is_empty(),
        |a, b| a.key == b.key,
        |a, b| a.code == b.code,
        |a, _| a.kind == Kind::Set,
    ];
    let mut found: Vec<Option<usize>> = vec![None; new.len()];
    let mut is_free = vec![true; old.len()];
    for is_alike in likeness {
        for (at, piece) in new.iter().enumerate().filter(|(at, _)| found[*at].is_none()).collect::<Vec<_>>() {
            let same = |from: &usize| is_free[*from] && old[*from].kind == piece.kind && is_alike(&old[*from], piece);
            if let Some(from) = (0..old.len()).find(same) {
                is_free[from] = false;
                found[at] = Some(from);
            }
        }
    }
    found
}
