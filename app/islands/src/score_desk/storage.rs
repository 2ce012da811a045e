//! What is typed and not yet saved, kept in the browser: a dead connection or a closed page loses nothing.

use leptos::prelude::window;
use tenants::assessments::SaveAnswer;
use tenants::ids::AssessmentId;

fn key(sheet: AssessmentId, code: &str) -> String {
    format!("thuoc:{sheet}:{code}")
}

fn store() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

pub fn keep(sheet: AssessmentId, answer: &SaveAnswer) {
    if let (Some(store), Ok(text)) = (store(), serde_json::to_string(answer)) {
        // A full or forbidden store costs only this safety net.
        let _ = store.set_item(&key(sheet, &answer.code), &text);
    }
}

pub fn forget(sheet: AssessmentId, code: &str) {
    if let Some(store) = store() {
        let _ = store.remove_item(&key(sheet, code));
    }
}

pub fn kept(sheet: AssessmentId, code: &str) -> Option<SaveAnswer> {
    let text = store()?.get_item(&key(sheet, code)).ok().flatten()?;
    serde_json::from_str(&text).ok()
}
