//! Looking over everything an authority has stored: the audit chain, every row the log vouches for, stored hashes, stored
//! scores, rankings, what is published, and every file byte by byte.

mod files;
mod rows;
mod scores;
mod sealed;

use std::collections::BTreeMap;

use crate::caller::{Caller, Grant, Role};
use crate::files::blobs::BlobStore;
use crate::ids::TenantId;
use crate::indicator_sets::sandbox::WorkerCommand;
use crate::periods::{self, Stage};
use crate::store::Db;
use crate::{Result, audit, ranking};

/// Something that is not as it was stored. Things are named in words for whoever runs the server, e.g. "row 1.1 of Sở Y tế,
/// Năm 2025".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The audit chain breaks at this entry.
    Chain { seq: i64 },
    /// The log's entry of this number was another one, or was there, when it was looked at before.
    Rewritten { seq: i64 },
    /// A row is not what an entry of the log vouches for; these columns differ.
    Altered { what: String, columns: Vec<&'static str>, seq: i64 },
    /// A row that an entry of the log vouches for is not there.
    Gone { what: String, seq: i64 },
    /// A row no entry of the log speaks of.
    Unknown { what: String },
    /// Rows from before the log vouched for any; `thuoc migrate` has it vouch for them as they are.
    Unvouched { rows: usize },
    /// The content of a version or publication is not what its hash was taken of.
    Hash { what: String, stored: String, found: String },
    /// A stored score is not what the rules make of the stored figures.
    Score { what: String, stored: String, found: String },
    /// The kept ranking of a period differs from its scores.
    Ranking { period: String },
    /// A file is known and not there.
    Missing { sha256: String },
    /// A file is not what it was when it came in.
    Changed { sha256: String },
}

/// What was looked at, and what was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// The last entry of the log and its hash. Kept elsewhere, it shows later whether the log still has this beginning.
    pub head: Option<(i64, String)>,
    pub periods: usize,
    /// Rows the log vouches for.
    pub rows: usize,
    /// Scores calculated again.
    pub scores: usize,
    pub files: usize,
    /// Of these, such as do not open, as they were found when they were looked into.
    pub unreadable: usize,
    /// Bytes read.
    pub bytes: u64,
    pub faults: Vec<Fault>,
    /// Files in the store that no document refers to, e.g. of uploads that were never finished. Nothing is wrong with them.
    pub unused: usize,
}

/// Checks one authority. `earlier` are entries of its log, by number, with the hash they had when somebody looked before.
/// Changes nothing. An unreachable store or database is an error, not a fault.
pub async fn verify(
    db: &Db,
    (blobs, worker): (&BlobStore, &WorkerCommand),
    tenant: TenantId,
    earlier: &BTreeMap<i64, String>,
) -> Result<Checked> {
    let grants = vec![Grant { role: Role::Inspector, unit: None }];
    let caller = Caller { tenant, account: None, name: "thuoc verify".into(), grants };
    let tx = db.read(&caller).await?;
    let log = audit::walk(&tx, &earlier.keys().copied().collect()).await?;
    let mut checked = Checked { head: log.head.clone(), ..Checked::default() };
    checked.faults.extend(log.broken.map(|broken| Fault::Chain { seq: broken.seq }));
    let moved = earlier.iter().filter(|(seq, hash)| log.hashes.get(seq) != Some(hash));
    checked.faults.extend(moved.map(|(seq, _)| Fault::Rewritten { seq: *seq }));
    let names = rows::Names::read(&tx).await?;
    checked.faults.extend(sealed::compare(&tx, &log, &names).await?);
    let unsaid = sealed::unsaid(&tx, &log, &names).await?;
    rows::compare(&tx, log, &names, &mut checked).await?;
    for period in periods::list(&tx).await? {
        checked.periods += 1;
        scores::compare(&tx, &period, &mut checked).await?;
        // Nothing is ranked before the council is at work.
        let ranked = period.stage >= Stage::Appraisal;
        if ranked && ranking::verify(&tx, period.id).await.is_err() {
            checked.faults.push(Fault::Ranking { period: period.name });
        }
    }
    let known = files::known(&tx).await?;
    drop(tx);
    checked.faults.extend(sealed::scripts(worker, &unsaid).await?);
    files::compare(blobs, tenant, &known, &mut checked).await?;
    Ok(checked)
}
