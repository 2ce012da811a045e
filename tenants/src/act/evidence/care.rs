//! Documents over time: used again for another indicator or year, replaced by a better one, and gathered as a file.

use std::collections::HashSet;

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{KnownDocument, Replaces};
use crate::documents::EvidenceItem;
use crate::files;
use crate::ids::{AssessmentId, EvidenceId};
use crate::sheets::{self, Loaded, SheetHead, head, visible};

use crate::policy::Action;
use crate::store::Tx;
use crate::store::entities::{evidence, evidence_links};
use crate::{Error, Problem, Result};

/// More than a clerk would look through.
const OFFERED: u64 = 300;

/// The documents the sheet's unit has brought so far, newest first, each content once.
pub async fn known(tx: &Tx, sheet: AssessmentId) -> Result<Vec<KnownDocument>> {
    let (sheet, period) = sheets::find_sheet(tx, sheet).await?;
    tx.allow(Action::ViewSheet, sheets::subject(&sheet, &period))?;
    let newest = tx
        .scoped::<evidence::Entity>()
        .filter(evidence::Column::UnitId.eq(sheet.unit_id))
        .filter(evidence::Column::Side.eq("unit"))
        .order_by_desc(evidence::Column::UploadedAt)
        .limit(OFFERED);
    let mut seen = HashSet::new();
    let mut offered = Vec::new();
    for document in newest.all(tx.conn()).await? {
        let identity = document.sha256.or(document.link).unwrap_or_default();
        if seen.insert((identity, document.document_number.clone())) {
            offered.push(KnownDocument { id: document.id, name: document.name, number: document.document_number });
        }
    }
    Ok(offered)
}

/// The name of a document of the same unit that does not prove the indicator yet.
pub(super) async fn known_to(tx: &Tx, loaded: &Loaded, code: &str, id: EvidenceId) -> Result<String> {
    let found = tx.scoped::<evidence::Entity>().filter(evidence::Column::Id.eq(id)).one(tx.conn()).await?;
    let document = found.filter(|document| document.unit_id == loaded.sheet.unit_id).ok_or(Error::NotFound)?;
    if let Some(sha256) = &document.sha256 {
        files::refuse_infected(tx, sha256).await?;
    }
    let content = document.sha256.as_ref().or(document.link.as_ref());
    let same = |item: &EvidenceItem| item.id == id || item.proves() && content == Some(&item.identity());
    if loaded.evidence_of(code).iter().any(same) {
        return Err(Error::Invalid(vec![Problem::new("known", "Tài liệu này đã đính kèm ở chỉ số này.")]));
    }
    Ok(document.name)
}

/// Marks a document of an indicator as replaced. `Err(NotFound)` where it is not attached or was replaced before.
pub(super) async fn replace(
    tx: &Tx,
    sheet: AssessmentId,
    code: &str,
    replaces: &Replaces,
    by: EvidenceId,
) -> Result<()> {
    use evidence_links::Column;
    let written = tx
        .update_many::<evidence_links::Entity>()
        .col_expr(Column::ReplacedBy, Expr::value(by))
        .col_expr(Column::ReplacedReason, Expr::value(replaces.reason.trim()))
        .filter(Column::AssessmentId.eq(sheet))
        .filter(Column::Code.eq(code))
        .filter(Column::EvidenceId.eq(replaces.old))
        .filter(Column::EvidenceId.ne(by))
        .filter(Column::ReplacedBy.is_null())
        .exec(tx.conn())
        .await?;
    if written.rows_affected == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// Everything attached to a sheet, in the set's order, each with the indicator's code and name.
pub async fn of_sheet(tx: &Tx, id: AssessmentId) -> Result<(SheetHead, Vec<(String, String, Vec<EvidenceItem>)>)> {
    let loaded = visible(tx, id).await?;
    let of = |leaf: &engine::Indicator| (leaf.code.clone(), leaf.name.clone(), loaded.evidence_of(&leaf.code).to_vec());
    let items = loaded.rules.set().indicators().map(of).filter(|(_, _, items)| !items.is_empty()).collect();
    Ok((head(tx, &loaded)?, items))
}
