//! The head of a set as typed: names, policies, parameters, shared figures.

use engine::{IndicatorSet, Param, RankBy};

use super::{InputText, filled, leaf, number};
use crate::Problem;

#[derive(Clone, Debug, Default)]
pub struct SetText {
    pub name: String,
    pub basis: String,
    pub note: String,
    pub total: String,
    pub not_applicable: bool,
    /// Decimal places, 0 to 4.
    pub round: String,
    pub rank_unrounded: bool,
}

#[derive(Clone, Debug, Default)]
pub struct ParamText {
    pub name: String,
    pub label: String,
    pub value: String,
}

pub type FactText = InputText;

pub fn write(
    set: &mut IndicatorSet,
    text: &SetText,
    params: &[ParamText],
    facts: &[FactText],
) -> Result<(), Vec<Problem>> {
    let mut problems = Vec::new();
    set.name = filled("name", &text.name, "Hãy nhập tên bộ chỉ số.", &mut problems);
    set.basis = text.basis.trim().into();
    set.note = text.note.trim().into();
    set.total = number("total", &text.total, &mut problems);
    set.policy.not_applicable = text.not_applicable;
    set.policy.rank_by = if text.rank_unrounded { RankBy::Unrounded } else { RankBy::Published };
    match text.round.trim().parse() {
        Ok(places) if places <= 4 => set.policy.round = places,
        _ => problems.push(Problem::new("round", "Số chữ số thập phân từ 0 đến 4.")),
    }
    let typed = params.iter().enumerate().filter(|(_, param)| !param.name.trim().is_empty());
    set.params = typed.map(|(row, param)| self::param(row, param, &mut problems)).collect();
    set.facts = leaf::inputs(facts, &mut problems);
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

fn param(row: usize, text: &ParamText, problems: &mut Vec<Problem>) -> Param {
    let name = text.name.trim().to_lowercase();
    let label = text.label.trim();
    Param {
        label: if label.is_empty() { name.clone() } else { label.into() },
        value: number(&format!("param.{row}.value"), &text.value, problems),
        name,
    }
}

impl SetText {
    /// The head of a set as the panel shows it.
    pub fn of(set: &IndicatorSet) -> SetText {
        SetText {
            name: set.name.clone(),
            basis: set.basis.clone(),
            note: set.note.clone(),
            total: engine::number::trim(set.total),
            not_applicable: set.policy.not_applicable,
            round: set.policy.round.to_string(),
            rank_unrounded: set.policy.rank_by == RankBy::Unrounded,
        }
    }
}

impl ParamText {
    pub fn of(param: &Param) -> ParamText {
        ParamText { name: param.name.clone(), label: param.label.clone(), value: engine::number::trim(param.value) }
    }
}
