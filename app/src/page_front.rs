//! Kept pages in front of everything else: what was asked for a moment ago is answered before routing, sessions and
//! the other layers, which cost several times the answer itself.
//!
//! A page stays here for a second and then passes through `page_cache` again, which asks what is newest.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::extract::ConnectInfo;
use axum::http::header::COOKIE;
use axum::http::{Method, Request, Response};
use axum_extra::extract::CookieJar;
use bytes::Bytes;
use futures::TryFutureExt;
use futures::future::{Either, MapOk, Ready, ready};
use http_body_util::Full;
use tower::Service;

use crate::App;
use crate::page_cache::Packed;
use crate::text::Lang;

const CACHE_LIFETIME: Duration = Duration::from_secs(1);
const PAGES: u64 = 10_000;

type Pages = moka::sync::Cache<String, Arc<Packed>>;

/// Pages by canonical path, in each language.
pub struct Front {
    vietnamese: Pages,
    english: Pages,
}

impl Default for Front {
    fn default() -> Front {
        let pages = || Pages::builder().max_capacity(PAGES).time_to_live(CACHE_LIFETIME).build();
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

    fn get<B>(&self, request: &Request<B>) -> Option<Arc<Packed>> {
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

/// What is sent: a kept page as it stands, or whatever the service behind made.
pub type Reply = Response<http_body_util::Either<Full<Bytes>, Body>>;

/// Answers from the front, or passes on.
#[derive(Clone)]
pub struct Fronted<S> {
    app: App,
    inner: S,
}

pub type Answering<F> = Either<Ready<Result<Reply, Infallible>>, MapOk<F, fn(Response<Body>) -> Reply>>;

impl<S> Fronted<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible> + Clone,
{
    pub fn new(app: &App, inner: S) -> Fronted<S> {
        Fronted { app: app.clone(), inner }
    }

    /// Answers a request; only one that is passed on learns who asked.
    pub fn answer<B>(&self, mut request: Request<B>, peer: Option<SocketAddr>) -> Answering<S::Future>
    where
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<axum::BoxError>,
    {
        if let Some(page) = self.app.pages.front.get(&request) {
            let response = page.respond(request.headers());
            tracing::info!(path = request.uri().path(), status = response.status().as_u16(), "kept page");
            return Either::Left(ready(Ok(response.map(http_body_util::Either::Left))));
        }
        if let Some(peer) = peer {
            request.extensions_mut().insert(ConnectInfo(peer));
        }
        let made: fn(Response<Body>) -> Reply = |response| response.map(http_body_util::Either::Right);
        Either::Right(self.inner.clone().call(request.map(Body::new)).map_ok(made))
    }
}

impl<S> Service<Request<Body>> for Fronted<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible> + Clone,
{
    type Response = Reply;
    type Error = Infallible;
    type Future = Answering<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        self.answer(request, None)
    }
}
