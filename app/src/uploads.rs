//! A file on its way in: stored, then looked at by the virus scanner, before anybody can name it.

use bytes::Bytes;
use futures::Stream;
use tenants::evidence::scanner::Verdict;
use tenants::evidence::{self, MAX_FILE, Scan, StoredFile};
use tenants::{Error, Problem};

use crate::caller::Signed;
use crate::text::t_with;
use crate::{App, Result};

/// Stores a file and has it scanned. `Err(Invalid)` for an infected one, which goes into quarantine and is told to the
/// period managers; `link` is the page it was brought to.
pub async fn keep(
    app: &App,
    signed: &Signed,
    bytes: impl Stream<Item = std::io::Result<Bytes>> + Send + Unpin,
    (media_type, name): (&str, String),
    link: &str,
) -> Result<StoredFile> {
    let stored = app.blobs.put(signed.caller.tenant, bytes, MAX_FILE).await?;
    let mut file = StoredFile {
        sha256: stored.sha256,
        length: stored.length,
        media_type: media_type.into(),
        name,
        scan: Scan::Unasked,
    };
    let Some(scanner) = &app.config.clamd else { return Ok(file) };
    let content = app.blobs.get(signed.caller.tenant, &file.sha256, None).await?;
    file.scan = match scanner.scan(content).await {
        Ok(Verdict::Clean) => Scan::Clean,
        Ok(Verdict::TooLarge) => Scan::TooLarge,
        Ok(Verdict::Infected(found)) => return Err(refuse(app, signed, &file, &found, link).await?.into()),
        Err(error) => {
            tracing::warn!(%error, "the virus scanner does not answer; the file is scanned later");
            Scan::Waiting
        }
    };
    Ok(file)
}

async fn refuse(app: &App, signed: &Signed, file: &StoredFile, found: &str, link: &str) -> Result<Error> {
    let tx = app.db.begin(&signed.caller).await?;
    evidence::quarantine(&tx, file, found, link).await?;
    tx.commit().await?;
    let values = [("name", file.name.clone().into()), ("found", found.to_owned().into())];
    Ok(Error::Invalid(vec![Problem::new("file", &t_with("evidence-infected", values))]))
}
