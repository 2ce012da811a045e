//! Finding a unit by what people type: without accents, in pieces, by initials.

use engine::text::folded_words;

/// Joins the parts of a name; people leave it out or write "&" for it.
const AND: &str = "va";

/// Letters of a part of an abbreviation: "PTNT".
const LONGEST_PART: usize = 5;

/// What is searched for.
pub struct Search {
    words: Vec<String>,
}

impl Search {
    /// "Sở Lao động-Thương binh", "dien-bien phu", "UBND TP", "Sở TT&TT".
    pub fn new(typed: &str) -> Search {
        Search { words: words_of(typed).into_iter().filter(|word| word != AND).collect() }
    }

    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether each word is part of the name or stands for words that follow each other in it: "UBND" for "Ủy ban nhân dân",
    /// "LĐTBXH" for "Lao động - Thương binh và Xã hội".
    pub fn finds(&self, name: &str) -> bool {
        let whole = words_of(name).join(" ");
        let words = folded_words(name);
        let initials: String =
            words.iter().filter(|word| *word != AND).filter_map(|word| word.chars().next()).collect();
        let found = |word: &String| whole.contains(word) || word.len() > 1 && initials.contains(word);
        !self.is_empty() && self.words.iter().all(found)
    }
}

/// Words as they are compared. "TT&TT" is one abbreviation, not one word twice.
fn words_of(text: &str) -> Vec<String> {
    let pieces = text.split_whitespace().flat_map(|piece| {
        let words = folded_words(piece);
        let is_short = piece.contains('&') && words.iter().all(|word| word.len() <= LONGEST_PART);
        if is_short { vec![words.concat()] } else { words }
    });
    pieces.filter(|word| !word.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(typed: &str, name: &str, found: bool) {
        assert_eq!(Search::new(typed).finds(name), found, "{typed:?} in {name:?}");
    }

    #[test]
    fn accents_hyphens_and_case_do_not_matter() {
        check("so tai chinh", "Sở Tài chính", true);
        check("Điện Biên Đông", "Huyện Điện Biên Đông", true);
        check("dien-bien phu", "Thành phố Điện Biên Phủ", true);
        check("Sở Lao động-Thương binh", "Sở Lao động - Thương binh và Xã hội", true);
        check("Sở Lao động–Thương binh & Xã hội", "Sở Lao động - Thương binh và Xã hội", true);
        check("Văn hóa và Thể thao", "Sở Văn hóa, Thể thao và Du lịch", true);
        check("so tai nguyen", "Sở Tài chính", false);
        check(" - ", "Sở Tài chính", false);
    }

    #[test]
    fn abbreviations_stand_for_the_words_they_begin() {
        let found = [
            ("Sở TT&TT", "Sở Thông tin và Truyền thông"),
            ("sở tttt", "Sở Thông tin và Truyền thông"),
            ("KH&CN", "Sở Khoa học và Công nghệ"),
            ("LĐTBXH", "Sở Lao động - Thương binh và Xã hội"),
            ("LĐ-TB&XH", "Sở Lao động - Thương binh và Xã hội"),
            ("sở GD&ĐT", "Sở Giáo dục và Đào tạo"),
            ("GDĐT", "Sở Giáo dục và Đào tạo"),
            ("NN&PTNT", "Sở Nông nghiệp và Phát triển nông thôn"),
            ("VHTTDL", "Sở Văn hóa, Thể thao và Du lịch"),
            ("TP. Điện Biên Phủ", "Thành phố Điện Biên Phủ"),
            ("UBND huyện Mường Ảng", "Ủy ban nhân dân huyện Mường Ảng"),
            ("VP UBND", "Văn phòng Ủy ban nhân dân tỉnh"),
            ("TX Mường Lay", "Thị xã Mường Lay"),
        ];
        for (typed, name) in found {
            check(typed, name, true);
        }
        check("UBND", "Sở Tài chính", false);
        check("TT&TT", "Sở Văn hóa, Thể thao và Du lịch", false);
        check("VH,TT&DL", "Sở Văn hóa, Thể thao và Du lịch", true);
        check("Sở TT&TT", "Sở TT&TT", true);
        check("KH & CN", "Sở Khoa học và Công nghệ", true);
        check("KH&CN", "Sở Kế hoạch và Đầu tư", false);
    }
}
