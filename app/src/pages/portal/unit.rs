//! `/{tenant}/xep-hang/{year}/{group}/{unit}`: one unit's result, down to each indicator.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use engine::ScoreState;
use leptos::prelude::*;
use rust_decimal::Decimal;
use tenants::publication::{Published, PublishedGroup, PublishedMainIndex, PublishedScore, PublishedUnit};
use tenants::{Error, paths};

use super::ranking::{change, change_view, unit_notes};
use super::{Basis, DataLine, before, comparable, earlier, group, within};
use crate::components::{Breadcrumb, Fact, Lead, StatFacts, Table, Tag, TagKind};
use crate::render::Page;
use crate::text::{t, t_with};
use crate::{App, Result, format, page_cache};

/// `GET /{tenant}/xep-hang/{year}/{group}/{unit}`
pub async fn show(
    State(app): State<App>,
    Path((slug, year, wanted, code)): Path<(String, i32, String, String)>,
    headers: HeaderMap,
) -> Result<Response> {
    let portal = page_cache::portal(&app, &slug).await?;
    let path = paths::portal_unit(&portal.tenant.slug, year, &wanted, &code);
    let make = async {
        let published = page_cache::snapshot(&app, &portal, year).await?;
        let before = before(&app, &portal, year).await?;
        let group = group(&published, &wanted)?.clone();
        let unit = group.unit(&code).ok_or(Error::NotFound)?.clone();
        let page = Page::new(format!("{} · {year}", unit.name)).portal(&app, &portal, &path, || {
            view! { <Unit slug=slug.clone() published=published.clone() before group unit/> }
        });
        Ok(page.into())
    };
    page_cache::send(&app, &portal, &path, &headers, make).await
}

#[component]
fn Unit(
    slug: String,
    published: Arc<Published>,
    before: Option<Arc<Published>>,
    group: PublishedGroup,
    unit: PublishedUnit,
) -> impl IntoView {
    let year = published.year;
    let ranked = group.ranked().filter(|unit| unit.rank.is_some()).count();
    let rank = match unit.rank {
        Some(rank) => format!("{rank}/{ranked}"),
        None if !unit.ranked => t("rank-outside"),
        None => "–".to_owned(),
    };
    let of_maximum = format::of_maximum(Some(unit.points), unit.applicable_maximum);
    let mut facts = vec![
        Fact { label: t("rank"), value: rank },
        Fact { label: t("index"), value: format::percent(unit.index, 2) },
        Fact { label: t("unit-points"), value: of_maximum },
    ];
    if let Some(then) = earlier(before.as_deref(), &group, &unit.code) {
        let label = t_with("unit-year-before", [("year", (year - 1).to_string().into())]);
        facts.push(Fact { label, value: format::percent(then.index, 2) });
    }
    let back = paths::portal_ranking(&slug, year, &group.slug);
    let against = comparable(before.as_deref(), &group).is_some();
    let change = change_view(change(&unit, before.as_deref(), &group));
    let address = format!("{back}/{}", unit.code);
    let mains: Vec<_> = group
        .main_indexes
        .iter()
        .map(|main| view! { <Indicators address=address.clone() main=main.clone() unit=unit.clone()/> })
        .collect();
    let notes = unit_notes(&unit).trim_start_matches(" · ").to_owned();
    let band = unit.band.clone().map(|band| view! { <Tag text=band/> });
    view! {
        <Breadcrumb label=t("breadcrumb") steps=vec![(back.clone(), t_with("ranking-title", [("group", within(&group.name).into()), ("year", year.to_string().into())]))]/>
        <Lead title=unit.name.clone()>
            {band}
            {against.then_some(change)}
        </Lead>
        <Basis published=published.clone() group=group.clone() slug=slug.clone()/>
        {(!notes.is_empty()).then(|| view! { <p class="muted">{notes}</p> })}
        <StatFacts facts/>
        <MainIndexes group=group.clone() unit=unit.clone()/>
        <Extremes group=group.clone() unit=unit.clone()/>
        {mains}
        <Neighbours slug=slug.clone() year group unit/>
        <DataLine published slug/>
    }
}

/// Each main index as a bar beside its figures and the group's median.
#[component]
fn MainIndexes(group: PublishedGroup, unit: PublishedUnit) -> impl IntoView {
    let row = |main: &PublishedMainIndex| {
        let score = unit.main_indexes.iter().find(|score| score.code == main.code);
        let percent = score.and_then(|score| score.percent);
        let middle = group_median(&group, &main.code);
        let points = score.map(|score| format::of_maximum(Some(score.points), score.applicable_maximum));
        let standing = percent.zip(middle).map(|(own, middle)| match own.cmp(&middle) {
            std::cmp::Ordering::Greater => (TagKind::Green, t("unit-above")),
            std::cmp::Ordering::Less => (TagKind::Gold, t("unit-below")),
            std::cmp::Ordering::Equal => (TagKind::Quiet, t("unit-at")),
        });
        view! {
            <tr>
                <td><a href=format!("#m{}", main.code)>{format!("{}. {}", main.code, main.name)}</a></td>
                <td data-label=""><Bar percent median=middle/></td>
                <td class="num" data-label=t("points")>{points}</td>
                <td class="num"><strong>{format::percent(percent, 2)}</strong></td>
                <td class="num" data-label=t("ranking-median")>{format::percent(middle, 2)}</td>
                <td data-label=t("unit-standing")>{standing.map(|(kind, text)| view! { <Tag kind text/> })}</td>
            </tr>
        }
    };
    let rows: Vec<_> = group.main_indexes.iter().map(row).collect();
    view! {
        <h2>{t("main-indexes")}</h2>
        <Table label=t("main-indexes")>
            <thead>
                <tr>
                    <th>{t("main-index")}</th>
                    <th><span class="visually-hidden">{t("unit-bar")}</span></th>
                    <th class="num">{t("points")}</th>
                    <th class="num">{t("unit-percent")}</th>
                    <th class="num">{t("ranking-median")}</th>
                    <th>{t("unit-standing")}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </Table>
    }
}

/// Where the unit stands out, up and down, against the group's medians.
#[component]
fn Extremes(group: PublishedGroup, unit: PublishedUnit) -> impl IntoView {
    let gaps = gaps(&group, &unit);
    let line = |key: &str, gap: Option<&(String, Decimal)>| {
        gap.map(|(name, gap)| {
            let text = t_with(key, [("name", name.clone().into()), ("gap", format::difference(*gap, 2).into())]);
            view! { <li>{text}</li> }
        })
    };
    let strongest = line("unit-strongest", gaps.last().filter(|(_, gap)| *gap > Decimal::ZERO));
    let weakest = line("unit-weakest", gaps.first().filter(|(_, gap)| *gap < Decimal::ZERO));
    let any = strongest.is_some() || weakest.is_some();
    any.then(|| view! { <ul class="extremes">{strongest}{weakest}</ul> })
}

/// Each main index by name with its distance to the group's median, smallest first.
fn gaps(group: &PublishedGroup, unit: &PublishedUnit) -> Vec<(String, Decimal)> {
    let gap = |main: &PublishedMainIndex| {
        let own = unit.main_indexes.iter().find(|score| score.code == main.code)?.percent?;
        Some((format!("{}. {}", main.code, main.name), own - group_median(group, &main.code)?))
    };
    let mut gaps: Vec<_> = group.main_indexes.iter().filter_map(gap).collect();
    gaps.sort_by_key(|(_, gap)| *gap);
    gaps
}

fn group_median(group: &PublishedGroup, code: &str) -> Option<Decimal> {
    let of_unit = |unit: &PublishedUnit| unit.main_indexes.iter().find(|score| score.code == code)?.percent;
    tenants::points::median(group.ranked().filter_map(of_unit).collect(), 2)
}

/// The unit's percent as a bar, the group's median as a mark.
#[component]
fn Bar(percent: Option<Decimal>, median: Option<Decimal>) -> impl IntoView {
    let told = format!("{}, {} {}", format::percent(percent, 2), t("ranking-median"), format::percent(median, 2));
    let scaled = |percent: Decimal| (percent * Decimal::new(16, 1)).round_dp(1).to_string();
    view! {
        <svg class="bar" viewBox="0 0 160 12" width="160" height="12" role="img" aria-label=told>
            <rect class="bar-track" width="160" height="12" rx="3"/>
            {percent.map(|percent| view! { <rect width=scaled(percent) height="12" rx="3"/> })}
            {median.map(|median| view! { <rect class="bar-mark" x=scaled(median) width="2" height="12"/> })}
        </svg>
    }
}

#[component]
fn Indicators(address: String, main: PublishedMainIndex, unit: PublishedUnit) -> impl IntoView {
    let row = |indicator: &tenants::publication::PublishedIndicator| {
        let score = unit.scores.iter().find(|score| score.code == indicator.code).cloned();
        view! { <IndicatorRow address=format!("{address}/{}", indicator.code) code=indicator.code.clone() name=indicator.name.clone() score/> }
    };
    let rows: Vec<_> = main.indicators.iter().map(row).collect();
    let name = format!("{}. {}", main.code, main.name);
    view! {
        <section class="unit-section" id=format!("m{}", main.code)>
            <h2>{name.clone()}</h2>
            <Table label=name>
                <thead>
                    <tr>
                        <th>{t("code")}</th>
                        <th>{t("indicator")}</th>
                        <th class="num">{t("self-points")}</th>
                        <th class="num">{t("appraised-points")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </Table>
        </section>
    }
}

#[component]
fn IndicatorRow(address: String, code: String, name: String, score: Option<PublishedScore>) -> impl IntoView {
    let own = score
        .as_ref()
        .and_then(|score| score.self_points)
        .map_or_else(|| "–".to_owned(), |points| format::points(points, 2));
    let official = score.as_ref().map(|score| match (score.state, score.points) {
        (ScoreState::NotApplicable, _) => t("unit-not-applicable"),
        (_, Some(points)) => {
            format!("{}/{}", format::points(points, points.scale()), engine::number::trim(score.maximum))
        }
        _ => "–".to_owned(),
    });
    let sentence = score.as_ref().map(|score| score.sentence.clone()).filter(|text| !text.is_empty());
    let reason = score.map(|score| score.reason).filter(|text| !text.is_empty());
    view! {
        <tr>
            <td class="code">{code}</td>
            <td>
                <a href=address>{name}</a>
                {sentence.map(|text| view! { <small class="muted block">{text}</small> })}
                {reason.map(|text| view! { <small class="block">{t_with("unit-reason", [("reason", text.into())])}</small> })}
            </td>
            <td class="num" data-label=t("self-points")>{own}</td>
            <td class="num"><strong>{official}</strong></td>
        </tr>
    }
}

/// The units above and below in the ranking.
#[component]
fn Neighbours(slug: String, year: i32, group: PublishedGroup, unit: PublishedUnit) -> impl IntoView {
    let ranked: Vec<&PublishedUnit> = group.ranked().collect();
    let position = ranked.iter().position(|other| other.code == unit.code);
    let at = |position: Option<usize>| position.and_then(|position| ranked.get(position).copied());
    let link = |key: &str, other: Option<&PublishedUnit>| {
        other.map(|other| {
            let label = format!("{}: {}", t(key), other.name);
            view! { <a class="button" href=paths::portal_unit(&slug, year, &group.slug, &other.code)>{label}</a> }
        })
    };
    let above = link("unit-above-link", at(position.and_then(|position| position.checked_sub(1))));
    let below = link("unit-below-link", at(position.map(|position| position + 1)));
    view! { <nav class="row neighbours" aria-label=t("unit-neighbours")>{above}{below}</nav> }
}
