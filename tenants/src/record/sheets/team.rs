//! Who fills in what, and what colleagues said.

use std::collections::{BTreeMap, HashMap};

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use super::loaded::Loaded;
use super::{Colleague, Remark, find};
use crate::caller::Role;
use crate::ids::UnitId;
use crate::policy::{self, Action};
use crate::store::Tx;
use crate::store::entities::{accounts, members, remarks, row_clerks};
use crate::{Result, collation};

/// The unit's clerks, by name.
pub(crate) async fn colleagues(tx: &Tx, unit: UnitId) -> Result<Vec<Colleague>> {
    let current = tx.scoped::<members::Entity>().filter(members::Column::ValidTo.is_null());
    let editors = current
        .filter(members::Column::Role.eq(Role::UnitEditor.as_str()))
        .filter(members::Column::UnitId.eq(unit))
        .find_also_related(accounts::Entity);
    let person = |(_, account): (members::Model, Option<accounts::Model>)| {
        account.map(|account| Colleague { account: account.id, name: account.display_name })
    };
    let mut all: Vec<Colleague> = editors.all(tx.conn()).await?.into_iter().filter_map(person).collect();
    all.sort_by(|a, b| collation::people(&a.name, &b.name).then(a.account.cmp(&b.account)));
    all.dedup();
    Ok(all)
}

pub(crate) async fn clerks(tx: &Tx, loaded: &Loaded, people: &[Colleague]) -> Result<BTreeMap<String, Colleague>> {
    let split = tx.scoped::<row_clerks::Entity>().filter(row_clerks::Column::AssessmentId.eq(loaded.sheet.id));
    let named = |row: row_clerks::Model| {
        let clerk = people.iter().find(|person| person.account == row.account_id)?;
        Some((row.code, clerk.clone()))
    };
    Ok(split.all(tx.conn()).await?.into_iter().filter_map(named).collect())
}

/// What was said about one indicator, oldest first, for colleagues; nothing for everybody else.
pub(crate) async fn remarks_of(tx: &Tx, loaded: &Loaded, code: &str) -> Result<Vec<Remark>> {
    if !policy::allows(tx.caller(), Action::Plan, find::subject(&loaded.sheet, &loaded.period)) {
        return Ok(Vec::new());
    }
    let said = tx.scoped::<remarks::Entity>().filter(remarks::Column::AssessmentId.eq(loaded.sheet.id));
    let said = said.filter(remarks::Column::Code.eq(code)).order_by_asc(remarks::Column::SaidAt);
    let shown = |remark: remarks::Model| Remark { by: remark.said_name, at: remark.said_at, text: remark.text };
    Ok(said.all(tx.conn()).await?.into_iter().map(shown).collect())
}

/// Who fills in each indicator and what was said about it, for colleagues; empty for everybody else.
pub(crate) async fn among_colleagues(
    tx: &Tx,
    loaded: &Loaded,
) -> Result<(BTreeMap<String, Colleague>, HashMap<String, Vec<Remark>>)> {
    if !policy::allows(tx.caller(), Action::Plan, find::subject(&loaded.sheet, &loaded.period)) {
        return Ok((BTreeMap::new(), HashMap::new()));
    }
    let people = colleagues(tx, loaded.sheet.unit_id).await?;
    let said = tx.scoped::<remarks::Entity>().filter(remarks::Column::AssessmentId.eq(loaded.sheet.id));
    let mut by_code: HashMap<String, Vec<Remark>> = HashMap::new();
    for remark in said.order_by_asc(remarks::Column::SaidAt).all(tx.conn()).await? {
        let shown = Remark { by: remark.said_name, at: remark.said_at, text: remark.text };
        by_code.entry(remark.code).or_default().push(shown);
    }
    Ok((clerks(tx, loaded, &people).await?, by_code))
}
