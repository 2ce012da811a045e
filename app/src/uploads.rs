//! A file on its way in: received, looked into and scanned before anything of it is stored, and stored before anybody can
//! name it. What is refused leaves nothing behind.

use bytes::Bytes;
use futures::{Stream, StreamExt, TryStreamExt};
use tenants::files::blobs::Incoming;
use tenants::files::look::{self, Kind, Look, pdf_header};
use tenants::files::scanner::Verdict;
use tenants::files::{MAX_FILE, Scan, StoredFile};
use tenants::indicator_sets::sandbox;
use tenants::{Error, Problem, evidence};

use crate::caller::Signed;
use crate::file_names::fitting;
use crate::text::{t, t_with};
use crate::{App, AppError, Result};

/// The first bytes that are judged before the rest is taken in: a PDF may begin late.
const HEAD: usize = look::LATE + 8;

/// A file that may be stored. Dropped, it is gone.
pub struct Received {
    incoming: Incoming,
    pub file: StoredFile,
}

impl Received {
    pub async fn store(self, app: &App, signed: &Signed) -> tenants::Result<StoredFile> {
        app.blobs.keep(signed.caller.tenant, self.incoming).await?;
        Ok(self.file)
    }
}

/// Takes a file in. `Err(Invalid)` for what is not accepted, cannot be opened, is longer than `limit` bytes or infected;
/// an infected one goes into quarantine and is told to the period managers. `link` is the page it was brought to.
pub async fn receive(
    app: &App,
    signed: &Signed,
    bytes: impl Stream<Item = std::io::Result<Bytes>> + Send + Unpin,
    (name, limit): (String, u64),
    link: &str,
) -> Result<Received> {
    let bytes = judged(bytes).await?;
    let incoming = app.blobs.receive(signed.caller.tenant, bytes, limit.min(MAX_FILE)).await;
    let incoming = incoming.map_err(|error| words_on_quota(error, limit))?;
    let stored = incoming.stored.clone();
    let file = StoredFile {
        sha256: stored.sha256,
        length: stored.length,
        media_type: "application/octet-stream".into(),
        name,
        scan: Scan::Unasked,
    };
    let mut received = scanned(app, signed, Received { incoming, file }, link).await?;
    let look = sandbox::document(&app.worker, received.incoming.read().await?, stored.length).await?;
    let kind = accepted(look, &received.incoming.stored.head, &received.file.name)?;
    received.file.name = fitting(&received.file.name, kind.endings);
    received.file.media_type = kind.media_type.into();
    Ok(received)
}

/// The stream once more, if it may be a file that is accepted.
async fn judged(
    mut bytes: impl Stream<Item = std::io::Result<Bytes>> + Send + Unpin,
) -> Result<impl Stream<Item = std::io::Result<Bytes>> + Send + Unpin> {
    let mut head = Vec::new();
    while head.len() < HEAD && !is_known(&head) {
        match bytes.try_next().await.map_err(|_| AppError::Malformed)? {
            Some(piece) => head.extend_from_slice(&piece),
            None => break,
        }
    }
    if !is_known(&head) {
        return Err(refusal("evidence-bad-type"));
    }
    Ok(Box::pin(futures::stream::once(std::future::ready(Ok(Bytes::from(head)))).chain(bytes)))
}

fn is_known(head: &[u8]) -> bool {
    matches!(head, [b'P', b'K', 3, 4, ..] | [0xd0, 0xcf, 0x11, 0xe0, ..])
        || image(head).is_some()
        || pdf_header(head).is_some()
}

fn refusal(key: &str) -> AppError {
    Error::Invalid(vec![Problem::new("file", &t(key))]).into()
}

/// A limit below the largest file is what is left of the unit's allowance.
fn words_on_quota(error: Error, limit: u64) -> Error {
    match error {
        Error::Invalid(_) if limit < MAX_FILE => Error::Invalid(vec![Problem::new("file", &t("evidence-no-room"))]),
        other => other,
    }
}

struct Accepted {
    media_type: &'static str,
    /// The first is the usual one.
    endings: &'static [&'static str],
}

/// What a file is by its content, or why it is not taken.
fn accepted(look: Option<Look>, head: &[u8], name: &str) -> Result<Accepted> {
    let kind = |media_type, endings| Ok(Accepted { media_type, endings });
    match look.ok_or_else(|| refusal("evidence-unread"))? {
        Look::Pdf => kind("application/pdf", &["pdf"]),
        Look::Word => kind("application/vnd.openxmlformats-officedocument.wordprocessingml.document", &["docx"]),
        Look::Excel => kind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", &["xlsx"]),
        Look::Archive => kind("application/zip", &["zip"]),
        Look::Compound if name.to_lowercase().ends_with(".doc") => kind("application/msword", &["doc"]),
        Look::Compound if name.to_lowercase().ends_with(".xls") => kind("application/vnd.ms-excel", &["xls"]),
        Look::Locked(Kind::Pdf) => Err(refusal("evidence-locked-pdf")),
        Look::Locked(Kind::Office) => Err(refusal("evidence-locked-office")),
        Look::CutShort => Err(refusal("evidence-cut-short")),
        Look::NoPages => Err(refusal("evidence-no-pages")),
        Look::Broken => Err(refusal("evidence-broken")),
        Look::Compound => Err(refusal("evidence-bad-type")),
        Look::Other => image(head).ok_or_else(|| refusal("evidence-bad-type")),
    }
}

fn image(head: &[u8]) -> Option<Accepted> {
    let kind = |media_type, endings| Some(Accepted { media_type, endings });
    match head {
        [0x89, b'P', b'N', b'G', ..] => kind("image/png", &["png"]),
        [0xff, 0xd8, 0xff, ..] => kind("image/jpeg", &["jpg", "jpeg"]),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => kind("image/webp", &["webp"]),
        _ => None,
    }
}

async fn scanned(app: &App, signed: &Signed, mut received: Received, link: &str) -> Result<Received> {
    let Some(scanner) = &app.config.clamd else { return Ok(received) };
    received.file.scan = match scanner.scan(received.incoming.read().await?).await {
        Ok(Verdict::Clean) => Scan::Clean,
        Ok(Verdict::TooLarge) => Scan::TooLarge,
        Ok(Verdict::Infected(found)) => return Err(refuse(app, signed, received, &found, link).await?.into()),
        Err(error) => {
            tracing::warn!(%error, "the virus scanner does not answer; the file is scanned later");
            Scan::Waiting
        }
    };
    Ok(received)
}

/// Kept aside, so that it is refused for ever and can be looked at again.
async fn refuse(app: &App, signed: &Signed, received: Received, found: &str, link: &str) -> Result<Error> {
    let file = received.store(app, signed).await?;
    let tx = app.db.begin(&signed.caller).await?;
    evidence::quarantine(&tx, &file, found, link).await?;
    tx.commit().await?;
    let values = [("name", file.name.clone().into()), ("found", found.to_owned().into())];
    Ok(Error::Invalid(vec![Problem::new("file", &t_with("evidence-infected", values))]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_accepted_is_taken_in() {
        for head in [&b"%PDF-1.7"[..], b"\n\n%PDF-1.7", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"RIFF1234WEBP"] {
            assert!(is_known(head), "{head:?}");
        }
        for head in [&b"<svg xmlns"[..], b"<html>", b"MZ", b"", b"#!/bin/sh"] {
            assert!(!is_known(head), "{head:?}");
        }
    }

    #[test]
    fn a_compound_file_is_what_its_name_says() {
        let kind = |name: &str| accepted(Some(Look::Compound), b"", name).map(|kind| kind.media_type).ok();
        assert_eq!(kind("a.DOC"), Some("application/msword"));
        assert_eq!(kind("a.xls"), Some("application/vnd.ms-excel"));
        assert_eq!(kind("a.exe"), None);
    }
}
