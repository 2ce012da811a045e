//! The cases a set ships: these inputs give these points.

use std::collections::BTreeMap;
use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::Rules;
use crate::round::half_up;
use crate::scorecard::{IndicatorScore, ScoreState};
use crate::set::{Case, Expected, Indicator};
use crate::{Answer, Answers, number};

/// How one stored case went.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseResult {
    pub indicator: String,
    pub name: String,
    pub passed: bool,
    pub expected: Expected,
    /// In words: points, "không đánh giá", or the error.
    pub actual: String,
}

impl fmt::Display for CaseResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let expected = match self.expected {
            Expected::Points(points) => number::trim(points),
            Expected::NotApplicable => "không đánh giá".into(),
            Expected::Invalid => "số liệu bị từ chối".into(),
        };
        write!(f, "{} “{}”: mong đợi {expected}, thực tế {}", self.indicator, self.name, self.actual)
    }
}

impl Rules {
    /// Runs every stored case, in the set's order.
    pub fn run_cases(&self) -> Vec<CaseResult> {
        let of = |leaf: &Indicator| leaf.cases.iter().map(|case| self.run_case(leaf, case)).collect::<Vec<_>>();
        self.set().indicators().flat_map(of).collect()
    }

    /// What a case enters. A name nobody declares goes with the inputs, where it is refused.
    pub(super) fn answers_of(&self, indicator: &Indicator, case: &Case) -> Answers {
        let is_own = |name: &String| indicator.inputs.iter().any(|input| &input.name == name);
        let is_fact = |name: &String| self.set().facts.iter().any(|fact| &fact.name == name);
        let (mut inputs, mut facts) = (BTreeMap::new(), BTreeMap::new());
        for (name, value) in &case.inputs {
            let place = if is_own(name) || !is_fact(name) { &mut inputs } else { &mut facts };
            place.insert(name.clone(), *value);
        }
        let answer = Answer { inputs, ..Answer::default() };
        Answers { facts, answers: BTreeMap::from([(indicator.code.clone(), answer)]) }
    }

    fn run_case(&self, indicator: &Indicator, case: &Case) -> CaseResult {
        let score = self.score(&indicator.code, &self.answers_of(indicator, case));
        CaseResult {
            indicator: indicator.code.clone(),
            name: case.name.clone(),
            passed: score.as_ref().is_some_and(|score| self.meets(score, case.expected.clone())),
            expected: case.expected.clone(),
            actual: score.map(|score| actual(&score)).unwrap_or_default(),
        }
    }

    fn meets(&self, score: &IndicatorScore, expected: Expected) -> bool {
        match expected {
            Expected::Points(points) => score.points == Some(half_up(points, self.set().policy.round)),
            Expected::NotApplicable => score.state == ScoreState::NotApplicable,
            Expected::Invalid => score.state == ScoreState::Invalid,
        }
    }
}

fn actual(score: &IndicatorScore) -> String {
    match (score.state, score.points, &score.error) {
        (_, Some(points), _) => number::trim(points),
        (ScoreState::NotApplicable, ..) => "không đánh giá".into(),
        (_, _, Some(error)) => error.message.clone(),
        (_, None::<Decimal>, None) => "chưa có điểm".into(),
    }
}
