//! Under which version of the rules something happened.

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use time::OffsetDateTime;

use super::{Deed, Happened, Side};
use crate::Result;
use crate::error::Error;
use crate::indicator_sets::{self, label};
use crate::sheets::Loaded;
use crate::simulation::Report;
use crate::store::Tx;
use crate::store::entities::rule_changes;

/// The versions a group was scored by, one after the other.
pub(super) struct InForce {
    /// Until when each earlier version was in force, and how it is called; oldest first.
    until: Vec<(OffsetDateTime, String)>,
    now: String,
}

impl InForce {
    pub fn at(&self, moment: OffsetDateTime) -> String {
        let then = self.until.iter().find(|(until, _)| moment < *until);
        then.map_or_else(|| self.now.clone(), |(_, label)| label.clone())
    }
}

/// The changes of rules of a sheet's group.
pub(super) async fn of_group(tx: &Tx, loaded: &Loaded) -> Result<(Vec<Happened>, InForce)> {
    let of_group = tx.scoped::<rule_changes::Entity>().filter(rule_changes::Column::GroupId.eq(loaded.group.id));
    let (mut events, mut until) = (Vec::new(), Vec::new());
    for model in of_group.order_by_asc(rule_changes::Column::ChangedAt).all(tx.conn()).await? {
        let report: Report = serde_json::from_value(model.report).map_err(Error::internal)?;
        let deed = Deed::Rules { to: report.new_label, reason: model.reason };
        events.push(Happened::new(model.changed_at, &model.changed_by, Side::Authority, deed));
        until.push((model.changed_at, report.old_label));
    }
    let version = indicator_sets::version_used(tx, loaded.group.version_id, loaded.rules.set()).await?;
    Ok((events, InForce { until, now: label(version.number) }))
}
