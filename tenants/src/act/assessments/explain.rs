//! How one score came about, complete enough to be checked elsewhere: figures with who entered them and when, the formula
//! in words and code, the steps, and the exact rules.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};

use crate::decisions::{Decided, standing};
use crate::ids::AssessmentId;
use crate::periods::Stage;
use crate::policy::{self, Action, Subject};
use crate::store::Tx;
use crate::{Error, Result, indicator_sets};

use crate::sheets::{Loaded, visible};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Explained {
    pub unit: String,
    pub period: String,
    pub indicator: String,
    pub name: String,
    pub rules: RulesUsed,
    /// The formula in plain Vietnamese, where it is understood.
    pub in_words: Option<String>,
    /// Points as decimal strings, the steps, everything read: what the rules in force make of what stands in the row.
    pub score: engine::IndicatorScore,
    /// The self score: what the head signed, whatever the rules became since.
    pub signed_points: Option<Decimal>,
    /// What `score` is made of is signed by nobody: never, or not since it was changed.
    pub draft: bool,
    /// The head signed a self-assessment; otherwise there is no self score, whatever a draft says.
    pub self_assessed: bool,
    /// `None` while nobody has entered anything here.
    pub entered: Option<Entered>,
    /// What the council decided; for the unit only once its provisional result is announced.
    pub appraised: Option<Decided>,
}

/// The version that scored, and the engine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RulesUsed {
    pub set: String,
    pub version: i32,
    pub decision_number: String,
    #[serde(with = "crate::dates")]
    pub decision_date: Date,
    /// SHA-256 of the canonical script.
    pub content_hash: String,
    pub engine: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entered {
    pub by: String,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
}

/// One score with everything behind it. `Err(NotFound)` for a code the set does not have.
pub async fn explain(tx: &Tx, id: AssessmentId, code: &str) -> Result<Explained> {
    let loaded = visible(tx, id).await?;
    let appraised = if knows_decisions(tx, &loaded)? { standing(tx, &loaded, code).await? } else { None };
    Ok(Explained { appraised, ..explained(tx, &loaded, code).await? })
}

/// Whether the caller may know what the council decided: a unit only once its provisional result is announced.
pub(crate) fn knows_decisions(tx: &Tx, loaded: &Loaded) -> Result<bool> {
    let announced = loaded.period.provisional_at.is_some() || loaded.period.stage()? > Stage::Appraisal;
    Ok(announced || policy::allows(tx.caller(), Action::ViewBoard, Subject::Tenant))
}

/// The same without what the council decided.
pub(crate) async fn explained(tx: &Tx, loaded: &Loaded, code: &str) -> Result<Explained> {
    let set = loaded.rules.set();
    let indicator = set.indicator(code).ok_or(Error::NotFound)?;
    let version = indicator_sets::version_used(tx, loaded.group.version_id, set).await?;
    let touched = loaded.rows.get(code).filter(|row| row.revision > 0);
    let score = loaded.score(code, &loaded.answers()?)?;
    let signed = loaded.signed(&score)?;
    Ok(Explained {
        unit: loaded.sheet.unit_name.clone(),
        period: loaded.period.name.clone(),
        indicator: code.into(),
        name: indicator.name.clone(),
        rules: RulesUsed {
            set: set.name.clone(),
            version: version.number,
            decision_number: version.decision_number,
            decision_date: version.decision_date,
            content_hash: version.content_hash,
            engine: loaded.rules.version().as_str().into(),
        },
        in_words: engine::run::shapes::words(indicator, set),
        score,
        signed_points: signed.points,
        draft: signed.draft,
        appraised: None,
        self_assessed: loaded.sheet.is_signed(),
        entered: touched.map(|row| Entered { by: row.updated_by.clone(), at: row.updated_at }),
    })
}
