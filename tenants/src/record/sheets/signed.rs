//! What may be told of a unit's own scoring outside of the unit: what its head signed, and nothing else. Every page, document
//! and file that shows a self score or a claim asks here.

use engine::{IndicatorScore, ScoreState};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::Claim;
use super::loaded::Loaded;
use crate::Result;
use crate::points::from_stored;

/// What a head has signed of an indicator.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Signed {
    /// The points under the signature, whatever the rules became since.
    pub points: Option<Decimal>,
    /// What the rules in force make of the figures under the signature: what the council is asked to accept.
    pub now: Option<Decimal>,
    /// Under the signature, or the managing agency's own.
    pub claim: Option<Claim>,
    /// Not applicable by the set's rule, from figures under the signature.
    pub implied: bool,
    /// What stands in the row is a draft: never signed, or re-opened and changed since.
    pub draft: bool,
}

impl Signed {
    /// The points signed, where a page shows others.
    pub fn unlike(&self, shown: Option<Decimal>) -> Option<Decimal> {
        self.points.filter(|signed| Some(*signed) != shown)
    }
}

/// An indicator as it was signed before it was re-opened and changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Kept")]
pub(crate) struct Before {
    /// Ten-thousandths.
    pub points: Option<i64>,
    pub claim: Option<Claim>,
}

/// Points alone is how it was kept at first.
#[derive(Deserialize)]
#[serde(untagged)]
enum Kept {
    Points(Option<i64>),
    Row { points: Option<i64>, claim: Option<Claim> },
}

impl From<Kept> for Before {
    fn from(kept: Kept) -> Before {
        match kept {
            Kept::Points(points) => Before { points, claim: None },
            Kept::Row { points, claim } => Before { points, claim },
        }
    }
}

impl Loaded {
    /// `score` is what the rules in force make of what stands in the row.
    pub fn signed(&self, score: &IndicatorScore) -> Result<Signed> {
        let code = score.code.as_str();
        if !self.sheet.is_signed() {
            let exempt = self.is_exempt(code);
            let claim = self.claim_of(code).filter(|_| exempt);
            return Ok(Signed { points: None, now: None, claim, implied: false, draft: !exempt });
        }
        let points = self.signed_points(code);
        Ok(match self.sheet.to_sign()?.remove(code) {
            Some(before) => Signed {
                points,
                now: self.points_of(before.points),
                implied: before == Before::default(),
                claim: before.claim,
                draft: true,
            },
            None => Signed {
                points,
                now: score.points,
                claim: self.claim_of(code),
                implied: score.state == ScoreState::NotApplicable,
                draft: false,
            },
        })
    }

    /// The points a head signed at an indicator; `None` where nobody signed, and where it gave none.
    pub fn signed_points(&self, code: &str) -> Option<Decimal> {
        let row = self.rows.get(code).filter(|_| self.sheet.is_signed())?;
        self.points_of(row.signed_points)
    }

    /// A row as a signature would find it.
    pub fn as_it_stands(&self, code: &str) -> Before {
        let points = self.rows.get(code).and_then(|row| row.self_points);
        Before { points, claim: self.claim_of(code) }
    }

    fn points_of(&self, stored: Option<i64>) -> Option<Decimal> {
        stored.map(|points| from_stored(points, self.rules.set().policy.round))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::sheets::ClaimGround;

    #[test]
    fn what_was_kept_before_claims_were_is_read() {
        let read = |text: &str| serde_json::from_str::<Before>(text).unwrap();
        assert_eq!(read("200000"), Before { points: Some(200_000), claim: None });
        assert_eq!(read("null"), Before::default());
        let claim = Claim { ground: ClaimGround::NoFunction, reason: "x".into() };
        let before = Before { points: None, claim: Some(claim) };
        assert_eq!(read(&serde_json::to_string(&before).unwrap()), before);
    }
}
