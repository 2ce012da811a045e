//! Files that arrive in pieces. A piece lies on its sender's own shelf of the store, apart from every authority's files,
//! until the whole file is put together; nobody can name a piece of somebody else's.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use bytes::Bytes;
use futures::{Stream, StreamExt, TryStreamExt};
use tenants::evidence::{self, PIECE, StoredFile, WHOLE};
use tenants::ids::{AssessmentId, TenantId};
use tenants::{Error, Problem};

use super::evidence::{media_type, safe_name};
use crate::caller::Signed;
use crate::text::t;
use crate::{App, AppError, Result, uploads};

/// More than two files' worth of abandoned pieces on one shelf are cleared away.
const SHELF: usize = 250;

/// `POST /lam-viec/phieu/{sheet}/chi-so/{code}/phan`: one piece as the body; answers its hash.
pub async fn receive(
    State(app): State<App>,
    signed: Signed,
    Path((sheet, code)): Path<(AssessmentId, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<String>> {
    let whole = headers.get(WHOLE).and_then(|length| length.to_str().ok()?.parse().ok()).unwrap_or(0);
    evidence::may_attach(&app.db.read(&signed.caller).await?, sheet, &code, whole).await?;
    let bytes = body.into_data_stream().map_err(std::io::Error::other);
    let stored = app.blobs.put(shelf(&signed)?, Box::pin(bytes), PIECE.into()).await?;
    Ok(Json(stored.sha256))
}

/// Puts pieces together in the order named, judges the whole by its content, stores and scans it.
pub async fn assemble(app: &App, signed: &Signed, (pieces, name): (&str, &str), link: &str) -> Result<StoredFile> {
    let shelf = shelf(signed)?;
    let hashes: Vec<String> = pieces.split(',').map(str::to_owned).collect();
    let name = safe_name(name);
    let first = hashes.first().cloned().unwrap_or_default();
    let head = app.blobs.get(shelf, &first, Some(0..16)).await.map_err(|_| gone())?;
    let head: Vec<u8> =
        head.try_fold(Vec::new(), async |all, piece| Ok([&all[..], &piece[..]].concat())).await.map_err(|_| gone())?;
    let Some(media_type) = media_type(&head, &name) else {
        return Err(Error::Invalid(vec![Problem::new("file", &t("evidence-bad-type"))]).into());
    };
    let whole = whole(app, shelf, hashes.clone());
    let kept = uploads::keep(app, signed, Box::pin(whole), (media_type, name), link).await;
    clear(app, shelf, hashes).await;
    kept
}

/// A piece that is not there any more: the person sends the file again.
fn gone() -> AppError {
    Error::Invalid(vec![Problem::new("file", &t("evidence-piece-gone"))]).into()
}

fn whole(app: &App, shelf: TenantId, hashes: Vec<String>) -> impl Stream<Item = std::io::Result<Bytes>> + use<> {
    let blobs = app.blobs.clone();
    let piece = move |hash: String| {
        let blobs = blobs.clone();
        async move { blobs.get(shelf, &hash, None).await.map_err(|error| std::io::Error::other(error.to_string())) }
    };
    futures::stream::iter(hashes).then(piece).try_flatten()
}

/// What is left behind costs room and nothing else, so a failure here is nobody's problem.
async fn clear(app: &App, shelf: TenantId, mut hashes: Vec<String>) {
    let all = app.blobs.list(shelf).await.unwrap_or_default();
    if all.len() > SHELF + hashes.len() {
        hashes = all;
    }
    for hash in hashes {
        if let Err(error) = app.blobs.delete(shelf, &hash).await {
            tracing::warn!(%error, "a piece of an upload stays behind");
        }
    }
}

fn shelf(signed: &Signed) -> Result<TenantId> {
    Ok(TenantId(signed.caller.account.ok_or(Error::Forbidden)?.0))
}
