//! Attaching evidence to an indicator, taking it off again before submission, and opening it.

use std::collections::BTreeSet;

use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, QueryFilter};
use serde_json::json;

use super::{Attach, Source, care, quota};
use crate::audit::{self, Event};
use crate::desk::{Row, row_of};
use crate::documents::{EvidenceItem, KnownFile, Side, item};
use crate::files::{MAX_FILE, keep_file};
use crate::ids::{AssessmentId, EvidenceId};
use crate::periods::Stage;
use crate::policy::{self, Action, Subject};
use crate::seats::{self, SeatKind};
use crate::sheets::{self, Loaded, refresh_rows, visible, visible_to_change};
use crate::store::entities::{evidence, evidence_files, evidence_links};
use crate::store::{Tx, new_row};
use crate::{Error, Problem, Result, web};

/// Attaches a stored file, a link or a known document to an indicator and answers the row as it is now.
/// Before submission only the unit's editor may; during appraisal both sides may, marked as a supplement.
pub async fn attach(tx: &Tx, sheet: AssessmentId, code: &str, attach: Attach) -> Result<Row> {
    let mut loaded = visible_to_change(tx, sheet).await?;
    loaded.rules.set().indicator(code).ok_or(Error::NotFound)?;
    let supplement = allow_adding(tx, &loaded, code).await?;
    let attach = checked(attach)?;
    refuse_twice(&loaded, code, &attach.source)?;
    let side = side(tx, &loaded);
    if let (Source::File(file), Side::Unit) = (&attach.source, side) {
        quota::refuse_beyond(tx, &loaded, &file.sha256, file.length).await?;
    }
    let (id, name) = match &attach.source {
        Source::Known(id) => (*id, care::known_to(tx, &loaded, code, *id).await?),
        source => {
            let id = EvidenceId::new();
            write(tx, &loaded, id, &attach, side, supplement).await?;
            (id, source.name())
        }
    };
    tx.insert(evidence_links::ActiveModel {
        evidence_id: Set(id),
        assessment_id: Set(sheet),
        code: Set(code.into()),
        page: Set(attach.page.trim().into()),
        attached_at: Set(Some(tx.now())),
        supplement: Set(supplement),
        replaced_by: Set(None),
        replaced_reason: Set(String::new()),
        ..new_row(tx)
    })
    .await?;
    let replaced = attach.replaces.as_ref();
    if let Some(replaces) = replaced {
        care::replace(tx, sheet, code, replaces, id).await?;
    }
    let detail = json!({
        "code": code, "evidence": id, "name": name, "number": attach.card.number, "side": side,
        "replaces": replaced.map(|replaces| replaces.old), "reason": replaced.map(|replaces| replaces.reason.trim()),
    });
    let row = changed(tx, &mut loaded, code).await?;
    audit::record(tx, Event { action: "evidence.attach", subject: ("sheet", sheet.to_string()), detail }).await?;
    Ok(row)
}

/// Asked before a file of so many bytes is taken in, so that nobody fills the store with what they may not attach.
/// Answers how many bytes it may have at most, whatever was said.
pub async fn may_attach(tx: &Tx, sheet: AssessmentId, code: &str, coming: u64) -> Result<u64> {
    let loaded = visible(tx, sheet).await?;
    loaded.rules.set().indicator(code).ok_or(Error::NotFound)?;
    allow_adding(tx, &loaded, code).await?;
    match side(tx, &loaded) {
        Side::Unit => {
            quota::refuse_beyond(tx, &loaded, "", coming).await?;
            quota::longest(tx, &loaded).await
        }
        Side::Council => Ok(MAX_FILE),
    }
}

fn side(tx: &Tx, loaded: &Loaded) -> Side {
    if tx.caller().own_units().contains(&loaded.sheet.unit_id) { Side::Unit } else { Side::Council }
}

/// Whether it is a supplement: the council is at work.
async fn allow_adding(tx: &Tx, loaded: &Loaded, code: &str) -> Result<bool> {
    let subject = sheets::subject(&loaded.sheet, &loaded.period);
    if loaded.period.stage()? == Stage::Appraisal {
        tx.allow(Action::AddEvidence, subject)?;
        let manages = policy::allows(tx.caller(), Action::ManagePeriod, Subject::Tenant);
        if !manages && !tx.caller().own_units().contains(&loaded.sheet.unit_id) {
            seats::require(tx, loaded.period.id, &SeatKind::ALL).await?;
        }
        return Ok(true);
    }
    tx.allow(Action::SaveAnswer, subject)?;
    sheets::refuse_when_closed(tx, loaded, code)?;
    Ok(false)
}

/// The same, with its address as it is kept.
fn checked(mut attach: Attach) -> Result<Attach> {
    let mut problems = Vec::new();
    if let Source::Link { title, url } = &mut attach.source {
        if title.trim().is_empty() {
            problems.push(Problem::new("title", "Hãy đặt tên cho liên kết."));
        }
        match web::address(url) {
            Some(address) => *url = address,
            None => problems.push(web::wrong("url")),
        }
    }
    if attach.replaces.as_ref().is_some_and(|replaces| replaces.reason.trim().is_empty()) {
        problems.push(Problem::new("replace_reason", "Hãy ghi lý do thay tài liệu."));
    }
    if problems.is_empty() { Ok(attach) } else { Err(Error::Invalid(problems)) }
}

/// `Err(Invalid)` where the same content or address stands at the indicator already.
fn refuse_twice(loaded: &Loaded, code: &str, source: &Source) -> Result<()> {
    let Some(coming) = source.sha256().or_else(|| source.link()) else { return Ok(()) };
    let known = loaded.evidence_of(code).iter().find(|item| item.proves() && item.identity() == coming);
    let Some(known) = known else { return Ok(()) };
    let told = format!("Tài liệu này đã đính kèm ở chỉ số này, với tên “{}”.", known.name);
    Err(Error::Invalid(vec![Problem::new(if source.link().is_some() { "url" } else { "file" }, &told)]))
}

async fn write(
    tx: &Tx,
    loaded: &Loaded,
    id: EvidenceId,
    Attach { source, card, .. }: &Attach,
    side: Side,
    supplement: bool,
) -> Result<()> {
    if let Source::File(file) = source {
        keep_file(tx, file).await?;
    }
    tx.insert(evidence::ActiveModel {
        id: Set(id),
        unit_id: Set(loaded.sheet.unit_id),
        sha256: Set(source.sha256()),
        link: Set(source.link()),
        name: Set(source.name()),
        document_number: Set(card.number.trim().into()),
        issued_on: Set(card.issued_on),
        issuer: Set(card.issuer.trim().into()),
        summary: Set(card.summary.trim().into()),
        signer: Set(card.signer.trim().into()),
        side: Set(side.as_str().into()),
        uploaded_by: Set(tx.caller().name.clone()),
        uploaded_at: Set(tx.now()),
        after_submission: Set(supplement),
        removed_at: Set(None),
        ..new_row(tx)
    })
    .await
}

/// Takes evidence off an indicator. Only the unit's editor, only before submission.
pub async fn detach(tx: &Tx, sheet: AssessmentId, code: &str, id: EvidenceId) -> Result<Row> {
    let mut loaded = visible_to_change(tx, sheet).await?;
    tx.allow(Action::SaveAnswer, sheets::subject(&loaded.sheet, &loaded.period))?;
    sheets::refuse_when_closed(tx, &loaded, code)?;
    if loaded.sheet.submitted_at.is_some() {
        return Err(Error::Conflict("Phiếu đã nộp: tài liệu chỉ được thay bằng tài liệu khác, kèm lý do.".into()));
    }
    tx.no_longer_vouch::<evidence_links::Entity>(&[&sheet.to_string(), code, &id.to_string()]);
    let gone = tx
        .delete_many::<evidence_links::Entity>()
        .filter(evidence_links::Column::EvidenceId.eq(id))
        .filter(evidence_links::Column::AssessmentId.eq(sheet))
        .filter(evidence_links::Column::Code.eq(code))
        .exec(tx.conn())
        .await?;
    if gone.rows_affected == 0 {
        return Err(Error::NotFound);
    }
    let detail = json!({ "code": code, "evidence": id });
    let row = changed(tx, &mut loaded, code).await?;
    audit::record(tx, Event { action: "evidence.detach", subject: ("sheet", sheet.to_string()), detail }).await?;
    Ok(row)
}

async fn changed(tx: &Tx, loaded: &mut Loaded, code: &str) -> Result<Row> {
    let codes = BTreeSet::from([code.to_string()]);
    if !loaded.rows.contains_key(code) {
        refresh_rows(tx, loaded, &codes).await?;
    }
    *loaded = Loaded::read(tx, loaded.sheet.id).await?;
    refresh_rows(tx, loaded, &codes).await?;
    row_of(loaded, code)
}

/// One piece of evidence to be read, and the hash of its file. Whoever may see a sheet it is attached to may read it.
pub async fn open(tx: &Tx, id: EvidenceId) -> Result<(EvidenceItem, Option<String>)> {
    let found = tx.scoped::<evidence::Entity>().filter(evidence::Column::Id.eq(id)).one(tx.conn()).await?;
    let model = found.ok_or(Error::NotFound)?;
    let attached = tx.scoped::<evidence_links::Entity>().filter(evidence_links::Column::EvidenceId.eq(id));
    let link = attached.one(tx.conn()).await?.ok_or(Error::NotFound)?;
    let (sheet, period) = sheets::find_sheet(tx, link.assessment_id).await?;
    tx.allow(Action::ViewSheet, sheets::subject(&sheet, &period))?;
    let hash = model.sha256.clone();
    let files = tx.scoped::<evidence_files::Entity>();
    let file = match &hash {
        Some(hash) => files.filter(evidence_files::Column::Sha256.eq(hash)).one(tx.conn()).await?,
        None => None,
    };
    Ok((item(model, file.map(KnownFile::from), Some(link)), hash))
}

impl Source {
    fn name(&self) -> String {
        match self {
            Source::File(file) => file.name.clone(),
            Source::Link { title, .. } => title.trim().into(),
            Source::Known(_) => String::new(),
        }
    }

    fn sha256(&self) -> Option<String> {
        match self {
            Source::File(file) => Some(file.sha256.clone()),
            Source::Link { .. } | Source::Known(_) => None,
        }
    }

    fn link(&self) -> Option<String> {
        match self {
            Source::File(_) | Source::Known(_) => None,
            Source::Link { url, .. } => Some(url.trim().into()),
        }
    }
}
