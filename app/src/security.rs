//! Headers of every answer, and the refusal of requests that another site sends on a person's behalf.

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, ORIGIN, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

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
