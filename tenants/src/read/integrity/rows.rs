//! Rows against what the log vouches for.

use std::collections::BTreeMap;

use sea_orm::{ColumnTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

use super::{Checked, Fault};
use crate::Result;
use crate::audit::{Log, each_vouched};
use crate::store::entities::{assessments, indicator_sets, periods, unit_names};
use crate::store::vouch;
use crate::store::{TenantEntity, TenantRow, Tx};

/// Compares every vouched row; what the log vouches for and is not there is named last.
pub(super) async fn compare(tx: &Tx, mut log: Log, names: &Names, checked: &mut Checked) -> Result<()> {
    if log.vouches {
        each_vouched!(table(tx, &mut log, names, checked));
        let gone = log.prints.into_iter();
        checked
            .faults
            .extend(gone.map(|(key, print)| Fault::Gone { what: names.lost(&key, &print.subject.1), seq: print.seq }));
        return Ok(());
    }
    let mut rows = 0;
    each_vouched!(count(tx, &mut rows));
    if rows > 0 {
        checked.faults.push(Fault::Unvouched { rows });
    }
    Ok(())
}

async fn table<E>(tx: &Tx, log: &mut Log, names: &Names, checked: &mut Checked) -> Result<()>
where
    E: TenantEntity<ActiveModel: TenantRow, Model: IntoActiveModel<E::ActiveModel>>,
{
    for row in tx.scoped::<E>().all(tx.conn()).await? {
        let row = row.into_active_model();
        checked.rows += 1;
        let Some(print) = log.prints.remove(&vouch::key(&row)) else {
            checked.faults.push(Fault::Unknown { what: names.row(&row) });
            continue;
        };
        let columns = vouch::differing(&row, &print.text);
        if !columns.is_empty() {
            checked.faults.push(Fault::Altered { what: names.row(&row), columns, seq: print.seq });
        }
    }
    Ok(())
}

async fn count<E: TenantEntity>(tx: &Tx, rows: &mut usize) -> Result<()> {
    *rows += tx.scoped::<E>().all(tx.conn()).await?.len();
    Ok(())
}

/// What things are called, by their ids.
pub(super) struct Names(BTreeMap<String, String>);

impl Names {
    pub async fn read(tx: &Tx) -> Result<Names> {
        let all = tx.scoped::<periods::Entity>().all(tx.conn()).await?;
        let mut names: BTreeMap<Uuid, String> = all.into_iter().map(|period| (period.id.0, period.name)).collect();
        let sheets = tx.scoped::<assessments::Entity>().all(tx.conn()).await?;
        let sheets: Vec<(Uuid, String)> = sheets
            .into_iter()
            .map(|sheet| {
                let period = names.get(&sheet.period_id.0).cloned().unwrap_or_default();
                (sheet.id.0, format!("{}, {period}", sheet.unit_name))
            })
            .collect();
        names.extend(sheets);
        let sets = tx.scoped::<indicator_sets::Entity>().all(tx.conn()).await?;
        names.extend(sets.into_iter().map(|set| (set.id.0, set.name)));
        let units = tx.scoped::<unit_names::Entity>().filter(unit_names::Column::ValidTo.is_null());
        names.extend(units.all(tx.conn()).await?.into_iter().map(|unit| (unit.unit_id.0, unit.name)));
        Ok(Names(names.into_iter().map(|(id, name)| (id.to_string(), name)).collect()))
    }

    /// "row 1.1 of Sở Y tế, Năm 2025"
    pub fn row<A: TenantRow>(&self, row: &A) -> String {
        let columns: BTreeMap<&str, String> =
            vouch::columns(row).filter_map(|(name, text)| Some((name, text?))).collect();
        let of = |column: &'static str| columns.get(column).and_then(|id| self.0.get(id));
        let about = ["assessment_id", "id", "period_id", "set_id", "unit_id"].into_iter().find_map(of);
        let own = ["code", "name", "number", "revision", "official_code", "role", "day", "sha256"]
            .into_iter()
            .find_map(|column| columns.get(column));
        said(vouch::table::<A::Entity>(), own.map(String::as_str), about.map(String::as_str))
    }

    /// The same for a row that is no more, from its key and what the entry about it was about.
    pub fn lost(&self, key: &str, subject: &str) -> String {
        let mut parts = key.split('/');
        let table = parts.next().unwrap_or_default();
        let parts: Vec<&str> = parts.collect();
        let about = parts.iter().find_map(|part| self.0.get(*part)).or_else(|| self.0.get(subject));
        let own = parts.iter().copied().find(|part| !self.0.contains_key(*part));
        said(table, own, about.map(String::as_str))
    }
}

fn said(table: &str, own: Option<&str>, about: Option<&str>) -> String {
    let noun = match table {
        "appraisals" => "decision on",
        "assessment_facts" => "shared figure",
        "assessment_rows" => "row",
        "assessments" => "sheet",
        "council_decisions" => "decision about the council",
        "council_seats" => "seat",
        "council_sessions" => "minutes",
        "days_off" => "day off",
        "duties" => "duty",
        "evidence" => "document",
        "evidence_files" => "file",
        "evidence_links" => "document of",
        "indicator_sets" => "set",
        "members" => "role",
        "periods" => "period",
        "ranking_groups" => "group",
        "row_clerks" => "clerk of",
        "set_proposals" => "proposal to issue",
        "shared_versions" => "shared version",
        "tasks" => "task",
        "unit_names" => "name",
        "unit_parents" => "place",
        "units" => "unit",
        "publications" => "publication",
        "set_versions" => "version",
        other => other,
    };
    // A sheet's own name is that of its unit.
    let own = own.filter(|_| table != "assessments");
    let own = own.filter(|own| about.is_none_or(|about| !about.starts_with(own)));
    [Some(noun), own, about.map(|_| "of").filter(|_| own.is_some()), about]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ")
}
