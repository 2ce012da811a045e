//! Vietnamese in the encodings from before Unicode, as a file of those years or a copied cell brings it in: letters of
//! Western Europe that mean Vietnamese ones in a font of their own. It is recognised and named, never guessed at.
//!
//! A word is one of those where it is no Vietnamese syllable as it stands and is one once it is decoded: "ViÖt", "Vieät".
//! Names of other languages ("Müller", "Français", "Zürich") are not.

use super::syllable::is_syllable;

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

/// The encoding a text is in, where it is not Unicode. Where the words leave a doubt, there is none.
pub fn legacy(text: &str) -> Option<Legacy> {
    if text.is_ascii() {
        return None;
    }
    let words: Vec<&str> = text.split(parts_words).filter(|word| word.contains(char::is_alphabetic)).collect();
    let (mut foreign, mut tcvn3, mut vni, mut certain) = (0_usize, 0_usize, 0_usize, false);
    for word in words.iter().filter(|word| is_foreign(word)) {
        let [as_tcvn3, as_vni] = [decoded_tcvn3(word), decoded_vni(word)].map(|decoded| is_syllable(&decoded));
        foreign += 1;
        tcvn3 += usize::from(as_tcvn3);
        vni += usize::from(as_vni);
        certain |= as_tcvn3 && is_unlike_any_name(word) || as_vni && word.chars().count() > 3;
    }
    let (found, read) = if vni > tcvn3 { (Legacy::Vni, vni) } else { (Legacy::Tcvn3, tcvn3) };
    // One word alone may be a name; among many of ours, one or two may be anything.
    let enough = match read {
        0 => false,
        1 => certain && words.len() <= 2,
        2 => words.len() <= 12,
        _ => true,
    };
    (enough && read * 3 >= foreign * 2).then_some(found)
}

/// Between words: what neither encoding has for a letter.
fn parts_words(letter: char) -> bool {
    letter.is_ascii() && !letter.is_ascii_alphabetic()
        || letter == '\u{a0}'
        || letter > '\u{ff}' && !letter.is_alphabetic()
}

/// A word with letters or signs from beyond ASCII, that is no Vietnamese syllable as it stands.
fn is_foreign(word: &str) -> bool {
    let is_mark = |letter: char| !letter.is_ascii();
    // A micrometre is no "àm".
    word.contains(is_mark)
        && word.contains(|letter: char| letter.is_ascii_alphabetic())
        && word != "µm"
        && !is_syllable(word)
}

/// A sign inside a word, or a capital with a mark after a small letter: "§iÓm", "ViÖt". No language writes so.
fn is_unlike_any_name(word: &str) -> bool {
    let letters: Vec<char> = word.chars().collect();
    let shouts = |pair: &[char]| pair[0].is_ascii_lowercase() && matches!(pair[1], 'À'..='Þ');
    letters.windows(2).any(shouts) || letters.len() > 2 && letters.iter().any(|letter| !letter.is_alphabetic())
}

/// What the letters of TCVN 5712 stand for, from U+00A1 on; a dot where there is nothing.
const TCVN3: &str = "ĂÂÊÔƠƯĐăâêôơưđ......àảãáạ.ằẳẵắ.......ặầẩẫấậè.ẻẽéẹềểễếệìỉ...ĩíịò.ỏõóọồổỗốộờởỡớợù.ủũúụừửữứựỳỷỹýỵ.";

fn decoded_tcvn3(word: &str) -> String {
    let letter = |letter: char| {
        let at = u32::from(letter).checked_sub(0xa1).and_then(|at| usize::try_from(at).ok());
        at.and_then(|at| TCVN3.chars().nth(at)).unwrap_or(letter)
    };
    word.chars().map(letter).collect()
}

/// The marks VNI writes behind a vowel, and what they put on it.
const VNI: [(char, &str); 16] = [
    ('ù', "\u{301}"),
    ('ø', "\u{300}"),
    ('û', "\u{309}"),
    ('õ', "\u{303}"),
    ('ï', "\u{323}"),
    ('â', "\u{302}"),
    ('á', "\u{302}\u{301}"),
    ('à', "\u{302}\u{300}"),
    ('å', "\u{302}\u{309}"),
    ('ã', "\u{302}\u{303}"),
    ('ä', "\u{302}\u{323}"),
    ('ê', "\u{306}"),
    ('é', "\u{306}\u{301}"),
    ('è', "\u{306}\u{300}"),
    ('ú', "\u{306}\u{309}"),
    ('ü', "\u{306}\u{303}"),
];

fn decoded_vni(word: &str) -> String {
    let mut out = String::new();
    let mut vowel = None;
    for letter in word.chars().flat_map(char::to_lowercase) {
        let mark = match (vowel, letter) {
            (Some('a'), 'ë') => Some("\u{306}\u{323}"),
            (Some('a' | 'e' | 'o' | 'u' | 'y' | 'ö' | 'ô'), letter) => {
                VNI.iter().find(|(mark, _)| *mark == letter).map(|(_, meant)| *meant)
            }
            _ => None,
        };
        vowel = mark.is_none().then_some(letter);
        match (mark, letter) {
            (Some(mark), _) => out.push_str(mark),
            (None, 'ñ') => out.push('đ'),
            (None, 'ö') => out.push('ư'),
            (None, 'ô') => out.push('ơ'),
            (None, 'æ') => out.push('ỉ'),
            (None, 'ó') => out.push('ĩ'),
            (None, 'ò') => out.push('ị'),
            (None, 'î') => out.push('ỵ'),
            (None, letter) => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn old_encodings_are_known_by_their_words() {
        for text in [
            "§iÓm",
            "TiÕng ViÖt",
            "Tû lÖ ng\u{ad}êi d©n hµi lßng",
            "Tû lÖ ngêi d©n hµi lßng",
            "§iÓm tèi ®a",
            "Céng hoµ x· héi chñ nghÜa ViÖt Nam",
            "Theo báo cáo của đơn vị: ®· ban hµnh kÕ ho¹ch chuyÓn ®æi sè",
            "Report 2025: KÕ ho¹ch (®ît 1)",
        ] {
            assert_eq!(legacy(text), Some(Legacy::Tcvn3), "{text}");
        }
        for text in [
            "Tieáng Vieät",
            "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam",
            "Ñieåm toái ña",
            "Tyû leä",
            "COÄNG HOØA XAÕ HOÄI",
            "Vieät",
        ] {
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
            "Müller für Größe",
            "theo Café Zürich",
            "Hôpital Français de Hanoï",
            "Zürich Österreich",
            "Škoda, Łódź, São Tomé, Curaçao",
            "très bien, déjà vu, où êtes-vous",
            "smörgåsbord på svenska, Ålesund, København",
            "10 m² × 5, § 3, © 2025, 25 °C, 10 µm, ±5, ½, «một», Windows®",
            "Bà Lê Thị Hoà",
            "QĐ-UBND, Đăk Lăk, Krông Năng, Ia H’Drai, Cư M'gar",
            "plain",
            "",
        ];
        for text in ours {
            assert_eq!(legacy(text), None, "{text}");
        }
        assert!(refusal("Tieáng Vieät").is_some_and(|told| told.contains("VNI")));
    }

    /// Every line and every cell of the shipped sets, their data and all texts of the pages, in both languages.
    #[test]
    fn no_text_of_ours_is_taken_for_an_old_one() {
        fn walk(folder: &std::path::Path, lines: &mut usize) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    walk(&path, lines);
                } else if let Ok(text) = std::fs::read_to_string(&path) {
                    for piece in text.lines().flat_map(|line| std::iter::once(line).chain(line.split([',', '"', '='])))
                    {
                        assert_eq!(legacy(piece), None, "{}: {piece}", path.display());
                        *lines += 1;
                    }
                }
            }
        }
        let (root, mut lines) = (std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(".."), 0);
        for folder in ["seeds/data", "seeds/sets", "app/locales"] {
            walk(&root.join(folder), &mut lines);
        }
        assert!(lines > 10_000, "{lines}");
    }

    #[test]
    fn the_table_has_a_letter_for_each_code() {
        assert_eq!(TCVN3.chars().count(), 0xff - 0xa1 + 1);
    }
}
