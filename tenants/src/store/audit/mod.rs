//! The audit log: append-only, hash-chained per tenant, written in the same transaction as the change.

mod chain;
mod ground;
mod prints;
mod vouched;

use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;
use serde_json::Value as Json;
use time::{Duration, OffsetDateTime};

use crate::Result;
use crate::policy::{Action, Subject};
use crate::store::entities::{audit_entries, audit_heads};
use crate::store::vouch::canonical;
use crate::store::{Tx, new_row, sha256_hex};

pub use self::chain::{Break, verify};
pub(crate) use self::{
    chain::{Log, walk},
    ground::lay_ground,
    prints::close,
    vouched::each_vouched,
};

/// Something that happened to something.
pub struct Event {
    /// "noun.verb", e.g. "sheet.submit".
    pub action: &'static str,
    /// Kind and id.
    pub subject: (&'static str, String),
    pub detail: Json,
}

/// An entry as the log page shows it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Entry {
    pub seq: i64,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    pub account_name: String,
    pub action: String,
    pub subject_kind: String,
    pub subject_id: String,
    pub detail: Json,
}

/// Appends an entry. Acts of a tenant come one after the other, so the chain has no forks; its head follows by itself.
///
/// It vouches for every row the act has written: an act writes first and records then.
pub(crate) async fn record(tx: &Tx, event: Event) -> Result<()> {
    debug_assert!(!holds_ordinal(&event.detail), "a day or moment as numbers in {}: {}", event.action, event.detail);
    let vouched = prints::of_act(tx, &event.subject).await?;
    let end = match tx.chain_end() {
        Some(end) => end,
        None => read_end(tx).await?,
    };
    let mut entry = audit_entries::Model {
        tenant_id: tx.tenant(),
        seq: end.seq + 1,
        at: tx.now(),
        account_id: tx.caller().account,
        account_name: tx.caller().name.clone(),
        action: event.action.into(),
        subject_kind: event.subject.0.into(),
        subject_id: event.subject.1,
        detail: event.detail,
        previous_hash: end.hash,
        hash: String::new(),
        vouched,
    };
    entry.hash = link_hash(&entry);
    let end = ChainEnd { seq: entry.seq, hash: entry.hash.clone() };
    tx.insert(audit_entries::ActiveModel::from(entry).reset_all()).await?;
    tx.hold_chain_end(end);
    Ok(())
}

/// How long after an act the same once more is taken for the same form sent twice.
const AGAIN: Duration = Duration::minutes(10);

/// Whether the caller has just done exactly this: a form sent twice, by a double click or through two servers, is one act.
/// Asked in the tenant's turn, before anything is written; the answer to it is the answer to the first.
pub(crate) async fn repeats(tx: &Tx, event: &Event) -> Result<bool> {
    Ok(just_done(tx, event).await?.into_iter().any(|detail| detail == event.detail))
}

/// The same for an act whose entry says more than was asked for: what the first one came to, where its detail holds
/// everything the event's does.
pub(crate) async fn answered(tx: &Tx, event: &Event) -> Result<Option<Json>> {
    let asked = event.detail.as_object();
    let holds =
        |detail: &Json| asked.is_some_and(|asked| asked.iter().all(|(key, said)| detail.get(key) == Some(said)));
    Ok(just_done(tx, event).await?.into_iter().find(holds))
}

/// What the caller has just done of this kind to this thing, the newest first.
async fn just_done(tx: &Tx, event: &Event) -> Result<Vec<Json>> {
    use audit_entries::Column;
    let Some(account) = tx.caller().account else { return Ok(Vec::new()) };
    let about = tx.scoped::<audit_entries::Entity>().filter(Column::SubjectKind.eq(event.subject.0));
    let about = about.filter(Column::SubjectId.eq(&event.subject.1)).filter(Column::Action.eq(event.action));
    let mine = about.filter(Column::AccountId.eq(account)).order_by_desc(Column::Seq).limit(20);
    let recent = mine.all(tx.conn()).await?.into_iter().filter(|entry| entry.at > tx.now() - AGAIN);
    Ok(recent.map(|entry| entry.detail).collect())
}

/// Whether a detail holds a day or a moment the way their types serialise, in numbers, which no reader knows for one.
fn holds_ordinal(detail: &Json) -> bool {
    let is =
        |item: Option<&Json>, least, most| item.and_then(Json::as_i64).is_some_and(|n| (least..=most).contains(&n));
    match detail {
        Json::Array(items) => {
            let dated = is(items.first(), 1900, 2200) && is(items.get(1), 1, 366) && matches!(items.len(), 2 | 9);
            dated || items.iter().any(holds_ordinal)
        }
        Json::Object(fields) => fields.values().any(holds_ordinal),
        _ => false,
    }
}

/// The last entry of the tenant's chain.
#[derive(Clone, Debug)]
pub(crate) struct ChainEnd {
    pub seq: i64,
    pub hash: String,
}

async fn read_end(tx: &Tx) -> Result<ChainEnd> {
    if let Some(head) = tx.scoped::<audit_heads::Entity>().one(tx.conn()).await? {
        return Ok(ChainEnd { seq: head.seq, hash: head.hash });
    }
    tx.insert(audit_heads::ActiveModel { seq: Set(0), hash: Set(String::new()), ..new_row(tx) }).await?;
    Ok(ChainEnd { seq: 0, hash: String::new() })
}

fn link_hash(entry: &audit_entries::Model) -> String {
    let account = entry.account_id.map(|id| id.to_string()).unwrap_or_default();
    let parts = [
        &entry.tenant_id.to_string(),
        &entry.previous_hash,
        &entry.seq.to_string(),
        &entry.at.unix_timestamp_nanos().to_string(),
        &account,
        &entry.account_name,
        &entry.action,
        &entry.subject_kind,
        &entry.subject_id,
        &canonical(&entry.detail),
    ];
    // Entries from before rows were vouched for hash as they did.
    let vouched = entry.vouched.as_ref().map(canonical);
    // Lengths keep two entries from hashing alike by moving text between fields.
    let parts = parts.into_iter().chain(&vouched);
    let bytes: String = parts.map(|part| format!("{}:{part}", part.len())).collect();
    sha256_hex(bytes.as_bytes())
}

/// Every entry about one thing, oldest first. The caller has been allowed to see the thing.
pub(crate) async fn about(tx: &Tx, kind: &str, id: &str) -> Result<Vec<Entry>> {
    let about = tx.scoped::<audit_entries::Entity>().filter(audit_entries::Column::SubjectKind.eq(kind));
    let about = about.filter(audit_entries::Column::SubjectId.eq(id)).order_by_asc(audit_entries::Column::Seq);
    Ok(about.all(tx.conn()).await?.into_iter().map(entry).collect())
}

/// Newest first, `page` from 0, fifty a page.
pub async fn list(tx: &Tx, page: u64) -> Result<Vec<Entry>> {
    tx.allow(Action::ReadAudit, Subject::Tenant)?;
    // What vouches for rows and says nothing more is read by `verify` alone.
    let told = tx.scoped::<audit_entries::Entity>().filter(audit_entries::Column::Action.is_not_in(prints::SILENT));
    let newest = told.order_by_desc(audit_entries::Column::Seq);
    let rows = newest.offset(page * 50).limit(50).all(tx.conn()).await?;
    Ok(rows.into_iter().map(entry).collect())
}

fn entry(row: audit_entries::Model) -> Entry {
    Entry {
        seq: row.seq,
        at: row.at,
        account_name: row.account_name,
        action: row.action,
        subject_kind: row.subject_kind,
        subject_id: row.subject_id,
        detail: row.detail,
    }
}
