//! The message left by the act before this page.

use leptos::prelude::*;

use crate::session::{self, FlashKind};

#[component]
pub fn Flash(flash: session::Flash) -> impl IntoView {
    let class = match flash.kind {
        FlashKind::Done => "notice notice-green",
        FlashKind::Attention => "notice notice-gold",
        FlashKind::Problem => "notice notice-red",
    };
    view! {
        <p class=class role="status">
            {flash.text}
        </p>
    }
}
