//! The tables of a Word document, as its reader sees them: with automatic numbers, without tables inside tables, notes,
//! deleted and moved text.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::numbering::Numbering;
use super::{named, tidy};

/// Cells that one may span; more is a mistake of the file.
const WIDEST: usize = 50;

/// A table that is not inside another.
#[derive(Debug, Default)]
pub(super) struct WordTable {
    pub rows: Vec<Vec<String>>,
    /// Some of its text is automatic numbers.
    pub is_numbered: bool,
}

pub(super) fn tables(document: &str, numbering: &mut Numbering) -> Result<Vec<WordTable>, quick_xml::Error> {
    let mut reader = Reader::from_str(document);
    reader.config_mut().expand_empty_elements = true;
    let mut reading = Reading {
        numbering,
        tables: Vec::new(),
        place: Place::default(),
        paragraphs: Vec::new(),
        run: None,
        passed: 0,
    };
    loop {
        match reader.read_event()? {
            Event::Start(tag) => reading.open(&tag),
            Event::End(tag) => reading.close(tag.name().as_ref()),
            Event::Text(text) => reading.text(&text),
            Event::GeneralRef(name) => reading.text(named(&name).encode_utf8(&mut [0; 4])),
            Event::Eof => break,
            _ => (),
        }
    }
    let mut tables = reading.tables;
    for table in &mut tables {
        table.rows = table.rows.iter().map(|row| row.iter().map(|cell| tidy(cell)).collect::<Vec<_>>()).collect();
        table.rows.retain(|row| row.iter().any(|cell| !cell.is_empty()));
    }
    Ok(tables)
}

struct Reading<'n> {
    numbering: &'n mut Numbering,
    tables: Vec<WordTable>,
    place: Place,
    /// Text boxes put paragraphs inside paragraphs.
    paragraphs: Vec<Paragraph>,
    run: Option<Run>,
    /// How many elements are open of those nobody reads.
    passed: usize,
}

/// Where in a table the reader is.
#[derive(Default)]
struct Place {
    /// Tables inside each other.
    depth: usize,
    in_cell: bool,
    /// A nested row or cell began: what follows is parted from what stands before.
    pending: &'static str,
    span: usize,
    row_is_deleted: bool,
}

#[derive(Default)]
struct Paragraph {
    text: String,
    style: Option<String>,
    number: Option<String>,
    level: Option<usize>,
}

#[derive(Default)]
struct Run {
    is_text: bool,
    is_raised: bool,
    is_hidden: bool,
    text: String,
}

impl Reading<'_> {
    fn open(&mut self, tag: &BytesStart<'_>) {
        let name = tag.name();
        let name = name.as_ref();
        if self.passed > 0
            || matches!(name, "mc:Fallback" | "w:moveFrom" | "w:pPrChange" | "w:rPrChange" | "w:tcPrChange")
        {
            self.passed += 1;
            return;
        }
        let value = || tag.try_get_attribute("w:val").ok().flatten().map(|value| value.value.into_owned());
        match name {
            "w:tbl" => self.table(),
            "w:tr" => self.row(),
            "w:tc" => self.cell(),
            "w:gridSpan" if self.place.depth == 1 => {
                self.place.span = value().and_then(|span| span.parse().ok()).unwrap_or(1);
            }
            "w:gridBefore" if self.place.depth == 1 => {
                let before = value().and_then(|count| count.parse::<usize>().ok()).unwrap_or_default();
                self.cells().extend(vec![String::new(); before.min(WIDEST)]);
            }
            "w:del" if self.place.depth == 1 && !self.place.in_cell => self.place.row_is_deleted = true,
            "w:p" => self.paragraphs.push(Paragraph::default()),
            "w:pStyle" => self.paragraphs.last_mut().into_iter().for_each(|one| one.style = value()),
            "w:numId" => self.paragraphs.last_mut().into_iter().for_each(|one| one.number = value()),
            "w:ilvl" => {
                let level = value().and_then(|level| level.parse().ok());
                self.paragraphs.last_mut().into_iter().for_each(|one| one.level = level);
            }
            "w:r" => self.run = Some(Run::default()),
            name => self.in_run(name, value().as_deref()),
        }
    }

    fn in_run(&mut self, name: &str, value: Option<&str>) {
        let Some(run) = &mut self.run else { return };
        match name {
            "w:t" => run.is_text = true,
            "w:br" | "w:cr" => run.text.push('\n'),
            "w:tab" | "w:ptab" => run.text.push(' '),
            "w:noBreakHyphen" => run.text.push('-'),
            "w:vertAlign" => run.is_raised = value == Some("superscript"),
            // The mark that follows one is a footnote's own.
            "w:footnoteReference" | "w:endnoteReference" => run.is_hidden = true,
            "w:vanish" => run.is_hidden = !matches!(value, Some("0" | "false" | "off")),
            _ => (),
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(run) = self.run.as_mut().filter(|run| run.is_text && self.passed == 0) {
            run.text.push_str(text);
        }
    }

    fn close(&mut self, name: &str) {
        if self.passed > 0 {
            self.passed -= 1;
            return;
        }
        match name {
            "w:t" => self.run.iter_mut().for_each(|run| run.is_text = false),
            "w:r" => self.end_run(),
            "w:p" => self.end_paragraph(),
            "w:tc" if self.place.depth == 1 => {
                let more = self.place.span.clamp(1, WIDEST) - 1;
                self.cells().extend(vec![String::new(); more]);
                self.place.in_cell = false;
            }
            "w:tr" if self.place.depth == 1 && self.place.row_is_deleted => {
                self.tables.last_mut().into_iter().for_each(|table| drop(table.rows.pop()));
            }
            "w:tbl" => self.place.depth = self.place.depth.saturating_sub(1),
            _ => (),
        }
    }

    fn table(&mut self) {
        self.place.depth += 1;
        if self.place.depth == 1 {
            self.tables.push(WordTable::default());
        }
    }

    fn row(&mut self) {
        match self.place.depth {
            0 => (),
            1 => {
                self.place.row_is_deleted = false;
                self.tables.last_mut().into_iter().for_each(|table| table.rows.push(Vec::new()));
            }
            // Rows inside a cell tell how its indicator is scored.
            _ => self.place.pending = "\n- ",
        }
    }

    fn cell(&mut self) {
        match self.place.depth {
            0 => (),
            1 => {
                (self.place.in_cell, self.place.span, self.place.pending) = (true, 1, "");
                self.cells().push(String::new());
            }
            _ if self.place.pending.is_empty() => self.place.pending = " ",
            _ => (),
        }
    }

    /// The cells of the row being read.
    fn cells(&mut self) -> &mut Vec<String> {
        if self.tables.is_empty() {
            self.tables.push(WordTable::default());
        }
        let last = self.tables.len() - 1;
        let rows = &mut self.tables[last].rows;
        if rows.is_empty() {
            rows.push(Vec::new());
        }
        let last = rows.len() - 1;
        &mut rows[last]
    }

    fn end_run(&mut self) {
        let Some(run) = self.run.take() else { return };
        let is_mark = |letter: char| letter.is_ascii_digit() || "*()[] ".contains(letter);
        let is_note = |before: &str| run.is_raised && run.text.chars().all(is_mark) && !is_exponent(before, &run.text);
        if let Some(paragraph) = self.paragraphs.last_mut()
            && !run.is_hidden
            && !is_note(&paragraph.text)
        {
            paragraph.text.push_str(&run.text);
        }
    }

    fn end_paragraph(&mut self) {
        let Some(paragraph) = self.paragraphs.pop() else { return };
        let number = self.numbering.label(paragraph.style.as_deref(), paragraph.number.as_deref(), paragraph.level);
        if !self.place.in_cell || self.place.depth == 0 {
            return;
        }
        if number.as_ref().is_some_and(|number| number.shown.contains(char::is_alphanumeric)) {
            self.tables.last_mut().into_iter().for_each(|table| table.is_numbered = true);
        }
        // A number that stands for a row, in its first cell or alone, says where the row belongs.
        let stands_for_row = self.cells().len() == 1 || paragraph.text.trim().is_empty();
        let number = number.map(|number| number.path.filter(|_| stands_for_row).unwrap_or(number.shown));
        let text = [number.unwrap_or_default(), paragraph.text].join(" ");
        if text.trim().is_empty() {
            return;
        }
        let (depth, pending) = (self.place.depth, std::mem::take(&mut self.place.pending));
        let Some(cell) = self.cells().last_mut() else { return };
        match (pending, depth) {
            ("", 1) if !cell.is_empty() => cell.push('\n'),
            ("", _) => cell.push(' '),
            // After a nested table the cell's own text begins a line again.
            (pending, _) => cell.push_str(pending),
        }
        cell.push_str(text.trim());
    }
}

/// "m²" written with a raised 2.
fn is_exponent(before: &str, raised: &str) -> bool {
    let word = before.rsplit([' ', '(', '/', '\n']).next().unwrap_or_default();
    ["m", "km", "cm", "dm", "mm"].contains(&word) && matches!(raised.trim(), "2" | "3")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(row: &str, cells: &[&str]) {
        let xml = format!("<w:document><w:tbl><w:tr>{row}</w:tr></w:tbl></w:document>");
        let read = tables(&xml, &mut Numbering::default()).unwrap();
        assert_eq!(read[0].rows.first().cloned().unwrap_or_default(), cells, "{row}");
    }

    fn cell(runs: &str) -> String {
        format!("<w:tc><w:p>{runs}</w:p></w:tc>")
    }

    fn raised(text: &str) -> String {
        format!("<w:r><w:rPr><w:vertAlign w:val=\"superscript\"/></w:rPr><w:t>{text}</w:t></w:r>")
    }

    #[test]
    fn marks_of_notes_are_no_text_and_exponents_are() {
        check(&cell(&format!("<w:r><w:t>Tỷ lệ máy trạm</w:t></w:r>{}", raised("1"))), &["Tỷ lệ máy trạm"]);
        check(&cell(&format!("<w:r><w:t>Có họp</w:t></w:r>{}", raised("(*)"))), &["Có họp"]);
        check(&cell(&format!("<w:r><w:t>Diện tích km</w:t></w:r>{}", raised("2"))), &["Diện tích km2"]);
        let custom = "<w:r><w:t>Có họp</w:t></w:r><w:r><w:footnoteReference w:customMarkFollows=\"1\" w:id=\"2\"/><w:t>*</w:t></w:r>";
        check(&cell(custom), &["Có họp"]);
    }

    #[test]
    fn what_word_does_not_show_is_not_read() {
        let gone = "<w:moveFrom w:id=\"1\"><w:r><w:t>cũ</w:t></w:r></w:moveFrom><w:del><w:r><w:delText>xóa</w:delText></w:r></w:del>\
             <w:r><w:rPr><w:vanish/></w:rPr><w:t>ẩn</w:t></w:r><w:ins><w:r><w:t>mới</w:t></w:r></w:ins>";
        check(&cell(gone), &["mới"]);
        let row = format!("<w:trPr><w:del w:id=\"1\"/></w:trPr>{}", cell("<w:r><w:t>x</w:t></w:r>"));
        check(&row, &[]);
    }

    #[test]
    fn cells_keep_their_column() {
        let wide = format!(
            "<w:tc><w:tcPr><w:gridSpan w:val=\"2\"/></w:tcPr><w:p><w:r><w:t>Tổng cộng</w:t></w:r></w:p></w:tc>{}",
            cell("<w:r><w:t>500</w:t></w:r>")
        );
        check(&wide, &["Tổng cộng", "", "500"]);
        let late = format!("<w:trPr><w:gridBefore w:val=\"1\"/></w:trPr>{}", cell("<w:r><w:t>a</w:t></w:r>"));
        check(&late, &["", "a"]);
    }

    #[test]
    fn rows_inside_a_cell_are_lines_of_it() {
        let inner = format!(
            "<w:tbl><w:tr>{}{}</w:tr></w:tbl><w:p/>",
            cell("<w:r><w:t>Đã có</w:t></w:r>"),
            cell("<w:r><w:t>10</w:t></w:r>")
        );
        let row = format!(
            "<w:tc><w:p><w:r><w:t>Kế hoạch</w:t></w:r></w:p>{inner}</w:tc>{}",
            cell("<w:r><w:t>12,5</w:t></w:r>")
        );
        check(&row, &["Kế hoạch\n- Đã có 10", "12,5"]);
    }
}
