//! Ranks within one ranking group: by the published index, descending; equal index, equal rank, the next rank skipped.

use std::cmp::Ordering;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::exact::{Fraction, Number};
use crate::{Policy, RankBy, round};

/// One unit to be ranked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RankRow {
    pub unit: String,
    pub points: Decimal,
    pub applicable_maximum: Decimal,
    /// Percent, rounded; `None` ranks last with no rank.
    #[serde(default)]
    pub index: Option<Decimal>,
    #[serde(skip)]
    pub exact_index: Option<Fraction>,
    /// Figures of the set's tie-breakers, in their order; larger is better.
    #[serde(skip)]
    pub ties: Vec<Option<Decimal>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ranked {
    pub unit: String,
    pub points: Decimal,
    pub applicable_maximum: Decimal,
    pub index: Option<Decimal>,
    pub rank: Option<u32>,
}

impl RankRow {
    /// A row whose index follows from its points; undefined when nothing applies.
    pub fn of_points(unit: String, points: Decimal, applicable_maximum: Decimal, places: u32) -> RankRow {
        let exact_index = exact_index(points, applicable_maximum);
        let index = exact_index.and_then(|exact| round::fraction(exact, places));
        RankRow { unit, points, applicable_maximum, index, exact_index, ties: Vec::new() }
    }
}

/// Points over the applicable maximum, in percent, unrounded; `None` when nothing applies.
pub fn exact_index(points: Decimal, applicable_maximum: Decimal) -> Option<Fraction> {
    if applicable_maximum <= Decimal::ZERO {
        return None;
    }
    Fraction::quotient(points, applicable_maximum).and_then(|part| part.mul(&Decimal::ONE_HUNDRED.into())).ok()
}

/// `part` of `whole` in percent, rounded once; `None` of nothing.
pub fn percent(part: Decimal, whole: Decimal, places: u32) -> Option<Decimal> {
    let share = Fraction::quotient(part, whole).and_then(|share| share.mul(&Decimal::ONE_HUNDRED.into()));
    round::fraction(share.ok()?, places)
}

/// Best first, the undefined last in the order given.
pub fn rank(rows: Vec<RankRow>, policy: &Policy) -> Vec<Ranked> {
    let mut rows = rows;
    rows.sort_by(|a, b| compare(a, b, policy));
    let mut ranked: Vec<Ranked> = Vec::with_capacity(rows.len());
    for (position, row) in rows.iter().enumerate() {
        let tied = position > 0 && compare(&rows[position - 1], row, policy).is_eq();
        let next = u32::try_from(position + 1).ok();
        let rank = if tied { ranked[position - 1].rank } else { next };
        ranked.push(Ranked {
            unit: row.unit.clone(),
            points: row.points,
            applicable_maximum: row.applicable_maximum,
            index: row.index,
            rank: rank.filter(|_| row.index.is_some()),
        });
    }
    ranked
}

fn compare(a: &RankRow, b: &RankRow, policy: &Policy) -> Ordering {
    let figure = |row: &RankRow| match policy.rank_by {
        RankBy::Published => row.index.map(Fraction::from),
        RankBy::Unrounded => row.index.and(row.exact_index),
    };
    // `None` is less than any `Some`, so the undefined come last when descending.
    figure(b).cmp(&figure(a)).then_with(|| b.ties.cmp(&a.ties))
}
