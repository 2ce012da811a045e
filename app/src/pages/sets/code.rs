//! `/lam-viec/bo-chi-so/{set}/ma`: the draft as a script, checked while it is typed.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::{Form, Json};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tenants::ids::SetId;
use tenants::indicator_sets::{self, Draft};
use tenants::policy::{self, Action, Subject};
use tenants::{Error, Problem, paths};
use tower_sessions::Session;

use super::bench::{Bench, BenchHead, Findings, Tab};
use crate::caller::Signed;
use crate::components::{Button, ButtonKind, TextArea};
use crate::render::Page;
use crate::session::{FlashKind, set_flash};
use crate::text::{t, t_with};
use crate::{App, Result};

/// `GET /lam-viec/bo-chi-so/{set}/ma`
pub async fn show(State(app): State<App>, signed: Signed, Path(id): Path<SetId>) -> Result<Html<String>> {
    let bench = Bench::open(&app, &signed, id).await?;
    page(&app, &signed, bench).await
}

async fn page(app: &App, signed: &Signed, bench: Bench) -> Result<Html<String>> {
    let title = bench.head.name.clone();
    Page::new(title).wide().script("rule-editor.js").staff(app, signed, || view! { <Code bench/> }).await
}

#[derive(Deserialize)]
pub struct Typed {
    source: String,
    revision: i64,
    /// "check" or "save".
    act: String,
}

/// `POST /lam-viec/bo-chi-so/{set}/ma`: checks what is typed, or saves it. What was typed always comes back.
pub async fn write(
    State(app): State<App>,
    signed: Signed,
    session: Session,
    Path(id): Path<SetId>,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    policy::allow(&signed.caller, Action::EditSet, Subject::Tenant)?;
    let tx = app.db.read(&signed.caller).await?;
    let stored = indicator_sets::draft(&tx, id).await?;
    drop(tx);
    let source = typed.source.replace("\r\n", "\n");
    let draft = Draft { source, revision: typed.revision, ..stored };
    if typed.act != "save" {
        let bench = Bench::of(&app, &signed, draft).await?;
        return Ok(page(&app, &signed, bench).await?.into_response());
    }
    let tx = app.db.begin(&signed.caller).await?;
    let (status, problems) = match indicator_sets::save_draft(&tx, &draft).await {
        Ok(_) => {
            tx.commit().await?;
            set_flash(&session, FlashKind::Done, t("set-saved")).await?;
            return Ok(Redirect::to(&paths::set_code(id)).into_response());
        }
        Err(Error::Stale) => (StatusCode::CONFLICT, vec![Problem::new("source", &t("set-stale"))]),
        Err(Error::Invalid(problems)) => (StatusCode::UNPROCESSABLE_ENTITY, problems),
        Err(error) => return Err(error.into()),
    };
    drop(tx);
    let bench = Bench::of(&app, &signed, draft).await?.with(problems);
    Ok((status, page(&app, &signed, bench).await?).into_response())
}

#[derive(Deserialize)]
pub struct Source {
    source: String,
}

/// What the editor shows while typing.
#[derive(Serialize)]
pub struct Lint {
    diagnostics: Vec<engine::Diagnostic>,
    failed_cases: Vec<String>,
    case_count: usize,
    summary: Option<Summary>,
}

#[derive(Serialize)]
pub struct Summary {
    total: String,
    sum: String,
    indicators: usize,
}

/// `POST /lam-viec/bo-chi-so/{set}/kiem`
pub async fn lint(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<SetId>,
    Json(typed): Json<Source>,
) -> Result<Json<Lint>> {
    policy::allow(&signed.caller, Action::EditSet, Subject::Tenant)?;
    let tx = app.db.read(&signed.caller).await?;
    indicator_sets::draft(&tx, id).await?;
    drop(tx);
    let looked = indicator_sets::look_rationed(&app.cache, signed.caller.tenant, &app.worker, &typed.source).await?;
    let summary = looked.set.map(|set| Summary {
        total: engine::number::trim(set.total),
        sum: engine::number::trim(set.indicators().map(|leaf| leaf.max).sum()),
        indicators: set.indicators().count(),
    });
    Ok(Json(Lint {
        diagnostics: looked.checked.diagnostics,
        failed_cases: looked.checked.failed_cases.into_iter().map(|case| case.told).collect(),
        case_count: looked.checked.case_count,
        summary,
    }))
}

/// The words and names the editor completes and explains.
fn vocabulary(bench: &Bench) -> String {
    let formula = engine::run::vocabulary();
    let formula = formula
        .map(|word| json!({ "name": word.name, "signature": word.signature, "help": word.help, "place": "formula" }));
    let definition = engine::run::definition_words().iter();
    let definition = definition.map(
        |word| json!({ "name": word.name, "signature": word.signature, "help": word.help, "place": "definition" }),
    );
    let words: Vec<_> = definition.chain(formula).collect();
    let mut names = Vec::new();
    if let Some(set) = &bench.set {
        let fact =
            |fact: &engine::Input| json!({ "name": fact.name, "help": fact.label, "kind": "fact", "indicator": null });
        names.extend(set.facts.iter().map(fact));
        let param = |param: &engine::Param| {
            let help = format!("{} = {}", param.label, engine::number::trim(param.value));
            json!({ "name": param.name, "help": help, "kind": "param", "indicator": null })
        };
        names.extend(set.params.iter().map(param));
        for leaf in set.indicators() {
            let input = |input: &engine::Input| json!({ "name": input.name, "help": input.label, "kind": "input", "indicator": leaf.code });
            names.extend(leaf.inputs.iter().map(input));
        }
    }
    // "</script>" cannot stand inside a script element, whatever a label says.
    json!({ "words": words, "names": names }).to_string().replace('<', "\\u003c")
}

#[component]
fn Code(bench: Bench) -> impl IntoView {
    let (may, path) = (bench.may, bench.path(paths::set));
    let words = vocabulary(&bench);
    let saved = t_with(
        "set-saved-by",
        [("name", bench.draft.updated_by.clone().into()), ("at", crate::format::moment(bench.draft.updated_at).into())],
    );
    view! {
        <BenchHead bench=bench.clone() tab=Tab::Code/>
        <script type="application/json" id="rule-vocabulary" inner_html=words></script>
        <form class="stack" method="post" action=bench.path(paths::set_code)>
            <input type="hidden" name="revision" value=bench.draft.revision/>
            <label for="source">{t("set-source")}</label>
            <TextArea
                id="source"
                name="source"
                rows=28
                text=bench.draft.source.clone()
                attr:class="code-editor"
                attr:spellcheck="false"
                attr:readonly=!may
                attr:data-rule-editor=""
                attr:data-check-url=bench.path(paths::set_check)
            />
            <div class="actions row">
                {may.then(|| view! { <Button kind=ButtonKind::Primary name="act" value="save">{t("set-save")}</Button> })}
                {may.then(|| view! { <Button name="act" value="check">{t("set-check")}</Button> })}
                <span class="muted">{saved}</span>
            </div>
        </form>
        <noscript>
            <Findings checked=bench.checked path/>
        </noscript>
    }
}
