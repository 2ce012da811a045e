//! Styles, scripts, wasm and fonts under `/assets/`: named by content, kept in memory with their compressed forms.
//!
//! `cargo xtask assets` builds them into `target/site`. A release binary carries them; a debug binary reads the folder
//! when it starts.

use std::collections::HashMap;

use anyhow::{Context, Result};
use axum::extract::{Path, State};
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use rust_embed::Embed;

use crate::{App, AppError};

#[derive(Embed)]
#[folder = "$CARGO_MANIFEST_DIR/../target/site"]
#[allow_missing = true]
struct Site;

/// The built files.
pub struct Assets {
    /// Plain name ("public.css") to address ("/assets/public-4F2A.css").
    addresses: HashMap<String, String>,
    files: HashMap<String, File>,
}

#[derive(Default)]
struct File {
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
}

impl Assets {
    pub fn load() -> Result<Assets> {
        let manifest = Site::get("manifest.json").context("no built assets; run `cargo xtask assets` first")?;
        let names: HashMap<String, String> =
            serde_json::from_slice(&manifest.data).context("target/site/manifest.json")?;
        let addresses = names.into_iter().map(|(name, file)| (name, format!("/assets/{file}"))).collect();
        let mut files: HashMap<String, File> = HashMap::new();
        for name in Site::iter() {
            let Some(found) = Site::get(&name) else { continue };
            let bytes = Bytes::from(found.data.into_owned());
            if let Some(whole) = name.strip_suffix(".br") {
                files.entry(whole.to_owned()).or_default().brotli = Some(bytes);
            } else if let Some(whole) = name.strip_suffix(".gz") {
                files.entry(whole.to_owned()).or_default().gzip = Some(bytes);
            } else {
                files.entry(name.into_owned()).or_default().plain = bytes;
            }
        }
        Ok(Assets { addresses, files })
    }

    /// The address of a built file by its plain name; a name that was never built leads nowhere.
    pub fn address(&self, name: &str) -> &str {
        self.addresses.get(name).map_or("/assets/missing", String::as_str)
    }
}

/// `GET /assets/{file}`
pub async fn serve(State(app): State<App>, Path(name): Path<String>, headers: HeaderMap) -> Result<Response, AppError> {
    let file = app.assets.files.get(&name).ok_or(tenants::Error::NotFound)?;
    let accepted = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (encoding, bytes) = match (&file.brotli, &file.gzip) {
        (Some(brotli), _) if accepted.contains("br") => (Some("br"), brotli),
        (_, Some(gzip)) if accepted.contains("gzip") => (Some("gzip"), gzip),
        _ => (None, &file.plain),
    };
    let mut response = bytes.clone().into_response();
    let answer = response.headers_mut();
    answer.insert(CONTENT_TYPE, HeaderValue::from_static(media_type(&name)));
    answer.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    answer.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        answer.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    Ok(response)
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("woff2") => "font/woff2",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}
