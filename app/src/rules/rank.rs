//! `thuoc rules rank`.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use engine::rank::{RankRow, rank as rank_rows};
use engine::{Policy, RankBy};
use rust_decimal::Decimal;

use super::answers::{malformed, strangers, take, told};
use super::files::{self, say, tell};
use super::json::{self, Raw};

/// Decimals of the index.
const PLACES: u32 = 2;

/// Ranks by the published index with the default policy: two decimals, equal index, equal rank, the next skipped.
pub fn rank(scores: &Path) -> Result<ExitCode> {
    let given = match files::read_json(scores).and_then(|text| rows(&text)) {
        Ok(given) => given,
        Err(lines) => return Ok(files::refused(&lines)),
    };
    let wrong = |row: &&Given| row.points < Decimal::ZERO || row.points > row.applicable_maximum;
    if let Some(row) = given.iter().find(wrong) {
        tell(format_args!("error[out_of_range] {}: {} / {}", row.unit, row.points, row.applicable_maximum));
        return Ok(ExitCode::FAILURE);
    }
    let policy = Policy {
        not_applicable: true,
        round: PLACES,
        bands: Vec::new(),
        rank_by: RankBy::Published,
        tie_breakers: Vec::new(),
    };
    let rows = given.into_iter().map(|row| RankRow::of_points(row.unit, row.points, row.applicable_maximum, PLACES));
    let rows: Vec<RankRow> = rows.collect();
    // An index that is too long to calculate is not one that is undefined.
    let lost = |row: &&RankRow| row.index.is_none() && row.applicable_maximum > Decimal::ZERO;
    if let Some(row) = rows.iter().find(lost) {
        let told = format!("error[overflow] {}: {} / {}", row.unit, row.points, row.applicable_maximum);
        return Ok(files::refused(&[told]));
    }
    say(serde_json::to_string_pretty(&rank_rows(rows, &policy))?)?;
    Ok(ExitCode::SUCCESS)
}

struct Given {
    unit: String,
    points: Decimal,
    applicable_maximum: Decimal,
}

impl Given {
    fn of(at: usize, mut row: Raw) -> Result<Given, Vec<String>> {
        let mut found = Vec::new();
        let unit: Option<String> = take(&mut row, "unit", "", &mut found);
        let about = unit.clone().unwrap_or_else(|| format!("row {at}"));
        let mut number = |name: &str| match row.0.remove(name).map(|raw| json::number(&raw)) {
            Some(Ok(number)) => Some(number),
            Some(Err(misfit)) => {
                found.push(told(&about, name, "malformed", misfit));
                None
            }
            None => None,
        };
        let (points, applicable_maximum) = (number("points"), number("applicable_maximum"));
        found.extend(strangers(&about, &row));
        match (unit, points, applicable_maximum) {
            (Some(unit), Some(points), Some(applicable_maximum)) if found.is_empty() => {
                Ok(Given { unit, points, applicable_maximum })
            }
            _ if found.is_empty() => {
                Err(vec![format!("error[malformed] {about}: needs unit, points and applicable_maximum")])
            }
            _ => Err(found),
        }
    }
}

fn rows(text: &str) -> Result<Vec<Given>, Vec<String>> {
    let rows: Vec<Raw> = serde_json::from_str(text).map_err(|cause| vec![malformed("", cause)])?;
    let (mut given, mut found, mut units) = (Vec::new(), Vec::new(), BTreeSet::new());
    for (at, row) in rows.into_iter().enumerate() {
        match Given::of(at + 1, row) {
            Ok(row) if !units.insert(row.unit.clone()) => {
                found.push(format!("error[malformed] row {}: unit \"{}\" stands here twice", at + 1, row.unit));
            }
            Ok(row) => given.push(row),
            Err(lines) => found.extend(lines),
        }
    }
    if found.is_empty() { Ok(given) } else { Err(found) }
}
