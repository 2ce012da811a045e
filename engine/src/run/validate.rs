//! What was entered against what was declared: a wrong answer is a named error, never a score.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::diagnostic::{AnswerError, AnswerErrorKind};
use crate::set::{Input, InputKind};
use crate::{Answer, Value, number};

/// Checks one figure.
pub fn figure(input: &Input, value: Option<Value>) -> Result<Value, AnswerError> {
    let label = &input.label;
    let value = value.ok_or_else(|| fail(AnswerErrorKind::MissingInput, format!("Chưa nhập “{label}”.")))?;
    match (&input.kind, value) {
        (InputKind::YesNo, Value::Bool(_)) => Ok(value),
        (InputKind::YesNo, Value::Number(_)) => {
            Err(fail(AnswerErrorKind::WrongType, format!("“{label}” là có hoặc không.")))
        }
        (_, Value::Bool(_)) => Err(fail(AnswerErrorKind::WrongType, format!("“{label}” phải là số."))),
        (kind, Value::Number(given)) => quantity(kind, given, label).map(|()| value),
    }
}

fn quantity(kind: &InputKind, given: Decimal, label: &str) -> Result<(), AnswerError> {
    if given < Decimal::ZERO {
        return Err(fail(AnswerErrorKind::NegativeNumber, format!("“{label}” không được âm.")));
    }
    let whole = given.fract().is_zero();
    match kind {
        InputKind::Count if !whole => {
            Err(fail(AnswerErrorKind::FractionalCount, format!("“{label}” là số đếm, phải là số nguyên.")))
        }
        InputKind::Percent if given > Decimal::ONE_HUNDRED => {
            Err(fail(AnswerErrorKind::OutOfRange, format!("“{label}” phải từ 0 đến 100.")))
        }
        InputKind::Level(choices) if !choices.iter().any(|choice| Decimal::from(choice.value) == given) => {
            Err(fail(AnswerErrorKind::OutOfRange, format!("“{label}” phải là một trong các mức đã cho.")))
        }
        _ => Ok(()),
    }
}

/// Points given directly must lie in 0..max.
pub fn points(given: Decimal, max: Decimal) -> Result<(), AnswerError> {
    if given >= Decimal::ZERO && given <= max {
        return Ok(());
    }
    let message = format!("Điểm {} nằm ngoài khoảng 0 đến {}.", number::trim(given), number::trim(max));
    Err(fail(AnswerErrorKind::OutOfRange, message))
}

/// Names that the indicator does not declare.
pub fn unknown_inputs(declared: &[Input], answer: &Answer) -> Option<AnswerError> {
    let stranger = answer.inputs.keys().find(|name| !declared.iter().any(|input| &input.name == *name))?;
    Some(fail(AnswerErrorKind::UnknownInput, format!("Chỉ số không có số liệu “{stranger}”.")))
}

/// Facts that the set does not declare, or of the wrong kind.
pub fn facts(declared: &[Input], given: &BTreeMap<String, Value>) -> Vec<(String, AnswerError)> {
    let check = |(name, value): (&String, &Value)| match declared.iter().find(|fact| &fact.name == name) {
        None => Some((
            name.clone(),
            fail(AnswerErrorKind::UnknownInput, format!("Bộ chỉ số không có số liệu dùng chung “{name}”.")),
        )),
        Some(fact) => figure(fact, Some(*value)).err().map(|error| (name.clone(), error)),
    };
    given.iter().filter_map(check).collect()
}

pub fn fail(kind: AnswerErrorKind, message: String) -> AnswerError {
    AnswerError { kind, message }
}
