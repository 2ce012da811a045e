//! The interactive parts of the pages: the only crate that is also compiled for the browser.
//!
//! An island gets plain data and its [`texts::Texts`] as props, renders the same on the server and in the browser,
//! and speaks to the server through JSON endpoints. It computes no score.

pub mod score_desk;
pub mod text_area;
pub mod texts;

/// Called once by the loader before the islands on the page are hydrated.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
