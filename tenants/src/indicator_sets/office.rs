//! Tables out of office files: the first sheet of an Excel workbook, or every table of a Word document. Read in the worker:
//! such a file is a compressed archive that anybody may have made.

use std::io::{Cursor, Read};

use calamine::{Reader as _, Xlsx, XlsxError};
use quick_xml::Reader;
use quick_xml::events::Event;
use zip::ZipArchive;

/// Longest Word text unpacked, in bytes; the two tables of the decision take a fifth of a megabyte.
const LONGEST: u64 = 8 << 20;

/// Rows of cells as text. `Err` says in words what is wrong with the file.
pub(super) fn rows(bytes: &[u8]) -> Result<Vec<Vec<String>>, String> {
    let unknown = "Tệp này không phải Excel (.xlsx) hay Word (.docx). Hãy lưu lại theo một trong hai định dạng đó.";
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| unknown.to_owned())?;
    if archive.by_name("xl/workbook.xml").is_ok() {
        let unreadable = "Không đọc được bảng tính; hãy mở bằng Excel, lưu lại rồi thử lần nữa.";
        return sheet(bytes).map_err(|_| unreadable.into());
    }
    let Ok(document) = archive.by_name("word/document.xml") else { return Err(unknown.into()) };
    let mut text = String::new();
    document.take(LONGEST).read_to_string(&mut text).map_err(|_| unknown.to_owned())?;
    tables(&text).map_err(|_| "Không đọc được văn bản; hãy mở bằng Word, lưu lại rồi thử lần nữa.".into())
}

fn sheet(bytes: &[u8]) -> Result<Vec<Vec<String>>, XlsxError> {
    let mut book = Xlsx::new(Cursor::new(bytes))?;
    let Some(first) = book.worksheet_range_at(0) else { return Ok(Vec::new()) };
    let text = |cell: &calamine::Data| cell.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
    Ok(first?.rows().map(|row| row.iter().map(text).collect()).collect())
}

/// The cells of `<w:tbl>`; the paragraphs of a cell become one line.
fn tables(xml: &str) -> Result<Vec<Vec<String>>, quick_xml::Error> {
    let mut reader = Reader::from_str(xml);
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut reading = false;
    loop {
        let event = reader.read_event()?;
        let cell = rows.last_mut().and_then(|row| row.last_mut());
        match event {
            Event::Start(tag) => match tag.name().as_ref() {
                "w:tr" => rows.push(Vec::new()),
                "w:tc" => rows.last_mut().into_iter().for_each(|row| row.push(String::new())),
                "w:t" => reading = true,
                _ => (),
            },
            Event::Text(text) if reading => cell.into_iter().for_each(|cell| cell.push_str(&text)),
            Event::GeneralRef(name) if reading => cell.into_iter().for_each(|cell| cell.push(named(&name))),
            Event::End(tag) => match tag.name().as_ref() {
                "w:t" => reading = false,
                "w:p" | "w:br" | "w:tab" => cell.into_iter().for_each(|cell| cell.push(' ')),
                _ => (),
            },
            Event::Eof => break,
            _ => (),
        }
    }
    let tidy = |cell: &String| cell.split_whitespace().collect::<Vec<_>>().join(" ");
    let rows = rows.iter().map(|row| row.iter().map(tidy).collect::<Vec<_>>());
    Ok(rows.filter(|row| row.iter().any(|cell| !cell.is_empty())).collect())
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
    fn tables_of_a_document_keep_their_cells_and_join_their_paragraphs() {
        let cell = |text: &str| format!("<w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>");
        let two = "<w:tc><w:p><w:r><w:t>Tỷ lệ máy trạm</w:t></w:r></w:p><w:p><w:r><w:t xml:space=\"preserve\">R&amp;D </w:t></w:r></w:p></w:tc>";
        let xml = format!(
            "<w:document><w:p><w:r><w:t>Phụ lục</w:t></w:r></w:p><w:tbl><w:tr>{}{two}{}</w:tr></w:tbl></w:document>",
            cell("1.1"),
            cell("10")
        );
        let read = rows(&archive(&[("word/document.xml", &xml)])).unwrap();
        assert_eq!(read, [["1.1", "Tỷ lệ máy trạm R&D", "10"]]);
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
        assert_eq!(rows(&archive(&files)).unwrap(), [["1.1", "Có A", "12.5"]]);
    }

    #[test]
    fn other_files_are_refused_in_words() {
        assert!(rows(b"%PDF-1.4").unwrap_err().contains(".xlsx"));
        assert!(rows(&archive(&[("a.txt", "x")])).unwrap_err().contains(".docx"));
    }
}
