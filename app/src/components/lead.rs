//! The top of a page: where it is, its heading, one line about it, and its main acts.

use leptos::prelude::*;

#[component]
pub fn Lead(
    #[prop(into)] title: String,
    #[prop(optional, into)] about: Option<String>,
    /// Tags, links or buttons on the right.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="lead">
            <div class="lead-text">
                <h1>{title}</h1>
                {about.map(|about| view! { <p class="muted">{about}</p> })}
            </div>
            {children.map(|children| view! { <div class="lead-actions">{children()}</div> })}
        </div>
    }
}

/// The way back: `(address, name)` from the top; the page itself is not part of it.
#[component]
pub fn Breadcrumb(#[prop(into)] label: String, steps: Vec<(String, String)>) -> impl IntoView {
    let step = |(href, name)| {
        view! {
            <li>
                <a href=href>{name}</a>
            </li>
        }
    };
    view! {
        <nav class="breadcrumb" aria-label=label>
            <ol>{steps.into_iter().map(step).collect_view()}</ol>
        </nav>
    }
}
