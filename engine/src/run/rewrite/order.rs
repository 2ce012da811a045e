//! The order of the written pieces: the set's, with parameters and shared figures where the author had them.

use super::piece::Piece;
use super::script::{Kind, Statement};

/// Positions in `new`, in the order they are written. `matched` is the statement of each, if it had one.
pub fn of(statements: &[Statement<'_>], new: &[Piece], matched: &[Option<usize>]) -> Vec<usize> {
    let of_kind = |kind| (0..new.len()).filter(move |at| new[*at].kind == kind).collect::<Vec<_>>();
    let tree: Vec<usize> = (0..new.len()).filter(|at| new[*at].is_in_tree()).collect();
    let slot = Slots { statements, matched, tree: &tree };
    let mut params = slot.of(&of_kind(Kind::Param), Place { after: 0, statement: 0 });
    let mut facts = slot.of(&of_kind(Kind::Fact), Place { after: 0, statement: statements.len() });
    let mut order = of_kind(Kind::Set);
    for (after, at) in tree.iter().copied().map(Some).chain([None]).enumerate() {
        order.extend(merged(&mut params, &mut facts, after));
        order.extend(at);
    }
    order
}

/// Behind how many pieces of the tree, and among those at which statement of the source.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    after: usize,
    statement: usize,
}

struct Slots<'a, 'b> {
    statements: &'a [Statement<'b>],
    matched: &'a [Option<usize>],
    tree: &'a [usize],
}

impl Slots<'_, '_> {
    /// Each piece of one kind behind the statement it was behind, never before the one that precedes it.
    fn of(&self, pieces: &[usize], first: Place) -> std::collections::VecDeque<(Place, usize)> {
        let mut last = None;
        let place = |at: &usize| {
            let own = self.matched[*at].map(|statement| Place { after: self.after(statement), statement });
            let place = match (own, last) {
                (Some(own), Some(last)) => own.max(last),
                (Some(own), None) => own,
                (None, last) => last.unwrap_or(first),
            };
            last = Some(place);
            (place, *at)
        };
        pieces.iter().map(place).collect()
    }

    /// The number of tree pieces up to the last one kept from before this statement.
    fn after(&self, statement: usize) -> usize {
        let is_tree = |at: &usize| matches!(self.statements[*at].kind, Kind::Group | Kind::MainIndex | Kind::Indicator);
        let position = |from: usize| self.tree.iter().position(|at| self.matched[*at] == Some(from));
        (0..statement).rev().filter(is_tree).find_map(position).map_or(0, |position| position + 1)
    }
}

type Placed = std::collections::VecDeque<(Place, usize)>;

/// What stands behind `after` pieces of the tree, of both kinds, in the source's order.
fn merged(params: &mut Placed, facts: &mut Placed, after: usize) -> Vec<usize> {
    let mut all = Vec::new();
    loop {
        let next = |placed: &Placed| placed.front().map(|(place, _)| *place).filter(|place| place.after == after);
        let from = match (next(params), next(facts)) {
            (Some(param), Some(fact)) if fact < param => &mut *facts,
            (Some(_), _) => &mut *params,
            (None, Some(_)) => &mut *facts,
            (None, None) => return all,
        };
        all.extend(from.pop_front().map(|(_, at)| at));
    }
}
