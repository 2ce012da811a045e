//! The site map as data: each route with who may ask for it. `server::site` fills it in; tests walk over it.

use axum::Router;
use axum::extract::Request;
use axum::handler::Handler;
use axum::http::header::LOCATION;
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{MethodFilter, MethodRouter, on};
use tower_http::request_id::RequestId;

use crate::caller::require_signed;
use crate::{App, AppError};

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
}

/// A router that remembers its routes.
pub struct Site {
    app: App,
    router: Router<App>,
    pub routes: Vec<Route>,
}

impl Site {
    pub fn new(app: &App) -> Site {
        Site { app: app.clone(), router: Router::new(), routes: Vec::new() }
    }

    pub fn get<H: Handler<T, App>, T: 'static>(self, path: &'static str, access: Access, handler: H) -> Site {
        self.add(Method::GET, path, access, on(MethodFilter::GET, handler))
    }

    pub fn post<H: Handler<T, App>, T: 'static>(self, path: &'static str, access: Access, handler: H) -> Site {
        self.add(Method::POST, path, access, on(MethodFilter::POST, handler))
    }

    /// For a route with layers of its own, such as an upload's body limit.
    pub fn add(mut self, method: Method, path: &'static str, access: Access, handler: MethodRouter<App>) -> Site {
        let handler = match access {
            Access::Open => handler,
            Access::Signed => handler.route_layer(from_fn_with_state(self.app.clone(), require_signed)),
        };
        self.routes.push(Route { method, path, access });
        self.router = self.router.route(path, handler);
        self
    }

    pub fn into_router(self) -> Router<App> {
        self.router
    }
}

/// For addresses that no route has: one with a closing slash leads for good to the same without it, on this host only.
pub async fn without_slash(method: Method, address: Uri) -> Response {
    let path = address.path().trim_end_matches('/');
    let ours = path.len() < address.path().len() && safe_target(Some(path)) == path;
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
    target.map_or_else(|| "/dang-nhap".to_owned(), |target| format!("/dang-nhap?tiep={}", encode(target)))
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
    let ours =
        |target: &&str| target.starts_with('/') && !target.starts_with("//") && !target.contains(['\\', '\r', '\n']);
    target.filter(ours).unwrap_or("/lam-viec")
}

#[cfg(test)]
mod tests {
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
    fn nobody_is_sent_to_another_host() {
        assert_eq!(safe_target(Some("/lam-viec/ky?nam=2025")), "/lam-viec/ky?nam=2025");
        for bad in ["//evil.example", "https://evil.example", "/\\evil.example", "", "lam-viec"] {
            assert_eq!(safe_target(Some(bad)), "/lam-viec", "{bad}");
        }
        assert_eq!(sign_in_address(Some("/a?b=c d")), "/dang-nhap?tiep=/a%3Fb%3Dc%20d");
    }
}
