//! What is said about a form that was refused, and what was typed where the form itself is gone.

use leptos::prelude::*;
use tenants::Problem;

use crate::refill::ANCHOR;
use crate::session::{self, FlashKind};
use crate::text::t;
use crate::typed::Fields;

/// The notice of a form. Problems that stand at their fields are only pointed to.
#[component]
pub fn Refused(
    flash: session::Flash,
    /// Those that stand at no field.
    problems: Vec<Problem>,
    /// The form's id, where the notice stands apart from it.
    apart: Option<String>,
    /// Files were sent with the form.
    files: bool,
) -> impl IntoView {
    let class = match flash.kind {
        FlashKind::Done => "notice notice-green",
        FlashKind::Attention => "notice notice-gold",
        FlashKind::Problem => "notice notice-red",
    };
    let refused = flash.kept.is_some_and(|kept| !kept.problems.is_empty());
    let told = match (refused, problems.is_empty()) {
        (true, true) => t("kept-marked"),
        (true, false) => problems.into_iter().map(|problem| problem.message).collect::<Vec<_>>().join(" "),
        (false, _) => flash.text,
    };
    view! {
        <div class=class id=ANCHOR role="alert" tabindex="-1">
            <p>{told}</p>
            {files.then(|| view! { <p>{t("kept-files")}</p> })}
            {apart.map(|id| view! { <p><a href=format!("#{id}")>{t("kept-to-form")}</a></p> })}
        </div>
    }
}

/// The texts of a form, to be copied. What a person never saw, such as an id or a revision, is left out.
#[component]
pub fn WhatWasTyped(typed: Fields) -> impl IntoView {
    let texts: Vec<String> =
        typed.into_iter().filter(|(name, text)| is_typed(name, text)).map(|(_, text)| text).collect();
    (!texts.is_empty()).then(|| {
        view! {
            <div class="card card-padded typed">
                <p class="muted">{t("kept-typed")}</p>
                {texts.into_iter().map(|text| view! { <p class="said">{text}</p> }).collect_view()}
            </div>
        }
    })
}

fn is_typed(name: &str, text: &str) -> bool {
    let hidden = name.starts_with("was-") || matches!(name, "revision" | "back" | "act" | "at" | "code");
    !hidden && !text.trim().is_empty() && uuid::Uuid::try_parse(text).is_err()
}
