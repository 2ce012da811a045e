//! `/ngon-ngu/{lang}`: keeps the chosen language in a cookie and returns to the page.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};

use crate::site::page_before;
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
    Ok((cookies.add(cookie), Redirect::to(page_before(&headers).as_deref().unwrap_or("/"))).into_response())
}
