//! Footnotes: their marks inside names, and their texts below the table. Neither is part of what an indicator is called.

use super::name::folded;

/// How the text of a footnote begins, in plain letters; the last two only with a colon.
const BEGINNINGS: [&str; 6] = ["ghi chu", "chu thich", "chu giai", "luu y", "nguon", "noi nhan"];

/// What has an exponent.
const UNITS: [&str; 5] = ["m", "km", "cm", "dm", "mm"];

/// Whether a row's text is a footnote: "Ghi chú: …", "(*) …", "[1] …", "¹ …".
pub(super) fn is_footnote(text: &str) -> bool {
    let text = text.trim_start();
    let (words, before_colon) = (folded(text), text.split_once(':').map(|(before, _)| folded(before)));
    let begins =
        |beginning: &str| words.strip_prefix(beginning).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    BEGINNINGS[..4].iter().any(|beginning| begins(beginning))
        || before_colon.is_some_and(|words| BEGINNINGS.contains(&words.as_str()))
        || mark(text).is_some_and(|length| length < text.len())
}

/// The name without the marks that point to footnotes: "Tỷ lệ máy trạm¹", "Có kế hoạch (*)", "Có họp [2]". The exponent of
/// a unit of measure stays: "m²".
pub(super) fn unmarked(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(letter) = rest.chars().next() {
        let word = out.rsplit([' ', '(', '/']).next().unwrap_or_default();
        let is_unit = UNITS.contains(&word) && is_raised(letter);
        let length = mark(rest).filter(|_| !is_unit);
        // At its beginning it makes a footnote of the whole text.
        if length.is_none() || out.is_empty() {
            out.push_str(&rest[..length.unwrap_or(letter.len_utf8())]);
        }
        rest = &rest[length.unwrap_or(letter.len_utf8())..];
    }
    super::columns::one_line(&out).replace(" .", ".").replace(" ,", ",")
}

/// Bytes of the mark a text begins with: raised digits, "(*)", "[1]", "*".
fn mark(text: &str) -> Option<usize> {
    let raised = text.find(|letter| !is_raised(letter)).unwrap_or(text.len());
    if raised > 0 {
        return Some(raised);
    }
    let stars = text.len() - text.trim_start_matches('*').len();
    if stars > 0 {
        return Some(stars);
    }
    let (open, close) = match text.chars().next()? {
        '(' => ('(', ')'),
        '[' => ('[', ']'),
        _ => return None,
    };
    let inner = &text[1..text.find(close)?];
    let is_mark = match open {
        '(' => inner.bytes().all(|byte| byte == b'*'),
        _ => inner.len() <= 2 && inner.bytes().all(|byte| byte.is_ascii_digit() || byte == b'*'),
    };
    (is_mark && !inner.is_empty()).then_some(inner.len() + 2)
}

fn is_raised(letter: char) -> bool {
    matches!(letter, '¹' | '²' | '³' | '\u{2070}' | '\u{2074}'..='\u{2079}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_no_part_of_a_name() {
        let check = |name: &str, wanted: &str| assert_eq!(unmarked(name), wanted, "{name}");
        check("Tỷ lệ máy trạm¹", "Tỷ lệ máy trạm");
        check("Tỷ lệ máy trạm¹² được kết nối", "Tỷ lệ máy trạm được kết nối");
        check("Có kế hoạch (*)", "Có kế hoạch");
        check("Có họp [2], có biên bản**", "Có họp, có biên bản");
        check("Diện tích (m²) trên km²", "Diện tích (m²) trên km²");
        check("Mức 3 (toàn trình) [a]", "Mức 3 (toàn trình) [a]");
        check("(1) Có kế hoạch", "(1) Có kế hoạch");
    }

    #[test]
    fn texts_below_a_table_are_known() {
        for text in [
            "Ghi chú: làm tròn",
            "(*) Áp dụng cho xã",
            "* Áp dụng",
            "[1] Theo quyết định",
            "¹ Theo quyết định",
            "Nguồn: Sở",
        ] {
            assert!(is_footnote(text), "{text}");
        }
        for text in ["cuộc họp định kỳ", "Nguồn nhân lực số", "Ghi chúa", "[1]", "(1) Có"] {
            assert!(!is_footnote(text), "{text}");
        }
    }
}
