//! Reading a group as it stands, scoring it under two rule sets, and keeping the reports.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use engine::run::Rules;
use engine::{Answer, Answers, Scorecard};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use serde_json::json;

use super::effect::{Pair, compare};
use super::health::Health;
use super::{Report, SimulationHead};
use crate::apart::apart;
use crate::audit::{self, Event};
use crate::decisions::official::{Decisions, decisions};
use crate::decisions::{self, Decision};
use crate::ids::{AssessmentId, GroupId, PeriodId, SetId, SimulationId};
use crate::indicator_sets::label;
use crate::periods::{self, group, groups};
use crate::points::from_stored;
use crate::policy::{Action, Subject};
use crate::sheets::Loaded;
use crate::store::entities::{appraisals, simulations};
use crate::store::{Tx, new_row};
use crate::{Error, Result};

/// A group of a period whose rules can be tried against others.
#[derive(Clone, Debug)]
pub struct Ground {
    pub period: PeriodId,
    pub period_name: String,
    pub year: i32,
    pub group: GroupId,
    pub group_name: String,
    /// "Bản 6".
    pub label: String,
}

/// Groups scored by any version of a set, newest period first.
pub async fn grounds(tx: &Tx, set: SetId) -> Result<Vec<Ground>> {
    tx.allow(Action::ViewSets, Subject::Tenant)?;
    let versions = crate::indicator_sets::list(tx).await?.into_iter().find(|head| head.id == set);
    let versions = versions.ok_or(Error::NotFound)?.versions;
    let mut grounds = Vec::new();
    for period in periods::list(tx).await? {
        for group in groups(tx, period.id).await? {
            let Some(version) = versions.iter().find(|version| version.id == group.version_id) else { continue };
            grounds.push(Ground {
                period: period.id,
                period_name: period.name.clone(),
                year: period.year,
                group: group.id,
                group_name: group.name,
                label: label(version.number),
            });
        }
    }
    Ok(grounds)
}

/// One sheet of a group, and its answers as other rules would read them.
pub(crate) struct Standing {
    pub loaded: Loaded,
    pub answers: Answers,
}

/// Told how many sheets of how many have been scored, for whoever waits.
pub type Told<'a> = &'a (dyn Fn(usize, usize) + Sync);

/// The sheets of a group, those outside the ranking too. Points the council gave stay; what it accepted as the formula gave it follows the formula.
pub(crate) async fn standings(tx: &Tx, group: GroupId) -> Result<Vec<Standing>> {
    let sheets = Loaded::read_group(tx, group).await?;
    let ids: Vec<AssessmentId> = sheets.iter().map(|loaded| loaded.sheet.id).collect();
    let decided = decisions(tx, &ids).await?;
    let standing = |loaded: Loaded| Ok(Standing { answers: as_decided(&loaded, &decided)?, loaded });
    sheets.into_iter().map(standing).collect()
}

fn as_decided(loaded: &Loaded, decided: &Decisions) -> Result<Answers> {
    let mut answers = loaded.answers()?;
    let typed = answers.clone();
    for (code, history) in decided.get(&loaded.sheet.id).into_iter().flatten() {
        let Some(standing) = history.last().filter(|_| loaded.rules.set().indicator(code).is_some()) else { continue };
        if follows_formula(loaded, standing, &typed)? {
            continue;
        }
        let not_applicable = standing.decision == Decision::NotApplicable.as_str();
        let points = standing.points.map(|points| from_stored(points, loaded.rules.set().policy.round));
        answers.answers.insert(code.clone(), Answer { not_applicable, points, ..Answer::default() });
    }
    Ok(answers)
}

/// Whether the council accepted exactly what the formula gave.
pub(crate) fn follows_formula(loaded: &Loaded, standing: &appraisals::Model, typed: &Answers) -> Result<bool> {
    if standing.decision != Decision::Accept.as_str() {
        return Ok(false);
    }
    let points = standing.points.map(|points| from_stored(points, loaded.rules.set().policy.round));
    Ok(points.is_some() && loaded.score(&standing.code, typed)?.points == points)
}

/// Longest time a group is scored; formulas are bounded each by itself, and there may be many.
const LONGEST: Duration = Duration::from_secs(20);

/// Scores a group under the rules in force and under `candidate`. Changes nothing. `Err(Conflict)` when it takes too long.
pub async fn simulate(
    tx: &Tx,
    group_id: GroupId,
    candidate: &Arc<Rules>,
    new_label: &str,
    told: Told<'_>,
) -> Result<Report> {
    tx.allow(Action::Simulate, Subject::Tenant)?;
    let group = group(tx, group_id).await?;
    decisions::refuse_blind(tx, group.period_id).await?;
    let period = periods::find(tx, group.period_id).await?;
    let (version, old) = crate::indicator_sets::version(tx, group.version_id).await?;
    let standings = standings(tx, group_id).await?;
    let (began, all, mut pairs) = (Instant::now(), standings.len(), Vec::new());
    for (scored, standing) in standings.into_iter().enumerate() {
        told(scored, all);
        in_time(began)?;
        let candidate = Arc::clone(candidate);
        pairs.push(apart(move || pair(standing, &candidate)).await?);
    }
    let name = |code: &str| candidate.set().indicator(code).map(|leaf| leaf.name.clone()).unwrap_or_default();
    let (units, indicators, unanswered) = compare((&old.policy, &candidate.set().policy), name, &pairs);
    Ok(Report {
        period_name: period.name,
        group_name: group.name,
        old_label: label(version.number),
        new_label: new_label.into(),
        changes: crate::indicator_sets::changes(&old, candidate.set()),
        units,
        indicators,
        unanswered,
    })
}

fn pair(standing: Standing, candidate: &Rules) -> Pair {
    let Standing { loaded, answers } = standing;
    Pair {
        assessment: loaded.sheet.id,
        ranked: loaded.sheet.ranked,
        draft: !loaded.sheet.is_signed(),
        old: loaded.rules.evaluate(&answers),
        new: candidate.evaluate(&answers),
        unit_name: loaded.sheet.unit_name,
    }
}

fn in_time(began: Instant) -> Result<()> {
    if began.elapsed() < LONGEST {
        return Ok(());
    }
    Err(Error::Conflict("Mô phỏng chạy quá lâu nên đã dừng; hãy viết gọn công thức rồi thử lại.".into()))
}

/// Keeps a report. Reports are added, never changed.
pub async fn keep(tx: &Tx, set: SetId, group_id: GroupId, report: &Report) -> Result<SimulationId> {
    tx.allow(Action::EditSet, Subject::Tenant)?;
    let (id, group) = (SimulationId::new(), group(tx, group_id).await?);
    tx.insert(simulations::ActiveModel {
        id: Set(id),
        set_id: Set(set),
        period_id: Set(group.period_id),
        group_id: Set(group_id),
        report: Set(serde_json::to_value(report).map_err(Error::internal)?),
        made_by: Set(tx.caller().name.clone()),
        made_at: Set(tx.now()),
        ..new_row(tx)
    })
    .await?;
    let detail = json!({ "group": group.name, "rules": report.new_label, "moved": report.moved() });
    audit::record(tx, Event { action: "set.simulate", subject: ("set", set.to_string()), detail }).await?;
    Ok(id)
}

/// Reports about a set, newest first.
pub async fn list(tx: &Tx, set: SetId) -> Result<Vec<SimulationHead>> {
    tx.allow(Action::Simulate, Subject::Tenant)?;
    let of_set = tx.scoped::<simulations::Entity>().filter(simulations::Column::SetId.eq(set));
    let newest = of_set.order_by_desc(simulations::Column::MadeAt).all(tx.conn()).await?;
    newest.into_iter().map(|model| Ok(head(&model, &report(&model)?))).collect()
}

/// A stored report.
pub async fn open(tx: &Tx, id: SimulationId) -> Result<(SimulationHead, Report)> {
    tx.allow(Action::Simulate, Subject::Tenant)?;
    let found = tx.scoped::<simulations::Entity>().filter(simulations::Column::Id.eq(id)).one(tx.conn()).await?;
    let model = found.ok_or(Error::NotFound)?;
    let report = report(&model)?;
    Ok((head(&model, &report), report))
}

fn report(model: &simulations::Model) -> Result<Report> {
    serde_json::from_value(model.report.clone()).map_err(Error::internal)
}

fn head(model: &simulations::Model, report: &Report) -> SimulationHead {
    SimulationHead {
        id: model.id,
        set_id: model.set_id,
        period_id: model.period_id,
        group_id: model.group_id,
        period_name: report.period_name.clone(),
        group_name: report.group_name.clone(),
        new_label: report.new_label.clone(),
        moved: u32::try_from(report.moved()).unwrap_or(u32::MAX),
        by: model.made_by.clone(),
        at: model.made_at,
    }
}

/// How well the set separates the units of a group, on the answers as they stand.
pub async fn examine(tx: &Tx, group_id: GroupId) -> Result<(Health, HashMap<String, String>)> {
    tx.allow(Action::Simulate, Subject::Tenant)?;
    let group = group(tx, group_id).await?;
    decisions::refuse_blind(tx, group.period_id).await?;
    let mut standings = standings(tx, group.id).await?;
    standings.retain(|standing| standing.loaded.sheet.ranked);
    let set = match standings.first() {
        Some(first) => first.loaded.rules.set().clone(),
        None => crate::indicator_sets::version(tx, group.version_id).await?.1,
    };
    let (began, mut cards) = (Instant::now(), Vec::<Scorecard>::new());
    for Standing { loaded, answers } in standings {
        in_time(began)?;
        cards.push(apart(move || loaded.rules.evaluate(&answers)).await?);
    }
    let leaves = set.indicators().map(|leaf| (leaf.code.clone(), leaf.name.clone()));
    let mains = set.main_indexes().map(|main| (main.code.clone(), main.name.clone()));
    Ok((super::health::health(&set, &cards), leaves.chain(mains).collect()))
}
