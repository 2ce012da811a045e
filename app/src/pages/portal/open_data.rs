//! `/{tenant}/du-lieu/{year}`: a year's results as CSV and JSON, and what their columns mean.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use engine::ScoreState;
use leptos::prelude::*;
use rust_decimal::Decimal;
use tenants::paths;
use tenants::publication::{Published, PublishedGroup, PublishedUnit};

use crate::cells::harmless;
use crate::components::{Lead, Table};
use crate::page_cache::{self, Body};
use crate::render::Page;
use crate::text::{t, t_with};
use crate::{App, AppError, Result};

/// Columns of the CSV, in order; each has a text `data-…` that explains it.
const COLUMNS: [&str; 12] = [
    "nam",
    "nhom",
    "ma_don_vi",
    "don_vi",
    "hang",
    "chi_so_phan_tram",
    "ma_chi_so",
    "chi_so",
    "diem_toi_da",
    "trang_thai",
    "diem_tu_danh_gia",
    "diem_tham_dinh",
];

/// `GET /{tenant}/du-lieu/{year}`
pub async fn show(
    State(app): State<App>,
    Path((slug, year)): Path<(String, i32)>,
    headers: HeaderMap,
) -> Result<Response> {
    let portal = page_cache::portal(&app, &slug).await?;
    let path = paths::open_data(&portal.tenant.slug, year);
    let make = async {
        let published = page_cache::snapshot(&app, &portal, year).await?;
        let page = Page::new(t("open-data")).portal(
            &app,
            &portal,
            &path,
            || view! { <OpenData slug=slug.clone() published/> },
        );
        Ok(page.into())
    };
    page_cache::send(&app, &portal, &path, &headers, make).await
}

#[component]
fn OpenData(slug: String, published: Arc<Published>) -> impl IntoView {
    let address = paths::open_data(&slug, published.year);
    let decision = t_with(
        "portal-decision",
        [
            ("number", published.decision_number.clone().into()),
            ("date", crate::format::date(published.decision_date).into()),
        ],
    );
    let row = |column: &str| view! { <tr><td><code>{column.to_owned()}</code></td><td>{t(&format!("data-{column}"))}</td></tr> };
    view! {
        <Lead title=t_with("open-data-title", [("year", published.year.to_string().into())]) about=t("open-data-about")/>
        <p class="row">
            <a class="button button-primary" href=format!("{address}/ket-qua.csv")>"CSV"</a>
            <a class="button" href=format!("{address}/ket-qua.json")>"JSON"</a>
        </p>
        <p>{decision}</p>
        <p>{t("open-data-hash")}": "<code class="hash">{published.content_hash.clone()}</code></p>
        <Table label=t("open-data-columns")>
            <thead><tr><th>{t("open-data-column")}</th><th>{t("open-data-meaning")}</th></tr></thead>
            <tbody>{COLUMNS.into_iter().map(row).collect_view()}</tbody>
        </Table>
    }
}

/// `GET /{tenant}/du-lieu/{year}/ket-qua.json`: the snapshot, byte for byte what the published hash was taken of.
pub async fn json(
    State(app): State<App>,
    Path((slug, year)): Path<(String, i32)>,
    headers: HeaderMap,
) -> Result<Response> {
    let portal = page_cache::portal(&app, &slug).await?;
    let path = paths::open_data_json(&portal.tenant.slug, year);
    let make = async {
        let published = page_cache::snapshot(&app, &portal, year).await?;
        Ok(Body::File { kind: "application/json", bytes: published.content.clone().into_bytes() })
    };
    page_cache::send(&app, &portal, &path, &headers, make).await
}

/// `GET /{tenant}/du-lieu/{year}/ket-qua.csv`: one line per unit and indicator, UTF-8 with the mark Excel needs.
pub async fn csv(
    State(app): State<App>,
    Path((slug, year)): Path<(String, i32)>,
    headers: HeaderMap,
) -> Result<Response> {
    let portal = page_cache::portal(&app, &slug).await?;
    let path = paths::open_data_csv(&portal.tenant.slug, year);
    let make = async {
        let published = page_cache::snapshot(&app, &portal, year).await?;
        let bytes = table(&published).map_err(AppError::internal)?;
        Ok(Body::File { kind: "text/csv; charset=utf-8", bytes })
    };
    page_cache::send(&app, &portal, &path, &headers, make).await
}

fn table(published: &Published) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(vec![0xef, 0xbb, 0xbf]);
    writer.write_record(COLUMNS)?;
    for group in &published.snapshot.groups {
        for unit in &group.units {
            lines(&mut writer, published.year, group, unit)?;
        }
    }
    writer.into_inner().map_err(|cause| cause.into_error().into())
}

fn lines(
    writer: &mut csv::Writer<Vec<u8>>,
    year: i32,
    group: &PublishedGroup,
    unit: &PublishedUnit,
) -> Result<(), csv::Error> {
    let number = |value: Option<Decimal>| value.map(|value| value.to_string()).unwrap_or_default();
    for score in &unit.scores {
        let indicators = group.main_indexes.iter().flat_map(|main| &main.indicators);
        let name = indicators.into_iter().find(|leaf| leaf.code == score.code).map_or("", |leaf| leaf.name.as_str());
        writer.write_record([
            year.to_string(),
            harmless(&group.name),
            harmless(&unit.code),
            harmless(&unit.name),
            unit.rank.map(|rank| rank.to_string()).unwrap_or_default(),
            number(unit.index),
            harmless(&score.code),
            harmless(name),
            score.maximum.to_string(),
            state(score.state).to_owned(),
            number(score.self_points),
            number(score.points),
        ])?;
    }
    Ok(())
}

/// The states' names in the file, as in the JSON.
fn state(state: ScoreState) -> &'static str {
    match state {
        ScoreState::Scored => "scored",
        ScoreState::NotApplicable => "not_applicable",
        ScoreState::Pending => "pending",
        ScoreState::Invalid => "invalid",
    }
}
