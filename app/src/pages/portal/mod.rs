//! The portal: what citizens read. Pages come from published snapshots only, hold no script and are cached whole.

pub mod compare;
pub mod methodology;
pub mod open_data;
pub mod ranking;
pub mod score;
pub mod search;
pub mod unit;

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;
use tenants::publication::{Published, PublishedGroup, PublishedUnit};
use tenants::{Error, paths};

use crate::page_cache::{self, Portal};
use crate::render::Page;
use crate::text::t;
use crate::{App, Result, format};

/// `GET /{tenant}`: the newest published ranking.
pub async fn newest(State(app): State<App>, Path(slug): Path<String>, headers: HeaderMap) -> Result<Response> {
    let portal = page_cache::portal(&app, &slug).await?;
    if let Some(newest) = portal.years.first() {
        let published = page_cache::snapshot(&app, &portal, newest.year).await?;
        let group = published.snapshot.groups.first().ok_or(Error::NotFound)?;
        return Ok(Redirect::to(&paths::portal_ranking(&slug, newest.year, &group.slug)).into_response());
    }
    let path = paths::portal(&portal.tenant.slug);
    let make = async {
        let page = Page::new(t("portal-nothing")).portal(&app, &portal, &path, || {
            view! {
                <crate::components::Lead title=portal.tenant.name.clone()/>
                <crate::components::EmptyState title=t("portal-nothing") text=t("portal-nothing-text")/>
            }
        });
        Ok(page.into())
    };
    page_cache::send(&app, &portal, &path, &headers, make).await
}

/// The year before, when it was published.
async fn before(app: &App, portal: &Portal, year: i32) -> Result<Option<Arc<Published>>> {
    if !portal.years.iter().any(|published| published.year == year - 1) {
        return Ok(None);
    }
    page_cache::snapshot(app, portal, year - 1).await.map(Some)
}

fn group<'a>(published: &'a Published, slug: &str) -> Result<&'a PublishedGroup> {
    let found = published.snapshot.groups.iter().find(|group| group.slug == slug);
    Ok(found.ok_or(Error::NotFound)?)
}

/// The same group a year earlier, where both years were scored by the same rules of the same set: otherwise a difference
/// of indexes says nothing about the units.
fn comparable<'a>(before: Option<&'a Published>, group: &PublishedGroup) -> Option<&'a PublishedGroup> {
    let earlier = before?.snapshot.groups.iter().find(|earlier| earlier.slug == group.slug)?;
    (earlier.rules_hash == group.rules_hash).then_some(earlier)
}

/// The same unit in it, by its official code.
fn earlier<'a>(before: Option<&'a Published>, group: &PublishedGroup, unit: &str) -> Option<&'a PublishedUnit> {
    comparable(before, group)?.unit(unit)
}

/// A group's name within a sentence: "cấp huyện", but "UBND xã".
fn within(name: &str) -> String {
    let mut letters = name.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), second) if second.is_none_or(|second| !second.is_uppercase()) => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => name.to_owned(),
    }
}

/// Decision, date and, where it was corrected, why.
#[component]
fn Basis(published: Arc<Published>, group: PublishedGroup, slug: String) -> impl IntoView {
    let decision = crate::text::t_with(
        "portal-decision",
        [("number", published.decision_number.clone().into()), ("date", format::date(published.decision_date).into())],
    );
    let correction = (published.revision > 1).then(|| {
        let number = (published.revision - 1).to_string();
        crate::text::t_with("portal-correction", [("number", number.into()), ("note", published.note.clone().into())])
    });
    let methodology = paths::portal_methodology(&slug, published.year, &group.slug);
    view! {
        <p class="muted">
            {decision}" · "<a href=methodology>{t("portal-how")}</a>
            {published.superseded.then(|| view! { <span>" · "{t("portal-superseded")}</span> })}
        </p>
        {correction.map(|text| view! { <p class="notice notice-gold">{text}</p> })}
    }
}

/// The verification code: the beginning of the snapshot's hash, readable in groups.
fn verification(hash: &str) -> String {
    let groups: Vec<String> =
        hash.as_bytes().chunks(4).take(4).map(|four| String::from_utf8_lossy(four).into_owned()).collect();
    groups.join("·")
}

/// Downloads and the verification code, under every table of results.
#[component]
fn DataLine(published: Arc<Published>, slug: String) -> impl IntoView {
    let data = paths::open_data(&slug, published.year);
    view! {
        <p class="muted data-line">
            <span>
                {t("portal-data")}": "<a href=format!("{data}/ket-qua.csv")>"CSV"</a>" · "
                <a href=format!("{data}/ket-qua.json")>"JSON"</a>" · "<a href=data>{t("portal-data-about")}</a>
            </span>
            <span>{t("portal-verification")}": "<code>{verification(&published.content_hash)}</code></span>
            {published.snapshot.is_sample.then(|| view! { <strong>{t("sample-data")}</strong> })}
        </p>
    }
}
