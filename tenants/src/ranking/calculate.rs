//! The pure part: scorecards in, ranking lines out.

use engine::rank::{RankRow, rank};
use engine::{Policy, Scorecard};

use super::RankingLine;
use crate::ids::AssessmentId;

/// One unit's official scorecard.
pub(crate) struct Standing {
    pub assessment: AssessmentId,
    pub unit_name: String,
    pub card: Scorecard,
}

/// Best first, the undefined last; equal published index, equal rank, the next rank skipped.
pub(crate) fn calculate(policy: &Policy, standings: &[Standing]) -> Vec<RankingLine> {
    let rows = standings.iter().enumerate().map(|(position, standing)| RankRow {
        unit: position.to_string(),
        points: standing.card.points,
        applicable_maximum: standing.card.applicable_maximum,
        index: standing.card.index,
        exact_index: standing.card.exact_index,
        ties: ties(policy, &standing.card),
    });
    let ranked = rank(rows.collect(), policy);
    let line = |ranked: &engine::rank::Ranked| {
        let standing = standings.get(ranked.unit.parse::<usize>().ok()?)?;
        Some(RankingLine {
            assessment: standing.assessment,
            unit_name: standing.unit_name.clone(),
            points: standing.card.points,
            applicable_maximum: standing.card.applicable_maximum,
            index: standing.card.index,
            rank: ranked.rank,
            pending: u32::try_from(standing.card.pending.len()).unwrap_or(u32::MAX),
        })
    };
    ranked.iter().filter_map(line).collect()
}

/// The figures a set's tie-breakers compare, in their order: a main index's percent or an indicator's points.
fn ties(policy: &Policy, card: &Scorecard) -> Vec<Option<rust_decimal::Decimal>> {
    let figure = |code: &String| {
        let main = card.main_indexes.iter().find(|main| &main.code == code);
        let leaf = card.indicators.iter().find(|indicator| &indicator.code == code);
        main.and_then(|main| main.percent).or_else(|| leaf.and_then(|leaf| leaf.points))
    };
    policy.tie_breakers.iter().map(figure).collect()
}
