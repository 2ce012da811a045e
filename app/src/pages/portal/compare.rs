//! `/{tenant}/so-sanh/{year}/{group}?don-vi=a&don-vi=b`: units of one group side by side; unlike groups never.

use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use leptos::prelude::*;
use tenants::publication::{PublishedGroup, PublishedMainIndex, PublishedUnit};

use super::{group, read};
use crate::components::{Lead, Table};
use crate::page_cache;
use crate::render::Page;
use crate::text::{t, t_with};
use crate::{App, Result, format};

/// More would not fit beside each other.
const MOST: usize = 4;

/// `GET /{tenant}/so-sanh/{year}/{group}?don-vi=a&don-vi=b`
pub async fn show(
    State(app): State<App>,
    Path((slug, year, wanted)): Path<(String, i32, String)>,
    RawQuery(query): RawQuery,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response> {
    let portal = page_cache::portal(&app, &slug).await?;
    let make = async {
        let published = read(&app, &portal, year).await?;
        let group = group(&published, &wanted)?.clone();
        let chosen = chosen(&group, query.as_deref().unwrap_or_default());
        let page = Page::new(t("compare")).portal(
            &app,
            &portal,
            uri.path(),
            || view! { <Compare slug=slug.clone() year group chosen/> },
        );
        Ok(page.into())
    };
    page_cache::send(&app, &portal, &uri, &headers, make).await
}

/// The units named in the query, in the ranking's order; without any, the first two.
fn chosen(group: &PublishedGroup, query: &str) -> Vec<PublishedUnit> {
    let names: Vec<&str> = query.split('&').filter_map(|pair| pair.strip_prefix("don-vi=")).collect();
    let named = group.units.iter().filter(|unit| names.contains(&unit.code.as_str()));
    let named: Vec<PublishedUnit> = named.take(MOST).cloned().collect();
    if named.is_empty() { group.units.iter().take(2).cloned().collect() } else { named }
}

#[component]
fn Compare(slug: String, year: i32, group: PublishedGroup, chosen: Vec<PublishedUnit>) -> impl IntoView {
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
    let heads: Vec<_> = chosen.iter().map(|unit| view! { <th class="num">{unit.name.clone()}</th> }).collect();
    let totals: Vec<_> = chosen
        .iter()
        .map(|unit| view! { <td class="num"><strong>{format::percent(unit.index, 2)}</strong></td> })
        .collect();
    let ranks: Vec<_> = chosen
        .iter()
        .map(|unit| view! { <td class="num">{unit.rank.map_or_else(|| "–".into(), |rank| rank.to_string())}</td> })
        .collect();
    let row = |main: &PublishedMainIndex| {
        let percent = |unit: &PublishedUnit| {
            unit.main_indexes.iter().find(|score| score.code == main.code).and_then(|score| score.percent)
        };
        let cells: Vec<_> =
            chosen.iter().map(|unit| view! { <td class="num">{format::percent(percent(unit), 2)}</td> }).collect();
        view! { <tr><td>{format!("{}. {}", main.code, main.name)}</td>{cells}</tr> }
    };
    let rows: Vec<_> = group.main_indexes.iter().map(row).collect();
    view! {
        <Lead title=t_with("compare-title", [("group", group.name.clone().into()), ("year", year.to_string().into())]) about=t("compare-about")/>
        <form class="card card-padded compare-form" method="get" action=format!("/{slug}/so-sanh/{year}/{}", group.slug)>
            <fieldset class="compare-choices"><legend>{t("compare-choose")}</legend>{choices}</fieldset>
            <button class="button button-primary" type="submit">{t("compare")}</button>
        </form>
        <Table label=t("compare")>
            <thead><tr><th>{t("main-index")}</th>{heads}</tr></thead>
            <tbody>
                <tr><td><strong>{t("index")}</strong></td>{totals}</tr>
                <tr><td>{t("rank")}</td>{ranks}</tr>
                {rows}
            </tbody>
        </Table>
    }
}
