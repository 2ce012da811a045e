//! `thuoc rules score`.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;

use super::answers::parse;
use super::files::{self, say, tell};

/// Prints the scorecard; every answer that cannot be scored is a line on standard error, and then there is no score.
pub fn score(file: &Path, answers: &Path) -> Result<ExitCode> {
    let Some(rules) = super::rules(file)? else { return Ok(ExitCode::FAILURE) };
    let answers = match files::read_json(answers).and_then(|text| parse(&text)) {
        Ok(answers) => answers,
        Err(lines) => return Ok(files::refused(&lines)),
    };
    let errors = rules.errors(&answers);
    for (code, error) in &errors {
        let kind = serde_json::to_value(error.kind)?;
        tell(format_args!("error[{}] {code}: {}", kind.as_str().unwrap_or_default(), error.message));
    }
    if !errors.is_empty() {
        return Ok(ExitCode::FAILURE);
    }
    say(serde_json::to_string_pretty(&rules.evaluate(&answers))?)?;
    Ok(ExitCode::SUCCESS)
}
