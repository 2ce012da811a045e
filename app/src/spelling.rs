//! What people send, in one spelling before any page reads it: forms, queries and the JSON of islands pass through here on
//! every route; texts of forms with files where their fields are received. See [`engine::text::clean`]. What is typed in an
//! encoding from before Unicode is refused here, field by field, and comes back as it was typed.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, MatchedPath, Request};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use engine::text;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tenants::{Error, Problem, paths};

use crate::caller::Signed;
use crate::{AppError, Result};

/// The layer around every handler.
pub async fn in_one_spelling(mut request: Request, next: Next) -> Response {
    if let Some(uri) = spelled(request.uri()) {
        *request.uri_mut() = uri;
    }
    let Some(kind) = kind(request.headers()) else { return next.run(request).await };
    let (mut parts, body) = request.into_parts();
    // Within the limit of the route, as its own extractor would.
    let bytes = match Bytes::from_request(Request::from_parts(parts.clone(), body), &()).await {
        Ok(bytes) => bytes,
        Err(refused) => return refused.into_response(),
    };
    let cleaned = match kind {
        Kind::Form => pairs(&bytes).map(Bytes::from),
        Kind::Json => json_value(&bytes).map(Bytes::from),
    };
    // Before the door there are names and passwords alone; what is previewed is not kept.
    let is_preview =
        parts.extensions.get::<MatchedPath>().is_some_and(|path| path.as_str() == paths::set_preview::PATH);
    if matches!(kind, Kind::Form) && parts.extensions.get::<Signed>().is_some() && !is_preview {
        let fields = form_urlencoded::parse(cleaned.as_deref().unwrap_or(&bytes));
        if let Err(refused) = in_unicode(fields) {
            return refused.into_response();
        }
    }
    if cleaned.is_some() {
        parts.headers.remove(CONTENT_LENGTH);
    }
    next.run(Request::from_parts(parts, Body::from(cleaned.unwrap_or(bytes)))).await
}

/// A text of a form with files.
pub fn text(bytes: &[u8]) -> Result<String> {
    let sent = std::str::from_utf8(bytes).ok().filter(|text| !text.contains('\0')).ok_or(AppError::Malformed)?;
    Ok(text::clean(sent).into_owned())
}

/// JSON of a form with files.
pub fn json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    let cleaned = json_value(bytes);
    serde_json::from_slice(cleaned.as_deref().unwrap_or(bytes)).map_err(|_| AppError::Malformed)
}

/// Fields whose texts are looked at more closely by who takes them: a table by rows, an answer beside what stands there.
const LOOKED_AT_LATER: [&str; 3] = ["table", "explanation", "claim_reason"];

/// `Err` names the fields of a form that hold TCVN3 or VNI.
pub fn in_unicode<N: AsRef<str>, T: AsRef<str>>(fields: impl IntoIterator<Item = (N, T)>) -> Result<()> {
    let told = fields.into_iter().filter_map(|(name, value)| {
        let (name, value) = (name.as_ref(), value.as_ref());
        let is_ours = !LOOKED_AT_LATER.contains(&name);
        text::refusal(value).filter(|_| is_ours).map(|told| Problem::new(name, &told))
    });
    let problems: Vec<Problem> = told.collect();
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems).into()) }
}

enum Kind {
    Form,
    Json,
}

fn kind(headers: &HeaderMap) -> Option<Kind> {
    let named = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    match named.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        "application/x-www-form-urlencoded" => Some(Kind::Form),
        "application/json" => Some(Kind::Json),
        _ => None,
    }
}

/// The address with its query in one spelling; `None` where it has it already.
fn spelled(uri: &Uri) -> Option<Uri> {
    let query = pairs(uri.query()?.as_bytes())?;
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(format!("{}?{query}", uri.path())).ok()?);
    Uri::from_parts(parts).ok()
}

/// The values of a form or a query cleaned; `None` where nothing changes.
fn pairs(encoded: &[u8]) -> Option<String> {
    if !encoded.iter().any(|byte| *byte == b'%' || !byte.is_ascii()) {
        return None;
    }
    let (mut out, mut changed) = (form_urlencoded::Serializer::new(String::new()), false);
    for (name, value) in form_urlencoded::parse(encoded) {
        let cleaned = text::clean(&value);
        changed |= cleaned != value;
        out.append_pair(&name, &cleaned);
    }
    changed.then(|| out.finish())
}

/// JSON with its texts cleaned; `None` where nothing changes, and for what is no JSON.
fn json_value(bytes: &[u8]) -> Option<Vec<u8>> {
    if bytes.is_ascii() && !bytes.windows(2).any(|pair| pair == b"\\u") {
        return None;
    }
    let mut value: Value = serde_json::from_slice(bytes).ok()?;
    if clean(&mut value) { serde_json::to_vec(&value).ok() } else { None }
}

/// Whether something was not in order.
fn clean(value: &mut Value) -> bool {
    match value {
        Value::String(words) => match text::clean(words) {
            std::borrow::Cow::Owned(cleaned) => {
                let changed = cleaned != *words;
                *words = cleaned;
                changed
            }
            std::borrow::Cow::Borrowed(_) => false,
        },
        Value::Array(all) => all.iter_mut().fold(false, |changed, one| clean(one) | changed),
        Value::Object(all) => all.values_mut().fold(false, |changed, one| clean(one) | changed),
        _ => false,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const MAC: &str = "Tie\u{302}\u{301}ng";

    #[test]
    fn forms_and_queries_come_in_one_spelling() {
        let sent: String =
            form_urlencoded::Serializer::new(String::new()).append_pair("a", MAC).append_pair("b", "1").finish();
        assert_eq!(pairs(sent.as_bytes()).unwrap(), "a=Ti%E1%BA%BFng&b=1");
        assert_eq!((pairs(b"a=1&b=x+y"), pairs(b"a=%C3%A1")), (None, None));
        let uri: Uri = format!("/dien-bien/tim?{sent}").parse().unwrap();
        assert_eq!(spelled(&uri).unwrap(), "/dien-bien/tim?a=Ti%E1%BA%BFng&b=1");
        assert_eq!(pairs(b"q=%00so%E2%80%8B").unwrap(), "q=so");
    }

    #[test]
    fn texts_inside_json_come_in_one_spelling() {
        let sent = serde_json::json!({ "fields": { "a": MAC }, "list": ["x", "\u{200b}"], "revision": 3 }).to_string();
        let read: Value = json(sent.as_bytes()).unwrap();
        assert_eq!(read, serde_json::json!({ "fields": { "a": "Tiếng" }, "list": ["x", ""], "revision": 3 }));
        assert_eq!(
            (json_value(b"{\"a\":1}"), json_value("{\"a\":\"á\"}".as_bytes()), json_value(b"{\\u")),
            (None, None, None)
        );
        assert!(json_value(b"{\"a\":\"e\\u0301\"}").is_some());
    }
}
