//! One indicator: its figures, its score as the server gives it, its explanation, its N/A claim, its evidence.

use leptos::prelude::*;
use tenants::desk::Row;
use tenants::paths;
use tenants::sheets::{Claim, ClaimGround, Remark, RowState as Readiness};

use super::earlier::Earlier;
use super::evidence::Evidence;
use super::field::{FieldInput, next_on_enter};
use super::own::OwnPoints;
use super::state::{DeskState, RowState, clock, moment};
use crate::text_area::TextArea;
use crate::texts::Texts;

#[component]
pub fn RowCard(row: RowState) -> impl IntoView {
    let state = expect_context::<DeskState>();
    let texts = expect_context::<Texts>();
    let first = row.now.get_untracked();
    let focused = move || state.focused_row().is_some_and(|focused| focused.position == row.position);
    let fields = first.fields.iter().map(|field| view! { <FieldInput row field=field.clone()/> }).collect_view();
    let code = first.code.clone();
    let action = paths::row(state.sheet, &code);
    let anchor = format!("c{code}");
    let course = paths::row_history(state.sheet, &code);
    let clerk = state.clerks.with_value(|clerks| clerks.get(&code).map(|clerk| clerk.name.clone()));
    let hint = (!first.guidance.is_empty()).then(|| first.guidance.clone());
    view! {
        <article class="card indicator" class:open=focused id=anchor on:focusin=move |_| state.focus(row)>
            <header class="indicator-head">
                <span class="code">{code.clone()}</span>
                <h2>{first.name.clone()}" "<a class="history-link" href=course>{texts.get("desk-history")}</a>{clerk.map(|name| view! { " "<span class="tag tag-quiet">{name}</span> })}</h2>
                <Points row maximum=first.maximum/>
            </header>
            <div class="indicator-body">
                {hint.map(|hint| view! { <details class="narrow-only"><summary>{texts.get("desk-guidance")}</summary><p>{hint}</p></details> })}
                {first.exempt.then(|| view! { <Exempt claim=first.claim.clone()/> })}
                {(!first.exempt).then(|| view! { <form method="post" action=action on:keydown=next_on_enter>
                    <input type="hidden" name="revision" value=first.revision.to_string()/>
                    <Reopened row/>
                    <Unconfirmed row/>
                    <div class="desk-fields">{fields}</div>
                    <Earlier code=code.clone()/>
                    <Why row/>
                    {first.adjustable.then(|| view! { <OwnPoints row code=code.clone()/> })}
                    <Conflict row/>
                    <ExplanationText row code=code.clone()/>
                    {first.may_claim.then(|| view! { <ClaimForm row code=code.clone()/> })}
                    <button class="button" type="submit" hidden=move || state.alive.get() disabled=!state.writes(row)>{texts.get("desk-save")}</button>
                </form> })}
                <Evidence row code=code.clone()/>
                {state.talks.then(|| view! { <Colleagues code/> })}
            </div>
        </article>
    }
}

/// What the managing agency decided beforehand; there is nothing to enter.
#[component]
fn Exempt(claim: Option<Claim>) -> impl IntoView {
    let texts = expect_context::<Texts>();
    let why =
        claim.map(|claim| format!("{}. {}", texts.get(&format!("desk-claim-{}", claim.ground.as_str())), claim.reason));
    view! { <p class="notice notice-gold"><strong>{texts.get("desk-exempt")}</strong>" "{why}</p> }
}

/// The council is at work, and this row may be corrected until a moment.
#[component]
fn Reopened(row: RowState) -> impl IntoView {
    let texts = expect_context::<Texts>();
    let until = row.now.with_untracked(|row| row.reopened_until).map(moment);
    until.map(|until| view! { <p class="notice notice-gold">{texts.with("desk-reopened", &[("until", &until)])}</p> })
}

/// Figures of last year that nobody has looked at yet.
#[component]
fn Unconfirmed(row: RowState) -> impl IntoView {
    let state = expect_context::<DeskState>();
    let texts = expect_context::<Texts>();
    let settled = move || row.now.with(|row| row.state != Readiness::Unconfirmed);
    // Without JavaScript the form says it with a box.
    let (told, confirm, tick) = (texts.get("desk-unconfirmed"), texts.get("desk-confirm"), texts.get("desk-confirm"));
    view! {
        <div class="notice notice-gold confirm" hidden=settled>
            <p>{told}</p>
            <button class="button" type="button" hidden=move || !state.alive.get() disabled=!state.writes(row) on:click=move |_| state.confirm(row)>{confirm}</button>
            <label class="choice" hidden=move || state.alive.get()>
                <input type="checkbox" name="confirm" value="true" disabled=!state.writes(row)/>
                {tick}
            </label>
        </div>
    }
}

#[component]
fn Points(row: RowState, maximum: rust_decimal::Decimal) -> impl IntoView {
    let texts = expect_context::<Texts>();
    let points = move || {
        let points = row.now.with(|row| row.score.points);
        points.map_or_else(|| "–".to_owned(), |points| engine::number::format(points, points.scale()))
    };
    let class = move || match row.now.with(|row| row.state) {
        Readiness::Empty => "tag tag-quiet",
        Readiness::Incomplete | Readiness::Unproven | Readiness::Unexplained | Readiness::Unconfirmed => "tag tag-gold",
        Readiness::Done => "tag tag-green",
        Readiness::Claimed => "tag",
    };
    let state = move || texts.get(&format!("desk-row-{}", row.now.with(|row| row.state.as_str())));
    view! {
        <div class="indicator-points">
            <div class="nowrap"><b>{points}</b><span class="muted">"/"{engine::number::trim(maximum)}</span></div>
            <span class=class>{state}</span>
        </div>
    }
}

/// How the score came about, its warnings, and what is wrong with the figures.
#[component]
fn Why(row: RowState) -> impl IntoView {
    let texts = expect_context::<Texts>();
    let score = move || row.now.with(|row| row.score.clone());
    let sentence = move || score().explanation.map(|told| told.text).unwrap_or_default();
    let state = expect_context::<DeskState>();
    let told = move || {
        let error = score().error.map(|error| error.message);
        state.warnings(row).into_iter().chain(error).collect::<Vec<_>>()
    };
    let quiet = move || told().is_empty();
    let lines = move || told().into_iter().map(|text| view! { <li>{text}</li> }).collect_view();
    view! {
        <div class="why" hidden=move || sentence().is_empty()>
            <span>{sentence}</span>
            <details>
                <summary>{texts.get("desk-how")}</summary>
                <Steps row/>
            </details>
        </div>
        <ul class="why warn" role="list" hidden=quiet>{lines}</ul>
    }
}

#[component]
fn Steps(row: RowState) -> impl IntoView {
    let texts = expect_context::<Texts>();
    let told = move || row.now.with(|row| row.score.explanation.clone());
    let formula = move || told().map(|told| told.formula).unwrap_or_default();
    let reads = move || {
        let reads = told().map(|told| told.reads).unwrap_or_default();
        reads
            .into_iter()
            .map(|read| {
                let value = match read.value {
                    engine::Value::Bool(yes) => if yes { "✓" } else { "✗" }.to_owned(),
                    engine::Value::Number(number) => engine::number::trim(number),
                };
                view! { <li>{read.label}": "<b>{value}</b></li> }
            })
            .collect_view()
    };
    let engine = move || told().map(|told| texts.with("desk-engine", &[("version", &told.engine)])).unwrap_or_default();
    view! {
        <ul>{reads}</ul>
        <p><code>{formula}</code></p>
        <p class="muted">{engine}</p>
    }
}

/// What the unit's people say about the indicator among themselves.
#[component]
fn Colleagues(code: String) -> impl IntoView {
    let state = expect_context::<DeskState>();
    let texts = expect_context::<Texts>();
    let said = state.remarks.with_value(|remarks| remarks.get(&code).cloned()).unwrap_or_default();
    let (count, id) = (said.len().to_string(), format!("trao-doi-{code}"));
    let action = paths::row_remark(state.sheet, &code);
    let line = |remark: Remark| {
        let head = format!("{} · {}", remark.by, moment(remark.at));
        view! { <li><small class="muted">{head}</small><p class="said">{remark.text}</p></li> }
    };
    let open = !said.is_empty();
    view! {
        <details class="claim" open=open>
            <summary>{texts.with("desk-remarks", &[("count", &count)])}</summary>
            <ul class="talks" role="list">{said.into_iter().map(line).collect_view()}</ul>
            <form class="decide-form" method="post" action=action>
                <div class="field grow">
                    <label for=id.clone()>{texts.get("desk-remark")}</label>
                    <TextArea id=id name="text" rows=2 required=true maxlength=2000/>
                </div>
                <button class="button" type="submit">{texts.get("desk-remark-send")}</button>
            </form>
        </details>
    }
}

/// Somebody saved first: theirs and mine side by side.
#[component]
fn Conflict(row: RowState) -> impl IntoView {
    let state = expect_context::<DeskState>();
    let texts = expect_context::<Texts>();
    let told = {
        let texts = texts.clone();
        move || row.theirs.with(|theirs| theirs.as_ref().map(|theirs| who(theirs, &texts))).unwrap_or_default()
    };
    let own_label = texts.get("desk-own-points-short");
    let values = move || {
        row.theirs.with(|theirs| {
            let fields = theirs.iter().flat_map(|theirs| theirs.fields.clone());
            let line = |label: String, value: String| view! { <li>{label}": "<b>{value}</b></li> };
            let own = theirs.iter().map(|row| row.own_points.clone()).filter(|own| !own.is_empty());
            let own = own.map(|own| (own_label.clone(), own));
            fields
                .map(|field| (field.label, field.value))
                .chain(own)
                .map(|(label, value)| line(label, value))
                .collect_view()
        })
    };
    view! {
        <div class="notice notice-gold" role="alert" hidden=move || row.theirs.with(Option::is_none)>
            <p>{told}</p>
            <ul>{values}</ul>
            <div class="actions">
                <button class="button" type="button" on:click=move |_| state.use_mine(row)>{texts.get("desk-use-mine")}</button>
                <button class="button" type="button" on:click=move |_| state.use_theirs(row)>{texts.get("desk-use-theirs")}</button>
            </div>
        </div>
    }
}

fn who(theirs: &Row, texts: &Texts) -> String {
    let at = theirs.saved_at.map(clock).unwrap_or_default();
    let by = theirs.saved_by.clone().unwrap_or_default();
    texts.with("desk-theirs", &[("by", &by), ("at", &at)])
}

#[component]
fn ExplanationText(row: RowState, code: String) -> impl IntoView {
    let state = expect_context::<DeskState>();
    let texts = expect_context::<Texts>();
    let id = format!("giai-trinh-{code}");
    let first = row.explanation.get_untracked();
    let problem = move || {
        row.problems.with(|all| all.iter().find(|one| one.field == "explanation").map(|one| one.message.clone()))
    };
    view! {
        <div class="field">
            <label for=id.clone()>{texts.get("desk-explanation")}</label>
            <TextArea
                id=id
                name="explanation"
                rows=2
                maxlength=4000
                text=first
                attr:placeholder=texts.get("desk-explanation-hint")
                attr:disabled=!state.writes(row)
                prop:value=move || row.explanation.get()
                on:input=move |event| {
                    row.explanation.set(event_target_value(&event));
                    state.changed(row);
                }
                on:change=move |_| state.save(row)
            />
            <p class="field-problem" hidden=move || problem().is_none()>{problem}</p>
        </div>
    }
}

#[component]
fn ClaimForm(row: RowState, code: String) -> impl IntoView {
    let state = expect_context::<DeskState>();
    let texts = expect_context::<Texts>();
    let first = row.claim.get_untracked();
    let chosen = first.as_ref().map_or("", |claim| claim.ground.as_str());
    let claimed = first.is_some();
    let first_reason = first.as_ref().map(|claim| claim.reason.clone()).unwrap_or_default();
    let option = |ground: ClaimGround| {
        view! { <option value=ground.as_str() selected=chosen == ground.as_str()>{texts.get(&format!("desk-claim-{}", ground.as_str()))}</option> }
    };
    let [ground_id, reason_id] = ["ly-do", "can-cu"].map(|name| format!("{name}-{code}"));
    let problem =
        move || row.problems.with(|all| all.iter().find(|one| one.field == "claim").map(|one| one.message.clone()));
    view! {
        <details class="claim" open=claimed>
            <summary>{texts.get("desk-claim")}</summary>
            <div class="field">
                <label for=ground_id.clone()>{texts.get("desk-claim-ground")}</label>
                <select
                    id=ground_id
                    name="claim_ground"
                    disabled=!state.writes(row)
                    prop:value=move || row.claim.with(|claim| claim.as_ref().map_or("", |claim| claim.ground.as_str()))
                    on:change=move |event| {
                        let ground = ClaimGround::parse(&event_target_value(&event));
                        row.claim.update(|claim| {
                            let reason = claim.take().map(|claim| claim.reason).unwrap_or_default();
                            *claim = ground.map(|ground| Claim { ground, reason });
                        });
                        if row.claim.with_untracked(|claim| claim.as_ref().is_none_or(|claim| !claim.reason.is_empty())) {
                            state.changed(row);
                        }
                    }
                >
                    <option value="">{texts.get("desk-claim-none")}</option>
                    {ClaimGround::ALL.into_iter().map(option).collect_view()}
                </select>
            </div>
            <div class="field">
                <label for=reason_id.clone()>{texts.get("desk-claim-reason")}</label>
                <input
                    id=reason_id
                    name="claim_reason"
                    maxlength="2000"
                    disabled=!state.writes(row)
                    value=first_reason
                    prop:value=move || row.claim.with(|claim| claim.as_ref().map(|claim| claim.reason.clone()).unwrap_or_default())
                    on:input=move |event| {
                        let reason = event_target_value(&event);
                        row.claim.update(|claim| {
                            if let Some(claim) = claim {
                                claim.reason = reason;
                            }
                        });
                        state.changed(row);
                    }
                />
                <p class="field-problem" hidden=move || problem().is_none()>{problem}</p>
            </div>
        </details>
    }
}
