//! `/lam-viec/bo-chi-so/{set}`: the table editor. One change per form; the selected node is in the address.

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use leptos::prelude::*;
use serde::Deserialize;
use tenants::ids::SetId;
use tenants::indicator_sets::edit::{self, Edit, Node};
use tenants::indicator_sets::{self, Draft, Work, sandbox};
use tenants::policy::{self, Action, Subject};
use tenants::{Error, Problem, paths};
use tower_sessions::Session;

use super::bench::{Bench, BenchHead, Findings, Tab};
use super::form::Typed;
use super::panel::Panel;
use super::proof::{Proof, ProofOf, edit_of};
use super::tree::Tree;
use crate::caller::Signed;
use crate::render::Page;
use crate::session::{FlashKind, set_flash};
use crate::site::encode;
use crate::text::t;
use crate::{App, Result};

#[derive(Deserialize)]
pub struct Chosen {
    #[serde(default)]
    muc: String,
}

/// `GET /lam-viec/bo-chi-so/{set}`
pub async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<SetId>,
    Query(chosen): Query<Chosen>,
) -> Result<Html<String>> {
    let bench = Bench::open(&app, &signed, id).await?;
    page(&app, &signed, bench, chosen.muc.parse().unwrap_or(Node::Set), None).await
}

/// What a form asked for and could not be done, to be shown again as typed.
#[derive(Clone)]
pub struct Again {
    pub typed: Typed,
    pub problems: Vec<Problem>,
}

impl Again {
    /// What was typed, if it was this act on this node.
    pub fn of<'a>(again: Option<&'a Again>, act: &str, at: &Node) -> Option<&'a Typed> {
        let typed = again.map(|again| &again.typed)?;
        (typed.get("act") == act && typed.node("at").as_ref() == Some(at)).then_some(typed)
    }
}

async fn page(app: &App, signed: &Signed, bench: Bench, at: Node, again: Option<Again>) -> Result<Html<String>> {
    let title = bench.head.name.clone();
    let proof = match &again {
        Some(again) => ProofOf::again(app, signed, &bench, &at, again).await?,
        None => ProofOf::stored(app, signed, &bench, &at).await?,
    };
    Page::new(title)
        .wide()
        .script("workshop.js")
        .staff(app, signed, || view! { <Workshop bench at again proof/> })
        .await
}

/// `POST /lam-viec/bo-chi-so/{set}/bang`: one change. What cannot be done comes back as it was typed.
pub async fn change(
    State(app): State<App>,
    signed: Signed,
    session: Session,
    Path(id): Path<SetId>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response> {
    policy::allow(&signed.caller, Action::EditSet, Subject::Tenant)?;
    let typed = Typed::new(pairs);
    let bench = Bench::open(&app, &signed, id).await?;
    let at = typed.node("at").unwrap_or(Node::Set);
    if bench.draft.revision != typed.revision() {
        let stale = vec![Problem::new("", &t("set-stale-table"))];
        return refuse(&app, &signed, bench, at, &typed, stale, StatusCode::CONFLICT).await;
    }
    let edited = match bench.set.as_ref() {
        Some(set) => {
            let edit = edit_of(&app, &signed, &typed, &bench).await?;
            edit.and_then(|edit| Ok((edit::apply(set, &edit)?, edit)))
        }
        None => Err(vec![Problem::new("", &t("set-unreadable-text"))]),
    };
    let (fresh, edit) = match edited {
        Ok(edited) => edited,
        Err(problems) => {
            return refuse(&app, &signed, bench, at, &typed, problems, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    let source = rewritten(&app, &signed, &bench, &fresh).await?;
    let tx = app.db.begin(&signed.caller).await?;
    match indicator_sets::save_draft(&tx, &Draft { source, ..bench.draft.clone() }).await {
        Ok(_) => tx.commit().await?,
        Err(Error::Stale) => {
            drop(tx);
            let stale = vec![Problem::new("", &t("set-stale-table"))];
            return refuse(&app, &signed, bench, at, &typed, stale, StatusCode::CONFLICT).await;
        }
        Err(error) => return Err(error.into()),
    }
    set_flash(&session, FlashKind::Done, t("set-saved")).await?;
    let next = after(&edit, &fresh, at);
    Ok(Redirect::to(&format!("{}?muc={}", paths::set(id), encode(&next.to_string()))).into_response())
}

/// The draft's script for an edited set, with its author's comments where they stood.
pub async fn rewritten(app: &App, signed: &Signed, bench: &Bench, set: &engine::IndicatorSet) -> Result<String> {
    let _turn = indicator_sets::turn(&app.cache, signed.caller.tenant, Work::Check).await?;
    Ok(sandbox::rewrite(&app.worker, &bench.draft.source, set).await?)
}

/// Where to look after a change: at what was added or renamed, at the parent of what is gone.
fn after(edit: &Edit, set: &engine::IndicatorSet, at: Node) -> Node {
    match edit {
        Edit::Leaf(_, text) => Node::Leaf(text.code.clone()),
        Edit::Rename { node: Node::Group(_), code, .. } => Node::Group(code.trim().into()),
        Edit::Rename { node: Node::Main(_), code, .. } => Node::Main(code.trim().into()),
        Edit::Add { under: Node::Main(code), .. } => {
            let added = set.main_index(code).and_then(|main| main.indicators.last());
            added.map_or(at, |leaf| Node::Leaf(leaf.code.clone()))
        }
        Edit::Remove(_) | Edit::Renumber => Node::Set,
        _ => at,
    }
}

async fn refuse(
    app: &App,
    signed: &Signed,
    bench: Bench,
    at: Node,
    typed: &Typed,
    problems: Vec<Problem>,
    status: StatusCode,
) -> Result<Response> {
    let again = Again { typed: typed.clone(), problems: problems.clone() };
    Ok((status, page(app, signed, bench.with(problems), at, Some(again)).await?).into_response())
}

#[derive(Deserialize)]
pub struct Piece {
    /// Only the column that changed is wanted.
    manh: Option<String>,
}

/// `POST /lam-viec/bo-chi-so/{set}/xem`: what the panel's form would mean, without saving it: the whole page, or for the
/// script the piece of it that changed.
pub async fn preview(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<SetId>,
    Query(piece): Query<Piece>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Html<String>> {
    policy::allow(&signed.caller, Action::EditSet, Subject::Tenant)?;
    let typed = Typed::new(pairs);
    let bench = Bench::open(&app, &signed, id).await?;
    if piece.manh.is_some() {
        let proof = ProofOf::typed(&app, &signed, &bench, &typed).await?;
        return Ok(Page::fragment(&app, || view! { <Proof proof/> }));
    }
    let at = typed.node("at").unwrap_or(Node::Set);
    page(&app, &signed, bench, at, Some(Again { typed, problems: Vec::new() })).await
}

#[component]
fn Workshop(bench: Bench, at: Node, again: Option<Again>, proof: ProofOf) -> impl IntoView {
    let Some(set) = bench.set.clone() else {
        let path = bench.path(paths::set);
        let code = bench.path(paths::set_code);
        return view! {
            <BenchHead bench=bench.clone() tab=Tab::Table/>
            <section class="card card-padded stack">
                <h2>{t("set-unreadable")}</h2>
                <p>{t("set-unreadable-text")}</p>
                <Findings checked=bench.checked path/>
                <p><a class="button button-primary" href=code>{t("set-open-code")}</a></p>
            </section>
        }
        .into_any();
    };
    view! {
        <BenchHead bench=bench.clone() tab=Tab::Table/>
        <div class="workshop" data-workshop=bench.path(paths::set)>
            <Tree set=set.clone() bench=bench.clone() at=at.clone() again=again.clone()/>
            <Panel bench=bench.clone() set at again/>
            <aside class="workshop-proof" aria-label=t("set-proof") data-proof="">
                <Proof proof/>
            </aside>
        </div>
    }
    .into_any()
}
