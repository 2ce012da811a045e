//! The order of Vietnamese names: of letters first (a ă â b c d đ e ê …), of tones only between names that are otherwise the
//! same, as dictionaries have it, and never of code points. People stand by their given names.

use std::cmp::Ordering;
use std::sync::LazyLock;

use icu_collator::options::CollatorOptions;
use icu_collator::{Collator, CollatorBorrowed};
use icu_locale_core::locale;

/// `None` cannot happen: the data of the language is part of the program.
static VIETNAMESE: LazyLock<Option<CollatorBorrowed<'static>>> =
    LazyLock::new(|| Collator::try_new(locale!("vi").into(), CollatorOptions::default()).ok());

/// Names of units and of anything else that is read from its beginning.
pub(crate) fn names(one: &str, other: &str) -> Ordering {
    let order = VIETNAMESE.as_ref().map_or(Ordering::Equal, |vietnamese| vietnamese.compare(one, other));
    order.then_with(|| one.cmp(other))
}

/// Names of people: by the given name, which comes last, then by the whole name.
pub(crate) fn people(one: &str, other: &str) -> Ordering {
    let given = |name: &str| name.split_whitespace().next_back().unwrap_or_default().to_owned();
    let order = |one: &str, other: &str| {
        VIETNAMESE.as_ref().map_or(Ordering::Equal, |vietnamese| vietnamese.compare(one, other))
    };
    order(&given(one), &given(other)).then_with(|| names(one, other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_before_tones_before_code_points() {
        let mut units = [
            "Sở Y tế",
            "Ủy ban",
            "Sở Xây dựng",
            "Đài Phát thanh",
            "Ban Dân tộc",
            "Ân Thi",
            "An Dương",
            "Ăn",
            "Sở Công Thương",
        ];
        units.sort_by(|a, b| names(a, b));
        let wanted = [
            "An Dương",
            "Ăn",
            "Ân Thi",
            "Ban Dân tộc",
            "Đài Phát thanh",
            "Sở Công Thương",
            "Sở Xây dựng",
            "Sở Y tế",
            "Ủy ban",
        ];
        assert_eq!(units, wanted);
        let mut tones = ["mạ", "mã", "ma", "má", "mả", "mà", "da", "đa", "dâ"];
        tones.sort_by(|a, b| names(a, b));
        assert_eq!(tones, ["da", "dâ", "đa", "ma", "mà", "mả", "mã", "má", "mạ"]);
    }

    #[test]
    fn people_stand_by_their_given_names() {
        let mut all = ["Vũ Thị Yến", "Ánh Tuyết Mai", "Đặng Văn An", "Trần Ân", "Nguyễn Văn An", "Lê Mai", "Bùi Đông"];
        all.sort_by(|a, b| people(a, b));
        let wanted = ["Đặng Văn An", "Nguyễn Văn An", "Trần Ân", "Bùi Đông", "Ánh Tuyết Mai", "Lê Mai", "Vũ Thị Yến"];
        assert_eq!(all, wanted);
    }
}
