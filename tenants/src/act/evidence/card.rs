//! The card of a document is corrected while the sheet is the clerks' own; what it said before stays in the log.

use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, IntoActiveModel, PaginatorTrait, QueryFilter};
use serde_json::{Map, Value as Json, json};

use crate::audit::{self, Event};
use crate::desk::{Row, row_of};
use crate::documents::{DocumentCard, EvidenceItem, Side};
use crate::ids::{AssessmentId, EvidenceId};
use crate::sheets::{self, Loaded, visible_to_change};

use crate::policy::Action;
use crate::store::Tx;
use crate::store::entities::{evidence, evidence_links};
use crate::{Error, Result};

/// Corrects what is said of a document attached to an indicator, and where in it to look. Only the unit's editor, only
/// before submission: afterwards a document is replaced. Where the document also proves something on another sheet, that
/// sheet keeps the card it was signed with.
pub async fn correct_card(
    tx: &Tx,
    sheet: AssessmentId,
    code: &str,
    id: EvidenceId,
    (card, page): (DocumentCard, &str),
) -> Result<Row> {
    let mut loaded = visible_to_change(tx, sheet).await?;
    tx.allow(Action::SaveAnswer, sheets::subject(&loaded.sheet, &loaded.period))?;
    sheets::refuse_when_closed(tx, &loaded, code)?;
    let item = loaded.evidence_of(code).iter().find(|item| item.id == id && item.side == Side::Unit);
    let item = item.filter(|item| item.replaced.is_none()).cloned().ok_or(Error::NotFound)?;
    if loaded.sheet.submitted_at.is_some() {
        return Err(Error::Conflict(
            "Phiếu đã nộp: thông tin tài liệu không sửa được nữa, chỉ thay được tài liệu.".into(),
        ));
    }
    let (card, page) = (trimmed(card), page.trim());
    let changes = changes(&item, &card, page);
    if changes.is_empty() {
        return row_of(&loaded, code);
    }
    let own = if card == item.card { id } else { write(tx, sheet, id, &card).await? };
    tx.update_many::<evidence_links::Entity>()
        .col_expr(evidence_links::Column::Page, Expr::value(page))
        .filter(evidence_links::Column::AssessmentId.eq(sheet))
        .filter(evidence_links::Column::Code.eq(code))
        .filter(evidence_links::Column::EvidenceId.eq(own))
        .exec(tx.conn())
        .await?;
    let detail = json!({ "code": code, "evidence": own, "corrects": id, "name": item.name, "card": changes });
    audit::record(tx, Event { action: "evidence.card", subject: ("sheet", sheet.to_string()), detail }).await?;
    loaded = Loaded::read(tx, sheet).await?;
    row_of(&loaded, code)
}

fn trimmed(card: DocumentCard) -> DocumentCard {
    let trim = |text: String| text.trim().to_owned();
    DocumentCard {
        number: trim(card.number),
        issued_on: card.issued_on,
        issuer: trim(card.issuer),
        summary: trim(card.summary),
        signer: trim(card.signer),
    }
}

/// What was said before, by part, of the parts that change, and what is said now.
fn changes(item: &EvidenceItem, card: &DocumentCard, page: &str) -> Map<String, Json> {
    let day = |day: Option<time::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let was = &item.card;
    let parts = [
        ("number", was.number.clone(), card.number.clone()),
        ("issued_on", day(was.issued_on), day(card.issued_on)),
        ("issuer", was.issuer.clone(), card.issuer.clone()),
        ("summary", was.summary.clone(), card.summary.clone()),
        ("signer", was.signer.clone(), card.signer.clone()),
        ("page", item.page.clone(), page.to_owned()),
    ];
    let changed = parts.into_iter().filter(|(_, was, now)| was != now);
    changed.map(|(part, was, now)| (part.to_owned(), json!({ "was": was, "now": now }))).collect()
}

/// Answers the document that carries the card: a copy for this sheet where others are attached to the document too.
async fn write(tx: &Tx, sheet: AssessmentId, id: EvidenceId, card: &DocumentCard) -> Result<EvidenceId> {
    use evidence::Column;
    use evidence_links::Column as Link;
    let elsewhere = tx.scoped::<evidence_links::Entity>().filter(Link::EvidenceId.eq(id));
    let shared = elsewhere.filter(Link::AssessmentId.ne(sheet)).count(tx.conn()).await? > 0;
    if !shared {
        tx.update_many::<evidence::Entity>()
            .col_expr(Column::DocumentNumber, Expr::value(card.number.as_str()))
            .col_expr(Column::IssuedOn, Expr::value(card.issued_on))
            .col_expr(Column::Issuer, Expr::value(card.issuer.as_str()))
            .col_expr(Column::Summary, Expr::value(card.summary.as_str()))
            .col_expr(Column::Signer, Expr::value(card.signer.as_str()))
            .filter(Column::Id.eq(id))
            .exec(tx.conn())
            .await?;
        return Ok(id);
    }
    let document = tx.scoped::<evidence::Entity>().filter(Column::Id.eq(id)).one(tx.conn()).await?;
    let copy = EvidenceId::new();
    tx.insert(evidence::ActiveModel {
        id: Set(copy),
        document_number: Set(card.number.clone()),
        issued_on: Set(card.issued_on),
        issuer: Set(card.issuer.clone()),
        summary: Set(card.summary.clone()),
        signer: Set(card.signer.clone()),
        ..document.ok_or(Error::NotFound)?.into_active_model().reset_all()
    })
    .await?;
    for column in [Link::EvidenceId, Link::ReplacedBy] {
        tx.update_many::<evidence_links::Entity>()
            .col_expr(column, Expr::value(copy))
            .filter(Link::AssessmentId.eq(sheet))
            .filter(column.eq(id))
            .exec(tx.conn())
            .await?;
    }
    Ok(copy)
}
