//! Who judges what ("phân công thẩm định"): a member and a main index of a group. A group without any assignment is judged
//! by every member; the chair may judge everything. Nobody judges the own unit, whatever was assigned.

use std::collections::HashSet;

use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter};
use serde_json::json;

use super::{CouncilMember, Duty, NewDuty};
use crate::assessments::Loaded;
use crate::audit::{self, Event};
use crate::caller::Role;
use crate::ids::{AccountId, DutyId, GroupId, PeriodId};
use crate::indicator_sets;
use crate::notices::{Kind, News, To, tell};
use crate::periods;
use crate::policy::{Action, Subject};
use crate::simulation;
use crate::store::entities::{accounts, duties, members};
use crate::store::{Tx, new_row};
use crate::{Error, Problem, Result};

/// The members who can be given something to judge, by name.
pub async fn council(tx: &Tx) -> Result<Vec<CouncilMember>> {
    tx.allow(Action::ViewBoard, Subject::Tenant)?;
    let roles = [Role::Appraiser, Role::CouncilChair].map(Role::as_str);
    let current = tx.scoped::<members::Entity>().filter(members::Column::ValidTo.is_null());
    let pairs = current.filter(members::Column::Role.is_in(roles)).find_also_related(accounts::Entity);
    let member = |(_, account): (members::Model, Option<accounts::Model>)| {
        account.map(|account| CouncilMember { account: account.id, name: account.display_name })
    };
    let mut all: Vec<CouncilMember> = pairs.all(tx.conn()).await?.into_iter().filter_map(member).collect();
    all.sort_by(|a, b| (&a.name, a.account).cmp(&(&b.name, b.account)));
    all.dedup();
    Ok(all)
}

/// Every assignment of a period.
pub async fn duties(tx: &Tx, period: PeriodId) -> Result<Vec<Duty>> {
    let names = council(tx).await?;
    let all = tx.scoped::<duties::Entity>().filter(duties::Column::PeriodId.eq(period)).all(tx.conn()).await?;
    let name = |account| names.iter().find(|member| member.account == account).map(|member| member.name.clone());
    let duty = |model: duties::Model| Duty {
        id: model.id,
        group: model.group_id,
        account: model.account_id,
        name: name(model.account_id).unwrap_or_default(),
        main: model.main_code,
    };
    let mut all: Vec<Duty> = all.into_iter().map(duty).collect();
    all.sort_by_key(|duty| (duty.group, duty.main.len(), duty.main.clone(), duty.name.clone()));
    Ok(all)
}

/// Gives a member a main index of a group to judge, or all of them.
pub async fn assign(tx: &Tx, new: &NewDuty) -> Result<()> {
    tx.allow(Action::Assign, Subject::Tenant)?;
    let period = periods::find(tx, new.period).await?;
    let group = simulation::group(tx, new.group).await?;
    let member = council(tx).await?.into_iter().find(|member| member.account == new.account);
    if group.period_id != period.id || member.is_none() {
        return Err(Error::NotFound);
    }
    let rules = indicator_sets::rules(tx, group.version_id).await?;
    if !new.main.is_empty() && rules.set().main_index(&new.main).is_none() {
        return Err(Error::NotFound);
    }
    let same = tx.scoped::<duties::Entity>().filter(duties::Column::GroupId.eq(new.group));
    let same = same.filter(duties::Column::AccountId.eq(new.account)).filter(duties::Column::MainCode.eq(&new.main));
    if same.one(tx.conn()).await?.is_some() {
        return Err(Error::Invalid(vec![Problem::new("account", "Thành viên này đã được phân công đúng phần đó.")]));
    }
    tx.insert(duties::ActiveModel {
        id: Set(DutyId::new()),
        period_id: Set(new.period),
        group_id: Set(new.group),
        account_id: Set(new.account),
        main_code: Set(new.main.clone()),
        assigned_by: Set(tx.caller().name.clone()),
        assigned_at: Set(tx.now()),
        ..new_row(tx)
    })
    .await?;
    let what = match rules.set().main_index(&new.main) {
        Some(main) => format!("{}. {} ({})", main.code, main.name, group.name),
        None => group.name.clone(),
    };
    let detail = [("period", period.name.clone()), ("duty", what)];
    let link = "/lam-viec/tham-dinh".to_owned();
    tell(tx, To::Account(new.account), News { kind: Kind::Assigned, link, detail: &detail, occasion: None }).await?;
    let detail = json!({ "group": group.name, "main": new.main, "account": new.account });
    audit::record(tx, Event { action: "duty.assign", subject: ("period", new.period.to_string()), detail }).await
}

/// Takes an assignment back. What was decided under it stands.
pub async fn unassign(tx: &Tx, period: PeriodId, id: DutyId) -> Result<()> {
    tx.allow(Action::Assign, Subject::Tenant)?;
    let gone = tx.delete_many::<duties::Entity>().filter(duties::Column::Id.eq(id));
    let gone = gone.filter(duties::Column::PeriodId.eq(period)).exec(tx.conn()).await?;
    if gone.rows_affected == 0 {
        return Err(Error::NotFound);
    }
    let detail = json!({ "duty": id });
    audit::record(tx, Event { action: "duty.unassign", subject: ("period", period.to_string()), detail }).await
}

/// What the caller was given to judge in a group.
pub(super) enum Given {
    /// Everything: the chair, or a group nobody was assigned to.
    All,
    Mains(HashSet<String>),
}

impl Given {
    pub(super) async fn of(tx: &Tx, group: GroupId) -> Result<Given> {
        if tx.caller().has(Role::CouncilChair) {
            return Ok(Given::All);
        }
        let all = tx.scoped::<duties::Entity>().filter(duties::Column::GroupId.eq(group)).all(tx.conn()).await?;
        if all.is_empty() {
            return Ok(Given::All);
        }
        let mine = |account: AccountId| tx.caller().account == Some(account);
        let mains: HashSet<String> =
            all.into_iter().filter(|duty| mine(duty.account_id)).map(|duty| duty.main_code).collect();
        Ok(if mains.contains("") { Given::All } else { Given::Mains(mains) })
    }

    /// Whether an indicator of the sheet is among it.
    pub(super) fn covers(&self, loaded: &Loaded, code: &str) -> bool {
        match self {
            Given::All => true,
            Given::Mains(mains) => {
                let of_code = |main: &&engine::MainIndex| main.indicators.iter().any(|leaf| leaf.code == code);
                loaded.rules.set().main_indexes().find(of_code).is_some_and(|main| mains.contains(&main.code))
            }
        }
    }
}
