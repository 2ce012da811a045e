//! Who holds which role. Accounts themselves belong to no tenant (`store::operator`).

use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::{MemberRow, NewMember};
use crate::audit::{self, Event};
use crate::caller::Role;
use crate::collation;
use crate::ids::MemberId;
use crate::policy::{Action, Subject};
use crate::store::entities::{accounts, members};
use crate::store::{Tx, new_row};
use crate::units;
use crate::{Error, Problem, Result};

/// Members in force, by role.
pub async fn list(tx: &Tx) -> Result<Vec<MemberRow>> {
    tx.allow(Action::ManageMembers, Subject::Tenant)?;
    let current = tx.scoped::<members::Entity>().filter(members::Column::ValidTo.is_null());
    let pairs = current.find_also_related(accounts::Entity).all(tx.conn()).await?;
    let names = units::list(tx).await?;
    let row = |(member, account): (members::Model, Option<accounts::Model>)| {
        let account = account?;
        let unit = member.unit_id.and_then(|id| names.iter().find(|unit| unit.id == id));
        Some(MemberRow {
            id: member.id,
            account: account.id,
            login: account.login,
            display_name: account.display_name,
            role: Role::parse(&member.role)?,
            unit_name: unit.map(|unit| unit.name.clone()),
        })
    };
    let mut rows: Vec<MemberRow> = pairs.into_iter().filter_map(row).collect();
    rows.sort_by(|a, b| a.role.cmp(&b.role).then_with(|| collation::people(&a.display_name, &b.display_name)));
    Ok(rows)
}

/// Gives a role. `Err(Invalid)` when a unit's role comes without a unit.
pub async fn create(tx: &Tx, new: NewMember) -> Result<MemberId> {
    tx.allow(Action::ManageMembers, Subject::Tenant)?;
    if new.role == Role::System {
        return Err(Error::Forbidden);
    }
    if new.role.needs_unit() && new.unit.is_none() {
        return Err(Error::Invalid(vec![Problem::new("unit", "Vai trò này gắn với một đơn vị; hãy chọn đơn vị.")]));
    }
    if let Some(unit) = new.unit {
        let known = units::list(tx).await?.into_iter().any(|known| known.id == unit);
        if !known {
            return Err(Error::NotFound);
        }
    }
    accounts::Entity::find_by_id(new.account).one(tx.conn()).await?.ok_or(Error::NotFound)?;
    let id = MemberId::new();
    tx.insert(members::ActiveModel {
        id: Set(id),
        account_id: Set(new.account),
        role: Set(new.role.as_str().into()),
        unit_id: Set(new.unit),
        valid_from: Set(tx.now()),
        valid_to: Set(None),
        ..new_row(tx)
    })
    .await?;
    let detail = json!({ "account": new.account, "role": new.role, "unit": new.unit });
    audit::record(tx, Event { action: "member.create", subject: ("member", id.to_string()), detail }).await?;
    Ok(id)
}
