//! A table in a card that scrolls sideways by itself on narrow screens, by keyboard too.

use leptos::prelude::*;

/// Children are `<thead>` and `<tbody>`. Numbers get `class="num"`. On a narrow screen nothing is left
/// out: cells with a `data-label` stand below the others of their row, each behind its label.
#[component]
pub fn Table(
    /// What the table shows, for those who cannot see it.
    #[prop(into)]
    label: String,
    /// On narrow screens each row becomes a small block: its first two cells side by side, the others below.
    #[prop(optional)]
    blocks: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="card table" role="region" aria-label=label tabindex="0">
            <table class:blocks=blocks>{children()}</table>
        </div>
    }
}
