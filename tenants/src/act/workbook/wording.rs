//! Answers as cells say them and as the desk's parser reads them: the two directions side by side.

use engine::{Choice, InputKind};
use rust_decimal::prelude::ToPrimitive;

use super::Content;
use crate::sheets::ClaimGround;
use crate::typed;

pub const YES: &str = "Có";
pub const NO: &str = "Không";
/// The word in the column that confirms last year's figures.
pub const CONFIRMED: &str = "Đúng";
/// Digits a spreadsheet keeps of a number.
const DIGITS: u32 = 15;

/// What a cell holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Shown {
    Number(f64),
    Text(String),
}

/// A value as a cell shows it. A number longer than a spreadsheet keeps is written as text, so that no digit is lost.
pub fn shown(kind: &InputKind, value: &str) -> Shown {
    let text = || Shown::Text(value.into());
    match kind {
        InputKind::YesNo => Shown::Text(if value == "true" { YES } else { NO }.into()),
        InputKind::Level(choices) => {
            let number = engine::number::parse(value).ok();
            let chosen = choices.iter().find(|choice| number == Some(choice.value.into()));
            chosen.map_or_else(text, |choice| Shown::Text(level(choice)))
        }
        _ => match engine::number::parse(value) {
            Ok(number) if number.round_sf(DIGITS) == Some(number) => number.to_f64().map_or_else(text, Shown::Number),
            _ => text(),
        },
    }
}

/// An entry of the list of a figure with levels.
pub fn level(choice: &Choice) -> String {
    format!("{} – {}", choice.value, choice.label)
}

/// A cell as a clerk would have typed it at the desk; `Err` says what is wrong with it.
pub fn typed(kind: &InputKind, content: &Content) -> Result<String, String> {
    Ok(match (kind, content) {
        (_, Content::Empty) => String::new(),
        (_, Content::Unusable(told)) => return Err(told.clone()),
        (InputKind::YesNo, Content::YesNo(yes)) => yes.to_string(),
        (InputKind::YesNo, Content::Text(text)) => yes_no(text),
        (InputKind::Level(choices), Content::Text(text)) => {
            let is = |own: &str| engine::text::clean(own) == text.trim();
            let entry = choices.iter().find(|choice| is(&level(choice)) || is(&choice.label));
            entry.map_or_else(|| text.trim().to_owned(), |choice| choice.value.to_string())
        }
        (_, Content::YesNo(_)) => return Err("Ở đây cần một số, không phải Có hay Không; hãy nhập số.".into()),
        (InputKind::Percent, Content::Percentage(number)) => typed::shown(&engine::Value::Number(*number)),
        (_, Content::Percentage(number)) => return Err(not_a_percentage(*number)),
        (_, Content::Number(number)) => typed::shown(&engine::Value::Number(*number)),
        (_, Content::Text(text)) => text.trim().to_owned(),
    })
}

fn not_a_percentage(number: rust_decimal::Decimal) -> String {
    let shown = engine::number::trim(number);
    format!("Ở đây cần một số, không phải tỷ lệ {shown}%; hãy đặt lại định dạng ô là số rồi nhập lại.")
}

fn yes_no(text: &str) -> String {
    match text.trim().to_lowercase().as_str() {
        "có" | "true" => "true".into(),
        "không" | "false" => "false".into(),
        _ => text.trim().into(),
    }
}

/// A text in a cell of words; line ends as the desk writes them.
pub fn words(content: &Content) -> Result<String, String> {
    match content {
        Content::Empty => Ok(String::new()),
        Content::Text(text) => Ok(lines(text)),
        Content::Number(number) => Ok(engine::number::trim(*number)),
        Content::Percentage(number) => Ok(format!("{}%", engine::number::trim(*number))),
        Content::YesNo(yes) => Ok(if *yes { YES } else { NO }.into()),
        Content::Unusable(told) => Err(told.clone()),
    }
}

/// The text as it is compared and kept.
pub fn lines(text: &str) -> String {
    engine::text::clean(text).replace("\r\n", "\n").replace('\r', "\n").trim().to_owned()
}

pub fn ground(ground: ClaimGround) -> &'static str {
    match ground {
        ClaimGround::NoFunction => "Đơn vị không có chức năng, nhiệm vụ này",
        ClaimGround::NotThisYear => "Quy định không yêu cầu thực hiện trong năm đánh giá",
    }
}

/// The name of a ground, empty for none.
pub fn ground_typed(content: &Content) -> Result<String, String> {
    let text = words(content)?;
    if text.is_empty() {
        return Ok(text);
    }
    let known = ClaimGround::ALL.into_iter().find(|known| ground(*known) == text);
    known
        .map(|known| known.as_str().to_owned())
        .ok_or_else(|| "Hãy chọn một trong hai căn cứ trong danh sách, hoặc để trống.".into())
}

/// "true" where last year's figures are said to be right, empty where nothing is said.
pub fn confirm_typed(content: &Content) -> Result<String, String> {
    let text = words(content)?;
    match text.to_lowercase().as_str() {
        "" => Ok(String::new()),
        "đúng" | "có" | "x" => Ok("true".into()),
        _ => Err(format!("Hãy chọn “{CONFIRMED}” hoặc để trống.")),
    }
}

/// What the figure is counted in, for the column beside it.
pub fn unit(kind: &InputKind) -> &'static str {
    match kind {
        InputKind::YesNo => "Có / Không",
        InputKind::Count => "số nguyên",
        InputKind::Number => "số",
        InputKind::Money => "đồng",
        InputKind::Percent => "% (0–100)",
        InputKind::Level(_) => "chọn mức",
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::*;

    #[test]
    fn numbers_of_cells_and_numbers_typed_as_text_are_not_the_same_thing() {
        let thousandths = Content::Number(Decimal::new(1234, 3));
        assert_eq!(typed(&InputKind::Number, &thousandths).as_deref(), Ok("1,234"));
        assert_eq!(typed(&InputKind::Number, &Content::Text(" 1.234 ".into())).as_deref(), Ok("1.234"));
        assert_eq!(typed(&InputKind::Count, &Content::Number(1_234_567.into())).as_deref(), Ok("1.234.567"));
    }

    #[test]
    fn a_percentage_is_what_the_cell_shows() {
        let shown = Content::Percentage(Decimal::new(855, 1));
        assert_eq!(typed(&InputKind::Percent, &shown).as_deref(), Ok("85,5"));
        assert_eq!(typed(&InputKind::Percent, &Content::Number(85.into())).as_deref(), Ok("85"));
        assert!(typed(&InputKind::Count, &shown).is_err_and(|told| told.contains("85,5%")));
        assert_eq!(words(&shown).as_deref(), Ok("85,5%"));
    }

    #[test]
    fn long_numbers_are_kept_as_text() {
        assert_eq!(shown(&InputKind::Money, "123.456.789.012.345"), Shown::Number(123_456_789_012_345.0));
        let long = "1.234.567.890.123.456";
        assert_eq!(shown(&InputKind::Money, long), Shown::Text(long.into()));
    }

    #[test]
    fn lists_are_read_by_their_entries() {
        let levels = InputKind::Level(vec![Choice { value: 2, label: "Đạt một phần".into() }]);
        let text = |text: &str| Content::Text(text.into());
        assert_eq!(shown(&levels, "2"), Shown::Text("2 – Đạt một phần".into()));
        assert_eq!(typed(&levels, &text("2 – Đạt một phần")).as_deref(), Ok("2"));
        assert_eq!(typed(&levels, &text("Đạt một phần")).as_deref(), Ok("2"));
        assert_eq!(typed(&levels, &Content::Number(2.into())).as_deref(), Ok("2"));
        assert_eq!(typed(&InputKind::YesNo, &text("CÓ")).as_deref(), Ok("true"));
        assert!(typed(&InputKind::Count, &Content::YesNo(true)).is_err());
        assert_eq!(ground_typed(&text(ground(ClaimGround::NotThisYear))).as_deref(), Ok("not_this_year"));
        assert!(ground_typed(&text("vì bận")).is_err());
        assert_eq!(words(&text("a\r\nb\rc ")).as_deref(), Ok("a\nb\nc"));
    }
}
