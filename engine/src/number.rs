//! Numbers as Vietnamese people write them: "1.234,5". Reading accepts plain "1234.5" as well.

use std::borrow::Cow;

use rust_decimal::Decimal;

/// What was typed is not a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a number")]
pub struct NotANumber;

/// With exactly `places` decimals, rounded half-up: 1234.5 → "1.234,50".
pub fn format(number: Decimal, places: u32) -> String {
    written(crate::round::half_up(number, places))
}

/// With as many decimals as it has: 12.50 → "12,5".
pub fn trim(number: Decimal) -> String {
    written(number.normalize())
}

fn written(number: Decimal) -> String {
    let plain = number.abs().to_string();
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let grouped = group(whole);
    let sign = if number.is_sign_negative() && !number.is_zero() { "−" } else { "" };
    if fraction.is_empty() { format!("{sign}{grouped}") } else { format!("{sign}{grouped},{fraction}") }
}

/// The digits of a whole number in threes: "1234567" → "1.234.567".
pub fn group(digits: &str) -> String {
    let mut grouped = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            grouped.push('.');
        }
        grouped.push(digit);
    }
    grouped
}

/// Reads "1.234,5", "8,5", "1 234,5", "1234.5" and "12.5". Dots that group thousands are dots followed by three digits;
/// a single dot followed by other than three digits is a decimal point. "1.234" is one thousand two hundred thirty-four.
/// Spaces, too, group thousands and do nothing else: "1 2" is two numbers, not twelve.
pub fn parse(text: &str) -> Result<Decimal, NotANumber> {
    let text = text.trim().replace('−', "-");
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("-", rest.trim_start()));
    let digits = joined(digits).ok_or(NotANumber)?;
    let plain = match digits.split_once(',') {
        Some((whole, fraction)) => format!("{}.{}", ungroup(whole)?, only_digits(fraction)?),
        None if is_grouped(&digits, '.') => digits.replace('.', ""),
        None => {
            let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, "0"));
            format!("{}.{}", only_digits(whole)?, only_digits(fraction)?)
        }
    };
    let number = Decimal::from_str_exact(&format!("{sign}{plain}")).map_err(|_| NotANumber)?;
    Ok(number.normalize())
}

/// Reads "85", "85 %" and "85%" as 85.
pub fn parse_percent(text: &str) -> Result<Decimal, NotANumber> {
    let text = text.trim();
    parse(text.strip_suffix('%').unwrap_or(text))
}

/// "1 234,5" without its spaces; `None` where a space stands elsewhere than before three digits of the whole part.
fn joined(digits: &str) -> Option<Cow<'_, str>> {
    if !digits.contains(char::is_whitespace) {
        return Some(digits.into());
    }
    let whole = digits.split([',', '.']).next().unwrap_or(digits);
    let spaced = whole.replace(char::is_whitespace, " ");
    let grouped = is_grouped(&spaced, ' ') && !digits[whole.len()..].contains(char::is_whitespace);
    grouped.then(|| format!("{}{}", spaced.replace(' ', ""), &digits[whole.len()..]).into())
}

fn only_digits(text: &str) -> Result<&str, NotANumber> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if plain { Ok(text) } else { Err(NotANumber) }
}

fn ungroup(whole: &str) -> Result<String, NotANumber> {
    if is_grouped(whole, '.') { Ok(whole.replace('.', "")) } else { only_digits(whole).map(String::from) }
}

/// "1.234" or "12.345.678".
fn is_grouped(text: &str, mark: char) -> bool {
    let mut parts = text.split(mark);
    let head = parts.next().unwrap_or_default();
    let mut rest = parts.peekable();
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    (1..=3).contains(&head.len())
        && is_number(head)
        && head != "0"
        && rest.peek().is_some()
        && rest.all(|part| part.len() == 3 && is_number(part))
}
