//! The right of the table editor: what the selected indicator's rules give, as stored or as typed and not yet saved.

use std::borrow::Cow;
use std::collections::BTreeMap;

use engine::run::CaseResult;
use engine::{Answer, Answers, Diagnostic, Expected, Indicator, IndicatorScore, IndicatorSet, Input, Value};
use leptos::prelude::*;
use tenants::indicator_sets::edit::{self, CaseText, Edit, Node, expected_text};
use tenants::indicator_sets::sandbox::STOPPED;
use tenants::indicator_sets::{self, Asked, Proven};
use tenants::{Problem, paths};

use super::bench::{Bench, finding};
use super::form::Typed;
use super::table::Again;
use crate::caller::Signed;
use crate::components::{Tag, TagKind};
use crate::text::{t, t_with};
use crate::{App, Result};

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

/// Asks the worker, within the authority's ration.
struct Asking<'a> {
    app: &'a App,
    signed: &'a Signed,
}

impl Asking<'_> {
    async fn prove(&self, set: &IndicatorSet, code: Option<&str>, trial: Option<Answers>) -> Result<Proven> {
        let asked = Asked { set: Cow::Borrowed(set), code: code.map(str::to_owned), trial };
        Ok(indicator_sets::prove(&self.app.cache, self.signed.caller.tenant, &self.app.worker, asked).await?)
    }
}

/// The change a form asks for. Some need more than the form: a shape to be written as a formula, a suggested case.
/// The inner `Err` also for a form of another making.
pub async fn edit_of(
    app: &App,
    signed: &Signed,
    typed: &Typed,
    bench: &Bench,
) -> Result<std::result::Result<Edit, Vec<Problem>>> {
    let unknown = || vec![Problem::new("", &t("set-edit-impossible"))];
    let (code, mut text) = match typed.edit() {
        Some(Edit::Leaf(code, text)) => (code, text),
        edit => return Ok(edit.ok_or_else(unknown)),
    };
    match super::shapes::written(typed) {
        Ok(Some(formula)) => text.formula = formula,
        Ok(None) => (),
        Err(problems) => return Ok(Err(problems)),
    }
    if typed.is_on("suggest") {
        let Some(set) = bench.set.as_ref() else { return Ok(Err(unknown())) };
        let fresh = match edit::apply(set, &Edit::Leaf(code.clone(), text.clone())) {
            Ok(fresh) => fresh,
            Err(problems) => return Ok(Err(problems)),
        };
        let proven = Asking { app, signed }.prove(&fresh, Some(&text.code), None).await?;
        if !proven.compiles {
            return Ok(Err(vec![Problem::new("formula", &t("set-formula-first"))]));
        }
        text.cases.extend(proven.suggested.iter().map(CaseText::of));
    }
    Ok(Ok(Edit::Leaf(code, text)))
}

impl ProofOf {
    /// The draft as it is saved.
    pub async fn stored(app: &App, signed: &Signed, bench: &Bench, at: &Node) -> Result<ProofOf> {
        let Some(set) = bench.set.clone() else { return Ok(ProofOf::default()) };
        let Some(leaf) = leaf_at(&set, at) else {
            return Ok(ProofOf::found(bench, at, &bench.checked.diagnostics, None));
        };
        let proven = Asking { app, signed }.prove(&set, Some(&leaf.code), None).await?;
        let about = About::of(&set, leaf, proven, None, BTreeMap::new());
        Ok(ProofOf::found(bench, at, &bench.checked.diagnostics, Some(about)))
    }

    /// An indicator's panel as typed before it was refused.
    pub async fn again(app: &App, signed: &Signed, bench: &Bench, at: &Node, again: &Again) -> Result<ProofOf> {
        match (at, Again::of(Some(again), "leaf", at)) {
            (Node::Leaf(code), Some(typed)) => {
                let edit = Edit::Leaf(code.clone(), Box::new(typed.leaf()));
                ProofOf::with(app, signed, bench, &edit, at, typed.tried()).await
            }
            _ => ProofOf::stored(app, signed, bench, at).await,
        }
    }

    /// The same from a form that was sent to be looked at.
    pub async fn typed(app: &App, signed: &Signed, bench: &Bench, typed: &Typed) -> Result<ProofOf> {
        let at = typed.node("at").unwrap_or(Node::Set);
        match edit_of(app, signed, typed, bench).await? {
            Ok(edit) => ProofOf::with(app, signed, bench, &edit, &at, typed.tried()).await,
            Err(problems) => Ok(ProofOf { problems, ..ProofOf::stored(app, signed, bench, &at).await? }),
        }
    }

    async fn with(
        app: &App,
        signed: &Signed,
        bench: &Bench,
        edit: &Edit,
        at: &Node,
        tried: BTreeMap<String, String>,
    ) -> Result<ProofOf> {
        let Some(set) = &bench.set else { return Ok(ProofOf::default()) };
        let fresh = match edit::apply(set, edit) {
            Ok(fresh) => fresh,
            Err(problems) => return Ok(ProofOf { problems, ..ProofOf::stored(app, signed, bench, at).await? }),
        };
        let (at, texts) = match edit {
            Edit::Leaf(_, text) => (Node::Leaf(text.code.clone()), Some(text.cases.clone())),
            _ => (at.clone(), None),
        };
        let leaf = leaf_at(&fresh, &at);
        let trial = leaf.filter(|_| tried.values().any(|typed| !typed.trim().is_empty()));
        let trial = trial.map(|leaf| answers(&fresh, leaf, &tried));
        let proven = Asking { app, signed }.prove(&fresh, leaf.map(|leaf| leaf.code.as_str()), trial).await?;
        let found = proven.found.clone();
        Ok(ProofOf::found(bench, &at, &found, leaf.map(|leaf| About::of(&fresh, leaf, proven, texts, tried))))
    }

    fn found(bench: &Bench, at: &Node, found: &[Diagnostic], about: Option<About>) -> ProofOf {
        let code = match at {
            Node::Leaf(code) => Some(code.as_str()),
            _ => None,
        };
        // What concerns no indicator, such as a worker that was stopped, concerns this one as well.
        let stopped = |found: &Diagnostic| found.code == STOPPED;
        let mine = |found: &&Diagnostic| code.is_none() || found.indicator.as_deref() == code || stopped(found);
        ProofOf {
            about,
            findings: found.iter().filter(mine).cloned().collect(),
            problems: Vec::new(),
            path: bench.path(paths::set),
            may: bench.may,
        }
    }
}

fn leaf_at<'a>(set: &'a IndicatorSet, at: &Node) -> Option<&'a Indicator> {
    match at {
        Node::Leaf(code) => set.indicator(code),
        _ => None,
    }
}

impl About {
    fn of(
        set: &IndicatorSet,
        leaf: &Indicator,
        proven: Proven,
        texts: Option<Vec<CaseText>>,
        tried: BTreeMap<String, String>,
    ) -> About {
        let shared = set.facts.iter().filter(|fact| proven.reads.contains(&fact.name));
        About {
            words: super::shapes::words(leaf, set),
            inputs: leaf.inputs.iter().chain(shared).cloned().collect(),
            results: proven.results.into_iter().filter(|result| result.indicator == leaf.code).collect(),
            cases: texts.unwrap_or_else(|| leaf.cases.iter().map(CaseText::of).collect()),
            suggested: proven.suggested.iter().map(CaseText::of).collect(),
            score: proven.score,
            tried,
        }
    }
}

/// What was typed to try an indicator on; figures its formula does not read do no harm.
fn answers(set: &IndicatorSet, leaf: &Indicator, tried: &BTreeMap<String, String>) -> Answers {
    let value = |input: &Input| {
        let typed = tried.get(&input.name)?;
        tenants::typed::parse(input, typed).ok().flatten()
    };
    let values = |inputs: &[Input]| -> BTreeMap<String, Value> {
        inputs.iter().filter_map(|input| Some((input.name.clone(), value(input)?))).collect()
    };
    let answer = Answer { inputs: values(&leaf.inputs), ..Answer::default() };
    Answers { facts: values(&set.facts), answers: BTreeMap::from([(leaf.code.clone(), answer)]) }
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
