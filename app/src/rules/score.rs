//! `thuoc rules score` and `thuoc rules rank`.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use engine::rank::{RankRow, rank as rank_rows};
use engine::{Answer, Answers, Policy, RankBy, Value};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::Value as Json;

/// Prints the scorecard; every answer that cannot be scored is a line on standard error, and then there is no score.
pub fn score(file: &Path, answers: &Path) -> Result<ExitCode> {
    let Some(rules) = super::rules(file)? else { return Ok(ExitCode::FAILURE) };
    let answers = match parse(&read(answers)?) {
        Ok(answers) => answers,
        Err(lines) => {
            lines.iter().for_each(|line| eprintln!("{line}"));
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

/// Answers from JSON; what does not fit is named by indicator and figure.
fn parse(text: &str) -> Result<Answers, Vec<String>> {
    let malformed = |cause: serde_json::Error| format!("error[malformed] {cause}");
    let json: Json = serde_json::from_str(text).map_err(|cause| vec![malformed(cause)])?;
    // Serde would read a list as a struct's fields in their order.
    if !json.is_object() || json["answers"].is_array() {
        return Err(vec!["error[malformed] expected {\"facts\": {…}, \"answers\": {…}}".into()]);
    }
    serde_json::from_value(json.clone()).map_err(|cause| {
        let found = misfits(&json);
        if found.is_empty() { vec![malformed(cause)] } else { found }
    })
}

fn misfits(json: &Json) -> Vec<String> {
    let mut found = figures("facts", &json["facts"]);
    for (code, answer) in json["answers"].as_object().into_iter().flatten() {
        let wrong = figures(code, &answer["inputs"]);
        match serde_json::from_value::<Answer>(answer.clone()) {
            Err(cause) if wrong.is_empty() => found.push(format!("error[malformed] {code}: {cause}")),
            _ => found.extend(wrong),
        }
    }
    found
}

fn figures(about: &str, figures: &Json) -> Vec<String> {
    let figures = figures.as_object().into_iter().flatten();
    let wrong = |(name, figure): (&String, &Json)| {
        let cause = serde_json::from_value::<Value>(figure.clone()).err()?;
        Some(format!("error[wrong_type] {about}: {name}: {cause}"))
    };
    figures.filter_map(wrong).collect()
}

#[derive(Deserialize)]
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
