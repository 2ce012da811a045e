//! The score desk: one main index of a unit's scorecard, filled in, scored by the server and saved as one types.
//!
//! Everything is there without JavaScript too, as plain forms; in the browser each change is saved by itself.

mod attach;
mod earlier;
pub mod evidence;
mod field;
mod link;
mod own;
mod row;
mod state;
mod storage;
#[cfg(feature = "hydrate")]
mod upload;

use leptos::prelude::*;
use tenants::desk::Desk;
use tenants::evidence::KnownDocument;
use tenants::paths;
use tenants::sheets::{Section, SheetState, Totals};

use crate::texts::Texts;
use state::DeskState;

/// `known` are the documents the unit can use again, `due` is the deadline as it is told to the clerk; `texts` are those that begin with `desk-`.
#[island]
pub fn ScoreDesk(desk: Desk, known: Vec<KnownDocument>, due: String, texts: Texts) -> impl IntoView {
    let head = desk.head.clone();
    let section = desk.section.clone();
    let handed_back = desk.handed_back.clone();
    let read_only = if head.state == SheetState::InternalReview { "desk-in-review" } else { "desk-read-only" };
    let reopened = desk.rows.iter().any(|row| row.reopened_until.is_some()) && head.can.edit;
    let state = DeskState::new(desk, known, texts.clone());
    let title = state.sections.with_untracked(|all| all.iter().find(|one| one.code == section).cloned());
    Effect::new(move |_| state.start());
    provide_context(state);
    provide_context(texts.clone());
    let rows = state.rows.with_value(|rows| rows.iter().map(|row| view! { <row::RowCard row=*row/> }).collect_view());
    view! {
        <div class="desk">
            <aside class="desk-side">
                <strong>{head.unit_name}</strong>
                <small class="muted block">{head.period.name}</small>
                <small class="muted block">{due}</small>
                <Sums state/>
                <nav aria-label=texts.get("desk-sections")>
                    <Sections state here=section/>
                </nav>
                <a class="button" href=format!("{}#thieu", paths::sheet(state.sheet))>
                    {texts.get("desk-missing")}" ("{move || state.missing()}")"
                </a>
                {head.can.plan.then(|| view! {
                    <a class="button button-quiet" href=paths::sheet_workbook_file(state.sheet)>{texts.get("desk-workbook-take")}</a>
                    <a class="button button-quiet" href=paths::sheet_workbook(state.sheet)>{texts.get("desk-workbook-send")}</a>
                })}
            </aside>
            <div class="desk-main">
                <div class="desk-top">
                    <h1>{title.as_ref().map(|one| format!("{}. {}", one.code, one.name))}</h1>
                    <span class="tag">
                        {title.map(|one| texts.with("desk-max", &[("points", &engine::number::trim(one.totals.maximum))]))}
                    </span>
                    <span class="desk-status" role="status" aria-live="polite">{move || state.status_text()}</span>
                </div>
                {(!head.set_note.is_empty()).then(|| view! { <p class="muted">{head.set_note}</p> })}
                {head.return_reason.map(|reason| view! { <p class="notice notice-gold">{texts.with("desk-returned", &[("reason", &reason)])}</p> })}
                {handed_back.map(|step| view! { <p class="notice notice-gold">{texts.with("desk-handed-back", &[("by", &step.by), ("reason", &step.note)])}</p> })}
                {(!head.can.write && !reopened).then(|| view! { <p class="notice notice-gold">{texts.get(read_only)}</p> })}
                <div class="stack">{rows}</div>
            </div>
            <Guide state/>
        </div>
    }
}

#[component]
fn Sums(state: DeskState) -> impl IntoView {
    let texts = expect_context::<Texts>();
    let text = move || {
        let Totals { points, maximum, ready, total } = state.totals.get();
        let points = engine::number::format(points, 2);
        texts.with(
            "desk-progress",
            &[
                ("ready", &ready.to_string()),
                ("total", &total.to_string()),
                ("points", &points),
                ("maximum", &engine::number::trim(maximum)),
            ],
        )
    };
    let total = move || state.totals.with(|totals| totals.total.max(1).to_string());
    let ready = move || state.totals.with(|totals| totals.ready.to_string());
    view! {
        <div class="progress">
            <progress max=total value=ready aria-label=text.clone()></progress>
            <small class="muted">{text}</small>
        </div>
    }
}

#[component]
fn Sections(state: DeskState, here: String) -> impl IntoView {
    let count = state.sections.with_untracked(Vec::len);
    let step = move |position: usize| {
        let section = move || state.sections.with(|all| all.get(position).cloned());
        let first: Option<Section> = state.sections.with_untracked(|all| all.get(position).cloned());
        let first = first?;
        let done =
            move || section().map(|one| format!("{}/{}", one.totals.ready, one.totals.total)).unwrap_or_default();
        let current = (first.code == here).then_some("page");
        Some(view! {
            <li>
                <a class="desk-step" href=paths::desk(state.sheet, &first.code) aria-current=current>
                    <span>{format!("{} {}", first.code, first.name)}</span>
                    <small>{done}</small>
                </a>
            </li>
        })
    };
    view! { <ul role="list">{(0..count).map(step).collect_view()}</ul> }
}

/// The right column: what the indicator in focus asks for, and how its score came about.
#[component]
fn Guide(state: DeskState) -> impl IntoView {
    let texts = expect_context::<Texts>();
    let part = move |key: &'static str, pick: fn(&tenants::desk::Row) -> String| {
        let label = texts.get(key);
        let text = move || state.focused_row().map(|row| row.now.with(pick)).unwrap_or_default();
        view! {
            <section hidden=move || text().is_empty()>
                <h3>{label}</h3>
                <p>{text}</p>
            </section>
        }
    };
    let heading = move || state.focused_row().map(|row| row.now.with(|row| format!("{} {}", row.code, row.name)));
    view! {
        <aside class="desk-guide" aria-live="off">
            <h2>{heading}</h2>
            {part("desk-guidance", |row| row.guidance.clone())}
            {part("desk-evidence-hint", |row| row.evidence_hint.clone())}
            {part("desk-source", |row| row.source.clone())}
        </aside>
    }
}
