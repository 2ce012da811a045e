//! Headers of every answer, and the refusal of requests that another site sends on a person's behalf.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, ORIGIN, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::StreamExt;

use crate::{App, AppError, Config};

/// No inline script or style anywhere: the islands' loader is a file, widths and colours are classes or SVG attributes.
const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     img-src 'self' data: blob:; frame-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Adds the headers; an answer that set a stricter one of its own (a file download) keeps it.
pub async fn headers(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    add_headers(response.headers_mut(), &app.config);
    response
}

/// The same for an answer that does not pass through the layers.
pub fn add_headers(headers: &mut HeaderMap, config: &Config) {
    let mut add = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    add(CONTENT_SECURITY_POLICY, POLICY);
    add(X_CONTENT_TYPE_OPTIONS, "nosniff");
    // What nobody said may be kept is kept nowhere: going back shows things as they are, and nothing after signing out.
    // Citizens' pages and assets say how long they live.
    add(CACHE_CONTROL, "no-store");
    // Forms that work without JavaScript need the referrer within the site.
    add(REFERRER_POLICY, "same-origin");
    add(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    add(HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()");
    if config.https() {
        add(STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
    }
}

/// Refuses an unsafe method unless the browser says it comes from a page of ours.
pub async fn same_site_only(State(app): State<App>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || comes_from_us(request.headers(), &app.config) {
        return next.run(request).await;
    }
    AppError::Refused.into_response()
}

/// Refuses a NUL character wherever it may come in: in the path, the query, a form or JSON. PostgreSQL keeps none in a text,
/// and nobody types one on purpose. In files it may stand; texts beside them are looked at where they are received.
pub async fn no_nul(request: Request, next: Next) -> Response {
    let (path, query) = (request.uri().path(), request.uri().query().unwrap_or_default());
    if Nul::in_form().is_in(path.as_bytes()) {
        return AppError::Domain(tenants::Error::NotFound).into_response();
    }
    if Nul::in_form().is_in(query.as_bytes()) {
        return AppError::Malformed.into_response();
    }
    let kind = request.headers().get(CONTENT_TYPE).map_or(&b""[..], |kind| kind.as_bytes());
    let mut nul = match kind {
        kind if kind.starts_with(b"application/x-www-form-urlencoded") => Nul::in_form(),
        kind if kind.starts_with(b"application/json") => Nul::in_json(),
        _ => return next.run(request).await,
    };
    let watched = request.map(|body| {
        Body::from_stream(body.into_data_stream().map(move |piece| match piece {
            Ok(piece) if nul.is_in(&piece) => Err(axum::Error::new("a NUL character")),
            piece => piece,
        }))
    });
    next.run(watched).await
}

/// Looks for a NUL, written out or as it is, in a text that comes in pieces.
struct Nul {
    /// What spells it, after a first sign.
    spelt: &'static [u8],
    /// How much of it was read.
    read: usize,
    /// In JSON a backslash may be itself written with one.
    escapes: bool,
}

impl Nul {
    fn in_form() -> Nul {
        Nul { spelt: b"%00", read: 0, escapes: false }
    }

    fn in_json() -> Nul {
        Nul { spelt: b"\\u0000", read: 0, escapes: true }
    }

    fn is_in(&mut self, piece: &[u8]) -> bool {
        piece.iter().any(|byte| *byte == 0 || self.step(*byte))
    }

    fn step(&mut self, byte: u8) -> bool {
        if byte == self.spelt[self.read] {
            self.read += 1;
        } else if self.escapes && self.read == 1 {
            self.read = 0; // the character that was escaped, whatever it is
        } else {
            self.read = usize::from(byte == self.spelt[0]);
        }
        let whole = self.read == self.spelt.len();
        if whole {
            self.read = 0;
        }
        whole
    }
}

fn comes_from_us(headers: &HeaderMap, config: &Config) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text(HeaderName::from_static("sec-fetch-site")) {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text(ORIGIN) else { return false };
    let host = origin.split_once("://").map(|(_, host)| host);
    config.public_url.as_deref() == Some(origin) || host.is_some() && host == text(HOST)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn check(pairs: &[(&'static str, &'static str)], expected: bool) {
        let mut config = Config::embedded("unused".into());
        config.public_url = Some("https://chuyendoiso.example.vn".into());
        let headers = pairs.iter().map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value)));
        assert_eq!(comes_from_us(&headers.collect(), &config), expected, "{pairs:?}");
    }

    #[test]
    fn a_nul_is_found_however_it_is_written_and_cut() {
        let is_in = |mut nul: Nul, pieces: &[&str]| pieces.iter().any(|piece| nul.is_in(piece.as_bytes()));
        for pieces in [&["a=b%00c"][..], &["a=%", "00"], &["a=%0", "0"], &["%%00"], &["%0%00"], &["a\0"]] {
            assert!(is_in(Nul::in_form(), pieces), "{pieces:?}");
        }
        for pieces in [&["a=100%25 00"][..], &["%0a0"], &["%", "10"]] {
            assert!(!is_in(Nul::in_form(), pieces), "{pieces:?}");
        }
        for pieces in [&[r#"{"a":"\u0000"}"#][..], &[r"\", "u0000"], &[r"\\\u00", "00"], &[r"\u00\u0000"]] {
            assert!(is_in(Nul::in_json(), pieces), "{pieces:?}");
        }
        for pieces in [&[r"\\u0000"][..], &[r"\u0001"], &["u0000"]] {
            assert!(!is_in(Nul::in_json(), pieces), "{pieces:?}");
        }
    }

    #[test]
    fn only_our_own_pages_may_change_something() {
        check(&[("sec-fetch-site", "same-origin")], true);
        check(&[("sec-fetch-site", "none")], true);
        check(&[("sec-fetch-site", "same-site")], false);
        check(&[("sec-fetch-site", "cross-site"), ("origin", "http://a"), ("host", "a")], false);
        check(&[("origin", "http://a:8080"), ("host", "a:8080")], true);
        check(&[("origin", "http://b:8080"), ("host", "a:8080")], false);
        check(&[("origin", "https://chuyendoiso.example.vn"), ("host", "inner:8080")], true);
        check(&[("origin", "null"), ("host", "null")], false);
        check(&[], false);
    }
}
