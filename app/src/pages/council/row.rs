//! One indicator of one unit before the council: what is claimed, what proves it, what was said and decided. The page of a
//! unit and the page of an indicator show the same card.

use std::collections::BTreeMap;

use leptos::prelude::*;
use serde::Deserialize;
use tenants::appraisal::AppraisalRow;
use tenants::decisions::{Closed, Decided, Decision, Petition, ReasonCode, Talk};
use tenants::ids::{AssessmentId, GroupId};
use tenants::sheets::Field;
use tenants::{Problem, paths};

use crate::components::{Button, EvidenceList, FigureField, Tag, TagKind, TextArea, figure};
use crate::format;
use crate::render;
use crate::text::{t, t_with};

/// A decision as the form sends it.
#[derive(Clone, Debug, Deserialize)]
pub struct Typed {
    pub decision: String,
    #[serde(default)]
    pub points: String,
    #[serde(default)]
    pub reason: String,
    #[serde(default)]
    pub reason_code: String,
    /// A number; a form with fields of its own choosing knows only texts.
    pub revision: String,
    /// The group, when the form stands on an indicator's page.
    #[serde(default)]
    pub back: String,
    /// Everything else the form holds; a figure is called `f-` and its name.
    #[serde(flatten)]
    pub rest: BTreeMap<String, String>,
}

impl Typed {
    /// The figures as typed, by name.
    pub fn figures(&self) -> BTreeMap<String, String> {
        let named =
            self.rest.iter().filter_map(|(name, text)| Some((name.strip_prefix("f-")?.to_owned(), text.clone())));
        named.collect()
    }
}

/// A decision that was refused: shown again with what to mend.
pub struct Refused {
    pub sheet: AssessmentId,
    pub code: String,
    pub typed: Typed,
    pub problems: Vec<Problem>,
}

/// Where a card stands: which sheet, and which group when all its units are shown.
#[derive(Clone)]
struct Place {
    sheet: AssessmentId,
    code: String,
    group: Option<GroupId>,
    /// Makes the ids of the fields differ from those of the other cards.
    anchor: String,
}

impl Place {
    fn action(&self, address: fn(AssessmentId, &str) -> String) -> String {
        address(self.sheet, &self.code)
    }

    fn back(&self) -> String {
        self.group.map(|group| group.to_string()).unwrap_or_default()
    }

    fn id(&self, name: &str) -> String {
        format!("{name}-{}", self.anchor)
    }
}

#[component]
pub fn RowCard(sheet: AssessmentId, row: AppraisalRow, refused: Option<std::sync::Arc<Refused>>) -> impl IntoView {
    let own = row.self_points.map_or_else(|| "–".to_owned(), |points| format::points(points, points.scale()));
    let anchor = row.code.clone();
    view! {
        <article class="card card-padded appraise-row" id=format!("c{anchor}")>
            <header class="indicator-head">
                <span class="code">{row.code.clone()}</span>
                <h3>{row.name.clone()}</h3>
                <div class="indicator-points">
                    <span class="muted">{t("self-points")}</span>
                    <b>{own}</b><span class="muted">"/"{engine::number::trim(row.maximum)}</span>
                </div>
            </header>
            <RowBody sheet group=None anchor=anchor.clone() closed=None row refused/>
        </article>
    }
}

/// Everything about an indicator of a unit below its name, with the forms to decide it.
#[component]
pub fn RowBody(
    sheet: AssessmentId,
    /// The group, when all its units are shown.
    group: Option<GroupId>,
    /// Unique on the page; forms lead back to it.
    anchor: String,
    /// Why the unit is closed to the reader, where the page does not say so itself.
    closed: Option<Closed>,
    row: AppraisalRow,
    refused: Option<std::sync::Arc<Refused>>,
) -> impl IntoView {
    let place = Place { sheet, code: row.code.clone(), group, anchor };
    let may = row.may;
    view! {
        <div class="indicator-body">
            {row.unsigned.then(|| view! { <p class="notice notice-gold">{t("appraise-unsigned")}</p> })}
            {row.to_sign.then(|| view! { <p class="notice notice-gold">{t("appraise-to-sign")}</p> })}
            <Claimed sheet row=row.clone()/>
            <EvidenceList items=row.evidence.clone()/>
            <Talks talks=row.talks.clone()/>
            {row.petition.clone().map(|petition| view! { <PetitionNote petition place=place.clone() may/> })}
            {(!row.blind).then(|| view! { <Standing decided=row.decided.clone() maximum=row.maximum/> })}
            {closed.map(|closed| view! { <p class="closed">{t(&format!("closed-{}", closed.as_str()))}</p> })}
            {row.blind.then(|| view! { <p class="closed">{t("sample-blind")}" "<a href=paths::second_scores::PATH>{t("sample-mine")}</a></p> })}
            {may.then(|| view! {
                <DecideForm place=place.clone() row=row.clone() refused/>
                <AskForm place is_asked=row.is_asked/>
            })}
            <History history=row.history/>
        </div>
    }
}

/// The colour of a kind of decision.
pub fn decision_kind(decision: Decision) -> TagKind {
    match decision {
        Decision::Accept => TagKind::Green,
        Decision::Adjust | Decision::Correct => TagKind::Gold,
        Decision::NotApplicable => TagKind::Plain,
    }
}

/// What the unit says: the formula's words, warnings, a claim, its explanation.
#[component]
pub fn Claimed(sheet: AssessmentId, row: AppraisalRow) -> impl IntoView {
    let departs = row.score.departs();
    let course = crate::pages::sheet::history::address(sheet, &row.code);
    let own = row.score.own.filter(|_| departs).map(|own| own_points(row.self_points, own));
    let signed = signed_note(&row);
    let told = row.score.explanation.map(|told| told.text).unwrap_or_default();
    let claim = row.claim.map(|claim| {
        let ground = t(&format!("claim-{}", claim.ground.as_str()));
        let key = if row.exempt { "appraise-exempt" } else { "appraise-claim" };
        view! { <p class="notice notice-gold">{t_with(key, [("ground", ground.into()), ("reason", claim.reason.into())])}</p> }
    });
    let explanation = (!row.explanation.is_empty())
        .then(|| view! { <p><span class="muted">{t("explanation")}": "</span>{row.explanation}</p> });
    let warnings =
        row.warnings.into_iter().map(|text| view! { <p class="notice notice-gold">{text}</p> }).collect_view();
    view! {
        {(!told.is_empty()).then(|| view! { <p class="why">{told}</p> })}
        <p><a href=course>{t("history")}</a></p>
        {signed.map(|text| view! { <p class="notice notice-gold">{text}</p> })}
        {own.map(|text| view! { <p class="notice notice-gold">{text}</p> })}
        {warnings}
        {claim}
        {explanation}
    }
}

/// What the head signed, where the rules in force give something else.
pub fn signed_note(row: &AppraisalRow) -> Option<String> {
    let shown = |points: rust_decimal::Decimal| format::points(points, points.scale());
    let now = row.self_points.map_or_else(|| "–".to_owned(), shown);
    Some(t_with("appraise-signed", [("signed", shown(row.signed_points?).into()), ("now", now.into())]))
}

/// Both points beside each other.
fn own_points(points: Option<rust_decimal::Decimal>, own: engine::OwnPoints) -> String {
    let shown = |points: rust_decimal::Decimal| format::points(points, points.scale());
    let given = ("own", points.map(shown).unwrap_or_default().into());
    match own.computed {
        Some(computed) => t_with("appraise-own", [given, ("computed", shown(computed).into())]),
        None => t_with("appraise-own-by-hand", [given]),
    }
}

/// Questions and answers, oldest first.
#[component]
pub fn Talks(talks: Vec<Talk>) -> impl IntoView {
    if talks.is_empty() {
        return ().into_any();
    }
    let line = |talk: Talk| {
        let (class, who) = if talk.is_question { ("asked", "talk-council") } else { ("answered", "talk-unit") };
        let due = talk.due.map(|due| t_with("talk-due", [("due", format::date(due).into())]));
        view! {
            <li class=class>
                <strong>{t(who)}</strong>" "
                <small class="muted">{format!("{} · {}", talk.by, format::moment(talk.at))}</small>
                {due.map(|due| view! { <Tag kind=TagKind::Gold text=due/> })}
                <p class="said">{talk.text}</p>
            </li>
        }
    };
    view! { <ul class="talks" role="list">{talks.into_iter().map(line).collect_view()}</ul> }.into_any()
}

#[component]
fn PetitionNote(petition: Petition, place: Place, may: bool) -> impl IntoView {
    let id = place.id("answer");
    let waits = petition.answer.is_none();
    let shown = view! { <PetitionText petition/> };
    let form = (may && waits).then(|| {
        view! {
            <form class="decide-form" method="post" action=place.action(paths::appraise_answer_petition)>
                <input type="hidden" name="back" value=place.back()/>
                <div class="field grow">
                    <label for=id.clone()>{t("petition-answer")}</label>
                    <TextArea id=id name="text" rows=2 required=true maxlength=4000/>
                </div>
                <Button>{t("petition-send-answer")}</Button>
            </form>
        }
    });
    view! { {shown}{form} }
}

/// A petition and its answer, as both sides read them.
#[component]
pub fn PetitionText(petition: Petition) -> impl IntoView {
    let answer = match petition.answer {
        Some(answer) => view! {
            <p class="said"><strong>{t("petition-answered-by")}</strong>" "<small class="muted">{format!("{} · {}", answer.by, format::moment(answer.at))}</small><span class="block">{answer.text}</span></p>
        }
        .into_any(),
        None => view! { <p><Tag kind=TagKind::Red text=t("petition-waits")/></p> }.into_any(),
    };
    view! {
        <div class="notice notice-gold">
            <p class="said"><strong>{t("petition")}</strong>" "<small class="muted">{format!("{} · {}", petition.by, format::moment(petition.at))}</small><span class="block">{petition.text}</span></p>
            {answer}
        </div>
    }
}

#[component]
pub fn Standing(decided: Option<Decided>, maximum: rust_decimal::Decimal) -> impl IntoView {
    let Some(decided) = decided else {
        return view! { <p><Tag kind=TagKind::Quiet text=t("decision-none")/></p> }.into_any();
    };
    let kind = decision_kind(decided.decision);
    let points = decided
        .points
        .map(|points| format!("{}/{}", format::points(points, points.scale()), engine::number::trim(maximum)));
    let why = decided.reason_code.map(|code| t(&format!("reason-{}", code.as_str())));
    let corrections: Vec<String> = decided
        .corrections
        .iter()
        .map(|one| format!("{}: {} → {}", one.label, figure(&one.from), figure(&one.to)))
        .collect();
    let reason = [why, Some(decided.reason).filter(|reason| !reason.is_empty())];
    let reason: Vec<String> = reason.into_iter().flatten().collect();
    view! {
        <p class="standing">
            <Tag kind text=t(&format!("decision-{}", decided.decision.as_str()))/>
            {points.map(|points| view! { <b>{points}</b> })}
            {decided.stale.then(|| view! { <Tag kind=TagKind::Red text=t("decision-stale")/> })}
            <span class="muted">{format!("{} · {}", decided.by, format::moment(decided.at))}</span>
            {(!reason.is_empty()).then(|| view! { <span class="block">{reason.join(". ")}</span> })}
            {corrections.into_iter().map(|text| view! { <span class="block">{text}</span> }).collect_view()}
        </p>
    }
    .into_any()
}

/// The unit's figures, to be overwritten with what the council knows; the formula gives the points.
#[component]
fn Figures(fields: Vec<Field>, typed: BTreeMap<String, String>, place: Place, problems: Vec<Problem>) -> impl IntoView {
    let line = |field: Field| {
        let id = place.id(&format!("f-{}", field.name));
        let value = typed.get(&field.name).cloned().unwrap_or_else(|| field.value.clone());
        view! { <FigureField id field value problems=problems.clone()/> }
    };
    view! { <div class="when-corrected form-columns">{fields.into_iter().map(line).collect_view()}</div> }
}

#[component]
fn DecideForm(place: Place, row: AppraisalRow, refused: Option<std::sync::Arc<Refused>>) -> impl IntoView {
    let typed = refused.as_ref().map(|refused| refused.typed.clone());
    let problems = refused.as_ref().map(|refused| refused.problems.clone()).unwrap_or_default();
    let may_accept = row.claim.is_none() && row.self_points.is_some();
    let suggested = if may_accept {
        Decision::Accept
    } else if row.claim.is_some() {
        Decision::NotApplicable
    } else {
        Decision::Adjust
    };
    let chosen = typed.as_ref().and_then(|typed| Decision::parse(&typed.decision)).unwrap_or(suggested);
    let why = typed.as_ref().map(|typed| typed.reason_code.clone()).unwrap_or_default();
    let offered = Decision::ALL.into_iter().filter(|decision| match decision {
        Decision::Accept => may_accept,
        Decision::Adjust => true,
        Decision::Correct => !row.fields.is_empty(),
        Decision::NotApplicable => row.may_be_not_applicable,
    });
    let option = |decision: Decision| {
        let name = place.id(decision.as_str());
        view! {
            <label class="choice" for=name.clone()>
                <input type="radio" id=name.clone() name="decision" value=decision.as_str() checked=decision == chosen/>
                {t(&format!("decision-{}", decision.as_str()))}
            </label>
        }
    };
    let code = |code: ReasonCode| {
        let selected = why == code.as_str();
        view! { <option value=code.as_str() selected=selected>{t(&format!("reason-{}", code.as_str()))}</option> }
    };
    let figures = typed.as_ref().map(Typed::figures).unwrap_or_default();
    let (points, reason) = typed.map(|typed| (typed.points, typed.reason)).unwrap_or_default();
    let [points_id, reason_id, code_id] = ["points", "reason", "code"].map(|name| place.id(name));
    let at = |field: &str| {
        problems
            .iter()
            .filter(|problem| problem.field == field)
            .map(|problem| view! { <p class="field-problem">{problem.message.clone()}</p> })
            .collect_view()
    };
    // Across all units the next page puts the focus on the next unit, which a fragment would keep it from.
    let action = place.action(paths::appraise_decide);
    let action = if place.group.is_some() { action } else { format!("{action}#c{}", place.anchor) };
    view! {
        <details class="decide" open=!row.is_settled() || refused.is_some()>
            <summary>{if row.decided.is_some() { t("decide-again") } else { t("decide") }}</summary>
            <form class="decide-form" method="post" action=action>
                <input type="hidden" name="revision" value=row.revision/>
                <input type="hidden" name="back" value=place.back()/>
                <fieldset class="choices">
                    <legend class="visually-hidden">{t("decide")}</legend>
                    {offered.map(option).collect_view()}
                    {at("decision")}
                </fieldset>
                <div class="field when-adjusted">
                    <label for=points_id.clone()>{t("appraised-points")}</label>
                    <input id=points_id class="num" name="points" inputmode="decimal" value=points/>
                    {at("points")}
                </div>
                <div class="field when-adjusted">
                    <label for=code_id.clone()>{t("decide-reason-code")}</label>
                    <select id=code_id name="reason_code"><option value="">{t("decide-reason-choose")}</option>{ReasonCode::ALL.into_iter().map(code).collect_view()}</select>
                    {at("reason_code")}
                </div>
                <Figures fields=row.fields.clone() typed=figures place=place.clone() problems=problems.clone()/>
                <div class="field grow">
                    <label for=reason_id.clone()>{t("decide-reason")}</label>
                    <input id=reason_id name="reason" value=reason maxlength="2000"/>
                    {at("reason")}
                </div>
                <Button>{t("decide-save")}</Button>
            </form>
        </details>
    }
}

/// Asking the unit instead of deciding.
#[component]
fn AskForm(place: Place, is_asked: bool) -> impl IntoView {
    let [text, due] = ["question", "due"].map(|name| place.id(name));
    let today = render::today();
    let until = tenants::calendar::Calendar::default().after(today, 5);
    view! {
        <details class="decide">
            <summary>{if is_asked { t("ask-again") } else { t("ask") }}</summary>
            <form class="decide-form" method="post" action=place.action(paths::appraise_ask)>
                <input type="hidden" name="back" value=place.back()/>
                <div class="field grow">
                    <label for=text.clone()>{t("ask-text")}</label>
                    <TextArea id=text name="text" rows=2 required=true maxlength=4000/>
                </div>
                <div class="field">
                    <label for=due.clone()>{t("ask-due")}</label>
                    <input id=due name="due" type="date" required min=today.to_string() value=until.to_string()/>
                </div>
                <Button>{t("ask-send")}</Button>
            </form>
        </details>
    }
}

#[component]
fn History(history: Vec<Decided>) -> impl IntoView {
    if history.len() < 2 {
        return ().into_any();
    }
    let line = |decided: Decided| {
        let points = decided.points.map(|points| format::points(points, points.scale())).unwrap_or_default();
        let what = t(&format!("decision-{}", decided.decision.as_str()));
        view! { <li>{format!("{} · {what} {points} · {} {}", format::moment(decided.at), decided.by, decided.reason)}</li> }
    };
    view! {
        <details>
            <summary>{t("decision-history")}</summary>
            <ul class="muted">{history.into_iter().map(line).collect_view()}</ul>
        </details>
    }
    .into_any()
}
