//! A sheet as loaded for one act: its models, its rules, and the score of each row, computed once by the engine.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use engine::run::Rules;
use engine::{Answer, Answers, Indicator, IndicatorScore, ScoreState, Value};
use rust_decimal::Decimal;
use sea_orm::{ColumnTrait, QueryFilter};

use super::{Claim, ClaimGround, RowState, Section, Totals};
use crate::evidence::{self, EvidenceItem};
use crate::ids::AssessmentId;
use crate::indicator_sets;
use crate::periods;
use crate::store::Tx;
use crate::store::entities::{assessment_facts, assessment_rows, assessments, ranking_groups};
use crate::{Error, Result};

pub(crate) struct Loaded {
    pub sheet: assessments::Model,
    pub period: crate::store::entities::periods::Model,
    pub group: ranking_groups::Model,
    pub rules: Arc<Rules>,
    pub facts: BTreeMap<String, Value>,
    pub rows: HashMap<String, assessment_rows::Model>,
    pub evidence: HashMap<String, Vec<EvidenceItem>>,
}

impl Loaded {
    /// Reads the whole sheet. `Err(NotFound)` also for another tenant's sheet.
    pub async fn read(tx: &Tx, id: AssessmentId) -> Result<Loaded> {
        let (sheet, period) = periods::find_sheet(tx, id).await?;
        let group = group(tx, &sheet).await?;
        let rows = tx.scoped::<assessment_rows::Entity>().filter(assessment_rows::Column::AssessmentId.eq(id));
        let rows = rows.all(tx.conn()).await?.into_iter().map(|row| (row.code.clone(), row)).collect();
        Ok(Loaded {
            rules: indicator_sets::rules(tx, group.version_id).await?,
            facts: read_facts(tx, id).await?,
            evidence: evidence::of_sheet(tx, id).await?,
            sheet,
            period,
            group,
            rows,
        })
    }

    pub fn answers(&self) -> Result<Answers> {
        let mut answers = Answers { facts: self.facts.clone(), answers: BTreeMap::new() };
        for (code, row) in &self.rows {
            let inputs = inputs_of(row)?;
            if !inputs.is_empty() && row.claim.is_none() {
                answers.answers.insert(code.clone(), Answer { inputs, ..Answer::default() });
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

    pub fn claim_of(&self, code: &str) -> Option<Claim> {
        self.rows.get(code).and_then(claim)
    }

    pub fn explanation_of(&self, code: &str) -> &str {
        self.rows.get(code).map_or("", |row| row.explanation.as_str())
    }

    /// How far a row is. Points above zero need evidence or an explanation (domain.md (b) 3).
    pub fn row_state(&self, code: &str, score: &IndicatorScore) -> RowState {
        if self.claim_of(code).is_some() || score.state == ScoreState::NotApplicable {
            return RowState::Claimed;
        }
        let entered = self.rows.get(code).is_some_and(|row| row.inputs.as_object().is_some_and(|all| !all.is_empty()));
        match score.state {
            ScoreState::Scored => {
                let needs_proof = score.points.is_some_and(|points| points > Decimal::ZERO);
                let proof = self.rules.set().indicator(code).map(|leaf| leaf.proof).unwrap_or_default();
                let explained = self.explanation_of(code).trim().chars().count();
                let proven = proof.is_met(self.evidence_of(code).len(), explained);
                if needs_proof && !proven { RowState::Unproven } else { RowState::Done }
            }
            _ if entered => RowState::Incomplete,
            _ => RowState::Empty,
        }
    }

    /// Sums per main index and over all, from every row's present score.
    pub fn sections(&self, answers: &Answers) -> Result<(Vec<Section>, Totals)> {
        let mut all = Totals { points: Decimal::ZERO, maximum: self.rules.set().total, ready: 0, total: 0 };
        let mut sections = Vec::new();
        for main in self.rules.set().main_indexes() {
            let totals = self.totals(&main.indicators, main.points, answers)?;
            all.points += totals.points;
            all.ready += totals.ready;
            all.total += totals.total;
            sections.push(Section { code: main.code.clone(), name: main.name.clone(), totals });
        }
        Ok((sections, all))
    }

    fn totals(&self, indicators: &[Indicator], maximum: Decimal, answers: &Answers) -> Result<Totals> {
        let mut totals = Totals { points: Decimal::ZERO, maximum, ready: 0, total: 0 };
        for indicator in indicators {
            let score = self.score(&indicator.code, answers)?;
            totals.points += score.points.unwrap_or_default();
            totals.ready += u32::from(self.row_state(&indicator.code, &score).is_ready());
            totals.total += 1;
        }
        Ok(totals)
    }
}

pub(crate) async fn group(tx: &Tx, sheet: &assessments::Model) -> Result<ranking_groups::Model> {
    let found = tx.scoped::<ranking_groups::Entity>().filter(ranking_groups::Column::Id.eq(sheet.group_id));
    found.one(tx.conn()).await?.ok_or(Error::NotFound)
}

async fn read_facts(tx: &Tx, id: AssessmentId) -> Result<BTreeMap<String, Value>> {
    let facts = tx.scoped::<assessment_facts::Entity>().filter(assessment_facts::Column::AssessmentId.eq(id));
    let parse = |fact: assessment_facts::Model| {
        let value = serde_json::from_str(&fact.value).map_err(Error::internal)?;
        Ok((fact.name, value))
    };
    facts.all(tx.conn()).await?.into_iter().map(parse).collect()
}

/// The figures of a row as the engine reads them.
pub(crate) fn inputs_of(row: &assessment_rows::Model) -> Result<BTreeMap<String, Value>> {
    serde_json::from_value(row.inputs.clone()).map_err(Error::internal)
}

fn claim(row: &assessment_rows::Model) -> Option<Claim> {
    let ground = row.claim.as_deref().and_then(ClaimGround::parse)?;
    Some(Claim { ground, reason: row.claim_reason.clone() })
}
