//! A stored file on its way out: whole, or the part that was asked for.

use std::ops::Range;

use axum::body::Body;
use axum::http::header::{
    ACCEPT_RANGES, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    IF_RANGE, RANGE,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use tenants::{Error, files};

use crate::caller::Signed;
use crate::site::encode;
use crate::{App, Result};

/// A stored file as a document of its own: whole, or the range the headers ask for.
pub async fn serve_file(
    app: &App,
    signed: &Signed,
    hash: &str,
    name: &str,
    media_type: Option<&str>,
    headers: Option<&HeaderMap>,
) -> Result<Response> {
    files::refuse_infected(&app.db.read(&signed.caller).await?, hash).await?;
    let length = app.blobs.length(signed.caller.tenant, hash).await?.ok_or(Error::NotFound)?;
    let tag = format!("\"{hash}\"");
    let part = match headers.map_or(Asked::Whole, |headers| asked(headers, length, &tag)) {
        Asked::Nothing => return Ok(unsatisfiable(length)),
        Asked::Part(part) => Some(part),
        Asked::Whole => None,
    };
    let bytes = app.blobs.get(signed.caller.tenant, hash, part.clone()).await?;
    let mut response = Body::from_stream(bytes).into_response();
    if let Some(part) = &part {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        set(&mut response, CONTENT_RANGE, &format!("bytes {}-{}/{length}", part.start, part.end.saturating_sub(1)));
    }
    let sent = part.map_or(length, |part| part.end - part.start);
    set(&mut response, CONTENT_LENGTH, &sent.to_string());
    set(&mut response, CONTENT_TYPE, media_type.unwrap_or("application/octet-stream"));
    set(&mut response, CONTENT_DISPOSITION, &disposition(name, media_type));
    set(&mut response, ACCEPT_RANGES, "bytes");
    set(&mut response, ETAG, &tag);
    set(&mut response, CONTENT_SECURITY_POLICY, policy(media_type));
    Ok(response)
}

fn unsatisfiable(length: u64) -> Response {
    let mut response = StatusCode::RANGE_NOT_SATISFIABLE.into_response();
    set(&mut response, CONTENT_RANGE, &format!("bytes */{length}"));
    set(&mut response, CONTENT_TYPE, "text/html");
    response
}

/// Someone else's document never acts as a page of ours. Browsers show a PDF in a viewer of their own, which a sandbox
/// would keep from starting; being told from its first bytes and never sniffed, it cannot pass for a page.
fn policy(media_type: Option<&str>) -> &'static str {
    match media_type {
        Some("application/pdf") => "default-src 'none'; object-src 'self'; frame-ancestors 'self'",
        _ => "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'self'",
    }
}

fn set(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// RFC 6266: shown in the browser only when it is a PDF or an image.
fn disposition(name: &str, media_type: Option<&str>) -> String {
    let shown = media_type.is_some_and(|kind| kind == "application/pdf" || kind.starts_with("image/"));
    let how = if shown { "inline" } else { "attachment" };
    format!("{how}; filename*=UTF-8''{}", encode(name).replace('/', "%2F"))
}

/// What of a file is asked for.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    Whole,
    Part(Range<u64>),
    /// Only what lies beyond its end.
    Nothing,
}

/// RFC 9110, 14: what is no range of bytes is as good as not sent; several ranges get the whole file, as a server may.
fn asked(headers: &HeaderMap, length: u64, tag: &str) -> Asked {
    // A part of something else than what the reader has would not fit: then the whole.
    if headers.get(IF_RANGE).is_some_and(|known| known.as_bytes() != tag.as_bytes()) {
        return Asked::Whole;
    }
    let text = headers.get(RANGE).and_then(|range| range.to_str().ok());
    let Some(specs) = text.and_then(|text| text.split_once('=')).filter(|(unit, _)| unit.eq_ignore_ascii_case("bytes"))
    else {
        return Asked::Whole;
    };
    let Some(ranges) = specs.1.split(',').map(|spec| one(spec.trim(), length)).collect::<Option<Vec<_>>>() else {
        return Asked::Whole;
    };
    let mut satisfiable = ranges.into_iter().filter(|range| range.start < range.end);
    match (satisfiable.next(), satisfiable.next()) {
        (None, _) => Asked::Nothing,
        (Some(range), None) => Asked::Part(range),
        (Some(_), Some(_)) => Asked::Whole,
    }
}

/// One range within the file, empty where it asks for nothing of it; `None` for what is no range.
fn one(spec: &str, length: u64) -> Option<Range<u64>> {
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        // More digits than fit lie beyond every end.
        digits.then(|| text.parse().unwrap_or(u64::MAX))
    };
    match spec.split_once('-')? {
        ("", last) => Some(length.saturating_sub(number(last)?)..length),
        (from, "") => Some(number(from)?..length),
        (from, to) => {
            let (from, to) = (number(from)?, number(to)?);
            (from <= to).then(|| from..to.saturating_add(1).min(length))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(range: &'static str, expected: Asked) {
        let headers = HeaderMap::from_iter([(RANGE, HeaderValue::from_static(range))]);
        assert_eq!(asked(&headers, 100, "\"a\""), expected, "{range}");
    }

    #[test]
    fn one_range_gets_its_part() {
        check("bytes=0-9", Asked::Part(0..10));
        check("bytes=90-", Asked::Part(90..100));
        check("bytes=-5", Asked::Part(95..100));
        check("bytes=-500", Asked::Part(0..100));
        check("bytes=5-500", Asked::Part(5..100));
        check("BYTES= 5-5 ", Asked::Part(5..6));
        check("bytes=99-99999999999999999999999", Asked::Part(99..100));
        check("bytes=0-0,200-", Asked::Part(0..1));
    }

    #[test]
    fn what_lies_beyond_the_end_is_refused() {
        for range in ["bytes=200-", "bytes=100-100", "bytes=-0", "bytes=200-300,400-", "bytes=99999999999999999999999-"]
        {
            check(range, Asked::Nothing);
        }
        let headers = HeaderMap::from_iter([(RANGE, HeaderValue::from_static("bytes=0-"))]);
        assert_eq!(asked(&headers, 0, "\"a\""), Asked::Nothing);
    }

    #[test]
    fn several_ranges_and_what_is_no_range_get_the_whole() {
        for range in ["bytes=0-1,5-6", "items=1-2", "bytes=9-5", "bytes=a-b", "bytes=", "bytes=-", "bytes=+1-2", "1-2"]
        {
            check(range, Asked::Whole);
        }
        assert_eq!(asked(&HeaderMap::new(), 100, "\"a\""), Asked::Whole);
    }

    #[test]
    fn a_part_of_another_file_is_not_sent() {
        let with = |known| {
            HeaderMap::from_iter([
                (RANGE, HeaderValue::from_static("bytes=0-1")),
                (IF_RANGE, HeaderValue::from_static(known)),
            ])
        };
        assert_eq!(asked(&with("\"a\""), 100, "\"a\""), Asked::Part(0..2));
        assert_eq!(asked(&with("\"b\""), 100, "\"a\""), Asked::Whole);
        assert_eq!(asked(&with("Sat, 29 Oct 2025 19:43:31 GMT"), 100, "\"a\""), Asked::Whole);
    }
}
