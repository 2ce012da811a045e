//! Cells of a spreadsheet as numbers: exactly what it shows, never through a text that depends on the language.

use std::collections::HashSet;
use std::io::{Read, Seek};

use calamine::{Style, Xlsx, XlsxError};
use rust_decimal::Decimal;

/// Digits a spreadsheet shows of a number; what a formula leaves behind them is noise.
const DIGITS: u32 = 15;

/// The shortest decimal that is this double, as a spreadsheet shows it: 0.1 + 0.2 is 0.3. `None` where it is no number, or
/// one too large or too small to count with.
pub(crate) fn exact(number: f64) -> Option<Decimal> {
    let exact = Decimal::from_str_exact(&format!("{number}")).ok().and_then(|number| number.round_sf(DIGITS));
    exact.map(|number| number.normalize())
}

/// Whether a cell shows its number as a percentage: 0.85 as "85%".
pub(crate) fn is_percent(style: Option<&Style>) -> bool {
    let format = style.and_then(|style| style.number_format.as_ref());
    format.is_some_and(|format| has_percent_sign(&format.format_code))
}

/// The cells of a sheet, by row and column from 0, that show percentages.
pub(crate) fn percentages<RS: Read + Seek>(book: &mut Xlsx<RS>, sheet: &str) -> Result<HashSet<(u32, u32)>, XlsxError> {
    let mut cells = book.worksheet_cells_reader(sheet)?;
    let percents: Vec<bool> = cells.styles().iter().map(|style| is_percent(Some(style))).collect();
    let mut found = HashSet::new();
    if !percents.contains(&true) {
        return Ok(found);
    }
    while let Some((row, column, style)) = cells.next_style_id()? {
        if percents.get(style) == Some(&true) {
            found.insert((row, column));
        }
    }
    Ok(found)
}

/// A per cent sign of the format itself, not one in quotes or behind a backslash. Of several formats the first, which is for
/// positive numbers.
fn has_percent_sign(format: &str) -> bool {
    let (mut quoted, mut escaped) = (false, false);
    for letter in format.chars() {
        match letter {
            _ if escaped => escaped = false,
            '\\' | '_' | '*' => escaped = true,
            '"' => quoted = !quoted,
            ';' if !quoted => return false,
            '%' if !quoted => return true,
            _ => (),
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_behind_the_digits_of_a_spreadsheet_is_dropped() {
        let read = |double: f64| exact(double).map(|number| number.to_string());
        assert_eq!(read(0.300_000_000_000_000_04).as_deref(), Some("0.3"));
        assert_eq!(read(0.600_000_000_000_000_1).as_deref(), Some("0.6"));
        assert_eq!((read(12.5), read(1e15), read(-3.0)), (some("12.5"), some("1000000000000000"), some("-3")));
        assert_eq!((read(1e300), read(f64::NAN), read(f64::INFINITY)), (None, None, None));
    }

    fn some(text: &str) -> Option<String> {
        Some(text.into())
    }

    #[test]
    fn percentages_are_known_by_their_format() {
        for format in ["0%", "0.0%", "#,##0.00 %", "[Red]0%;-0%"] {
            assert!(has_percent_sign(format), "{format}");
        }
        for format in ["General", "0.0\"%\"", "0\\%", "0;0%", ""] {
            assert!(!has_percent_sign(format), "{format}");
        }
    }
}
