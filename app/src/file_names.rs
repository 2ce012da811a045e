//! Names of files as people send them, made such that every system can hold them and none is misled by them.

use unicode_normalization::UnicodeNormalization;

/// Longest name kept. Folders of Linux take 255 bytes, and browsers add a number to a name they have.
const CHARACTERS: usize = 200;
const BYTES: usize = 240;
/// Longest ending kept when a name is shortened, in characters without the dot.
const ENDING: usize = 10;
/// Names of devices on Windows, whatever ending follows.
const DEVICES: [&str; 24] = [
    "con", "prn", "aux", "nul", "conin$", "conout$", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8",
    "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];
/// Endings that say what a file is. Another one after a dot belongs to the name: "Nghị định 13.2023".
const KNOWN: [&str; 30] = [
    "pdf", "png", "jpg", "jpeg", "webp", "gif", "bmp", "tif", "tiff", "svg", "doc", "docx", "docm", "xls", "xlsx",
    "xlsm", "ppt", "pptx", "zip", "rar", "7z", "htm", "html", "xml", "txt", "js", "exe", "bat", "cmd", "scr",
];

/// The last part of the path, without what is not seen, what turns the direction of writing, what Windows does not hold;
/// at most 200 characters, its ending kept. Empty where nothing remains.
pub fn safe_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let seen = last.nfc().filter(|c| !is_hidden(*c));
    let plain: String =
        seen.map(|c| if matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*') { '_' } else { c }).collect();
    // Windows drops dots and spaces at the end, and a dot in front hides the file.
    let plain = plain.trim_matches(|c: char| c.is_whitespace() || c == '.');
    let stem = plain.split('.').next().unwrap_or_default().trim_end().to_lowercase();
    let stem: String = stem
        .chars()
        .map(|c| match c {
            '¹' => '1',
            '²' => '2',
            '³' => '3',
            other => other,
        })
        .collect();
    let named = if DEVICES.contains(&stem.as_str()) { format!("_{plain}") } else { plain.to_owned() };
    shorten(&named, CHARACTERS, BYTES)
}

fn is_hidden(c: char) -> bool {
    let formats = matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}');
    c.is_control() || formats
}

/// A name of at most so many characters and bytes that keeps its ending.
pub fn shorten(name: &str, characters: usize, bytes: usize) -> String {
    if name.chars().count() <= characters && name.len() <= bytes {
        return name.to_owned();
    }
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if (1..=ENDING).contains(&ending.chars().count()) => (stem, format!(".{ending}")),
        _ => (name, String::new()),
    };
    let (characters, bytes) = (characters - ending.chars().count(), bytes - ending.len());
    let mut kept = String::new();
    for letter in stem.chars().take(characters) {
        if kept.len() + letter.len_utf8() > bytes {
            break;
        }
        kept.push(letter);
    }
    format!("{}{ending}", kept.trim_end_matches([' ', '.']))
}

/// A name whose ending says what the content is: one that says otherwise gives way, and where none is, one is added.
pub fn fitting(name: &str, endings: &[&str]) -> String {
    let Some(right) = endings.first() else { return name.to_owned() };
    match name.rsplit_once('.') {
        Some((_, ending)) if endings.iter().any(|right| ending.eq_ignore_ascii_case(right)) => name.to_owned(),
        Some((stem, ending)) if !stem.is_empty() && KNOWN.contains(&ending.to_lowercase().as_str()) => {
            shorten(&format!("{stem}.{right}"), CHARACTERS, BYTES)
        }
        _ => shorten(&format!("{name}.{right}"), CHARACTERS, BYTES),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_harmless() {
        assert_eq!(safe_name("../../etc/passwd"), "passwd");
        assert_eq!(safe_name("C:\\Users\\a\\Báo cáo.pdf"), "Báo cáo.pdf");
        assert_eq!(safe_name("bao\u{202e}fdp.exe\0"), "baofdp.exe");
        assert_eq!(safe_name("bao\u{200b}\u{feff}cao.pdf"), "baocao.pdf");
        assert_eq!(safe_name(".htaccess"), "htaccess");
        assert_eq!(safe_name("Ba\u{301}o ca\u{301}o.pdf"), "Báo cáo.pdf");
        assert_eq!(safe_name(" \u{200b}.. "), "");
    }

    #[test]
    fn windows_can_hold_every_name() {
        assert_eq!(safe_name("a<b>c:d\"e|f?g*h.pdf"), "a_b_c_d_e_f_g_h.pdf");
        assert_eq!(safe_name("bao cao.pdf. . "), "bao cao.pdf");
        for device in ["CON", "nul.pdf", "Aux .pdf", "com1.tar.gz", "LPT9", "COM¹.pdf"] {
            assert_eq!(safe_name(device), format!("_{device}"), "{device}");
        }
        assert_eq!(safe_name("console.pdf"), "console.pdf");
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let long = safe_name(&format!("{}.pdf", "a".repeat(300)));
        assert_eq!(long, format!("{}.pdf", "a".repeat(196)));
        let wide = safe_name(&format!("{}.docx", "ắ".repeat(300)));
        assert!(wide.ends_with("ắ.docx") && wide.len() <= BYTES, "{wide}");
        assert_eq!(safe_name(&"b".repeat(300)), "b".repeat(200));
        assert_eq!(shorten("ba chữ .pdf", 8, 99), "ba c.pdf");
    }

    #[test]
    fn the_ending_says_what_the_content_is() {
        let pdf = |name: &str| fitting(name, &["pdf"]);
        assert_eq!(pdf("a.PDF"), "a.PDF");
        assert_eq!(pdf("a.html"), "a.pdf");
        assert_eq!(pdf("a.exe"), "a.pdf");
        assert_eq!(pdf("Nghị định 13.2023"), "Nghị định 13.2023.pdf");
        assert_eq!(pdf("scan"), "scan.pdf");
        assert_eq!(pdf("pdf"), "pdf.pdf");
        assert_eq!(fitting("a.jpeg", &["jpg", "jpeg"]), "a.jpeg");
        let long = fitting(&"a".repeat(200), &["pdf"]);
        assert!(long.ends_with("a.pdf") && long.chars().count() == 200);
    }
}
