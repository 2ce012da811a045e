//! A sample scored twice ("chấm lại độc lập"): the chair draws rows that were decided, a second member scores each without
//! seeing the first decision, and what they agree on is told beside the other differences. The appraised score never moves.

use engine::exact::{Fraction, Number};
use engine::round;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::appraisal::AppraisalRow;
use crate::ids::{AssessmentId, SampleId};

/// What the sample is drawn from, so many rows of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    Indicator,
    /// The member who decided.
    Member,
}

impl Per {
    pub const ALL: [Per; 2] = [Per::Indicator, Per::Member];

    /// Suffix of the text key `sample-per-…`.
    pub fn as_str(self) -> &'static str {
        match self {
            Per::Indicator => "indicator",
            Per::Member => "member",
        }
    }

    pub fn parse(name: &str) -> Option<Per> {
        Per::ALL.into_iter().find(|per| per.as_str() == name)
    }
}

/// Rows a chair may draw of each indicator or member at a time.
pub const MOST: u32 = 20;

/// A draw as it is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Draw {
    pub per: Per,
    pub count: u32,
    /// How many rows the period's sample had when the form was shown.
    pub drawn: usize,
}

/// What a draw gave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drawn {
    pub rows: u32,
    /// Rows left out because nobody but the first member, the chair or the unit's own people could score them.
    pub without: u32,
}

/// A row of the sample in the list of whoever scores it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleLine {
    pub id: SampleId,
    pub unit_name: String,
    pub code: String,
    pub scored: bool,
}

/// A row to score a second time: everything but what was decided.
#[derive(Clone, Debug, PartialEq)]
pub struct SampleRow {
    pub line: SampleLine,
    pub sheet: AssessmentId,
    pub row: AppraisalRow,
}

/// A second score, as typed. `points` Vietnamese or plain; not read where `not_applicable` is set.
#[derive(Clone, Debug, Default)]
pub struct SecondScore {
    pub points: String,
    pub not_applicable: bool,
    pub reason: String,
}

/// One row scored twice; `None` for not applicable.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    pub sheet: AssessmentId,
    pub unit_name: String,
    pub code: String,
    pub maximum: Decimal,
    pub first: Option<Decimal>,
    pub first_by: String,
    pub second: Option<Decimal>,
    pub second_by: String,
    pub reason: String,
}

impl Pair {
    /// How far the two are from each other, as a part of the maximum; all of it where only one found it applicable.
    fn apart(&self) -> Fraction {
        match (self.first, self.second) {
            (Some(first), Some(second)) => {
                Fraction::quotient((first - second).abs(), self.maximum).unwrap_or_else(|_| Fraction::zero())
            }
            (None, None) => Fraction::zero(),
            _ => Fraction::one(),
        }
    }

    /// The same in percent, one decimal.
    pub fn gap(&self) -> Decimal {
        percent(self.apart())
    }
}

/// What a period's sample says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Agreement {
    /// Furthest apart first.
    pub pairs: Vec<Pair>,
    /// Rows of the sample, whether or not they are among the pairs.
    pub drawn: usize,
    /// Rows not scored a second time yet.
    pub waiting: u32,
    pub equal: u32,
    /// Mean of the gaps, percent of the maximum, one decimal; `None` without pairs.
    pub mean_gap: Option<Decimal>,
}

/// A part in percent, one decimal.
fn percent(part: Fraction) -> Decimal {
    let hundreds = part.mul(&Decimal::ONE_HUNDRED.into()).ok();
    hundreds.and_then(|hundreds| round::fraction(hundreds, 1)).unwrap_or_default()
}

/// Sums up pairs.
#[cfg(feature = "store")]
pub fn agreement(mut pairs: Vec<Pair>, drawn: usize, waiting: u32) -> Agreement {
    pairs.sort_by(|a, b| {
        let names = || crate::collation::names(&a.unit_name, &b.unit_name);
        b.apart().cmp(&a.apart()).then_with(names).then_with(|| engine::code::compare(&a.code, &b.code))
    });
    let equal = pairs.iter().filter(|pair| pair.apart() == Fraction::zero()).count();
    let sum = pairs.iter().try_fold(Fraction::zero(), |sum, pair| sum.add(&pair.apart()));
    let mean = sum.and_then(|sum| sum.div(&Decimal::from(pairs.len()).into()));
    let equal = u32::try_from(equal).unwrap_or(u32::MAX);
    Agreement { mean_gap: mean.ok().map(percent), equal, pairs, drawn, waiting }
}

#[cfg(feature = "store")]
mod draw;
#[cfg(feature = "store")]
mod store;
#[cfg(feature = "store")]
pub use self::{
    draw::draw,
    store::{agreement_of, mine, row, score},
};

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(first: Option<i64>, second: Option<i64>) -> Pair {
        Pair {
            sheet: AssessmentId::new(),
            unit_name: "Sở".into(),
            code: "1.1".into(),
            maximum: 40.into(),
            first: first.map(Decimal::from),
            first_by: "A".into(),
            second: second.map(Decimal::from),
            second_by: "B".into(),
            reason: String::new(),
        }
    }

    #[test]
    fn the_furthest_apart_come_first_and_one_who_finds_it_not_applicable_is_furthest() {
        let pairs = vec![pair(Some(40), Some(40)), pair(Some(40), Some(30)), pair(None, Some(10)), pair(None, None)];
        let told = agreement(pairs, 7, 3);
        let gaps: Vec<Decimal> = told.pairs.iter().map(Pair::gap).collect();
        assert_eq!(gaps, [100, 25, 0, 0].map(Decimal::from));
        assert_eq!((told.equal, told.waiting, told.mean_gap), (2, 3, Some(Decimal::new(313, 1))));
        assert_eq!(agreement(Vec::new(), 0, 0).mean_gap, None);
    }
}
