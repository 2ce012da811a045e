//! The current engine for a period that is running: seen first, done with a reason, in one transaction. A period that is
//! concluded or published keeps the engine it was scored by for ever.

use std::sync::Arc;

use engine::run::{Rules, Version};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use serde_json::json;

use super::rescore::{Moved, rescored, score_again};
use super::rules::{Told, check_reason, keep_report, tell_all};
use super::{EngineChange, EngineEffect};
use crate::audit::{self, Event};
use crate::ids::PeriodId;
use crate::indicator_sets::{self, label};
use crate::notices::Kind;
use crate::periods::{Stage, find};
use crate::policy::{Action, Subject};
use crate::sheets::Loaded;
use crate::simulation::{self, Report};
use crate::store::Tx;
use crate::store::entities::{periods, ranking_groups};
use crate::{Error, Result, ranking};

/// Whether a newer engine may score this period: its own is older, and nothing is concluded.
pub(super) fn is_renewable(period: &periods::Model) -> Result<bool> {
    let is_running = matches!(period.stage()?, Stage::SelfAssessment | Stage::Appraisal);
    Ok(is_running && period.engine()? != Version::default())
}

/// What the current engine would do to a running period; changes nothing. `None` where there is nothing to renew.
pub async fn preview_engine(tx: &Tx, id: PeriodId) -> Result<Option<EngineEffect>> {
    tx.allow(Action::ManagePeriod, Subject::Tenant)?;
    let period = find(tx, id).await?;
    if !is_renewable(&period)? {
        return Ok(None);
    }
    let (mut reports, mut moved) = (Vec::new(), Vec::new());
    for (group, rules) in groups(tx, id).await? {
        reports.push(report(tx, &period, &group, &rules).await?);
        moved.extend(rescored(tx, Loaded::read_group(tx, group.id).await?, &rules).await?.0);
    }
    let to_see_again = moved.iter().map(|sheet| sheet.to_see_again).sum();
    Ok(Some(EngineEffect { from: period.engine, to: current(), reports, sheets: moved.len(), to_see_again }))
}

/// Scores every sheet of a running period by the current engine from now on. What heads signed and what the council decided
/// stay as they are; what was decided on another score is to be seen again. Asked once more it does nothing.
/// `Err(Conflict)` once the council has concluded.
pub async fn renew_engine(tx: &Tx, change: &EngineChange) -> Result<()> {
    tx.allow(Action::ManagePeriod, Subject::Tenant)?;
    let reason = check_reason(&change.reason)?;
    let period = find(tx, change.period).await?;
    if period.engine()? == Version::default() {
        return Ok(());
    }
    if period.engine != change.from {
        return Err(Error::Stale);
    }
    if !is_renewable(&period)? {
        let told = "Chỉ tính lại bằng bộ máy mới khi kỳ đang tự đánh giá hoặc thẩm định; kỳ đã kết luận giữ bộ máy đã tính điểm.";
        return Err(Error::Conflict(told.into()));
    }
    let (mut reports, mut moved) = (Vec::new(), Vec::new());
    for (group, rules) in groups(tx, change.period).await? {
        let report = report(tx, &period, &group, &rules).await?;
        moved.extend(score_again(tx, Loaded::read_group(tx, group.id).await?, &rules).await?);
        reports.push((group, report));
    }
    point_to_current(tx, &period).await?;
    tell(tx, &period, &moved, reason).await?;
    if period.stage()? == Stage::Appraisal {
        ranking::refresh(tx, change.period).await?;
    }
    for (group, report) in &reports {
        keep_report(tx, group, group.version_id, (reason, report)).await?;
    }
    let detail = json!({
        "engine": format!("{} → {}", period.engine, current()), "reason": reason, "moved": moved.len(),
    });
    let subject = ("period", period.id.to_string());
    audit::record(tx, Event { action: "period.renew_engine", subject, detail }).await
}

fn current() -> String {
    Version::default().as_str().into()
}

/// The groups of a period with the rules of each under the current engine.
async fn groups(tx: &Tx, period: PeriodId) -> Result<Vec<(ranking_groups::Model, Arc<Rules>)>> {
    let groups = tx.scoped::<ranking_groups::Entity>().filter(ranking_groups::Column::PeriodId.eq(period));
    let mut all = Vec::new();
    for group in groups.order_by_asc(ranking_groups::Column::Position).all(tx.conn()).await? {
        let rules = indicator_sets::rules_by(tx, group.version_id, Version::default()).await?;
        all.push((group, rules));
    }
    Ok(all)
}

async fn report(tx: &Tx, period: &periods::Model, group: &ranking_groups::Model, rules: &Arc<Rules>) -> Result<Report> {
    let (version, _) = indicator_sets::version(tx, group.version_id).await?;
    let named = |engine: &str| format!("{}, bộ máy tính điểm phiên bản {engine}", label(version.number));
    let report = simulation::simulate(tx, group.id, rules, &named(&current()), &|_, _| ()).await?;
    let changes = vec![format!("Công thức và số liệu giữ nguyên; {}.", rules.version().about())];
    Ok(Report { old_label: named(&period.engine), changes, ..report })
}

/// `Err(Stale)` when the period moved in between.
async fn point_to_current(tx: &Tx, period: &periods::Model) -> Result<()> {
    let written = tx
        .update_many::<periods::Entity>()
        .col_expr(periods::Column::Engine, Expr::value(current()))
        .col_expr(periods::Column::Revision, Expr::value(period.revision + 1))
        .filter(periods::Column::Id.eq(period.id))
        .filter(periods::Column::Revision.eq(period.revision))
        .exec(tx.conn())
        .await?;
    if written.rows_affected == 0 { Err(Error::Stale) } else { Ok(()) }
}

async fn tell(tx: &Tx, period: &periods::Model, moved: &[Moved], reason: &str) -> Result<()> {
    let named = [("engine", current()), ("reason", reason.to_owned())];
    tell_all(tx, period, moved, Told { unit: Kind::Engine, office: Kind::EngineRenewed, named: &named }).await
}
