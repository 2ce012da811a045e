//! Ranking groups of a period.

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use super::PeriodHead;
use super::store::find;
use crate::ids::{GroupId, PeriodId};
use crate::policy::{Action, Subject};
use crate::store::Tx;
use crate::store::entities::ranking_groups;
use crate::{Error, Result};

/// The period of a group, and the group's name.
pub async fn of_group(tx: &Tx, group: GroupId) -> Result<(PeriodHead, String)> {
    tx.allow(Action::ViewBoard, Subject::Tenant)?;
    let group = self::group(tx, group).await?;
    Ok((find(tx, group.period_id).await?.head()?, group.name))
}

pub(crate) async fn groups(tx: &Tx, period: PeriodId) -> Result<Vec<ranking_groups::Model>> {
    let of_period = tx.scoped::<ranking_groups::Entity>().filter(ranking_groups::Column::PeriodId.eq(period));
    Ok(of_period.order_by_asc(ranking_groups::Column::Position).all(tx.conn()).await?)
}

pub(crate) async fn group(tx: &Tx, id: GroupId) -> Result<ranking_groups::Model> {
    let found = tx.scoped::<ranking_groups::Entity>().filter(ranking_groups::Column::Id.eq(id)).one(tx.conn()).await?;
    found.ok_or(Error::NotFound)
}
