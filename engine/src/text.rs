//! Text as it is kept, whoever typed it: composed, without what nobody sees. What comes from outside passes [`clean`] once,
//! where it comes in; everything behind that compares and keeps one spelling.
//!
//! A Mac spells "ế" in three pieces, Notepad puts a byte order mark before the first letter, and a web page leaves
//! zero-width spaces behind: the same words, and not equal to them.

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization, is_nfc};

mod legacy;
mod syllable;

pub use legacy::{Legacy, legacy, refusal};

/// The text in composed form (NFC), without byte order marks, control characters and what has no width. Line ends and tabs
/// stay as they are; spaces of other widths, such as the no-break space, become ordinary ones.
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.is_ascii() && !text.bytes().any(|byte| is_control(char::from(byte))) {
        return Cow::Borrowed(text);
    }
    let in_one_piece = |letter: char| kept(letter) == Some(letter) && !('\u{300}'..='\u{36f}').contains(&letter);
    if is_nfc(text) && text.chars().all(in_one_piece) {
        return Cow::Borrowed(text);
    }
    let pieces: Vec<char> = text.chars().filter_map(kept).nfd().collect();
    Cow::Owned(in_order(pieces).into_iter().nfc().collect())
}

/// The same, for a text one owns.
pub fn cleaned(text: String) -> String {
    match clean(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(cleaned) => cleaned,
    }
}

/// Bytes as text: UTF-8, or UTF-16 where a byte order mark says so, as Notepad saves "Unicode". `None` for anything else.
pub fn decode(bytes: &[u8]) -> Option<String> {
    let wide = |unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes[2..].chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
        String::from_utf16(&units).ok().filter(|_| bytes.len().is_multiple_of(2))
    };
    let text = match bytes {
        [0xff, 0xfe, ..] => wide(u16::from_le_bytes)?,
        [0xfe, 0xff, ..] => wide(u16::from_be_bytes)?,
        _ => std::str::from_utf8(bytes).ok()?.to_owned(),
    };
    Some(cleaned(text))
}

/// The words of a text in lower case without marks, parted wherever something other than a letter or a digit stands.
pub fn folded_words(text: &str) -> Vec<String> {
    let plain = deunicode::deunicode(text).to_lowercase();
    plain
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(String::from)
        .collect()
}

/// What stands for a character: itself, a space, a line end or nothing.
fn kept(letter: char) -> Option<char> {
    match letter {
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => Some(' '),
        '\u{2028}' | '\u{2029}' | '\u{85}' => Some('\n'),
        letter if is_control(letter) || is_invisible(letter) => None,
        letter => Some(letter),
    }
}

fn is_control(letter: char) -> bool {
    letter.is_control() && !matches!(letter, '\t' | '\n' | '\r')
}

/// Soft hyphens, zero-width characters, marks of direction, byte order marks, tags, and what XML cannot hold.
fn is_invisible(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{fffe}'..='\u{ffff}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

/// Some keyboards write the tone before the hat: "é" and a circumflex. Unicode takes the two orders for two letters, the
/// language for one.
fn in_order(mut pieces: Vec<char>) -> Vec<char> {
    const TONES: [char; 4] = ['\u{300}', '\u{301}', '\u{303}', '\u{309}'];
    const HATS: [char; 2] = ['\u{302}', '\u{306}'];
    for hat in 1..pieces.len() {
        let mut at = hat;
        while at > 0 && HATS.contains(&pieces[at]) && TONES.contains(&pieces[at - 1]) {
            pieces.swap(at - 1, at);
            at -= 1;
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, wanted: &str) {
        assert_eq!(clean(text), wanted, "{text:?}");
    }

    #[test]
    fn one_spelling_of_one_word() {
        for spelled in ["Tiếng", "Tie\u{302}\u{301}ng", "Ti\u{ea}\u{301}ng", "Ti\u{e9}\u{302}ng", "Tie\u{301}\u{302}ng"]
        {
            check(spelled, "Ti\u{1ebf}ng");
        }
        check("đo\u{31b}\u{323}i", "đợi");
        check("Bộ\u{302}", "Bộ\u{302}");
    }

    #[test]
    fn what_nobody_sees_is_not_kept() {
        check("\u{feff}1.1\u{200b}\t10\r\n", "1.1\t10\r\n");
        check("Sở\u{a0}Tư\u{2009}pháp\u{0}\u{7}", "Sở Tư pháp");
        check("chuyển\u{ad} đổi\u{202e} số\u{2028}hết\u{ffff}", "chuyển đổi số\nhết");
        check("a\tb\r\nc", "a\tb\r\nc");
    }

    #[test]
    fn what_is_in_order_is_not_copied() {
        for text in ["plain\tascii\r\n", "Sở Lao động – Thương binh và Xã hội", "1.234,5 m²", ""] {
            assert!(matches!(clean(text), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn files_of_a_text_editor_are_read() {
        let wide: Vec<u8> = "\u{feff}Sở".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&wide).as_deref(), Some("Sở"));
        assert_eq!(decode("\u{feff}Sở".as_bytes()).as_deref(), Some("Sở"));
        assert_eq!((decode(&[0xff, 0xfe, 1]), decode(&[0xc3])), (None, None));
    }
}
