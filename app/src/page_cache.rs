//! Citizens' pages, rendered once for each publication and kept compressed.
//!
//! A page's key is the newest state of what is published, its language and its address, so nothing is ever invalidated:
//! a new publication asks for new keys, and so does another content under the same year and revision, as after a backup was
//! restored. What is newest is asked at most every other second; while the database is away, what was newest last is shown.
//! The rendered page is also put into the shared cache, so that replicas render once between them. Addresses are the
//! canonical ones, without the query: whatever people and crawlers append, a page is kept once.

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body as Sent;
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use bytes::Bytes;
use http_body_util::Full;
use sha2::{Digest, Sha256};
use tenants::publication::{self, Published, PublishedYear};
use tenants::store::operator;
use tenants::tenant::TenantHead;
use tenants::{Caller, Error};

use crate::page_front::Front;
use crate::text::Lang;
use crate::{App, AppError, Result, security};

const NEWEST: Duration = Duration::from_secs(2);
const SHARED: Duration = Duration::from_secs(3600);
/// Whole snapshots in memory; each is some hundred kilobytes.
const SNAPSHOTS: u64 = 64;
const HTML: &str = "text/html; charset=utf-8";

/// An authority's portal as it stands: who it is and what it has published, newest year first.
#[derive(Clone, Debug)]
pub struct Portal {
    pub tenant: TenantHead,
    pub years: Vec<PublishedYear>,
    /// Changes with every publication and with the authority's name.
    stamp: String,
}

impl Portal {
    pub fn caller(&self) -> Caller {
        Caller::citizen(self.tenant.id)
    }
}

pub struct PageCache {
    portals: moka::future::Cache<String, Arc<Portal>>,
    /// Portals as they were last, for as long as the database is away.
    last: moka::future::Cache<String, Arc<Portal>>,
    /// The authorities at the top, as they were last.
    pub top: moka::sync::Cache<(), Vec<TenantHead>>,
    snapshots: moka::future::Cache<(String, i32), Arc<Published>>,
    pages: moka::future::Cache<String, Arc<Packed>>,
    pub front: Front,
}

/// A page ready to be sent.
pub struct Packed {
    etag: HeaderValue,
    /// What tells the reader that the page they hold is the newest.
    unchanged: HeaderMap,
    plain: Form,
    brotli: Form,
    gzip: Form,
}

/// The page in one encoding.
struct Form {
    headers: HeaderMap,
    bytes: Bytes,
}

impl Default for PageCache {
    fn default() -> PageCache {
        let weigh = |key: &String, page: &Arc<Packed>| u32::try_from(key.len() + page.size()).unwrap_or(u32::MAX);
        PageCache {
            portals: moka::future::Cache::builder().max_capacity(10_000).time_to_live(NEWEST).build(),
            last: moka::future::Cache::builder().max_capacity(10_000).build(),
            top: moka::sync::Cache::new(1),
            snapshots: moka::future::Cache::builder().max_capacity(SNAPSHOTS).build(),
            pages: moka::future::Cache::builder().max_capacity(64 << 20).weigher(weigh).build(),
            front: Front::default(),
        }
    }
}

impl Packed {
    fn size(&self) -> usize {
        [&self.plain, &self.brotli, &self.gzip].iter().map(|form| form.bytes.len()).sum()
    }

    /// The answer to somebody who accepts these encodings and may hold the page already.
    pub fn respond(&self, asked: &HeaderMap) -> Response<Full<Bytes>> {
        let mut response = Response::new(Full::default());
        if asked.get(IF_NONE_MATCH).is_some_and(|known| is_known(known, &self.etag)) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            *response.headers_mut() = self.unchanged.clone();
            return response;
        }
        let accepted = asked.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let form = match accepted {
            accepted if accepts(accepted, "br") => &self.brotli,
            accepted if accepts(accepted, "gzip") => &self.gzip,
            _ => &self.plain,
        };
        *response.headers_mut() = form.headers.clone();
        *response.body_mut() = Full::new(form.bytes.clone());
        response
    }
}

/// What a page is made of, and as what it is sent.
pub enum Body {
    Page(String),
    File { kind: &'static str, bytes: Vec<u8> },
}

impl From<axum::response::Html<String>> for Body {
    fn from(page: axum::response::Html<String>) -> Body {
        Body::Page(page.0)
    }
}

/// The portal behind an address; at most two seconds old, unless the database is away.
pub async fn portal(app: &App, slug: &str) -> Result<Arc<Portal>> {
    if let Some(portal) = app.pages.portals.get(slug).await {
        return Ok(portal);
    }
    let found = Box::pin(app.pages.portals.try_get_with(slug.to_owned(), find(app, slug))).await;
    match found {
        Ok(portal) => {
            app.pages.last.insert(slug.to_owned(), portal.clone()).await;
            Ok(portal)
        }
        Err(error) => match (&*error, app.pages.last.get(slug).await) {
            (Error::Away { .. }, Some(portal)) => Ok(portal),
            (Error::NotFound, _) => {
                app.pages.last.invalidate(slug).await;
                Err(shared(&error))
            }
            _ => Err(shared(&error)),
        },
    }
}

/// The newest revision of a year's publication. `Err(NotFound)`, without asking the database, when there is none.
pub async fn snapshot(app: &App, portal: &Portal, year: i32) -> Result<Arc<Published>> {
    if !portal.years.iter().any(|published| published.year == year) {
        return Err(Error::NotFound.into());
    }
    let read = async {
        let tx = app.db.read(&portal.caller()).await?;
        publication::read(&tx, year, None).await.map(Arc::new)
    };
    let found = Box::pin(app.pages.snapshots.try_get_with((portal.stamp.clone(), year), read));
    found.await.map_err(|error| shared(&error))
}

/// The error that several waiting requests met, for one of them.
fn shared(error: &Error) -> AppError {
    match error {
        Error::NotFound => Error::NotFound.into(),
        Error::Away { part, .. } => Error::Away { part: *part, cause: None }.into(),
        Error::Mismatch(what) => Error::Mismatch(what.clone()).into(),
        other => AppError::internal(format!("{other:?}")),
    }
}

async fn find(app: &App, slug: &str) -> tenants::Result<Arc<Portal>> {
    let tenant = operator::tenant_by_slug(&app.db, slug).await?.ok_or(Error::NotFound)?;
    let tx = app.db.read(&Caller::citizen(tenant.id)).await?;
    let years = publication::years(&tx).await?;
    let stamp = |year: &PublishedYear| format!("{}r{}:{}", year.year, year.revision, year.content_hash);
    let stamp = years.iter().map(stamp).collect::<Vec<_>>().join(",");
    let stamp = format!("{}:{}:{}:{stamp}", tenant.id, tenant.name, tenant.is_sample);
    Ok(Arc::new(Portal { stamp, tenant, years }))
}

/// Sends the page at `path`, its canonical address, making it first if nobody has.
pub async fn send<F>(app: &App, portal: &Portal, path: &str, headers: &HeaderMap, make: F) -> Result<Response>
where
    F: Future<Output = Result<Body>>,
{
    // A page names the style sheet it was made for; another build's pages are not ours.
    let build = app.assets.address("public.css");
    let key = format!("page:{}:{build}:{}:{}:{path}", env!("CARGO_PKG_VERSION"), Lang::current().code(), portal.stamp);
    let page = match app.pages.pages.get(&key).await {
        Some(page) => page,
        None => {
            let page = Box::pin(app.pages.pages.try_get_with_by_ref(&key, packed(app, &key, make))).await;
            page.map_err(|error| again(&error))?
        }
    };
    app.pages.front.put(path, &page);
    Ok(page.respond(headers).map(Sent::new))
}

/// The error that one of several waiting requests met, for each of them.
fn again(error: &AppError) -> AppError {
    match error {
        AppError::Domain(error) => shared(error),
        other => AppError::internal(format!("{other:?}")),
    }
}

async fn packed<F>(app: &App, key: &str, make: F) -> Result<Arc<Packed>>
where
    F: Future<Output = Result<Body>>,
{
    if let Some(page) = app.cache.get(key).await {
        return pack(app, HTML, page);
    }
    match make.await? {
        Body::File { kind, bytes } => pack(app, kind, bytes.into()),
        Body::Page(html) => {
            let page = Bytes::from(html);
            app.cache.set(key, page.clone(), SHARED).await;
            pack(app, HTML, page)
        }
    }
}

fn pack(app: &App, kind: &'static str, plain: Bytes) -> Result<Arc<Packed>> {
    let hash = tenants::store::hex(&Sha256::digest(&plain)[..12]);
    let etag = HeaderValue::try_from(format!("W/\"{hash}\"")).map_err(AppError::internal)?;
    let mut brotli = Vec::new();
    let params = brotli::enc::BrotliEncoderParams { quality: 9, ..Default::default() };
    brotli::BrotliCompress(&mut plain.as_ref(), &mut brotli, &params).map_err(AppError::internal)?;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(&plain).map_err(AppError::internal)?;
    let gzip = gzip.finish().map_err(AppError::internal)?;
    let unchanged = lasting_headers(&etag);
    let form = |encoding: Option<&'static str>, bytes: Bytes| {
        let mut headers = unchanged.clone();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        headers.extend(encoding.map(|encoding| (CONTENT_ENCODING, HeaderValue::from_static(encoding))));
        security::add_headers(&mut headers, &app.config);
        Form { headers, bytes }
    };
    let (brotli, gzip) = (form(Some("br"), brotli.into()), form(Some("gzip"), gzip.into()));
    Ok(Arc::new(Packed { plain: form(None, plain), brotli, gzip, etag, unchanged }))
}

/// The headers that a page and the answer "not modified" share.
fn lasting_headers(etag: &HeaderValue) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(ETAG, etag.clone());
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=0, must-revalidate"));
    headers.insert(VARY, HeaderValue::from_static("accept-encoding, cookie"));
    headers
}

/// Whether one of the tags a browser or proxy holds is the page's. Tags are weak, since one page has three encodings.
fn is_known(held: &HeaderValue, etag: &HeaderValue) -> bool {
    let (Ok(held), Ok(etag)) = (held.to_str(), etag.to_str()) else { return false };
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    held == etag || held.trim() == "*" || held.split(',').any(|tag| opaque(tag) == opaque(etag))
}

/// Whether an `Accept-Encoding` names a coding and does not refuse it with `q=0`.
fn accepts(accepted: &str, coding: &str) -> bool {
    let named = accepted.split(',').map(|part| part.trim().split_once(';').unwrap_or((part.trim(), "")));
    let refused =
        |weight: &str| weight.trim().strip_prefix("q=").is_some_and(|q| q.trim_matches(['0', '.']).is_empty());
    named.into_iter().any(|(name, weight)| name.trim().eq_ignore_ascii_case(coding) && !refused(weight))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_coding_is_not_used() {
        assert!(accepts("gzip, deflate, br, zstd", "br"));
        assert!(accepts("br;q=0.5, gzip", "br"));
        assert!(!accepts("br;q=0, gzip", "br") && !accepts("br;q=0.000", "br"));
        assert!(!accepts("", "br") && !accepts("brotli-like", "br"));
    }

    #[test]
    fn a_held_tag_is_known_alone_in_a_list_and_without_its_weakness() {
        let tag = HeaderValue::from_static("W/\"ab\"");
        for held in ["W/\"ab\"", "\"ab\"", "\"cd\", W/\"ab\"", "*"] {
            assert!(is_known(&HeaderValue::from_static(held), &tag), "{held}");
        }
        assert!(!is_known(&HeaderValue::from_static("W/\"abc\", \"a\""), &tag));
    }
}
