//! Pasted text as rows of cells: what a spreadsheet puts on the clipboard, or a CSV file.

use std::collections::BTreeMap;

const DELIMITERS: [char; 3] = ['\t', ';', ','];

/// The cells of pasted text, trimmed, without blank rows being lost: row numbers are as pasted. A cell in quotes may
/// span lines; cells are separated by tabs, semicolons or commas, whichever gives the most even rows.
pub fn split(text: &str) -> Vec<Vec<String>> {
    let text = text.trim_start_matches('\u{feff}').trim_end_matches(['\n', '\r']);
    if text.trim().is_empty() {
        return Vec::new();
    }
    if text.contains('\t') {
        return cells(text, '\t');
    }
    let tried = DELIMITERS[1..].iter().map(|delimiter| cells(text, *delimiter));
    // The first of equals wins: a semicolon is what Vietnamese spreadsheets write.
    tried.rev().max_by_key(|rows| even(rows)).unwrap_or_default()
}

/// The text that [`split`] reads as these rows: cells parted by tabs, quoted where they hold lines or begin with a quote.
pub fn join(rows: &[Vec<String>]) -> String {
    let quoted = |cell: &String| match cell.starts_with('"') || cell.contains(['\n', '\r', '\t']) {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell.clone(),
    };
    let line = |row: &Vec<String>| row.iter().map(quoted).collect::<Vec<_>>().join("\t");
    let text = rows.iter().map(line).collect::<Vec<_>>().join("\n");
    // Without a tab its commas would be taken for what parts the cells.
    if text.contains('\t') || text.is_empty() { text } else { format!("{text}\t") }
}

/// How many rows have the most common number of cells, beyond one.
fn even(rows: &[Vec<String>]) -> usize {
    let mut widths = BTreeMap::<usize, usize>::new();
    for row in rows.iter().filter(|row| row.len() > 1) {
        *widths.entry(row.len()).or_default() += 1;
    }
    widths.into_values().max().unwrap_or_default()
}

fn cells(text: &str, delimiter: char) -> Vec<Vec<String>> {
    let protected = protect(text, delimiter);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter as u8)
        .has_headers(false)
        .flexible(true)
        .from_reader(protected.as_bytes());
    // One record for all rows: a clone of each would be as wide as the widest.
    let mut record = csv::StringRecord::new();
    let mut rows = Vec::new();
    while reader.read_record(&mut record).unwrap_or(false) {
        rows.push(record.iter().map(|cell| cell.trim().to_string()).collect());
    }
    rows
}

/// A word processor puts quotation marks on the clipboard as they stand: a cell that begins with one and is no quoted
/// cell is quoted here, and so is an empty line, which `csv` would skip.
fn protect(text: &str, delimiter: char) -> String {
    let ends = |c: char| c == delimiter || c == '\n' || c == '\r';
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    let mut first = true;
    while !rest.is_empty() {
        let end = quoted_end(rest, ends);
        let cell = &rest[..end.or_else(|| rest.find(ends)).unwrap_or(rest.len())];
        rest = &rest[cell.len()..];
        let blank_line = first && cell.is_empty() && !rest.starts_with(delimiter);
        if blank_line || (end.is_none() && cell.starts_with('"')) {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(cell);
        }
        first = !rest.starts_with(delimiter);
        let stop = if rest.starts_with("\r\n") { 2 } else { rest.chars().next().map_or(0, char::len_utf8) };
        out.push_str(&rest[..stop]);
        rest = &rest[stop..];
    }
    out
}

/// Where a cell that is properly quoted ends.
fn quoted_end(text: &str, ends: impl Fn(char) -> bool) -> Option<usize> {
    let inner = text.strip_prefix('"')?;
    let mut at = 0;
    loop {
        at += inner[at..].find('"')?;
        let after = &inner[at + 1..];
        if after.starts_with('"') {
            at += 2;
        } else {
            return (after.is_empty() || after.starts_with(&ends)).then_some(at + 2);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, rows: &[&[&str]]) {
        assert_eq!(split(text), rows.iter().map(|row| row.to_vec()).collect::<Vec<_>>(), "{text:?}");
    }

    #[test]
    fn a_spreadsheet_quotes_cells_of_several_lines() {
        check(
            "1.1\t\"Tên\r\nhai \"\"dòng\"\"\"\t10\r\n1.2\tTên\t5\r\n",
            &[&["1.1", "Tên\r\nhai \"dòng\"", "10"], &["1.2", "Tên", "5"]],
        );
    }

    #[test]
    fn a_quotation_mark_that_opens_no_cell_is_text() {
        check(
            "1.1\t\"Một cửa\" điện tử\t10\n1.2\tTên \"a\"\t5",
            &[&["1.1", "\"Một cửa\" điện tử", "10"], &["1.2", "Tên \"a\"", "5"]],
        );
        check("1.1\t\"Chưa đóng\t10\n1.2\tTên\t5", &[&["1.1", "\"Chưa đóng", "10"], &["1.2", "Tên", "5"]]);
    }

    #[test]
    fn commas_and_semicolons_are_told_apart() {
        check(
            "1.1;Họp, tập huấn;12,5\n1.2;Tên, khác, nữa;5",
            &[&["1.1", "Họp, tập huấn", "12,5"], &["1.2", "Tên, khác, nữa", "5"]],
        );
        check(
            "1.1,\"Họp, tập huấn\",\"12,5\"\n1.2,Tên; khác,5",
            &[&["1.1", "Họp, tập huấn", "12,5"], &["1.2", "Tên; khác", "5"]],
        );
        check("Họp; tập huấn", &[&["Họp", "tập huấn"]]);
    }

    #[test]
    fn what_is_joined_is_split_again() {
        let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        let rows = [
            row(&[""]),
            row(&["1.1", "\"Một cửa\" điện tử", "10"]),
            row(&["", "hai\ndòng, có \"ngoặc\"", ""]),
            row(&[""]),
            row(&["\"trọn\"", "a\tb", "x"]),
        ];
        assert_eq!(split(&join(&rows)), rows);
        assert_eq!(split(&join(&[row(&["a, b"])])), [row(&["a, b", ""])]);
        assert!(split(&join(&[])).is_empty());
    }

    #[test]
    fn blank_rows_keep_their_number() {
        check("\u{feff}a\tb\n\n\r\n\t\nc\t", &[&["a", "b"], &[""], &[""], &["", ""], &["c", ""]]);
        check(" \n", &[]);
    }
}
