//! `/lam-viec/bo-chi-so/{set}/so-sanh`: any two of the draft and the issued versions, in words and as text.

use axum::extract::{Path, Query, State};
use axum::response::Html;
use engine::IndicatorSet;
use leptos::prelude::*;
use serde::Deserialize;
use tenants::ids::{SetId, VersionId};
use tenants::indicator_sets::{self, Original};
use tenants::{Error, paths};

use super::bench::{Bench, BenchHead, Tab};
use crate::caller::Signed;
use crate::components::{Button, Table};
use crate::render::Page;
use crate::text::{t, t_with};
use crate::{App, Result};

#[derive(Deserialize)]
pub struct Sides {
    /// A version's id; the newest when absent.
    cu: Option<String>,
    /// A version's id, or the draft when absent or empty.
    moi: Option<String>,
}

/// One side: how it is called, and what it declares.
struct Side {
    id: String,
    label: String,
    set: IndicatorSet,
}

/// `GET /lam-viec/bo-chi-so/{set}/so-sanh`
pub async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<SetId>,
    Query(sides): Query<Sides>,
) -> Result<Html<String>> {
    let bench = Bench::open(&app, &signed, id).await?;
    let newest = bench.head.versions.first().map(|version| version.id.to_string());
    let old = match sides.cu.filter(|id| !id.is_empty()).or(newest) {
        Some(id) => Some(version(&app, &signed, &id).await?),
        None => None,
    };
    let new = match sides.moi.filter(|id| !id.is_empty()) {
        Some(id) => Some(version(&app, &signed, &id).await?),
        None => bench.set.as_ref().map(|set| Side {
            id: String::new(),
            label: t_with("set-draft-tag", [("revision", bench.draft.revision.into())]),
            set: (**set).clone(),
        }),
    };
    let title = bench.head.name.clone();
    Page::new(title).wide().staff(&app, &signed, || view! { <Compare bench old new/> }).await
}

async fn version(app: &App, signed: &Signed, id: &str) -> Result<Side> {
    let id: VersionId = id.parse().map_err(|_| Error::NotFound)?;
    let tx = app.db.read(&signed.caller).await?;
    let Original { number, set, .. } = indicator_sets::original(&tx, id).await?;
    Ok(Side { id: id.to_string(), label: tenants::indicator_sets::label(number), set })
}

#[component]
fn Compare(bench: Bench, old: Option<Side>, new: Option<Side>) -> impl IntoView {
    let head = view! { <BenchHead bench=bench.clone() tab=Tab::Compare/> };
    let (Some(old), Some(new)) = (old, new) else {
        return view! { {head} <p class="card card-padded">{t("compare-nothing")}</p> }.into_any();
    };
    let choice = |name: &'static str, chosen: &str, draft: bool| {
        let versions = bench.head.versions.iter().map(|version| {
            let id = version.id.to_string();
            let text = format!("{} · {}", tenants::indicator_sets::label(version.number), version.decision_number);
            let selected = id == chosen;
            view! { <option value=id selected=selected>{text}</option> }
        });
        let draft = draft.then(|| view! { <option value="" selected=chosen.is_empty()>{t("compare-draft")}</option> });
        view! { <select id=name name=name>{draft}{versions.collect_view()}</select> }
    };
    let changes = indicator_sets::changes(&old.set, &new.set);
    let told = match changes.len() {
        0 => t("compare-same"),
        count => t_with("compare-count", [("count", count.into())]),
    };
    let lines = engine::diff::lines(&engine::print(&old.set), &engine::print(&new.set));
    view! {
        {head}
        <form class="row compare-sides" method="get" action=bench.path(paths::set_compare)>
            <label for="cu">{t("compare-old")}</label>{choice("cu", &old.id, false)}
            <label for="moi">{t("compare-new")}</label>{choice("moi", &new.id, true)}
            <Button>{t("compare-show")}</Button>
        </form>
        <section class="card card-padded stack">
            <h2>{format!("{} → {}", old.label, new.label)}</h2>
            <p class="muted">{told}</p>
            <ul class="changes">{changes.into_iter().map(|text| view! { <li>{text}</li> }).collect_view()}</ul>
        </section>
        <details class="card card-padded">
            <summary>{t("compare-text")}</summary>
            <Lines lines/>
        </details>
    }
    .into_any()
}

#[component]
fn Lines(lines: Vec<engine::diff::Line>) -> impl IntoView {
    use engine::diff::LineKind;
    let row = |line: engine::diff::Line| {
        let (class, sign) = match line.kind {
            LineKind::Same => ("", " "),
            LineKind::Added => ("line-added", "+"),
            LineKind::Removed => ("line-removed", "−"),
            LineKind::Folded(_) => ("line-folded", "…"),
        };
        let text = match line.kind {
            LineKind::Folded(count) => t_with("compare-folded", [("count", count.into())]),
            _ => line.text,
        };
        let number = |number: Option<usize>| number.map(|number| number.to_string()).unwrap_or_default();
        view! { <tr class=class><td class="num">{number(line.old_line)}</td><td class="num">{number(line.new_line)}</td><td>{sign}</td><td><code>{text}</code></td></tr> }
    };
    view! { <Table label=t("compare-text")><tbody class="diff">{lines.into_iter().map(row).collect_view()}</tbody></Table> }
}
