//! Showing a sheet: the overview for the head, the desk for the clerk, one row after a save.

use std::collections::HashMap;

use engine::{Answers, Indicator, IndicatorScore, SelfScore};

use super::last_year::last_year;
use super::{Desk, LastPoints, LastYear, Row, Sheet, SheetRow, warn};
use crate::ids::AssessmentId;
use crate::points::from_stored;
use crate::sheets::{self, Loaded, RowState, among_colleagues, fields, head, quota, visible};
use crate::store::Tx;
use crate::{Error, Result};

/// The overview of a sheet.
pub async fn sheet(tx: &Tx, id: AssessmentId) -> Result<Sheet> {
    let loaded = visible(tx, id).await?;
    let answers = loaded.answers()?;
    let (sections, totals) = loaded.sections(&answers)?;
    let last = last_year(tx, &loaded).await?;
    let uses = loaded.uses();
    let (clerks, _) = among_colleagues(tx, &loaded).await?;
    let reviews = sheets::reviews(tx, &loaded).await?;
    let mut rows = Vec::new();
    for main in loaded.rules.set().main_indexes() {
        for indicator in &main.indicators {
            let row = sheet_row(&loaded, &main.code, indicator, &answers)?;
            let warnings = warnings(&loaded, indicator, &row.score, &uses, last.as_ref())?;
            let clerk = clerks.get(&indicator.code).cloned();
            let then = last.as_ref().and_then(|last| last.rows.get(&indicator.code));
            let last = then.and_then(|row| Some(LastPoints { points: row.points?, maximum: row.maximum }));
            rows.push(SheetRow { warnings, clerk, last, ..row.line });
        }
    }
    let head = head(tx, &loaded)?;
    let last_year = last.as_ref().map(|last| last.year);
    let prefill_from = last.filter(|last| head.can.write && last.may_prefill).map(|last| last.year);
    let (to_sign, shown) = (loaded.to_sign()?, loaded.shown()?);
    let again: Vec<&String> = to_sign.iter().map(|(code, _)| code).collect();
    let sum = || from_stored(loaded.signed_sum(&again), loaded.rules.set().policy.round);
    let to_sign_sum = (!again.is_empty()).then(sum);
    Ok(Sheet { head, sections, totals, rows, prefill_from, last_year, reviews, to_sign, to_sign_sum, shown })
}

/// A line with the score it was made from.
struct Line {
    line: SheetRow,
    score: IndicatorScore,
}

fn sheet_row(loaded: &Loaded, section: &str, indicator: &Indicator, answers: &Answers) -> Result<Line> {
    let score = loaded.score(&indicator.code, answers)?;
    let (state, documents) = (loaded.row_state(&indicator.code, &score), loaded.standing_evidence(&indicator.code));
    let claimed = score.points.is_some_and(|points| !points.is_zero());
    let signed = loaded.signed(&score)?;
    let line = SheetRow {
        code: indicator.code.clone(),
        section: section.into(),
        name: indicator.name.clone(),
        maximum: indicator.max,
        state,
        points: score.points,
        signed_points: signed.unlike(score.points),
        draft: signed.draft,
        sentence: score.explanation.as_ref().map(|told| told.text.clone()).unwrap_or_default(),
        evidence_count: u32::try_from(documents).map_err(Error::internal)?,
        explained_only: state == RowState::Done && claimed && documents == 0,
        claim: loaded.claim_of(&indicator.code),
        last: None,
        warnings: Vec::new(),
        clerk: None,
    };
    Ok(Line { line, score })
}

/// The desk of one main index. `Err(NotFound)` for a code the set does not have.
pub async fn desk(tx: &Tx, id: AssessmentId, section: &str) -> Result<Desk> {
    let loaded = visible(tx, id).await?;
    let answers = loaded.answers()?;
    let (sections, totals) = loaded.sections(&answers)?;
    let main = loaded.rules.set().main_index(section).ok_or(Error::NotFound)?;
    let rows = main.indicators.iter().map(|indicator| build_row(&loaded, indicator, &answers));
    let rows = rows.collect::<Result<_>>()?;
    let last = last_year(tx, &loaded).await?;
    let (clerks, mut remarks) = among_colleagues(tx, &loaded).await?;
    let remarks = main.indicators.iter().filter_map(|leaf| remarks.remove_entry(&leaf.code)).collect();
    let handed_back = sheets::handed_back(tx, &loaded).await?;
    let (head, section, quota) = (head(tx, &loaded)?, section.into(), quota(tx, &loaded).await?);
    Ok(Desk { head, sections, totals, section, rows, last, quota, clerks, remarks, handed_back })
}

/// One row, e.g. to show what somebody else saved.
pub async fn row(tx: &Tx, id: AssessmentId, code: &str) -> Result<Row> {
    let loaded = visible(tx, id).await?;
    row_of(&loaded, code)
}

pub(crate) fn row_of(loaded: &Loaded, code: &str) -> Result<Row> {
    let indicator = loaded.rules.set().indicator(code).ok_or(Error::NotFound)?;
    build_row(loaded, indicator, &loaded.answers()?)
}

pub(crate) fn build_row(loaded: &Loaded, indicator: &Indicator, answers: &Answers) -> Result<Row> {
    let code = indicator.code.as_str();
    let score = loaded.score(code, answers)?;
    let stored = loaded.rows.get(code);
    let touched = stored.filter(|row| row.revision > 0);
    let mut mains = loaded.rules.set().main_indexes();
    let section = mains.find(|main| main.indicators.iter().any(|leaf| leaf.code == code));
    Ok(Row {
        code: code.into(),
        section: section.map(|main| main.code.clone()).unwrap_or_default(),
        name: indicator.name.clone(),
        maximum: indicator.max,
        guidance: indicator.guidance.clone(),
        evidence_hint: indicator.evidence.clone(),
        source: indicator.source.clone(),
        fields: fields(loaded, indicator)?,
        adjustable: indicator.self_score == SelfScore::Adjustable,
        own_points: loaded.own_points(code).map(engine::number::trim).unwrap_or_default(),
        explanation: loaded.explanation_of(code).into(),
        claim: loaded.claim_of(code),
        may_claim: indicator.not_applicable,
        exempt: loaded.is_exempt(code),
        evidence: loaded.evidence_of(code).to_vec(),
        state: loaded.row_state(code, &score),
        warnings: looks(loaded, indicator, &loaded.uses())?,
        reopened_until: loaded.reopened.get(code).copied(),
        revision: stored.map_or(0, |row| row.revision),
        saved_by: touched.map(|row| row.updated_by.clone()),
        saved_at: touched.map(|row| row.updated_at),
        score,
    })
}

/// Everything that looks wrong at an indicator: the set's own warnings, its figures, its documents, last year's figures.
pub(crate) fn warnings(
    loaded: &Loaded,
    indicator: &Indicator,
    score: &IndicatorScore,
    uses: &HashMap<String, usize>,
    last: Option<&LastYear>,
) -> Result<Vec<String>> {
    let mut told = score.warnings.clone();
    told.extend(looks(loaded, indicator, uses)?);
    if let Some((year, row)) = last.and_then(|last| Some((last.year, last.rows.get(&indicator.code)?))) {
        told.extend(warn::against_last_year(&fields(loaded, indicator)?, row, year));
    }
    Ok(told)
}

fn looks(loaded: &Loaded, indicator: &Indicator, uses: &HashMap<String, usize>) -> Result<Vec<String>> {
    let mut told = warn::fractions(&fields(loaded, indicator)?);
    told.extend(warn::documents(loaded.evidence_of(&indicator.code), loaded.period.year, uses));
    Ok(told)
}
