//! Tables out of office files: Excel workbooks, Word documents, and texts of cells (CSV). Read in the worker: such a file is
//! a compressed archive that anybody may have made.

use engine::text;
use serde::{Deserialize, Serialize};
use std::io::{Cursor, Read};
use zip::ZipArchive;

use self::numbering::Numbering;
use self::word::WordTable;

/// Longest Word text unpacked, in bytes; the two tables of the decision take a fifth of a megabyte.
const LONGEST: u64 = 8 << 20;

/// The table of indicators in an office file, cell by cell, each as somebody would have typed it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficeTable {
    pub rows: Vec<Vec<String>>,
    /// What whoever sent the file should know about how it was read, in Vietnamese.
    pub notes: Vec<String>,
}

/// `Err` says in words what is wrong with the file.
pub(super) fn table(bytes: &[u8]) -> Result<OfficeTable, String> {
    let unknown = "Tệp này không phải Excel (.xlsx) hay Word (.docx). Hãy lưu lại theo một trong hai định dạng đó.";
    let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) else {
        return cells_of_text(bytes).ok_or_else(|| unknown.into());
    };
    if archive.by_name("xl/workbook.xml").is_ok() {
        let unreadable = "Không đọc được bảng tính; hãy mở bằng Excel, lưu lại rồi thử lần nữa.";
        return excel::table(bytes).map_err(|_| unreadable.into());
    }
    let document = part(&mut archive, "word/document.xml").ok_or_else(|| unknown.to_owned())?;
    let parts = ["word/numbering.xml", "word/styles.xml"];
    let [lists, styles] = parts.map(|name| part(&mut archive, name).unwrap_or_default());
    let read = || word::tables(&document, &mut Numbering::read(&lists, &styles)?);
    let tables = read().map_err(|_| "Không đọc được văn bản; hãy mở bằng Word, lưu lại rồi thử lần nữa.".to_owned())?;
    of_indicators(tables).ok_or_else(|| "Văn bản này không có bảng nào.".into())
}

/// A file inside the archive as text.
fn part(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Option<String> {
    let mut text = String::new();
    archive.by_name(name).ok()?.take(LONGEST).read_to_string(&mut text).ok()?;
    Some(text)
}

/// A CSV file, where it has the heading of a table of indicators.
fn cells_of_text(bytes: &[u8]) -> Option<OfficeTable> {
    let rows = engine::table::split(&text::decode(bytes)?);
    engine::table::has_header(&rows).then(|| OfficeTable { rows, notes: Vec::new() })
}

/// The tables of a document that are of indicators, one below the other. A decision has others around them: its head, its
/// signatures.
fn of_indicators(tables: Vec<WordTable>) -> Option<OfficeTable> {
    let mut all: Vec<WordTable> = tables.into_iter().filter(|table| !table.rows.is_empty()).collect();
    let of = all.len();
    let first = all.iter().position(|table| engine::table::has_header(&table.rows));
    let kept: Vec<WordTable> = match first {
        Some(first) => {
            let width = |table: &WordTable| table.rows.iter().map(Vec::len).max().unwrap_or_default();
            let wanted = width(&all[first]);
            // What goes on after a page without its heading has its columns and its numbers.
            let goes_on = |table: &WordTable| {
                engine::table::has_header(&table.rows)
                    || width(table) == wanted && engine::table::has_codes(&table.rows)
            };
            all.drain(first..).filter(goes_on).collect()
        }
        None if of > 1 => {
            let (numbered, others): (Vec<_>, Vec<_>) =
                all.into_iter().partition(|table| engine::table::has_codes(&table.rows));
            if numbered.is_empty() { others } else { numbered }
        }
        None => all,
    };
    let mut notes = Vec::new();
    if kept.len() < of {
        notes.push(format!("Đã bỏ qua {} bảng khác của văn bản (tiêu đề, chữ ký).", of - kept.len()));
    }
    if kept.iter().any(|table| table.is_numbered) {
        notes.push(NUMBERED.into());
    }
    (!kept.is_empty()).then(|| OfficeTable { rows: kept.into_iter().flat_map(|table| table.rows).collect(), notes })
}

const NUMBERED: &str = "Văn bản dùng đánh số tự động của Word; số thứ tự đã được đọc thành chữ như Word hiển thị. Nếu chưa đúng, hãy chuyển số tự động thành chữ trong Word, hoặc sửa ở ô bảng.";

/// A cell's lines, each without spaces at its ends and without double ones.
fn tidy(cell: &str) -> String {
    let lines = text::clean(cell);
    let lines = lines.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// "amp" and its kind; anything else leaves a mark that the person sees in the preview.
fn named(name: &quick_xml::events::BytesRef<'_>) -> char {
    match name.resolve_char_ref() {
        Ok(Some(letter)) => letter,
        _ => match name.as_ref() {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            _ => '\u{fffd}',
        },
    }
}

mod excel;
mod numbering;
mod word;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Write;

    use zip::write::{SimpleFileOptions, ZipWriter};

    use super::*;

    fn archive(files: &[(&str, &str)]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in files {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(text.as_bytes()).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn tables_of_a_document_keep_their_cells_and_their_lines() {
        let cell = |text: &str| format!("<w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>");
        let two = "<w:tc><w:p><w:r><w:t>Tỷ lệ máy trạm</w:t></w:r></w:p><w:p><w:r><w:t xml:space=\"preserve\">R&amp;D </w:t></w:r></w:p></w:tc>";
        let xml = format!(
            "<w:document><w:p><w:r><w:t>Phụ lục</w:t></w:r></w:p><w:tbl><w:tr>{}{two}{}</w:tr></w:tbl></w:document>",
            cell("1.1"),
            cell("10")
        );
        let read = table(&archive(&[("word/document.xml", &xml)])).unwrap();
        assert_eq!(read.rows, [["1.1", "Tỷ lệ máy trạm\nR&D", "10"]]);
    }

    #[test]
    fn the_first_sheet_of_a_workbook_is_read() {
        let sheet = r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
            <row r="1"><c r="A1" t="inlineStr"><is><t>1.1</t></is></c><c r="B1" t="inlineStr"><is><t>Có A</t></is></c><c r="C1"><v>12.5</v></c></row>
            </sheetData></worksheet>"#;
        let book = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Bảng 1" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
        let relations = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
        let root = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
        let files = [
            ("_rels/.rels", root),
            ("xl/workbook.xml", book),
            ("xl/_rels/workbook.xml.rels", relations),
            ("xl/worksheets/sheet1.xml", sheet),
        ];
        assert_eq!(table(&archive(&files)).unwrap().rows, [["1.1", "Có A", "12,5"]]);
    }

    #[test]
    fn other_files_are_refused_in_words() {
        assert!(table(b"%PDF-1.4").unwrap_err().contains(".xlsx"));
        assert!(table(&archive(&[("a.txt", "x")])).unwrap_err().contains(".docx"));
        assert!(table(&archive(&[("word/document.xml", "<w:p/>")])).unwrap_err().contains("không có bảng"));
    }
}
