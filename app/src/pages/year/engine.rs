//! `/lam-viec/ky/{id}/bo-may`: a running period moves to the current engine: what it would do first, then a reason and a
//! confirmation.

use axum::Form;
use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use leptos::prelude::*;
use serde::Deserialize;
use tenants::ids::PeriodId;
use tenants::indicator_sets::{self, Work};
use tenants::policy::{self, Action, Subject};
use tenants::store::Tx;
use tenants::year::{self, Board, EngineChange, EngineEffect};
use tenants::{Error, Problem, paths};

use crate::caller::Signed;
use crate::components::{Breadcrumb, Button, ButtonKind, Field, Lead, TextArea};
use crate::form::Submission;
use crate::pages::sets::Effects;
use crate::render::Page;
use crate::text::{t, t_with};
use crate::{App, Result};

/// `GET /lam-viec/ky/{id}/bo-may`
pub async fn show(State(app): State<App>, signed: Signed, Path(id): Path<PeriodId>) -> Result<Html<String>> {
    policy::allow(&signed.caller, Action::ManagePeriod, Subject::Tenant)?;
    // Waiting for a turn never holds a connection.
    let _turn = indicator_sets::turn(&app.cache, signed.caller.tenant, Work::Simulation).await?;
    let tx = app.db.read(&signed.caller).await?;
    let effect = year::preview_engine(&tx, id).await?;
    let board = year::board(&tx, id).await?;
    drop(tx);
    Page::new(t("engine-title")).staff(&app, &signed, || view! { <Renewal board effect/> }).await
}

#[derive(Deserialize)]
pub struct Confirmed {
    from: String,
    reason: String,
    #[serde(default)]
    seen: String,
}

/// `POST /lam-viec/ky/{id}/bo-may`
pub async fn renew(submission: Submission, Path(id): Path<PeriodId>, Form(form): Form<Confirmed>) -> Result<Redirect> {
    submission.allow(Action::ManagePeriod)?;
    let (app, tenant) = (&submission.app, submission.signed.caller.tenant);
    // Waiting for a turn never holds a connection.
    let _turn = indicator_sets::turn(&app.cache, tenant, Work::Simulation).await?;
    if form.seen.is_empty() {
        return Err(Error::Invalid(vec![Problem::new("seen", &t("engine-confirm-first"))]).into());
    }
    let change = EngineChange { period: id, from: form.from, reason: form.reason };
    let act = async |tx: &Tx| year::renew_engine(tx, &change).await.map(drop);
    submission.submit(t("engine-renewed"), &paths::year(id), act).await
}

/// On the page of a period that an older engine scores.
#[component]
pub fn OlderEngine(id: PeriodId, engine: String) -> impl IntoView {
    view! {
        <p class="notice notice-gold">
            {t_with("engine-older", [("engine", engine.into())])}
            " "
            <a href=paths::year_engine(id)>{t("engine-see")}</a>
        </p>
    }
}

#[component]
fn Renewal(board: Board, effect: Option<EngineEffect>) -> impl IntoView {
    let id = board.period.id;
    let steps = vec![(paths::years(), t("nav-periods")), (paths::year(id), board.period.name)];
    let shown = match effect {
        Some(effect) => view! { <Effect action=paths::year_engine(id) effect/> }.into_any(),
        None => view! { <p>{t_with("engine-kept", [("engine", board.engine.into())])}</p> }.into_any(),
    };
    view! {
        <Breadcrumb label=t("breadcrumb") steps/>
        <Lead title=t("engine-title") about=t("engine-about")/>
        {shown}
    }
}

/// What would move, and below it the reason and the confirmation.
#[component]
fn Effect(action: String, effect: EngineEffect) -> impl IntoView {
    let EngineEffect { from, to, reports, sheets, to_see_again } = effect;
    let sum = t_with("engine-effect", [("sheets", sheets.into()), ("rows", to_see_again.into())]);
    let group = |report: tenants::simulation::Report| {
        view! {
            <section class="stack">
                <h2>{report.group_name.clone()}</h2>
                <Effects report/>
            </section>
        }
    };
    view! {
        <p><strong>{t_with("engine-change", [("from", from.clone().into()), ("to", to.into())])}</strong>" "{sum}</p>
        {reports.into_iter().map(group).collect_view()}
        <form class="card card-padded form" method="post" action=action>
            <input type="hidden" name="from" value=from/>
            <Field name="reason" label=t("rules-reason") hint=t("rules-reason-hint")>
                <TextArea id="reason" name="reason" rows=3 required=true maxlength=2000/>
            </Field>
            <label class="choice"><input type="checkbox" name="seen" value="1" required data-anew=""/>{t("engine-confirm")}</label>
            <div><Button kind=ButtonKind::Primary>{t("engine-renew")}</Button></div>
        </form>
    }
}
