//! The settings of a period, and what they do.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter};
use serde_json::json;

use crate::audit::{self, Event};
use crate::ids::PeriodId;
use crate::periods::{Settings, Stage, find};
use crate::policy::{Action, Subject};
use crate::store::Tx;
use crate::store::entities::periods;
use crate::{Error, Result};

/// Settles a period. `Err(Conflict)` once the council has concluded, and for the question who is ranked once the council
/// is at work: it was answered when the appraisal began.
pub async fn set(tx: &Tx, id: PeriodId, settings: Settings) -> Result<()> {
    use periods::Column;
    tx.allow(Action::ManagePeriod, Subject::Tenant)?;
    let period = find(tx, id).await?;
    let (stage, was) = (period.stage()?, period.settings());
    if stage >= Stage::Concluded {
        return Err(Error::Conflict("Hội đồng đã kết luận; quy định của kỳ không đổi được nữa.".into()));
    }
    if stage == Stage::Appraisal && settings.rank_unsubmitted != was.rank_unsubmitted {
        let told = "Đang thẩm định; việc xếp hạng đơn vị không nộp phiếu đã được xác định khi bắt đầu thẩm định.";
        return Err(Error::Conflict(told.into()));
    }
    let written = tx
        .update_many::<periods::Entity>()
        .col_expr(Column::RankUnsubmitted, Expr::value(settings.rank_unsubmitted))
        .col_expr(Column::NeedsProvisional, Expr::value(settings.needs_provisional))
        .col_expr(Column::WeeklyList, Expr::value(settings.weekly_list))
        .col_expr(Column::Revision, Expr::value(period.revision + 1))
        .filter(Column::Id.eq(id))
        .filter(Column::Revision.eq(period.revision))
        .exec(tx.conn())
        .await?;
    if written.rows_affected == 0 {
        return Err(Error::Stale);
    }
    let detail = json!({ "from": was, "to": settings });
    audit::record(tx, Event { action: "period.settings", subject: ("period", id.to_string()), detail }).await
}

impl periods::Model {
    pub(crate) fn settings(&self) -> Settings {
        Settings {
            rank_unsubmitted: self.rank_unsubmitted,
            needs_provisional: self.needs_provisional,
            weekly_list: self.weekly_list,
        }
    }
}
