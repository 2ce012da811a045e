//! The official scorecard: standing decisions of the council, put through the same engine path as every score.

use engine::run::Rules;
use engine::{Answer, Answers, Scorecard};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use std::collections::{BTreeMap, HashMap};

use super::Decision;
use crate::Result;
use crate::ids::AssessmentId;
use crate::points::from_stored;
use crate::store::Tx;
use crate::store::entities::appraisals;

/// All decisions of some sheets, oldest first, by sheet and indicator.
pub(crate) type Decisions = HashMap<AssessmentId, HashMap<String, Vec<appraisals::Model>>>;

pub(crate) async fn decisions(tx: &Tx, sheets: &[AssessmentId]) -> Result<Decisions> {
    let of_sheets = tx.scoped::<appraisals::Entity>();
    let of_sheets = of_sheets.filter(appraisals::Column::AssessmentId.is_in(sheets.iter().copied()));
    let oldest = of_sheets.order_by_asc(appraisals::Column::DecidedAt).order_by_asc(appraisals::Column::Id);
    let mut all = Decisions::new();
    for model in oldest.all(tx.conn()).await? {
        all.entry(model.assessment_id).or_default().entry(model.code.clone()).or_default().push(model);
    }
    Ok(all)
}

/// The scorecard from the standing decisions. Undecided indicators are pending: they stay in the denominator,
/// and the index is undefined (domain.md (f) 3–4).
pub(crate) fn scorecard(rules: &Rules, decided: Option<&HashMap<String, Vec<appraisals::Model>>>) -> Scorecard {
    rules.evaluate(&answers(rules, decided))
}

/// The standing decisions as answers.
pub(crate) fn answers(rules: &Rules, decided: Option<&HashMap<String, Vec<appraisals::Model>>>) -> Answers {
    let mut answers = Answers { facts: BTreeMap::new(), answers: BTreeMap::new() };
    for (code, history) in decided.into_iter().flatten() {
        if let Some(standing) = history.last() {
            answers.answers.insert(code.clone(), answer(standing, rules.set().policy.round));
        }
    }
    answers
}

fn answer(standing: &appraisals::Model, places: u32) -> Answer {
    let not_applicable = standing.decision == Decision::NotApplicable.as_str();
    let points = standing.points.map(|points| from_stored(points, places));
    Answer { not_applicable, points: points.filter(|_| !not_applicable), ..Answer::default() }
}
