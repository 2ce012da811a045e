//! A table of indicators, pasted from a spreadsheet or a document, as the groups of a set.
//!
//! A table has a column of numbers ("Stt"), one of names and one of points, in any order, with a header row or
//! without. Numbers decide the level of a row:
//!
//! - a Roman numeral or a capital letter, or a name that begins with "Nhóm", is a group; without any there is one group;
//! - "1" is a main index, "1.1" an indicator. Where no number has a dot, "I" is a main index and "1" under it is "1.1";
//!   "I" directly above "1.1" is main index 1;
//! - below "1.1", rows with points are the indicators and the name of "1.1" is put before theirs; rows without points,
//!   and rows that begin with a dash or a small letter, tell how "1.1" is scored and become its guidance;
//! - a row without a number continues the row above it; "Tổng cộng" is compared with the sum;
//! - titles, footnotes and signatures stand alone in their row, after a blank one, or begin as footnotes do: none of them
//!   becomes part of a name.
//!
//! Points of a group, a main index or "1.1" may be left out where the rows below have them; where both are given they
//! must agree.

mod columns;
mod footnote;
mod level;
mod name;
mod split;
mod tree;

use serde::{Deserialize, Serialize};

use crate::Group;

pub use name::{name_of, slug_of};
pub use split::{join, split};

/// Most indicators of one table.
pub const MAX_INDICATORS: usize = 500;
/// Most bytes of text in one table.
pub const MAX_BYTES: usize = 1024 * 1024;
/// Mistakes told at once; nobody reads more.
const MOST_ERRORS: usize = 500;
/// Longest code, in characters.
pub const MAX_CODE: usize = 20;

const ONE_LEVEL: &str = "Bảng chỉ có một cấp: mỗi chỉ số chính (1, 2, …) cần các chỉ số thành phần (1.1, 1.2, …).";

/// Why a row cannot be read. `row` and `column` are 1-based, as pasted; `message` is Vietnamese.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowError {
    pub row: usize,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    pub message: String,
}

impl RowError {
    fn new(row: usize, column: Option<usize>, message: impl Into<String>) -> RowError {
        RowError { row, column, message: message.into() }
    }
}

/// Whether rows are a table of indicators: near their top a heading names a column of indicators and one of points.
pub fn has_header(rows: &[Vec<String>]) -> bool {
    columns::has_header(rows)
}

/// Whether rows have a column of numbers such as those of indicators.
pub fn has_codes(rows: &[Vec<String>]) -> bool {
    columns::has_codes(rows)
}

/// The groups that the rows describe, or everything wrong with them. Keys equal codes; there are no formulas yet.
pub fn read(rows: &[Vec<String>]) -> Result<Vec<Group>, Vec<RowError>> {
    if rows.iter().flatten().map(String::len).sum::<usize>() > MAX_BYTES {
        return Err(vec![RowError::new(1, None, "Bảng quá lớn: tối đa 1 MB chữ.")]);
    }
    let legacy = in_old_letters(rows);
    if !legacy.is_empty() {
        return Err(legacy);
    }
    let lines = columns::lines(rows).map_err(|found| vec![found])?;
    let (entries, mut errors) = level::entries(lines);
    if level::is_flat(&entries) {
        let row = entries.first().map_or(1, |first| first.row);
        // Numbers that became dates or cannot be read are the reason, and told about already.
        if errors.is_empty() {
            errors.push(RowError::new(row, None, ONE_LEVEL));
        }
        return Err(errors);
    }
    let groups = tree::build(entries, &mut errors);
    errors.sort_by_key(|found| (found.row, found.column));
    errors.truncate(MOST_ERRORS);
    if errors.is_empty() { Ok(groups) } else { Err(errors) }
}

/// The rows that are written in an encoding from before Unicode.
fn in_old_letters(rows: &[Vec<String>]) -> Vec<RowError> {
    let told = rows.iter().enumerate().filter_map(|(at, row)| {
        let message = crate::text::refusal(&row.join(" "))?;
        Some(RowError::new(at + 1, None, message))
    });
    told.take(MOST_ERRORS).collect()
}
