//! What is late in a period, on its board: who, what, since when.

use leptos::prelude::*;
use tenants::paths;
use tenants::year::{Late, LateWhat};

use crate::format;
use crate::text::t_with;

/// Nothing where nothing is late; folded behind its count where it is long.
#[component]
pub fn LateList(late: Vec<Late>) -> impl IntoView {
    let count = late.len();
    (count > 0).then(|| {
        view! {
            <details class="notice notice-red late-list" open=count <= 8>
                <summary>{t_with("late", [("count", count.into())])}</summary>
                <ul>{late.into_iter().map(line).collect_view()}</ul>
            </details>
        }
    })
}

fn line(late: Late) -> impl IntoView {
    let place = match late.what {
        LateWhat::Sheet | LateWhat::Answers => paths::sheet(late.sheet),
        LateWhat::Decisions | LateWhat::Petitions => paths::appraise(late.sheet),
    };
    let what = t_with(&format!("late-{}", late.what.as_str()), [("count", late.count.into())]);
    let since = t_with("late-since", [("at", format::moment(late.since).into())]);
    view! {
        <li>
            <a href=place>{late.unit_name}</a>
            {format!(": {what} ")}
            <small>{since}</small>
        </li>
    }
}
