//! `/lam-viec/phieu/{sheet}/khong-danh-gia`: the annex of indicators that are not assessed, to be read, printed, or taken as
//! a Word file.

use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{Html, IntoResponse, Response};
use leptos::prelude::*;
use rust_decimal::Decimal;
use tenants::assessments::{self, Annex, AnnexRow};
use tenants::decisions::Decision;
use tenants::ids::AssessmentId;
use tenants::paths;

use crate::caller::Signed;
use crate::components::{Breadcrumb, EmptyState, Fact, Lead, StatFacts, Table, Tag, TagKind};
use crate::render::Page;
use crate::site::encode;
use crate::text::t;
use crate::{App, AppError, Result, documents};

/// `GET /lam-viec/phieu/{sheet}/khong-danh-gia`
pub async fn show(State(app): State<App>, signed: Signed, Path(id): Path<AssessmentId>) -> Result<Html<String>> {
    let tx = app.db.read(&signed.caller).await?;
    let annex = assessments::annex(&tx, id).await?;
    drop(tx);
    Page::new(t("annex")).staff(&app, &signed, || view! { <AnnexPage annex/> }).await
}

/// `GET /lam-viec/phieu/{sheet}/khong-danh-gia.docx`
pub async fn document(State(app): State<App>, signed: Signed, Path(id): Path<AssessmentId>) -> Result<Response> {
    let tx = app.db.read(&signed.caller).await?;
    let annex = assessments::annex(&tx, id).await?;
    let authority = tenants::tenant::head(&tx).await?.name;
    drop(tx);
    let bytes = documents::annex(&authority, &annex).map_err(AppError::internal)?;
    let name = format!("Phu luc chi so khong danh gia {}.docx", annex.head.unit_name);
    let disposition = format!("attachment; filename*=UTF-8''{}", encode(&name));
    Ok(([(CONTENT_TYPE, documents::DOCX.to_owned()), (CONTENT_DISPOSITION, disposition)], bytes).into_response())
}

#[component]
fn AnnexPage(annex: Annex) -> impl IntoView {
    let Annex { head, rows, total, applicable, decided } = annex;
    let id = head.id;
    let steps = vec![(paths::start::PATH.into(), t("nav-desk")), (paths::sheet(id), head.unit_name.clone())];
    let trim = |points: Decimal| engine::number::trim(points);
    let mut facts = vec![Fact { label: t("annex-count"), value: rows.len().to_string() }];
    if decided {
        facts.push(Fact { label: t("annex-excluded"), value: trim(total - applicable) });
        facts.push(Fact { label: t("annex-applicable"), value: format!("{}/{}", trim(applicable), trim(total)) });
    }
    let (none, draft) = (rows.is_empty(), rows.iter().any(|row| row.draft));
    let line = move |row: AnnexRow| view! { <Line row decided/> };
    let body = if none {
        view! { <EmptyState title=t("annex-none") text=t("annex-none-text")/> }.into_any()
    } else {
        view! {
            <Table label=t("annex") blocks=true>
                <thead>
                    <tr>
                        <th>{t("indicator")}</th>
                        <th class="num">{t("annex-maximum")}</th>
                        <th>{t("annex-why")}</th>
                        <th>{t("annex-decision")}</th>
                    </tr>
                </thead>
                <tbody>{rows.into_iter().map(line).collect_view()}</tbody>
            </Table>
        }
        .into_any()
    };
    view! {
        <Breadcrumb label=t("breadcrumb") steps/>
        <Lead title=format!("{} · {}", t("annex"), head.unit_name) about=head.period.name.clone()>
            <a class="button no-print" href=paths::sheet_not_assessed_document(id)>{t("annex-docx")}</a>
        </Lead>
        {(head.is_unsent() && !draft).then(|| view! { <p class="notice notice-gold">{t("annex-unsent")}</p> })}
        {draft.then(|| view! { <p class="notice notice-gold">{t("annex-draft")}</p> })}
        {(!none).then(|| view! { <StatFacts facts/> })}
        {body}
    }
}

#[component]
fn Line(row: AnnexRow, decided: bool) -> impl IntoView {
    let by = match (row.exempt, row.implied, &row.claim) {
        (true, ..) => Some(t("exempt-by-authority")),
        (_, _, Some(_)) => Some(t("exempt-by-unit")),
        (_, true, None) => Some(t("exempt-by-rule")),
        _ => None,
    };
    let ground = row.claim.as_ref().map(|claim| t(&format!("claim-{}", claim.ground.as_str())));
    let reason = row.claim.map(|claim| claim.reason);
    let verdict = match &row.decided {
        Some(made) if made.decision == Decision::NotApplicable => (TagKind::Green, "exempt-approved"),
        Some(_) => (TagKind::Red, "exempt-rejected"),
        None if row.draft => (TagKind::Quiet, "annex-not-sent"),
        None if decided => (TagKind::Quiet, "decision-none"),
        None => (TagKind::Quiet, "annex-not-announced"),
    };
    let why = row.decided.map(|made| made.reason).filter(|reason| !reason.is_empty());
    view! {
        <tr>
            <td><span class="code">{row.code}</span>" "{row.name}</td>
            <td class="num" data-label=t("annex-maximum")>{engine::number::trim(row.maximum)}</td>
            <td>
                {by.map(|by| view! { <span class="block">{by}{row.draft.then(|| view! { " "<Tag kind=TagKind::Gold text=t("not-signed")/> })}</span> })}
                {ground.map(|ground| view! { <span class="block">{ground}</span> })}
                {reason.map(|reason| view! { <span class="block said">{reason}</span> })}
            </td>
            <td>
                <Tag kind=verdict.0 text=t(verdict.1)/>
                {why.map(|why| view! { <span class="block said">{why}</span> })}
            </td>
        </tr>
    }
}
