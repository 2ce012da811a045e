//! What a row of the table is: a group, a main index, an indicator, a total, or part of the row above it.

use rust_decimal::Decimal;

use super::columns::{self, At, Line};
use super::name::folded;
use super::{MAX_CODE, RowError, footnote};
use crate::number;

/// A row with everything that continues it.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub row: usize,
    pub at: At,
    pub level: Level,
    pub name: String,
    pub points: Option<Decimal>,
    pub evidence: String,
    pub guidance: String,
    /// Something about the row has been found wrong; sums over it mean nothing.
    pub broken: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Level {
    /// With its numeral or letter, empty for a row that only has a name.
    Group(String),
    /// "1", "1.1", "1.1.1".
    Code(String),
    Total,
}

/// A numeral, a letter or a dotted number: what stands in a column of numbers.
pub(super) fn is_code(cell: &str) -> bool {
    let code = bare(cell);
    is_marker(&code) || is_dotted(&code) || looks_like_date(cell)
}

/// A single capital letter.
pub(super) fn is_letter(code: &str) -> bool {
    code.len() == 1 && code.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// The rows as entries; rows without a number are part of the entry before them.
pub(super) fn entries(lines: Vec<Line>) -> (Vec<Entry>, Vec<RowError>) {
    let mut reading = Reading { entries: Vec::new(), errors: Vec::new(), loose: Vec::new(), is_aside: false };
    lines.into_iter().for_each(|line| {
        let others = [&line.name, &line.points, &line.evidence, &line.guidance];
        let is_alone = !line.code.is_empty() && others.iter().all(|cell| cell.is_empty());
        reading.line(lifted(line), is_alone);
    });
    renumber(&mut reading.entries);
    (reading.entries, reading.errors)
}

/// Where the number stands before the name in one cell, it is moved to its own.
fn lifted(mut line: Line) -> Line {
    let (whole, alone) = match (line.code.is_empty(), line.name.is_empty()) {
        (false, true) => (line.code.clone(), true),
        (true, false) if line.at.code.is_none() => (line.name.clone(), false),
        _ => return line,
    };
    match whole.split_once(' ') {
        Some((code, name)) if is_code(code) => (line.code, line.name) = (code.into(), name.trim().into()),
        // A cell merged over the row: "Tổng cộng", "Nhóm chỉ số nền tảng".
        _ if alone && !is_code(&whole) => (line.code, line.name) = (String::new(), whole),
        _ => {}
    }
    line
}

struct Reading {
    entries: Vec<Entry>,
    errors: Vec<RowError>,
    /// Texts that belong to no row, with where they stand: a title or a footnote, or else a group without its number.
    loose: Vec<(usize, Option<usize>)>,
    /// Such a text began, and goes on until a row has a number again.
    is_aside: bool,
}

impl Reading {
    /// `is_alone`: nothing but one cell over the whole row.
    fn line(&mut self, line: Line, is_alone: bool) {
        let code = bare(&line.code);
        let name = folded(&line.name);
        let is_total = TOTALS.iter().any(|words| name == *words || name.starts_with(&format!("{words} ")));
        let is_group = name.starts_with("nhom chi so")
            || name.starts_with("nhom ") && (self.entries.is_empty() || !line.points.is_empty());
        match code.as_str() {
            "" if is_total => self.entry(line, Level::Total),
            "" if is_group => self.entry(line, Level::Group(String::new())),
            "" if is_alone || line.after_gap || self.is_aside || footnote::is_footnote(&line.name) => self.aside(&line),
            "" => self.continued(line),
            marker if is_marker(marker) => {
                let marker = marker.to_string();
                self.entry(line, Level::Group(marker));
            }
            _ if is_bullet(&line.code) => self.detail(line),
            code => {
                let code = code.to_string();
                let wrong = wrong_code(&line.code, &code);
                let (row, at) = (line.row, line.at.code.or(line.at.name));
                self.entry(line, Level::Code(code));
                if let (Some(message), Some(entry)) = (wrong, self.entries.last_mut()) {
                    entry.broken = true;
                    self.errors.push(RowError::new(row, at, message));
                }
            }
        }
    }

    fn entry(&mut self, line: Line, level: Level) {
        self.is_aside = false;
        // What was taken for the end of the table was not: the text before this row had a meaning.
        if level != Level::Total {
            let loose = std::mem::take(&mut self.loose);
            self.errors.extend(loose.into_iter().map(|(row, column)| RowError::new(row, column, LOOSE)));
        }
        let points = self.points(&line);
        let mut entry = Entry {
            row: line.row,
            at: line.at,
            level,
            name: line.name,
            points: points.unwrap_or_default(),
            evidence: line.evidence,
            guidance: line.guidance,
            broken: points.is_err(),
        };
        if entry.name.is_empty() {
            entry.broken = true;
            self.errors.push(RowError::new(entry.row, entry.at.name, "Dòng này chưa có tên chỉ số."));
        }
        self.entries.push(entry);
    }

    fn points(&mut self, line: &Line) -> Result<Option<Decimal>, ()> {
        if line.points.is_empty() || line.points.chars().all(|c| "-–—".contains(c)) {
            return Ok(None);
        }
        let message = match columns::points(&line.points) {
            Ok(points) if points > Decimal::ZERO => return Ok(Some(points)),
            Ok(points) if points.is_zero() => "Điểm tối đa phải lớn hơn 0.".to_string(),
            Ok(points) => format!("Điểm tối đa không được âm: {}.", number::trim(points)),
            Err(_) if looks_like_date(&line.points) => format!(
                "“{}” là ngày tháng: bảng tính đã đổi số điểm; hãy định dạng cột điểm là số rồi nhập lại.",
                line.points
            ),
            Err(_) => format!("“{}” không phải số điểm; viết ví dụ 10 hoặc 12,5.", line.points),
        };
        self.errors.push(RowError::new(line.row, line.at.points, message));
        Err(())
    }

    /// A row that neither has a number nor continues the row above it: titles, footnotes, signatures.
    fn aside(&mut self, line: &Line) {
        self.is_aside = true;
        let column = line.at.code.or(line.at.name);
        if !line.points.is_empty() {
            let message = if self.points(line).is_ok_and(|points| points.is_some()) { NO_NUMBER } else { return };
            self.errors.push(RowError::new(line.row, column, message));
        } else if !self.entries.is_empty() && !footnote::is_footnote(&line.name) {
            self.loose.push((line.row, column));
        }
    }

    /// A row whose number cell is blank, as merged cells leave it.
    fn continued(&mut self, line: Line) {
        let points = self.points(&line);
        let Some(last) = self.entries.last_mut().filter(|last| last.level != Level::Total) else {
            // Titles above the table, signatures below it.
            if matches!(points, Ok(Some(_))) {
                self.errors.push(RowError::new(line.row, line.at.code, NO_NUMBER));
            }
            return;
        };
        match (points, last.points) {
            (Ok(Some(more)), None) => last.points = Some(more),
            (Ok(Some(_)), Some(_)) => self.errors.push(RowError::new(line.row, line.at.code, NO_NUMBER)),
            (Err(()), _) => last.broken = true,
            (Ok(None), _) => {}
        }
        columns::append(&mut last.name, &line.name, ' ');
        columns::append(&mut last.evidence, &line.evidence, '\n');
        columns::append(&mut last.guidance, &line.guidance, '\n');
    }

    /// "- Đã ban hành: 10", "a) Có": how the row above is scored.
    fn detail(&mut self, line: Line) {
        let Some(last) = self.entries.last_mut().filter(|last| last.level != Level::Total) else {
            self.errors.push(RowError::new(line.row, line.at.code, "Gạch đầu dòng này không thuộc chỉ số nào."));
            return;
        };
        let points = if line.points.is_empty() { String::new() } else { format!(": {}", line.points) };
        let text = format!("{} {}{points}", line.code, line.name);
        columns::append(&mut last.guidance, &text, '\n');
        columns::append(&mut last.guidance, &line.guidance, '\n');
        columns::append(&mut last.evidence, &line.evidence, '\n');
    }
}

const NO_NUMBER: &str = "Dòng này có điểm nhưng không có số thứ tự.";
const LOOSE: &str =
    "Dòng này không có số thứ tự; nếu là nhóm chỉ số, hãy đánh số I, II, … hoặc bắt đầu tên bằng “Nhóm”.";
const TOTALS: [&str; 6] = ["tong", "tong cong", "tong diem", "tong so diem", "tong so", "cong"];

fn wrong_code(written: &str, code: &str) -> Option<String> {
    if looks_like_date(written) {
        return Some(format!(
            "“{written}” là ngày tháng: bảng tính đã đổi số thứ tự; hãy định dạng cột số thứ tự là văn bản rồi dán lại."
        ));
    }
    if code.chars().count() > MAX_CODE {
        return Some(format!("Mã “{written}” dài quá {MAX_CODE} ký tự."));
    }
    let plain = code.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    (!plain).then(|| format!("Mã “{written}” chỉ được gồm chữ không dấu, chữ số và dấu chấm."))
}

/// "01/02/2022", "1-Jan".
fn looks_like_date(written: &str) -> bool {
    let parts: Vec<&str> = written.split(['/', '-']).collect();
    (2..=3).contains(&parts.len())
        && parts[0].parse::<u32>().is_ok()
        && parts[1..].iter().all(|part| part.len() >= 2 && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// "1.", "1.1)", "(1)", "1,1" → "1", "1.1", "1", "1.1": a Vietnamese spreadsheet writes the number 1.1 with a comma.
fn bare(cell: &str) -> String {
    let code = cell.trim().trim_matches(['.', ')', '(', ':', '/', ' ']).replace(',', ".");
    code.split_whitespace().collect()
}

fn is_dotted(code: &str) -> bool {
    code.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// A group's number: a Roman numeral or a letter.
fn is_marker(code: &str) -> bool {
    is_letter(code) || roman(code).is_some()
}

/// "-", "+", "*", "•", "a)", "a.", "b".
fn is_bullet(cell: &str) -> bool {
    let mut letters = cell.trim_end_matches(['.', ')', '/']).chars();
    match (letters.next(), letters.next()) {
        (Some(only), None) => only.is_lowercase() || "-–—+*•▪".contains(only),
        _ => false,
    }
}

/// Up to XXXIX: no table has more groups.
pub(super) fn roman(code: &str) -> Option<u32> {
    const TENS: [&str; 4] = ["", "X", "XX", "XXX"];
    const ONES: [&str; 10] = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"];
    let number = |written: u32| format!("{}{}", TENS[(written / 10) as usize], ONES[(written % 10) as usize]);
    (1..40).find(|value| number(*value) == code)
}

/// Whether no number has a dot: main indexes and indicators are not told apart by theirs.
pub(super) fn is_flat(entries: &[Entry]) -> bool {
    !entries.iter().any(|entry| matches!(&entry.level, Level::Code(code) if code.contains('.')))
}

/// Main indexes that are numbered like groups become main indexes.
fn renumber(entries: &mut [Entry]) {
    let flat = is_flat(entries);
    let numerals = entries.iter().any(|entry| matches!(&entry.level, Level::Group(marker) if roman(marker).is_some()));
    let mut main = None;
    for at in 0..entries.len() {
        let below = entries.get(at + 1).map(|entry| entry.level.clone());
        let renamed = match &entries[at].level {
            Level::Group(marker) if flat && numerals => {
                main = roman(marker).map(|number| number.to_string());
                main.clone()
            }
            Level::Code(code) if flat && numerals => main.as_ref().map(|main| format!("{main}.{code}")),
            Level::Group(marker) => match below {
                Some(Level::Code(code)) => heads(marker, &code),
                _ => None,
            },
            _ => None,
        };
        if let Some(code) = renamed {
            entries[at].level = Level::Code(code);
        }
    }
}

/// The main index that a numeral is, where an indicator of its number follows at once.
fn heads(marker: &str, code: &str) -> Option<String> {
    let (head, _) = code.split_once('.')?;
    (head == marker || head.parse() == Ok(roman(marker)?)).then(|| head.to_string())
}
