//! Units of the tenant, each with the name it bears today.

use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter, QueryOrder};
use serde_json::json;

use super::{NewUnit, UnitHead, UnitKind};
use crate::audit::{self, Event};
use crate::ids::UnitId;
use crate::policy::{Action, Subject};
use crate::store::entities::{unit_names, unit_parents, units};
use crate::store::{Tx, new_row};
use crate::{Error, Problem, Result};

/// All units with a name in force, by official code.
pub async fn list(tx: &Tx) -> Result<Vec<UnitHead>> {
    let rows = tx.scoped::<units::Entity>().order_by_asc(units::Column::OfficialCode).all(tx.conn()).await?;
    let names = current_names(tx).await?;
    let head = |unit: units::Model| {
        let name = names.iter().find(|name| name.unit_id == unit.id)?;
        Some(UnitHead {
            id: unit.id,
            official_code: unit.official_code,
            kind: UnitKind::parse(&unit.kind)?,
            name: name.name.clone(),
            short_name: name.short_name.clone(),
        })
    };
    Ok(rows.into_iter().filter_map(head).collect())
}

async fn current_names(tx: &Tx) -> Result<Vec<unit_names::Model>> {
    let names = tx.scoped::<unit_names::Entity>().filter(unit_names::Column::ValidTo.is_null());
    Ok(names.all(tx.conn()).await?)
}

/// Adds a unit under its first name. `Err(Invalid)` names an empty field or a code already taken.
pub async fn create(tx: &Tx, new: NewUnit) -> Result<UnitId> {
    tx.allow(Action::ManageUnits, Subject::Tenant)?;
    check(tx, &new).await?;
    let id = UnitId::new();
    tx.insert(units::ActiveModel {
        id: Set(id),
        kind: Set(new.kind.as_str().into()),
        official_code: Set(new.official_code.trim().into()),
        child_tenant_id: Set(None),
        valid_from: Set(new.valid_from),
        valid_to: Set(None),
        ..new_row(tx)
    })
    .await?;
    name_it(tx, id, &new).await?;
    if let Some(parent) = new.parent {
        place_it(tx, id, parent, &new).await?;
    }
    let detail = json!({ "name": new.name, "code": new.official_code, "kind": new.kind });
    audit::record(tx, Event { action: "unit.create", subject: ("unit", id.to_string()), detail }).await?;
    Ok(id)
}

async fn check(tx: &Tx, new: &NewUnit) -> Result<()> {
    let mut problems = Vec::new();
    if new.official_code.trim().is_empty() {
        problems.push(Problem::new("official_code", "Hãy nhập mã đơn vị."));
    }
    if new.name.trim().is_empty() {
        problems.push(Problem::new("name", "Hãy nhập tên đơn vị."));
    }
    let taken = tx.scoped::<units::Entity>().filter(units::Column::OfficialCode.eq(new.official_code.trim()));
    if taken.one(tx.conn()).await?.is_some() {
        problems.push(Problem::new("official_code", "Mã này đã có đơn vị khác dùng; hãy chọn mã khác."));
    }
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

async fn name_it(tx: &Tx, unit: UnitId, new: &NewUnit) -> Result<()> {
    let short = if new.short_name.trim().is_empty() { &new.name } else { &new.short_name };
    tx.insert(unit_names::ActiveModel {
        id: Set(uuid::Uuid::now_v7()),
        unit_id: Set(unit),
        name: Set(new.name.trim().into()),
        short_name: Set(short.trim().into()),
        valid_from: Set(new.valid_from),
        valid_to: Set(None),
        ..new_row(tx)
    })
    .await?;
    Ok(())
}

async fn place_it(tx: &Tx, unit: UnitId, parent: UnitId, new: &NewUnit) -> Result<()> {
    let above = tx.scoped::<units::Entity>().filter(units::Column::Id.eq(parent)).one(tx.conn()).await?;
    above.ok_or(Error::NotFound)?;
    tx.insert(unit_parents::ActiveModel {
        id: Set(uuid::Uuid::now_v7()),
        unit_id: Set(unit),
        parent_unit_id: Set(parent),
        valid_from: Set(new.valid_from),
        valid_to: Set(None),
        ..new_row(tx)
    })
    .await?;
    Ok(())
}
