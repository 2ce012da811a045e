//! A labelled field with its hint and, after a failed attempt, what to mend.

use leptos::prelude::*;
use tenants::Problem;

/// The control itself is the child; give it `id=name` and, when there is a problem, `aria-describedby` is not needed:
/// the problem stands inside the label's group.
#[component]
pub fn Field(
    /// Also the control's id.
    #[prop(into)]
    name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] hint: Option<String>,
    /// All problems of the form; those of this field are shown.
    #[prop(optional)]
    problems: Vec<Problem>,
    children: Children,
) -> impl IntoView {
    let mine = problems.into_iter().filter(|problem| problem.field == name);
    let mine = mine.map(|problem| view! { <p class="field-problem">{problem.message}</p> }).collect_view();
    view! {
        <div class="field">
            <label for=name>{label}</label>
            {children()}
            {hint.map(|hint| view! { <p class="field-hint">{hint}</p> })}
            {mine}
        </div>
    }
}

/// All problems in one notice, for the top of a form.
#[component]
pub fn ProblemList(problems: Vec<Problem>) -> impl IntoView {
    let items = |problems: Vec<Problem>| {
        problems.into_iter().map(|problem| view! { <li>{problem.message}</li> }).collect_view()
    };
    (!problems.is_empty()).then(|| {
        view! {
            <div class="notice notice-red" role="alert">
                <ul>{items(problems)}</ul>
            </div>
        }
    })
}
