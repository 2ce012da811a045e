//! Whether a document can be opened at all. Looked at in the worker: what anybody sends may swell or never end.

use lopdf::Document;
use serde::{Deserialize, Serialize};
use std::io::Cursor;
use zip::ZipArchive;

use super::image;

/// What a look at a file's content found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Look {
    Pdf,
    Word,
    Excel,
    Archive,
    /// A compound file of Office up to 2003: Word or Excel, as its name says.
    Compound,
    Locked(Kind),
    /// Ends before its end.
    CutShort,
    NoPages,
    /// Says what it is and cannot be read as that.
    Broken,
    /// Nothing to look into.
    Other,
}

/// What somebody has locked with a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Pdf,
    Office,
}

/// Readers find the header of a PDF within so many bytes, and its end mark within as many from the end.
pub const LATE: usize = 1024;

/// A PDF up to so many bytes is read whole; of a larger one only what its page tree says.
const READ_WHOLE: usize = 16 << 20;

/// Where the header of a PDF begins, in the first bytes of a file.
pub fn pdf_header(head: &[u8]) -> Option<usize> {
    let head = head.get(..head.len().min(LATE)).unwrap_or_default();
    head.windows(5).position(|part| part == b"%PDF-")
}

/// Looks into a whole file.
pub fn look(bytes: &[u8]) -> Look {
    match bytes {
        [b'P', b'K', 3, 4, ..] => archive(bytes),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => compound(bytes),
        _ if image::is_cut_short(bytes) == Some(true) => Look::CutShort,
        _ if pdf_header(bytes).is_some() => pdf(bytes),
        _ => Look::Other,
    }
}

fn pdf(bytes: &[u8]) -> Look {
    let end = bytes.iter().rposition(|byte| !byte.is_ascii_whitespace() && *byte != 0).map_or(0, |last| last + 1);
    let tail = bytes.get(end.saturating_sub(LATE)..end).unwrap_or_default();
    if !tail.windows(5).any(|part| part == b"%%EOF") {
        return Look::CutShort;
    }
    let told = Document::load_metadata_mem(bytes);
    match &told {
        // The reader tries the empty password, with which files open that are only locked against changes.
        Ok(told) if told.encrypted && told.page_count == 0 => Look::Locked(Kind::Pdf),
        Err(_) if bytes.windows(8).any(|part| part == b"/Encrypt") => Look::Locked(Kind::Pdf),
        Err(_) => Look::Broken,
        Ok(told) if told.page_count == 0 => Look::NoPages,
        Ok(told) if told.encrypted || bytes.len() > READ_WHOLE => Look::Pdf,
        // The page tree may count pages that are not there.
        Ok(_) => match Document::load_mem(bytes) {
            Ok(document) if document.get_pages().is_empty() => Look::NoPages,
            Ok(_) => Look::Pdf,
            Err(_) => Look::Broken,
        },
    }
}

fn archive(bytes: &[u8]) -> Look {
    let Ok(archive) = ZipArchive::new(Cursor::new(bytes)) else { return Look::Broken };
    let holds = |name: &str| archive.index_for_name(name).is_some();
    if holds("word/document.xml") {
        Look::Word
    } else if holds("xl/workbook.xml") || holds("xl/workbook.bin") {
        Look::Excel
    } else {
        Look::Archive
    }
}

/// Office keeps a document with a password as this stream of a compound file.
fn compound(bytes: &[u8]) -> Look {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    if bytes.windows(name.len()).any(|part| part == name) { Look::Locked(Kind::Office) } else { Look::Compound }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::testing::PDF;

    fn check(bytes: &[u8], expected: Look) {
        assert_eq!(look(bytes), expected, "{}", String::from_utf8_lossy(bytes.get(..60).unwrap_or(bytes)));
    }

    #[test]
    fn a_document_with_a_page_can_be_opened() {
        check(PDF, Look::Pdf);
        check(&[&b"\r\n"[..], PDF].concat(), Look::Pdf);
        check(&[&[b' '; 900][..], PDF, b"\r\n\0\0"].concat(), Look::Pdf);
        check(&[&[b' '; 1100][..], PDF].concat(), Look::Other);
    }

    #[test]
    fn what_no_reader_shows_is_told_apart() {
        check(include_bytes!("../../tests/files/encrypted.pdf"), Look::Locked(Kind::Pdf));
        check(include_bytes!("../../tests/files/truncated.pdf"), Look::CutShort);
        check(include_bytes!("../../tests/files/zero-pages.pdf"), Look::NoPages);
        check(&PDF[..PDF.len() - 8], Look::CutShort);
        check(b"%PDF-1.4\nnothing\n%%EOF\n", Look::Broken);
        let counted = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 3>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF";
        check(counted.as_bytes(), Look::NoPages);
    }

    #[test]
    fn an_office_file_is_told_by_what_it_holds() {
        let archive = |name: &str| {
            let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
            writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            writer.finish().unwrap().into_inner()
        };
        check(&archive("word/document.xml"), Look::Word);
        check(&archive("xl/workbook.xml"), Look::Excel);
        check(&archive("a.txt"), Look::Archive);
        check(b"PK\x03\x04 cut", Look::Broken);
        let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        check(&[&[0xd0, 0xcf, 0x11, 0xe0][..], &name].concat(), Look::Locked(Kind::Office));
        check(&[0xd0, 0xcf, 0x11, 0xe0, 1], Look::Compound);
        check(b"\x89PNG", Look::Other);
        check(b"\x89PNG\r\n\x1a\n\0\0", Look::CutShort);
    }
}
