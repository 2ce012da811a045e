//! What an edited set comes to before anybody saves it: findings, cases, and for one indicator the cases to be suggested and
//! the outcome of a trial. Worked out in the worker, because a formula somebody is typing is somebody's program.

use std::borrow::Cow;
use std::sync::LazyLock;

use engine::run::{CaseResult, Drafted, Rules};
use engine::{Answers, Case, Diagnostic, IndicatorScore, IndicatorSet};
use serde::{Deserialize, Serialize};

use super::ration::{self, Work};
use super::sandbox::{self, Tried, WorkerCommand};
use crate::cache::Cache;
use crate::ids::TenantId;
use crate::store::sha256_hex;
use crate::{Error, Result};

/// What was worked out lately without a trial, by what was asked.
static PROVEN: LazyLock<moka::sync::Cache<String, Proven>> = LazyLock::new(|| moka::sync::Cache::new(200));

/// What is asked about a set.
#[derive(Debug, Serialize, Deserialize)]
pub struct Asked<'a> {
    pub set: Cow<'a, IndicatorSet>,
    /// The indicator that is looked at.
    pub code: Option<String>,
    /// Figures it is tried on.
    pub trial: Option<Answers>,
}

/// What a set, or one indicator of it, comes to.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Proven {
    pub found: Vec<Diagnostic>,
    /// How all stored cases go; empty while a formula does not compile.
    pub results: Vec<CaseResult>,
    pub compiles: bool,
    /// Of the indicator: cases not stored yet, the names its rules read, the outcome of the trial.
    pub suggested: Vec<Case>,
    pub reads: Vec<String>,
    pub score: Option<IndicatorScore>,
}

/// Asks the worker, within the authority's ration. `Err(Conflict)` past it.
pub async fn prove(cache: &Cache, tenant: TenantId, worker: &WorkerCommand, asked: Asked<'_>) -> Result<Proven> {
    let key = sha256_hex(&serde_json::to_vec(&asked).map_err(Error::internal)?);
    if let Some(known) = PROVEN.get(&key) {
        return Ok(known);
    }
    let _turn = ration::turn(cache, tenant, Work::Check).await?;
    let proven = sandbox::proven(worker, asked).await?;
    if !proven.found.iter().any(|found| found.code == sandbox::STOPPED) {
        PROVEN.insert(key, proven.clone());
    }
    Ok(proven)
}

/// In the worker.
pub(super) fn answer(asked: &Asked<'_>) -> Proven {
    let found = engine::run::check(&asked.set);
    let Ok(rules) = Rules::new(asked.set.clone().into_owned()) else { return Proven { found, ..Proven::default() } };
    let of = |code: &str| Proven {
        suggested: rules.suggest_cases(code),
        reads: rules.reads(code).into_iter().map(str::to_owned).collect(),
        score: asked.trial.as_ref().and_then(|trial| rules.score(code, trial)),
        ..Proven::default()
    };
    let about = asked.code.as_deref().map(of).unwrap_or_default();
    Proven { found, results: rules.run_cases(), compiles: true, ..about }
}

/// In the worker: the draft with its cases.
pub(super) fn try_draft(drafted: Drafted) -> Tried {
    let rules = drafted.set.clone().and_then(|set| Rules::new(set).ok());
    Tried { results: rules.map(|rules| rules.run_cases()).unwrap_or_default(), drafted }
}
