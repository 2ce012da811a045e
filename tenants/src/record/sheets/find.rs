//! Finding a sheet, for whoever may see it.

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use super::loaded::Loaded;
use crate::ids::{AssessmentId, GroupId, UnitId};
use crate::notices::{Kind, News, To, tell};
use crate::periods::find;
use crate::policy::{Action, Subject};
use crate::store::Tx;
use crate::store::entities::{assessments, periods};
use crate::{Error, Result, paths};

/// Tells a unit something about its sheet: the period and the unit are always named.
pub(crate) async fn tell_unit(
    tx: &Tx,
    (sheet, period): (&assessments::Model, &periods::Model),
    kind: Kind,
    more: &[(&str, String)],
) -> Result<()> {
    let named = [("period", period.name.clone()), ("unit", sheet.unit_name.clone())];
    let detail: Vec<(&str, String)> = named.into_iter().chain(more.iter().cloned()).collect();
    let link = paths::sheet(sheet.id);
    tell(tx, To::Unit(sheet.unit_id), News { kind, link, detail: &detail, occasion: None }).await
}

pub(crate) async fn find_sheet(tx: &Tx, id: AssessmentId) -> Result<(assessments::Model, periods::Model)> {
    let found = tx.scoped::<assessments::Entity>().filter(assessments::Column::Id.eq(id)).one(tx.conn()).await?;
    let sheet = found.ok_or(Error::NotFound)?;
    let period = find(tx, sheet.period_id).await?;
    Ok((sheet, period))
}

/// The sheet as the permission table sees it.
pub(crate) fn subject(sheet: &assessments::Model, period: &periods::Model) -> Subject {
    let managing = period.managing_unit_id.is_some_and(|unit: UnitId| unit == sheet.unit_id);
    Subject::Sheet { unit: sheet.unit_id, managing }
}

pub(crate) async fn visible(tx: &Tx, id: AssessmentId) -> Result<Loaded> {
    let loaded = Loaded::read(tx, id).await?;
    tx.allow(Action::ViewSheet, self::subject(&loaded.sheet, &loaded.period))?;
    Ok(loaded)
}

/// The same sheet, to be changed in this turn.
pub(crate) async fn visible_to_change(tx: &Tx, id: AssessmentId) -> Result<Loaded> {
    let loaded = Loaded::take(tx, id).await?;
    tx.allow(Action::ViewSheet, self::subject(&loaded.sheet, &loaded.period))?;
    Ok(loaded)
}

/// The ranked sheets of a group, in the order of their units' codes.
pub(crate) async fn ranked(tx: &Tx, group: GroupId) -> Result<Vec<AssessmentId>> {
    let of_group = tx.scoped::<assessments::Entity>().filter(assessments::Column::GroupId.eq(group));
    let ranked = of_group.filter(assessments::Column::Ranked.eq(true)).order_by_asc(assessments::Column::UnitCode);
    Ok(ranked.all(tx.conn()).await?.into_iter().map(|sheet| sheet.id).collect())
}
