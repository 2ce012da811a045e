//! Kept pages in front of everything else: what was asked for a moment ago is answered before routing, sessions and
//! the other layers, which cost several times the answer itself.
//!
//! A page stays here for a second and then passes through `page_cache` again, which asks what is newest.

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::Request;
use axum::http::Method;
use axum::http::header::COOKIE;
use axum::response::Response;
use axum_extra::extract::CookieJar;
use futures::future::{Either, Ready, ready};
use tower::Service;

use crate::App;
use crate::page_cache::Packed;
use crate::text::Lang;

const MOMENT: Duration = Duration::from_secs(1);
const PAGES: u64 = 10_000;

type Pages = moka::sync::Cache<String, Arc<Packed>>;

/// Pages by canonical path, in each language.
pub struct Front {
    vietnamese: Pages,
    english: Pages,
}

impl Default for Front {
    fn default() -> Front {
        let pages = || Pages::builder().max_capacity(PAGES).time_to_live(MOMENT).build();
        Front { vietnamese: pages(), english: pages() }
    }
}

impl Front {
    fn pages(&self, lang: Lang) -> &Pages {
        match lang {
            Lang::Vi => &self.vietnamese,
            Lang::En => &self.english,
        }
    }

    /// Keeps the page of this request's language for a moment.
    pub fn put(&self, path: &str, page: &Arc<Packed>) {
        self.pages(Lang::current()).insert(path.to_owned(), page.clone());
    }

    fn get(&self, request: &Request) -> Option<Arc<Packed>> {
        // A question mark means a search, a comparison, or something appended: `page_cache` knows which.
        if request.method() != Method::GET || request.uri().query().is_some() {
            return None;
        }
        let headers = request.headers();
        let lang =
            if headers.contains_key(COOKIE) { Lang::chosen(&CookieJar::from_headers(headers)) } else { Lang::Vi };
        self.pages(lang).get(request.uri().path())
    }
}

/// Answers from the front, or passes on.
#[derive(Clone)]
pub struct Fronted<S> {
    app: App,
    inner: S,
}

impl<S> Fronted<S> {
    pub fn new(app: &App, inner: S) -> Fronted<S> {
        Fronted { app: app.clone(), inner }
    }
}

impl<S> Service<Request> for Fronted<S>
where
    S: Service<Request, Response = Response, Error = Infallible>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Either<Ready<Result<Response, Infallible>>, S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let Some(page) = self.app.pages.front.get(&request) else { return Either::Right(self.inner.call(request)) };
        let response = page.respond(request.headers());
        tracing::info!(path = request.uri().path(), status = response.status().as_u16(), "kept page");
        Either::Left(ready(Ok(response)))
    }
}
