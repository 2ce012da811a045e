//! `/{tenant}/xep-hang/{year}/{group}/{unit}/{code}`: how one score came about, in words; the same as JSON under
//! `/{tenant}/du-lieu/{year}/{group}/{unit}/{code}`.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use engine::{ReadSource, Value};
use leptos::prelude::*;
use tenants::assessments::Explained;
use tenants::{paths, publication};

use crate::components::{Breadcrumb, Fact, Lead, StatFacts, Table, figure};
use crate::page_cache::{self, Body, Portal};
use crate::render::Page;
use crate::text::{t, t_with};
use crate::{App, AppError, Result, format};

/// Tenant, year, group, unit, indicator.
type Place = (String, i32, String, String, String);

/// `GET /{tenant}/xep-hang/{year}/{group}/{unit}/{code}`
pub async fn show(State(app): State<App>, Path(place): Path<Place>, headers: HeaderMap) -> Result<Response> {
    let (slug, year, group, unit, code) = place;
    let portal = page_cache::portal(&app, &slug).await?;
    let result = paths::portal_unit(&portal.tenant.slug, year, &group, &unit);
    let data = paths::portal_score_json(&portal.tenant.slug, year, &group, &unit, &code);
    let path = format!("{result}/{code}");
    let make = async {
        let told = explain(&app, &portal, (year, &group, &unit, &code)).await?;
        let page = Page::new(format!("{} {} · {}", told.indicator, told.name, told.unit));
        Ok(page.portal(&app, &portal, &path, || view! { <Score told year result data/> }).into())
    };
    page_cache::send(&app, &portal, &path, &headers, make).await
}

/// `GET /{tenant}/du-lieu/{year}/{group}/{unit}/{code}`
pub async fn json(State(app): State<App>, Path(place): Path<Place>, headers: HeaderMap) -> Result<Response> {
    let (slug, year, group, unit, code) = place;
    let portal = page_cache::portal(&app, &slug).await?;
    let path = paths::portal_score_json(&portal.tenant.slug, year, &group, &unit, &code);
    let make = async {
        let told = explain(&app, &portal, (year, &group, &unit, &code)).await?;
        let bytes = serde_json::to_vec(&told).map_err(AppError::internal)?;
        Ok(Body::File { kind: "application/json", bytes })
    };
    page_cache::send(&app, &portal, &path, &headers, make).await
}

async fn explain(app: &App, portal: &Portal, place: (i32, &str, &str, &str)) -> Result<Explained> {
    let (year, group, unit, code) = place;
    let tx = app.db.read(&portal.caller()).await?;
    Ok(publication::explain(&tx, year, group, unit, code).await?)
}

#[component]
fn Score(told: Explained, year: i32, result: String, data: String) -> impl IntoView {
    let Explained { unit, indicator, name, rules, in_words, score, signed_points, .. } = told;
    let Explained { entered, appraised, self_assessed, .. } = told;
    let points = |points: Option<rust_decimal::Decimal>| {
        let shown = points.map_or_else(|| "–".to_owned(), |points| format::points(points, points.scale()));
        format!("{shown}/{}", engine::number::trim(score.maximum))
    };
    let official = appraised.as_ref().map(|decided| match decided.points {
        Some(given) => points(Some(given)),
        None => t("unit-not-applicable"),
    });
    let facts = vec![
        Fact { label: t("appraised-points"), value: official.unwrap_or_else(|| "–".into()) },
        Fact {
            label: t("self-points"),
            value: if self_assessed { points(signed_points) } else { t("unit-not-self-assessed") },
        },
    ];
    // The steps below are those of the rules in force, which may have changed after the signature.
    let other = score.explanation.is_some() && score.points != signed_points;
    let other = other.then(|| t_with("score-rules-changed", [("points", points(score.points).into())]));
    let decision = appraised.map(|decided| {
        let what = t(&format!("decision-{}", decided.decision.as_str()));
        let reason = if decided.reason.is_empty() { String::new() } else { format!(": {}", decided.reason) };
        let corrected = decided.corrections.iter().map(|one| {
            let text = format!("{}: {} → {}", one.label, figure(&one.from), figure(&one.to));
            view! { <span class="block">{text}</span> }
        });
        let corrected = corrected.collect_view();
        view! { <p>{format!("{}, {} · {what}{reason}", decided.by, format::moment(decided.at))}{corrected}</p> }
    });
    let entered = entered.map(|entered| {
        let told = [("by", entered.by.into()), ("at", format::moment(entered.at).into())];
        view! { <p class="muted">{t_with("score-entered", told)}</p> }
    });
    let decided_on = format::date(rules.decision_date);
    let version = t_with(
        "score-rules",
        [
            ("set", rules.set.into()),
            ("version", rules.version.into()),
            ("number", rules.decision_number.into()),
            ("date", decided_on.into()),
            ("engine", rules.engine.into()),
        ],
    );
    view! {
        <Breadcrumb label=t("breadcrumb") steps=vec![(result, format!("{unit} · {year}"))]/>
        <Lead title=format!("{indicator} {name}") about=unit/>
        <StatFacts facts/>
        <h2>{t("score-decided")}</h2>
        {decision.map_or_else(|| view! { <p>"–"</p> }.into_any(), IntoAny::into_any)}
        <h2>{t("score-how")}</h2>
        {other.map(|told| view! { <p class="notice notice-gold">{told}</p> })}
        {in_words.map(|words| view! { <p>{words}</p> })}
        {score.explanation.map(|told| view! { <Steps told/> })}
        {entered}
        <p class="muted">{version}" "{t("score-rounding")}</p>
        <p class="muted">{t("score-hash")}": "<code class="hash">{rules.content_hash}</code></p>
        <p><a href=data>{t("score-json")}</a></p>
    }
}

/// The line, what it read, the formula, its steps.
#[component]
fn Steps(told: engine::Explanation) -> impl IntoView {
    let row = |read: engine::Read| {
        let value = match read.value {
            Value::Bool(yes) => t(if yes { "desk-yes" } else { "desk-no" }),
            Value::Number(number) => engine::number::trim(number),
        };
        let source = t(match read.source {
            ReadSource::Input => "score-source-input",
            ReadSource::Fact => "score-source-fact",
            ReadSource::Param => "score-source-param",
            ReadSource::Max => "score-source-max",
        });
        view! { <tr><td>{read.label}</td><td class="muted" data-label=t("score-source")>{source}</td><td class="num">{value}</td></tr> }
    };
    let steps = told.steps.into_iter().map(|step| view! { <li>{step}</li> }).collect_view();
    view! {
        <p class="why">{told.text}</p>
        <Table label=t("score-figures")>
            <thead><tr><th>{t("score-figure")}</th><th>{t("score-source")}</th><th class="num">{t("score-value")}</th></tr></thead>
            <tbody>{told.reads.into_iter().map(row).collect_view()}</tbody>
        </Table>
        <ol class="steps">{steps}</ol>
        <p><code>{told.formula}</code></p>
    }
}
