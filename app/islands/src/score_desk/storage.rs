//! What is typed and not yet saved, kept in the browser: a dead connection or a closed page loses nothing.

use leptos::prelude::window;
use tenants::assessments::SaveAnswer;

fn store() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

pub fn keep(place: &str, answer: &SaveAnswer) {
    if let (Some(store), Ok(text)) = (store(), serde_json::to_string(answer)) {
        // A full or forbidden store costs only this safety net.
        let _ = store.set_item(place, &text);
    }
}

pub fn forget(place: &str) {
    if let Some(store) = store() {
        let _ = store.remove_item(place);
    }
}

pub fn kept(place: &str) -> Option<SaveAnswer> {
    let text = store()?.get_item(place).ok().flatten()?;
    serde_json::from_str(&text).ok()
}
