//! The annex "chỉ số không đánh giá" of one unit: each indicator claimed, exempted or decided to be not applicable, with its
//! ground, its reason and what the council decided.

use engine::ScoreState;
use rust_decimal::Decimal;

use super::explain::knows_decisions;
use crate::Result;
use crate::decisions::official::decisions;
use crate::decisions::{self, Decided, Decision};
use crate::ids::AssessmentId;
use crate::periods::Stage;
use crate::sheets::{Claim, SheetHead, head, visible};

use crate::store::Tx;

#[derive(Clone, Debug, PartialEq)]
pub struct Annex {
    pub head: SheetHead,
    /// In the set's order.
    pub rows: Vec<AnnexRow>,
    /// Maximum of the whole set, and what is left of it after the indicators decided to be not applicable.
    pub total: Decimal,
    pub applicable: Decimal,
    /// The caller may know the council's decisions.
    pub decided: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct AnnexRow {
    pub code: String,
    pub name: String,
    pub maximum: Decimal,
    /// The managing agency's, made for the unit.
    pub exempt: bool,
    /// `None` where a zero denominator stands for a claim, or where the council decided without one.
    pub claim: Option<Claim>,
    /// A denominator of zero makes it not applicable by the set's rule.
    pub implied: bool,
    /// Not signed yet: shown to the unit alone.
    pub draft: bool,
    pub decided: Option<Decided>,
}

/// The annex of a sheet: what its head signed, and for the unit's own people also what is still a draft, as long as it may
/// yet be signed. The unit reads decisions in it once its provisional result is announced.
pub async fn annex(tx: &Tx, id: AssessmentId) -> Result<Annex> {
    let loaded = visible(tx, id).await?;
    let knows = knows_decisions(tx, &loaded)?;
    let mut past = if knows { decisions(tx, &[id]).await?.remove(&id).unwrap_or_default() } else { Default::default() };
    if loaded.period.stage()? == Stage::Appraisal {
        let blind = decisions::blind(tx, &loaded.sheet).await?;
        past.retain(|code, _| !blind.contains(code));
    }
    let (answers, set, head) = (loaded.answers()?, loaded.rules.set(), head(tx, &loaded)?);
    let drafts = head.can.plan && (!head.is_unsent() || head.can.submit);
    let (mut rows, mut applicable) = (Vec::new(), set.total);
    for leaf in set.indicators() {
        let code = leaf.code.as_str();
        let standing = past.get(code).and_then(|history| history.last());
        let excluded = standing.is_some_and(|standing| standing.decision == Decision::NotApplicable.as_str());
        let score = loaded.score(code, &answers)?;
        let signed = loaded.signed(&score)?;
        let (mut claim, mut implied, mut draft) = (signed.claim, signed.implied, false);
        if signed.draft && drafts && claim.is_none() && !implied {
            (claim, implied) = (loaded.claim_of(code), score.state == ScoreState::NotApplicable);
            draft = true;
        }
        if excluded {
            applicable -= leaf.max;
        }
        if claim.is_none() && !implied && !excluded {
            continue;
        }
        let shown = standing.map(|standing| decisions::decided(&loaded, standing, &[], set.policy.round));
        rows.push(AnnexRow {
            code: code.into(),
            name: leaf.name.clone(),
            maximum: leaf.max,
            exempt: loaded.is_exempt(code),
            claim,
            implied,
            draft,
            decided: shown.transpose()?,
        });
    }
    Ok(Annex { head, rows, total: set.total, applicable, decided: knows })
}
