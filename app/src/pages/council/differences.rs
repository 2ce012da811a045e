//! `/lam-viec/ky/{period}/chenh-lech`: self scores beside appraised ones, by unit, indicator and member.

use axum::extract::{Path, State};
use axum::response::Html;
use leptos::prelude::*;
use tenants::appraisal::{self, Consistency, Difference};
use tenants::ids::PeriodId;
use tenants::{decisions, paths, year};

use tenants::samples;

use crate::caller::Signed;
use crate::components::{Breadcrumb, EmptyState, Lead, Table, Tag, TagKind};
use crate::pages::council::second_scores::Twice;
use crate::render::Page;
use crate::text::{t, t_with};
use crate::{App, Result, format};

/// `GET /lam-viec/ky/{period}/chenh-lech`
pub async fn show(State(app): State<App>, signed: Signed, Path(id): Path<PeriodId>) -> Result<Html<String>> {
    let tx = app.db.read(&signed.caller).await?;
    decisions::refuse_blind(&tx, id).await?;
    let groups = appraisal::differences(&tx, id).await?;
    let board = year::board(&tx, id).await?;
    let agreement = samples::agreement_of(&tx, id).await?;
    let (name, may) = (board.period.name, board.can.conclude);
    drop(tx);
    let steps = vec![(paths::years::PATH.into(), t("nav-periods")), (paths::year(id), name)];
    let group = |(name, told): (String, Consistency)| view! { <Group name told/> };
    Page::new(t("consistency"))
        .staff(&app, &signed, || {
            view! {
                <Breadcrumb label=t("breadcrumb") steps/>
                <Lead title=t("consistency") about=t("consistency-about")/>
                <Twice id agreement may/>
                {groups.into_iter().map(group).collect_view()}
            }
        })
        .await
}

#[component]
fn Group(name: String, told: Consistency) -> impl IntoView {
    if told.units.is_empty() {
        return view! { <section class="stack"><h2>{name}</h2><EmptyState title=t("consistency-none") text=t("consistency-none-text")/></section> }
            .into_any();
    }
    let reasons = told.reasons.into_iter().map(|(code, count)| {
        let reason = t(&format!("reason-{}", code.as_str()));
        view! { <li>{t_with("consistency-reason", [("reason", reason.into()), ("count", count.into())])}</li> }
    });
    let reasons: Vec<_> = reasons.collect();
    let reasons = (!reasons.is_empty()).then(|| view! { <h3>{t("consistency-reasons")}</h3><ul>{reasons}</ul> });
    view! {
        <section class="stack">
            <h2>{name}</h2>
            <Differences title=t("consistency-members") rows=told.members/>
            <Differences title=t("consistency-units") rows=told.units/>
            <Differences title=t("consistency-indicators") rows=told.indicators/>
            {reasons}
        </section>
    }
    .into_any()
}

#[component]
fn Differences(title: String, rows: Vec<Difference>) -> impl IntoView {
    let row = |row: Difference| {
        let mark = row.stands_out.then(|| view! { " "<Tag kind=TagKind::Gold text=t("consistency-far")/> });
        view! {
            <tr>
                <td>{row.name}{mark}</td>
                <td class="num" data-label=t("consistency-decisions")>{row.decisions}</td>
                <td class="num" data-label=t("consistency-changed")>{row.changed}</td>
                <td class="num" data-label=t("self-points")>{format::points(row.claimed, 2)}</td>
                <td class="num" data-label=t("appraised-points")>{format::points(row.appraised, 2)}</td>
                <td class="num"><strong>{format::percent(row.taken, 1)}</strong></td>
            </tr>
        }
    };
    view! {
        <h3>{title.clone()}</h3>
        <Table label=title>
            <thead>
                <tr>
                    <th>{t("name")}</th>
                    <th class="num">{t("consistency-decisions")}</th>
                    <th class="num">{t("consistency-changed")}</th>
                    <th class="num">{t("self-points")}</th>
                    <th class="num">{t("appraised-points")}</th>
                    <th class="num">{t("consistency-taken")}</th>
                </tr>
            </thead>
            <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
        </Table>
    }
}
