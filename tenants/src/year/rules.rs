//! Other rules for a period that is running: seen first, done with a reason, in one transaction, and done back the same way.

use engine::run::Rules;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter, QueryOrder};
use serde_json::json;

use super::rescore::{Moved, score_again};
use super::{GroupRules, RuleChange, RuleChangeHead, RuleNote};
use crate::audit::{self, Event};
use crate::caller::Role;
use crate::ids::{AssessmentId, PeriodId, VersionId};
use crate::indicator_sets::{self, label};
use crate::notices::{Kind, News, To, tell};
use crate::periods::{PeriodHead, Stage};
use crate::policy::{Action, Subject};
use crate::seats::{self, SeatKind};
use crate::sheets::Loaded;
use crate::simulation::{self, Report};
use crate::store::entities::{periods, ranking_groups, rule_changes};
use crate::store::{Tx, new_row};
use crate::{Error, Problem, Result, decisions, paths, ranking};

/// Longest reason, in characters.
const LONGEST_REASON: usize = 2_000;

/// The groups of a period and the version each is scored by.
pub async fn rules_in_force(tx: &Tx, period: PeriodId) -> Result<(PeriodHead, Vec<GroupRules>)> {
    tx.allow(Action::Simulate, Subject::Tenant)?;
    let period = crate::periods::find(tx, period).await?;
    let groups = tx.scoped::<ranking_groups::Entity>().filter(ranking_groups::Column::PeriodId.eq(period.id));
    let mut rules = Vec::new();
    for group in groups.order_by_asc(ranking_groups::Column::Position).all(tx.conn()).await? {
        let (version, set) = indicator_sets::version(tx, group.version_id).await?;
        rules.push(GroupRules { group: group.id, name: group.name, set_name: set.name, version });
    }
    Ok((period.head()?, rules))
}

/// What the change would do. `Err(Stale)`, `Err(Conflict)` or `Err(Invalid)` as `change_rules` would answer.
pub async fn preview_rules(tx: &Tx, change: &RuleChange) -> Result<Report> {
    tx.allow(Action::ChangeRules, Subject::Tenant)?;
    let (_, rules, number) = prepare(tx, change).await?;
    simulation::simulate(tx, change.group, &rules, &label(number), &|_, _| ()).await
}

/// Puts another version of the same set in force for a running group: every score is computed anew, the ranking moves to
/// its next generation, all in this transaction. What a head signed and what the council decided stay as they are; what
/// was decided on another score is to be seen again, and nobody but the council decides it. `Err(Conflict)` once the
/// council has concluded, `Err(Stale)` when somebody else changed the rules since the effect was shown.
pub async fn change_rules(tx: &Tx, change: &RuleChange) -> Result<Report> {
    tx.allow(Action::ChangeRules, Subject::Tenant)?;
    let reason = check_reason(&change.reason)?;
    let (group, rules, number) = prepare(tx, change).await?;
    let report = simulation::simulate(tx, change.group, &rules, &label(number), &|_, _| ()).await?;
    let sheets = Loaded::read_group(tx, change.group).await?;
    point_to(tx, change).await?;
    let period = crate::periods::find(tx, change.period).await?;
    let moved = score_again(tx, sheets, &rules).await?;
    let named = [("rules", label(number)), ("reason", reason.to_owned())];
    tell_all(tx, &period, &moved, Told { unit: Kind::Rules, office: Kind::RulesChanged, named: &named }).await?;
    if period.stage()? == Stage::Appraisal {
        ranking::refresh(tx, change.period).await?;
    }
    record(tx, &group, change, &report).await?;
    Ok(report)
}

pub(super) fn check_reason(reason: &str) -> Result<&str> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
        return Err(Error::Invalid(vec![Problem::new("reason", "Hãy ghi lý do đổi quy tắc, tối đa 2.000 ký tự.")]));
    }
    Ok(reason)
}

async fn prepare(tx: &Tx, change: &RuleChange) -> Result<(ranking_groups::Model, std::sync::Arc<Rules>, i32)> {
    let period = crate::periods::find(tx, change.period).await?;
    let group = crate::periods::group(tx, change.group).await?;
    if group.period_id != period.id {
        return Err(Error::NotFound);
    }
    if group.version_id != change.from {
        return Err(Error::Stale);
    }
    if !matches!(period.stage()?, Stage::SelfAssessment | Stage::Appraisal) {
        let told =
            "Chỉ đổi quy tắc khi kỳ đang tự đánh giá hoặc thẩm định; sau khi hội đồng kết luận, quy tắc đã đóng.";
        return Err(Error::Conflict(told.into()));
    }
    let refuse = |message: &str| Err(Error::Invalid(vec![Problem::new("version", message)]));
    if change.to == group.version_id {
        return refuse("Kỳ đang dùng chính phiên bản này.");
    }
    let (old_head, old) = indicator_sets::version(tx, group.version_id).await?;
    let (new_head, new) = indicator_sets::version(tx, change.to).await?;
    if old_head.set_id != new_head.set_id {
        return refuse("Phiên bản này thuộc bộ chỉ số khác.");
    }
    let problems = indicator_sets::structure_changes(&old, &new);
    if !problems.is_empty() {
        let lead = "Trong kỳ đang chạy chỉ đổi được công thức, tham số, số liệu và lời văn; cấu trúc và điểm tối đa giữ đến kỳ sau.";
        let told = problems.iter().map(|text| Problem::new("version", text));
        return Err(Error::Invalid(std::iter::once(Problem::new("version", lead)).chain(told).collect()));
    }
    Ok((group, indicator_sets::rules_by(tx, change.to, period.engine()?).await?, new_head.number))
}

/// `Err(Stale)` when somebody else changed the rules in between.
async fn point_to(tx: &Tx, change: &RuleChange) -> Result<()> {
    let pointed = tx
        .update_aside::<ranking_groups::Entity>()
        .col_expr(ranking_groups::Column::VersionId, Expr::value(change.to))
        .filter(ranking_groups::Column::Id.eq(change.group))
        .filter(ranking_groups::Column::VersionId.eq(change.from));
    if tx.update_vouched(pointed).await? == 0 { Err(Error::Stale) } else { Ok(()) }
}

/// What is told of scores that moved: to units, and to those who run the year.
pub(super) struct Told<'a> {
    pub unit: Kind,
    pub office: Kind,
    pub named: &'a [(&'static str, String)],
}

/// Units read that their score moved; chair, secretary and manager what there is to see again.
pub(super) async fn tell_all(tx: &Tx, period: &periods::Model, moved: &[Moved], told: Told<'_>) -> Result<()> {
    let Told { unit, office, named } = told;
    for Moved { sheet, .. } in moved {
        crate::sheets::tell_unit(tx, (sheet, period), unit, named).await?;
    }
    let again: usize = moved.iter().map(|sheet| sheet.to_see_again).sum();
    let rows = if again == 0 { "none".to_owned() } else { again.to_string() };
    let counted = [("period", period.name.clone()), ("units", moved.len().to_string()), ("rows", rows)];
    let detail: Vec<(&str, String)> = named.iter().cloned().chain(counted).collect();
    let occasion = format!("rules:{}", uuid::Uuid::now_v7());
    let news = |link: String| News {
        kind: office,
        link,
        detail: &detail,
        // Whoever is told in two offices is told once.
        occasion: Some(occasion.clone()),
    };
    tell(tx, To::Role(Role::PeriodManager), news(paths::year_rules(period.id))).await?;
    // What there is to see again; the rules themselves are not the council's page.
    seats::tell_seated(tx, period.id, &[SeatKind::Chair, SeatKind::Secretary], news(paths::appraisals())).await
}

/// Keeps in the history of a group what other rules meant. Under a newer engine the version is the same before and after.
pub(super) async fn keep_report(
    tx: &Tx,
    group: &ranking_groups::Model,
    to: VersionId,
    (reason, report): (&str, &Report),
) -> Result<()> {
    tx.insert(rule_changes::ActiveModel {
        id: Set(uuid::Uuid::now_v7()),
        period_id: Set(group.period_id),
        group_id: Set(group.id),
        from_version_id: Set(group.version_id),
        to_version_id: Set(to),
        reason: Set(reason.into()),
        report: Set(serde_json::to_value(report).map_err(Error::internal)?),
        changed_by: Set(tx.caller().name.clone()),
        changed_at: Set(tx.now()),
        ..new_row(tx)
    })
    .await
}

async fn record(tx: &Tx, group: &ranking_groups::Model, change: &RuleChange, report: &Report) -> Result<()> {
    keep_report(tx, group, change.to, (change.reason.trim(), report)).await?;
    let detail = json!({
        "group": group.name, "from": group.version_id, "to": change.to, "reason": change.reason.trim(),
        "moved": report.moved(),
    });
    let subject = ("period", change.period.to_string());
    audit::record(tx, Event { action: "period.change_rules", subject, detail }).await
}

/// What changes of rules meant for one sheet, newest first. Whoever may see the sheet may read them; other units' figures
/// are not among them.
pub async fn rule_notes(tx: &Tx, id: AssessmentId) -> Result<Vec<RuleNote>> {
    let (sheet, period) = crate::sheets::find_sheet(tx, id).await?;
    tx.allow(Action::ViewSheet, crate::sheets::subject(&sheet, &period))?;
    // The points are those of the council once it has decided.
    if !decisions::blind(tx, &sheet).await?.is_empty() {
        return Ok(Vec::new());
    }
    let of_group = tx.scoped::<rule_changes::Entity>().filter(rule_changes::Column::GroupId.eq(sheet.group_id));
    let mut notes = Vec::new();
    for model in of_group.order_by_desc(rule_changes::Column::ChangedAt).all(tx.conn()).await? {
        let report: Report = serde_json::from_value(model.report).map_err(Error::internal)?;
        let Some(own) = report.units.iter().find(|unit| unit.assessment == id) else { continue };
        // Another version says something to every unit; a newer engine only to those whose points it moves.
        if model.from_version_id == model.to_version_id && own.gained().is_zero() {
            continue;
        }
        notes.push(RuleNote {
            at: model.changed_at,
            reason: model.reason,
            old_points: own.old.points,
            new_points: own.new.points,
            new_label: report.new_label,
            changes: report.changes,
        });
    }
    Ok(notes)
}

/// Changes of rules in a period, newest first.
pub async fn rule_changes(tx: &Tx, period: PeriodId) -> Result<Vec<RuleChangeHead>> {
    tx.allow(Action::Simulate, Subject::Tenant)?;
    decisions::refuse_blind(tx, period).await?;
    let of_period = tx.scoped::<rule_changes::Entity>().filter(rule_changes::Column::PeriodId.eq(period));
    let newest = of_period.order_by_desc(rule_changes::Column::ChangedAt).all(tx.conn()).await?;
    let head = |model: rule_changes::Model| {
        let report: Report = serde_json::from_value(model.report).map_err(Error::internal)?;
        Ok(RuleChangeHead {
            group: model.group_id,
            reason: model.reason,
            by: model.changed_by,
            at: model.changed_at,
            report,
        })
    };
    newest.into_iter().map(head).collect()
}
