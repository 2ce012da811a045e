//! What a clerk types, read into a value and written back: "1.234,5", "true", "2".

use engine::{Input, InputKind, Value};
use rust_decimal::Decimal;

/// The value of a typed text; `None` when empty. The error is the message for the clerk.
pub fn parse(input: &Input, text: &str) -> Result<Option<Value>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    if input.kind == InputKind::YesNo {
        return match text {
            "true" => Ok(Some(Value::Bool(true))),
            "false" => Ok(Some(Value::Bool(false))),
            _ => Err("Hãy chọn Có hoặc Không.".into()),
        };
    }
    let number = number(&input.kind, text).map_err(|_| NOT_A_NUMBER.to_string())?;
    check(&input.kind, number)?;
    Ok(Some(Value::Number(number)))
}

/// A typed number; of a percentage with or without its sign.
pub fn number(kind: &InputKind, text: &str) -> Result<Decimal, engine::number::NotANumber> {
    match kind {
        InputKind::Percent => engine::number::parse_percent(text),
        _ => engine::number::parse(text),
    }
}

/// Typed points from 0 to `max`, with no more than `places` decimals. The error is the message for the clerk.
pub fn points(text: &str, max: Decimal, places: u32) -> Result<Decimal, String> {
    let points = engine::number::parse(text).map_err(|_| NOT_A_NUMBER.to_string())?;
    if points < Decimal::ZERO || points > max {
        return Err(format!("Điểm phải là số từ 0 đến {}.", engine::number::trim(max)));
    }
    if points.normalize().scale() > places {
        return Err(format!("Điểm có tối đa {places} chữ số thập phân."));
    }
    Ok(points)
}

const NOT_A_NUMBER: &str = "Đây không phải là một số. Hãy viết như 1.234,5.";

fn check(kind: &InputKind, number: Decimal) -> Result<(), String> {
    if number.is_sign_negative() && !number.is_zero() {
        return Err("Số liệu không được âm.".into());
    }
    let whole = number.fract().is_zero();
    match kind {
        InputKind::Count if !whole => Err("Đây là số đếm; hãy nhập số nguyên.".into()),
        InputKind::Percent if number > Decimal::ONE_HUNDRED => {
            Err("Tỷ lệ phần trăm nằm trong khoảng 0 đến 100.".into())
        }
        InputKind::Level(choices) if !choices.iter().any(|choice| Decimal::from(choice.value) == number) => {
            Err("Hãy chọn một trong các mức đã cho.".into())
        }
        _ => Ok(()),
    }
}

/// As the clerk would write it.
pub fn shown(value: &Value) -> String {
    match value {
        Value::Bool(yes) => yes.to_string(),
        Value::Number(number) => engine::number::trim(*number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(kind: InputKind, text: &str, value: Option<i64>) {
        let read = number(&kind, text).ok();
        assert_eq!(read, value.map(Decimal::from), "{text:?}");
    }

    #[test]
    fn a_percentage_may_be_typed_with_its_sign_and_two_numbers_are_not_one() {
        check(InputKind::Percent, "85%", Some(85));
        check(InputKind::Percent, "85 %", Some(85));
        check(InputKind::Percent, "85", Some(85));
        check(InputKind::Number, "85%", None);
        check(InputKind::Count, "1 234", Some(1234));
        check(InputKind::Count, "1 2", None);
    }
}
