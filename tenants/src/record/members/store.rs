//! Who holds which role. Accounts themselves belong to no tenant (`store::operator`).

use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, Select};
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
    if !Role::ALL.contains(&new.role) {
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

/// Gives a role, unless the account holds it already; says whether it did.
pub async fn give(tx: &Tx, new: NewMember) -> Result<bool> {
    tx.allow(Action::ManageMembers, Subject::Tenant)?;
    let held = in_force(tx).filter(members::Column::AccountId.eq(new.account));
    let held = held.filter(members::Column::Role.eq(new.role.as_str())).all(tx.conn()).await?;
    if held.iter().any(|member| member.unit_id == new.unit) {
        return Ok(false);
    }
    create(tx, new).await?;
    Ok(true)
}

/// Ends a role; what was done by it stays. Doing it again changes nothing. `Err(Conflict)` for the last administrator's.
pub async fn end(tx: &Tx, id: MemberId) -> Result<()> {
    tx.allow(Action::ManageMembers, Subject::Tenant)?;
    let found = tx.scoped::<members::Entity>().filter(members::Column::Id.eq(id)).one(tx.conn()).await?;
    let member = found.ok_or(Error::NotFound)?;
    if member.valid_to.is_some_and(|end| end <= tx.now()) {
        return Ok(());
    }
    leave_an_administrator(tx, |other| other.id != id).await?;
    let mine = tx.update_many::<members::Entity>().filter(members::Column::Id.eq(id));
    mine.col_expr(members::Column::ValidTo, Expr::value(tx.now())).exec(tx.conn()).await?;
    let detail = json!({ "account": member.account_id, "role": member.role, "unit": member.unit_id });
    audit::record(tx, Event { action: "member.end", subject: ("member", id.to_string()), detail }).await
}

/// `Err(Conflict)` when the authority has administrators who can sign in, and none of those who would stay.
pub(crate) async fn leave_an_administrator(tx: &Tx, stays: impl Fn(&members::Model) -> bool) -> Result<()> {
    let admins = in_force(tx).filter(members::Column::Role.eq(Role::TenantAdmin.as_str()));
    let admins = admins.find_also_related(accounts::Entity).all(tx.conn()).await?;
    let can_sign_in = |account: &Option<accounts::Model>| {
        account.as_ref().is_some_and(|account| account.disabled_at.is_none() && !account.password_hash.is_empty())
    };
    let admins: Vec<_> = admins.into_iter().filter(|(_, account)| can_sign_in(account)).collect();
    if admins.is_empty() || admins.iter().any(|(member, _)| stays(member)) {
        return Ok(());
    }
    Err(Error::Conflict(
        "Đây là quản trị cuối cùng của cơ quan; hãy giao vai trò này cho một người đã đăng nhập được trước.".into(),
    ))
}

fn in_force(tx: &Tx) -> Select<members::Entity> {
    let not_over = Condition::any().add(members::Column::ValidTo.is_null()).add(members::Column::ValidTo.gt(tx.now()));
    tx.scoped::<members::Entity>().filter(not_over)
}
