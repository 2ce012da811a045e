//! Versions and publications against the hashes they were sealed with.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::Fault;
use super::rows::Names;
use crate::Result;
use crate::audit::Log;
use crate::publication;
use crate::store::entities::{publications, set_versions};
use crate::store::{Tx, sha256_hex};

/// Each content hashed again, and each compared with what the log said when it was sealed.
pub(super) async fn compare(tx: &Tx, log: &Log, names: &Names) -> Result<Vec<Fault>> {
    let mut faults = Vec::new();
    let mut stored = BTreeMap::new();
    for version in tx.scoped::<set_versions::Entity>().all(tx.conn()).await? {
        let found = content_of(&version);
        stored.insert(version.id.to_string(), version.content_hash.clone());
        if found.as_deref() != Some(version.content_hash.as_str()) {
            let found = found.unwrap_or_default();
            faults.push(Fault::Hash { what: names.row(&active(version.clone())), stored: version.content_hash, found });
        }
    }
    for edition in tx.scoped::<publications::Entity>().all(tx.conn()).await? {
        let found = sha256_hex(publication::content(&edition).as_bytes());
        stored.insert(edition.id.to_string(), edition.content_hash.clone());
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
fn differs(seq: i64, said: &Json, stored: &BTreeMap<String, String>, names: &Names) -> Option<Fault> {
    let text = |name: &str| said.get(name).and_then(Json::as_str);
    let (table, id) = match text("publication") {
        Some(id) => ("publications", id),
        None => ("set_versions", text("version")?),
    };
    let what = || names.lost(&format!("{table}/{id}"), "");
    match (stored.get(id), text("hash")) {
        (None, _) => Some(Fault::Gone { what: what(), seq }),
        (Some(found), Some(hash)) if found != hash => {
            Some(Fault::Hash { what: what(), stored: hash.into(), found: found.clone() })
        }
        _ => None,
    }
}
