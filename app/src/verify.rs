//! `thuoc verify`: what is stored, told to whoever runs the server.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use tenants::integrity::{self, Checked, Fault};
use tenants::store::operator;

use crate::{Config, state};

/// How the line begins that names the end of an authority's log: "head dien-bien 1204 5c1f…".
const HEAD: &str = "head ";

/// By authority, entries of its log and their hashes.
type Heads = BTreeMap<String, BTreeMap<i64, String>>;

/// Ends with an error when anything is not as it was stored. `expect`: a file with what an earlier run printed.
pub async fn run(config: Config, expect: Option<&Path>) -> Result<()> {
    let mut expected = match expect {
        Some(file) => heads(&std::fs::read_to_string(file).with_context(|| file.display().to_string())?)?,
        None => Heads::new(),
    };
    let db = state::database(&config).await?;
    let (blobs, worker) = (state::files(&config), state::worker(config.rules_worker.clone())?);
    let mut faults = 0;
    for (tenant, _) in operator::list_tenants(&db).await? {
        let earlier = expected.remove(&tenant.slug).unwrap_or_default();
        let checked = integrity::verify(&db, (&blobs, &worker), tenant.id, &earlier);
        let checked = checked.await.context("if the database is of an older version, run `thuoc migrate` first")?;
        print(&tenant.slug, &tenant.name, &checked);
        faults += checked.faults.len();
    }
    for slug in expected.keys() {
        println!("{slug}: the authority is not there");
        faults += 1;
    }
    anyhow::ensure!(faults == 0, "{faults} things are not as they were stored; restore them from a backup");
    println!("Everything is as it was stored.");
    Ok(())
}

fn print(slug: &str, name: &str, checked: &Checked) {
    println!(
        "{name}: audit chain, {} rows, {} periods with {} scores, {} files ({} bytes), {} of them do not open; {} stored files belong to no document",
        checked.rows, checked.periods, checked.scores, checked.files, checked.bytes, checked.unreadable, checked.unused,
    );
    if let Some((seq, hash)) = &checked.head {
        println!("{HEAD}{slug} {seq} {hash}");
    }
    for fault in &checked.faults {
        println!("  {}", told(fault));
    }
}

/// The heads among the lines of an earlier run.
fn heads(printed: &str) -> Result<Heads> {
    let mut heads = Heads::new();
    for line in printed.lines().filter_map(|line| line.trim().strip_prefix(HEAD)) {
        let parts: Vec<&str> = line.split_whitespace().collect();
        let [slug, seq, hash] = parts[..] else { anyhow::bail!("not the head of a chain: {line}") };
        heads
            .entry(slug.to_owned())
            .or_default()
            .insert(seq.parse().context("the number of an entry")?, hash.to_owned());
    }
    anyhow::ensure!(!heads.is_empty(), "the file names no head; it is to hold what `thuoc verify` printed");
    Ok(heads)
}

fn told(fault: &Fault) -> String {
    match fault {
        Fault::Chain { seq } => format!("the audit chain breaks at entry {seq}"),
        Fault::Rewritten { seq } => {
            format!("entry {seq} of the audit chain is not the one of the earlier run, or is missing")
        }
        Fault::Altered { what, columns, seq } => {
            format!("{what} is not what entry {seq} of the log vouches for: {} differ", columns.join(", "))
        }
        Fault::Gone { what, seq } => format!("{what} is gone; entry {seq} of the log vouches for it"),
        Fault::Unknown { what } => format!("{what} stands in no entry of the log"),
        Fault::Unvouched { rows } => format!("the log vouches for none of {rows} rows; run `thuoc migrate`"),
        Fault::Hash { what, stored, found } => format!("{what} does not match its hash {stored}: it is {found} now"),
        Fault::Score { what, stored, found } => format!("{what}: {stored} is stored, {found} comes out"),
        Fault::Ranking { period } => format!("the kept ranking of “{period}” differs from its scores"),
        Fault::Missing { sha256 } => format!("file {sha256} is missing"),
        Fault::Changed { sha256 } => format!("file {sha256} is not what came in"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn what_was_printed_is_read_again() {
        let printed = "Tỉnh A: audit chain, …\nhead tinh-a 12 ab\n  some fault\nhead tinh-b 3 cd\nEverything is as it was stored.\n";
        let heads = heads(printed).unwrap();
        assert_eq!(heads["tinh-a"], BTreeMap::from([(12, "ab".to_owned())]));
        assert_eq!(heads["tinh-b"], BTreeMap::from([(3, "cd".to_owned())]));
        assert!(super::heads("nothing").is_err() && super::heads("head x").is_err());
    }
}
