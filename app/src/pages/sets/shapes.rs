//! The common shapes of a formula as fill-in forms that write the expression.

use std::sync::Arc;

use engine::run::shapes::{self, Field, FieldKind, Form, Shape};
use engine::{Indicator, IndicatorSet, InputKind};
use leptos::prelude::*;
use tenants::Problem;

use super::form::Typed;
use crate::components::TextArea;
use crate::text::{t, t_with};

/// The names a formula of this indicator may read, for the hint under it.
pub fn names(set: &IndicatorSet, leaf: &Indicator) -> String {
    let names: Vec<String> = readable(set, leaf).into_iter().map(|name| name.name).chain(["max".into()]).collect();
    t_with("set-names", [("names", names.join(", ").into())])
}

/// The formula in plain words, where it is understood.
pub fn words(leaf: &Indicator, set: &IndicatorSet) -> Option<String> {
    shapes::words(leaf, set)
}

/// The expression a filled-in shape stands for; `None` when no shape was to be written.
pub fn written(typed: &Typed) -> Result<Option<String>, Vec<Problem>> {
    if !typed.is_on("shape") {
        return Ok(None);
    }
    let kind = typed.get("shape.kind");
    let given = |field: &str| Some(typed.text(&cell(kind, field)));
    match Shape::fill(kind, given) {
        Ok(shape) => Ok(Some(shape.write())),
        Err(mistakes) => {
            let problem = |(field, message): (&str, &str)| Problem::new(&cell(kind, field), message);
            Err(mistakes.into_iter().map(problem).collect())
        }
    }
}

fn cell(kind: &str, field: &str) -> String {
    format!("shape.{kind}.{field}")
}

/// A name a formula may read.
#[derive(Clone)]
struct Name {
    name: String,
    label: String,
    yes_no: bool,
    /// A parameter: a goal, never a figure.
    fixed: bool,
}

fn readable(set: &IndicatorSet, leaf: &Indicator) -> Vec<Name> {
    let figure = |input: &engine::Input| Name {
        name: input.name.clone(),
        label: input.label.clone(),
        yes_no: input.kind == InputKind::YesNo,
        fixed: false,
    };
    let param = |param: &engine::Param| Name {
        name: param.name.clone(),
        label: format!("{} = {}", param.label, engine::number::trim(param.value)),
        yes_no: false,
        fixed: true,
    };
    let figures = leaf.inputs.iter().chain(&set.facts).map(figure);
    figures.chain(set.params.iter().map(param)).collect()
}

/// The choice of a shape and the fields of each; only those of the chosen one are shown.
#[component]
pub fn Shapes(
    set: Arc<IndicatorSet>,
    leaf: Indicator,
    /// What was filled in before the form was refused.
    typed: Option<Typed>,
) -> impl IntoView {
    let formula = leaf.formula.as_ref().map(|formula| formula.text.as_str()).unwrap_or_default();
    let current = Shape::read(formula);
    let values = current.as_ref().map(Shape::values).unwrap_or_default();
    let stored = current.as_ref().map_or("", |shape| shape.form.name);
    let chosen = typed.as_ref().map_or(stored, |typed| typed.get("shape.kind")).to_owned();
    let names = readable(&set, &leaf);
    let option = |kind: &Form| {
        let selected = kind.name == chosen;
        view! { <option value=kind.name selected=selected>{kind.label}</option> }
    };
    let options = shapes::forms().map(option).collect_view();
    let fields = shapes::forms().map(|kind| {
        let mine = |field: &Field| {
            let value = match &typed {
                Some(typed) => typed.text(&cell(kind.name, field.name)),
                None if kind.name == stored => values.get(field.name).cloned().unwrap_or_default(),
                None => String::new(),
            };
            shape_field(kind.name, field, value, &names)
        };
        view! { <div class="shape"><p class="field-hint">{kind.help}</p><div class="shape-fields">{kind.fields.iter().map(mine).collect_view()}</div></div> }
    });
    let open = formula.is_empty() || typed.as_ref().is_some_and(|typed| typed.is_on("shape"));
    view! {
        <details class="shapes" open=open>
            <summary>{t("shape-title")}</summary>
            <div class="stack">
                <div class="field">
                    <label for="shape-kind">{t("shape-kind")}</label>
                    <select id="shape-kind" name="shape.kind"><option value="">{t("shape-choose")}</option>{options}</select>
                </div>
                {fields.collect_view()}
                <div><button class="button" name="shape" value="on">{t("shape-write")}</button></div>
            </div>
        </details>
    }
}

fn shape_field(kind: &str, field: &Field, value: String, names: &[Name]) -> impl IntoView + use<> {
    let name = cell(kind, field.name);
    let id = name.replace('.', "-");
    let list = format!("{id}-names");
    let fits = |known: &&Name| match field.kind {
        FieldKind::YesNo => known.yes_no,
        FieldKind::Figure => !known.yes_no && !known.fixed,
        _ => !known.yes_no,
    };
    let known: Vec<Name> = names.iter().filter(fits).cloned().collect();
    let control = match field.kind {
        FieldKind::YesNo | FieldKind::Figure => {
            let option = |known: Name| {
                let selected = known.name == value;
                view! { <option value=known.name selected=selected>{known.label}</option> }
            };
            view! { <select id=id.clone() name=name><option value=""></option>{known.into_iter().map(option).collect_view()}</select> }.into_any()
        }
        FieldKind::Goal => {
            let option = |known: Name| view! { <option value=known.name>{known.label}</option> };
            view! {
                <input id=id.clone() name=name value=value list=list.clone()/>
                <datalist id=list>{known.into_iter().map(option).collect_view()}</datalist>
            }
            .into_any()
        }
        FieldKind::Number => {
            view! { <input id=id.clone() name=name value=value class="num" inputmode="decimal"/> }.into_any()
        }
        FieldKind::Steps => view! { <TextArea id=id.clone() name=name rows=3 text=value/> }.into_any(),
    };
    view! { <div class="field"><label for=id>{field.label}</label>{control}</div> }
}

#[cfg(test)]
mod tests {
    /// The style goes by the place of the chosen option.
    #[test]
    fn every_form_can_be_shown() {
        let style = include_str!("../../../styles/pages/workshop.css");
        // The first option chooses none.
        let last = format!("#shape-kind option:nth-child({}):checked", engine::run::shapes::forms().count() + 1);
        assert!(style.contains(&last), "workshop.css needs a line for {last}");
    }
}
