//! The right of the table editor: what the selected indicator's rules give, as stored or as typed and not yet saved.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::run::{CaseResult, Rules};
use engine::{Answer, Answers, Diagnostic, Expected, Indicator, IndicatorScore, IndicatorSet, Input, Value};
use leptos::prelude::*;
use tenants::Problem;
use tenants::indicator_sets::edit::{self, CaseText, Edit, Node, expected_text};
use tenants::indicator_sets::{self, Looked};

use super::bench::{Bench, finding};
use super::form::Typed;
use super::table::Again;
use crate::components::{Tag, TagKind};
use crate::text::{t, t_with};

/// Everything the column shows. Without an indicator it shows the findings of the whole set.
#[derive(Default)]
pub struct ProofOf {
    about: Option<About>,
    findings: Vec<Diagnostic>,
    problems: Vec<Problem>,
    path: String,
    may: bool,
}

struct About {
    words: Option<String>,
    results: Vec<CaseResult>,
    cases: Vec<CaseText>,
    /// Figures a case may name: the indicator's own, then the shared ones its formula reads.
    inputs: Vec<Input>,
    suggested: Vec<CaseText>,
    tried: BTreeMap<String, String>,
    score: Option<IndicatorScore>,
}

/// The change a form asks for. Some need more than the form: a shape to be written as a formula, a suggested case.
/// `Err` also for a form of another making.
pub fn edit_of(typed: &Typed, bench: &Bench) -> Result<Edit, Vec<Problem>> {
    let unknown = || vec![Problem::new("", &t("set-edit-impossible"))];
    let edit = typed.edit().ok_or_else(unknown)?;
    let Edit::Leaf(code, mut text) = edit else { return Ok(edit) };
    if let Some(formula) = super::shapes::written(typed)? {
        text.formula = formula;
    }
    if typed.is_on("suggest") {
        let set = bench.set.as_ref().ok_or_else(unknown)?;
        let fresh = edit::apply(set, &Edit::Leaf(code.clone(), text.clone()))?;
        let rules = Rules::new(fresh).map_err(|_| vec![Problem::new("formula", &t("set-formula-first"))])?;
        text.cases.extend(suggestions(&rules, &text.code));
    }
    Ok(Edit::Leaf(code, text))
}

fn suggestions(rules: &Rules, code: &str) -> Vec<CaseText> {
    rules.suggest_cases(code).iter().map(CaseText::of).collect()
}

impl ProofOf {
    /// The draft as it is saved.
    pub fn stored(bench: &Bench, at: &Node) -> ProofOf {
        let Some(set) = bench.set.clone() else { return ProofOf::default() };
        let looked = Looked { checked: bench.checked.clone(), set: Some(set) };
        ProofOf::of(bench, &looked, at, None, BTreeMap::new())
    }

    /// An indicator's panel as typed before it was refused.
    pub fn again(bench: &Bench, at: &Node, again: &Again) -> ProofOf {
        match (at, Again::of(Some(again), "leaf", at)) {
            (Node::Leaf(code), Some(typed)) => {
                ProofOf::with(bench, &Edit::Leaf(code.clone(), Box::new(typed.leaf())), at, typed.tried())
            }
            _ => ProofOf::stored(bench, at),
        }
    }

    /// The same from a form that was sent to be looked at.
    pub fn typed(bench: &Bench, typed: &Typed) -> ProofOf {
        let at = typed.node("at").unwrap_or(Node::Set);
        match edit_of(typed, bench) {
            Ok(edit) => ProofOf::with(bench, &edit, &at, typed.tried()),
            Err(problems) => ProofOf { problems, ..ProofOf::stored(bench, &at) },
        }
    }

    fn with(bench: &Bench, edit: &Edit, at: &Node, tried: BTreeMap<String, String>) -> ProofOf {
        let Some(set) = &bench.set else { return ProofOf::default() };
        let texts = match edit {
            Edit::Leaf(_, text) => Some(text.cases.clone()),
            _ => None,
        };
        match edit::apply(set, edit) {
            Ok(fresh) => {
                let at = match edit {
                    Edit::Leaf(_, text) => Node::Leaf(text.code.clone()),
                    _ => at.clone(),
                };
                ProofOf::of(bench, &indicator_sets::look_at(fresh), &at, texts, tried)
            }
            Err(problems) => ProofOf { problems, ..ProofOf::stored(bench, at) },
        }
    }

    fn of(
        bench: &Bench,
        looked: &Looked,
        at: &Node,
        texts: Option<Vec<CaseText>>,
        tried: BTreeMap<String, String>,
    ) -> ProofOf {
        let Some(set) = &looked.set else { return ProofOf::default() };
        let code = match at {
            Node::Leaf(code) => Some(code.as_str()),
            _ => None,
        };
        let mine = |found: &&Diagnostic| code.is_none() || found.indicator.as_deref() == code;
        ProofOf {
            about: code.and_then(|code| set.indicator(code)).map(|leaf| About::of(set, leaf, texts, tried)),
            findings: looked.checked.diagnostics.iter().filter(mine).cloned().collect(),
            problems: Vec::new(),
            path: bench.path(""),
            may: bench.may,
        }
    }
}

impl About {
    fn of(
        set: &Arc<IndicatorSet>,
        leaf: &Indicator,
        texts: Option<Vec<CaseText>>,
        tried: BTreeMap<String, String>,
    ) -> About {
        let rules = Rules::new((**set).clone()).ok();
        let inputs = readable(set, leaf, rules.as_ref());
        let results = rules.as_ref().map(Rules::run_cases).unwrap_or_default();
        let score = rules.as_ref().filter(|_| tried.values().any(|typed| !typed.trim().is_empty()));
        About {
            words: super::shapes::words(leaf, set),
            results: results.into_iter().filter(|result| result.indicator == leaf.code).collect(),
            cases: texts.unwrap_or_else(|| leaf.cases.iter().map(CaseText::of).collect()),
            suggested: rules.as_ref().map(|rules| suggestions(rules, &leaf.code)).unwrap_or_default(),
            score: score.and_then(|rules| rules.score(&leaf.code, &answers(leaf, &inputs, &tried))),
            inputs,
            tried,
        }
    }
}

fn readable(set: &IndicatorSet, leaf: &Indicator, rules: Option<&Rules>) -> Vec<Input> {
    let reads = rules.map(|rules| rules.reads(&leaf.code)).unwrap_or_default();
    let shared = set.facts.iter().filter(|fact| reads.contains(&fact.name.as_str()));
    leaf.inputs.iter().chain(shared).cloned().collect()
}

fn answers(leaf: &Indicator, inputs: &[Input], tried: &BTreeMap<String, String>) -> Answers {
    let value = |input: &Input| {
        let typed = tried.get(&input.name)?;
        tenants::assessments::typed::parse(input, typed).ok().flatten()
    };
    let values: BTreeMap<String, Value> =
        inputs.iter().filter_map(|input| Some((input.name.clone(), value(input)?))).collect();
    let own = |name: &String| leaf.inputs.iter().any(|input| &input.name == name);
    let (inputs, facts): (BTreeMap<_, _>, BTreeMap<_, _>) = values.into_iter().partition(|(name, _)| own(name));
    Answers { facts, answers: BTreeMap::from([(leaf.code.clone(), Answer { inputs, ..Answer::default() })]) }
}

#[component]
pub fn Proof(proof: ProofOf) -> impl IntoView {
    let ProofOf { about, findings, problems, path, may } = proof;
    let failed = about.as_ref().is_some_and(|about| about.results.iter().any(|result| !result.passed));
    let clean = findings.is_empty() && problems.is_empty() && !failed;
    let problems =
        problems.into_iter().map(|problem| view! { <li class="wrong">{problem.message}</li> }).collect_view();
    let all = about.is_none();
    let findings = findings.into_iter().map(|found| finding(found, all.then_some(path.as_str()))).collect_view();
    view! {
        <div data-live="" aria-live="polite" class="stack">
            <h2>{if all { t("set-findings-all") } else { t("set-findings") }}</h2>
            {clean.then(|| view! { <p class="right">{t("set-no-findings")}</p> })}
            <ul class="findings">{problems}{findings}</ul>
            {about.as_ref().map(words_and_results)}
        </div>
        {about.map(|about| view! { <Cases about may path/> })}
    }
}

/// The part that follows every keystroke: the formula in words, the trial's outcome, how each case went.
fn words_and_results(about: &About) -> impl IntoView + use<> {
    let words = about.words.clone().map(|words| view! { <p class="muted">{t("set-in-words")}" "{words}</p> });
    let score = about.score.clone().map(|score| view! { <Outcome score/> });
    let result = |result: &CaseResult| {
        let (kind, key) = if result.passed { (TagKind::Green, "case-passed") } else { (TagKind::Red, "case-failed") };
        let wanted = (!result.passed).then(|| {
            let expected = expected_text(&result.expected);
            view! { <small class="block muted">{t_with("case-expected", [("expected", expected.into())])}</small> }
        });
        view! { <tr><td>{result.name.clone()}{wanted}</td><td class="num">{shown(result)}</td><td><Tag kind text=t(key)/></td></tr> }
    };
    let results = about.results.iter().map(result).collect_view();
    let none = about.results.is_empty().then(|| view! { <p class="muted">{t("case-none")}</p> });
    view! {
        {words}
        {score}
        <h3>{t("set-cases")}</h3>
        {none}
        <table class="case-results"><tbody>{results}</tbody></table>
    }
}

fn shown(result: &CaseResult) -> String {
    match (&result.expected, result.passed) {
        (Expected::Invalid, true) => t("case-refused"),
        _ => result.actual.clone(),
    }
}

/// A score with its trace.
#[component]
fn Outcome(score: IndicatorScore) -> impl IntoView {
    let points = score.points.map(|points| {
        let told = [
            ("points", crate::format::points(points, points.scale()).into()),
            ("maximum", engine::number::trim(score.maximum).into()),
        ];
        t_with("try-points", told)
    });
    let text = points.or_else(|| score.error.map(|error| error.message)).unwrap_or_else(|| t("try-none"));
    let steps = score.explanation.map(|told| told.steps).unwrap_or_default();
    let warnings = score.warnings.into_iter().map(|warning| view! { <li class="warned">{warning}</li> }).collect_view();
    view! {
        <div class="try-outcome">
            <strong>{text}</strong>
            <ol>{steps.into_iter().map(|step| view! { <li>{step}</li> }).collect_view()}{warnings}</ol>
        </div>
    }
}

/// The stored cases as fields of the panel's form, and a trial row that is not stored.
#[component]
fn Cases(about: About, may: bool, path: String) -> impl IntoView {
    let inputs = about.inputs.clone();
    let tries = inputs.iter().map(|input| {
        let id = format!("try-{}", input.name);
        let typed = about.tried.get(&input.name).cloned().unwrap_or_default();
        view! { <div class="field"><label for=id.clone()>{input.label.clone()}</label><ValueField id name=format!("try.{}", input.name) input=input.clone() value=typed/></div> }
    });
    let tries = tries.collect_view();
    let blank = std::iter::once(CaseText::default()).filter(|_| may);
    let cases = about.cases.clone().into_iter().chain(blank).enumerate();
    let cases = cases.map(|(row, case)| view! { <CaseRow row case inputs=inputs.clone()/> }).collect_view();
    let count = about.suggested.len();
    let suggested = about.suggested.iter().map(|case| format!("{} → {}", case.name, case.expected)).collect::<Vec<_>>();
    view! {
        <fieldset class="plain stack" disabled=!may>
            <h3>{t("set-try")}</h3>
            <div class="try-fields">{tries}</div>
            <div><button class="button" form="leaf-form" formaction=format!("{path}/xem") data-try="">{t("set-try-now")}</button></div>
            <h3>{t("set-cases-stored")}</h3>
            <p class="field-hint">{t("set-cases-hint")}</p>
            {cases}
            {(count > 0 && may).then(|| view! {
                <details>
                    <summary>{t_with("case-suggested", [("count", count.into())])}</summary>
                    <ul class="suggested">{suggested.into_iter().map(|text| view! { <li>{text}</li> }).collect_view()}</ul>
                    <button class="button" form="leaf-form" name="suggest" value="on">{t("case-take-suggested")}</button>
                </details>
            })}
        </fieldset>
    }
}

#[component]
fn CaseRow(row: usize, case: CaseText, inputs: Vec<Input>) -> impl IntoView {
    let cell = |name: &str| format!("case.{row}.{name}");
    let value = |input: Input| {
        let typed = case.values.get(&input.name).cloned().unwrap_or_default();
        let id = format!("case-{row}-{}", input.name);
        let (label, target) = (input.label.clone(), id.clone());
        view! {
            <label class="case-value" for=target><span>{label}</span><ValueField id name=cell(&format!("of.{}", input.name)) input value=typed/></label>
        }
    };
    let name = case.name.clone();
    let is_new = name.is_empty() && case.expected.is_empty();
    let title = if is_new { t("case-new") } else { format!("{name} → {}", case.expected) };
    view! {
        <details class="case-row">
            <summary>{title}</summary>
            <label class="case-value"><span>{t("case-name")}</span><input form="leaf-form" name=cell("name") value=name/></label>
            {inputs.into_iter().map(value).collect_view()}
            <label class="case-value"><span>{t("case-wanted")}</span><input form="leaf-form" name=cell("expected") value=case.expected.clone() placeholder=t("case-wanted-example")/></label>
            {(!is_new).then(|| view! { <label class="choice"><input form="leaf-form" type="checkbox" name=cell("gone")/>{t("set-drop")}</label> })}
        </details>
    }
}

/// One figure of a case: yes/no and levels as choices, everything else typed.
#[component]
fn ValueField(id: String, name: String, input: Input, value: String) -> impl IntoView {
    use engine::InputKind;
    let choices: Option<Vec<(String, String)>> = match &input.kind {
        InputKind::YesNo => Some(vec![("có".into(), t("yes")), ("không".into(), t("no"))]),
        InputKind::Level(all) => Some(
            all.iter()
                .map(|choice| (choice.value.to_string(), format!("{} · {}", choice.value, choice.label)))
                .collect(),
        ),
        _ => None,
    };
    match choices {
        Some(choices) => {
            let option = |(option, label): (String, String)| {
                let selected = option == value;
                view! { <option value=option selected=selected>{label}</option> }
            };
            view! { <select id=id name=name form="leaf-form"><option value=""></option>{choices.into_iter().map(option).collect_view()}</select> }.into_any()
        }
        None => {
            view! { <input id=id name=name form="leaf-form" value=value inputmode="decimal" class="num"/> }.into_any()
        }
    }
}
