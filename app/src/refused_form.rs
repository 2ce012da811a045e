//! Forms that were refused. Whatever a use case refuses, the person is led back to the page the form stood on: what was
//! typed stands in its place again with what to mend (`refill`), and reloading sends nothing twice.
//!
//! Nothing is asked of handlers or pages: a handler ends with the error, [`give_back`] stands around every form of the
//! site map and keeps what was typed in the session, beside the message. Where there is no page to lead back to (no
//! permission, not there any more, a failure of ours) the error page shows what was typed. Where the session has ended it
//! travels through the sign-in page in the browser, so nobody unknown makes the server keep anything.

use axum::extract::{MatchedPath, Request, State};
use axum::http::StatusCode;
use axum::http::header::{HOST, REFERER};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tenants::ids::AccountId;
use tenants::{Error, Problem, paths};
use tower_sessions::Session;

use crate::error::{self, wants_json};
use crate::session::{self, Flash, FlashKind};
use crate::site::Places;
use crate::text::t;
use crate::typed::{self, Fields};
use crate::{App, AppError, Config, pages, refill};

/// Bytes of a form that are kept for the next page; what is longer is shown at once.
const LARGEST: usize = 256 << 10;

/// What one form held.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Where the form is sent.
    pub action: String,
    pub fields: Fields,
    #[serde(default)]
    pub problems: Vec<Problem>,
    /// There were files, which have to be chosen again.
    #[serde(default)]
    pub files: bool,
}

/// A form sent after its session had ended, as the sign-in page carries it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    kept: Kept,
    /// The page it stood on.
    back: String,
    whose: String,
}

/// Travels with a failure to the error page: the page the form stood on.
#[derive(Clone)]
pub struct Back(pub String);

/// Around every form: what is refused goes back to its page.
pub async fn give_back(State(app): State<App>, session: Session, request: Request, next: Next) -> Response {
    if wants_json(request.headers()) {
        return next.run(request).await;
    }
    let (back, files) = (back(&app.config, &request), typed::has_files(&request));
    let (action, whose) = (request.uri().path().to_owned(), mark_in(&request));
    let unread = files && matches!(session::seat(&session).await, Ok(None));
    let mut response = match typed::read(request).await {
        Err(refused) => return refused,
        // Nobody will read it: the door is before the handler.
        Ok(request) if unread => {
            typed::read_texts_of(request).await;
            AppError::SignedOut.into_response()
        }
        Ok(request) => next.run(request).await,
    };
    let Some(failure) = error::failure(&response) else {
        // A page, or a form that the framework could not read.
        response.extensions_mut().insert(Back(back));
        return response;
    };
    let kept = Kept { action, fields: typed::current(), problems: Vec::new(), files };
    let fits = typed::size(&kept.fields) <= LARGEST;
    if fits && matches!(*failure, AppError::SignedOut) {
        let waiting = whose.map(|whose| Waiting { kept, back: back.clone(), whose });
        let page = pages::account::sign_in::ended(&app, &back, waiting);
        return (StatusCode::UNAUTHORIZED, page).into_response();
    }
    if let (true, Some((text, problems))) = (fits, refusal(&failure)) {
        let kept = Some(Kept { problems, ..kept });
        if session::leave(&session, Flash { kind: FlashKind::Problem, text, kept }).await.is_ok() {
            return Redirect::to(&format!("{back}#{}", refill::ANCHOR)).into_response();
        }
    }
    response.extensions_mut().insert(Back(back));
    response
}

/// What to say about an act that was refused for what was typed, or for what became of its object meanwhile. Nothing
/// for other errors: they do not lead back.
fn refusal(failure: &AppError) -> Option<(String, Vec<Problem>)> {
    let error = match failure {
        AppError::Domain(error) => error,
        AppError::Malformed => return Some((t("error-malformed-text"), Vec::new())),
        _ => return None,
    };
    match error {
        Error::Invalid(problems) => {
            let told = problems.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>().join(" ");
            Some((told, problems.clone()))
        }
        Error::Stale => Some((t("form-stale"), Vec::new())),
        Error::Closed { .. } | Error::Conflict(_) => Some((error::message(error), Vec::new())),
        _ => None,
    }
}

/// The page a form stood on: the one the browser names, where it is a page of ours, else the nearest above the form's
/// address.
fn back(config: &Config, request: &Request) -> String {
    let places = request.extensions().get::<Places>().cloned().unwrap_or_default();
    let pattern = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let text = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let ours = |referer: &str| {
        let (_, rest) = referer.split_once("://")?;
        let (host, path) = rest.split_at(rest.find('/')?);
        let public = config.public_url.as_deref().and_then(|url| url.split_once("://"));
        (Some(host) == text(HOST) || public.is_some_and(|(_, public)| public == host)).then(|| path.to_owned())
    };
    let named = text(REFERER).and_then(ours).map(|path| path.split('#').next().unwrap_or_default().to_owned());
    named.filter(|path| places.is_page(path)).unwrap_or_else(|| places.above(pattern, request.uri().path()))
}

/// The cookie that says who signed in here last, so that what one person typed is never given to another. It opens nothing.
pub const LAST: &str = "thuoc_last";

/// Who signed in, as the cookie says it.
pub fn mark(account: AccountId) -> String {
    let digest = Sha256::digest(format!("last signed in: {account}"));
    tenants::store::hex(&digest[..16])
}

fn mark_in(request: &Request) -> Option<String> {
    CookieJar::from_headers(request.headers()).get(LAST).map(|cookie| cookie.value().to_owned())
}

impl Waiting {
    pub fn read(text: &str) -> Option<Waiting> {
        serde_json::from_str(text).ok().filter(|waiting: &Waiting| typed::size(&waiting.kept.fields) <= LARGEST)
    }

    pub fn write(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Signed in again: gives the form back to the person who typed it and says where it stands; tells anybody else that
    /// it is gone.
    pub async fn resume(self, session: &Session, account: AccountId) -> crate::Result<String> {
        let (text, kept, target) = if self.whose == mark(account) {
            (t("kept-again"), Some(self.kept), format!("{}#{}", self.back, refill::ANCHOR))
        } else {
            (t("kept-another"), None, paths::start::PATH.to_owned())
        };
        session::leave(session, Flash { kind: FlashKind::Attention, text, kept }).await?;
        Ok(target)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use axum::body::Body;

    use super::*;

    fn check(referer: &str, expected: &str) {
        let mut config = Config::embedded("unused".into());
        config.public_url = Some("https://thuoc.example.vn".into());
        let request = Request::post("/lam-viec/ky/1/han").header(HOST, "127.0.0.1:80").header(REFERER, referer);
        let mut request = request.body(Body::empty()).unwrap();
        request.extensions_mut().insert(Places::of(["/lam-viec/ky", "/lam-viec/ky/{period}"]));
        assert_eq!(back(&config, &request), expected, "{referer}");
    }

    #[test]
    fn one_is_led_back_to_pages_of_ours_alone() {
        check("http://127.0.0.1:80/lam-viec/ky/7?trang=2", "/lam-viec/ky/7?trang=2");
        check("https://thuoc.example.vn/lam-viec/ky#x", "/lam-viec/ky");
        check("https://evil.example/lam-viec/ky", "/lam-viec");
        check("http://127.0.0.1:80//evil.example", "/lam-viec");
        check("http://127.0.0.1:80/lam-viec/ky/7/khac", "/lam-viec");
    }
}
