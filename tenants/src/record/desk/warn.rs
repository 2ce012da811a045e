//! What looks wrong and may still be right: told to the clerk, the head and the council; it never changes a score.

use engine::InputKind;
use rust_decimal::Decimal;
use std::collections::HashMap;
use time::Date;

use super::LastRow;
use crate::documents::EvidenceItem;
use crate::sheets::Field;

/// One document behind more indicators than this is worth a second look.
pub const MANY: usize = 5;

/// Figures that moved by more than 30 % against last year, in the set's order of fields.
pub fn against_last_year(fields: &[Field], last: &LastRow, year: i32) -> Vec<String> {
    let moved = |field: &Field| {
        let then = last.values.get(&field.name)?;
        let (now, was) = (number(field, &field.value)?, number(field, then)?);
        let far = (now - was).abs() * Decimal::TEN > was.abs() * Decimal::from(3);
        far.then(|| format!("“{}” khác năm {year} hơn 30 % ({then} → {}); hãy kiểm tra lại.", field.label, field.value))
    };
    fields.iter().filter_map(moved).collect()
}

/// A figure that can be compared; `None` for yes/no, levels and what is not entered.
fn number(field: &Field, text: &str) -> Option<Decimal> {
    match field.kind {
        InputKind::YesNo | InputKind::Level(_) => None,
        _ => engine::number::parse(text).ok(),
    }
}

/// A percentage typed as a fraction: 0,85 where 85 is meant.
pub fn fractions(fields: &[Field]) -> Vec<String> {
    let small = |field: &&Field| {
        let value = number(field, &field.value).filter(|_| field.kind == InputKind::Percent);
        value.is_some_and(|value| value > Decimal::ZERO && value <= Decimal::ONE)
    };
    let told = |field: &Field| {
        format!("“{}” là {} %: có phải đã nhập tỷ lệ dạng phân số? Ví dụ 85 % nhập là 85.", field.label, field.value)
    };
    fields.iter().filter(small).map(told).collect()
}

/// Documents issued outside the assessed year, and documents that prove many indicators at once. `uses` counts the
/// indicators of the sheet by document.
pub fn documents(items: &[EvidenceItem], year: i32, uses: &HashMap<String, usize>) -> Vec<String> {
    other_years(items, year).into_iter().chain(many_uses(items, uses)).collect()
}

/// Documents issued outside the assessed year.
pub fn other_years(items: &[EvidenceItem], year: i32) -> Vec<String> {
    let told = |item: &EvidenceItem| {
        let day = item.card.issued_on.filter(|day| day.year() != year)?;
        Some(format!("Tài liệu “{}” ban hành ngày {}, ngoài năm đánh giá {year}.", item.name, day_month(day)))
    };
    standing(items).filter_map(told).collect()
}

/// Documents that prove more than `MANY` indicators.
pub fn many_uses(items: &[EvidenceItem], uses: &HashMap<String, usize>) -> Vec<String> {
    let told = |item: &EvidenceItem| {
        let count = uses.get(&item.identity()).copied().filter(|count| *count > MANY)?;
        Some(format!("Tài liệu “{}” đang dùng cho {count} chỉ số.", item.name))
    };
    standing(items).filter_map(told).collect()
}

fn standing(items: &[EvidenceItem]) -> impl Iterator<Item = &EvidenceItem> {
    items.iter().filter(|item| item.replaced.is_none())
}

fn day_month(day: Date) -> String {
    format!("{:02}/{:02}/{}", day.day(), u8::from(day.month()), day.year())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use engine::Provider;

    use super::*;

    fn field(kind: InputKind, value: &str) -> Field {
        Field {
            name: "a".into(),
            label: "Số A".into(),
            kind,
            provider: Provider::Unit,
            shared: false,
            value: value.into(),
        }
    }

    fn last(value: &str) -> LastRow {
        LastRow { values: [("a".to_owned(), value.to_owned())].into(), ..LastRow::default() }
    }

    #[test]
    fn a_third_more_is_told_and_thirty_percent_is_not() {
        let told = |now, then| against_last_year(&[field(InputKind::Count, now)], &last(then), 2024).len();
        assert_eq!((told("130", "100"), told("131", "100"), told("70", "100"), told("69", "100")), (0, 1, 0, 1));
        assert_eq!((told("", "100"), told("5", "0"), told("0", "0"), told("1.300", "1.000,0")), (0, 1, 0, 0));
        assert_eq!(against_last_year(&[field(InputKind::YesNo, "true")], &last("false"), 2024), Vec::<String>::new());
    }

    #[test]
    fn a_percentage_below_one_is_asked_about() {
        let told = |kind, value| fractions(&[field(kind, value)]).len();
        assert_eq!(
            (told(InputKind::Percent, "0,85"), told(InputKind::Percent, "1"), told(InputKind::Percent, "85")),
            (1, 1, 0)
        );
        assert_eq!((told(InputKind::Percent, "0"), told(InputKind::Number, "0,85")), (0, 0));
    }
}
