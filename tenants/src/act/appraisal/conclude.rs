//! Concluding a period: the chair closes it once every indicator of every unit is decided.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use serde_json::json;

use super::consistency::{Consistency, Judged, consistency};
use crate::audit::{self, Event};
use crate::decisions::official::decisions;
use crate::decisions::{Proceedings, ReasonCode, petitions};
use crate::ids::PeriodId;
use crate::periods::{self, Stage};
use crate::seats::{self, SeatKind};
use crate::sheets::{Loaded, SheetState};

use crate::points::from_stored;
use crate::policy::{Action, Subject};
use crate::store::Tx;
use crate::store::entities::{appraisals, assessments, ranking_groups};
use crate::{Error, Result, ranking};

/// What keeps a period from being concluded, per unit: indicators undecided, and decided ones to be seen again.
pub async fn open_rows(tx: &Tx, id: PeriodId) -> Result<Vec<(String, u32)>> {
    tx.allow(Action::ViewBoard, Subject::Tenant)?;
    let sheets = Loaded::read_period(tx, id).await?;
    let all = Proceedings::read_all(tx, &sheets).await?;
    let mut open = Vec::new();
    for loaded in sheets {
        let past = all.get(&loaded.sheet.id).ok_or_else(|| Error::internal("a sheet without its past"))?;
        let is_open = |leaf: &&engine::Indicator| !past.is_closed(&loaded, &leaf.code);
        let count = loaded.rules.set().indicators().filter(is_open).count();
        if count > 0 {
            open.push((loaded.sheet.unit_name, u32::try_from(count).map_err(Error::internal)?));
        }
    }
    Ok(open)
}

/// Appraisal → concluded. `Err(Conflict)` names how many rows are still open.
pub async fn conclude(tx: &Tx, id: PeriodId) -> Result<()> {
    tx.allow(Action::Conclude, Subject::Tenant)?;
    let period = periods::find(tx, id).await?;
    seats::require(tx, id, &[SeatKind::Chair]).await?;
    let open: u32 = open_rows(tx, id).await?.iter().map(|(_, count)| count).sum();
    if open > 0 {
        let open = engine::number::trim(open.into());
        return Err(Error::Conflict(format!("Còn {open} chỉ số chưa quyết định hoặc cần xem lại; chưa thể kết luận.")));
    }
    let waiting = petitions::unanswered(tx, id).await?;
    if waiting > 0 {
        return Err(Error::Conflict(format!("Còn {waiting} kiến nghị chưa được trả lời; chưa thể kết luận.")));
    }
    let sheets = tx.scoped::<assessments::Entity>().filter(assessments::Column::PeriodId.eq(id)).all(tx.conn()).await?;
    if sheets.iter().any(|sheet| petitions::in_time(tx, sheet, &period)) {
        return Err(Error::Conflict("Chưa hết thời gian kiến nghị; chưa thể kết luận.".into()));
    }
    if period.needs_provisional && period.provisional_at.is_none() {
        let told = "Theo quy định của kỳ, phải thông báo kết quả tạm thời và hết thời gian kiến nghị rồi mới kết luận.";
        return Err(Error::Conflict(told.into()));
    }
    periods::move_to(tx, &period, Stage::Appraisal, Stage::Concluded).await?;
    tx.update_many::<assessments::Entity>()
        .col_expr(assessments::Column::State, Expr::value(SheetState::Concluded.as_str()))
        .col_expr(assessments::Column::UpdatedAt, Expr::value(tx.now()))
        .filter(assessments::Column::PeriodId.eq(id))
        .exec(tx.conn())
        .await?;
    ranking::refresh(tx, id).await?;
    let detail = json!({ "year": period.year });
    audit::record(tx, Event { action: "period.conclude", subject: ("period", id.to_string()), detail }).await
}

/// Self scores beside appraised ones, for each group of a period, by its name. Not applicable rows are left out. A self score
/// is here what the council was asked to accept: what a change of rules did to signed points is no member's doing.
pub async fn differences(tx: &Tx, id: PeriodId) -> Result<Vec<(String, Consistency)>> {
    tx.allow(Action::ViewBoard, Subject::Tenant)?;
    let in_order = tx.scoped::<ranking_groups::Entity>().filter(ranking_groups::Column::PeriodId.eq(id));
    let mut all = Vec::new();
    for group in in_order.order_by_asc(ranking_groups::Column::Position).all(tx.conn()).await? {
        let places = crate::indicator_sets::rules(tx, group.version_id).await?.set().policy.round;
        let sheets = tx.scoped::<assessments::Entity>().filter(assessments::Column::GroupId.eq(group.id));
        let sheets = sheets.all(tx.conn()).await?;
        let ids: Vec<_> = sheets.iter().map(|sheet| sheet.id).collect();
        let past = decisions(tx, &ids).await?;
        let standing = sheets.iter().flat_map(|sheet| {
            let mine = past.get(&sheet.id).into_iter().flat_map(|by_code| by_code.values());
            mine.filter_map(|history| history.last()).filter_map(move |last| judged(sheet, last, places))
        });
        all.push((group.name, consistency(&standing.collect::<Vec<_>>())));
    }
    Ok(all)
}

fn judged(sheet: &assessments::Model, standing: &appraisals::Model, places: u32) -> Option<Judged> {
    Some(Judged {
        sheet: sheet.id,
        unit_name: sheet.unit_name.clone(),
        code: standing.code.clone(),
        member: standing.decided_by,
        member_name: standing.decided_name.clone(),
        claimed: standing.self_points.map(|points| from_stored(points, places)),
        appraised: from_stored(standing.points?, places),
        reason: standing.reason_code.as_deref().and_then(ReasonCode::parse),
    })
}
