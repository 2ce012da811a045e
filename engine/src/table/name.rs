//! Vietnamese words as identifiers.

use crate::text::folded_words;

/// Longest slug or name, in characters.
const LONGEST: usize = 60;

/// "Hạ tầng số" → "ha-tang-so". May be empty.
pub fn slug_of(text: &str) -> String {
    joined(text, '-')
}

/// A name that a formula may read: "Hạ tầng số" → "ha_tang_so". Never begins with a digit; may be empty.
pub fn name_of(text: &str) -> String {
    let name = joined(text, '_');
    if name.starts_with(|first: char| first.is_ascii_digit()) { format!("so_{name}") } else { name }
}

/// Lower case without marks, words separated by single spaces: what headings are recognised by.
pub(super) fn folded(text: &str) -> String {
    folded_words(text).join(" ")
}

fn joined(text: &str, separator: char) -> String {
    let mut out = String::new();
    for word in folded_words(text) {
        if !out.is_empty() && out.len() + 1 + word.len() > LONGEST {
            break;
        }
        if !out.is_empty() {
            out.push(separator);
        }
        out.extend(word.chars().take(LONGEST));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vietnamese_words_become_identifiers() {
        let check = |text: &str, slug: &str, name: &str| {
            assert_eq!((slug_of(text).as_str(), name_of(text).as_str()), (slug, name))
        };
        check("Hạ tầng số", "ha-tang-so", "ha_tang_so");
        check("  Đô thị – thông minh (ĐTTM) ", "do-thi-thong-minh-dttm", "do_thi_thong_minh_dttm");
        check("Đường\u{a0}số", "duong-so", "duong_so");
        check("A\u{302}\u{301}n s\u{6f}\u{302}\u{301}", "an-so", "an_so");
        check("5 năm", "5-nam", "so_5_nam");
        check("–", "", "");
    }

    #[test]
    fn a_long_name_ends_with_a_whole_word() {
        let slug = slug_of("Tỷ lệ công chức, viên chức được trang bị máy tính làm việc tại cơ quan, đơn vị");
        assert_eq!(slug, "ty-le-cong-chuc-vien-chuc-duoc-trang-bi-may-tinh-lam-viec");
    }
}
