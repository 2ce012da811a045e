//! The site map as data: each route with who may ask for it. `server::site` fills it in; tests walk over it.

use std::any::type_name;
use std::sync::Arc;
use tenants::paths;

use axum::extract::{DefaultBodyLimit, Request};
use axum::handler::Handler;
use axum::http::header::{HOST, LOCATION, REFERER};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{MethodFilter, MethodRouter, on};
use axum::{Extension, Router};
use tower_http::request_id::RequestId;

use crate::caller::require_signed;
use crate::form::Submission;
use crate::refused_form::give_back;
use crate::{App, AppError, spelling};

/// Who gets past the door. What a signed-in person may do is decided by the use case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Open,
    /// Somebody with a role in the session's tenant.
    Signed,
}

#[derive(Clone, Debug)]
pub struct Route {
    pub method: Method,
    pub path: &'static str,
    pub access: Access,
    /// A form that is submitted the one way there is, by [`Submission`].
    pub is_submitted: bool,
}

/// A router that remembers its routes.
pub struct Site {
    app: App,
    router: Router<App>,
    /// Paths that are no pages.
    data: Vec<&'static str>,
    pub routes: Vec<Route>,
}

impl Site {
    pub fn new(app: &App) -> Site {
        Site { app: app.clone(), router: Router::new(), data: Vec::new(), routes: Vec::new() }
    }

    /// A page.
    pub fn get<H: Handler<T, App>, T: 'static>(self, path: &'static str, access: Access, handler: H) -> Site {
        self.add(Method::GET, path, access, on(MethodFilter::GET, handler))
    }

    /// A file, or data for a script: nothing to lead a person back to.
    pub fn data<H: Handler<T, App>, T: 'static>(mut self, path: &'static str, access: Access, handler: H) -> Site {
        self.data.push(path);
        self.get(path, access, handler)
    }

    pub fn post<H: Handler<T, App>, T: 'static>(self, path: &'static str, access: Access, handler: H) -> Site {
        self.add(Method::POST, path, access, on(MethodFilter::POST, handler)).taking::<T>()
    }

    /// A form of at most `limit` bytes, files and all.
    pub fn upload<H: Handler<T, App>, T: 'static>(
        self,
        path: &'static str,
        access: Access,
        limit: usize,
        handler: H,
    ) -> Site {
        let handler = on(MethodFilter::POST, handler).layer(DefaultBodyLimit::max(limit));
        self.add(Method::POST, path, access, handler).taking::<T>()
    }

    /// What the handler of the last route takes says how its form is submitted.
    fn taking<T>(mut self) -> Site {
        let is_submitted = type_name::<T>().contains(type_name::<Submission>());
        self.routes.last_mut().into_iter().for_each(|route| route.is_submitted = is_submitted);
        self
    }

    fn add(mut self, method: Method, path: &'static str, access: Access, handler: MethodRouter<App>) -> Site {
        let handler = handler.layer(from_fn(spelling::in_one_spelling));
        let handler = match access {
            Access::Open => handler,
            Access::Signed => handler.route_layer(from_fn_with_state(self.app.clone(), require_signed)),
        };
        let handler = match (access, &method) {
            // Outside of the door: it also keeps what somebody typed whose session has ended.
            (Access::Signed, &Method::POST) => handler.route_layer(from_fn_with_state(self.app.clone(), give_back)),
            _ => handler,
        };
        self.routes.push(Route { method, path, access, is_submitted: false });
        self.router = self.router.route(path, handler);
        self
    }

    pub fn into_router(self) -> Router<App> {
        let places = self.places();
        self.router.layer(Extension(places))
    }

    /// The pages a signed-in person may be led back to.
    pub fn places(&self) -> Places {
        let pages = self.routes.iter().filter(|route| route.method == Method::GET && route.access == Access::Signed);
        Places::of(pages.map(|route| route.path).filter(|path| !self.data.contains(path)))
    }
}

/// The pages of the site map, by pattern.
#[derive(Clone, Debug, Default)]
pub struct Places(Arc<Vec<&'static str>>);

impl Places {
    pub fn of(patterns: impl IntoIterator<Item = &'static str>) -> Places {
        Places(Arc::new(patterns.into_iter().collect()))
    }

    /// Whether a path, with or without its query, is that of a page.
    pub fn is_page(&self, target: &str) -> bool {
        let path = target.split('?').next().unwrap_or_default();
        self.0.iter().any(|pattern| fits(pattern, path))
    }

    /// The nearest page above a form's address, whose pattern is given too: `/lam-viec/ky/7` for `/lam-viec/ky/7/han`.
    pub fn above(&self, pattern: &str, path: &str) -> String {
        let (mut pattern, mut path) = (pattern, path);
        while !self.0.contains(&pattern) {
            match (pattern.rsplit_once('/'), path.rsplit_once('/')) {
                (Some((shorter, _)), Some((start, _))) if !shorter.is_empty() => (pattern, path) = (shorter, start),
                _ => return paths::start::PATH.to_owned(),
            }
        }
        path.to_owned()
    }
}

/// Whether a path is one of a pattern: each part the same, or a part that stands for any.
fn fits(pattern: &str, path: &str) -> bool {
    let (mut parts, mut mine) = (pattern.split('/'), path.split('/'));
    loop {
        match (parts.next(), mine.next()) {
            (None, None) => return true,
            (Some(part), Some(mine)) if part == mine || part.starts_with('{') && !mine.is_empty() => (),
            _ => return false,
        }
    }
}

/// For addresses that no route has: one with a closing slash leads for good to the same without it, on this host only.
pub async fn without_slash(method: Method, address: Uri) -> Response {
    let path = address.path().trim_end_matches('/');
    let ours = path.len() < address.path().len() && is_ours(path);
    if !ours {
        return AppError::Domain(tenants::Error::NotFound).into_response();
    }
    let query = address.query().map(|query| format!("?{query}")).unwrap_or_default();
    let target = format!("{path}{query}");
    // A form that is sent keeps its method and what it holds.
    match method {
        Method::GET | Method::HEAD => (StatusCode::MOVED_PERMANENTLY, [(LOCATION, target)]).into_response(),
        _ => Redirect::permanent(&target).into_response(),
    }
}

/// The short name of a request in logs and on error pages.
pub fn request_code(request: &Request) -> String {
    let id = request.extensions().get::<RequestId>().and_then(|id| id.header_value().to_str().ok());
    id.unwrap_or_default().to_owned()
}

/// The sign-in page, coming back to `target` afterwards.
pub fn sign_in_address(target: Option<&str>) -> String {
    target.map_or_else(
        || paths::sign_in::PATH.to_owned(),
        |target| format!("{}?tiep={}", paths::sign_in::PATH, encode(target)),
    )
}

/// Text as part of a query.
pub fn encode(text: &str) -> String {
    let encoded = text.bytes().map(|byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    });
    encoded.collect()
}

/// Where to go after signing in: only a path of ours, never another host.
pub fn safe_target(target: Option<&str>) -> &str {
    target.filter(|target| is_ours(target)).unwrap_or(paths::start::PATH)
}

/// Whether an address, as a browser reads it, stays on this host: browsers drop tabs and line breaks from addresses and read
/// `\` as `/`, so nothing but what may stand in a path and its query is let through.
pub fn is_ours(target: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'\\' | b'"' | b'<' | b'>' | b'`');
    target.starts_with('/') && !target.starts_with("//") && target.bytes().all(plain)
}

/// The page to come back to after signing in: the one asked for, or the one a form was sent from.
pub fn way_back(request: &Request) -> Option<String> {
    match *request.method() {
        Method::GET => request.uri().path_and_query().map(|target| target.as_str().to_owned()),
        _ => page_before(request.headers()),
    }
}

/// Path and query of the page a link or a form was on, when it was one of ours.
pub fn page_before(headers: &HeaderMap) -> Option<String> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let (_, rest) = text(REFERER)?.split_once("://")?;
    let path = rest.strip_prefix(text(HOST)?)?;
    is_ours(path).then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[tokio::test]
    async fn a_closing_slash_leads_to_the_address_without_it_and_nowhere_else() {
        let asked = async |address: &str| {
            let address = Uri::builder().path_and_query(address).build().unwrap();
            let response = without_slash(Method::GET, address).await;
            let location = response.headers().get(LOCATION).map(|value| value.to_str().unwrap().to_owned());
            (response.status().as_u16(), location)
        };
        assert_eq!(asked("/dien-bien/").await, (301, Some("/dien-bien".into())));
        assert_eq!(asked("/lam-viec/ky//?nam=2025").await, (301, Some("/lam-viec/ky?nam=2025".into())));
        for elsewhere in ["//evil.example/", "/\\evil.example/", "/nothing-here", "///"] {
            assert_eq!(asked(elsewhere).await, (404, None), "{elsewhere}");
        }
    }

    #[test]
    fn the_way_back_from_a_form_is_the_page_it_was_on() {
        let request = |method: &str, before: &str| {
            let request = axum::http::Request::builder().method(method).uri("/lam-viec/ky?x=1").header("host", "a");
            request.header("referer", before).body(axum::body::Body::empty()).unwrap()
        };
        let back = |method, before| way_back(&request(method, before));
        assert_eq!(back("GET", "http://a/x").as_deref(), Some("/lam-viec/ky?x=1"));
        assert_eq!(back("POST", "http://a/lam-viec/thong-bao?trang=2").as_deref(), Some("/lam-viec/thong-bao?trang=2"));
        for elsewhere in ["http://b/x", "http://a.evil/x", "http://a//evil", "http://a/\tevil", "a/x"] {
            assert_eq!(back("POST", elsewhere), None, "{elsewhere}");
        }
    }

    #[test]
    fn the_nearest_page_is_above_a_form() {
        let places = Places::of(["/lam-viec/ky/{period}", "/lam-viec/phieu/{sheet}", "/lam-viec/phieu/{sheet}/{main}"]);
        assert_eq!(places.above("/lam-viec/ky/{period}/han", "/lam-viec/ky/7/han"), "/lam-viec/ky/7");
        // A pattern of the site map, not any page whose pattern the shorter path happens to fit.
        let (pattern, path) = ("/lam-viec/phieu/{sheet}/chi-so/{code}", "/lam-viec/phieu/3/chi-so/1.1");
        assert_eq!(places.above(pattern, path), "/lam-viec/phieu/3");
        assert_eq!(places.above("/lam-viec/co-quan", "/lam-viec/co-quan"), "/lam-viec");
        assert!(places.is_page("/lam-viec/phieu/3/1?x=/") && !places.is_page("/lam-viec/phieu//1"));
    }

    #[test]
    fn nobody_is_sent_to_another_host() {
        assert_eq!(safe_target(Some("/lam-viec/ky?nam=2025")), "/lam-viec/ky?nam=2025");
        let bad = [
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "/\r\n/evil.example",
            "/\t\\evil.example",
            "/ /evil.example",
            "\t//evil.example",
            "/\u{a0}/evil.example",
            "/\0/evil.example",
            "",
            "lam-viec",
        ];
        for bad in bad {
            assert_eq!(safe_target(Some(bad)), "/lam-viec", "{bad}");
        }
        assert_eq!(sign_in_address(Some("/a?b=c d")), "/dang-nhap?tiep=/a%3Fb%3Dc%20d");
    }
}
