//! A workbook that was sent in, as what stands in its answer cells. Read in the worker: such a file is a compressed archive
//! that anybody may have made. Cells are streamed, so an empty cell far away costs nothing.

use std::collections::{BTreeMap, HashMap};
use std::io::Cursor;

use calamine::{DataRef, Reader as _, Xlsx, XlsxError};
use rust_decimal::Decimal;

use super::slot::{BEFORE, FORMAT, TABLE, address, column, slots};
use super::{Cell, Content, Filled, Slot};

/// Digits a spreadsheet shows of a number; what a formula leaves behind them is noise.
const DIGITS: u32 = 15;

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
    let mut cells = book.worksheet_cells_reader(TABLE).map_err(|_| FOREIGN.to_owned())?;
    while let Some(cell) = cells.next_cell_with_formula().map_err(unreadable)? {
        let (row, place) = cell.pos;
        match u16::try_from(place) {
            Ok(column::NAME) => drop(plain(&cell.value).map(|name| names.insert(row, name))),
            Ok(place) if place < column::GUIDANCE => {
                drop(contents.insert((row, place), content(&cell.value, cell.formula.is_some())));
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
        DataRef::Float(number) => self::number(*number),
        DataRef::String(text) => text_of(text),
        DataRef::SharedString(text) => text_of(text),
        DataRef::Bool(yes) => Content::YesNo(*yes),
        DataRef::Error(_) => Content::Unusable("Công thức bị lỗi; hãy sửa công thức hoặc nhập thẳng giá trị.".into()),
        DataRef::DateTime(_) | DataRef::DateTimeIso(_) | DataRef::DurationIso(_) => Content::Unusable(
            "Excel đã đổi nội dung thành ngày tháng; hãy đặt lại định dạng ô là số rồi nhập lại.".into(),
        ),
    }
}

fn text_of(text: &str) -> Content {
    if text.trim().is_empty() { Content::Empty } else { Content::Text(text.into()) }
}

/// The shortest decimal that is this double, as a spreadsheet shows it.
fn number(number: f64) -> Content {
    let text = format!("{number}");
    let exact = Decimal::from_str_exact(&text).ok().and_then(|number| number.round_sf(DIGITS));
    exact.map_or_else(
        || Content::Unusable("Số quá lớn hoặc quá nhỏ; hãy kiểm tra lại.".into()),
        |number| Content::Number(number.normalize()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_behind_the_digits_of_a_spreadsheet_is_dropped() {
        let read = |double: f64| match number(double) {
            Content::Number(number) => number.to_string(),
            other => format!("{other:?}"),
        };
        assert_eq!(read(0.300_000_000_000_000_04), "0.3");
        assert_eq!((read(12.5), read(1e15), read(-3.0)), ("12.5".into(), "1000000000000000".into(), "-3".into()));
        assert!(matches!(number(1e300), Content::Unusable(_)));
        assert!(matches!(number(f64::NAN), Content::Unusable(_)));
    }
}
