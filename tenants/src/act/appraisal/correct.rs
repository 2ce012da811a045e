//! Correcting figures: the council enters what it knows to be right, and the formula gives the points.

use std::collections::BTreeMap;

use engine::{Answer, Indicator, ScoreState, Value};
use rust_decimal::Decimal;

use crate::decisions::Correction;
use crate::sheets::{Loaded, facts_of, inputs_of};
use crate::{Error, Problem, Result, typed};

/// What the figures `typed_in` say, scored: the points, and each figure that differs from the unit's. `Err(Invalid)` for
/// a figure that cannot be read, for none that differs, and where the formula gives no points.
pub(crate) fn corrected(
    loaded: &Loaded,
    indicator: &Indicator,
    typed_in: &BTreeMap<String, String>,
) -> Result<(Decimal, Vec<Correction>)> {
    let mut answers = loaded.answers_of(&[indicator.code.clone()].into())?;
    let mut own = loaded.rows.get(&indicator.code).map(inputs_of).transpose()?.unwrap_or_default();
    let (mut corrections, mut problems) = (Vec::new(), Vec::new());
    let declared = indicator.inputs.iter().map(|input| (input, false));
    let facts: Vec<_> = facts_of(loaded, indicator).cloned().collect();
    for (input, shared) in declared.chain(facts.iter().map(|fact| (fact, true))) {
        let Some(text) = typed_in.get(&input.name) else { continue };
        let values: &mut BTreeMap<String, Value> = if shared { &mut answers.facts } else { &mut own };
        let was = values.get(&input.name).copied();
        let now = match typed::parse(input, text) {
            Ok(now) => now,
            Err(message) => {
                problems.push(Problem::new(&input.name, &format!("{}: {message}", input.label)));
                continue;
            }
        };
        if was == now {
            continue;
        }
        let shown = |value: Option<Value>| value.as_ref().map(typed::shown).unwrap_or_default();
        corrections.push(Correction { label: input.label.clone(), from: shown(was), to: shown(now) });
        match now {
            Some(value) => values.insert(input.name.clone(), value),
            None => values.remove(&input.name),
        };
    }
    if problems.is_empty() && corrections.is_empty() {
        problems.push(Problem::new("decision", "Chưa có số liệu nào khác với số liệu của đơn vị."));
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    answers.answers.insert(indicator.code.clone(), Answer { inputs: own, ..Answer::default() });
    let score = loaded.score(&indicator.code, &answers)?;
    match score.points.filter(|_| score.state == ScoreState::Scored) {
        Some(points) => Ok((points, corrections)),
        None => {
            let why = score.error.map(|error| error.message).unwrap_or_default();
            let told = format!("Công thức chưa cho điểm với số liệu này. {why}");
            Err(Error::Invalid(vec![Problem::new("decision", told.trim_end())]))
        }
    }
}
