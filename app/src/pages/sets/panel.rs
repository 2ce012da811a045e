//! The middle of the table editor: the fields of the selected node.

use std::sync::Arc;

use engine::{Indicator, IndicatorSet};
use leptos::prelude::*;
use tenants::indicator_sets::edit::{InputText, LeafText, Node, ParamText, SetText};
use tenants::{Problem, paths};

use super::bench::Bench;
use super::form::Typed;
use super::table::Again;
use super::tree::AddForm;
use crate::components::{Field, TextArea};
use crate::text::{t, t_with};

#[component]
pub fn Panel(bench: Bench, set: Arc<IndicatorSet>, at: Node, again: Option<Again>) -> impl IntoView {
    let inner = match &at {
        Node::Set => view! { <HeadPanel bench set again/> }.into_any(),
        Node::Group(slug) => match set.groups.iter().find(|group| &group.slug == slug) {
            Some(group) => {
                let stored = [group.slug.clone(), group.name.clone(), engine::number::trim(group.points)];
                view! { <NodePanel bench at stored again/> }.into_any()
            }
            None => gone().into_any(),
        },
        Node::Main(code) => match set.main_index(code) {
            Some(main) => {
                let stored = [main.code.clone(), main.name.clone(), engine::number::trim(main.points)];
                view! { <NodePanel bench at stored again/> }.into_any()
            }
            None => gone().into_any(),
        },
        Node::Leaf(code) => match set.indicator(code) {
            Some(leaf) => view! { <LeafPanel bench set=set.clone() leaf=leaf.clone() again/> }.into_any(),
            None => gone().into_any(),
        },
    };
    view! { <section id="muc" class="workshop-panel" tabindex="-1">{inner}</section> }
}

fn gone() -> impl IntoView {
    view! { <p class="muted">{t("set-node-gone")}</p> }
}

/// Hidden fields every form of the workshop carries.
#[component]
fn About(act: &'static str, at: Node, revision: i64) -> impl IntoView {
    view! {
        <input type="hidden" name="act" value=act/>
        <input type="hidden" name="at" value=at.to_string()/>
        <input type="hidden" name="revision" value=revision/>
    }
}

/// The acts on a node beside its fields, each a form of its own.
#[component]
fn NodeActs(bench: Bench, at: Node) -> impl IntoView {
    let mut acts = vec![("up", "set-up"), ("down", "set-down")];
    if matches!(at, Node::Leaf(_)) {
        acts.push(("copy", "set-copy"));
    }
    acts.push(("remove", "set-remove"));
    let act = |(act, key): (&'static str, &'static str)| {
        let class = if act == "remove" { "button button-quiet danger" } else { "button button-quiet" };
        view! {
            <form method="post" action=bench.path(paths::set_change)>
                <About act at=at.clone() revision=bench.draft.revision/>
                <button class=class data-confirm=(act == "remove").then(|| t("set-remove-confirm"))>{t(key)}</button>
            </form>
        }
    };
    view! { <div class="workshop-acts">{acts.into_iter().map(act).collect_view()}</div> }
}

/// A group or main index.
#[component]
fn NodePanel(
    bench: Bench,
    at: Node,
    /// Code, name and points as they are saved.
    stored: [String; 3],
    again: Option<Again>,
) -> impl IntoView {
    let typed = Again::of(again.as_ref(), "rename", &at);
    let [code, name, points] = match typed {
        Some(typed) => ["code", "name", "points"].map(|field| typed.text(field)),
        None => stored,
    };
    let (may, group) = (bench.may, matches!(at, Node::Group(_)));
    let add = if group { t("set-add-main") } else { t("set-add-leaf") };
    let code_label = if group { t("set-group-slug") } else { t("code") };
    view! {
        <h2>{if group { t("set-group") } else { t("set-main") }}</h2>
        <form class="stack" method="post" action=bench.path(paths::set_change)>
            <About act="rename" at=at.clone() revision=bench.draft.revision/>
            <fieldset disabled=!may class="plain stack">
                <div class="fields-row">
                    <Field name="code" label=code_label><input id="code" name="code" value=code required maxlength="60"/></Field>
                    <Field name="points" label=t("set-max")><input id="points" class="num" name="points" value=points inputmode="decimal" required/></Field>
                </div>
                <Field name="name" label=t("name")><input id="name" name="name" value=name required maxlength="500"/></Field>
                {may.then(|| view! { <div><button class="button button-primary">{t("set-save")}</button></div> })}
            </fieldset>
        </form>
        {may.then(|| view! {
            <AddForm bench=bench.clone() under=at.clone() label=add again/>
            <NodeActs bench at/>
        })}
    }
}

/// The head of the set: names, policies, parameters, shared figures.
#[component]
fn HeadPanel(bench: Bench, set: Arc<IndicatorSet>, again: Option<Again>) -> impl IntoView {
    let may = bench.may;
    let (text, params, facts) = match Again::of(again.as_ref(), "head", &Node::Set) {
        Some(typed) => (typed.head(), typed.params(), typed.inputs("fact")),
        None => {
            let params = set.params.iter().map(ParamText::of).collect();
            (SetText::of(&set), params, set.facts.iter().map(InputText::of).collect())
        }
    };
    let problems = again.map(|again| again.problems).unwrap_or_default();
    view! {
        <h2>{t("set-head")}</h2>
        <form class="stack" method="post" action=bench.path(paths::set_change)>
            <About act="head" at=Node::Set revision=bench.draft.revision/>
            <fieldset disabled=!may class="plain stack">
                <Field name="name" label=t("set-name") problems=problems.clone()><input id="name" name="name" value=text.name required maxlength="500"/></Field>
                <Field name="basis" label=t("set-basis")><TextArea id="basis" name="basis" rows=2 text=text.basis/></Field>
                <Field name="note" label=t("set-note") hint=t("set-note-hint")><TextArea id="note" name="note" rows=2 text=text.note/></Field>
                <div class="fields-row">
                    <Field name="total" label=t("set-total") problems=problems.clone()><input id="total" class="num" name="total" value=text.total inputmode="decimal" required/></Field>
                    <Field name="round" label=t("set-round") problems=problems.clone()><input id="round" class="num" name="round" type="number" min="0" max="4" value=text.round/></Field>
                    <Field name="rank_by" label=t("set-rank-by")>
                        <select id="rank_by" name="rank_by">
                            <option value="published" selected=!text.rank_unrounded>{t("set-rank-published")}</option>
                            <option value="unrounded" selected=text.rank_unrounded>{t("set-rank-unrounded")}</option>
                        </select>
                    </Field>
                </div>
                <label class="choice"><input type="checkbox" name="not_applicable" checked=text.not_applicable/>{t("set-allows-na")}</label>
                <h3>{t("set-params")}</h3>
                <p class="field-hint">{t("set-params-hint")}</p>
                <ParamRows params/>
                <h3>{t("set-facts")}</h3>
                <p class="field-hint">{t("set-facts-hint")}</p>
                <InputRows table="fact" inputs=facts problems/>
                {may.then(|| view! { <div class="workshop-save"><button class="button button-primary">{t("set-save")}</button></div> })}
            </fieldset>
        </form>
    }
}

#[component]
fn ParamRows(params: Vec<ParamText>) -> impl IntoView {
    let count = params.len();
    let row = |(row, param): (usize, ParamText)| {
        let cell = |name: &str| format!("param.{row}.{name}");
        let row_view = view! {
            <div class="input-row param-row">
                <input name=cell("label") value=param.label placeholder=t("set-input-label") aria-label=t("set-input-label")/>
                <input name=cell("name") value=param.name placeholder="hop_ca_nam" aria-label=t("set-input-name") class="code"/>
                <input name=cell("value") value=param.value class="num" inputmode="decimal" aria-label=t("set-param-value")/>
                <label class="choice"><input type="checkbox" name=cell("gone")/>{t("set-drop")}</label>
            </div>
        };
        if row == count { folded(t("set-add-param"), row_view).into_any() } else { row_view.into_any() }
    };
    let rows = params.into_iter().chain(std::iter::once(ParamText::default())).enumerate();
    view! { <div class="input-rows">{rows.map(row).collect_view()}</div> }
}

/// The empty row for the next one, out of the way until wanted.
fn folded(label: String, row: impl IntoView) -> impl IntoView {
    view! { <details class="inline-form"><summary>{format!("+ {label}")}</summary>{row}</details> }
}

/// Declared figures, with one empty row for the next.
#[component]
fn InputRows(table: &'static str, inputs: Vec<InputText>, problems: Vec<Problem>) -> impl IntoView {
    let count = inputs.len();
    let row = |(row, input): (usize, InputText)| {
        let cell = |name: &str| format!("{table}.{row}.{name}");
        let blank = row == count;
        let prefix = format!("input.{row}.");
        let mine = problems.iter().filter(|problem| problem.field.starts_with(&prefix));
        let mine = mine.map(|problem| view! { <p class="field-problem">{problem.message.clone()}</p> }).collect_view();
        let row_view = view! {
            <div class="input-row">
                <input name=cell("name") value=input.name placeholder="so_cuoc_hop" aria-label=t("set-input-name") class="code"/>
                <input name=cell("label") value=input.label placeholder=t("set-input-label") aria-label=t("set-input-label")/>
                <select name=cell("kind") aria-label=t("set-input-kind")>{options(&KINDS, &input.kind)}</select>
                <select name=cell("provider") aria-label=t("set-input-provider")>{options(&PROVIDERS, &input.provider)}</select>
                <label class="choice"><input type="checkbox" name=cell("gone")/>{t("set-drop")}</label>
                <TextArea name=cell("choices") rows=3 text=input.choices attr:class="levels" attr:placeholder=t("set-levels-example") attr:aria-label=t("set-levels")/>
                {mine}
            </div>
        };
        if blank { folded(t("set-add-input"), row_view).into_any() } else { row_view.into_any() }
    };
    let rows = inputs.into_iter().chain(std::iter::once(InputText::default())).enumerate();
    view! { <div class="input-rows">{rows.map(row).collect_view()}</div> }
}

const KINDS: [(&str, &str); 6] = [
    ("count", "kind-count"),
    ("number", "kind-number"),
    ("money", "kind-money"),
    ("percent", "kind-percent"),
    ("yes_no", "kind-yes-no"),
    ("level", "kind-level"),
];

const PROVIDERS: [(&str, &str); 4] = [
    ("unit", "provider-unit"),
    ("authority", "provider-authority"),
    ("survey", "provider-survey"),
    ("feed", "provider-feed"),
];

const ZEROS: [(&str, &str); 4] =
    [("error", "zero-error"), ("not_applicable", "zero-not-applicable"), ("full", "zero-full"), ("zero", "zero-zero")];

fn options(all: &[(&'static str, &'static str)], chosen: &str) -> impl IntoView + use<> {
    let option = |(value, key): &(&'static str, &'static str)| {
        let selected = *value == chosen;
        view! { <option value=*value selected=selected>{t(key)}</option> }
    };
    all.iter().map(option).collect_view()
}

#[component]
fn LeafPanel(bench: Bench, set: Arc<IndicatorSet>, leaf: Indicator, again: Option<Again>) -> impl IntoView {
    let typed = Again::of(again.as_ref(), "leaf", &Node::Leaf(leaf.code.clone())).cloned();
    let text = typed.as_ref().map_or_else(|| LeafText::of(&leaf), Typed::leaf);
    let problems = again.map(|again| again.problems).unwrap_or_default();
    let (may, at) = (bench.may, Node::Leaf(leaf.code.clone()));
    let title = t_with("set-leaf-title", [("code", leaf.code.clone().into())]);
    let shared = super::shapes::names(&set, &leaf);
    view! {
        <h2>{title}</h2>
        <form id="leaf-form" class="stack" method="post" action=bench.path(paths::set_change) data-preview=bench.path(paths::set_preview)>
            <About act="leaf" at=at.clone() revision=bench.draft.revision/>
            // What Enter presses: the first button of the form must not be the pattern's.
            <button class="visually-hidden" tabindex="-1" aria-hidden="true">{t("set-save")}</button>
            <fieldset disabled=!may class="plain stack">
                <Field name="name" label=t("name") problems=problems.clone()><TextArea id="name" name="name" rows=2 required=true text=text.name/></Field>
                <div class="fields-row">
                    <Field name="code" label=t("code") problems=problems.clone()><input id="code" name="code" value=text.code required maxlength="20"/></Field>
                    <Field name="max" label=t("set-max") problems=problems.clone()><input id="max" class="num" name="max" value=text.max inputmode="decimal" required/></Field>
                </div>
                <Field name="formula" label=t("set-formula") hint=shared problems=problems.clone()>
                    <TextArea id="formula" name="formula" rows=2 text=text.formula attr:class="code" attr:spellcheck="false" attr:data-formula=""/>
                </Field>
                <super::shapes::Shapes set=set.clone() leaf=leaf.clone() typed/>
                <div class="fields-row">
                    <Field name="zero" label=t("set-zero")><select id="zero" name="zero">{options(&ZEROS, &text.zero)}</select></Field>
                </div>
                <h3>{t("set-inputs")}</h3>
                <InputRows table="input" inputs=text.inputs problems=problems.clone()/>
                <label class="choice"><input type="checkbox" name="not_applicable" checked=text.not_applicable/>{t("set-leaf-na")}</label>
                <Field name="evidence" label=t("set-evidence")><TextArea id="evidence" name="evidence" rows=2 text=text.evidence/></Field>
                <div class="fields-row">
                    <label class="choice"><input type="checkbox" name="evidence_required" checked=text.evidence_required/>{t("set-evidence-required")}</label>
                    <Field name="explanation_minimum" label=t("set-explanation-minimum") problems=problems.clone()>
                        <input id="explanation_minimum" class="num" name="explanation_minimum" value=text.explanation_minimum inputmode="numeric"/>
                    </Field>
                </div>
                <label class="choice"><input type="checkbox" name="adjustable" checked=text.adjustable/>{t("set-adjustable")}</label>
                <Field name="guidance" label=t("set-guidance")><TextArea id="guidance" name="guidance" rows=3 text=text.guidance/></Field>
                <Field name="source" label=t("set-source-note")><TextArea id="source" name="source" rows=2 text=text.source/></Field>
                <h3>{t("set-warnings")}</h3>
                <WarningRows warnings=text.warnings/>
                {may.then(|| view! { <div class="workshop-save"><button class="button button-primary">{t("set-save")}</button><span class="muted" data-dirty="" hidden>{t("set-unsaved")}</span></div> })}
            </fieldset>
        </form>
        {may.then(|| view! { <NodeActs bench at/> })}
    }
}

#[component]
fn WarningRows(warnings: Vec<(String, String)>) -> impl IntoView {
    let count = warnings.len();
    let row = |(row, (condition, message)): (usize, (String, String))| {
        let cell = |name: &str| format!("warning.{row}.{name}");
        let row_view = view! {
            <div class="input-row warning-row">
                <input name=cell("condition") value=condition class="code" placeholder="co_may <= ccvc" aria-label=t("set-warning-condition")/>
                <input name=cell("message") value=message placeholder=t("set-warning-message") aria-label=t("set-warning-message")/>
            </div>
        };
        if row == count { folded(t("set-add-warning"), row_view).into_any() } else { row_view.into_any() }
    };
    let rows = warnings.into_iter().chain(std::iter::once((String::new(), String::new()))).enumerate();
    view! { <div class="input-rows">{rows.map(row).collect_view()}</div> }
}
