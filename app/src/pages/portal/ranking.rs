//! `/{tenant}/xep-hang/{year}/{group}`: who stands where.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use engine::MainIndexScore;
use leptos::prelude::*;
use rust_decimal::Decimal;
use serde::Deserialize;
use tenants::paths;
use tenants::publication::{Published, PublishedGroup, PublishedMainIndex, PublishedUnit};

use super::{Basis, DataLine, before, comparable, earlier, group, within};
use crate::components::{Fact, StatFacts, Table};
use crate::page_cache::{self, Portal};
use crate::render::Page;
use crate::text::{t, t_with};
use crate::{App, Result, format};

/// `GET /{tenant}/xep-hang/{year}/{group}`
pub async fn show(
    State(app): State<App>,
    Path((slug, year, wanted)): Path<(String, i32, String)>,
    headers: HeaderMap,
) -> Result<Response> {
    let portal = page_cache::portal(&app, &slug).await?;
    let path = paths::portal_ranking(&portal.tenant.slug, year, &wanted);
    let make = async {
        let published = page_cache::snapshot(&app, &portal, year).await?;
        let before = before(&app, &portal, year).await?;
        let group = group(&published, &wanted)?.clone();
        let title = title(&group, year);
        let page = Page::new(title.clone()).portal(&app, &portal, &path, || {
            view! { <Ranking title portal=Portal::clone(&portal) published=published.clone() before group/> }
        });
        Ok(page.into())
    };
    page_cache::send(&app, &portal, &path, &headers, make).await
}

#[derive(Deserialize)]
pub struct Year {
    nam: i32,
    nhom: String,
}

/// `GET /{tenant}/xep-hang?nam=2024&nhom=so`: where the year's select leads without a script. A year that had no such
/// group shows its first one.
pub async fn choose(
    State(app): State<App>,
    Path(slug): Path<String>,
    Query(Year { nam, nhom }): Query<Year>,
) -> Result<Response> {
    let portal = page_cache::portal(&app, &slug).await?;
    let published = page_cache::snapshot(&app, &portal, nam).await?;
    let groups = &published.snapshot.groups;
    let same = groups.iter().find(|group| group.slug == nhom);
    let group = same.or(groups.first()).ok_or(tenants::Error::NotFound)?;
    Ok(Redirect::to(&paths::portal_ranking(&portal.tenant.slug, nam, &group.slug)).into_response())
}

fn title(group: &PublishedGroup, year: i32) -> String {
    t_with("ranking-title", [("group", within(&group.name).into()), ("year", year.to_string().into())])
}

#[component]
fn Ranking(
    title: String,
    portal: Portal,
    published: Arc<Published>,
    before: Option<Arc<Published>>,
    group: PublishedGroup,
) -> impl IntoView {
    let slug = portal.tenant.slug.clone();
    let facts = facts(&group, before.as_deref());
    view! {
        <div class="lead">
            <div class="lead-text">
                <h1>{title}</h1>
                <Basis published=published.clone() group=group.clone() slug=slug.clone()/>
            </div>
            <Choice portal published=published.clone() here=group.slug.clone()/>
        </div>
        <StatFacts facts/>
        <RankingTable slug=slug.clone() year=published.year group before/>
        <p class="muted">{t("ranking-ties")}</p>
        <DataLine published slug/>
    }
}

/// Which group, which year.
#[component]
fn Choice(portal: Portal, published: Arc<Published>, here: String) -> impl IntoView {
    let slug = portal.tenant.slug.clone();
    let year = published.year;
    let link = |group: &PublishedGroup| {
        let current = (group.slug == here).then_some("page");
        view! { <a href=paths::portal_ranking(&slug, year, &group.slug) aria-current=current>{group.name.clone()}</a> }
    };
    let links: Vec<_> = published.snapshot.groups.iter().map(link).collect();
    let option = |one: i32| view! { <option value=one.to_string() selected=one == year>{t_with("year", [("year", one.to_string().into())])}</option> };
    let options: Vec<_> = portal.years.iter().map(|one| option(one.year)).collect();
    view! {
        <div class="lead-actions">
            <nav class="segments" aria-label=t("ranking-groups")>{links}</nav>
            <form class="row" method="get" action=paths::portal_rankings(&slug)>
                <input type="hidden" name="nhom" value=here/>
                <label class="visually-hidden" for="nam">{t("ranking-year")}</label>
                <select id="nam" name="nam">{options}</select>
                <button class="button" type="submit">{t("ranking-see")}</button>
            </form>
        </div>
    }
}

fn facts(group: &PublishedGroup, before: Option<&Published>) -> Vec<Fact> {
    let mut indexes: Vec<Decimal> = group.ranked().filter_map(|unit| unit.index).collect();
    indexes.sort();
    let changes = group.ranked().filter_map(|unit| change(unit, before, group));
    let best = changes.max().filter(|best| *best > Decimal::ZERO);
    let mut facts = vec![
        Fact { label: t("ranking-ranked"), value: indexes.len().to_string() },
        Fact { label: t("ranking-median"), value: format::percent(tenants::points::median(indexes.clone(), 2), 2) },
        Fact { label: t("ranking-highest"), value: format::percent(indexes.last().copied(), 2) },
    ];
    facts.extend(best.map(|best| Fact {
        label: t("ranking-most-up"),
        value: t_with("percentage-points", [("difference", format::difference(best, 2).into())]),
    }));
    facts
}

/// Percentage points against the year before, by official code; `None` where the rules differ.
pub fn change(unit: &PublishedUnit, before: Option<&Published>, group: &PublishedGroup) -> Option<Decimal> {
    let then = earlier(before, group, &unit.code)?;
    Some(unit.index? - then.index?)
}

/// A change with its direction in words for those who cannot see the colour.
pub fn change_view(change: Option<Decimal>) -> AnyView {
    let Some(change) = change else { return view! { <span class="muted">"–"</span> }.into_any() };
    let (class, key) = if change < Decimal::ZERO { ("down", "change-down") } else { ("up", "change-up") };
    let words = t(key);
    view! { <span class=class><span class="visually-hidden">{words}" "</span>{t_with("percentage-points", [("difference", format::difference(change, 2).into())])}</span> }
        .into_any()
}

#[component]
fn RankingTable(slug: String, year: i32, group: PublishedGroup, before: Option<Arc<Published>>) -> impl IntoView {
    let mains_label = t_with("ranking-mains", [("count", group.main_indexes.len().into())]);
    let heading = mains_label.clone();
    let against = comparable(before.as_deref(), &group).is_some();
    let is_tied = |unit: &PublishedUnit| {
        unit.rank.is_some() && group.units.iter().filter(|other| other.rank == unit.rank).count() > 1
    };
    let row = |unit: &PublishedUnit| {
        let note = match (unit.rank, is_tied(unit)) {
            (None, _) if !unit.ranked => t("rank-outside"),
            (None, _) => t("ranking-unranked"),
            (_, true) => t("ranking-tied"),
            _ => t("ranking-details"),
        };
        let change = change(unit, before.as_deref(), &group);
        view! {
            <tr>
                <td class="rank">{unit.rank.map_or_else(|| "–".to_owned(), |rank| rank.to_string())}</td>
                <td>
                    <a href=paths::portal_unit(&slug, year, &group.slug, &unit.code)><strong>{unit.name.clone()}</strong></a>
                    <small class="muted block">{note}{unit_notes(unit)}</small>
                </td>
                <td data-label=mains_label.clone()><MiniBars mains=group.main_indexes.clone() scores=unit.main_indexes.clone()/></td>
                <td class="num" data-label=t("points")>{format::of_maximum(Some(unit.points), unit.applicable_maximum)}</td>
                <td class="num"><strong>{format::percent(unit.index, 2)}</strong></td>
                {against.then(|| view! { <td class="num">{change_view(change)}</td> })}
            </tr>
        }
    };
    let rows: Vec<_> = group.units.iter().map(row).collect();
    let previous = year - 1;
    view! {
        <Table label=group.name.clone()>
            <thead>
                <tr>
                    <th>{t("rank")}</th>
                    <th>{t("unit")}</th>
                    <th>{heading}</th>
                    <th class="num">{t("points")}</th>
                    <th class="num">{t("index")}</th>
                    {against.then(|| view! { <th class="num">{t_with("ranking-against", [("year", previous.to_string().into())])}</th> })}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </Table>
    }
}

/// What a reader must know of the unit's result.
pub fn unit_notes(unit: &PublishedUnit) -> String {
    let notes = [(unit.late, "unit-late"), (!unit.self_assessed, "unit-not-self-assessed")];
    notes.into_iter().filter(|(holds, _)| *holds).map(|(_, key)| format!(" · {}", t(key))).collect()
}

/// The main indexes as small bars, with their figures in words.
#[component]
pub fn MiniBars(mains: Vec<PublishedMainIndex>, scores: Vec<MainIndexScore>) -> impl IntoView {
    let word = |score: &MainIndexScore| {
        let name = mains.iter().find(|main| main.code == score.code).map_or("", |main| main.name.as_str());
        format!("{}. {name}: {}", score.code, format::percent(score.percent, 0))
    };
    let words: Vec<String> = scores.iter().map(word).collect();
    let bar = |(position, score): (usize, &MainIndexScore)| {
        let height = score.percent.map_or(Decimal::ZERO, |percent| (percent * Decimal::new(26, 2)).round_dp(1));
        let top = Decimal::from(26) - height;
        let told = words.get(position).cloned();
        view! { <rect x=(position * 22).to_string() y=top.to_string() width="19" height=height.to_string() rx="2"><title>{told}</title></rect> }
    };
    let width = scores.len() * 22;
    view! {
        <svg class="mini" viewBox=format!("0 0 {width} 26") width=width.to_string() height="26" role="img" aria-label=words.join(", ")>
            {scores.iter().enumerate().map(bar).collect_view()}
        </svg>
    }
}
