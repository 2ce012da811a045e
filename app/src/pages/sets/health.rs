//! `/lam-viec/bo-chi-so/{set}/phan-tich`: how well the issued rules separate the units of a period.

use std::collections::HashMap;

use axum::extract::{Path, Query, State};
use axum::response::Html;
use leptos::prelude::*;
use serde::Deserialize;
use tenants::ids::{GroupId, SetId};
use tenants::indicator_sets::{self, Work};
use tenants::paths;
use tenants::simulation::{self, Ground, Health, IndicatorHealth, Related, Shift};

use super::bench::{Bench, BenchHead, Tab};
use crate::caller::Signed;
use crate::components::{Button, EmptyState, Table, Tag, TagKind};
use crate::render::Page;
use crate::text::{t, t_with};
use crate::{App, Result, format};

#[derive(Deserialize)]
pub struct Wanted {
    nhom: Option<GroupId>,
}

/// `GET /lam-viec/bo-chi-so/{set}/phan-tich`
pub async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<SetId>,
    Query(wanted): Query<Wanted>,
) -> Result<Html<String>> {
    let bench = Bench::open(&app, &signed, id).await?;
    // Waiting for a turn never holds a connection.
    let _turn = indicator_sets::turn(&app.cache, signed.caller.tenant, Work::Simulation).await?;
    let tx = app.db.read(&signed.caller).await?;
    let grounds = simulation::grounds(&tx, id).await?;
    let chosen = wanted.nhom.filter(|wanted| grounds.iter().any(|ground| ground.group == *wanted));
    let examined = match chosen.or(grounds.first().map(|ground| ground.group)) {
        Some(group) => {
            let (health, names) = simulation::examine(&tx, group).await?;
            Some((group, health, names))
        }
        None => None,
    };
    drop(tx);
    let title = bench.head.name.clone();
    Page::new(title).staff(&app, &signed, || view! { <HealthPage bench grounds examined/> }).await
}

type Examined = Option<(GroupId, Health, HashMap<String, String>)>;

#[component]
fn HealthPage(bench: Bench, grounds: Vec<Ground>, examined: Examined) -> impl IntoView {
    let action = bench.path(paths::set_health);
    let head = view! { <BenchHead bench tab=Tab::Health/> };
    let Some((group, health, names)) = examined else {
        return view! { {head} <EmptyState title=t("simulate-none") text=t("simulate-none-text")/> }.into_any();
    };
    let option = |ground: Ground| {
        let text = format!("{} · {} ({})", ground.period_name, ground.group_name, ground.label);
        let selected = ground.group == group;
        view! { <option value=ground.group.to_string() selected=selected>{text}</option> }
    };
    let told = t_with("health-lead", [("units", health.units.into()), ("indicators", health.indicators.len().into())]);
    view! {
        {head}
        <form class="row" method="get" action=action>
            <label for="nhom">{t("simulate-on")}</label>
            <select id="nhom" name="nhom">{grounds.into_iter().map(option).collect_view()}</select>
            <Button>{t("health-show")}</Button>
        </form>
        <p>{told}</p>
        <Indicators units=health.units indicators=health.indicators/>
        <Pairs related=health.related names=names.clone()/>
        <Shifts title=t("health-dropped") about=t("health-dropped-about") shifts=health.dropped names=names.clone()/>
        <Shifts title=t("health-weighted") about=t("health-weighted-about") shifts=health.weighted names/>
    }
    .into_any()
}

#[component]
fn Indicators(units: u32, indicators: Vec<IndicatorHealth>) -> impl IntoView {
    let row = move |one: IndicatorHealth| {
        let mut signs = Vec::new();
        if one.everyone_full() {
            signs.push("health-everyone");
        }
        if one.nobody() {
            signs.push("health-nobody");
        }
        if one.often_missing(units) {
            signs.push("health-missing-often");
        }
        let signs = signs.into_iter().map(|key| view! { <Tag kind=TagKind::Gold text=t(key)/>" " }).collect_view();
        view! {
            <tr>
                <td class="code">{one.code}</td>
                <td>{one.name}" "{signs}</td>
                <td class="num" data-label=t("health-weight")>{format::percent(Some(one.weight), 1)}</td>
                <td class="num" data-label=t("health-at-max")>{one.at_maximum}</td>
                <td class="num" data-label=t("health-at-zero")>{one.at_zero}</td>
                <td class="num" data-label=t("health-na")>{one.not_applicable}</td>
                <td class="num" data-label=t("health-missing")>{one.missing}</td>
                <td class="num" data-label=t("health-mean")>{format::percent(one.mean, 1)}</td>
            </tr>
        }
    };
    view! {
        <Table label=t("health-indicators")>
            <thead>
                <tr>
                    <th>{t("code")}</th>
                    <th>{t("indicator")}</th>
                    <th class="num">{t("health-weight")}</th>
                    <th class="num">{t("health-at-max")}</th>
                    <th class="num">{t("health-at-zero")}</th>
                    <th class="num">{t("health-na")}</th>
                    <th class="num">{t("health-missing")}</th>
                    <th class="num">{t("health-mean")}</th>
                </tr>
            </thead>
            <tbody>{indicators.into_iter().map(row).collect_view()}</tbody>
        </Table>
    }
}

#[component]
fn Pairs(related: Vec<Related>, names: HashMap<String, String>) -> impl IntoView {
    let named = move |code: &str| format!("{code} {}", names.get(code).cloned().unwrap_or_default());
    let item = move |pair: Related| {
        let coefficient = engine::number::format(pair.coefficient, 2);
        view! { <li><strong class="num">{coefficient}</strong>" · "{named(&pair.one)}" – "{named(&pair.other)}</li> }
    };
    let none = related.is_empty().then(|| view! { <p class="muted">{t("health-related-none")}</p> });
    view! {
        <section class="card card-padded stack">
            <h2>{t("health-related")}</h2>
            <p class="muted">{t("health-related-about")}</p>
            {none}
            <ul class="changes">{related.into_iter().take(30).map(item).collect_view()}</ul>
        </section>
    }
}

#[component]
fn Shifts(title: String, about: String, shifts: Vec<Shift>, names: HashMap<String, String>) -> impl IntoView {
    let item = move |shift: Shift| {
        let name = format!("{} {}", shift.code, names.get(&shift.code).cloned().unwrap_or_default());
        let weight = (shift.percent != 0)
            .then(|| format!(" ({}{} %)", if shift.percent > 0 { "+" } else { "−" }, shift.percent.abs()));
        let told =
            t_with("health-moves", [("units", shift.units_moved.into()), ("places", shift.greatest_move.into())]);
        view! { <li>{name}{weight}": "{told}</li> }
    };
    let none = shifts.is_empty().then(|| view! { <p class="right">{t("health-steady")}</p> });
    view! {
        <section class="card card-padded stack">
            <h2>{title}</h2>
            <p class="muted">{about}</p>
            {none}
            <ul class="changes">{shifts.into_iter().take(20).map(item).collect_view()}</ul>
        </section>
    }
}
