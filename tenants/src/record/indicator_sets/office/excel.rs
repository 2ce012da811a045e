//! The table of indicators in an Excel workbook: the first visible sheet that has one. Cells are streamed, so an empty cell
//! far away costs nothing.

use std::io::Cursor;

use calamine::{DataRef, Reader as _, SheetType, SheetVisible, Xlsx, XlsxError};
use engine::text;
use rust_decimal::Decimal;

use super::{OfficeTable, tidy};
use crate::spreadsheet;

/// Rows and columns looked at; a table of indicators is far smaller.
const MOST_ROWS: usize = 10_000;
const MOST_COLUMNS: usize = 50;
/// Sheets looked at.
const MOST_SHEETS: usize = 50;

type Book<'a> = Xlsx<Cursor<&'a [u8]>>;
/// `None` is a cell that is not there.
type Grid = Vec<Vec<Option<String>>>;

pub(super) fn table(bytes: &[u8]) -> Result<OfficeTable, XlsxError> {
    let mut book = Xlsx::new(Cursor::new(bytes))?;
    let is_shown =
        |sheet: &&calamine::Sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible;
    let names: Vec<String> = book.sheets_metadata().iter().filter(is_shown).map(|sheet| sheet.name.clone()).collect();
    let mut first = None;
    for name in names.iter().take(MOST_SHEETS) {
        let rows = rows(&mut book, name)?;
        if engine::table::has_header(&rows) {
            return Ok(OfficeTable { notes: chosen(name, book.sheets_metadata().len()), rows });
        }
        if first.is_none() && rows.iter().flatten().any(|cell| !cell.is_empty()) {
            first = Some(rows);
        }
    }
    Ok(OfficeTable { rows: first.unwrap_or_default(), notes: Vec::new() })
}

/// Which of several sheets was read.
fn chosen(name: &str, of: usize) -> Vec<String> {
    let told = || format!("Bảng lấy từ trang tính “{}”; các trang tính khác được bỏ qua.", text::clean(name));
    if of > 1 { vec![told()] } else { Vec::new() }
}

/// A sheet from its first row and column on, so that rows have the numbers Excel shows.
fn rows(book: &mut Book<'_>, sheet: &str) -> Result<Vec<Vec<String>>, XlsxError> {
    let mut grid = Grid::new();
    let mut cells = book.worksheet_cells_reader(sheet)?;
    let percents: Vec<bool> = cells.styles().iter().map(|style| spreadsheet::is_percent(Some(style))).collect();
    while let Some((cell, style)) = cells.next_cell_with_style_id()? {
        let is_percent = percents.get(style) == Some(&true);
        if let Some(shown) = shown(cell.get_value(), is_percent) {
            put(&mut grid, cell.get_position(), shown);
        }
    }
    drop(cells);
    let mut formulas = book.worksheet_cells_reader(sheet)?;
    while let Some(formula) = formulas.next_formula()? {
        let (row, column) = place(formula.get_position());
        let is_empty = grid.get(row).and_then(|cells| cells.get(column)).is_none_or(Option::is_none);
        // A program that does not calculate leaves formulas without results: they are shown, not taken for nothing.
        if is_empty && !formula.get_value().is_empty() {
            put(&mut grid, formula.get_position(), format!("={}", tidy(formula.get_value())));
        }
    }
    Ok(grid.into_iter().map(|row| row.into_iter().map(Option::unwrap_or_default).collect()).collect())
}

fn place((row, column): (u32, u32)) -> (usize, usize) {
    (usize::try_from(row).unwrap_or(usize::MAX), usize::try_from(column).unwrap_or(usize::MAX))
}

fn put(grid: &mut Grid, position: (u32, u32), text: String) {
    let (row, column) = place(position);
    if row >= MOST_ROWS || column >= MOST_COLUMNS {
        return;
    }
    if grid.len() <= row {
        grid.resize_with(row + 1, Vec::new);
    }
    let cells = &mut grid[row];
    if cells.len() <= column {
        cells.resize(column + 1, None);
    }
    cells[column] = Some(text);
}

/// A cell as it is read on: numbers in the one way that cannot be taken for another, "1234,5", whatever language Excel had.
fn shown(value: &DataRef<'_>, is_percent: bool) -> Option<String> {
    Some(match value {
        DataRef::Empty => return None,
        DataRef::Int(number) => figure(Decimal::from(*number), is_percent),
        DataRef::Float(number) => {
            spreadsheet::exact(*number).map_or_else(|| number.to_string(), |number| figure(number, is_percent))
        }
        DataRef::String(words) => tidy(words),
        DataRef::SharedString(words) => tidy(words),
        DataRef::Bool(yes) => (if *yes { "TRUE" } else { "FALSE" }).into(),
        DataRef::DateTime(moment) if !moment.is_duration() => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            format!("{day:02}/{month:02}/{year}")
        }
        DataRef::DateTime(moment) => {
            let (.., hour, minute, second, _) = moment.to_ymd_hms_milli();
            format!("{hour:02}:{minute:02}:{second:02}")
        }
        DataRef::DateTimeIso(moment) | DataRef::DurationIso(moment) => tidy(moment),
        DataRef::Error(wrong) => wrong.to_string(),
    })
}

fn figure(number: Decimal, is_percent: bool) -> String {
    let plain = |number: Decimal| number.normalize().to_string().replace('.', ",");
    match number.checked_mul(Decimal::ONE_HUNDRED).filter(|_| is_percent) {
        Some(percent) => format!("{}%", plain(percent)),
        None => plain(number),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};

    use super::*;

    fn heading(sheet: &mut Worksheet, row: u32) {
        for (column, text) in (0..).zip(["Stt", "Chỉ số", "Điểm tối đa"]) {
            sheet.write_string(row, column, text).unwrap();
        }
    }

    #[test]
    fn covers_and_hidden_sheets_are_passed_over() {
        let mut book = Workbook::new();
        book.add_worksheet().write_string(0, 0, "BỘ CHỈ SỐ").unwrap();
        let hidden = book.add_worksheet();
        heading(hidden, 0);
        hidden.set_hidden(true).write_string(1, 1, "cũ").unwrap();
        let shown = book.add_worksheet().set_name("Bảng 1").unwrap();
        heading(shown, 2);
        shown.write_string(3, 1, "mới").unwrap();
        let read = table(&book.save_to_buffer().unwrap()).unwrap();
        assert_eq!(read.rows[2..], [vec!["Stt", "Chỉ số", "Điểm tối đa"], vec!["", "mới"]]);
        assert!(read.notes[0].contains("“Bảng 1”"), "{:?}", read.notes);
    }

    #[test]
    fn cells_are_read_as_excel_shows_them() {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        heading(sheet, 0);
        let day = ExcelDateTime::from_ymd(2025, 1, 2).unwrap();
        sheet.write_datetime_with_format(1, 0, day, &Format::new().set_num_format("d.m")).unwrap();
        sheet.write_number(1, 1, 1000.5).unwrap();
        sheet.write_number_with_format(1, 2, 0.125, &Format::new().set_num_format("0%")).unwrap();
        sheet.write_string(2, 0, "Co\u{301}\u{200b}  họp\n ").unwrap();
        sheet.write_formula(2, 2, Formula::new("0.1+0.2").set_result("0.30000000000000004")).unwrap();
        let read = table(&book.save_to_buffer().unwrap()).unwrap().rows;
        assert_eq!(read[1..], [vec!["02/01/2025", "1000,5", "12,5%"], vec!["Có họp", "", "0,3"]]);
    }
}
