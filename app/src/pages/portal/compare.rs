//! `/{tenant}/so-sanh/{year}/{group}?don-vi=a&don-vi=b`: units of one group side by side; unlike groups never.

use axum::extract::{Path, RawQuery, State};
use axum::response::Html;
use leptos::prelude::*;
use tenants::paths;
use tenants::publication::{PublishedGroup, PublishedMainIndex, PublishedUnit};

use super::ranking::unit_notes;
use super::{group, within};
use crate::components::{Lead, Table};
use crate::render::Page;
use crate::text::{t, t_with};
use crate::{App, Result, format, page_cache};

/// More would not fit beside each other.
const MOST: usize = 4;

/// `GET /{tenant}/so-sanh/{year}/{group}?don-vi=a&don-vi=b`. Not kept: there are thousands of choices.
pub async fn show(
    State(app): State<App>,
    Path((slug, year, wanted)): Path<(String, i32, String)>,
    RawQuery(query): RawQuery,
) -> Result<Html<String>> {
    let portal = page_cache::portal(&app, &slug).await?;
    let published = page_cache::snapshot(&app, &portal, year).await?;
    let group = group(&published, &wanted)?.clone();
    let choice = Choice::of(&group, query.as_deref().unwrap_or_default());
    let path = paths::portal_compare(&portal.tenant.slug, year, &group.slug);
    let view = || view! { <Compare slug=slug.clone() year group choice/> };
    Ok(Page::new(t("compare")).portal(&app, &portal, &path, view))
}

struct Choice {
    units: Vec<PublishedUnit>,
    /// More were ticked than fit.
    too_many: bool,
}

impl Choice {
    /// The units named in the query, in the ranking's order; without any, the first two.
    fn of(group: &PublishedGroup, query: &str) -> Choice {
        let names: Vec<&str> = query.split('&').filter_map(|pair| pair.strip_prefix("don-vi=")).collect();
        // Browsers send a code the way we encode it.
        let is_named = |unit: &&PublishedUnit| names.contains(&crate::site::encode(&unit.code).as_str());
        let mut units: Vec<PublishedUnit> = group.units.iter().filter(is_named).cloned().collect();
        let too_many = units.len() > MOST;
        units.truncate(MOST);
        if units.is_empty() {
            units = group.units.iter().take(2).cloned().collect();
        }
        Choice { units, too_many }
    }
}

#[component]
fn Compare(slug: String, year: i32, group: PublishedGroup, choice: Choice) -> impl IntoView {
    let Choice { units, too_many } = choice;
    let title = t_with("compare-title", [("group", within(&group.name).into()), ("year", year.to_string().into())]);
    view! {
        <Lead title about=t("compare-about")/>
        {too_many.then(|| view! { <p class="notice notice-gold" role="status">{t("compare-too-many")}</p> })}
        <SideBySide base=paths::portal_ranking(&slug, year, &group.slug) group=group.clone() units=units.clone()/>
        <ChoiceForm action=paths::portal_compare(&slug, year, &group.slug) group chosen=units/>
    }
}

#[component]
fn ChoiceForm(action: String, group: PublishedGroup, chosen: Vec<PublishedUnit>) -> impl IntoView {
    let choice = |unit: &PublishedUnit| {
        let id = format!("u-{}", unit.code);
        let checked = chosen.iter().any(|one| one.code == unit.code);
        view! {
            <label class="choice" for=id.clone()>
                <input type="checkbox" id=id.clone() name="don-vi" value=unit.code.clone() checked=checked/>
                {unit.name.clone()}
            </label>
        }
    };
    let choices: Vec<_> = group.units.iter().map(choice).collect();
    view! {
        <form class="card card-padded compare-form" method="get" action=action>
            <fieldset class="compare-choices"><legend>{t("compare-choose")}</legend>{choices}</fieldset>
            <button class="button button-primary" type="submit">{t("compare")}</button>
        </form>
    }
}

#[component]
fn SideBySide(base: String, group: PublishedGroup, units: Vec<PublishedUnit>) -> impl IntoView {
    let head = |unit: &PublishedUnit| {
        let href = format!("{base}/{}", unit.code);
        let notes = unit_notes(unit);
        let notes = notes.trim_start_matches(" · ").to_owned();
        let notes = (!notes.is_empty()).then(|| view! { <small class="muted block">{notes}</small> });
        view! { <th class="num" scope="col"><a href=href>{unit.name.clone()}</a>{notes}</th> }
    };
    let heads: Vec<_> = units.iter().map(head).collect();
    // On a narrow screen each value stands below the name of its unit, and the first one leads to the unit's result.
    let named = |unit: &PublishedUnit| format!("{}{}", unit.name, unit_notes(unit));
    let first = |unit: &PublishedUnit| {
        let href = format!("{base}/{}", unit.code);
        view! { <td class="num" data-label=named(unit)><a href=href>{format::percent(unit.index, 2)}</a></td> }
    };
    let row = |name: String, cell: &dyn Fn(&PublishedUnit) -> String| {
        let cell = |unit: &PublishedUnit| view! { <td class="num" data-label=unit.name.clone()>{cell(unit)}</td> };
        let cells: Vec<_> = units.iter().map(cell).collect();
        view! { <tr><th scope="row">{name}</th>{cells}</tr> }
    };
    let main = |main: &PublishedMainIndex| {
        let percent = |unit: &PublishedUnit| {
            let score = unit.main_indexes.iter().find(|score| score.code == main.code);
            format::percent(score.and_then(|score| score.percent), 2)
        };
        row(format!("{}. {}", main.code, main.name), &percent)
    };
    let firsts: Vec<_> = units.iter().map(first).collect();
    let index = view! { <tr><th scope="row">{t("index")}</th>{firsts}</tr> };
    let rank = row(t("rank"), &|unit| unit.rank.map_or_else(|| "–".to_owned(), |rank| rank.to_string()));
    let mains: Vec<_> = group.main_indexes.iter().map(main).collect();
    view! {
        <Table label=t("compare")>
            <thead><tr><th scope="col">{t("main-index")}</th>{heads}</tr></thead>
            <tbody>
                {index}
                {rank}
                {mains}
            </tbody>
        </Table>
    }
}
