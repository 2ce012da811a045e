//! Having the log vouch for what was stored before it vouched for its table. Once for an authority and a table.

use std::collections::BTreeSet;

use sea_orm::{ColumnTrait, IntoActiveModel, QueryFilter, QueryOrder};
use serde_json::json;

use super::chain::tables;
use super::vouched::each_vouched;
use crate::Result;
use crate::audit::{self, Event};
use crate::caller::Caller;
use crate::store::entities::audit_entries;
use crate::store::{Db, TenantEntity, TenantRow, Tx, operator, vouch};

/// Rows vouched for by one entry.
const A_TIME: usize = 1_000;
/// Of the entries by which ground is laid; the last names the tables that have theirs.
const ACTION: &str = "log.ground";
/// Tables vouched for only since their ground is kept by name. A log from before has that of all others.
const LATER: [&str; 13] = [
    "days_off",
    "duties",
    "evidence_files",
    "indicator_sets",
    "members",
    "ranking_groups",
    "row_clerks",
    "set_proposals",
    "shared_versions",
    "tasks",
    "unit_names",
    "unit_parents",
    "units",
];

/// Part of bringing a database to this version's schema. What stands then is taken to be what was stored.
pub(crate) async fn lay_ground(db: &Db) -> Result<()> {
    for (tenant, _) in operator::list_tenants(db).await? {
        let tx = db.begin(&Caller::system(tenant.id)).await?;
        let all = all().await?;
        let known = known(&tx, &all).await?;
        if known == all {
            continue;
        }
        each_vouched!(vouch_for(&tx, &known));
        note(&tx, json!({ "tables": all })).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// The tables that need no ground any more: every row of theirs was vouched for as it was written, or has been since.
async fn known(tx: &Tx, all: &BTreeSet<String>) -> Result<BTreeSet<String>> {
    let laid = tx.scoped::<audit_entries::Entity>().filter(audit_entries::Column::Action.eq(ACTION));
    let laid = laid.order_by_desc(audit_entries::Column::Seq).all(tx.conn()).await?;
    let named = laid.iter().find_map(|entry| serde_json::from_value(entry.detail.get("tables")?.clone()).ok());
    if let Some(named) = named {
        return Ok(named);
    }
    let mut known = tables(tx).await?;
    if !known.is_empty() {
        known.extend(all.iter().filter(|table| !LATER.contains(&table.as_str())).cloned());
    }
    Ok(known.into_iter().filter(|table| all.contains(table)).collect())
}

async fn all() -> Result<BTreeSet<String>> {
    let mut all = BTreeSet::new();
    each_vouched!(name(&mut all));
    Ok(all)
}

async fn name<E: TenantEntity>(all: &mut BTreeSet<String>) -> Result<()> {
    all.insert(vouch::table::<E>().to_owned());
    Ok(())
}

async fn vouch_for<E>(tx: &Tx, known: &BTreeSet<String>) -> Result<()>
where
    E: TenantEntity<ActiveModel: TenantRow, Model: IntoActiveModel<E::ActiveModel>>,
{
    if known.contains(vouch::table::<E>()) {
        return Ok(());
    }
    let rows = tx.scoped::<E>().all(tx.conn()).await?;
    let rows: Vec<E::ActiveModel> = rows.into_iter().map(IntoActiveModel::into_active_model).collect();
    for some in rows.chunks(A_TIME) {
        some.iter().for_each(|row| tx.vouch(row));
        note(tx, json!({ "rows": some.len() })).await?;
    }
    Ok(())
}

async fn note(tx: &Tx, detail: serde_json::Value) -> Result<()> {
    audit::record(tx, Event { action: ACTION, subject: ("tenant", tx.tenant().to_string()), detail }).await
}
