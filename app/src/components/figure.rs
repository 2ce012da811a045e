//! One figure of an indicator as a plain form field, named `f-` and its name: a number, yes or no, or a level.

use engine::InputKind;
use leptos::prelude::*;
use tenants::Problem;
use tenants::sheets::Field;

use crate::text::t;

#[component]
pub fn FigureField(id: String, field: Field, value: String, problems: Vec<Problem>) -> impl IntoView {
    let name = format!("f-{}", field.name);
    let choices = match &field.kind {
        InputKind::YesNo => vec![(t("desk-yes"), "true".to_owned()), (t("desk-no"), "false".to_owned())],
        InputKind::Level(all) => all.iter().map(|one| (one.label.clone(), one.value.to_string())).collect(),
        _ => Vec::new(),
    };
    let wrong = problems.iter().filter(|problem| problem.field == field.name);
    let wrong = wrong.map(|problem| view! { <p class="field-problem">{problem.message.clone()}</p> }).collect_view();
    let control = if choices.is_empty() {
        view! { <input id=id.clone() class="num" name=name inputmode="decimal" value=value/> }.into_any()
    } else {
        let option = move |(shown, text): (String, String)| {
            let selected = text == value;
            view! { <option value=text selected=selected>{shown}</option> }
        };
        let options = choices.into_iter().map(option).collect_view();
        view! { <select id=id.clone() name=name><option value="">"–"</option>{options}</select> }.into_any()
    };
    view! {
        <div class="field">
            <label for=id>{field.label}</label>
            {control}
            {wrong}
        </div>
    }
}

/// A figure in words: yes/no is stored as true/false.
pub fn figure(text: &str) -> String {
    match text {
        "" => "–".into(),
        "true" => t("desk-yes"),
        "false" => t("desk-no"),
        other => other.to_owned(),
    }
}
