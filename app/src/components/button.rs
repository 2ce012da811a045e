//! The submit button of a form. A link that looks like a button is `<a class="button">`.

use leptos::prelude::*;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// The one main act of a screen.
    Primary,
    #[default]
    Plain,
    /// Beside what it acts on.
    Quiet,
    /// Takes something away.
    Danger,
}

impl ButtonKind {
    pub fn class(self) -> &'static str {
        match self {
            ButtonKind::Primary => "button button-primary",
            ButtonKind::Plain => "button",
            ButtonKind::Quiet => "button button-quiet",
            ButtonKind::Danger => "button button-danger",
        }
    }
}

/// `name` and `value` tell the handler which of several buttons was pressed.
#[component]
pub fn Button(
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional, into)] name: Option<String>,
    #[prop(optional, into)] value: Option<String>,
    children: Children,
) -> impl IntoView {
    view! {
        <button type="submit" class=kind.class() name=name value=value>
            {children()}
        </button>
    }
}
