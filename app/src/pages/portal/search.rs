//! `/{tenant}/tim?q=`: units by name, with and without accents, in pieces, by initials.

use axum::extract::{Path, Query, State};
use axum::response::Html;
use leptos::prelude::*;
use serde::Deserialize;
use tenants::paths;
use tenants::publication::Published;
use tenants::units::Search;

use crate::components::{EmptyState, Lead};
use crate::render::Page;
use crate::text::{t, t_with};
use crate::{App, Result, page_cache};

/// Searched, newest first.
const YEARS: usize = 3;

#[derive(Deserialize)]
pub struct Words {
    #[serde(default)]
    q: String,
}

/// `GET /{tenant}/tim?q=so+tai+chinh`. Not kept: what people search for has no end.
pub async fn show(
    State(app): State<App>,
    Path(slug): Path<String>,
    Query(words): Query<Words>,
) -> Result<Html<String>> {
    let portal = page_cache::portal(&app, &slug).await?;
    let words: String = words.q.chars().take(100).collect();
    let mut found = Vec::new();
    for year in portal.years.iter().take(YEARS) {
        found.extend(matches(&*page_cache::snapshot(&app, &portal, year.year).await?, &slug, &words));
    }
    let path = paths::portal_search(&portal.tenant.slug);
    let view = || view! { <Found slug=slug.clone() words found/> };
    Ok(Page::new(t("search")).portal(&app, &portal, &path, view))
}

/// A unit found: where, and what it is called there.
struct Hit {
    href: String,
    name: String,
    about: String,
}

fn matches(published: &Published, slug: &str, words: &str) -> Vec<Hit> {
    let search = Search::new(words);
    let year = published.year;
    let units = published.snapshot.groups.iter().flat_map(|group| group.units.iter().map(move |unit| (group, unit)));
    let hits = units.filter(|(_, unit)| search.finds(&unit.name));
    let hit = |(group, unit): (&tenants::publication::PublishedGroup, &tenants::publication::PublishedUnit)| Hit {
        href: paths::portal_unit(slug, year, &group.slug, &unit.code),
        name: unit.name.clone(),
        about: format!("{} · {}", group.name, t_with("year", [("year", year.to_string().into())])),
    };
    hits.map(hit).collect()
}

#[component]
fn Found(slug: String, words: String, found: Vec<Hit>) -> impl IntoView {
    let nothing = found.is_empty() && !words.is_empty();
    let line = |hit: Hit| view! { <li><a href=hit.href>{hit.name}</a>" "<span class="muted">{hit.about}</span></li> };
    view! {
        <Lead title=t("search")/>
        <form class="row" method="get" action=paths::portal_search(&slug) role="search">
            <label class="visually-hidden" for="q">{t("search-words")}</label>
            <input id="q" name="q" type="search" value=words placeholder=t("search-words") maxlength="100"/>
            <button class="button button-primary" type="submit">{t("search")}</button>
        </form>
        {nothing.then(|| view! { <EmptyState title=t("search-nothing") text=t("search-nothing-text")/> })}
        <ul class="found">{found.into_iter().map(line).collect_view()}</ul>
    }
}
