//! Which column of a pasted table holds what.

use super::name::folded;
use super::{RowError, footnote, level};
use crate::number;

/// The header is looked for among the first rows: decisions put a title above their tables.
const HEADER_WITHIN: usize = 15;
/// Columns looked at; what stands further right is not read.
const MOST_COLUMNS: usize = 50;
/// Longest heading, in bytes once folded; longer cells are text.
const LONGEST_HEADING: usize = 60;

/// One row of the table below its header, cell by cell.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    /// 1-based, as pasted.
    pub row: usize,
    pub code: String,
    pub name: String,
    pub points: String,
    pub evidence: String,
    pub guidance: String,
    /// A blank row stands above it.
    pub after_gap: bool,
    pub at: At,
}

/// 1-based columns to point at; `None` where the table has no such column.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct At {
    pub code: Option<usize>,
    pub name: Option<usize>,
    pub points: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Code,
    Name,
    Points,
    Evidence,
    Guidance,
}

/// What each column holds; a column of another kind is left out of the set.
type Columns = Vec<Option<Column>>;

/// The rows that say something, below the header.
pub(super) fn lines(rows: &[Vec<String>]) -> Result<Vec<Line>, RowError> {
    let header = (0..rows.len().min(HEADER_WITHIN)).find_map(|at| Some((at, header(&rows[at..])?)));
    let (header, first, columns) = match header {
        Some((at, header)) => {
            let first = at + header.height;
            (Some(at), first, with_codes(header.columns, &rows[first..]))
        }
        None => (None, 0, by_content(rows)),
    };
    if !columns.contains(&Some(Column::Points)) {
        let row = header.map_or(1, |at| at + 1);
        return Err(RowError::new(row, None, "Không tìm thấy cột điểm tối đa; hãy dán cả dòng tiêu đề của bảng."));
    }
    if !columns.contains(&Some(Column::Name)) {
        return Err(RowError::new(
            first.max(1),
            None,
            "Không tìm thấy cột tên chỉ số; hãy dán cả dòng tiêu đề của bảng.",
        ));
    }
    let mut lines = below(rows, first, header.is_some(), columns);
    if dots_are_decimal(&lines) {
        lines.iter_mut().for_each(|line| line.points = line.points.replace('.', ","));
    }
    if lines.is_empty() {
        return Err(RowError::new(1, None, "Bảng không có dòng nào dưới dòng tiêu đề."));
    }
    Ok(lines)
}

/// Whether the column of points is of a program that does not write numbers the Vietnamese way: beside its "12.5" a "3.125"
/// is no three thousand.
fn dots_are_decimal(lines: &[Line]) -> bool {
    let is_decimal = |line: &Line| {
        let parts = line.points.split_once('.');
        parts.is_some_and(|(_, rest)| !matches!(rest.len(), 0 | 3) && rest.bytes().all(|byte| byte.is_ascii_digit()))
    };
    lines.iter().any(is_decimal) && !lines.iter().any(|line| line.points.contains(','))
}

/// Whether a table begins with a header that names its columns: what tells a table of indicators from the others of a file.
pub(super) fn has_header(rows: &[Vec<String>]) -> bool {
    (0..rows.len().min(HEADER_WITHIN)).any(|at| header(&rows[at..]).is_some())
}

pub(super) fn has_codes(rows: &[Vec<String>]) -> bool {
    (0..width(rows)).any(|at| mostly(rows, at, level::is_code))
}

fn width(rows: &[Vec<String>]) -> usize {
    rows.iter().map(Vec::len).max().unwrap_or_default().min(MOST_COLUMNS)
}

/// The rows from `first` on that say something. A heading that is repeated, as on every page of a document, may order the
/// columns anew.
fn below(rows: &[Vec<String>], first: usize, headed: bool, mut columns: Columns) -> Vec<Line> {
    let mut lines = Vec::new();
    let (mut under_heading, mut gap) = (true, false);
    let mut below_heading = first;
    for (at, row) in rows.iter().enumerate().skip(first) {
        if at < below_heading {
            continue;
        }
        let again = if headed && !has_figure(row) { header(&rows[at..]) } else { None };
        if row.iter().all(String::is_empty) {
            gap = true;
        } else if let Some(again) = again {
            below_heading = at + again.height;
            (columns, under_heading) = (with_codes(again.columns, &rows[below_heading..]), true);
        } else if !(under_heading && is_numbering(row)) {
            lines.push(Line { after_gap: gap && !under_heading, ..line(at + 1, row, &columns) });
            (under_heading, gap) = (false, false);
        }
    }
    lines
}

/// Whether a row has a number or points, as no heading has.
fn has_figure(row: &[String]) -> bool {
    row.iter().any(|cell| points(cell).is_ok() || (!cell.is_empty() && level::is_code(cell)))
}

/// A header of one row, or of two: "Điểm" over "Tối đa | Tự chấm".
struct Header {
    height: usize,
    columns: Columns,
}

/// The header that rows begin with.
fn header(rows: &[Vec<String>]) -> Option<Header> {
    let top = rows.first()?;
    let single = headings(top);
    // A title above the table names no column: it is no upper row of the heading.
    let begins = single.iter().any(Option::is_some);
    if let Some(lower) = rows.get(1).filter(|lower| begins && is_lower_heading(&single, top, lower)) {
        let columns = headings(&over(top, lower));
        if is_header(&columns) {
            return Some(Header { height: 2, columns });
        }
    }
    is_header(&single).then_some(Header { height: 1, columns: single })
}

/// Whether a row goes on with the heading above it: words alone, and nothing below what that names already.
fn is_lower_heading(columns: &Columns, top: &[String], lower: &[String]) -> bool {
    let below_named = |at: usize| matches!(columns.get(at), Some(Some(Column::Code | Column::Name)));
    let says = |at: usize, cell: &String| !cell.is_empty() && Some(cell) != top.get(at);
    let is_free = lower
        .iter()
        .enumerate()
        .all(|(at, cell)| !says(at, cell) || !below_named(at) && cell.len() <= 2 * LONGEST_HEADING);
    let tells = |cell: &String| {
        let text = folded(cell);
        heading(&text).is_some() || MAXIMUM.iter().chain(&SCORED).any(|words| text.contains(words))
    };
    is_free && !has_figure(lower) && lower.iter().enumerate().any(|(at, cell)| says(at, cell) && tells(cell))
}

/// Two rows of a heading as one. A cell over several stands in the first of its columns.
fn over(top: &[String], lower: &[String]) -> Vec<String> {
    let mut above = "";
    let joined = (0..top.len().max(lower.len())).map(|at| {
        let cell = |row: &'_ [String]| row.get(at).cloned().unwrap_or_default();
        let (own, below) = (cell(top), cell(lower));
        if let Some(own) = top.get(at).filter(|own| !own.is_empty()) {
            above = own;
        }
        let text = folded(&below);
        let is_of_unit = SCORED.iter().any(|words| folded(above).contains(words));
        if below.is_empty() || below == own {
            own
        } else if heading(&text).is_some() && !is_of_unit
            || MAXIMUM.iter().any(|words| text.contains(words)) && !folded(above).starts_with("diem")
        {
            below
        } else {
            format!("{above} {below}")
        }
    });
    joined.collect()
}

fn is_header(columns: &Columns) -> bool {
    columns.contains(&Some(Column::Name)) && columns.contains(&Some(Column::Points))
}

/// A second header row that numbers the columns: "(1) (2) (3)", "1 2 3", "A B 1".
fn is_numbering(row: &[String]) -> bool {
    let numbers = |cell: &String| {
        let cell = cell.trim_matches(['(', ')', '[', ']']);
        let short = cell.chars().count() <= 2;
        short && (cell.parse::<usize>().is_ok_and(|number| number <= row.len()) || level::is_letter(cell))
    };
    row.len() >= 3 && row.iter().all(numbers)
}

/// What a header row says of its columns. Of two columns for points, the one for the maximum.
fn headings(row: &[String]) -> Columns {
    let mut columns: Columns = row.iter().take(MOST_COLUMNS).map(|cell| heading(&folded(cell))).collect();
    let is_maximum = |cell: &String| MAXIMUM.iter().any(|words| folded(cell).contains(words));
    let points = |at: &usize| columns[*at] == Some(Column::Points);
    let candidates: Vec<usize> = (0..columns.len()).filter(points).collect();
    let chosen = candidates.iter().find(|at| is_maximum(&row[**at])).or(candidates.first()).copied();
    keep(&mut columns, Column::Points, chosen);
    for single in [Column::Code, Column::Name] {
        let first = columns.iter().position(|column| *column == Some(single));
        keep(&mut columns, single, first);
    }
    columns
}

/// Leaves at most one column of a kind.
fn keep(columns: &mut Columns, kind: Column, chosen: Option<usize>) {
    for (at, column) in columns.iter_mut().enumerate() {
        if *column == Some(kind) && Some(at) != chosen {
            *column = None;
        }
    }
}

const MAXIMUM: [&str; 3] = ["toi da", "thang diem", "diem chuan"];
const CODE: [&str; 11] =
    ["stt", "tt", "so tt", "so thu tu", "ma", "ma so", "ma chi so", "ma tieu chi", "muc", "so", "ky hieu"];
/// Points of one unit, not of the table.
const SCORED: [&str; 6] = ["tu cham", "tu danh gia", "tham dinh", "dat duoc", "diem dat", "ket qua"];

fn heading(text: &str) -> Option<Column> {
    let begins = |words: &[&str]| words.iter().any(|word| text.starts_with(word));
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if text.is_empty() || text.len() > LONGEST_HEADING {
        None
    } else if CODE.contains(&text) {
        Some(Column::Code)
    } else if has(&["kiem chung", "minh chung"]) || begins(&["ghi chu", "ho so", "tai lieu"]) {
        Some(Column::Evidence)
    } else if has(&["cach tinh", "cach cham", "phuong phap", "huong dan"]) {
        Some(Column::Guidance)
    } else if begins(&["diem", "so diem", "thang diem", "max"]) || text.ends_with("diem toi da") {
        (!has(&SCORED)).then_some(Column::Points)
    } else if begins(&["ten", "noi dung", "tieu chi", "chi so", "chi tieu", "cac chi so", "cac tieu chi", "danh muc"]) {
        Some(Column::Name)
    } else {
        None
    }
}

/// A header whose column of numbers has no heading.
fn with_codes(mut columns: Columns, below: &[Vec<String>]) -> Columns {
    let free = columns.iter().take_while(|column| **column != Some(Column::Name));
    let free: Vec<usize> = free.enumerate().filter(|(_, column)| column.is_none()).map(|(at, _)| at).collect();
    let found = free.into_iter().find(|at| mostly(below, *at, level::is_code));
    if let (Some(at), false) = (found, columns.contains(&Some(Column::Code))) {
        columns[at] = Some(Column::Code);
    }
    columns
}

/// Without a header: the first column of codes, the one with most points, and the one with most text.
fn by_content(rows: &[Vec<String>]) -> Columns {
    let width = width(rows);
    let is_points = |cell: &str| points(cell).is_ok();
    // Codes stand left of points: "1 | Tên | 10".
    let code = (0..width).find(|at| mostly(rows, *at, level::is_code));
    let scores = (0..width).rev().filter(|at| Some(*at) != code && mostly(rows, *at, is_points));
    let score = scores.max_by_key(|at| count(rows, *at, is_points));
    // A single column of numbers holds the points; the codes then stand before the names.
    let (code, score) = if score.is_none() { (None, code) } else { (code, score) };
    let has_words = |at: &usize| count(rows, *at, |cell| cell.contains(char::is_alphabetic)) > 0;
    let letters = |at: &usize| rows.iter().filter_map(|row| row.get(*at)).map(String::len).sum::<usize>();
    let others = (0..width).filter(|at| Some(*at) != code && Some(*at) != score);
    let name = others.filter(has_words).max_by_key(letters);
    let mut columns: Columns = vec![None; width];
    for (column, kind) in [(code, Column::Code), (score, Column::Points), (name, Column::Name)] {
        if let Some(at) = column {
            columns[at] = Some(kind);
        }
    }
    columns
}

/// How many cells of a column are of a kind.
fn count(rows: &[Vec<String>], at: usize, fits: impl Fn(&str) -> bool) -> usize {
    rows.iter().filter_map(|row| row.get(at)).filter(|cell| !cell.is_empty() && fits(cell)).count()
}

fn mostly(rows: &[Vec<String>], at: usize, fits: impl Fn(&str) -> bool) -> bool {
    let fitting = count(rows, at, fits);
    fitting > 0 && fitting * 2 >= count(rows, at, |_| true)
}

fn line(row: usize, cells: &[String], columns: &Columns) -> Line {
    let mut line = Line { row, ..Line::default() };
    for (at, kind) in columns.iter().enumerate() {
        let cell = cells.get(at).map(String::as_str).unwrap_or_default();
        match kind {
            Some(Column::Code) => (line.code, line.at.code) = (one_line(cell), Some(at + 1)),
            Some(Column::Name) => {
                let (name, mut details) = named(cell);
                append(&mut details, &line.guidance, '\n');
                (line.name, line.at.name, line.guidance) = (name, Some(at + 1), details);
            }
            Some(Column::Points) => (line.points, line.at.points) = (one_line(cell), Some(at + 1)),
            Some(Column::Evidence) => append(&mut line.evidence, cell, '\n'),
            Some(Column::Guidance) => append(&mut line.guidance, cell, '\n'),
            None => {}
        }
    }
    line
}

pub(super) fn one_line(cell: &str) -> String {
    cell.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A name without the marks of footnotes, and the lines with dashes under it: they tell how it is scored.
fn named(cell: &str) -> (String, String) {
    let is_dash = |line: &&str| line.trim_start().starts_with(['-', '–', '+', '•', '▪']);
    let (mut name, mut details) = (String::new(), String::new());
    for line in cell.lines() {
        if !details.is_empty() || is_dash(&line) && !name.is_empty() {
            append(&mut details, line, '\n');
        } else {
            append(&mut name, line, ' ');
        }
    }
    (footnote::unmarked(&name), details)
}

/// Puts the lines of `more` behind `text`.
pub(super) fn append(text: &mut String, more: &str, separator: char) {
    for piece in more.lines().map(one_line).filter(|piece| !piece.is_empty()) {
        if !text.is_empty() {
            text.push(separator);
        }
        text.push_str(&piece);
    }
}

/// "12,5", "1.000", "10 điểm", "12,5%".
pub(super) fn points(cell: &str) -> Result<rust_decimal::Decimal, number::NotANumber> {
    let lower = cell.to_lowercase();
    let bare = ["điểm", "đ", "%"].iter().find_map(|unit| lower.strip_suffix(unit)).unwrap_or(&lower);
    number::parse(bare)
}
