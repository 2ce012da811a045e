//! Versions and publications against the hashes they were sealed with.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::Fault;
use super::rows::Names;
use crate::Result;
use crate::audit::Log;
use crate::indicator_sets::sandbox::{self, WorkerCommand};
use crate::publication;
use crate::store::entities::{publications, set_versions};
use crate::store::{Tx, sha256_hex};

/// The hash of something's content, and of its script where it has one.
type Hashes = (String, Option<String>);

/// A version of which the log does not say what its script was.
pub(super) struct Unsaid {
    what: String,
    source: String,
    content_hash: String,
}

/// Each content hashed again, and each compared with what the log said when it was sealed.
pub(super) async fn compare(tx: &Tx, log: &Log, names: &Names) -> Result<Vec<Fault>> {
    let mut faults = Vec::new();
    let mut stored = BTreeMap::new();
    for version in tx.scoped::<set_versions::Entity>().all(tx.conn()).await? {
        let found = content_of(&version);
        let source = sha256_hex(version.source.as_bytes());
        stored.insert(version.id.to_string(), (version.content_hash.clone(), Some(source)));
        if found.as_deref() != Some(version.content_hash.as_str()) {
            let found = found.unwrap_or_default();
            faults.push(Fault::Hash { what: names.row(&active(version.clone())), stored: version.content_hash, found });
        }
    }
    for edition in tx.scoped::<publications::Entity>().all(tx.conn()).await? {
        let found = sha256_hex(publication::content(&edition).as_bytes());
        stored.insert(edition.id.to_string(), (edition.content_hash.clone(), None));
        if found != edition.content_hash {
            faults.push(Fault::Hash { what: names.row(&active(edition.clone())), stored: edition.content_hash, found });
        }
    }
    for (seq, detail) in &log.sealed {
        faults.extend(differs(*seq, detail, &stored, names));
    }
    // What the log vouches for is missed among the rows.
    faults.retain(|fault| !log.vouches || !matches!(fault, Fault::Gone { .. }));
    Ok(faults)
}

fn active<M: sea_orm::IntoActiveModel<A>, A: sea_orm::ActiveModelTrait>(model: M) -> A {
    model.into_active_model()
}

/// The hash of a version's rules as they are stored; `None` when they are no rules any more.
fn content_of(version: &set_versions::Model) -> Option<String> {
    let set: engine::IndicatorSet = serde_json::from_value(version.compiled.clone()).ok()?;
    Some(sha256_hex(engine::print(&set).as_bytes()))
}

/// Something that was sealed and is gone, or has another hash now.
fn differs(seq: i64, said: &Json, stored: &BTreeMap<String, Hashes>, names: &Names) -> Option<Fault> {
    let text = |name: &str| said.get(name).and_then(Json::as_str);
    let (table, id) = match text("publication") {
        Some(id) => ("publications", id),
        None => ("set_versions", text("version")?),
    };
    let what = || names.lost(&format!("{table}/{id}"), "");
    let Some((content, source)) = stored.get(id) else { return Some(Fault::Gone { what: what(), seq }) };
    let of_source = text("source").map(|said| (said, source.as_deref().unwrap_or_default()));
    let of_content = text("hash").map(|said| (said, content.as_str()));
    let moved = of_content.into_iter().chain(of_source).find(|(said, found)| said != found)?;
    Some(Fault::Hash { what: what(), stored: moved.0.into(), found: moved.1.into() })
}

/// Versions of which the log does not say what their script was: each is compiled again, in the worker, and must declare the
/// rules that were hashed.
pub(super) async fn scripts(worker: &WorkerCommand, unsaid: &[Unsaid]) -> Result<Vec<Fault>> {
    let mut faults = Vec::new();
    for Unsaid { what, source, content_hash } in unsaid {
        let set = sandbox::draft(worker, source).await?.set;
        let found = set.map(|set| sha256_hex(engine::print(&set).as_bytes())).unwrap_or_default();
        if found != *content_hash {
            let what = format!("script of {what}");
            faults.push(Fault::Hash { what, stored: content_hash.clone(), found });
        }
    }
    Ok(faults)
}

/// The versions for [`scripts`].
pub(super) async fn unsaid(tx: &Tx, log: &Log, names: &Names) -> Result<Vec<Unsaid>> {
    let says = |(_, detail): &(i64, Json)| detail.get("source").and(detail.get("version")?.as_str().map(str::to_owned));
    let said: BTreeSet<String> = log.sealed.iter().filter_map(says).collect();
    let all = tx.scoped::<set_versions::Entity>().all(tx.conn()).await?;
    let unsaid = all.into_iter().filter(|version| !said.contains(&version.id.to_string()));
    let one = |version: set_versions::Model| Unsaid {
        what: names.row(&active(version.clone())),
        source: version.source,
        content_hash: version.content_hash,
    };
    Ok(unsaid.map(one).collect())
}
