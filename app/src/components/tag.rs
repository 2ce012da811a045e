//! A state in words on a coloured ground; the words carry it, the colour helps.

use leptos::prelude::*;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TagKind {
    #[default]
    Plain,
    Quiet,
    /// Needs attention.
    Gold,
    /// Wrong, refused or down.
    Red,
    /// Done, accepted or up.
    Green,
}

#[component]
pub fn Tag(#[prop(optional)] kind: TagKind, #[prop(into)] text: String) -> impl IntoView {
    let class = match kind {
        TagKind::Plain => "tag",
        TagKind::Quiet => "tag tag-quiet",
        TagKind::Gold => "tag tag-gold",
        TagKind::Red => "tag tag-red",
        TagKind::Green => "tag tag-green",
    };
    view! { <span class=class>{text}</span> }
}
