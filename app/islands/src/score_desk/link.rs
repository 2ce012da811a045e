//! The way to the server: fetch, timers, the warning before leaving. On the server itself none of it runs.

use serde::Deserialize;
use tenants::assessments::{SaveAnswer, Saved};
use tenants::desk::Row;
use tenants::ids::{AssessmentId, EvidenceId};
use tenants::{Problem, paths};

/// Why something was not done.
#[derive(Clone, Debug, PartialEq)]
pub enum Failure {
    NoNetwork,
    SignedOut,
    /// Somebody saved first.
    Stale,
    Refused {
        message: String,
        problems: Vec<Problem>,
    },
}

#[derive(Deserialize)]
struct Envelope {
    error: Told,
}

#[derive(Deserialize)]
struct Told {
    kind: String,
    message: String,
    problems: Vec<Problem>,
}

/// `viewer` typed it: signed in meanwhile as somebody else, nothing is saved in that name.
pub async fn save(sheet: AssessmentId, viewer: &str, answer: &SaveAnswer) -> Result<Saved, Failure> {
    let request = gloo_net::http::Request::post(&paths::desk_save(sheet));
    let request = request.header(tenants::sheets::VIEWER, viewer);
    let request = request.header("Accept", "application/json").json(answer).map_err(|_| Failure::NoNetwork)?;
    read(request.send().await).await
}

pub async fn row(sheet: AssessmentId, code: &str) -> Result<Row, Failure> {
    let request = gloo_net::http::Request::get(&paths::row(sheet, code));
    read(request.header("Accept", "application/json").send().await).await
}

/// Sends a form of evidence as the browser built it.
#[cfg(feature = "hydrate")]
pub async fn attach(sheet: AssessmentId, code: &str, form: web_sys::FormData) -> Result<Row, Failure> {
    let request = gloo_net::http::Request::post(&paths::evidence_attach(sheet, code));
    let request = request.header("Accept", "application/json").body(form).map_err(|_| Failure::NoNetwork)?;
    read(request.send().await).await
}

/// One piece of a file of so many bytes; answers the hash it is known by.
#[cfg(feature = "hydrate")]
pub async fn piece(sheet: AssessmentId, code: &str, piece: &web_sys::Blob, whole: u32) -> Result<String, Failure> {
    let request = gloo_net::http::Request::post(&paths::row_piece(sheet, code));
    let request = request.header(tenants::files::WHOLE, &whole.to_string());
    let request = request.header("Accept", "application/json").body(piece).map_err(|_| Failure::NoNetwork)?;
    read(request.send().await).await
}

/// Waits, as a future.
#[cfg(feature = "hydrate")]
pub async fn pause(milliseconds: u64) {
    let (told, waiting) = futures::channel::oneshot::channel();
    after(milliseconds, move || {
        let _ = told.send(());
    });
    let _ = waiting.await;
}

pub async fn detach(sheet: AssessmentId, code: &str, evidence: EvidenceId) -> Result<Row, Failure> {
    let address = paths::evidence_detach(sheet, code, evidence);
    read(gloo_net::http::Request::post(&address).header("Accept", "application/json").send().await).await
}

async fn read<T: for<'de> Deserialize<'de>>(
    response: Result<gloo_net::http::Response, gloo_net::Error>,
) -> Result<T, Failure> {
    let response = response.map_err(|_| Failure::NoNetwork)?;
    if response.ok() {
        return response.json().await.map_err(|_| Failure::NoNetwork);
    }
    // A proxy's error page is no word of ours: the save may be tried again.
    let told: Envelope = response.json().await.map_err(|_| Failure::NoNetwork)?;
    Err(match told.error.kind.as_str() {
        "signed-out" => Failure::SignedOut,
        "stale" => Failure::Stale,
        "busy" | "internal" | "database-away" => Failure::NoNetwork,
        _ => Failure::Refused { message: told.error.message, problems: told.error.problems },
    })
}

/// Runs something later.
pub fn after(milliseconds: u64, act: impl FnOnce() + 'static) {
    leptos::prelude::set_timeout(act, std::time::Duration::from_millis(milliseconds));
}

/// Asks before the page is left while `unsaved` says so.
pub fn warn_before_leaving(unsaved: impl Fn() -> bool + 'static) {
    leptos::prelude::window_event_listener(leptos::ev::beforeunload, move |event| {
        if unsaved() {
            event.prevent_default();
        }
    });
}

/// Runs when the browser shows the page as it was left, instead of asking for it.
pub fn when_shown_again(act: impl Fn() + 'static) {
    leptos::prelude::window_event_listener_untyped("pageshow", move |event| {
        let shown = wasm_bindgen::JsCast::dyn_into::<web_sys::PageTransitionEvent>(event);
        if shown.is_ok_and(|shown| shown.persisted()) {
            act();
        }
    });
}

/// Asks for the page as it is now.
pub fn reload() {
    // A browser that refuses leaves the page as it was: what is saved from it is checked against its revision.
    let _ = leptos::prelude::window().location().reload();
}
