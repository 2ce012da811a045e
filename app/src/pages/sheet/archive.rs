//! `GET /lam-viec/phieu/{sheet}/ho-so.zip`: everything a unit attached, with an index, in one file. It is written while it
//! is read from the store; nothing is held whole.

use std::collections::HashMap;
use std::io::{self, Write};

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::TryStreamExt;
use tenants::documents::{EvidenceItem, Side};
use tenants::evidence;
use tenants::files::Scan;
use tenants::files::blobs::BlobStore;
use tenants::ids::{AssessmentId, TenantId};
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::caller::Signed;
use crate::cells::harmless;
use crate::file_names::{safe_name, shorten};
use crate::site::encode;
use crate::text::t;
use crate::{App, AppError, Result, format};

/// Characters and bytes of a name in the archive.
const LONGEST_NAME: usize = 120;
/// Pieces written ahead of a slow reader.
const AHEAD: usize = 8;

/// `GET /lam-viec/phieu/{sheet}/ho-so.zip`
pub async fn download(State(app): State<App>, signed: Signed, Path(id): Path<AssessmentId>) -> Result<Response> {
    let tx = app.db.read(&signed.caller).await?;
    let (head, of_codes) = evidence::of_sheet(&tx, id).await?;
    drop(tx);
    let contents = Contents::of(&of_codes).map_err(AppError::internal)?;
    let name = format!("TLKC {} {}.zip", safe_name(&head.unit_name), head.period.year);
    let (sender, mut receiver) = mpsc::channel(AHEAD);
    let (blobs, tenant) = (app.blobs.clone(), signed.caller.tenant);
    tokio::task::spawn_blocking(move || {
        if let Err(cause) = write(contents, &blobs, tenant, Pipe(sender.clone())) {
            tracing::warn!(%cause, "an archive of evidence ends early");
            // The reader must see a broken download, not a short one.
            let _ = sender.blocking_send(Err(cause));
        }
    });
    let body = Body::from_stream(futures::stream::poll_fn(move |context| receiver.poll_recv(context)));
    let disposition = format!("attachment; filename*=UTF-8''{}", encode(&name));
    Ok(([(CONTENT_TYPE, "application/zip".to_owned()), (CONTENT_DISPOSITION, disposition)], body).into_response())
}

/// What goes into the archive: each content once, and the index.
struct Contents {
    /// Name in the archive and hash.
    files: Vec<(String, String)>,
    index: Vec<u8>,
}

impl Contents {
    fn of(of_codes: &[(String, String, Vec<EvidenceItem>)]) -> Result<Contents, csv::Error> {
        let mut names: HashMap<String, String> = HashMap::new();
        let mut files = Vec::new();
        // The mark Excel needs to read UTF-8.
        let mut index = csv::Writer::from_writer(vec![0xef, 0xbb, 0xbf]);
        index.write_record(HEADINGS.map(t))?;
        for (code, indicator, items) in of_codes {
            for item in items {
                let place = match &item.sha256 {
                    // Named, so that nobody looks for it in vain, and not handed on.
                    Some(_) if item.scan == Scan::Infected => t("archive-infected"),
                    Some(hash) => names
                        .entry(hash.clone())
                        .or_insert_with(|| {
                            let name = member(files.len() + 1, &item.name);
                            files.push((name.clone(), hash.clone()));
                            name
                        })
                        .clone(),
                    None => item.link.clone().unwrap_or_default(),
                };
                index.write_record(line(code, indicator, item, &place).map(|cell| harmless(&cell)))?;
            }
        }
        Ok(Contents { files, index: index.into_inner().map_err(|cause| csv::Error::from(cause.into_error()))? })
    }
}

/// The name of a file in the archive. Its number keeps apart what Windows takes for one name, and it is short enough for a
/// folder some way down a disk.
fn member(number: usize, name: &str) -> String {
    format!("tlkc/{number:03} {}", shorten(&safe_name(name), LONGEST_NAME, LONGEST_NAME))
}

/// Text keys of the index's columns.
const HEADINGS: [&str; 12] = [
    "code",
    "indicator",
    "archive-place",
    "archive-number",
    "archive-date",
    "archive-issuer",
    "archive-summary",
    "archive-signer",
    "archive-page",
    "archive-side",
    "archive-at",
    "archive-replaced",
];

fn line(code: &str, indicator: &str, item: &EvidenceItem, place: &str) -> [String; 12] {
    let card = item.card.clone();
    let side = match (item.side, item.after_submission) {
        (Side::Council, _) => t("archive-council"),
        (Side::Unit, true) => t("archive-supplement"),
        (Side::Unit, false) => t("archive-unit"),
    };
    let replaced = item.replaced.as_ref().map(|replaced| replaced.reason.clone()).unwrap_or_default();
    let at = format::moment(item.uploaded_at);
    let day = card.issued_on.map(format::date).unwrap_or_default();
    let (code, indicator, place, page) = (code.to_owned(), indicator.to_owned(), place.to_owned(), item.page.clone());
    [code, indicator, place, card.number, day, card.issuer, card.summary, card.signer, page, side, at, replaced]
}

/// A writer whose bytes become the body of the answer.
struct Pipe(mpsc::Sender<io::Result<Bytes>>);

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let sent = self.0.blocking_send(Ok(Bytes::copy_from_slice(bytes)));
        sent.map_err(|_| io::ErrorKind::BrokenPipe)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Documents are compressed already: stored as they are.
fn write(contents: Contents, blobs: &BlobStore, tenant: TenantId, pipe: Pipe) -> io::Result<()> {
    let mut archive = ZipWriter::new_stream(io::BufWriter::with_capacity(64 * 1024, pipe));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored).large_file(false);
    archive.start_file("muc-luc.csv", stored)?;
    archive.write_all(&contents.index)?;
    let runtime = Handle::current();
    for (name, hash) in contents.files {
        archive.start_file(name, stored)?;
        let bytes = runtime.block_on(blobs.get(tenant, &hash, None));
        let mut bytes = bytes.map_err(|error| io::Error::other(error.to_string()))?;
        while let Some(piece) = runtime.block_on(bytes.try_next())? {
            archive.write_all(&piece)?;
        }
    }
    archive.finish()?.into_inner().flush()
}

#[cfg(test)]
mod tests {
    use super::member;

    #[test]
    fn windows_unpacks_every_member() {
        assert_eq!(member(1, "CON.pdf"), "tlkc/001 _CON.pdf");
        assert_eq!(member(2, "a:b?.pdf. "), "tlkc/002 a_b_.pdf");
        assert_ne!(member(3, "A.pdf").to_lowercase(), member(4, "a.pdf").to_lowercase());
        let long = member(5, &format!("{}.pdf", "ắ".repeat(300)));
        assert!(long.ends_with(".pdf") && long.len() <= 130, "{long}");
    }
}
