//! The other way round: one indicator across all units of a group, a page of them at a time.

use std::collections::HashMap;

use super::bulk::accept_proven;
use super::store::build_row;
use super::{Column, ColumnRow, Spot};
use crate::caller::Role;
use crate::decisions::{Proceedings, closed};
use crate::guards;
use crate::ids::{AssessmentId, GroupId};
use crate::policy::{Action, Subject};
use crate::seats::{self, SeatKind};
use crate::sheets::{Loaded, SheetState};
use crate::{periods, ranking};

use crate::store::Tx;
use crate::{Error, Result};

/// Units on a page: what somebody can look through, and a browser shows at once.
const PAGE: usize = 25;

/// A group with what was done about each of its sheets.
struct Judged {
    sheets: Vec<Loaded>,
    past: HashMap<AssessmentId, Proceedings>,
}

impl Judged {
    async fn read(tx: &Tx, group: GroupId) -> Result<Judged> {
        let sheets = Loaded::read_group(tx, group).await?;
        let past = Proceedings::read_all(tx, &sheets).await?;
        Ok(Judged { sheets, past })
    }

    fn past(&self, loaded: &Loaded) -> Result<&Proceedings> {
        self.past.get(&loaded.sheet.id).ok_or_else(|| Error::internal("a sheet without its past"))
    }

    /// Which sheets have something to decide at an indicator, in their order: for whoever judges here what is theirs to
    /// decide, for everybody else all there is.
    fn open(&self, code: &str) -> Result<Vec<bool>> {
        let judges = self.past.values().any(|past| past.given.is_some());
        let is_open = |loaded: &Loaded| {
            let past = self.past(loaded)?;
            let given = past.given.as_ref().is_some_and(|given| given.covers(loaded, code));
            Ok(!past.is_settled(loaded, code) && (!judges || given && !past.blind.contains(code)))
        };
        self.sheets.iter().map(is_open).collect()
    }

    fn position(&self, sheet: AssessmentId) -> Option<usize> {
        self.sheets.iter().position(|loaded| loaded.sheet.id == sheet)
    }
}

/// An indicator of a group with the rows of a page of its units. `None` for the code is the first of the set.
pub async fn column(tx: &Tx, group: GroupId, code: Option<&str>, spot: Spot) -> Result<Column> {
    tx.allow(Action::ViewBoard, Subject::Tenant)?;
    let group = periods::group(tx, group).await?;
    let head = periods::find(tx, group.period_id).await?.head()?;
    let rules = crate::indicator_sets::rules(tx, group.version_id).await?;
    let chosen = match code {
        Some(code) => rules.set().indicator(code),
        None => rules.set().indicators().next(),
    };
    let chosen = chosen.ok_or(Error::NotFound)?;
    let judged = Judged::read(tx, group.id).await?;
    let mut codes = Vec::new();
    for leaf in rules.set().indicators() {
        let open = judged.open(&leaf.code)?.into_iter().filter(|open| *open).count();
        codes.push((leaf.code.clone(), u32::try_from(open).map_err(Error::internal)?));
    }
    let open = judged.open(&chosen.code)?;
    let pages = judged.sheets.len().div_ceil(PAGE).max(1);
    let (page, focus) = look(&judged, &open, spot);
    let page = page.min(pages - 1);
    let mut rows = Vec::new();
    let mut in_bulk = 0;
    for (at, loaded) in judged.sheets.iter().enumerate() {
        let row = build_row(loaded, judged.past(loaded)?, None, chosen)?;
        in_bulk += usize::from(row.bulk);
        if at / PAGE != page {
            continue;
        }
        rows.push(ColumnRow {
            sheet: loaded.sheet.id,
            unit_name: loaded.sheet.unit_name.clone(),
            unsent: loaded.sheet.state_at(loaded.period.stage()?, tx.now())? == SheetState::NotSubmitted,
            closed: closed(tx, &loaded.sheet, &loaded.period).await?,
            row,
        });
    }
    Ok(Column {
        period: head,
        group: group.id,
        group_name: group.name,
        code: chosen.code.clone(),
        name: chosen.name.clone(),
        codes,
        units: judged.sheets.len(),
        open: open.into_iter().filter(|open| *open).count(),
        in_bulk,
        page,
        pages,
        focus,
        rows,
    })
}

/// The page asked for, and the unit on it to look at first.
fn look(judged: &Judged, open: &[bool], spot: Spot) -> (usize, Option<AssessmentId>) {
    let id = |position: usize| judged.sheets.get(position).map(|loaded| loaded.sheet.id);
    let next = |from: usize| (0..open.len()).map(|step| (from + step) % open.len()).find(|at| open[*at]);
    match spot {
        Spot::Page(page) => {
            let first = (page * PAGE..open.len().min((page + 1) * PAGE)).find(|at| open[*at]);
            (page, first.and_then(id))
        }
        Spot::At(sheet) => (judged.position(sheet).unwrap_or(0) / PAGE, Some(sheet)),
        Spot::After(sheet) => {
            let after = judged.position(sheet);
            let found = next(after.map_or(0, |at| at + 1)).or(after).unwrap_or(0);
            (found / PAGE, id(found))
        }
    }
}

/// Accepts the indicator for every unit of the group, on whatever page, whose row may be accepted in bulk. Answers how many. Units that are not the caller's to judge are left out.
pub async fn accept_column(tx: &Tx, group: GroupId, code: &str) -> Result<u32> {
    if !guards::holds(tx.caller().has_any(&[Role::Appraiser, Role::CouncilChair])) {
        return Err(Error::Forbidden);
    }
    let group = periods::group(tx, group).await?;
    seats::require(tx, group.period_id, &[SeatKind::Chair, SeatKind::Member]).await?;
    let rules = crate::indicator_sets::rules(tx, group.version_id).await?;
    let indicator = rules.set().indicator(code).ok_or(Error::NotFound)?;
    let judged = Judged::read(tx, group.id).await?;
    let mut accepted = Vec::new();
    for loaded in &judged.sheets {
        if accept_proven(tx, loaded, judged.past(loaded)?, indicator).await? {
            accepted.push(loaded.sheet.id);
        }
    }
    if !accepted.is_empty() {
        ranking::refresh_sheets(tx, &group, &rules, &accepted).await?;
    }
    u32::try_from(accepted.len()).map_err(Error::internal)
}
