//! A sheet as loaded for one act, alone or with its whole group: its models, its rules, and the score of each row,
//! computed once by the engine.

use engine::run::Rules;
use engine::{Answer, Answers, Indicator, IndicatorScore, ScoreState, SelfScore, Value};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use time::OffsetDateTime;

use super::read::{self, Along, Which};
use super::signed::Before;
use super::state::{ClaimGround, RowState};
use super::{Claim, Section, Totals, reopened};
use crate::documents::EvidenceItem;
use crate::ids::{AssessmentId, GroupId, PeriodId, SetId};
use crate::periods::Stage;
use crate::points::from_stored;
use crate::store::entities::{assessment_rows, assessments, ranking_groups};
use crate::store::{Tx, sha256_hex};
use crate::{Error, Result, indicator_sets};

pub(crate) struct Loaded {
    pub sheet: assessments::Model,
    pub period: crate::store::entities::periods::Model,
    pub group: ranking_groups::Model,
    pub rules: Arc<Rules>,
    /// Of the set's version.
    pub content_hash: String,
    /// Which the version is one of: what two years have in common is told by it.
    pub set: SetId,
    pub facts: BTreeMap<String, Value>,
    pub rows: HashMap<String, assessment_rows::Model>,
    pub evidence: HashMap<String, Vec<EvidenceItem>>,
    /// Until when each indicator re-opened for the unit is open.
    pub reopened: HashMap<String, OffsetDateTime>,
}

impl Loaded {
    /// Reads the whole sheet in two statements. `Err(NotFound)` also for another tenant's sheet.
    pub async fn read(tx: &Tx, id: AssessmentId) -> Result<Loaded> {
        Loaded::all(tx, Which::One(id), Along::Nothing).await?.pop().ok_or(Error::NotFound)
    }

    /// Reads a sheet that is about to be changed, together with the end of the audit chain. In a transaction that writes it
    /// is the tenant's turn, so what is stored beside a row is never worked out from less than the last act left.
    pub async fn take(tx: &Tx, id: AssessmentId) -> Result<Loaded> {
        Loaded::all(tx, Which::One(id), Along::Chain).await?.pop().ok_or(Error::NotFound)
    }

    /// Every sheet of a group in the order of the units' codes, those outside the ranking too. As many statements as for
    /// one sheet.
    pub async fn read_group(tx: &Tx, group: GroupId) -> Result<Vec<Loaded>> {
        Loaded::all(tx, Which::OfGroup(group), Along::Nothing).await
    }

    /// The same for all groups of a period.
    pub async fn read_period(tx: &Tx, period: PeriodId) -> Result<Vec<Loaded>> {
        Loaded::all(tx, Which::OfPeriod(period), Along::Nothing).await
    }

    async fn all(tx: &Tx, which: Which, along: Along) -> Result<Vec<Loaded>> {
        let heads = read::heads(tx, which, along).await?;
        let mut contents = match heads.is_empty() {
            true => HashMap::new(),
            false => read::contents(tx, which).await?,
        };
        // Only the council's stage knows re-opened indicators; everything else stays at two statements.
        let mut reopened = match heads.first().map(|head| head.period.stage()).transpose()? {
            Some(Stage::Appraisal) => reopened::reopened(tx, which).await?,
            _ => HashMap::new(),
        };
        let mut all = Vec::with_capacity(heads.len());
        for read::Head { sheet, period, group, content_hash, set } in heads {
            let rules = indicator_sets::rules_known_by(tx, group.version_id, &content_hash, period.engine()?).await?;
            let read::Content { rows, facts, evidence } = contents.remove(&sheet.id).unwrap_or_default();
            let reopened = reopened.remove(&sheet.id).unwrap_or_default();
            all.push(Loaded { sheet, period, group, rules, content_hash, set, facts, rows, evidence, reopened });
        }
        Ok(all)
    }

    /// Indicators that wait for the head's second signature, with the points signed before.
    pub fn to_sign(&self) -> Result<Vec<(String, Option<Decimal>)>> {
        let places = self.rules.set().policy.round;
        let shown = |(code, before): (String, Before)| (code, before.points.map(|points| from_stored(points, places)));
        Ok(self.sheet.to_sign()?.into_iter().map(shown).collect())
    }

    /// The sum of the points the head puts the name to with the second signature, in ten-thousandths: those of `again` as
    /// they are now, of all others as they were signed.
    pub(crate) fn signed_sum(&self, again: &[&String]) -> i64 {
        let signed = |(code, row): (&String, &assessment_rows::Model)| {
            if again.contains(&code) { row.self_points } else { row.signed_points.or(row.self_points) }
        };
        self.rows.iter().filter_map(signed).sum()
    }

    /// Whether something waits for the second signature while it may still be given: as long as it is re-opened.
    pub fn may_be_signed_again(&self) -> Result<bool> {
        Ok(self.sheet.to_sign()?.keys().any(|code| self.reopened.contains_key(code)))
    }

    /// Names what a head who signs puts the name to: the sheet's revision, the sum of its points, and a digest of every
    /// figure, word and document.
    pub fn shown(&self) -> Result<String> {
        let rows: BTreeMap<_, _> = self.rows.iter().map(|(code, row)| (code, said(row))).collect();
        let documents = self.evidence.iter().map(|(code, items)| {
            let ids: BTreeMap<_, _> = items.iter().map(|item| (item.id.to_string(), item.proves())).collect();
            (code, ids)
        });
        let documents: BTreeMap<_, _> = documents.filter(|(_, ids)| !ids.is_empty()).collect();
        let all = serde_json::json!([self.content_hash, self.facts, rows, documents]).to_string();
        let (_, totals) = self.sections(&self.answers()?)?;
        let digest = sha256_hex(all.as_bytes());
        Ok(format!("{}-{}-{}", self.sheet.revision, totals.points.normalize(), &digest[..16]))
    }

    pub fn answers(&self) -> Result<Answers> {
        self.answers_among(|_| true)
    }

    /// Enough to score some of the indicators: each reads its own figures and the facts.
    pub fn answers_of(&self, codes: &BTreeSet<String>) -> Result<Answers> {
        self.answers_among(|code| codes.contains(code))
    }

    fn answers_among(&self, asked: impl Fn(&str) -> bool) -> Result<Answers> {
        let mut answers = Answers { facts: self.facts.clone(), answers: BTreeMap::new() };
        for (code, row) in self.rows.iter().filter(|(code, _)| asked(code)) {
            let inputs = inputs_of(row)?;
            let own_points = self.own_points(code);
            if (!inputs.is_empty() || own_points.is_some()) && row.claim.is_none() && !row.unconfirmed {
                answers.answers.insert(code.clone(), Answer { inputs, own_points, ..Answer::default() });
            }
        }
        Ok(answers)
    }

    /// The self score of one indicator, from what is stored now. Untouched rows are pending even when facts are known.
    pub fn score(&self, code: &str, answers: &Answers) -> Result<IndicatorScore> {
        self.rules.score(code, answers).ok_or(Error::NotFound)
    }

    pub fn evidence_of(&self, code: &str) -> &[EvidenceItem] {
        self.evidence.get(code).map_or(&[], Vec::as_slice)
    }

    /// How many documents prove an indicator, those replaced or in quarantine not counted.
    pub fn standing_evidence(&self, code: &str) -> usize {
        self.evidence_of(code).iter().filter(|item| item.proves()).count()
    }

    /// How many indicators each document of the sheet proves.
    pub fn uses(&self) -> HashMap<String, usize> {
        let mut uses = HashMap::new();
        for items in self.evidence.values() {
            let each: BTreeSet<String> = items.iter().map(EvidenceItem::identity).collect();
            each.into_iter().for_each(|document| *uses.entry(document).or_default() += 1);
        }
        uses
    }

    pub fn claim_of(&self, code: &str) -> Option<Claim> {
        self.rows.get(code).and_then(claim)
    }

    /// The managing agency has exempted the unit from it.
    pub fn is_exempt(&self, code: &str) -> bool {
        self.rows.get(code).is_some_and(|row| row.exempt)
    }

    /// The unit's own points, where the set lets it enter some.
    pub fn own_points(&self, code: &str) -> Option<Decimal> {
        let adjustable = |leaf: &Indicator| leaf.self_score == SelfScore::Adjustable;
        let own = self.rows.get(code)?.own_points.filter(|_| self.rules.set().indicator(code).is_some_and(adjustable));
        own.map(|own| from_stored(own, self.rules.set().policy.round))
    }

    pub fn explanation_of(&self, code: &str) -> &str {
        self.rows.get(code).map_or("", |row| row.explanation.as_str())
    }

    /// How far a row is. Points above zero need evidence or an explanation (domain.md (b) 3); points of the unit's own
    /// that differ from the formula's need an explanation whatever they are.
    pub fn row_state(&self, code: &str, score: &IndicatorScore) -> RowState {
        if self.claim_of(code).is_some() || score.state == ScoreState::NotApplicable {
            return RowState::Claimed;
        }
        if self.rows.get(code).is_some_and(|row| row.unconfirmed) {
            return RowState::Unconfirmed;
        }
        let entered = self.rows.get(code).is_some_and(|row| row.inputs.as_object().is_some_and(|all| !all.is_empty()));
        let entered = entered || self.own_points(code).is_some();
        let other = score.departs() && score.own.is_some_and(|own| own.computed.is_some());
        match score.state {
            ScoreState::Scored if other && self.explanation_of(code).trim().is_empty() => RowState::Unexplained,
            ScoreState::Scored => {
                let needs_proof = score.points.is_some_and(|points| points > Decimal::ZERO);
                let proof = self.rules.set().indicator(code).map(|leaf| leaf.proof).unwrap_or_default();
                let explained = self.explanation_of(code).trim().chars().count();
                let proven = proof.is_met(self.standing_evidence(code), explained);
                if needs_proof && !proven { RowState::Unproven } else { RowState::Done }
            }
            _ if entered => RowState::Incomplete,
            _ => RowState::Empty,
        }
    }

    /// Sums per main index and over all, from every row's present score.
    pub fn sections(&self, answers: &Answers) -> Result<(Vec<Section>, Totals)> {
        self.sums(|code| {
            let score = self.score(code, answers)?;
            Ok((score.points.unwrap_or_default(), self.row_state(code, &score)))
        })
    }

    /// The self scores of some rows as they will be stored, by code.
    pub fn stored_points(&self, codes: &BTreeSet<String>) -> BTreeMap<String, Option<Decimal>> {
        let places = self.rules.set().policy.round;
        let points = |code: &String| self.rows.get(code)?.self_points.map(|points| from_stored(points, places));
        codes.iter().map(|code| (code.clone(), points(code))).collect()
    }

    /// The same sums from the points kept beside each row. Only rows never stored are evaluated.
    pub fn stored_sections(&self) -> Result<(Vec<Section>, Totals)> {
        let (places, facts) = (self.rules.set().policy.round, self.facts.clone());
        let nothing_entered = Answers { facts, answers: BTreeMap::new() };
        self.sums(|code| match self.rows.get(code) {
            Some(row) => {
                let points = row.self_points.map(|points| from_stored(points, places));
                Ok((points.unwrap_or_default(), RowState::parse(&row.state).unwrap_or(RowState::Empty)))
            }
            None => {
                let score = self.score(code, &nothing_entered)?;
                Ok((score.points.unwrap_or_default(), self.row_state(code, &score)))
            }
        })
    }

    fn sums(&self, row: impl Fn(&str) -> Result<(Decimal, RowState)>) -> Result<(Vec<Section>, Totals)> {
        let mut all = Totals { points: Decimal::ZERO, maximum: self.rules.set().total, ready: 0, total: 0 };
        let mut sections = Vec::new();
        for main in self.rules.set().main_indexes() {
            let mut totals = Totals { points: Decimal::ZERO, maximum: main.points, ready: 0, total: 0 };
            for indicator in &main.indicators {
                let (points, state) = row(&indicator.code)?;
                totals.points += points;
                totals.ready += u32::from(state.is_ready());
                totals.total += 1;
            }
            all.points += totals.points;
            all.ready += totals.ready;
            all.total += totals.total;
            sections.push(Section { code: main.code.clone(), name: main.name.clone(), totals });
        }
        Ok((sections, all))
    }
}

/// The figures of a row as the engine reads them.
pub(crate) fn inputs_of(row: &assessment_rows::Model) -> Result<BTreeMap<String, Value>> {
    serde_json::from_value(row.inputs.clone()).map_err(Error::internal)
}

/// Everything a row says that a person entered.
fn said(row: &assessment_rows::Model) -> serde_json::Value {
    serde_json::json!([
        row.inputs,
        row.own_points,
        row.explanation,
        row.claim,
        row.claim_reason,
        row.exempt,
        row.unconfirmed
    ])
}

fn claim(row: &assessment_rows::Model) -> Option<Claim> {
    let ground = row.claim.as_deref().and_then(ClaimGround::parse)?;
    Some(Claim { ground, reason: row.claim_reason.clone() })
}
