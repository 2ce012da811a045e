//! `/ngon-ngu/{lang}`: keeps the chosen language in a cookie and returns to the page.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::{HOST, REFERER};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};

use crate::text::{self, Lang};
use crate::{App, Result};

pub async fn choose(
    State(app): State<App>,
    Path(code): Path<String>,
    headers: HeaderMap,
    cookies: CookieJar,
) -> Result<Response> {
    let lang = Lang::parse(&code).ok_or(tenants::Error::NotFound)?;
    let mut cookie = Cookie::new(text::COOKIE, lang.code());
    cookie.set_path("/");
    cookie.set_same_site(SameSite::Lax);
    cookie.set_http_only(true);
    cookie.set_secure(app.config.https());
    cookie.make_permanent();
    Ok((cookies.add(cookie), Redirect::to(&page_before(&headers))).into_response())
}

/// The path of the page the link was on, when it was one of ours.
fn page_before(headers: &HeaderMap) -> String {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let before = text(REFERER).and_then(|referer| referer.split_once("://")).map(|(_, rest)| rest);
    let path = before.zip(text(HOST)).and_then(|(rest, host)| rest.strip_prefix(host));
    path.filter(|path| path.starts_with('/') && !path.starts_with("//")).unwrap_or("/").to_owned()
}
