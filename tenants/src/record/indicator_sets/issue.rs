//! Putting a draft in force as an immutable version, by one person or, where the authority wants it, by two.

use engine::IndicatorSet;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr};
use serde_json::json;
use time::Date;

use super::sandbox::WorkerCommand;
use super::{Checked, Draft, Issue, Issued, Proposal, draft, look};
use crate::audit::{self, Event};
use crate::clock;
use crate::files::keep_file;
use crate::ids::{SetId, VersionId};
use crate::policy::{Action, Subject};
use crate::store::entities::{set_proposals, set_versions, tenants};
use crate::store::{Tx, new_row, sha256_hex};
use crate::{Error, Problem, Result};

/// The decision a version rests on.
struct Decision {
    number: String,
    date: Date,
    file: String,
    sha256: String,
}

/// Issues the draft as the next version under a decision, or proposes it where two people are wanted.
/// `Err(Invalid)` carries every diagnostic and failed case.
pub async fn issue(tx: &Tx, worker: &WorkerCommand, issue: &Issue) -> Result<Issued> {
    tx.allow(Action::IssueSet, Subject::Tenant)?;
    let decision = decision(tx, issue).await?;
    let draft = draft(tx, issue.set_id).await?;
    if let Some(version) = issued(tx, issue.set_id, issue.revision, &decision.number).await? {
        return Ok(Issued::Version(version));
    }
    if draft.revision != issue.revision {
        return Err(Error::Stale);
    }
    let set = ready(worker, &draft).await?;
    if four_eyes(tx).await? {
        let waiting = find_proposal(tx, issue.set_id).await?;
        if waiting.is_some_and(|one| (one.revision, &one.decision_number) == (draft.revision, &decision.number)) {
            return Ok(Issued::Proposed);
        }
        propose(tx, &draft, &decision).await?;
        return Ok(Issued::Proposed);
    }
    Ok(Issued::Version(append_version(tx, &draft, &set, &decision).await?))
}

async fn decision(tx: &Tx, issue: &Issue) -> Result<Decision> {
    let mut problems = Vec::new();
    let number = issue.decision_number.trim();
    if number.is_empty() || number.chars().count() > 100 {
        problems.push(Problem::new("decision_number", "Hãy nhập số quyết định ban hành, tối đa 100 ký tự."));
    }
    if issue.decision_date > clock::day(tx.now()) {
        problems.push(Problem::new("decision_date", "Ngày quyết định không thể ở tương lai."));
    }
    let Some(file) = &issue.file else {
        problems.push(Problem::new("file", "Hãy đính kèm tệp quyết định đã ký (PDF hoặc ảnh chụp)."));
        return Err(Error::Invalid(problems));
    };
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    keep_file(tx, file).await?;
    Ok(Decision {
        number: number.into(),
        date: issue.decision_date,
        file: file.name.clone(),
        sha256: file.sha256.clone(),
    })
}

/// The set of a draft that may be issued.
async fn ready(worker: &WorkerCommand, draft: &Draft) -> Result<IndicatorSet> {
    let looked = look(worker, &draft.source).await?;
    let set = looked.set.filter(|_| looked.checked.is_clean());
    set.map(std::sync::Arc::unwrap_or_clone).ok_or_else(|| Error::Invalid(problems(&looked.checked)))
}

fn problems(checked: &Checked) -> Vec<Problem> {
    let errors = checked.diagnostics.iter().filter(|found| found.severity == engine::Severity::Error);
    let told = errors.map(|found| {
        let about = found.indicator.as_ref().map(|code| format!("{code}: ")).unwrap_or_default();
        Problem::new("source", &format!("Dòng {}, cột {}: {about}{}", found.line, found.column, found.message))
    });
    told.chain(checked.failed_cases.iter().map(|case| Problem::new("source", &case.told))).collect()
}

/// The version this revision of the draft became under this decision: whoever sends the form twice, by a double click or
/// through two servers, is answered with it.
async fn issued(tx: &Tx, set: SetId, revision: i64, decision: &str) -> Result<Option<VersionId>> {
    use set_versions::Column;
    let of_set = tx.scoped::<set_versions::Entity>().filter(Column::SetId.eq(set));
    let same = of_set.filter(Column::DraftRevision.eq(revision)).filter(Column::DecisionNumber.eq(decision));
    Ok(same.one(tx.conn()).await?.map(|version| version.id))
}

async fn append_version(tx: &Tx, draft: &Draft, set: &IndicatorSet, decision: &Decision) -> Result<VersionId> {
    let (id, hash) = (VersionId::new(), sha256_hex(engine::print(set).as_bytes()));
    tx.insert(set_versions::ActiveModel {
        id: Set(id),
        set_id: Set(draft.set_id),
        number: Set(next_number(tx, draft.set_id).await?),
        source: Set(draft.source.clone()),
        content_hash: Set(hash.clone()),
        compiled: Set(serde_json::to_value(set).map_err(Error::internal)?),
        decision_number: Set(decision.number.clone()),
        decision_date: Set(decision.date),
        engine: Set(engine::ENGINE_VERSION.into()),
        issued_by: Set(tx.caller().name.clone()),
        issued_at: Set(tx.now()),
        decision_file: Set(Some(decision.file.clone())),
        decision_sha256: Set(Some(decision.sha256.clone())),
        draft_revision: Set(Some(draft.revision)),
        ..new_row(tx)
    })
    .await?;
    let detail = json!({
        "version": id, "decision": decision.number, "date": decision.date.to_string(), "hash": hash,
        "source": sha256_hex(draft.source.as_bytes()),
    });
    let subject = ("set", draft.set_id.to_string());
    audit::record(tx, Event { action: "set.issue", subject, detail }).await?;
    Ok(id)
}

async fn next_number(tx: &Tx, set: SetId) -> Result<i32> {
    let newest = tx.scoped::<set_versions::Entity>().filter(set_versions::Column::SetId.eq(set));
    let newest = newest.order_by_desc(set_versions::Column::Number).one(tx.conn()).await?;
    Ok(newest.map_or(1, |version| version.number + 1))
}

/// Whether the authority wants two people for an issue.
pub async fn four_eyes(tx: &Tx) -> Result<bool> {
    let tenant = tenants::Entity::find_by_id(tx.tenant()).one(tx.conn()).await?;
    Ok(tenant.ok_or(Error::NotFound)?.four_eyes)
}

/// The authority's own decision; a matter of its administrator, not of those who write the rules.
pub async fn want_four_eyes(tx: &Tx, wanted: bool) -> Result<()> {
    tx.allow(Action::ManageMembers, Subject::Tenant)?;
    tenants::Entity::update_many()
        .col_expr(tenants::Column::FourEyes, Expr::value(wanted))
        .filter(tenants::Column::Id.eq(tx.tenant()))
        .exec(tx.conn())
        .await?;
    let subject = ("tenant", tx.tenant().to_string());
    audit::record(tx, Event { action: "tenant.four_eyes", subject, detail: json!({ "wanted": wanted }) }).await
}

async fn propose(tx: &Tx, draft: &Draft, decision: &Decision) -> Result<()> {
    use set_proposals::Column;
    let row = set_proposals::ActiveModel {
        set_id: Set(draft.set_id),
        revision: Set(draft.revision),
        decision_number: Set(decision.number.clone()),
        decision_date: Set(decision.date),
        decision_file: Set(decision.file.clone()),
        decision_sha256: Set(decision.sha256.clone()),
        proposed_by: Set(tx.caller().account.ok_or(Error::Forbidden)?),
        proposed_name: Set(tx.caller().name.clone()),
        proposed_at: Set(tx.now()),
        ..new_row(tx)
    };
    let replace = OnConflict::columns([Column::TenantId, Column::SetId])
        .update_columns([
            Column::Revision,
            Column::DecisionNumber,
            Column::DecisionDate,
            Column::DecisionFile,
            Column::DecisionSha256,
            Column::ProposedBy,
            Column::ProposedName,
            Column::ProposedAt,
        ])
        .to_owned();
    tx.upsert(vec![row], replace).await?;
    let detail = json!({ "revision": draft.revision, "decision": decision.number });
    audit::record(tx, Event { action: "set.propose", subject: ("set", draft.set_id.to_string()), detail }).await
}

/// The proposal that waits, if any.
pub async fn proposal(tx: &Tx, set: SetId) -> Result<Option<Proposal>> {
    tx.allow(Action::ViewSets, Subject::Tenant)?;
    let account = tx.caller().account;
    Ok(find_proposal(tx, set).await?.map(|waiting| Proposal {
        revision: waiting.revision,
        decision_number: waiting.decision_number,
        decision_date: waiting.decision_date,
        decision_file: waiting.decision_file,
        own: account == Some(waiting.proposed_by),
        by: waiting.proposed_name,
        at: waiting.proposed_at,
    }))
}

async fn find_proposal(tx: &Tx, set: SetId) -> Result<Option<set_proposals::Model>> {
    let waiting = tx.scoped::<set_proposals::Entity>().filter(set_proposals::Column::SetId.eq(set));
    Ok(waiting.one(tx.conn()).await?)
}

/// The second person issues what the first proposed. `Err(Conflict)` for the proposer, `Err(Stale)` when the draft has
/// changed since.
pub async fn approve(tx: &Tx, worker: &WorkerCommand, set: SetId) -> Result<VersionId> {
    tx.allow(Action::IssueSet, Subject::Tenant)?;
    let Some(waiting) = find_proposal(tx, set).await? else { return approved(tx, set).await };
    if tx.caller().account == Some(waiting.proposed_by) {
        return Err(Error::Conflict("Người đề nghị không tự phê duyệt; cần một người khác có quyền ban hành.".into()));
    }
    let draft = draft(tx, set).await?;
    if draft.revision != waiting.revision {
        return Err(Error::Stale);
    }
    let fresh = ready(worker, &draft).await?;
    let decision = Decision {
        number: waiting.decision_number,
        date: waiting.decision_date,
        file: waiting.decision_file,
        sha256: waiting.decision_sha256,
    };
    withdraw(tx, set).await?;
    append_version(tx, &draft, &fresh, &decision).await
}

/// Nothing waits any more: the draft as it stands may be the version that the caller has just approved.
async fn approved(tx: &Tx, set: SetId) -> Result<VersionId> {
    use set_versions::Column;
    let newest = tx.scoped::<set_versions::Entity>().filter(Column::SetId.eq(set)).order_by_desc(Column::Number);
    let newest = newest.one(tx.conn()).await?.filter(|version| version.issued_by == tx.caller().name);
    let revision = draft(tx, set).await?.revision;
    newest.filter(|version| version.draft_revision == Some(revision)).map(|version| version.id).ok_or(Error::NotFound)
}

/// Takes a proposal back, or turns it down.
pub async fn withdraw(tx: &Tx, set: SetId) -> Result<()> {
    tx.allow(Action::IssueSet, Subject::Tenant)?;
    let waiting = tx.delete_many::<set_proposals::Entity>().filter(set_proposals::Column::SetId.eq(set));
    if tx.delete_vouched(waiting).await? == 0 {
        return Err(Error::NotFound);
    }
    let subject = ("set", set.to_string());
    audit::record(tx, Event { action: "set.proposal_closed", subject, detail: json!({}) }).await
}

/// Hash and name of the decision's file; the methodology is public, so everybody signed in may read it.
pub async fn decision_file(tx: &Tx, version: VersionId) -> Result<(String, String)> {
    tx.allow(Action::ViewSets, Subject::Tenant)?;
    let version = super::store::find_version(tx, version).await?;
    version.decision_sha256.zip(version.decision_file).ok_or(Error::NotFound)
}
