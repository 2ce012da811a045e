//! Walking the chain from its first entry to its head, and what it vouches for on the way.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::Value as Json;

use super::link_hash;
use crate::policy::{Action, Subject};
use crate::store::Tx;
use crate::store::entities::{audit_entries, audit_heads};
use crate::store::vouch::{Prints, Vouched};
use crate::{Error, Result};

/// The chain's first break: from this entry on the log is not what was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Break {
    pub seq: i64,
}

/// A row the log vouches for.
pub(crate) struct Print {
    /// The entry that wrote it last, and what that was about.
    pub seq: i64,
    pub subject: (String, String),
    pub text: String,
}

/// What the log says, read from its beginning.
#[derive(Default)]
pub(crate) struct Log {
    pub broken: Option<Break>,
    /// The last entry and its hash; nothing while there is none.
    pub head: Option<(i64, String)>,
    /// Rows as they stand, by their key.
    pub prints: BTreeMap<String, Print>,
    /// Whether any entry vouches for anything.
    pub vouches: bool,
    /// What was said when something was published or issued: the entry, and its detail.
    pub sealed: Vec<(i64, Json)>,
    /// The hashes of the entries asked for, by number.
    pub hashes: BTreeMap<i64, String>,
}

/// Walks the whole chain. `Ok(Some(_))` says where it breaks.
pub async fn verify(tx: &Tx) -> Result<Option<Break>> {
    Ok(walk(tx, &BTreeSet::new()).await?.broken)
}

/// The same with what the entries say. A break does not end the walk: what the entries vouch for is still worth comparing.
pub(crate) async fn walk(tx: &Tx, wanted: &BTreeSet<i64>) -> Result<Log> {
    tx.allow(Action::ReadAudit, Subject::Tenant)?;
    let mut log = Log::default();
    let (mut previous, mut expected, mut after) = (String::new(), 1, i64::MIN);
    loop {
        let next = tx.scoped::<audit_entries::Entity>().filter(audit_entries::Column::Seq.gt(after));
        let rows = next.order_by_asc(audit_entries::Column::Seq).limit(500).all(tx.conn()).await?;
        let Some(last) = rows.last() else { break };
        after = last.seq;
        for row in rows {
            let follows = row.seq == expected && row.previous_hash == previous && row.hash == link_hash(&row);
            if !follows && log.broken.is_none() {
                log.broken = Some(Break { seq: row.seq });
            }
            if wanted.contains(&row.seq) {
                log.hashes.insert(row.seq, row.hash.clone());
            }
            (previous, expected) = (row.hash.clone(), row.seq + 1);
            log.read(row)?;
        }
    }
    let head = tx.scoped::<audit_heads::Entity>().one(tx.conn()).await?;
    let cut = head.map(|head| head.hash).unwrap_or_default() != previous;
    if cut && log.broken.is_none() {
        log.broken = Some(Break { seq: expected });
    }
    log.head = (expected > 1).then_some((expected - 1, previous));
    Ok(log)
}

/// The tables of which any entry vouches for a row.
pub(crate) async fn tables(tx: &Tx) -> Result<BTreeSet<String>> {
    let mut tables = BTreeSet::new();
    let mut after = i64::MIN;
    loop {
        let next = tx.scoped::<audit_entries::Entity>().filter(audit_entries::Column::Seq.gt(after));
        let next = next.filter(audit_entries::Column::Vouched.is_not_null());
        let rows = next.order_by_asc(audit_entries::Column::Seq).limit(500).all(tx.conn()).await?;
        let Some(last) = rows.last() else { return Ok(tables) };
        after = last.seq;
        for vouched in rows.into_iter().filter_map(|row| row.vouched) {
            let keys = vouched.as_object().into_iter().flat_map(|prints| prints.keys());
            tables.extend(keys.filter_map(|key| key.split('/').next()).map(str::to_owned));
        }
    }
}

impl Log {
    fn read(&mut self, entry: audit_entries::Model) -> Result<()> {
        if matches!(entry.action.as_str(), "period.publish" | "set.issue") {
            self.sealed.push((entry.seq, entry.detail));
        }
        let Some(vouched) = entry.vouched else { return Ok(()) };
        self.vouches = true;
        let vouched: Prints = serde_json::from_value(vouched).map_err(Error::internal)?;
        let subject = (entry.subject_kind, entry.subject_id);
        for (key, told) in vouched {
            match told {
                Vouched::Print(text) => {
                    self.prints.insert(key, Print { seq: entry.seq, subject: subject.clone(), text });
                }
                Vouched::Gone => self.forget(&key),
            }
        }
        Ok(())
    }

    /// Forgets a row, and those whose keys begin with its own.
    fn forget(&mut self, key: &str) {
        self.prints.remove(key);
        let under = format!("{key}/");
        self.prints.retain(|key, _| !key.starts_with(&under));
    }
}
