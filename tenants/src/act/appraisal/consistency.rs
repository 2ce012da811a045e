//! How far the council is from the units, and its members from each other, while it can still be corrected: what was
//! claimed less what was appraised, by unit, by indicator and by member, and the reasons given.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use engine::exact::{Fraction, Number};
use engine::rank::exact_index;
use engine::round;
use rust_decimal::Decimal;

use crate::collation;
use crate::decisions::ReasonCode;
use crate::ids::{AccountId, AssessmentId};

/// One standing decision beside the self score it was made on. Points of the set's scale.
#[derive(Clone, Debug)]
pub struct Judged {
    pub sheet: AssessmentId,
    pub unit_name: String,
    pub code: String,
    pub member: AccountId,
    pub member_name: String,
    /// What the council was asked to accept; `None` where the unit claimed no points, or nobody signed any.
    pub claimed: Option<Decimal>,
    pub appraised: Decimal,
    pub reason: Option<ReasonCode>,
}

/// The differences of one unit, indicator or member.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    pub name: String,
    pub decisions: u32,
    /// Decisions that gave other points than were claimed.
    pub changed: u32,
    pub claimed: Decimal,
    pub appraised: Decimal,
    /// Of claimed points, percent, taken away (negative: added), one decimal; `None` when nothing was claimed.
    pub taken: Option<Decimal>,
    /// Far from the others of its kind.
    pub stands_out: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Consistency {
    /// Most taken away first.
    pub units: Vec<Difference>,
    pub indicators: Vec<Difference>,
    pub members: Vec<Difference>,
    /// How often each kind of reason was given.
    pub reasons: Vec<(ReasonCode, u32)>,
}

/// Percentage points from the median beyond which somebody stands out; below it, people simply differ.
const FAR: Decimal = Decimal::TEN;
/// Fewer decisions say nothing about a member.
const ENOUGH: u32 = 10;

/// Sums the standing decisions; what was never claimed is compared with nothing. Indicators that are not applicable are left
/// out by the caller.
pub fn consistency(judged: &[Judged]) -> Consistency {
    let mut reasons: BTreeMap<ReasonCode, u32> = BTreeMap::new();
    for code in judged.iter().filter_map(|one| one.reason) {
        *reasons.entry(code).or_default() += 1;
    }
    Consistency {
        units: differences(judged, 0, collation::names, |one| (one.sheet.to_string(), one.unit_name.clone())),
        indicators: differences(judged, 0, engine::code::compare, |one| (one.code.clone(), one.code.clone())),
        members: differences(judged, ENOUGH, collation::people, |one| {
            (one.member.to_string(), one.member_name.clone())
        }),
        reasons: reasons.into_iter().collect(),
    }
}

fn differences(
    judged: &[Judged],
    enough: u32,
    by_name: impl Fn(&str, &str) -> Ordering,
    key: impl Fn(&Judged) -> (String, String),
) -> Vec<Difference> {
    let mut sums: BTreeMap<(String, String), Difference> = BTreeMap::new();
    for one in judged {
        let Some(claimed) = one.claimed else { continue };
        let (id, name) = key(one);
        let sum = sums.entry((id, name.clone())).or_insert_with(|| Difference {
            name,
            decisions: 0,
            changed: 0,
            claimed: Decimal::ZERO,
            appraised: Decimal::ZERO,
            taken: None,
            stands_out: false,
        });
        sum.decisions += 1;
        sum.changed += u32::from(claimed != one.appraised);
        sum.claimed += claimed;
        sum.appraised += one.appraised;
    }
    let mut all: Vec<Difference> = sums.into_values().collect();
    let middle = median(all.iter().filter_map(taken).collect());
    for sum in &mut all {
        let taken = taken(sum);
        sum.taken = taken.and_then(|taken| round::fraction(taken, 1));
        let apart = middle.zip(taken).and_then(|(middle, taken)| taken.sub(&middle).and_then(|by| by.abs()).ok());
        sum.stands_out = apart.is_some_and(|apart| apart > FAR.into()) && sum.decisions >= enough;
    }
    all.sort_by(|a, b| taken(b).cmp(&taken(a)).then_with(|| by_name(&a.name, &b.name)));
    all
}

/// Percent of what was claimed that was taken away, exactly.
fn taken(sum: &Difference) -> Option<Fraction> {
    exact_index(sum.claimed - sum.appraised, sum.claimed)
}

fn median(mut all: Vec<Fraction>) -> Option<Fraction> {
    all.sort();
    let middle = all.len() / 2;
    if all.len().is_multiple_of(2) {
        let (below, above) = (all.get(middle.checked_sub(1)?)?, all.get(middle)?);
        return below.add(above).and_then(|sum| sum.div(&Decimal::TWO.into())).ok();
    }
    all.get(middle).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(member: AccountId, name: &str, claimed: i64, appraised: i64) -> Judged {
        Judged {
            sheet: AssessmentId::new(),
            unit_name: "Sở".into(),
            code: "1.1".into(),
            member,
            member_name: name.into(),
            claimed: Some(claimed.into()),
            appraised: appraised.into(),
            reason: (claimed != appraised).then_some(ReasonCode::Evidence),
        }
    }

    #[test]
    fn a_member_far_from_the_others_stands_out_after_enough_decisions() {
        let [a, b, c] = std::array::from_fn(|_| AccountId::new());
        let mut all = Vec::new();
        for _ in 0..10 {
            all.extend([judged(a, "A", 10, 10), judged(b, "B", 10, 10), judged(c, "C", 10, 5)]);
        }
        let told = consistency(&all);
        let outstanding: Vec<_> = told.members.iter().filter(|one| one.stands_out).map(|one| &one.name).collect();
        assert_eq!(outstanding, ["C"]);
        assert_eq!((told.members[0].taken, told.members[0].changed), (Some(50.into()), 10));
        assert_eq!(told.reasons, [(ReasonCode::Evidence, 10)]);
        let few = consistency(&all[..9]);
        assert!(few.members.iter().all(|one| !one.stands_out), "three decisions each say nothing yet");
    }

    #[test]
    fn what_claimed_nothing_has_no_share() {
        let told = consistency(&[judged(AccountId::new(), "A", 0, 4)]);
        assert_eq!((told.members[0].taken, told.members[0].changed), (None, 1));
        assert_eq!(consistency(&[]).units, []);
    }

    #[test]
    fn what_nobody_claimed_is_compared_with_nothing() {
        let unsent = Judged { claimed: None, ..judged(AccountId::new(), "A", 0, 4) };
        let told = consistency(&[unsent]);
        assert_eq!((told.units.len(), told.members.len(), told.reasons.len()), (0, 0, 1));
    }
}
