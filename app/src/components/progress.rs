//! A bar with its words: never the bar alone.

use leptos::prelude::*;

#[component]
pub fn Progress(
    done: usize,
    of: usize,
    /// "22/35 chỉ số đã xong"
    #[prop(into)]
    text: String,
) -> impl IntoView {
    view! {
        <div class="progress">
            <progress max=of.max(1) value=done aria-label=text.clone()></progress>
            <small class="muted">{text}</small>
        </div>
    }
}
