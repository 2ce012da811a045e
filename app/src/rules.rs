//! `thuoc rules …`: indicator sets kept in files, checked like code. The output is a contract that others script against.
//!
//! Scripts run in a child process with limits, as everywhere. Exit code 0 means clean, 1 means mistakes were found; a
//! warning is no mistake. A file that cannot be read is a finding of that file, at 0:0. A reader that goes away early
//! (`| head`) ends the output and changes no exit code.

mod answers;
mod files;
mod json;
mod rank;
mod score;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Subcommand;
use engine::run::{Drafted, Rules};
use engine::{Diagnostic, Severity};
use serde_json::json;
use tenants::indicator_sets::sandbox;

use files::{say, tell};

#[derive(Subcommand)]
pub enum Verb {
    /// Check definition scripts; prints FILE:LINE:COLUMN: message for each finding.
    Check {
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Findings as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Run the cases stored in a set and name each that fails.
    Test { file: PathBuf },
    /// Score a unit's answers (JSON) and print the scorecard as JSON.
    Score {
        file: PathBuf,
        #[arg(long)]
        answers: PathBuf,
    },
    /// Rank units from their points (JSON in, JSON out).
    Rank { scores: PathBuf },
    /// Print a set as its canonical script.
    Print { file: PathBuf },
    /// Compile one script from standard input under limits.
    #[command(hide = true)]
    Worker,
}

/// Runs a verb.
pub fn run(verb: Verb) -> Result<ExitCode> {
    match verb {
        Verb::Worker => sandbox::serve_worker().map(|()| ExitCode::SUCCESS).context("compiling a script"),
        Verb::Check { files, json } => check(&files, json),
        Verb::Test { file } => test(&file),
        Verb::Score { file, answers } => score::score(&file, &answers),
        Verb::Rank { scores } => rank::rank(&scores),
        Verb::Print { file } => print(&file),
    }
}

fn check(files: &[PathBuf], as_json: bool) -> Result<ExitCode> {
    let mut all = Vec::new();
    for file in files {
        all.extend(draft(file)?.found.into_iter().map(|diagnostic| (file, diagnostic)));
    }
    if as_json {
        let findings = all.iter().map(|(file, found)| {
            json!({
                "file": file.display().to_string(), "line": found.line, "column": found.column, "code": found.code,
                "severity": found.severity, "message": found.message, "indicator": found.indicator,
            })
        });
        say(serde_json::to_string_pretty(&findings.collect::<Vec<_>>())?)?;
    } else {
        all.iter().try_for_each(|(file, found)| say(line(file, found)))?;
    }
    Ok(exit(all.iter().all(|(_, found)| found.severity == Severity::Warning)))
}

fn test(file: &Path) -> Result<ExitCode> {
    let Some(rules) = rules(file)? else { return Ok(ExitCode::FAILURE) };
    let results = rules.run_cases();
    let failed: Vec<_> = results.iter().filter(|case| !case.passed).collect();
    failed.iter().try_for_each(|case| say(format_args!("{}: {case}", file.display())))?;
    say(format_args!("{} passed, {} failed", results.len() - failed.len(), failed.len()))?;
    Ok(exit(failed.is_empty()))
}

fn print(file: &Path) -> Result<ExitCode> {
    let Some(rules) = rules(file)? else { return Ok(ExitCode::FAILURE) };
    say(engine::print(rules.set()).trim_end())?;
    Ok(ExitCode::SUCCESS)
}

/// The rules of a file; `None` when its mistakes have been printed.
fn rules(file: &Path) -> Result<Option<Rules>> {
    let outcome = draft(file)?.usable().and_then(|compiled| Rules::new(compiled.set));
    match outcome {
        Ok(rules) => Ok(Some(rules)),
        Err(found) => {
            found.iter().for_each(|diagnostic| tell(line(file, diagnostic)));
            Ok(None)
        }
    }
}

fn draft(file: &Path) -> Result<Drafted> {
    let source = match files::read(file) {
        Ok(source) => source,
        Err(message) => return Ok(unreadable(message)),
    };
    let worker = crate::state::worker(None)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(runtime.block_on(sandbox::draft(&worker, &source))?)
}

fn unreadable(message: String) -> Drafted {
    let code = "unreadable".into();
    let found = Diagnostic { code, message, severity: Severity::Error, line: 0, column: 0, indicator: None };
    Drafted { set: None, found: vec![found] }
}

fn line(file: &Path, found: &Diagnostic) -> String {
    let about = found.indicator.as_ref().map(|code| format!("[{code}] ")).unwrap_or_default();
    let warning = if found.severity == Severity::Warning { "cảnh báo: " } else { "" };
    format!("{}:{}:{}: {warning}{about}{}", file.display(), found.line, found.column, found.message)
}

fn exit(clean: bool) -> ExitCode {
    if clean { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
