//! Files that arrive in pieces. A piece lies on its sender's own shelf of the store, apart from every authority's files,
//! until the whole file is put together; nobody can name a piece of somebody else's.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use bytes::Bytes;
use futures::{Stream, StreamExt, TryStreamExt};
use tenants::files::blobs::Entry;
use tenants::files::{MAX_FILE, PIECE, WHOLE};
use tenants::ids::{AssessmentId, TenantId};
use tenants::{Error, Problem, evidence};

use crate::caller::Signed;
use crate::file_names::safe_name;
use crate::text::t;
use crate::uploads::{self, Received};
use crate::{App, AppError, Result};

/// What one shelf may hold, in bytes: two files under way. Beyond it the oldest pieces go, which nobody will fetch.
const SHELF: u64 = 2 * MAX_FILE;

/// `POST /lam-viec/phieu/{sheet}/chi-so/{code}/phan`: one piece as the body; answers its hash. How long the whole file is
/// must be said, and a piece is no longer than that.
pub async fn receive(
    State(app): State<App>,
    signed: Signed,
    Path((sheet, code)): Path<(AssessmentId, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<String>> {
    let whole = headers.get(WHOLE).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    let tx = app.db.read(&signed.caller).await?;
    let longest = evidence::may_attach(&tx, sheet, &code, whole.unwrap_or(0)).await?;
    drop(tx);
    let whole = whole.filter(|whole| *whole > 0).ok_or(AppError::Malformed)?;
    let shelf = shelf(&signed)?;
    let bytes = body.into_data_stream().map_err(std::io::Error::other);
    let stored = app.blobs.put(shelf, Box::pin(bytes), u64::from(PIECE).min(whole)).await?;
    // Whatever was said, a shelf never holds more than could still be attached, or a little while two files are under way.
    trim(&app, shelf, SHELF.min(longest.max(stored.length)), &stored.sha256).await;
    Ok(Json(stored.sha256))
}

/// Puts pieces together in the order named, and takes the whole in as any file.
pub async fn assemble(
    app: &App,
    signed: &Signed,
    (pieces, name): (&str, &str),
    (longest, link): (u64, &str),
) -> Result<Received> {
    let shelf = shelf(signed)?;
    let hashes: Vec<String> = pieces.split(',').map(str::to_owned).collect();
    let name = Some(safe_name(name)).filter(|name| !name.is_empty()).unwrap_or_else(|| t("evidence-unnamed"));
    let received = match whole(app, shelf, &hashes).await {
        Ok(whole) => uploads::receive(app, signed, whole, (name, longest), link).await,
        Err(gone) => Err(gone),
    };
    for hash in hashes {
        delete(app, shelf, &hash).await;
    }
    received
}

/// The bytes of all pieces, once each of them is known to be there.
async fn whole(
    app: &App,
    shelf: TenantId,
    hashes: &[String],
) -> Result<impl Stream<Item = std::io::Result<Bytes>> + Send + Unpin + use<>> {
    for hash in hashes {
        if !matches!(app.blobs.length(shelf, hash).await, Ok(Some(_))) {
            return Err(gone());
        }
    }
    let blobs = app.blobs.clone();
    let piece = move |hash: String| {
        let blobs = blobs.clone();
        async move { blobs.get(shelf, &hash, None).await.map_err(|error| std::io::Error::other(error.to_string())) }
    };
    Ok(Box::pin(futures::stream::iter(hashes.to_vec()).then(piece).try_flatten()))
}

/// A piece that is not there any more: the person sends the file again.
fn gone() -> AppError {
    Error::Invalid(vec![Problem::new("file", &t("evidence-piece-gone"))]).into()
}

/// Takes the oldest pieces off a shelf that holds more than `most` bytes, never the one that has just come.
async fn trim(app: &App, shelf: TenantId, most: u64, newest: &str) {
    let mut pieces = match app.blobs.entries(shelf).await {
        Ok(pieces) => pieces,
        Err(error) => return tracing::warn!(%error, "a shelf of pieces was not looked through"),
    };
    pieces.sort_by_key(|piece| piece.modified);
    for piece in surplus(pieces, most).into_iter().filter(|piece| piece.sha256 != newest) {
        delete(app, shelf, &piece.sha256).await;
    }
}

/// The first of some pieces, so many that the others fit.
fn surplus(pieces: Vec<Entry>, most: u64) -> Vec<Entry> {
    let mut held: u64 = pieces.iter().map(|piece| piece.length).sum();
    let mut gone = Vec::new();
    for piece in pieces {
        if held <= most {
            break;
        }
        held -= piece.length;
        gone.push(piece);
    }
    gone
}

/// What is left behind costs room and nothing else, so a failure here is nobody's problem.
async fn delete(app: &App, shelf: TenantId, hash: &str) {
    if let Err(error) = app.blobs.delete(shelf, hash).await {
        tracing::warn!(%error, "a piece of an upload stays behind");
    }
}

fn shelf(signed: &Signed) -> Result<TenantId> {
    Ok(TenantId(signed.caller.account.ok_or(Error::Forbidden)?.0))
}
