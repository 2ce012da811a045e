//! Writing a set's draft and putting it in force as an immutable version.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, LazyLock};

use engine::IndicatorSet;
use engine::run::{Rules, Version};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

use super::ration::{self, Work};
use super::sandbox::{self, Tried, WorkerCommand};
use super::{Checked, Draft, FailedCase, SetHead, VersionHead};
use crate::apart::apart;
use crate::audit::{self, Event};
use crate::cache::Cache;
use crate::ids::{GroupId, SetId, TenantId, VersionId};
use crate::policy::{Action, Subject};
use crate::store::entities::{indicator_sets, ranking_groups, set_drafts, set_versions};
use crate::store::{Tx, new_row, sha256_hex};
use crate::{Error, Problem, Result};

/// Compiled rules by content hash and engine. A version never changes, so an entry is never stale; the size is bounded.
static RULES: LazyLock<moka::sync::Cache<(String, Version), Arc<Rules>>> =
    LazyLock::new(|| moka::sync::Cache::new(200));

/// What scripts looked at lately came to, by their hash.
static LOOKED: LazyLock<moka::sync::Cache<String, Looked>> = LazyLock::new(|| moka::sync::Cache::new(100));

/// Longest script kept, in bytes; the sandbox takes no longer one either.
const MAX_SOURCE: usize = 1 << 20;

/// All sets of the tenant with their versions, newest first.
pub async fn list(tx: &Tx) -> Result<Vec<SetHead>> {
    tx.allow(Action::ViewSets, Subject::Tenant)?;
    let sets = tx.scoped::<indicator_sets::Entity>().order_by_asc(indicator_sets::Column::Slug).all(tx.conn()).await?;
    let drafts = tx.scoped::<set_drafts::Entity>().all(tx.conn()).await?;
    let newest = tx.scoped::<set_versions::Entity>().order_by_desc(set_versions::Column::Number);
    let versions = newest.all(tx.conn()).await?;
    let head = |set: indicator_sets::Model| SetHead {
        id: set.id,
        draft_revision: drafts.iter().find(|draft| draft.set_id == set.id).map_or(0, |draft| draft.revision),
        versions: versions.iter().filter(|version| version.set_id == set.id).map(|v| v.head(&set.name)).collect(),
        origin: set.origin_version_id,
        slug: set.slug,
        name: set.name,
    };
    Ok(sets.into_iter().map(head).collect())
}

/// A new set with its first draft. `Err(Invalid)` when the slug is taken or no slug.
pub async fn create(tx: &Tx, slug: &str, name: &str, source: &str) -> Result<SetId> {
    create_from(tx, slug, name, source, None).await
}

/// The same, remembering the version it was copied from.
pub async fn create_from(tx: &Tx, slug: &str, name: &str, source: &str, origin: Option<VersionId>) -> Result<SetId> {
    tx.allow(Action::EditSet, Subject::Tenant)?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if slug.is_empty() || slug.len() > 60 || !slug.chars().all(plain) {
        let told = "Mã bộ chỉ số chỉ gồm chữ thường không dấu, chữ số và dấu gạch ngang, ví dụ “xa-2025”.";
        return Err(Error::Invalid(vec![Problem::new("slug", told)]));
    }
    if name.trim().is_empty() {
        return Err(Error::Invalid(vec![Problem::new("name", "Hãy nhập tên bộ chỉ số.")]));
    }
    let taken = tx.scoped::<indicator_sets::Entity>().filter(indicator_sets::Column::Slug.eq(slug));
    if taken.one(tx.conn()).await?.is_some() {
        return Err(Error::Invalid(vec![Problem::new("slug", "Mã bộ chỉ số này đã có; hãy chọn mã khác.")]));
    }
    let id = SetId::new();
    tx.insert(indicator_sets::ActiveModel {
        id: Set(id),
        slug: Set(slug.into()),
        name: Set(name.into()),
        created_at: Set(tx.now()),
        origin_version_id: Set(origin),
        ..new_row(tx)
    })
    .await?;
    tx.insert(set_drafts::ActiveModel {
        set_id: Set(id),
        source: Set(source.into()),
        revision: Set(1),
        updated_by: Set(tx.caller().name.clone()),
        updated_at: Set(tx.now()),
        ..new_row(tx)
    })
    .await?;
    let detail = json!({ "slug": slug, "name": name });
    audit::record(tx, Event { action: "set.create", subject: ("set", id.to_string()), detail }).await?;
    Ok(id)
}

/// The draft as it stands.
pub async fn draft(tx: &Tx, set: SetId) -> Result<Draft> {
    tx.allow(Action::ViewSets, Subject::Tenant)?;
    let found = tx.scoped::<set_drafts::Entity>().filter(set_drafts::Column::SetId.eq(set)).one(tx.conn()).await?;
    let draft = found.ok_or(Error::NotFound)?;
    Ok(Draft {
        set_id: set,
        source: draft.source,
        revision: draft.revision,
        updated_by: draft.updated_by,
        updated_at: draft.updated_at,
    })
}

/// Replaces the draft and answers its new revision. `Err(Stale)` when someone saved in between.
pub async fn save_draft(tx: &Tx, draft: &Draft) -> Result<i64> {
    tx.allow(Action::EditSet, Subject::Tenant)?;
    self::draft(tx, draft.set_id).await?;
    if draft.source.len() > MAX_SOURCE {
        let told = format!("Kịch bản dài quá {} KB; hãy rút gọn rồi lưu lại.", MAX_SOURCE / 1024);
        return Err(Error::Invalid(vec![Problem::new("source", &told)]));
    }
    let next = draft.revision + 1;
    let written = tx
        .update_many::<set_drafts::Entity>()
        .col_expr(set_drafts::Column::Source, Expr::value(draft.source.as_str()))
        .col_expr(set_drafts::Column::Revision, Expr::value(next))
        .col_expr(set_drafts::Column::UpdatedBy, Expr::value(tx.caller().name.as_str()))
        .col_expr(set_drafts::Column::UpdatedAt, Expr::value(tx.now()))
        .filter(set_drafts::Column::SetId.eq(draft.set_id))
        .filter(set_drafts::Column::Revision.eq(draft.revision))
        .exec(tx.conn())
        .await?;
    if written.rows_affected == 0 {
        return Err(Error::Stale);
    }
    let detail = json!({ "revision": next, "source": sha256_hex(draft.source.as_bytes()) });
    let subject = ("set", draft.set_id.to_string());
    audit::record(tx, Event { action: "set.save_draft", subject, detail }).await?;
    Ok(next)
}

/// A draft as far as it goes, with what the check and the cases say. The same script always gives the same, so a script
/// that was looked at lately is not run again.
#[derive(Clone, Debug, Default)]
pub struct Looked {
    pub checked: Checked,
    /// `None` when the script itself fails.
    pub set: Option<Arc<IndicatorSet>>,
}

/// Compiles a script in the worker and runs its cases. Every mistake is in the result; only our own failures are errors.
pub async fn look(worker: &WorkerCommand, source: &str) -> Result<Looked> {
    let key = sha256_hex(source.as_bytes());
    if let Some(known) = LOOKED.get(&key) {
        return Ok(known);
    }
    let tried = sandbox::tried(worker, source).await?;
    // A worker that was stopped may have had a busy machine to blame; it is asked again.
    let keep = !tried.drafted.found.iter().any(|found| found.code == sandbox::STOPPED);
    let looked = looked(tried);
    if keep {
        LOOKED.insert(key, looked.clone());
    }
    Ok(looked)
}

/// The same for one tenant's request, within its ration. Whoever shows pages asks this one.
pub async fn look_rationed(cache: &Cache, tenant: TenantId, worker: &WorkerCommand, source: &str) -> Result<Looked> {
    if let Some(known) = LOOKED.get(&sha256_hex(source.as_bytes())) {
        return Ok(known);
    }
    let _turn = ration::turn(cache, tenant, Work::Check).await?;
    look(worker, source).await
}

fn looked(tried: Tried) -> Looked {
    let failed = tried.results.iter().filter(|result| !result.passed);
    let failed_cases =
        failed.map(|result| FailedCase { code: result.indicator.clone(), told: result.to_string() }).collect();
    let checked = Checked { diagnostics: tried.drafted.found, failed_cases, case_count: tried.results.len() };
    Looked { checked, set: tried.drafted.set.map(Arc::new) }
}

/// The rules of a set somebody wrote, compiled off the threads that serve requests; `None` while a formula does not compile.
pub async fn compiled(set: Arc<IndicatorSet>) -> Result<Option<Rules>> {
    apart(move || Rules::new(Arc::unwrap_or_clone(set)).ok()).await
}

/// An issued version as data.
pub async fn version(tx: &Tx, id: VersionId) -> Result<(VersionHead, IndicatorSet)> {
    tx.allow(Action::ViewSets, Subject::Tenant)?;
    let version = find_version(tx, id).await?;
    let set: IndicatorSet = serde_json::from_value(version.compiled.clone()).map_err(Error::internal)?;
    Ok((version.head(&set.name), set))
}

/// The head of the version a sheet was scored by, for whoever may see the score.
pub(crate) async fn version_used(tx: &Tx, id: VersionId, set: &IndicatorSet) -> Result<VersionHead> {
    Ok(find_version(tx, id).await?.head(&set.name))
}

/// The rules of a version, compiled once per process. The set itself, some hundred kilobytes, is only read the first time.
pub async fn rules(tx: &Tx, id: VersionId) -> Result<Arc<Rules>> {
    rules_by(tx, id, Version::default()).await
}

/// The same with the arithmetic of the engine a period was opened under.
pub(crate) async fn rules_by(tx: &Tx, id: VersionId, engine: Version) -> Result<Arc<Rules>> {
    use set_versions::Column;
    let hash = tx.scoped::<set_versions::Entity>().filter(Column::Id.eq(id)).select_only().column(Column::ContentHash);
    let hash: String = hash.into_tuple().one(tx.conn()).await?.ok_or(Error::NotFound)?;
    rules_known_by(tx, id, &hash, engine).await
}

/// The same for whoever has read the version's content hash already, with the arithmetic of the engine that calculates.
pub(crate) async fn rules_known_by(tx: &Tx, id: VersionId, content_hash: &str, engine: Version) -> Result<Arc<Rules>> {
    match RULES.get(&(content_hash.to_owned(), engine)) {
        Some(rules) => Ok(rules),
        None => rules_under(&find_version(tx, id).await?, engine),
    }
}

/// Groups with the rules that score them, each group once however often it is named.
pub(crate) async fn rules_of_groups(
    tx: &Tx,
    groups: impl Iterator<Item = GroupId>,
) -> Result<HashMap<GroupId, (ranking_groups::Model, Arc<Rules>)>> {
    let ids: BTreeSet<GroupId> = groups.collect();
    let found = tx.scoped::<ranking_groups::Entity>().filter(ranking_groups::Column::Id.is_in(ids));
    let mut all = HashMap::new();
    for group in found.all(tx.conn()).await? {
        let rules = rules(tx, group.version_id).await?;
        all.insert(group.id, (group, rules));
    }
    Ok(all)
}

/// The rules of a version already read.
pub(crate) fn rules_of(version: &set_versions::Model) -> Result<Arc<Rules>> {
    rules_under(version, Version::default())
}

fn rules_under(version: &set_versions::Model, engine: Version) -> Result<Arc<Rules>> {
    let key = (version.content_hash.clone(), engine);
    if let Some(rules) = RULES.get(&key) {
        return Ok(rules);
    }
    let set: IndicatorSet = serde_json::from_value(version.compiled.clone()).map_err(Error::internal)?;
    let rules = Rules::under(engine, set)
        .map_err(|found| Error::internal(format!("issued set no longer compiles: {found:?}")))?;
    let rules = Arc::new(rules);
    RULES.insert(key, Arc::clone(&rules));
    Ok(rules)
}

pub(crate) async fn find_version(tx: &Tx, id: VersionId) -> Result<set_versions::Model> {
    let found = tx.scoped::<set_versions::Entity>().filter(set_versions::Column::Id.eq(id));
    found.one(tx.conn()).await?.ok_or(Error::NotFound)
}

impl set_versions::Model {
    fn head(&self, set_name: &str) -> VersionHead {
        VersionHead {
            id: self.id,
            set_id: self.set_id,
            number: self.number,
            set_name: set_name.into(),
            content_hash: self.content_hash.clone(),
            decision_number: self.decision_number.clone(),
            decision_date: self.decision_date,
            decision_file: self.decision_file.clone(),
            issued_by: self.issued_by.clone(),
            issued_at: self.issued_at,
        }
    }
}

/// How a version is called in reports.
pub fn label(number: i32) -> String {
    format!("Bản {number}")
}
