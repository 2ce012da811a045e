//! Many units at once, from a table pasted out of a spreadsheet or a CSV file: code, name, kind, code of the unit above,
//! short name. What it would do is found out by doing it; whoever calls this commits only what has no problem.

use engine::text::folded_words;
use time::Date;

use super::{NewUnit, UnitKind, create, list};
use crate::ids::UnitId;
use crate::store::Tx;
use crate::{Error, Problem, Result};

/// Most rows of one table.
const MOST: usize = 2000;

/// A row of the table, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// As the spreadsheet counts.
    pub number: usize,
    pub code: String,
    pub name: String,
    pub kind: String,
    pub parent: String,
    /// The field is that of the form for one unit.
    pub problems: Vec<Problem>,
}

impl UnitKind {
    /// The kind as people write it: "Sở", "phường", "UBND xã", "đơn vị trực thuộc", or our own word.
    pub fn read(text: &str) -> Option<UnitKind> {
        let words = folded_words(text);
        let has = |one: &[&str]| words.iter().any(|word| one.contains(&word.as_str()));
        let phrase = words.join(" ");
        match () {
            () if UnitKind::parse(text.trim()).is_some() => UnitKind::parse(text.trim()),
            () if phrase.contains("truc thuoc") || phrase.starts_with("co quan") || phrase.starts_with("don vi") => {
                Some(UnitKind::Agency)
            }
            () if has(&["huyen", "quan", "district"])
                || phrase.ends_with("thi xa")
                || phrase.ends_with("thanh pho") =>
            {
                Some(UnitKind::District)
            }
            () if has(&["xa", "phuong", "commune", "ward"]) || phrase.contains("dac khu") || phrase == "thi tran" => {
                Some(UnitKind::Commune)
            }
            () if has(&["so", "ban", "nganh", "department"]) || phrase.starts_with("van phong") => {
                Some(UnitKind::Department)
            }
            () => None,
        }
    }
}

/// Adds the rows' units. A heading is passed over; units above stand further up, or are there already. `Err(Invalid)` for a
/// table without rows, or with too many.
pub async fn import(tx: &Tx, cells: &[Vec<String>], from: Date) -> Result<Vec<Row>> {
    let rows: Vec<(usize, &Vec<String>)> = cells
        .iter()
        .enumerate()
        .filter(|(_, row)| row.iter().any(|cell| !cell.trim().is_empty()))
        .filter(|(at, row)| *at > 0 || !is_heading(row))
        .collect();
    if rows.is_empty() || rows.len() > MOST {
        let message = "Bảng phải có từ 1 đến 2000 đơn vị, mỗi dòng một đơn vị.";
        return Err(Error::Invalid(vec![Problem::new("text", message)]));
    }
    let mut known: Vec<(String, UnitId)> =
        list(tx).await?.into_iter().map(|unit| (unit.official_code, unit.id)).collect();
    let mut read = Vec::new();
    for (at, cells) in rows {
        let cell = |column: usize| cells.get(column).map_or("", |cell| cell.trim()).to_owned();
        let mut row =
            Row { number: at + 1, code: cell(0), name: cell(1), kind: cell(2), parent: cell(3), problems: Vec::new() };
        let kind = UnitKind::read(&row.kind);
        if kind.is_none() {
            let message = "Loại đơn vị chưa rõ; hãy ghi Sở, Huyện, Xã, Phường hoặc Đơn vị trực thuộc.";
            row.problems.push(Problem::new("kind", message));
        }
        let parent = known.iter().find(|(code, _)| *code == row.parent).map(|(_, id)| *id);
        if parent.is_none() && !row.parent.is_empty() {
            let message = "Không có đơn vị nào mang mã này ở các dòng trên hay trong hệ thống.";
            row.problems.push(Problem::new("parent", message));
        }
        let new = NewUnit {
            kind: kind.unwrap_or(UnitKind::Agency),
            official_code: row.code.clone(),
            name: row.name.clone(),
            short_name: cell(4),
            valid_from: from,
            parent,
        };
        match create(tx, new).await {
            Ok(id) => known.push((row.code.clone(), id)),
            Err(Error::Invalid(problems)) => row.problems.extend(problems),
            Err(error) => return Err(error),
        }
        read.push(row);
    }
    Ok(read)
}

/// Whether the first row names columns: its first cell says "code" and its second "name".
fn is_heading(row: &[String]) -> bool {
    let words = |column: usize| row.get(column).map(|cell| folded_words(cell)).unwrap_or_default();
    let says = |words: &[String], one: &[&str]| words.iter().any(|word| one.contains(&word.as_str()));
    says(&words(0), &["ma", "code"]) && says(&words(1), &["ten", "name"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_read_as_people_write_them() {
        let read = [
            ("Sở", UnitKind::Department),
            ("sở, ban, ngành", UnitKind::Department),
            ("Văn phòng UBND", UnitKind::Department),
            ("Huyện", UnitKind::District),
            ("Thị xã", UnitKind::District),
            ("thành phố", UnitKind::District),
            ("xã", UnitKind::Commune),
            ("UBND phường", UnitKind::Commune),
            ("Đặc khu", UnitKind::Commune),
            ("Đơn vị trực thuộc", UnitKind::Agency),
            ("Cơ quan", UnitKind::Agency),
            ("commune", UnitKind::Commune),
        ];
        for (text, kind) in read {
            // "Thị xã" holds the word for a commune.
            assert_eq!(UnitKind::read(text), Some(kind), "{text}");
        }
        assert_eq!((UnitKind::read(""), UnitKind::read("abc")), (None, None));
    }
}
