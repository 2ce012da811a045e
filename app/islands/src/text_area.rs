//! The one place where a `<textarea>` is written.

use leptos::prelude::*;

/// A text field of several lines. The renderer does not escape the children of a `<textarea>`, so that a text with
/// `</textarea>` in it would go on as markup of the page: no other code writes this element.
///
/// Further attributes, properties and events are given as to any component: `attr:placeholder=…`, `on:input=…`.
#[component]
pub fn TextArea(
    #[prop(optional, into)] id: Option<String>,
    #[prop(into)] name: String,
    /// What it holds at first.
    #[prop(optional, into)]
    text: String,
    rows: u8,
    /// Characters.
    #[prop(optional)]
    maxlength: Option<u32>,
    #[prop(optional)] required: bool,
    /// The form it belongs to, where that is not the one around it.
    #[prop(optional, into)]
    form: Option<String>,
) -> impl IntoView {
    let content = content(&text);
    view! { <textarea id=id name=name form=form rows=rows.to_string() maxlength=maxlength.map(|most| most.to_string()) required=required inner_html=content></textarea> }
}

/// A text as the content of the element. The first line break after the opening tag belongs to the tag.
fn content(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    if escaped.starts_with(['\n', '\r']) { format!("\n{escaped}") } else { escaped }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    fn check(text: &str, inside: &str) {
        let html = view! { <TextArea name="n" text=text rows=2 attr:placeholder="\"><i>"/> }.to_html();
        let at = html.find('>').map(|at| html.split_at(at + 1));
        assert_eq!(at.map(|(_, rest)| rest), Some(&*format!("{inside}</textarea>")), "{html}");
    }

    #[test]
    fn a_text_stays_a_text() {
        check("</textarea><i id=x>", "&lt;/textarea&gt;&lt;i id=x&gt;");
        check("a & b &lt;", "a &amp; b &amp;lt;");
        check("\nhai dòng\n", "\n\nhai dòng\n");
        check("", "");
    }
}
