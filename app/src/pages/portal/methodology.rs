//! `/{tenant}/phuong-phap/{year}/{group}`: how the points come about, as it was when the year was published.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use leptos::prelude::*;
use tenants::paths;
use tenants::publication::{self, PublishedGroup, PublishedIndicator, PublishedMainIndex};

use super::{group, verification, within};
use crate::components::{Lead, Table};
use crate::render::Page;
use crate::text::{t, t_with};
use crate::{App, Result, page_cache};

/// `GET /{tenant}/phuong-phap/{year}/{group}`
pub async fn show(
    State(app): State<App>,
    Path((slug, year, wanted)): Path<(String, i32, String)>,
    headers: HeaderMap,
) -> Result<Response> {
    let portal = page_cache::portal(&app, &slug).await?;
    let path = paths::portal_methodology(&portal.tenant.slug, year, &wanted);
    let make = async {
        let published = page_cache::snapshot(&app, &portal, year).await?;
        let group = group(&published, &wanted)?.clone();
        let tx = app.db.read(&portal.caller()).await?;
        let words = publication::in_words(&tx, &group).await?;
        drop(tx);
        let view = || view! { <Methodology group year words/> };
        let page = Page::new(t("methodology")).portal(&app, &portal, &path, view);
        Ok(page.into())
    };
    page_cache::send(&app, &portal, &path, &headers, make).await
}

#[component]
fn Methodology(group: PublishedGroup, year: i32, words: BTreeMap<String, String>) -> impl IntoView {
    let version = t_with(
        "methodology-version",
        [("version", group.version_number.into()), ("hash", verification(&group.rules_hash).into())],
    );
    let mains: Vec<_> =
        group.main_indexes.iter().map(|main| view! { <Main main=main.clone() words=words.clone()/> }).collect();
    view! {
        <Lead title=group.set_name.clone() about=t_with("methodology-about", [("year", year.to_string().into()), ("group", within(&group.name).into())])/>
        <p>{group.basis.clone()}</p>
        {(!group.note.is_empty()).then(|| view! { <p class="notice notice-gold">{group.note.clone()}</p> })}
        <p class="muted">{version}</p>
        <p>{t("methodology-index")}</p>
        {mains}
    }
}

#[component]
fn Main(main: PublishedMainIndex, words: BTreeMap<String, String>) -> impl IntoView {
    let row = |leaf: &PublishedIndicator| {
        let code = view! { <code>{leaf.formula.clone()}</code> };
        // In words where there are some; the code stays at hand for those who check it.
        let formula = match words.get(&leaf.code) {
            Some(words) => {
                view! { <span>{words.clone()}</span><details><summary>{t("methodology-code")}</summary>{code}</details> }.into_any()
            }
            None => code.into_any(),
        };
        view! {
            <tr>
                <td class="code">{leaf.code.clone()}</td>
                <td>
                    {leaf.name.clone()}
                    {(!leaf.guidance.is_empty()).then(|| view! { <small class="muted block">{leaf.guidance.clone()}</small> })}
                </td>
                <td class="formula" data-label=t("methodology-formula")>{formula}</td>
                <td class="num">{engine::number::trim(leaf.maximum)}</td>
            </tr>
        }
    };
    let rows: Vec<_> = main.indicators.iter().map(row).collect();
    let name = format!("{}. {} ({})", main.code, main.name, engine::number::trim(main.points));
    view! {
        <section class="unit-section">
            <h2>{name.clone()}</h2>
            <Table label=name>
                <thead>
                    <tr>
                        <th>{t("code")}</th>
                        <th>{t("indicator")}</th>
                        <th>{t("methodology-formula")}</th>
                        <th class="num">{t("methodology-maximum")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </Table>
        </section>
    }
}
