//! Saving one answer: the row's figures, the facts it shares, its explanation or its N/A claim.

use std::collections::{BTreeMap, BTreeSet};

use engine::{Indicator, SelfScore, Value};
use rust_decimal::Decimal;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, QueryFilter};
use serde_json::json;

use super::{SaveAnswer, Saved};
use crate::audit::{self, Event};
use crate::desk::{Row, build_row};
use crate::ids::AssessmentId;
use crate::points::to_stored;
use crate::policy::Action;
use crate::sheets::{
    self, Claim, Loaded, SheetState, facts_of, inputs_of, keep_rows, refuse_when_closed, visible_to_change,
};
use crate::store::entities::{assessment_facts, assessment_rows, assessments};
use crate::store::{Tx, new_row};
use crate::{Error, Problem, Result, typed};

/// Longest explanation or reason, in characters.
const MAX_TEXT: usize = 8_000;

/// What changed in a save, as values.
struct Change {
    inputs: BTreeMap<String, Value>,
    facts: BTreeMap<String, Option<Value>>,
    /// Ten-thousandths.
    own_points: Option<i64>,
}

/// Writes one row. `Err(Stale)` when somebody saved it first, `Err(Closed)` after the deadline or the submission,
/// `Err(Invalid)` with one problem per wrong field; in each case nothing is written.
pub async fn save_answer(tx: &Tx, id: AssessmentId, input: &SaveAnswer) -> Result<Saved> {
    let mut loaded = visible_to_change(tx, id).await?;
    tx.allow(Action::SaveAnswer, sheets::subject(&loaded.sheet, &loaded.period))?;
    refuse_when_closed(tx, &loaded, &input.code)?;
    let rules = std::sync::Arc::clone(&loaded.rules);
    let indicator = rules.set().indicator(&input.code).ok_or(Error::NotFound)?;
    if loaded.is_exempt(&input.code) {
        let told = "Cơ quan thường trực đã xác định đơn vị không đánh giá chỉ số này; liên hệ cơ quan thường trực nếu chưa đúng.";
        return Err(Error::Conflict(told.into()));
    }
    let change = read_change(&loaded, indicator, input)?;
    if is_stored(&loaded, input, &change)? {
        let mut codes = BTreeSet::from([input.code.clone()]);
        codes.extend(change.facts.keys().flat_map(|fact| rules.readers(fact)).map(String::from));
        return saved(tx, &loaded, &codes);
    }
    let before = loaded.rows.keys().map(|code| (code.clone(), loaded.as_it_stands(code))).collect();
    put_row(tx, &mut loaded, input, &change)?;
    let changed_facts = write_facts(tx, &mut loaded, change.facts, &input.seen).await?;
    let mut codes = BTreeSet::from([input.code.clone()]);
    for fact in &changed_facts {
        codes.extend(rules.readers(fact).into_iter().map(String::from));
    }
    keep_rows(tx, &mut loaded, &codes).await?;
    start_drafting(tx, &loaded).await?;
    if loaded.sheet.is_signed() && loaded.reopened.contains_key(&input.code) {
        super::submit::await_signature(tx, &mut loaded, &before, &codes).await?;
    }
    let detail = json!({
        "code": input.code, "fields": input.fields, "explanation": input.explanation, "claim": input.claim,
        "own_points": input.own_points, "points": loaded.stored_points(&codes),
    });
    audit::record(tx, Event { action: "answer.save", subject: ("sheet", id.to_string()), detail }).await?;
    saved(tx, &loaded, &codes)
}

fn read_change(loaded: &Loaded, indicator: &Indicator, input: &SaveAnswer) -> Result<Change> {
    let mut problems = Vec::new();
    let stored = loaded.rows.get(&indicator.code);
    let inputs = stored.map(inputs_of).transpose()?.unwrap_or_default();
    let mut change = Change { inputs, facts: BTreeMap::new(), own_points: stored.and_then(|row| row.own_points) };
    for (name, text) in &input.fields {
        let own = indicator.inputs.iter().find(|declared| &declared.name == name);
        let fact = facts_of(loaded, indicator).find(|fact| &fact.name == name);
        let Some(declared) = own.or(fact) else {
            problems.push(Problem::new(name, "Chỉ số này không có số liệu đó; hãy tải lại trang."));
            continue;
        };
        match typed::parse(declared, text) {
            Err(message) => problems.push(Problem::new(name, &message)),
            Ok(value) if own.is_none() => drop(change.facts.insert(name.clone(), value)),
            Ok(Some(value)) => drop(change.inputs.insert(name.clone(), value)),
            Ok(None) => drop(change.inputs.remove(name)),
        }
    }
    if let Some(text) = &input.own_points {
        match own_points(loaded, indicator, text) {
            Ok(points) => change.own_points = points.map(to_stored),
            Err(message) => problems.push(Problem::new("own_points", &message)),
        }
    }
    if input.explanation.chars().count() > MAX_TEXT {
        problems.push(Problem::new("explanation", "Giải trình quá dài; hãy rút gọn hoặc đính kèm tài liệu."));
    }
    let is_new = loaded.explanation_of(&indicator.code) != input.explanation;
    if let Some(told) = engine::text::refusal(&input.explanation).filter(|_| is_new) {
        problems.push(Problem::new("explanation", &told));
    }
    if let Some(claim) = &input.claim {
        if claim.reason.chars().count() > MAX_TEXT {
            problems.push(Problem::new("claim", "Lý do quá dài; hãy rút gọn."));
        }
        let is_new = loaded.claim_of(&indicator.code).is_none_or(|was| was.reason != claim.reason);
        if let Some(told) = engine::text::refusal(&claim.reason).filter(|_| is_new) {
            problems.push(Problem::new("claim", &told));
        }
        if !indicator.not_applicable {
            problems.push(Problem::new("claim", "Bộ chỉ số không cho phép “không đánh giá” ở chỉ số này."));
        } else if claim.reason.trim().is_empty() {
            problems.push(Problem::new("claim", "Hãy ghi lý do đề nghị không đánh giá."));
        }
    }
    if problems.is_empty() { Ok(change) } else { Err(Error::Invalid(problems)) }
}

/// Whether somebody has saved exactly this since the sender looked: most likely the sender, who did not hear of it. What
/// is there is what was wanted, so nothing is written and nobody is told that another was faster.
fn is_stored(loaded: &Loaded, input: &SaveAnswer, change: &Change) -> Result<bool> {
    let Some(row) = loaded.rows.get(&input.code).filter(|row| row.revision > input.revision) else { return Ok(false) };
    let facts = change.facts.iter().all(|(name, value)| loaded.facts.get(name) == value.as_ref());
    Ok(facts
        && inputs_of(row)? == change.inputs
        && row.own_points == change.own_points
        && row.explanation == input.explanation.trim()
        && loaded.claim_of(&input.code) == input.claim.as_ref().map(Claim::trimmed)
        && !(row.unconfirmed && (input.confirm || input.claim.is_some())))
}

/// Points of the unit's own as typed; `None` for none.
fn own_points(loaded: &Loaded, indicator: &Indicator, text: &str) -> std::result::Result<Option<Decimal>, String> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    if indicator.self_score != SelfScore::Adjustable {
        return Err("Bộ chỉ số không cho phép tự chấm điểm khác công thức ở chỉ số này.".into());
    }
    typed::points(text, indicator.max, loaded.rules.set().policy.round).map(Some)
}

/// The row as it will stand; it is written together with what the engine makes of it.
fn put_row(tx: &Tx, loaded: &mut Loaded, input: &SaveAnswer, change: &Change) -> Result<()> {
    let known = loaded.rows.get(&input.code).map_or(0, |row| row.revision);
    if known != input.revision {
        return Err(Error::Stale);
    }
    let was_unconfirmed = loaded.rows.get(&input.code).is_some_and(|row| row.unconfirmed);
    let row = assessment_rows::Model {
        tenant_id: tx.tenant(),
        assessment_id: loaded.sheet.id,
        code: input.code.clone(),
        inputs: serde_json::to_value(&change.inputs).map_err(Error::internal)?,
        explanation: input.explanation.trim().into(),
        claim: input.claim.as_ref().map(|claim| claim.ground.as_str().into()),
        claim_reason: input.claim.as_ref().map(|claim| claim.reason.trim().into()).unwrap_or_default(),
        exempt: false,
        unconfirmed: was_unconfirmed && !input.confirm && input.claim.is_none(),
        own_points: change.own_points,
        state: String::new(),
        self_points: None,
        signed_points: loaded.rows.get(&input.code).and_then(|row| row.signed_points),
        score: None,
        revision: input.revision + 1,
        updated_by: tx.caller().name.clone(),
        updated_at: tx.now(),
    };
    loaded.rows.insert(row.code.clone(), row);
    Ok(())
}

/// Writes the facts that differ and answers their names. `Err(Stale)` when one is no longer what its editor had seen.
async fn write_facts(
    tx: &Tx,
    loaded: &mut Loaded,
    facts: BTreeMap<String, Option<Value>>,
    seen: &BTreeMap<String, String>,
) -> Result<Vec<String>> {
    let mut changed = Vec::new();
    for (name, value) in facts {
        let stored = loaded.facts.get(&name).copied();
        if stored == value {
            continue;
        }
        let shown = stored.as_ref().map(typed::shown).unwrap_or_default();
        if seen.get(&name).is_some_and(|seen| *seen != shown) {
            return Err(Error::Stale);
        }
        match value {
            Some(value) => loaded.facts.insert(name.clone(), value),
            None => loaded.facts.remove(&name),
        };
        changed.push(name);
    }
    store_facts(tx, loaded, &changed).await?;
    Ok(changed)
}

/// One statement for those that have a value, one for those that have none any more.
async fn store_facts(tx: &Tx, loaded: &Loaded, names: &[String]) -> Result<()> {
    use assessment_facts::Column;
    let (known, gone): (Vec<&String>, Vec<&String>) = names.iter().partition(|name| loaded.facts.contains_key(*name));
    let known = known.into_iter().filter_map(|name| Some((name, loaded.facts.get(name)?)));
    let known: Result<Vec<_>> = known.map(|(name, value)| fact(tx, loaded.sheet.id, name, value)).collect();
    let replace = OnConflict::columns([Column::TenantId, Column::AssessmentId, Column::Name])
        .update_columns([Column::Value, Column::Source, Column::UpdatedBy, Column::UpdatedAt])
        .value(Column::Revision, Expr::col((assessment_facts::Entity, Column::Revision)).add(1))
        .to_owned();
    tx.upsert(known?, replace).await?;
    if !gone.is_empty() {
        let sheet = loaded.sheet.id.to_string();
        gone.iter().for_each(|name| tx.no_longer_vouch::<assessment_facts::Entity>(&[&sheet, name]));
        let of_sheet = tx.delete_many::<assessment_facts::Entity>().filter(Column::AssessmentId.eq(loaded.sheet.id));
        of_sheet.filter(Column::Name.is_in(gone)).exec(tx.conn()).await?;
    }
    Ok(())
}

fn fact(tx: &Tx, sheet: AssessmentId, name: &str, value: &Value) -> Result<assessment_facts::ActiveModel> {
    Ok(assessment_facts::ActiveModel {
        assessment_id: Set(sheet),
        name: Set(name.into()),
        value: Set(serde_json::to_string(value).map_err(Error::internal)?),
        source: Set("declared".into()),
        revision: Set(1),
        updated_by: Set(tx.caller().name.clone()),
        updated_at: Set(tx.now()),
        ..new_row(tx)
    })
}

pub(super) async fn start_drafting(tx: &Tx, loaded: &Loaded) -> Result<()> {
    if loaded.sheet.state()? != SheetState::NotStarted {
        return Ok(());
    }
    let drafting = assessments::Model {
        state: SheetState::Drafting.as_str().into(),
        updated_at: tx.now(),
        ..loaded.sheet.clone()
    };
    tx.vouch(&assessments::ActiveModel::from(drafting));
    tx.update_aside::<assessments::Entity>()
        .col_expr(assessments::Column::State, Expr::value(SheetState::Drafting.as_str()))
        .col_expr(assessments::Column::UpdatedAt, Expr::value(tx.now()))
        .filter(assessments::Column::Id.eq(loaded.sheet.id))
        .filter(assessments::Column::State.eq(SheetState::NotStarted.as_str()))
        .exec(tx.conn())
        .await?;
    Ok(())
}

fn saved(tx: &Tx, loaded: &Loaded, codes: &BTreeSet<String>) -> Result<Saved> {
    let answers = loaded.answers_of(codes)?;
    let (sections, totals) = loaded.stored_sections()?;
    let changed = loaded.rules.set().indicators().filter(|indicator| codes.contains(&indicator.code));
    let rows: Result<Vec<Row>> = changed.map(|indicator| build_row(loaded, indicator, &answers)).collect();
    Ok(Saved { rows: rows?, sections, totals, saved_at: tx.now() })
}
