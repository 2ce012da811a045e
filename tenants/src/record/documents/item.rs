//! A stored document as it is shown.

use time::OffsetDateTime;

use super::{DocumentCard, EvidenceItem, Replaced, Side};
use crate::files::{Scan, Unreadable};
use crate::store::entities::{evidence, evidence_files, evidence_links};

/// What is stored beside a file.
pub(crate) struct KnownFile {
    pub media_type: String,
    pub length: i64,
    pub scan: Option<String>,
    pub scanned_at: Option<OffsetDateTime>,
    pub look: Option<String>,
}

impl From<evidence_files::Model> for KnownFile {
    fn from(file: evidence_files::Model) -> KnownFile {
        KnownFile {
            media_type: file.media_type,
            length: file.length,
            scan: file.scan,
            scanned_at: file.scanned_at,
            look: file.look,
        }
    }
}

/// A document as shown, with what is known of its file, where it has one, and of its place at an indicator.
pub(crate) fn item(
    model: evidence::Model,
    file: Option<KnownFile>,
    link: Option<evidence_links::Model>,
) -> EvidenceItem {
    let scan = Scan::parse(file.as_ref().and_then(|file| file.scan.as_deref()));
    let scanned_at = file.as_ref().and_then(|file| file.scanned_at);
    let length = file.as_ref().and_then(|file| u64::try_from(file.length).ok());
    let unreadable = file.as_ref().and_then(|file| Unreadable::parse(file.look.as_deref()?));
    let media_type = file.map(|file| file.media_type);
    let attached_at = link.as_ref().and_then(|link| link.attached_at);
    let replaced =
        link.as_ref().and_then(|link| link.replaced_by.map(|by| Replaced { by, reason: link.replaced_reason.clone() }));
    EvidenceItem {
        id: model.id,
        name: model.name,
        media_type,
        length,
        scan,
        unreadable,
        quarantined_at: scanned_at.filter(|_| scan == Scan::Infected),
        card: DocumentCard {
            number: model.document_number,
            issued_on: model.issued_on,
            issuer: model.issuer,
            summary: model.summary,
            signer: model.signer,
        },
        side: Side::parse(&model.side),
        uploaded_at: attached_at.unwrap_or(model.uploaded_at),
        after_submission: match attached_at {
            Some(_) => link.as_ref().is_some_and(|link| link.supplement),
            None => model.after_submission,
        },
        page: link.map(|link| link.page).unwrap_or_default(),
        link: model.link,
        sha256: model.sha256,
        replaced,
    }
}
