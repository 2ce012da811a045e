//! The pure part: scorecards in, ranking lines out.

use std::cmp::Reverse;

use engine::rank::{RankRow, exact_index, rank};
use engine::{Policy, Scorecard};
use rust_decimal::Decimal;

use super::RankingLine;
use crate::ids::AssessmentId;

/// What of an official scorecard a ranking compares.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Figures {
    pub points: Decimal,
    pub applicable_maximum: Decimal,
    /// Percent, rounded; `None` while anything is undecided, or when everything is N/A.
    pub index: Option<Decimal>,
    /// What the set's tie-breakers compare, in their order.
    pub ties: Vec<Option<Decimal>>,
    /// Indicators still to be decided.
    pub pending: u32,
}

impl Figures {
    pub(crate) fn of(policy: &Policy, card: &Scorecard) -> Figures {
        Figures {
            points: card.points,
            applicable_maximum: card.applicable_maximum,
            index: card.index,
            ties: ties(policy, card),
            pending: u32::try_from(card.pending.len()).unwrap_or(u32::MAX),
        }
    }
}

/// One unit with its figures.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    pub assessment: AssessmentId,
    pub unit_name: String,
    /// Of those ranked; otherwise assessed outside the ranking.
    pub ranked: bool,
    /// Its head signed a self-assessment.
    pub self_assessed: bool,
    pub figures: Figures,
}

/// Best first, the undefined last; equal published index, equal rank, the next rank skipped. Units outside the ranking
/// follow, without a rank and without taking one from anybody.
pub(crate) fn calculate(policy: &Policy, standings: &[Standing]) -> Vec<RankingLine> {
    let rows = standings.iter().enumerate().filter(|(_, standing)| standing.ranked);
    let rows = rows.map(|(position, Standing { figures, .. })| RankRow {
        unit: position.to_string(),
        points: figures.points,
        applicable_maximum: figures.applicable_maximum,
        index: figures.index,
        exact_index: figures.index.and_then(|_| exact_index(figures.points, figures.applicable_maximum)),
        ties: figures.ties.clone(),
    });
    let ranked = rank(rows.collect(), policy);
    let placed = ranked.iter().filter_map(|ranked| {
        let standing = standings.get(ranked.unit.parse::<usize>().ok()?)?;
        Some(line(standing, ranked.rank))
    });
    let mut outside: Vec<RankingLine> =
        standings.iter().filter(|standing| !standing.ranked).map(|standing| line(standing, None)).collect();
    outside.sort_by_key(|line| Reverse(line.index));
    placed.chain(outside).collect()
}

fn line(standing: &Standing, rank: Option<u32>) -> RankingLine {
    let figures = &standing.figures;
    RankingLine {
        assessment: standing.assessment,
        unit_name: standing.unit_name.clone(),
        points: figures.points,
        applicable_maximum: figures.applicable_maximum,
        index: figures.index,
        rank,
        ranked: standing.ranked,
        self_assessed: standing.self_assessed,
        pending: figures.pending,
    }
}

/// The figures a set's tie-breakers compare, in their order: a main index's percent or an indicator's points.
fn ties(policy: &Policy, card: &Scorecard) -> Vec<Option<Decimal>> {
    let figure = |code: &String| {
        let main = card.main_indexes.iter().find(|main| &main.code == code);
        let leaf = card.indicators.iter().find(|indicator| &indicator.code == code);
        main.and_then(|main| main.percent).or_else(|| leaf.and_then(|leaf| leaf.points))
    };
    policy.tie_breakers.iter().map(figure).collect()
}
