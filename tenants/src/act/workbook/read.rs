//! A workbook that was sent in, as what stands in its answer cells. Read in the worker: such a file is a compressed archive
//! that anybody may have made. Cells are streamed, so an empty cell far away costs nothing.

use std::collections::{BTreeMap, HashMap};
use std::io::Cursor;

use calamine::{DataRef, Reader as _, Xlsx, XlsxError};
use engine::text;
use rust_decimal::Decimal;

use super::slot::{BEFORE, FORMAT, TABLE, address, column, slots};
use super::{Cell, Content, Filled, Slot};
use crate::spreadsheet;

const FOREIGN: &str =
    "Tệp này không phải biểu tải từ hệ thống. Hãy bấm “Tải biểu Excel”, điền vào tệp đó rồi nộp lại dưới dạng .xlsx.";

/// `Err` says in words what is wrong with the file.
pub(crate) fn read(bytes: &[u8]) -> Result<Filled, String> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|_| FOREIGN.to_owned())?;
    let mut filled = before(&mut book).map_err(|_| FOREIGN.to_owned())?.ok_or_else(|| FOREIGN.to_owned())?;
    filled.cells = table(&mut book)?;
    if filled.cells.is_empty() {
        return Err("Biểu không còn dòng nào của phiếu; hãy tải biểu mới và không xóa dòng, cột.".into());
    }
    Ok(filled)
}

type Book<'a> = Xlsx<Cursor<&'a [u8]>>;

/// The hidden sheet: three columns of kind, name and value. `None` where it was written by something else.
fn before(book: &mut Book<'_>) -> Result<Option<Filled>, XlsxError> {
    let mut lines: BTreeMap<u32, [String; 3]> = BTreeMap::new();
    let mut cells = book.worksheet_cells_reader(BEFORE)?;
    while let Some(cell) = cells.next_cell()? {
        let (row, column) = cell.get_position();
        let place = usize::try_from(column).ok().and_then(|column| lines.entry(row).or_default().get_mut(column));
        if let (Some(place), Some(text)) = (place, plain(cell.get_value())) {
            *place = text;
        }
    }
    let mut filled = Filled::default();
    let mut known = false;
    for [kind, name, value] in lines.into_values() {
        match kind.as_str() {
            "format" => known = name == FORMAT,
            "sheet" => filled.sheet = name,
            "title" => filled.title = name,
            "rules" => filled.rules = name,
            "row" => drop(value.parse().map(|revision| filled.revisions.insert(name, revision))),
            "was" => drop(Slot::parse(&name).map(|slot| filled.was.insert(slot, value))),
            _ => (),
        }
    }
    Ok(known.then_some(filled))
}

fn plain(value: &DataRef<'_>) -> Option<String> {
    match value {
        DataRef::String(text) => Some(text.clone()),
        DataRef::SharedString(text) => Some((*text).into()),
        _ => None,
    }
}

/// The answers by their slots; a row that is there twice is refused, because one of the two would be lost.
fn table(book: &mut Book<'_>) -> Result<BTreeMap<Slot, Cell>, String> {
    let mut names: HashMap<u32, String> = HashMap::new();
    let mut contents: HashMap<(u32, u16), Content> = HashMap::new();
    let unreadable = |_| "Không đọc được bảng tính; hãy mở bằng Excel, lưu lại rồi thử lần nữa.".to_owned();
    let percentages = spreadsheet::percentages(book, TABLE).map_err(|_| FOREIGN.to_owned())?;
    let mut cells = book.worksheet_cells_reader(TABLE).map_err(|_| FOREIGN.to_owned())?;
    while let Some(cell) = cells.next_cell_with_formula().map_err(unreadable)? {
        let (row, place) = cell.pos;
        match u16::try_from(place) {
            Ok(column::NAME) => drop(plain(&cell.value).map(|name| names.insert(row, name))),
            Ok(place) if place < column::GUIDANCE => {
                let content = content(&cell.value, cell.formula.is_some());
                let is_percent = percentages.contains(&cell.pos);
                contents.insert((row, place), if is_percent { as_percentage(content) } else { content });
            }
            _ => (),
        }
    }
    let mut found: BTreeMap<Slot, Cell> = BTreeMap::new();
    let mut rows: Vec<_> = names.into_iter().collect();
    rows.sort_unstable();
    for (row, name) in rows {
        for (place, slot) in slots(&name) {
            let content = contents.remove(&(row, place)).unwrap_or(Content::Empty);
            let cell = Cell { at: address(row, place), content };
            if let Some(earlier) = found.get(&slot) {
                let told =
                    format!("Ô {} và ô {} là cùng một số liệu; hãy xóa dòng thừa rồi nộp lại.", earlier.at, cell.at);
                return Err(told);
            }
            found.insert(slot, cell);
        }
    }
    Ok(found)
}

fn content(value: &DataRef<'_>, is_formula: bool) -> Content {
    match value {
        DataRef::Empty if is_formula => Content::Unusable(
            "Công thức chưa có kết quả; hãy mở tệp bằng Excel, lưu lại, hoặc nhập thẳng giá trị.".into(),
        ),
        DataRef::Empty => Content::Empty,
        DataRef::Int(number) => Content::Number((*number).into()),
        DataRef::Float(number) => spreadsheet::exact(*number)
            .map_or_else(|| Content::Unusable("Số quá lớn hoặc quá nhỏ; hãy kiểm tra lại.".into()), Content::Number),
        DataRef::String(text) => text_of(text),
        DataRef::SharedString(text) => text_of(text),
        DataRef::Bool(yes) => Content::YesNo(*yes),
        DataRef::Error(_) => Content::Unusable("Công thức bị lỗi; hãy sửa công thức hoặc nhập thẳng giá trị.".into()),
        DataRef::DateTime(_) | DataRef::DateTimeIso(_) | DataRef::DurationIso(_) => Content::Unusable(
            "Excel đã đổi nội dung thành ngày tháng; hãy đặt lại định dạng ô là số rồi nhập lại.".into(),
        ),
    }
}

/// What a cell shows that Excel turned into a percentage, as it does with "85%" the moment it is typed.
fn as_percentage(content: Content) -> Content {
    match content {
        Content::Number(share) => Content::Percentage(share * Decimal::ONE_HUNDRED),
        other => other,
    }
}

/// A text as people see it, whatever program and machine spelled it.
fn text_of(words: &str) -> Content {
    let words = text::clean(words);
    if words.trim().is_empty() { Content::Empty } else { Content::Text(words.into_owned()) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use rust_xlsxwriter::{Format, Workbook};

    use super::*;

    /// Excel makes 0.85 with a percentage format of "85%" as soon as it is typed.
    #[test]
    fn a_percentage_typed_in_excel_is_what_the_cell_shows() {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet().set_name(TABLE).unwrap();
        let rows = [("*input/1.1/p", 0.85, "0%"), ("input/1.1/q", 0.125, "0.0%"), ("input/1.1/r", 0.85, "0.00")];
        for (row, (name, value, format)) in (0..).zip(rows) {
            sheet.write_string(row, column::NAME, name).unwrap();
            let format = Format::new().set_num_format(format);
            sheet.write_number_with_format(row, column::ANSWER, value, &format).unwrap();
        }
        let before = book.add_worksheet().set_name(BEFORE).unwrap();
        before.write_string(0, 0, "format").unwrap();
        before.write_string(0, 1, FORMAT).unwrap();
        let filled = read(&book.save_to_buffer().unwrap()).unwrap();
        let content = |name: &str| filled.cells[&Slot::Input("1.1".into(), name.into())].content.clone();
        assert_eq!(content("p"), Content::Percentage(85.into()));
        assert_eq!(content("q"), Content::Percentage(Decimal::new(125, 1)));
        assert_eq!(content("r"), Content::Number(Decimal::new(85, 2)));
    }
}
