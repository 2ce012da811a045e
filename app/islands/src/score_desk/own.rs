//! The unit's own points, where the set lets it enter some beside what the formula gives.

use leptos::prelude::*;

use super::state::{DeskState, RowState};
use crate::texts::Texts;

#[component]
pub fn OwnPoints(row: RowState, code: String) -> impl IntoView {
    let state = expect_context::<DeskState>();
    let texts = expect_context::<Texts>();
    let id = format!("tu-cham-{code}");
    let max = row.now.with_untracked(|row| engine::number::trim(row.maximum));
    let label = texts.with("desk-own-points", &[("max", &max)]);
    let first = row.own.get_untracked();
    let problem = move || {
        row.problems.with(|all| all.iter().find(|one| one.field == "own_points").map(|one| one.message.clone()))
    };
    let by_formula = move || {
        row.now.with(|row| match row.score.own {
            Some(own) => own.computed,
            None => row.score.points,
        })
    };
    let hint = move || match by_formula() {
        Some(points) => {
            let points = engine::number::format(points, points.scale());
            texts.with("desk-own-points-hint", &[("points", &points)])
        }
        None => texts.get("desk-own-points-by-hand"),
    };
    // Without a formula's points there is something to say only once figures are complete or no formula exists.
    let quiet = move || by_formula().is_none() && row.now.with(|row| !row.fields.is_empty());
    let (hint_id, problem_id) = (format!("{id}-hint"), format!("{id}-problem"));
    view! {
        <div class="desk-fields own-points">
            <label class="desk-label" for=id.clone()>
                {label}
                <small class="muted block" id=hint_id.clone() hidden=quiet>{hint}</small>
            </label>
            <div class="desk-control">
                <input
                    id=id
                    class="num"
                    type="text"
                    inputmode="decimal"
                    autocomplete="off"
                    name="own_points"
                    disabled=!state.writes(row)
                    aria-describedby=format!("{hint_id} {problem_id}")
                    aria-invalid=move || problem().is_some().then_some("true")
                    value=first
                    prop:value=move || row.own.get()
                    on:focus=move |_| state.focus(row)
                    on:input=move |event| {
                        row.own.set(event_target_value(&event));
                        state.changed(row);
                    }
                    on:change=move |_| state.save(row)
                />
                <p class="field-problem" id=problem_id hidden=move || problem().is_none()>{problem}</p>
            </div>
        </div>
    }
}
