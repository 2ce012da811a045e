//! `thuoc rules score` and `thuoc rules rank`.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use engine::rank::{RankRow, rank as rank_rows};
use engine::{Answers, Policy, RankBy};
use rust_decimal::Decimal;
use serde::Deserialize;

/// Prints the scorecard; every answer that cannot be scored is a line on standard error, and then there is no score.
pub fn score(file: &Path, answers: &Path) -> Result<ExitCode> {
    let Some(rules) = super::rules(file)? else { return Ok(ExitCode::FAILURE) };
    let answers: Answers = match serde_json::from_str(&read(answers)?) {
        Ok(answers) => answers,
        Err(cause) => {
            eprintln!("error[malformed] {cause}");
            return Ok(ExitCode::FAILURE);
        }
    };
    let errors = rules.errors(&answers);
    for (code, error) in &errors {
        let kind = serde_json::to_value(error.kind)?;
        eprintln!("error[{}] {code}: {}", kind.as_str().unwrap_or_default(), error.message);
    }
    if !errors.is_empty() {
        return Ok(ExitCode::FAILURE);
    }
    println!("{}", serde_json::to_string_pretty(&rules.evaluate(&answers))?);
    Ok(ExitCode::SUCCESS)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    unit: String,
    points: Decimal,
    applicable_maximum: Decimal,
}

/// Ranks by the published index with the default policy: two decimals, equal index, equal rank, the next skipped.
pub fn rank(scores: &Path) -> Result<ExitCode> {
    let given: Vec<Given> = match serde_json::from_str(&read(scores)?) {
        Ok(given) => given,
        Err(cause) => {
            eprintln!("error[malformed] {cause}");
            return Ok(ExitCode::FAILURE);
        }
    };
    let wrong = |row: &&Given| row.points < Decimal::ZERO || row.points > row.applicable_maximum;
    if let Some(row) = given.iter().find(wrong) {
        eprintln!("error[out_of_range] {}: {} / {}", row.unit, row.points, row.applicable_maximum);
        return Ok(ExitCode::FAILURE);
    }
    let policy = Policy {
        not_applicable: true,
        round: 2,
        bands: Vec::new(),
        rank_by: RankBy::Published,
        tie_breakers: Vec::new(),
    };
    let rows = given.into_iter().map(|row| RankRow::of_points(row.unit, row.points, row.applicable_maximum, 2));
    println!("{}", serde_json::to_string_pretty(&rank_rows(rows.collect(), &policy))?);
    Ok(ExitCode::SUCCESS)
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))
}
