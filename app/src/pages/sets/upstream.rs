//! `/lam-viec/bo-chi-so/{set}/nguon`: what has changed in the set this one was copied from, taken over piece by piece.

use axum::Form;
use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use engine::{Indicator, IndicatorSet};
use leptos::prelude::*;
use serde::Deserialize;
use tenants::ids::{SetId, VersionId};
use tenants::indicator_sets::edit::{self, Edit};
use tenants::indicator_sets::{self, Draft, Original, label};
use tenants::policy::Action;
use tenants::store::Tx;
use tenants::{Error, Problem, paths};

use super::bench::{Bench, BenchHead, Tab};
use crate::caller::Signed;
use crate::components::{Button, ButtonKind, Tag, TagKind};
use crate::form::Submission;
use crate::render::Page;
use crate::text::{t, t_with};
use crate::{App, Result};

/// What one indicator did upstream since it was copied.
struct Piece {
    key: String,
    title: String,
    changes: Vec<String>,
    /// The draft already has it as it stands upstream.
    taken: bool,
}

struct Source {
    id: VersionId,
    title: String,
    set: IndicatorSet,
}

/// `GET /lam-viec/bo-chi-so/{set}/nguon`
pub async fn show(State(app): State<App>, signed: Signed, Path(id): Path<SetId>) -> Result<Html<String>> {
    let bench = Bench::open(&app, &signed, id).await?;
    let (old, new) = sources(&app, &signed, &bench).await?;
    let pieces = pieces(&old.set, &new.set, bench.set.as_deref());
    let title = bench.head.name.clone();
    Page::new(title).staff(&app, &signed, || view! { <Upstream bench old new pieces/> }).await
}

async fn sources(app: &App, signed: &Signed, bench: &Bench) -> Result<(Source, Source)> {
    let tx = app.db.read(&signed.caller).await?;
    let origin = bench.head.origin.ok_or(Error::NotFound)?;
    let old = indicator_sets::original(&tx, origin).await?;
    let new = indicator_sets::newest_upstream(&tx, &old).await?;
    let source = |original: Original| {
        let owner = if original.owner.is_empty() { t("upstream-own") } else { original.owner };
        Source { id: original.id, title: format!("{owner} · {}", label(original.number)), set: original.set }
    };
    Ok((source(old), source(new)))
}

fn find<'a>(set: &'a IndicatorSet, key: &str) -> Option<&'a Indicator> {
    set.indicators().find(|leaf| leaf.key == key)
}

fn pieces(old: &IndicatorSet, new: &IndicatorSet, draft: Option<&IndicatorSet>) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for change in engine::diff::diff(old, new) {
        let Some(key) = change.key else { continue };
        if let Some(piece) = pieces.iter_mut().find(|piece| piece.key == key) {
            piece.changes.push(change.text);
            continue;
        }
        let (there, here) = (find(new, &key), draft.and_then(|draft| find(draft, &key)));
        let leaf = there.or_else(|| find(old, &key));
        let title = leaf.map(|leaf| format!("{} {}", leaf.code, leaf.name)).unwrap_or_default();
        pieces.push(Piece { taken: same(there, here), key, title, changes: vec![change.text] });
    }
    pieces
}

/// The same rules, wherever they stand.
fn same(one: Option<&Indicator>, other: Option<&Indicator>) -> bool {
    let bare = |leaf: &Indicator| {
        let mut leaf = leaf.clone();
        leaf.code.clear();
        leaf.formula.iter_mut().for_each(|formula| (formula.line, formula.column) = (0, 0));
        leaf.warnings.iter_mut().for_each(|warning| (warning.condition.line, warning.condition.column) = (0, 0));
        leaf
    };
    one.map(bare) == other.map(bare)
}

#[derive(Deserialize)]
pub struct Take {
    revision: i64,
    /// An indicator to take over; empty when everything has been looked at.
    #[serde(default)]
    key: String,
}

/// `POST /lam-viec/bo-chi-so/{set}/nguon`
pub async fn take(submission: Submission, Path(id): Path<SetId>, Form(wanted): Form<Take>) -> Result<Redirect> {
    submission.allow(Action::EditSet)?;
    let (app, signed) = (&submission.app, &submission.signed);
    let bench = Bench::open(app, signed, id).await?;
    let (_, new) = sources(app, signed, &bench).await?;
    let source = match wanted.key.as_str() {
        "" => None,
        key => Some(taken(app, signed, &bench, &wanted, &taking(&new.set, key)).await?),
    };
    let said = if source.is_none() { "upstream-seen" } else { "upstream-taken" };
    let act = async |tx: &Tx| match source {
        Some(source) => indicator_sets::save_draft(tx, &Draft { source, ..bench.draft.clone() }).await.map(drop),
        None => indicator_sets::seen_upstream(tx, id, new.id).await,
    };
    submission.submit(t(said), &paths::set_upstream(id), act).await
}

/// The draft's script with the piece in it.
async fn taken(app: &App, signed: &Signed, bench: &Bench, wanted: &Take, edit: &Edit) -> Result<String> {
    if bench.draft.revision != wanted.revision {
        return Err(Error::Stale.into());
    }
    let broken = || Error::Invalid(vec![Problem::new("source", &t("set-unreadable-text"))]);
    let set = bench.set.clone().ok_or_else(broken)?;
    let fresh = edit::apply(&set, edit).map_err(Error::Invalid)?;
    super::table::rewritten(app, signed, bench, &fresh).await
}

fn taking(new: &IndicatorSet, key: &str) -> Edit {
    let home = new.main_indexes().find(|main| main.indicators.iter().any(|leaf| leaf.key == key));
    let from = home.zip(find(new, key)).map(|(main, leaf)| Box::new((main.code.clone(), leaf.clone())));
    Edit::Take { key: key.into(), from }
}

#[component]
fn Upstream(bench: Bench, old: Source, new: Source, pieces: Vec<Piece>) -> impl IntoView {
    let (may, action, revision) = (bench.may, bench.path(paths::set_upstream), bench.draft.revision);
    let same = old.id == new.id;
    let lead = if same {
        t_with("upstream-same", [("version", old.title.into())])
    } else {
        t_with("upstream-newer", [("old", old.title.into()), ("new", new.title.into())])
    };
    let action_of = action.clone();
    let piece = move |piece: Piece| {
        let take = if piece.taken {
            view! { <Tag kind=TagKind::Green text=t("upstream-has")/> }.into_any()
        } else if may {
            view! {
                <form method="post" action=action_of.clone()>
                    <input type="hidden" name="revision" value=revision/>
                    <input type="hidden" name="key" value=piece.key/>
                    <Button>{t("upstream-take")}</Button>
                </form>
            }
            .into_any()
        } else {
            ().into_any()
        };
        let changes = piece.changes.into_iter().map(|text| view! { <li>{text}</li> }).collect_view();
        view! { <section class="card card-padded stack"><div class="row"><h3>{piece.title}</h3>{take}</div><ul class="changes">{changes}</ul></section> }
    };
    view! {
        <BenchHead bench tab=Tab::Upstream/>
        <p>{lead}</p>
        {pieces.into_iter().map(piece).collect_view()}
        {(may && !same).then(|| view! {
            <form method="post" action=action>
                <input type="hidden" name="revision" value=revision/>
                <Button kind=ButtonKind::Primary>{t("upstream-done")}</Button>
            </form>
        })}
    }
}
