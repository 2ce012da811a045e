//! Vietnamese in the encodings from before Unicode, as a file of those years or a copied cell brings it in: letters of
//! Western Europe that mean Vietnamese ones in a font of their own. It is recognised and named, never guessed at.

/// An encoding that needs its own fonts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Legacy {
    /// TCVN 5712, the encoding of ".VnTime".
    Tcvn3,
    /// The encoding of "VNI-Times".
    Vni,
}

impl Legacy {
    /// As people call it.
    pub fn name(self) -> &'static str {
        match self {
            Legacy::Tcvn3 => "TCVN3 (ABC, phông .VnTime)",
            Legacy::Vni => "VNI (phông VNI-Times)",
        }
    }
}

/// What to do about a text in an old encoding, for whoever sent it; `None` where it is Unicode.
pub fn refusal(text: &str) -> Option<String> {
    let name = legacy(text)?.name();
    Some(format!(
        "Chữ ở đây theo bảng mã {name}, không phải Unicode; hãy chuyển mã (Unikey: Ctrl+Shift+F6) rồi nhập lại."
    ))
}

/// The encoding a text is in, where it is not Unicode. A single foreign word, such as a name, is no such text.
pub fn legacy(text: &str) -> Option<Legacy> {
    if text.is_ascii() || text.contains(is_beyond) {
        return None;
    }
    let words: Vec<Vec<char>> = text
        .split_whitespace()
        .filter(|word| word.contains(char::is_alphabetic))
        .map(|word| word.chars().collect())
        .collect();
    let (vni, foreign) = (count(&words, is_vni), count(&words, is_foreign));
    let suspicious = count(&words, |word| is_vni(word) || is_foreign(word));
    // A lone "Zürich" is a name, a lone "§iÓm" is not.
    let alone = words.len() == 1 && words[0].iter().any(|letter| SIGNS.contains(*letter));
    if !alone && suspicious < 2 || suspicious * 4 < words.len() {
        return None;
    }
    match (vni * 2 >= suspicious, foreign > 0) {
        (true, _) => Some(Legacy::Vni),
        (false, true) => Some(Legacy::Tcvn3),
        (false, false) => None,
    }
}

/// Signs that stand for letters in TCVN3.
const SIGNS: &str = "µ¸¶·¹¨»¾¼½©®ª«¬×÷§¡¢£¤¥¦";

fn count(words: &[Vec<char>], fits: impl Fn(&[char]) -> bool) -> usize {
    words.iter().filter(|word| fits(word)).count()
}

/// What the old encodings do not have: letters from beyond Western Europe, as nearly every Vietnamese sentence has some.
fn is_beyond(letter: char) -> bool {
    letter > '\u{ff}' && !matches!(letter, '\u{2010}'..='\u{2027}' | '\u{20ac}' | '\u{2122}' | 'Ÿ' | 'Œ' | 'œ' | 'ƒ')
}

/// A vowel followed by the letter that stands for its mark: "Tieáng Vieät". No word of Vietnamese has such a pair.
fn is_vni(word: &[char]) -> bool {
    const MARKS: &str = "ùøûõïâáàåãäêéèúüë";
    word.windows(2).any(|pair| {
        let [vowel, mark] = [pair[0], pair[1]].map(|letter| letter.to_lowercase().next().unwrap_or(letter));
        match vowel {
            'a' | 'e' => MARKS.contains(mark),
            'o' => "ùøûïâåäë".contains(mark),
            'u' | 'y' | 'ö' | 'ô' => "ùøûõï".contains(mark),
            _ => false,
        }
    })
}

/// A letter or sign that Vietnamese words do not have, next to a letter, or a capital with a mark after a small letter:
/// "ViÖt", "tû lÖ", "§iÓm", "TiÕng".
fn is_foreign(word: &[char]) -> bool {
    const LETTERS: &str = "äåæçëîïñöøûüþÿßÆÇËÎÏÐÑÖØÛÜÞÄÅ";
    let near = |at: usize| {
        let beside = [at.checked_sub(1), at.checked_add(1)];
        beside.into_iter().flatten().filter_map(|at| word.get(at)).any(|letter| letter.is_alphabetic())
    };
    let shouts = |pair: &[char]| pair[0].is_ascii_lowercase() && matches!(pair[1], 'À'..='Þ');
    if word.windows(2).any(shouts) {
        return true;
    }
    word.iter().enumerate().any(|(at, letter)| LETTERS.contains(*letter) || SIGNS.contains(*letter) && near(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_encodings_are_known_by_their_words() {
        for text in
            ["§iÓm", "TiÕng ViÖt", "Tû lÖ ng\u{ad}êi d©n hµi lßng", "§iÓm tèi ®a", "Céng hoµ x· héi chñ nghÜa ViÖt Nam"]
        {
            assert_eq!(legacy(text), Some(Legacy::Tcvn3), "{text}");
        }
        for text in ["Tieáng Vieät", "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "Ñieåm toái ña", "Tyû leä"]
        {
            assert_eq!(legacy(text), Some(Legacy::Vni), "{text}");
        }
    }

    #[test]
    fn unicode_and_foreign_names_are_left_alone() {
        let ours = [
            "Tiếng Việt",
            "hoà, quý, thuý, khoá, toà, uỷ",
            "Ủy ban nhân dân",
            "Công ty Müller tài trợ máy in cho xã",
            "theo Café Zürich",
            "10 m² × 5, § 3, © 2025",
            "Bà Lê Thị Hoà",
            "plain",
            "",
        ];
        for text in ours {
            assert_eq!(legacy(text), None, "{text}");
        }
        assert!(refusal("Tieáng Vieät").is_some_and(|told| told.contains("VNI")));
    }
}
