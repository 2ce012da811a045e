//! A white card, and the row of figures that heads a page.

use leptos::prelude::*;

#[component]
pub fn Card(children: Children) -> impl IntoView {
    view! { <div class="card card-padded stack">{children()}</div> }
}

/// One figure: what it is, and the formatted number.
#[derive(Clone, Debug)]
pub struct Fact {
    pub label: String,
    pub value: String,
}

#[component]
pub fn StatFacts(facts: Vec<Fact>) -> impl IntoView {
    let fact = |fact: Fact| {
        view! {
            <div class="card fact">
                <dt>{fact.label}</dt>
                <dd>{fact.value}</dd>
            </div>
        }
    };
    view! { <dl class="facts">{facts.into_iter().map(fact).collect_view()}</dl> }
}
