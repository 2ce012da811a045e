//! One figure to enter: a number, yes or no, or one of several levels.

use engine::{Choice, InputKind, Provider};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use tenants::sheets::Field;

use super::state::{DeskState, RowState};
use crate::texts::Texts;

#[component]
pub fn FieldInput(row: RowState, field: Field) -> impl IntoView {
    let state = expect_context::<DeskState>();
    let texts = expect_context::<Texts>();
    let id = format!("f-{}-{}", row.code(), field.name);
    let problem = {
        let name = field.name.clone();
        move || row.problems.with(|all| all.iter().find(|one| one.field == name).map(|one| one.message.clone()))
    };
    let note = match field.provider {
        Provider::Authority => Some(texts.get("desk-by-authority")),
        Provider::Survey => Some(texts.get("desk-by-survey")),
        Provider::Feed => Some(texts.get("desk-by-feed")),
        Provider::Unit => field.shared.then(|| texts.get("desk-shared")),
    };
    let control = match field.kind.clone() {
        InputKind::YesNo => view! { <YesNo state row name=field.name.clone() id=id.clone()/> }.into_any(),
        InputKind::Level(choices) => {
            view! { <Level state row name=field.name.clone() id=id.clone() choices/> }.into_any()
        }
        kind => view! { <Number state row name=field.name.clone() id=id.clone() kind/> }.into_any(),
    };
    let (shown, told) = (problem.clone(), problem);
    let was = field.shared.then(|| {
        view! { <input type="hidden" name=format!("was-{}", field.name) value=field.value.clone()/> }
    });
    let last = state.last_value(row, &field.name).map(|(year, value)| {
        view! { <LastValue state row field=field.clone() year value/> }
    });
    view! {
        <label class="desk-label" for=id.clone() id=format!("{id}-label")>
            {field.label}
            {note.map(|note| view! { <small class="muted block">{note}</small> })}
        </label>
        <div class="desk-control">
            {was}
            {control}
            {last}
            <p class="field-problem" id=format!("{id}-problem") hidden=move || shown().is_none()>{told}</p>
        </div>
    }
}

/// What the figure was last year, and the way to take it over as it was.
#[component]
fn LastValue(state: DeskState, row: RowState, field: Field, year: i32, value: String) -> impl IntoView {
    let texts = expect_context::<Texts>();
    let shown = match &field.kind {
        InputKind::YesNo => texts.get(if value == "true" { "desk-yes" } else { "desk-no" }),
        InputKind::Level(choices) => {
            let chosen = choices.iter().find(|choice| choice.value.to_string() == value);
            chosen.map_or_else(|| value.clone(), |choice| choice.label.clone())
        }
        _ => value.clone(),
    };
    let year = year.to_string();
    let told = texts.with("desk-last-year", &[("year", &year), ("value", &shown)]);
    let label = texts.with("desk-take-last-of", &[("label", &field.label), ("value", &shown)]);
    let name = field.name.clone();
    let filled = {
        let name = name.clone();
        move || !state.alive.get() || !row.shown(&name).is_empty()
    };
    let take = move |_| {
        state.typed(row, &name, value.clone());
        state.save(row);
    };
    view! {
        <small class="muted last-year">
            {told}
            {state.writes(row).then(|| view! {
                <button class="button button-quiet" type="button" aria-label=label hidden=filled on:click=take>{texts.get("desk-take-last")}</button>
            })}
        </small>
    }
}

#[component]
fn Number(state: DeskState, row: RowState, name: String, id: String, kind: InputKind) -> impl IntoView {
    let texts = expect_context::<Texts>();
    let suffix = match kind {
        InputKind::Money => Some(texts.get("desk-dong")),
        InputKind::Percent => Some("%".to_owned()),
        _ => None,
    };
    let described = format!("{id}-problem");
    let (shown, typed) = (name.clone(), name.clone());
    let invalid = {
        let name = name.clone();
        move || row.problems.with(|all| all.iter().any(|one| one.field == name)).then_some("true")
    };
    view! {
        <input
            id=id
            class="num"
            type="text"
            inputmode="decimal"
            autocomplete="off"
            name=format!("f-{name}")
            disabled=!state.writes(row)
            aria-describedby=described
            aria-invalid=invalid
            value=row.shown_now(&name)
            prop:value=move || row.shown(&shown)
            on:focus=move |_| state.focus(row)
            on:input=move |event| state.typed(row, &typed, event_target_value(&event))
            on:change=move |_| state.save(row)
        />
        {suffix.map(|suffix| view! { <span class="muted">{suffix}</span> })}
    }
}

/// Enter goes on to the next figure, as in a spreadsheet, instead of sending the form. For the whole form of an indicator:
/// whatever has Enter send it, a figure, a choice or a reason, does not.
pub fn next_on_enter(event: KeyboardEvent) {
    use wasm_bindgen::JsCast;
    let here = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
    let Some(here) = here.filter(|_| event.key() == "Enter" && !event.is_composing()) else { return };
    if matches!(here.type_().as_str(), "submit" | "button" | "file" | "checkbox") {
        return;
    }
    event.prevent_default();
    let Ok(fields) = document().query_selector_all(FIGURES) else { return };
    let fields: Vec<_> =
        (0..fields.length()).filter_map(|place| fields.item(place)?.dyn_into::<web_sys::HtmlElement>().ok()).collect();
    let position = fields.iter().position(|field| field.is_same_node(Some(&here)));
    let of_group = |field: &web_sys::HtmlElement| field.get_attribute("name") == Some(here.name());
    // The other choices of a figure are no other figure.
    let next = position.and_then(|position| fields[position + 1..].iter().find(|field| !of_group(field)));
    match next {
        Some(next) => {
            let _ = next.focus();
            if let Some(input) = next.dyn_ref::<web_sys::HtmlInputElement>() {
                input.select();
            }
        }
        // Nothing follows: leaving the field saves it.
        None => drop(here.blur()),
    }
}

/// What can be filled in; a choice by its chosen answer, or by the first where none is.
const FIGURES: &str = ".desk-control input:not([type=hidden], [type=radio], :disabled), \
    .desk-control input[type=radio]:checked:not(:disabled), \
    .desk-control [role=radiogroup]:not(:has(:checked)) label:first-child input:not(:disabled), \
    .desk-control select:not(:disabled)";

#[component]
fn YesNo(state: DeskState, row: RowState, name: String, id: String) -> impl IntoView {
    let texts = expect_context::<Texts>();
    let choice = |value: &'static str, key: &'static str, id: String| {
        let (shown, typed) = (name.clone(), name.clone());
        let first = row.shown_now(&name) == value;
        view! {
            <label class="choice">
                <input
                    type="radio"
                    id=id
                    name=format!("f-{name}")
                    value=value
                    disabled=!state.writes(row)
                    checked=first
                    prop:checked=move || row.shown(&shown) == value
                    on:focus=move |_| state.focus(row)
                    on:change=move |_| {
                        state.typed(row, &typed, value.to_owned());
                        state.save(row);
                    }
                />
                {texts.get(key)}
            </label>
        }
    };
    let (no, label) = (format!("{id}-no"), format!("{id}-label"));
    view! {
        <div class="choices" role="radiogroup" aria-labelledby=label>
            {choice("true", "desk-yes", id)}
            {choice("false", "desk-no", no)}
        </div>
    }
}

#[component]
fn Level(state: DeskState, row: RowState, name: String, id: String, choices: Vec<Choice>) -> impl IntoView {
    let texts = expect_context::<Texts>();
    let chosen = row.shown_now(&name);
    let (shown, typed) = (name.clone(), name.clone());
    let option = |choice: Choice| {
        let value = choice.value.to_string();
        let selected = value == chosen;
        view! { <option value=value selected=selected>{choice.label}</option> }
    };
    view! {
        <select
            id=id
            name=format!("f-{name}")
            disabled=!state.writes(row)
            prop:value=move || row.shown(&shown)
            on:focus=move |_| state.focus(row)
            on:change=move |event| {
                state.typed(row, &typed, event_target_value(&event));
                state.save(row);
            }
        >
            <option value="">{texts.get("desk-choose")}</option>
            {choices.into_iter().map(option).collect_view()}
        </select>
    }
}
