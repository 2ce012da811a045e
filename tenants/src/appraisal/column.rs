//! The other way round: one indicator across all units of a group.

use super::closed::closed;
use super::store::{Past, accept_proven, build_row};
use super::{Column, ColumnRow};
use crate::caller::Role;
use crate::council::{self, SeatKind};
use crate::ids::GroupId;
use crate::periods;
use crate::policy::{Action, Subject};
use crate::ranking;
use crate::simulation;
use crate::store::Tx;
use crate::{Error, Result};

/// An indicator of a group with the row of every unit. `None` for the code is the first of the set.
pub async fn column(tx: &Tx, group: GroupId, code: Option<&str>) -> Result<Column> {
    tx.allow(Action::ViewBoard, Subject::Tenant)?;
    let group = simulation::group(tx, group).await?;
    let head = periods::find(tx, group.period_id).await?.head()?;
    let rules = crate::indicator_sets::rules(tx, group.version_id).await?;
    let chosen = match code {
        Some(code) => rules.set().indicator(code),
        None => rules.set().indicators().next(),
    };
    let chosen = chosen.ok_or(Error::NotFound)?;
    let mut codes: Vec<(String, u32)> = rules.set().indicators().map(|leaf| (leaf.code.clone(), 0)).collect();
    let mut rows = Vec::new();
    for loaded in simulation::sheets(tx, group.id).await? {
        let past = Past::read(tx, &loaded).await?;
        for (leaf, (_, open)) in rules.set().indicators().zip(&mut codes) {
            let row = build_row(&loaded, &past, leaf)?;
            *open += u32::from(!row.is_settled());
            if leaf.code == chosen.code {
                let unit_name = loaded.sheet.unit_name.clone();
                let closed = closed(tx, &loaded.sheet, &loaded.period).await?;
                rows.push(ColumnRow { sheet: loaded.sheet.id, unit_name, closed, row });
            }
        }
    }
    Ok(Column {
        period: head,
        group: group.id,
        group_name: group.name,
        code: chosen.code.clone(),
        name: chosen.name.clone(),
        codes,
        rows,
    })
}

/// Accepts the indicator for every unit whose score the formula gives and evidence supports. Answers how many.
/// Units that are not the caller's to judge are left out.
pub async fn accept_column(tx: &Tx, group: GroupId, code: &str) -> Result<u32> {
    if !tx.caller().has_any(&[Role::Appraiser, Role::CouncilChair]) {
        return Err(Error::Forbidden);
    }
    let group = simulation::group(tx, group).await?;
    council::require(tx, group.period_id, &[SeatKind::Chair, SeatKind::Member]).await?;
    let rules = crate::indicator_sets::rules(tx, group.version_id).await?;
    let indicator = rules.set().indicator(code).ok_or(Error::NotFound)?;
    let mut accepted = 0;
    for loaded in simulation::sheets(tx, group.id).await? {
        let past = Past::read(tx, &loaded).await?;
        accepted += u32::from(accept_proven(tx, &loaded, &past, indicator).await?);
    }
    ranking::refresh(tx, group.period_id).await?;
    Ok(accepted)
}
