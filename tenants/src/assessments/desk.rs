//! Showing a sheet: the overview for the head, the desk for the clerk, one row after a save.

use std::collections::HashMap;

use engine::{Answers, Indicator, IndicatorScore, Input, SelfScore};
use rust_decimal::Decimal;

use super::last_year::last_year;
use super::loaded::{Loaded, inputs_of};
use super::team::among_colleagues;
use super::{
    Desk, Field, LastPoints, LastYear, Row, RowState, Sheet, SheetCan, SheetHead, SheetRow, SheetState, Signature,
};
use super::{review, typed, warn};
use crate::evidence::room;
use crate::ids::AssessmentId;
use crate::periods::{self, Stage};
use crate::points::from_stored;
use crate::policy::{self, Action};
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
    let reviews = review::reviews(tx, &loaded).await?;
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
    let prefill_from = last.filter(|last| head.can.write && !last.rows.is_empty()).map(|last| last.year);
    Ok(Sheet { head, sections, totals, rows, prefill_from, last_year, reviews })
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
    let line = SheetRow {
        code: indicator.code.clone(),
        section: section.into(),
        name: indicator.name.clone(),
        maximum: indicator.max,
        state,
        points: score.points,
        signed_points: loaded.signed_otherwise(&indicator.code),
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
    let handed_back = review::handed_back(tx, &loaded).await?;
    let (head, section, room) = (head(tx, &loaded)?, section.into(), room(tx, &loaded).await?);
    Ok(Desk { head, sections, totals, section, rows, last, room, clerks, remarks, handed_back })
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

pub(crate) async fn visible(tx: &Tx, id: AssessmentId) -> Result<Loaded> {
    let loaded = Loaded::read(tx, id).await?;
    tx.allow(Action::ViewSheet, periods::subject(&loaded.sheet, &loaded.period))?;
    Ok(loaded)
}

/// The same sheet, to be changed in this turn.
pub(crate) async fn visible_to_change(tx: &Tx, id: AssessmentId) -> Result<Loaded> {
    let loaded = Loaded::take(tx, id).await?;
    tx.allow(Action::ViewSheet, periods::subject(&loaded.sheet, &loaded.period))?;
    Ok(loaded)
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

/// The indicator's own inputs first, then the shared facts it reads.
pub(crate) fn fields(loaded: &Loaded, indicator: &Indicator) -> Result<Vec<Field>> {
    let entered = loaded.rows.get(&indicator.code).map(inputs_of).transpose()?.unwrap_or_default();
    let own = indicator.inputs.iter().map(|input| field(input, false, entered.get(&input.name)));
    let facts = facts_of(loaded, indicator).map(|fact| field(fact, true, loaded.facts.get(&fact.name)));
    Ok(own.chain(facts).collect())
}

/// The facts a formula of this indicator reads.
pub(crate) fn facts_of<'a>(loaded: &'a Loaded, indicator: &'a Indicator) -> impl Iterator<Item = &'a Input> {
    let reads = |fact: &&Input| loaded.rules.readers(&fact.name).contains(&indicator.code.as_str());
    loaded.rules.set().facts.iter().filter(reads)
}

fn field(input: &Input, shared: bool, value: Option<&engine::Value>) -> Field {
    Field {
        name: input.name.clone(),
        label: input.label.clone(),
        kind: input.kind.clone(),
        provider: input.provider,
        shared,
        value: value.map(typed::shown).unwrap_or_default(),
    }
}

pub(crate) fn head(tx: &Tx, loaded: &Loaded) -> Result<SheetHead> {
    let set = loaded.rules.set();
    Ok(SheetHead {
        id: loaded.sheet.id,
        period: loaded.period.head()?,
        unit_name: loaded.sheet.unit_name.clone(),
        group_name: loaded.group.name.clone(),
        set_name: set.name.clone(),
        set_note: set.note.clone(),
        state: loaded.sheet.state()?,
        late: loaded.sheet.late,
        due: due(loaded),
        return_reason: loaded.sheet.return_reason.clone(),
        signature: loaded.sheet.signed_name.clone().zip(loaded.sheet.submitted_at).map(|(name, at)| Signature {
            name,
            at,
            points: signed_sum(loaded),
        }),
        revision: loaded.sheet.revision,
        can: can(tx, loaded)?,
        viewer: tx.caller().account.map(|id| id.to_string()).unwrap_or_default(),
    })
}

pub(crate) fn due(loaded: &Loaded) -> time::OffsetDateTime {
    let deadline = loaded.period.self_deadline;
    loaded.sheet.extended_to.map_or(deadline, |extension| extension.max(deadline))
}

/// What the sheet came to when it was signed.
fn signed_sum(loaded: &Loaded) -> Option<Decimal> {
    loaded.sheet.self_points.map(|points| from_stored(points, loaded.rules.set().policy.round))
}

fn can(tx: &Tx, loaded: &Loaded) -> Result<SheetCan> {
    let subject = periods::subject(&loaded.sheet, &loaded.period);
    let may = |action| policy::allows(tx.caller(), action, subject);
    let (stage, state, open) = (loaded.period.stage()?, loaded.sheet.state()?, is_open(tx, loaded)?);
    let writable = state.is_writable() && open;
    let in_review = state == SheetState::InternalReview && open;
    let appraising = stage == Stage::Appraisal;
    Ok(SheetCan {
        plan: may(Action::Plan),
        edit: may(Action::SaveAnswer),
        write: writable && may(Action::SaveAnswer),
        hand_in: writable && state != SheetState::NotStarted && may(Action::SaveAnswer),
        take_back: in_review && may(Action::SaveAnswer),
        hand_back: in_review && may(Action::Submit),
        submit: (writable || in_review) && may(Action::Submit),
        withdraw: may(Action::Submit) && open && state == SheetState::Submitted,
        send_back: may(Action::SendBack) && stage == Stage::SelfAssessment && state == SheetState::Submitted,
        appraise: appraising && may(Action::Appraise),
        reopen: may(Action::SendBack) && appraising,
        add_evidence: may(Action::AddEvidence) && (appraising || (writable && may(Action::SaveAnswer))),
    })
}

pub(crate) fn is_open(tx: &Tx, loaded: &Loaded) -> Result<bool> {
    let period = &loaded.period;
    let window = (period.self_from, period.self_deadline);
    Ok(periods::is_open(period.stage()?, window, loaded.sheet.extended_to, tx.now()))
}
