//! What became of the same indicator last year: where the council decided otherwise and why, what the unit objected.

use engine::number::format;
use leptos::prelude::*;
use rust_decimal::Decimal;
use tenants::decisions::{Decision, Petition};
use tenants::desk::LastChange;

use super::state::{DeskState, moment};
use crate::texts::Texts;

#[component]
pub fn Earlier(code: String) -> impl IntoView {
    let state = expect_context::<DeskState>();
    let last = state.last.with_value(|last| {
        let last = last.as_ref()?;
        Some((last.year.to_string(), last.rows.get(&code)?.clone()))
    });
    let told = last.filter(|(_, row)| row.changed.is_some() || row.petition.is_some());
    told.map(|(year, row)| {
        view! {
            <div class="earlier">
                {row.changed.map(|changed| view! { <Changed year=year.clone() changed/> })}
                {row.petition.map(|petition| view! { <Objected year petition/> })}
            </div>
        }
    })
}

#[component]
fn Changed(year: String, changed: LastChange) -> impl IntoView {
    let texts = expect_context::<Texts>();
    let LastChange { claimed, decided } = changed;
    let shown =
        |points: Option<Decimal>| points.map_or_else(|| "–".to_owned(), |points| format(points, points.scale()));
    let key = match decided.decision {
        Decision::NotApplicable => "desk-earlier-na",
        Decision::Correct => "desk-earlier-corrected",
        Decision::Accept | Decision::Adjust => "desk-earlier-adjusted",
    };
    let (from, to) = (shown(claimed), shown(decided.points));
    let told = texts.with(key, &[("year", &year), ("from", &from), ("to", &to)]);
    let why = decided.reason_code.map(|code| texts.get(&format!("desk-reason-{}", code.as_str())));
    let why: Vec<String> = why.into_iter().chain(Some(decided.reason).filter(|reason| !reason.is_empty())).collect();
    view! {
        <p><strong>{told}</strong>" "<span class="said">{why.join(". ")}</span></p>
    }
}

#[component]
fn Objected(year: String, petition: Petition) -> impl IntoView {
    let texts = expect_context::<Texts>();
    let answer = petition.answer.map(|answer| {
        let head = texts.with("desk-earlier-answer", &[("at", &moment(answer.at))]);
        view! { <p><span class="muted">{head}</span>" "<span class="said">{answer.text}</span></p> }
    });
    view! {
        <p><strong>{texts.with("desk-earlier-petition", &[("year", &year)])}</strong>" "<span class="said">{petition.text}</span></p>
        {answer}
    }
}
