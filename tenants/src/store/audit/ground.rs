//! Having the log vouch for what was stored before it vouched for anything. Once for an authority.

use sea_orm::{ColumnTrait, IntoActiveModel, QueryFilter, QuerySelect};
use serde_json::json;

use super::vouched::each_vouched;
use crate::Result;
use crate::audit::{self, Event};
use crate::caller::Caller;
use crate::store::entities::audit_entries;
use crate::store::{Db, TenantEntity, TenantRow, Tx, operator};

/// Rows vouched for by one entry.
const A_TIME: usize = 1_000;

/// Part of bringing a database to this version's schema. What stands then is taken to be what was stored.
pub(crate) async fn lay_ground(db: &Db) -> Result<()> {
    for (tenant, _) in operator::list_tenants(db).await? {
        let tx = db.begin(&Caller::system(tenant.id)).await?;
        if vouches(&tx).await? {
            continue;
        }
        each_vouched!(vouch_for(&tx));
        tx.commit().await?;
    }
    Ok(())
}

async fn vouches(tx: &Tx) -> Result<bool> {
    let any = tx.scoped::<audit_entries::Entity>().filter(audit_entries::Column::Vouched.is_not_null());
    let any = any.select_only().column(audit_entries::Column::Seq).limit(1);
    Ok(any.into_tuple::<i64>().one(tx.conn()).await?.is_some())
}

async fn vouch_for<E>(tx: &Tx) -> Result<()>
where
    E: TenantEntity<ActiveModel: TenantRow, Model: IntoActiveModel<E::ActiveModel>>,
{
    let rows = tx.scoped::<E>().all(tx.conn()).await?;
    let rows: Vec<E::ActiveModel> = rows.into_iter().map(IntoActiveModel::into_active_model).collect();
    for some in rows.chunks(A_TIME) {
        some.iter().for_each(|row| tx.vouch(row));
        let subject = ("tenant", tx.tenant().to_string());
        audit::record(tx, Event { action: "log.ground", subject, detail: json!({ "rows": some.len() }) }).await?;
    }
    Ok(())
}
