//! A notice that appears while the browser has no network, so that nobody closes a page with unsaved work.

use leptos::ev;
use leptos::prelude::*;

use crate::texts::Texts;

/// Needs the text `connection-lost`.
#[island]
pub fn ConnectionNotice(texts: Texts) -> impl IntoView {
    let lost = RwSignal::new(false);
    Effect::new(move |_| {
        window_event_listener(ev::offline, move |_| lost.set(true));
        window_event_listener(ev::online, move |_| lost.set(false));
    });
    let message = texts.get("connection-lost");
    view! {
        <p class="connection-notice" role="status" hidden=move || !lost.get()>
            {message}
        </p>
    }
}
