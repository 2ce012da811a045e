//! What a virus scanner said of stored files: files still to be looked at, and quarantine for what is infected.

use std::collections::BTreeSet;

use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Cond, Expr, OnConflict};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

use crate::audit::{self, Event};
use crate::caller::Role;
use crate::files::scanner::Verdict;
use crate::files::{Scan, StoredFile};
use crate::ids::AssessmentId;
use crate::notices::{Kind, News, To, tell};
use crate::periods::Stage;
use crate::policy::{Action, Subject};
use crate::sheets::{Loaded, refresh_rows};
use crate::store::entities::{evidence, evidence_files, evidence_links};
use crate::store::{Tx, new_row};
use crate::{Error, Result, paths};

/// A stored file a scanner is to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unscanned {
    pub sha256: String,
    /// Bytes.
    pub length: u64,
}

/// Files nobody has looked at, oldest first; with `all` every file, those in quarantine too.
pub async fn unscanned(tx: &Tx, all: bool, limit: u64) -> Result<Vec<Unscanned>> {
    tx.allow(Action::KeepFiles, Subject::Tenant)?;
    use evidence_files::Column;
    let mut found = tx.scoped::<evidence_files::Entity>();
    if !all {
        // A file too large for the scanner stays so until its setting is another; only `all` asks again.
        found = found.filter(Cond::any().add(Column::Scan.is_null()).add(Column::Scan.eq(Scan::Waiting.as_str())));
    }
    let found = found.order_by_asc(Column::CreatedAt).limit(limit).all(tx.conn()).await?;
    let file = |file: evidence_files::Model| Unscanned {
        sha256: file.sha256,
        length: u64::try_from(file.length).unwrap_or(0),
    };
    Ok(found.into_iter().map(file).collect())
}

/// Keeps what the scanner says of a stored file. One found infected now goes into quarantine, and everybody who has to do
/// with it is told. Answers whether it is newly infected.
pub async fn keep_verdict(tx: &Tx, sha256: &str, verdict: &Verdict) -> Result<bool> {
    tx.allow(Action::KeepFiles, Subject::Tenant)?;
    use evidence_files::Column;
    let one = || Cond::all().add(Column::Sha256.eq(sha256));
    let known = tx.scoped::<evidence_files::Entity>().filter(one()).one(tx.conn()).await?.ok_or(Error::NotFound)?;
    let (scan, found) = told(verdict);
    // Found again is not found later: what was decided since stands.
    let again = scan == Scan::Infected && known.scan() == Scan::Infected;
    let at = known.scanned_at.filter(|_| again).unwrap_or(tx.now());
    let told = tx
        .update_aside::<evidence_files::Entity>()
        .col_expr(Column::Scan, Expr::value(scan.as_str()))
        .col_expr(Column::ScanFound, Expr::value(found.clone()))
        .col_expr(Column::ScannedAt, Expr::value(at))
        .filter(one());
    tx.update_vouched(told).await?;
    let news = scan == Scan::Infected && !again;
    if news {
        isolate(tx, sha256, &found.unwrap_or_default()).await?;
    }
    Ok(news)
}

fn told(verdict: &Verdict) -> (Scan, Option<String>) {
    match verdict {
        Verdict::Clean => (Scan::Clean, None),
        Verdict::Infected(name) => (Scan::Infected, Some(name.clone())),
        Verdict::TooLarge => (Scan::TooLarge, None),
    }
}

/// Every document with this content stops proving anything; the units that brought it and the period managers read of it.
async fn isolate(tx: &Tx, sha256: &str, found: &str) -> Result<()> {
    let documents = tx.scoped::<evidence::Entity>().filter(evidence::Column::Sha256.eq(sha256)).all(tx.conn()).await?;
    let name = documents.first().map(|document| document.name.clone()).unwrap_or_default();
    let detail = json!({ "name": name, "found": found });
    audit::record(tx, Event { action: "evidence.quarantine", subject: ("file", sha256.to_owned()), detail }).await?;
    let ids = documents.iter().map(|document| document.id);
    let links = tx.scoped::<evidence_links::Entity>().filter(evidence_links::Column::EvidenceId.is_in(ids));
    let links = links.all(tx.conn()).await?;
    let sheets: BTreeSet<AssessmentId> = links.iter().map(|link| link.assessment_id).collect();
    for sheet in sheets {
        let codes: BTreeSet<String> =
            links.iter().filter(|link| link.assessment_id == sheet).map(|link| link.code.clone()).collect();
        let mut loaded = Loaded::take(tx, sheet).await?;
        if loaded.period.stage()? == Stage::SelfAssessment {
            refresh_rows(tx, &mut loaded, &codes).await?;
        }
        let codes = codes.into_iter().collect::<Vec<_>>().join(", ");
        let detail = [
            ("name", name.clone()),
            ("found", found.to_owned()),
            ("unit", loaded.sheet.unit_name.clone()),
            ("code", codes),
        ];
        let news = || News {
            kind: Kind::Infected,
            link: paths::sheet(sheet),
            detail: &detail,
            occasion: Some(format!("infected {sha256} {sheet}")),
        };
        tell(tx, To::Unit(loaded.sheet.unit_id), news()).await?;
        tell(tx, To::Role(Role::PeriodManager), news()).await?;
    }
    Ok(())
}

/// Keeps an infected file aside that somebody has just brought: it belongs to no document, and nobody is served it.
/// `link` is the page it was brought to.
pub async fn quarantine(tx: &Tx, file: &StoredFile, found: &str, link: &str) -> Result<()> {
    tx.caller().account.ok_or(Error::Forbidden)?;
    use evidence_files::Column;
    let row = evidence_files::ActiveModel {
        sha256: Set(file.sha256.clone()),
        length: Set(i64::try_from(file.length).map_err(Error::internal)?),
        media_type: Set(file.media_type.clone()),
        created_at: Set(tx.now()),
        scan: Set(Some(Scan::Infected.as_str().into())),
        scan_found: Set(Some(found.to_owned())),
        scanned_at: Set(Some(tx.now())),
        look: Set(None),
        ..new_row(tx)
    };
    let known = OnConflict::columns([Column::TenantId, Column::Sha256])
        .update_columns([Column::Scan, Column::ScanFound, Column::ScannedAt])
        .to_owned();
    tx.upsert_vouched(row, known).await?;
    let detail = json!({ "name": file.name, "found": found });
    let subject = ("file", file.sha256.clone());
    audit::record(tx, Event { action: "evidence.quarantine", subject, detail }).await?;
    let detail = [("name", file.name.clone()), ("found", found.to_owned()), ("by", tx.caller().name.clone())];
    let news = News { kind: Kind::Refused, link: link.to_owned(), detail: &detail, occasion: None };
    tell(tx, To::Role(Role::PeriodManager), news).await
}
