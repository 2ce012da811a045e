//! What the form of this request holds, told apart from what the handler makes of it: whatever refuses the act, a use case,
//! a layer or a failure of ours, can give it back.
//!
//! An ordinary form is read here once and handed on as it came. A form with files streams past, so its handler says what
//! it read ([`note`]); files are never kept, and neither is a password.

use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use http_body_util::Limited;

/// Bytes of an ordinary form.
pub const ORDINARY: usize = 1 << 20;

/// Names and texts in the order they came; one name may come several times.
pub type Fields = Vec<(String, String)>;

tokio::task_local! {
    static TYPED: Typed;
}

#[derive(Clone, Debug, Default)]
pub struct Typed(Arc<Mutex<Fields>>);

impl Typed {
    /// Runs a request under it.
    pub async fn over<F: Future>(&self, request: F) -> F::Output {
        TYPED.scope(self.clone(), request).await
    }

    pub fn fields(&self) -> Fields {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn add(&self, fields: impl IntoIterator<Item = (String, String)>) {
        let kept = fields.into_iter().filter(|(name, _)| !name.contains("password"));
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(kept);
    }
}

/// What was read so far of the form of this request; nothing outside of one.
pub fn current() -> Fields {
    TYPED.try_with(Typed::fields).unwrap_or_default()
}

/// Says what a part of a form with files holds.
pub fn note(name: &str, text: &str) {
    let _ = TYPED.try_with(|typed| typed.add([(name.to_owned(), text.to_owned())]));
}

/// Bytes of all texts.
pub fn size(fields: &Fields) -> usize {
    fields.iter().map(|(name, text)| name.len() + text.len()).sum()
}

/// Reads an ordinary form and leaves the request as it was.
pub async fn read(request: Request) -> Result<Request, Response> {
    if !is(&request, "application/x-www-form-urlencoded") {
        return Ok(request);
    }
    let (head, body) = request.into_parts();
    let bytes = to_bytes(body, ORDINARY).await.map_err(|_| StatusCode::PAYLOAD_TOO_LARGE.into_response())?;
    // What is no form is for the handler to refuse.
    let fields = serde_urlencoded::from_bytes::<Fields>(&bytes).unwrap_or_default();
    let _ = TYPED.try_with(|typed| typed.add(fields));
    Ok(Request::from_parts(head, Body::from(bytes)))
}

/// Reads the texts of a form with files and lets the files go: for an act that is refused before its handler reads anything.
pub async fn read_texts(mut form: Multipart) {
    let mut left = ORDINARY;
    while let Ok(Some(mut field)) = form.next_field().await {
        if field.file_name().is_some() {
            continue;
        }
        let (name, mut bytes) = (field.name().unwrap_or_default().to_owned(), Vec::new());
        while let Ok(Some(piece)) = field.chunk().await {
            if piece.len() > left {
                return;
            }
            left -= piece.len();
            bytes.extend_from_slice(&piece);
        }
        if let Ok(text) = String::from_utf8(bytes) {
            note(&name, &text);
        }
    }
}

/// The same for a request nobody is signed in for, as far as an ordinary form goes.
pub async fn read_texts_of(request: Request) {
    let request = request.map(|body| Body::new(Limited::new(body, ORDINARY)));
    if let Ok(form) = Multipart::from_request(request, &()).await {
        read_texts(form).await;
    }
}

/// Whether the request carries a form with files.
pub fn has_files(request: &Request) -> bool {
    is(request, "multipart/form-data")
}

fn is(request: &Request, kind: &str) -> bool {
    request.headers().get(CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(kind.as_bytes()))
}
