//! `/lam-viec/bo-chi-so/{set}/mo-phong`: the draft on real answers of a period, and the reports kept of it.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use axum::{Form, Json};
use leptos::prelude::*;
use rust_decimal::Decimal;
use serde::Deserialize;
use tenants::ids::{AccountId, GroupId, SetId, SimulationId};
use tenants::indicator_sets::{self, Work};
use tenants::policy::{self, Action, Subject};
use tenants::simulation::{self, Ground, Report, SimulationHead, UnitEffect};
use tenants::{Error, Problem, paths};

use super::bench::{Bench, BenchHead, Tab};
use crate::caller::Signed;
use crate::components::{Breadcrumb, Button, ButtonKind, EmptyState, Lead, Table, Tag, TagKind};
use crate::render::Page;
use crate::text::{t, t_with};
use crate::{App, Result, format};

/// `GET /lam-viec/bo-chi-so/{set}/mo-phong`
pub async fn show(State(app): State<App>, signed: Signed, Path(id): Path<SetId>) -> Result<Html<String>> {
    let bench = Bench::open(&app, &signed, id).await?;
    let tx = app.db.read(&signed.caller).await?;
    let (grounds, past) = (simulation::grounds(&tx, id).await?, simulation::list(&tx, id).await?);
    drop(tx);
    let title = bench.head.name.clone();
    Page::new(title).script("workshop.js").staff(&app, &signed, || view! { <Simulations bench grounds past/> }).await
}

#[derive(Deserialize)]
pub struct Wanted {
    group: GroupId,
}

/// `POST /lam-viec/bo-chi-so/{set}/mo-phong`: runs the saved draft and keeps the report. Changes nothing else.
pub async fn run(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<SetId>,
    Form(wanted): Form<Wanted>,
) -> Result<Redirect> {
    policy::allow(&signed.caller, Action::EditSet, Subject::Tenant)?;
    let bench = Bench::open(&app, &signed, id).await?;
    let turn = indicator_sets::turn(&app.cache, signed.caller.tenant, Work::Simulation).await?;
    let rules = match &bench.set {
        Some(set) => indicator_sets::compiled(Arc::clone(set)).await?,
        None => None,
    };
    let rules = rules.ok_or_else(|| Error::Invalid(vec![Problem::new("source", &t("simulate-broken"))]))?;
    let label = t_with("set-draft-tag", [("revision", bench.draft.revision.into())]);
    let tx = app.db.read(&signed.caller).await?;
    let waiting = Waiting::new(&app, signed.caller.account);
    let told = |read, all| waiting.tell(read, all);
    let report = simulation::simulate(&tx, wanted.group, &Arc::new(rules), &label, &told).await?;
    drop((tx, turn, waiting));
    let tx = app.db.begin(&signed.caller).await?;
    let kept = simulation::keep(&tx, id, wanted.group, &report).await?;
    tx.commit().await?;
    Ok(Redirect::to(&paths::simulation(kept)))
}

/// Somebody who waits for a simulation; while this lives, they can ask how far it is.
struct Waiting {
    app: App,
    account: Option<AccountId>,
}

impl Waiting {
    fn new(app: &App, account: Option<AccountId>) -> Waiting {
        Waiting { app: app.clone(), account }
    }

    fn tell(&self, read: usize, all: usize) {
        if let Some(account) = self.account {
            self.app.simulating.insert(account, (read, all));
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if let Some(account) = self.account {
            self.app.simulating.invalidate(&account);
        }
    }
}

/// `GET /lam-viec/mo-phong`: how many units of how many the caller's running simulation has read; `null` without one.
pub async fn progress(State(app): State<App>, signed: Signed) -> Json<Option<(usize, usize)>> {
    Json(signed.caller.account.and_then(|account| app.simulating.get(&account)))
}

/// `GET /lam-viec/mo-phong/{simulation}`
pub async fn report(State(app): State<App>, signed: Signed, Path(id): Path<SimulationId>) -> Result<Html<String>> {
    let tx = app.db.read(&signed.caller).await?;
    let (head, report) = simulation::open(&tx, id).await?;
    drop(tx);
    Page::new(t("simulate-title")).staff(&app, &signed, || view! { <ReportPage head report/> }).await
}

#[component]
fn Simulations(bench: Bench, grounds: Vec<Ground>, past: Vec<SimulationHead>) -> impl IntoView {
    let (may, none) = (bench.may, grounds.is_empty());
    let option = |ground: Ground| {
        let text = format!("{} · {} ({})", ground.period_name, ground.group_name, ground.label);
        view! { <option value=ground.group.to_string()>{text}</option> }
    };
    let action = bench.path(paths::set_simulate);
    let row = |head: SimulationHead| {
        view! {
            <tr>
                <td><a href=paths::simulation(head.id)>{head.new_label}</a></td>
                <td>{format!("{} · {}", head.period_name, head.group_name)}</td>
                <td class="num">{head.moved}</td>
                <td>{format!("{}, {}", head.by, format::moment(head.at))}</td>
            </tr>
        }
    };
    view! {
        <BenchHead bench tab=Tab::Simulate/>
        {if none {
            view! { <EmptyState title=t("simulate-none") text=t("simulate-none-text")/> }.into_any()
        } else if may {
            view! {
                <form class="card card-padded form" method="post" action=action data-progress=paths::simulation_progress::PATH>
                    <p>{t("simulate-explain")}</p>
                    <div class="field">
                        <label for="group">{t("simulate-on")}</label>
                        <select id="group" name="group">{grounds.into_iter().map(option).collect_view()}</select>
                    </div>
                    <div><Button kind=ButtonKind::Primary>{t("simulate-run")}</Button></div>
                    <div class="sending" role="status" hidden><progress aria-label=t("simulate-run")></progress><small class="muted">{t("simulate-running")}</small></div>
                </form>
            }
            .into_any()
        } else {
            ().into_any()
        }}
        {(!past.is_empty()).then(|| view! {
            <h2>{t("simulate-past")}</h2>
            <Table label=t("simulate-past")>
                <thead><tr><th>{t("simulate-rules")}</th><th>{t("simulate-on")}</th><th class="num">{t("simulate-moved")}</th><th>{t("simulate-by")}</th></tr></thead>
                <tbody>{past.into_iter().map(row).collect_view()}</tbody>
            </Table>
        })}
    }
}

#[component]
fn ReportPage(head: SimulationHead, report: Report) -> impl IntoView {
    let set = paths::set(head.set_id);
    let about = t_with("simulate-about", [("by", head.by.into()), ("at", format::moment(head.at).into())]);
    view! {
        <Breadcrumb
            label=t("breadcrumb")
            steps=vec![(paths::sets::PATH.into(), t("nav-sets")), (format!("{set}/mo-phong"), t("set-tab-simulate"))]
        />
        <Lead title=format!("{} → {}", report.old_label, report.new_label) about=format!("{} · {}. {about}", report.period_name, report.group_name)/>
        <Effects report/>
    }
}

/// What other rules do: movers first, then the indicators behind it, then the words of the change.
#[component]
pub fn Effects(report: Report) -> impl IntoView {
    let (moved, all) = (report.moved(), report.units.len());
    let still = all - moved;
    let lead = t_with("effect-lead", [("units", all.into()), ("moved", moved.into()), ("still", still.into())]);
    let (movers, rest): (Vec<UnitEffect>, Vec<UnitEffect>) =
        report.units.into_iter().partition(|unit| unit.climbed() != 0 || !unit.gained().is_zero());
    let indicators = report.indicators.into_iter().map(|effect| {
        view! {
            <tr>
                <td class="code">{effect.code}</td>
                <td>{effect.name}</td>
                <td class="num" data-label=t("effect-units-count")>{effect.units}</td>
                <td class="num" data-label=t("effect-sum")>{signed(effect.sum)}</td>
                <td class="num" data-label=t("effect-greatest")>{signed(effect.greatest)}</td>
                <td data-label=t("unit")>{effect.greatest_unit}</td>
            </tr>
        }
    });
    let indicators = indicators.collect_view();
    let missing = report.unanswered.into_iter().map(|missing| {
        let told = [("code", missing.code.into()), ("units", missing.units.into()), ("reason", missing.reason.into())];
        view! { <li>{t_with("effect-unanswered", told)}</li> }
    });
    let missing = missing.collect_view();
    let changes = report.changes.into_iter().map(|text| view! { <li>{text}</li> }).collect_view();
    view! {
        <p>{lead}</p>
        <p class="muted">{t("effect-provisional")}</p>
        <ul class="wrong">{missing}</ul>
        <Table label=t("effect-units")>
            <thead>
                <tr>
                    <th>{t("unit")}</th>
                    <th class="num">{t("effect-points")}</th>
                    <th class="num">{t("effect-index")}</th>
                    <th class="num">{t("effect-rank")}</th>
                    <th></th>
                </tr>
            </thead>
            <tbody>{movers.into_iter().chain(rest).map(unit_row).collect_view()}</tbody>
        </Table>
        {(moved > 0).then(|| view! {
            <h2>{t("effect-indicators")}</h2>
            <Table label=t("effect-indicators")>
                <thead>
                    <tr>
                        <th>{t("code")}</th>
                        <th>{t("indicator")}</th>
                        <th class="num">{t("effect-units-count")}</th>
                        <th class="num">{t("effect-sum")}</th>
                        <th class="num">{t("effect-greatest")}</th>
                        <th>{t("unit")}</th>
                    </tr>
                </thead>
                <tbody>{indicators}</tbody>
            </Table>
        })}
        <section class="card card-padded stack">
            <h2>{t("effect-changes")}</h2>
            <ul class="changes">{changes}</ul>
        </section>
    }
}

fn unit_row(unit: UnitEffect) -> impl IntoView {
    let arrow = |old: String, new: String| if old == new { new } else { format!("{old} → {new}") };
    let rank = |rank: Option<u32>| rank.map_or_else(|| "–".to_owned(), |rank| rank.to_string());
    let points = |points: Decimal| format::points(points, 2);
    let state = match unit.climbed() {
        0 if unit.gained().is_zero() => view! { <span class="muted">{t("effect-still")}</span> }.into_any(),
        0 => {
            let kind = if unit.gained() > Decimal::ZERO { TagKind::Green } else { TagKind::Red };
            view! { <Tag kind text=format!("{} {}", signed(unit.gained()), t("points-short"))/> }.into_any()
        }
        up if up > 0 => {
            view! { <Tag kind=TagKind::Green text=t_with("effect-up", [("places", up.into())])/> }.into_any()
        }
        down => view! { <Tag kind=TagKind::Red text=t_with("effect-down", [("places", (-down).into())])/> }.into_any(),
    };
    view! {
        <tr>
            <td>{unit.unit_name}{unit.draft.then(|| view! { " "<Tag kind=TagKind::Gold text=t("not-signed")/> })}</td>
            <td class="num" data-label=t("effect-points")>{arrow(points(unit.old.points), points(unit.new.points))}</td>
            <td class="num" data-label=t("effect-index")>{arrow(format::percent(unit.old.index, 2), format::percent(unit.new.index, 2))}</td>
            <td class="num" data-label=t("effect-rank")>{arrow(rank(unit.old.rank), rank(unit.new.rank))}</td>
            <td>{state}</td>
        </tr>
    }
}

/// "+1,25", "−3".
pub fn signed(number: Decimal) -> String {
    let text = engine::number::trim(number);
    if number > Decimal::ZERO { format!("+{text}") } else { text }
}
