//! Errors as people see them: a page (or JSON, for scripts) that says what to do, and a code for ours.
//!
//! A handler returns [`AppError`]; [`present`] turns it, and every bare refusal of the framework, into the answer.
//! Inner words stay inside: the chain of an internal error is logged once under the code that the person is shown.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::json;
use tenants::error::Part;
use tenants::{Error, Problem};

use crate::refused_form::Back;
use crate::text::{t, t_with};
use crate::typed::Typed;
use crate::{App, format, render, site};

pub type Result<T, E = AppError> = std::result::Result<T, E>;

#[derive(Debug)]
pub enum AppError {
    /// Nobody is signed in: a page leads to the sign-in page and back.
    SignedOut,
    /// The request came from another site or is not one of ours.
    Refused,
    /// The form or the address is not one this version sends.
    Malformed,
    Domain(Error),
}

impl From<Error> for AppError {
    fn from(error: Error) -> AppError {
        AppError::Domain(error)
    }
}

impl AppError {
    /// A failure of ours that no person can mend.
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> AppError {
        AppError::Domain(Error::internal(cause))
    }
}

/// Travels with the bare response to [`present`].
#[derive(Clone)]
struct Failure(Arc<AppError>);

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        let mut response = status(&self).into_response();
        response.extensions_mut().insert(Failure(Arc::new(self)));
        response
    }
}

/// The error a response stands for, until [`present`] has told it.
pub fn failure(response: &Response) -> Option<Arc<AppError>> {
    response.extensions().get::<Failure>().map(|failure| failure.0.clone())
}

fn status(error: &AppError) -> StatusCode {
    match error {
        AppError::SignedOut => StatusCode::UNAUTHORIZED,
        AppError::Refused => StatusCode::FORBIDDEN,
        AppError::Malformed => StatusCode::BAD_REQUEST,
        AppError::Domain(error) => match error {
            Error::NotFound => StatusCode::NOT_FOUND,
            Error::Forbidden | Error::Unseated { .. } => StatusCode::FORBIDDEN,
            Error::Stale | Error::Closed { .. } | Error::Conflict(_) => StatusCode::CONFLICT,
            Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Error::Away { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Error::Mismatch(_) | Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        },
    }
}

/// What is told: a stable kind for scripts, words for people.
pub struct Told {
    kind: &'static str,
    pub title: String,
    pub message: String,
    pub problems: Vec<Problem>,
}

/// What a refusal says in one message.
pub fn message(error: &Error) -> String {
    tell_domain(error, "").message
}

/// Replaces refusals by an answer for people or scripts. Pages that a handler wrote itself pass untouched.
pub async fn present(State(app): State<App>, request: Request, next: Next) -> Response {
    let json = wants_json(request.headers());
    let target = site::way_back(&request);
    let code = site::request_code(&request);
    let typed = Typed::default();
    let response = typed.over(next.run(request)).await;
    let (status, failure) = (response.status(), failure(&response));
    if !status.is_client_error() && !status.is_server_error() || failure.is_none() && written_by_handler(&response) {
        return response;
    }
    if matches!(failure.as_deref(), Some(AppError::SignedOut)) && !json {
        return Redirect::to(&site::sign_in_address(target.as_deref())).into_response();
    }
    let told = tell(failure.as_deref(), status, &code);
    let mut answer = if json {
        let error = json!({ "kind": told.kind, "message": told.message, "problems": told.problems });
        (status, Json(json!({ "error": error }))).into_response()
    } else {
        let back = response.extensions().get::<Back>().map(|back| back.0.clone());
        (status, render::error_page(&app, told, typed.fields(), back)).into_response()
    };
    if status == StatusCode::SERVICE_UNAVAILABLE {
        answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static(SOON));
    }
    answer
}

/// Seconds after which something that is away is asked for again.
const SOON: &str = "5";

pub fn wants_json(headers: &HeaderMap) -> bool {
    let names_json = |name| headers.get(name).is_some_and(|value| value.as_bytes().starts_with(b"application/json"));
    names_json(ACCEPT) || names_json(CONTENT_TYPE)
}

fn written_by_handler(response: &Response) -> bool {
    let kind = response.headers().get(CONTENT_TYPE).map_or(&b""[..], |value| value.as_bytes());
    kind.starts_with(b"text/html") || kind.starts_with(b"application/json")
}

fn tell(failure: Option<&AppError>, status: StatusCode, code: &str) -> Told {
    match failure {
        Some(AppError::SignedOut) => told("signed-out"),
        Some(AppError::Refused) => told("refused"),
        Some(AppError::Malformed) => told("malformed"),
        Some(AppError::Domain(error)) => tell_domain(error, code),
        None => match status {
            StatusCode::NOT_FOUND => told("not-found"),
            StatusCode::PAYLOAD_TOO_LARGE => told("too-large"),
            StatusCode::SERVICE_UNAVAILABLE => told("busy"),
            _ if status.is_client_error() => told("malformed"),
            _ => internal(code),
        },
    }
}

fn tell_domain(error: &Error, code: &str) -> Told {
    match error {
        Error::NotFound => told("not-found"),
        Error::Forbidden => told("forbidden"),
        Error::Unseated { by } => {
            let by = if by.is_empty() { t("role-period_manager") } else { by.join(", ") };
            let message = t_with("error-unseated-text", [("by", by.into())]);
            Told { kind: "unseated", title: t("error-unseated"), message, problems: Vec::new() }
        }
        Error::Stale => told("stale"),
        Error::Closed { until: None } => told("closed"),
        Error::Closed { until: Some(until) } => {
            let message = t_with("error-closed-since", [("until", format::moment(*until).into())]);
            Told { message, ..told("closed") }
        }
        Error::Invalid(problems) => Told { problems: problems.clone(), ..told("invalid") },
        Error::Conflict(message) => Told { message: message.clone(), ..told("conflict") },
        Error::Away { part, cause } => {
            if let Some(cause) = cause {
                tracing::warn!(code, error = chain(cause.as_ref()), "{part} does not answer");
            }
            match part {
                Part::Database => told("database-away"),
                Part::Files => told("files-away"),
            }
        }
        Error::Mismatch(what) => {
            tracing::error!(code, what, "stored content does not match its hash; `thuoc verify` names all there is");
            Told { message: t_with("error-mismatch-text", [("code", code.into())]), ..told("mismatch") }
        }
        Error::Internal(cause) => {
            tracing::error!(code, error = chain(cause.as_ref()), "internal error");
            internal(code)
        }
    }
}

fn internal(code: &str) -> Told {
    Told { message: t_with("error-internal-text", [("code", code.into())]), ..told("internal") }
}

fn told(kind: &'static str) -> Told {
    let (title, message) = (t(&format!("error-{kind}")), t(&format!("error-{kind}-text")));
    Told { kind, title, message, problems: Vec::new() }
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}
