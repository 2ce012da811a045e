//! A form or a save that the database gave up to let another go on is sent to its handler again. Nothing was written by
//! the attempt that was given up, so the person does not learn of it. Files are not held in memory for this: an upload is
//! answered as it came out.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tenants::store::{TRIES, pause};

use crate::AppError;
use crate::error::failure;

/// Runs the handler again as long as its failure may pass by itself.
pub async fn when_given_up(request: Request, next: Next) -> Response {
    if request.method() != Method::POST || !is_small(request.headers()) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    // Within the limit of the route, as its own extractor would.
    let body = match Bytes::from_request(again(&parts, body), &()).await {
        Ok(body) => body,
        Err(refused) => return refused.into_response(),
    };
    let mut attempt = 1;
    loop {
        let response = next.clone().run(again(&parts, Body::from(body.clone()))).await;
        if attempt == TRIES || !given_up(&response) {
            return response;
        }
        tracing::info!(attempt, path = parts.uri.path(), "the database gave up a transaction; it is begun again");
        tokio::time::sleep(pause(attempt)).await;
        attempt += 1;
    }
}

/// Ordinary forms and the calls of scripts.
fn is_small(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).map_or(&b""[..], |value| value.as_bytes());
    kind.starts_with(b"application/x-www-form-urlencoded") || kind.starts_with(b"application/json")
}

fn again(parts: &Parts, body: Body) -> Request {
    Request::from_parts(parts.clone(), body)
}

fn given_up(response: &Response) -> bool {
    matches!(failure(response).as_deref(), Some(AppError::Domain(error)) if error.may_be_tried_again())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use axum::Router;
    use axum::middleware::from_fn;
    use axum::routing::post;
    use tenants::testing::deadlock;
    use tower::ServiceExt;

    use super::*;

    async fn attempts(kind: &str, failures: u32) -> (u32, u16) {
        let (seen, error) = (Arc::new(AtomicU32::new(0)), Arc::new(deadlock().await));
        let counted = Arc::clone(&seen);
        let handler = async move |body: String| {
            assert_eq!(body, "a=1", "every attempt is sent the same");
            match counted.fetch_add(1, Ordering::SeqCst) < failures {
                true => Err(AppError::from(error())),
                false => Ok("done"),
            }
        };
        let site = Router::new().route("/", post(handler)).layer(from_fn(when_given_up));
        let request = Request::post("/").header(CONTENT_TYPE, kind).body(Body::from("a=1")).unwrap();
        let response = site.oneshot(request).await.unwrap();
        (seen.load(Ordering::SeqCst), response.status().as_u16())
    }

    #[tokio::test]
    async fn what_was_given_up_is_tried_again_and_not_for_ever() {
        assert_eq!(attempts("application/x-www-form-urlencoded", 2).await, (3, 200));
        assert_eq!(attempts("application/json", 100).await, (TRIES, 500));
        assert_eq!(attempts("multipart/form-data; boundary=x", 1).await, (1, 500));
    }
}
